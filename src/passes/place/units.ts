import { isPure } from "../../ir/analysis/effects.ts";
import { type BlockId, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";

/** Operations that stay at the entry function's top level whatever runs where: they make buffers. */
const fixtures: ReadonlySet<string> = new Set(["memref.alloc", "memref.alloca", "memref.get_global", "memref.view"]);

/**
 * Operations of the entry function that have to run in one place, in program order: one operation that does something, or several
 * that hand scalars to each other, with those between them. Views, constants and scalar arithmetic are not among them: who needs
 * them makes them again.
 */
export type Unit = readonly Operation[];

/** Whether an operation of the entry function's top level belongs to no unit. */
export const isFixture = (reader: IrReader, registry: Registry, op: Operation): boolean =>
  fixtures.has(op.name) || registry.hasTrait(op, "terminator") || isPure(reader, registry, op);

/** The units of a block, in program order. */
export function unitsOf(reader: IrReader, registry: Registry, block: BlockId): readonly Unit[] {
  /** For scalars that memory decides, and whatever is worked out from them: where the first of them is read. */
  const sources = new Map<ValueId, number>();
  const units: { readonly last: number; readonly ops: readonly Operation[] }[] = [];
  reader.block(block).operations.forEach((id, position) => {
    const op = reader.operation(id);
    let source = Infinity;
    for (const value of valuesReadBy(reader, op)) source = Math.min(source, sources.get(value) ?? Infinity);
    const isWork = !isFixture(reader, registry, op);
    const origin = Math.min(source, isWork ? position : Infinity);
    if (origin < Infinity) for (const result of op.results) sources.set(result, origin);
    if (!isWork) return;
    const joined = source === Infinity ? -1 : units.findIndex(({ last }) => last >= source);
    const ops = joined < 0 ? [] : units.splice(joined).flatMap((unit) => unit.ops);
    ops.push(op);
    units.push({ last: position, ops });
  });
  return units.map(({ ops }) => ops);
}

/** Values that an operation and those in it read. */
function valuesReadBy(reader: IrReader, op: Operation): ReadonlySet<ValueId> {
  const values = new Set<ValueId>();
  for (const inner of walk(reader, op.id)) for (const operand of inner.operands) values.add(operand);
  return values;
}
