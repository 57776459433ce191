import { arith } from "../../../ir/dialects/index.ts";
import { type Pattern, patternForAny } from "../../../ir/pattern.ts";
import type { Registry } from "../../../ir/registry.ts";

/** Rules that follow from what operations promise. */
export const traitPatterns = (registry: Registry): readonly Pattern[] => [
  patternForAny("constant-operand-right", (op, rewriter) => {
    if (op.operands.length !== 2 || !registry.hasTrait(op, "commutative")) return false;
    const [left, right] = op.operands.map((operand) => rewriter.definition(operand)?.name === arith.constant.name);
    if (!left || right) return false;
    rewriter.setOperands(op.id, [op.operands[1]!, op.operands[0]!]);
    return true;
  }),
  patternForAny("same-operands", (op, rewriter) => {
    if (op.operands.length !== 2 || op.operands[0] !== op.operands[1] || !registry.hasTrait(op, "idempotent"))
      return false;
    rewriter.replace(op, [op.operands[0]!]);
    return true;
  }),
  patternForAny("twice", (op, rewriter) => {
    if (op.operands.length !== 1 || op.results.length !== 1) return false;
    const inner = rewriter.definition(op.operands[0]!);
    if (inner?.name !== op.name || inner.operands.length !== 1) return false;
    const [outerType, innerType] = [op, inner].map(({ results }) => rewriter.typeOf(results[0]!));
    if (outerType !== innerType) return false;
    if (registry.hasTrait(op, "involution")) rewriter.replace(op, inner.operands);
    else if (registry.hasTrait(op, "idempotent")) rewriter.replace(op, inner.results);
    else return false;
    return true;
  }),
];
