import { type Attribute, hostTensorOf } from "../../../ir/attributes.ts";
import type { Operation } from "../../../ir/module.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { readElement } from "../../../support/numeric/host-tensor.ts";
import { call, type Expression, expressionOf } from "../expression.ts";
import type { Helper } from "../../printing/helpers.ts";
import { booleanLiteral, floatLiteral, integerLiteral, unsignedLiteral } from "../literals.ts";
import type { Scope } from "../scope.ts";

/** WGSL has no literals for infinities and NaN, and no constant expression may make one: a function's result is no constant. */
const fromBits: Helper = {
  name: "float_from_bits",
  code: "fn float_from_bits(bits: u32) -> f32 {\n  return bitcast<f32>(bits);\n}",
};

const scratch = new DataView(new ArrayBuffer(4));
/** The bit pattern of an f32. */
export function floatBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** An f32 of any value. */
export const floatConstant = (scope: Scope, value: number, bits?: bigint): Expression =>
  floatLiteral(value) ??
  call(scope.helper(fromBits), unsignedLiteral(bits === undefined ? floatBits(value) : Number(bits)));

/** One element of a constant; undefined for types that are not legal. */
function scalarConstant(scope: Scope, value: number | bigint | string, type: Type): Expression | undefined {
  if (typeof value === "string") return undefined;
  if (type.text === "i1") return booleanLiteral(value !== 0 && value !== 0n);
  if (type.text === "i32" || type.text === "index") {
    const exact = BigInt(value);
    // An index beyond 32 bits can only come from a size that no device has.
    if (type.kind === "index" && BigInt.asIntN(32, exact) !== exact) return undefined;
    return integerLiteral(exact);
  }
  if (type.text === "f32") return floatConstant(scope, Number(value));
  if (type.text === "f16") {
    const literal = floatLiteral(Number(value));
    return literal ? { ...literal, text: `${literal.text}h` } : call("f16", floatConstant(scope, Number(value)));
  }
  return undefined;
}

/** The expression of an `arith.constant`. */
export function constantExpression(op: Operation, value: Attribute, type: Type, scope: Scope): Expression {
  const illegal = () => scope.reject(op, `a constant of type ${type.text} from an attribute of kind ${value.kind}`);
  if (value.kind === "integer") return scalarConstant(scope, value.value, type) ?? illegal();
  if (value.kind === "bool") return booleanLiteral(value.value);
  if (value.kind === "float") {
    if (type.text === "f32") return floatConstant(scope, value.value, value.bits);
    return scalarConstant(scope, value.value, type) ?? illegal();
  }
  if (value.kind !== "dense" || type.kind !== "vector") return illegal();
  const tensor = hostTensorOf(value);
  if (tensor === undefined) return illegal();
  const element = elementOf(type);
  const lane = (index: number): Expression => scalarConstant(scope, readElement(tensor, index), element) ?? illegal();
  const lanes = value.splat ? [lane(0)] : Array.from({ length: tensor.data.length }, (_, index) => lane(index));
  const text = `${scope.typeName(type)}(${lanes.map((each) => each.text).join(", ")})`;
  return expressionOf(text, lanes, { isConstant: lanes.every((each) => each.isConstant) });
}
