import { bodyOf, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** Copies the body of a structured operation to the insertion point for one point of its loops; returns what it yields. */
export function cloneBody(
  rewriter: Rewriter,
  op: Operation,
  values: readonly ValueId[],
  indices: readonly ValueId[],
): readonly ValueId[] {
  const block = rewriter.block(op.regions[0]![0]!);
  const mapping = new Map<ValueId, ValueId>();
  block.arguments.forEach((argument, index) => mapping.set(argument, values[index]!));
  for (const inner of bodyOf(rewriter, op)) {
    if (inner.name === "linalg.yield" || inner.name === "weft.yield")
      return inner.operands.map((operand) => mapping.get(operand) ?? operand);
    const position = linalg.index.match(rewriter, inner);
    if (position) {
      mapping.set(position.results.result, indices[position.attributes.dim]!);
      continue;
    }
    const copy = rewriter.clone(inner, mapping);
    if (copy.regions.length > 0) replaceNestedIndices(rewriter, copy, indices);
  }
  throw new Error(`the body of ${op.name} has no yield`);
}

/** Replaces `linalg.index` below control flow inside a body. */
function replaceNestedIndices(rewriter: Rewriter, root: Operation, indices: readonly ValueId[]): void {
  for (const inner of [...walk(rewriter, root.id)]) {
    const position = linalg.index.match(rewriter, inner);
    if (position) rewriter.replace(inner, [indices[position.attributes.dim]!]);
  }
}
