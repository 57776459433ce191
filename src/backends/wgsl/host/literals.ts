import type { Attribute } from "../../../ir/attributes.ts";
import type { Operation } from "../../../ir/module.ts";
import type { Type } from "../../../ir/types.ts";
import { roundTo } from "../../../support/numeric/float-formats.ts";
import { atom, binding, type Expression } from "../../printing/expression.ts";
import { numberKindOf } from "./number-types.ts";
import type { HostScope } from "./scope.ts";

const negative = (text: string): Expression => ({ text, binding: binding.unary });

function numberLiteral(value: number): Expression {
  if (Object.is(value, -0)) return negative("-0");
  return value < 0 ? negative(String(value)) : atom(String(value));
}

/** A constant of an integer type as the type's scalars are held. */
export function integerLiteral(value: bigint, type: Type): Expression | undefined {
  const kind = numberKindOf(type);
  switch (kind?.kind) {
    case "boolean":
      return atom((value & 1n) === 1n ? "true" : "false");
    case "wide": {
      const text = `${BigInt.asIntN(64, value)}n`;
      return text.startsWith("-") ? negative(text) : atom(text);
    }
    case "index":
    case "integer": {
      const number = Number(kind.kind === "index" ? value : BigInt.asIntN(kind.width, value));
      return { ...numberLiteral(number), literal: number };
    }
    default:
      return undefined;
  }
}

/** A constant of a float type; the attribute may have more digits than the type. */
function floatLiteral(value: number, type: Type): Expression | undefined {
  const kind = numberKindOf(type);
  if (kind === undefined || type.kind !== "float") return undefined;
  return numberLiteral(roundTo(kind.kind === "small" ? kind.format : type.format === "f32" ? "f32" : "f64", value));
}

/** The expression of an `arith.constant`. */
export function constantExpression(op: Operation, value: Attribute, scope: HostScope): Expression {
  const type = scope.typeOf(op.results[0]!);
  const literal =
    value.kind === "integer"
      ? integerLiteral(value.value, type)
      : value.kind === "bool"
        ? integerLiteral(value.value ? 1n : 0n, type)
        : value.kind === "float"
          ? floatLiteral(value.value, type)
          : undefined;
  return literal ?? scope.reject(op, `a constant of type ${type.text}`);
}
