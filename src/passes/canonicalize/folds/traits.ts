import type { ValueId } from "../../../ir/module.ts";
import type { FoldedValue, Folding } from "./fold.ts";

/** Promises that folds follow from. */
interface Promises {
  readonly isCommutative: boolean;
  readonly isIdempotent: boolean;
  readonly isInvolution: boolean;
}

/** What follows from an operation's traits: constants stand to the right, `f(x, x) = x`, `f(f(x)) = f(x)`, `f(f(x)) = x`. */
export function foldByTraits(folding: Folding, promises: Promises): FoldedValue | "changed" | undefined {
  const { rewriter, op } = folding;
  const { operands } = op;
  if (promises.isCommutative && moveConstantsRight(folding)) return "changed";
  if (operands.length === 2) return promises.isIdempotent && operands[0] === operands[1] ? operands[0] : undefined;
  if (operands.length !== 1 || op.results.length !== 1 || !(promises.isIdempotent || promises.isInvolution))
    return undefined;
  const inner = rewriter.definition(operands[0]!);
  if (inner?.name !== op.name || inner.operands.length !== 1) return undefined;
  if (rewriter.typeOf(op.results[0]!) !== rewriter.typeOf(inner.results[0]!)) return undefined;
  return promises.isInvolution ? inner.operands[0] : inner.results[0];
}

function moveConstantsRight({ rewriter, op, constants }: Folding): boolean {
  let sawConstant = false;
  for (const constant of constants) {
    if (constant !== undefined) sawConstant = true;
    else if (sawConstant) {
      const sorted: ValueId[] = [];
      for (const wanted of [false, true])
        op.operands.forEach((operand, index) => {
          if ((constants[index] !== undefined) === wanted) sorted.push(operand);
        });
      rewriter.setOperands(op.id, sorted);
      return true;
    }
  }
  return false;
}
