import { decimalText } from "../printing/decimals.ts";
import { atom, binding, type Expression } from "../printing/expression.ts";

const negative = (text: string): Expression => ({ text, binding: binding.unary });

/** A floating-point literal. Infinities and NaN are `<math.h>`'s macros: f32 constants, which a double takes exactly. */
export function floatLiteral(value: number, single: boolean): Expression {
  if (Number.isNaN(value)) return atom("NAN");
  if (!Number.isFinite(value)) return value > 0 ? atom("INFINITY") : negative("-INFINITY");
  const text = decimalText(value, single ? "f32" : "f64") + (single ? "f" : "");
  return text.startsWith("-") ? negative(text) : atom(text);
}

/** An integer literal of the given width; the lowest value of a type has no literal of its own in C. */
export function integerLiteral(value: bigint, width: number): Expression {
  if (width === 1) return atom(value === 0n ? "false" : "true");
  const signed = BigInt.asIntN(width, value);
  if (signed === -(1n << BigInt(width - 1)) && width >= 32) return atom(`INT${width}_MIN`);
  const text = width === 64 && (signed > 0x7fffffffn || signed < -0x7fffffffn) ? `INT64_C(${signed})` : String(signed);
  const expression = signed < 0n && !text.startsWith("INT") ? negative(text) : atom(text);
  return Number.isSafeInteger(Number(signed)) ? { ...expression, literal: Number(signed) } : expression;
}
