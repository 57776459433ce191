import { atom, binding, type Expression } from "./expression.ts";

const negative = (text: string): Expression => ({ text, binding: binding.unary });

/** The shortest decimal text that every correct compiler reads as `value`; for f32, with the type's suffix left to the caller. */
function shortestDecimal(value: number, single: boolean): string {
  if (!single) return String(value);
  // The distance to the next larger float. A text well inside half of it is rounded to `value`, through a double or not.
  const spacing = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(value))) - 23);
  for (let digits = 1; digits < 9; digits++) {
    const read = Number(value.toPrecision(digits));
    if (Math.fround(read) === value && Math.abs(read - value) < spacing * 0.49) return String(read);
  }
  return String(Number(value.toPrecision(9)));
}

/** A floating-point literal. Infinities and NaN are `<math.h>`'s macros: f32 constants, which a double takes exactly. */
export function floatLiteral(value: number, single: boolean): Expression {
  if (Number.isNaN(value)) return atom("NAN");
  if (!Number.isFinite(value)) return value > 0 ? atom("INFINITY") : negative("-INFINITY");
  const suffix = single ? "f" : "";
  if (value === 0) return Object.is(value, -0) ? negative(`-0.0${suffix}`) : atom(`0.0${suffix}`);
  const decimal = shortestDecimal(value, single);
  const text = /[.e]/.test(decimal) ? decimal : `${decimal}.0`;
  return value < 0 ? negative(text + suffix) : atom(text + suffix);
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
