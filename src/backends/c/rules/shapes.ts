import type { ValueId } from "../../../ir/module.ts";
import { i16, i32, i64, i8, type Type, type VectorType, withElement } from "../../../ir/types.ts";
import { atom, call, type Expression, prefix } from "../../printing/expression.ts";
import { castTo } from "../cast.ts";
import type { Helper } from "../helpers.ts";
import type { Scope } from "../scope.ts";
import { laneCount, scalarBytes, unsignedName } from "../types.ts";

/** The type of a value if it is a vector. */
export const vectorTypeOf = (scope: Scope, value: ValueId): VectorType | undefined => {
  const type = scope.typeOf(value);
  return type.kind === "vector" ? type : undefined;
};

/** The C name of the unsigned type of an integer scalar or vector. */
export const unsignedType = (scope: Scope, type: Type): string =>
  type.kind === "vector" ? scope.vectorType(type, "unsigned") : (unsignedName(type) ?? scope.cType(type));

/** The operand seen as unsigned. */
export const asUnsigned = (scope: Scope, value: ValueId): Expression =>
  castTo(unsignedType(scope, scope.typeOf(value)), scope.use(value));

const integerOfBytes: Readonly<Record<number, Type>> = { 1: i8, 2: i16, 4: i32, 8: i64 };
/** The vector of integers with lanes as wide as those of `type`; truth values are 32-bit lanes of 0 and -1. */
export const integerLanes = (type: VectorType): VectorType =>
  withElement(type, type.element.text === "i1" ? i32 : integerOfBytes[scalarBytes(type.element) ?? 4]!) as VectorType;

/** The truth values of a vector comparison, whose lanes are as wide as its operands', in the 32-bit lanes that masks have. */
export function toMask(scope: Scope, comparison: Expression, operands: VectorType): Expression {
  const mask = scope.vectorType(withElement(operands, i32) as VectorType);
  return integerLanes(operands).element === i32
    ? castTo(mask, comparison)
    : atom(`__builtin_convertvector(${comparison.text}, ${mask})`);
}

/** A mask widened or narrowed to the lanes of `type`. */
export function maskFor(scope: Scope, mask: Expression, type: VectorType): Expression {
  const integers = integerLanes(type);
  return integers.element === i32 ? mask : atom(`__builtin_convertvector(${mask.text}, ${scope.vectorType(integers)})`);
}

const inline = "static inline __attribute__((always_inline))";

/** All lanes set to one scalar. */
export function splat(scope: Scope, type: VectorType, value: Expression): Expression {
  const name = scope.vectorType(type);
  const isMask = type.element.text === "i1";
  const scalar = scope.cType(isMask ? i32 : type.element);
  const lanes = Array.from({ length: laneCount(type)! }, () => "x").join(", ");
  const helper = scope.helper({
    name: `splat_${name}`,
    code: `${inline} ${name} splat_${name}(${scalar} x) {\n  return (${name}){${lanes}};\n}`,
  });
  return call(helper, isMask ? prefix("-", value) : value);
}

/** An operand of a lane-by-lane call. */
export interface VectorOperand {
  readonly expression: Expression;
  readonly type: VectorType;
}

/** A scalar function applied lane by lane. gcc joins the calls again where the processor has a vector instruction. */
export function lanewise(
  scope: Scope,
  name: string,
  result: VectorType,
  operands: readonly VectorOperand[],
  lane: (operands: readonly string[]) => string,
  requires: readonly Helper[] = [],
): Expression {
  const type = scope.vectorType(result);
  const parameters = ["a", "b", "c"].slice(0, operands.length);
  const declared = parameters.map((parameter, index) => `${scope.vectorType(operands[index]!.type)} ${parameter}`);
  const values = Array.from({ length: laneCount(result)! }, (_, index) =>
    lane(parameters.map((parameter) => `${parameter}[${index}]`)),
  );
  const helper = scope.helper({
    name: `${name}_${type}`,
    requires,
    code: `${inline} ${type} ${name}_${type}(${declared.join(", ")}) {\n  return (${type}){${values.join(", ")}};\n}`,
  });
  return call(helper, ...operands.map((operand) => operand.expression));
}
