import { type Attribute, hostTensorOf } from "../../../ir/attributes.ts";
import type { Operation } from "../../../ir/module.ts";
import { elementOf, i32, i64, type Type } from "../../../ir/types.ts";
import { readElement } from "../../../support/numeric/host-tensor.ts";
import { atom, call, type Expression } from "../../printing/expression.ts";
import { floatLiteral, integerLiteral } from "../literals.ts";
import type { Scope } from "../scope.ts";
import { bitsHelper } from "./integer-helpers.ts";
import { integerWidth } from "../types.ts";
import { splat } from "./shapes.ts";

/** One element of a constant as a literal. */
export function scalarLiteral(value: number | bigint | string, type: Type): Expression | undefined {
  if (typeof value === "string") return undefined;
  if (type.kind === "float" && (type.format === "f32" || type.format === "f64"))
    return floatLiteral(Number(value), type.format === "f32");
  const width = integerWidth(type);
  return width > 0 ? integerLiteral(BigInt(value), width) : undefined;
}

/** The expression of an `arith.constant`. */
export function constantExpression(op: Operation, value: Attribute, type: Type, scope: Scope): Expression {
  const illegal = () => scope.reject(op, `a constant of type ${type.text} from an attribute of kind ${value.kind}`);
  if (value.kind === "integer") return scalarLiteral(value.value, type) ?? illegal();
  if (value.kind === "bool") return atom(value.value ? "true" : "false");
  if (value.kind === "float") {
    if (!Number.isFinite(value.value)) scope.include("math.h");
    if (value.bits !== undefined && Number.isNaN(value.value)) {
      // A NaN with a payload: its bits as the integer type of the same size.
      const integer = type.text === "f64" ? i64 : i32;
      return call(scope.helper(bitsHelper(integer, type)), integerLiteral(value.bits, integerWidth(integer)));
    }
    return scalarLiteral(value.value, type) ?? illegal();
  }
  if (value.kind !== "dense" || type.kind !== "vector") return illegal();
  const name = scope.cType(type);
  const tensor = hostTensorOf(value);
  if (tensor === undefined) return illegal();
  const element = elementOf(type);
  const lane = (index: number): Expression => {
    const read = readElement(tensor, index);
    if (element.kind === "float" && !Number.isFinite(read)) scope.include("math.h");
    return scalarLiteral(read, element) ?? illegal();
  };
  if (value.splat || tensor.data.length === 1) return splat(scope, type, lane(0));
  const lanes = Array.from({ length: tensor.data.length }, (_, index) =>
    element.text === "i1" ? (lane(index).text === "true" ? "-1" : "0") : lane(index).text,
  );
  return atom(`(${name}){${lanes.join(", ")}}`);
}
