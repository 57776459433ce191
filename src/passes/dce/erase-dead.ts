import { isTriviallyDead } from "../../ir/analysis/effects.ts";
import type { OpId, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** Erases what makes these values, and what makes its operands in turn, as far as nothing else needs it. Returns how many went. */
export function eraseDeadDefinitions(rewriter: Rewriter, registry: Registry, values: readonly ValueId[]): number {
  const makersOf = (ids: readonly ValueId[]): readonly OpId[] =>
    ids.flatMap((id) => {
      const maker = rewriter.definition(id);
      return maker ? [maker.id] : [];
    });
  const pending = [...makersOf(values)];
  let erased = 0;
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (!rewriter.exists(id)) continue;
    const op = rewriter.operation(id);
    if (!isTriviallyDead(rewriter, registry, op)) continue;
    pending.push(...makersOf(operandsOf(rewriter, op.id)));
    rewriter.erase(op);
    erased++;
  }
  return erased;
}

/** The values that an operation and everything inside it read. */
function operandsOf(rewriter: Rewriter, root: OpId): readonly ValueId[] {
  const op = rewriter.operation(root);
  const inner = op.regions.flat().flatMap((block) => rewriter.block(block).operations);
  return [...op.operands, ...inner.flatMap((id) => operandsOf(rewriter, id))];
}
