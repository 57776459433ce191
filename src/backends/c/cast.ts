import { binding, type Expression, operand } from "../printing/expression.ts";

/** `(type)operand`. */
export const castTo = (type: string, expression: Expression): Expression => ({
  text: `(${type})${operand(expression, binding.unary)}`,
  binding: binding.unary,
});
