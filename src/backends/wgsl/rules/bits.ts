import type { ValueId } from "../../../ir/module.ts";
import { type Expression, expressionOf } from "../expression.ts";
import { unsignedLiteral } from "../literals.ts";
import type { Scope } from "../scope.ts";
import { reshapedName } from "../types.ts";

/** The same bits as another type. */
export const castBits = (name: string, value: Expression): Expression =>
  expressionOf(`bitcast<${name}>(${value.text})`, [value]);

/** A value's bits as unsigned. */
export function asUnsigned(scope: Scope, value: ValueId): Expression {
  const expression = scope.use(value);
  if (expression.literal !== undefined) return unsignedLiteral(expression.literal);
  return castBits(reshapedName(scope.typeOf(value), "u32")!, expression);
}
