import { decimalText } from "../printing/decimals.ts";
import { binding } from "../printing/expression.ts";
import { atom, type Expression } from "./expression.ts";

const literal = (text: string): Expression =>
  atom(text, { isConstant: true, binding: text.startsWith("-") ? binding.unary : binding.atom });

/** A finite floating-point literal; undefined for infinities and NaN, which WGSL has none for. */
export function floatLiteral(value: number): Expression | undefined {
  if (!Number.isFinite(value)) return undefined;
  return literal(decimalText(value, "f32"));
}

/** An integer literal of 32 bits, seen as signed. */
export function integerLiteral(value: bigint | number): Expression {
  const signed = Number(BigInt.asIntN(32, BigInt(value)));
  return { ...literal(String(signed)), literal: signed };
}

/** The same literal as a `u32`. */
export const unsignedLiteral = (value: number): Expression => literal(`${value >>> 0}u`);

/** A truth value. */
export const booleanLiteral = (value: boolean): Expression => literal(value ? "true" : "false");
