import { type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** Values that operations read from outside, in order. */
export function freeValues(reader: IrReader, ops: readonly Operation[]): readonly ValueId[] {
  const inside = new Set<ValueId>();
  const free = new Set<ValueId>();
  for (const root of ops)
    for (const op of walk(reader, root.id)) {
      for (const result of op.results) inside.add(result);
      for (const region of op.regions)
        for (const block of region) for (const value of reader.block(block).arguments) inside.add(value);
      for (const operand of op.operands) if (!inside.has(operand)) free.add(operand);
    }
  return [...free];
}

/** Makes an operation, with all that is in it, read other values. */
export function readInstead(rewriter: Rewriter, root: Operation, mapping: ReadonlyMap<ValueId, ValueId>): void {
  for (const op of Array.from(walk(rewriter, root.id)))
    if (op.operands.some((operand) => mapping.has(operand)))
      rewriter.setOperands(
        op.id,
        op.operands.map((operand) => mapping.get(operand) ?? operand),
      );
}
