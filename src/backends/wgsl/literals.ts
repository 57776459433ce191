import { atom, binding, type Expression } from "./expression.ts";

/** The shortest decimal text that rounds to the f32 `value`, through a double or not. */
function shortestDecimal(value: number): string {
  const spacing = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(value))) - 23);
  for (let digits = 1; digits < 9; digits++) {
    const read = Number(value.toPrecision(digits));
    if (Math.fround(read) === value && Math.abs(read - value) < spacing * 0.49) return String(read);
  }
  return String(Number(value.toPrecision(9)));
}

const literal = (text: string): Expression =>
  atom(text, { isConstant: true, binding: text.startsWith("-") ? binding.unary : binding.atom });

/** A finite floating-point literal; undefined for infinities and NaN, which WGSL has none for. */
export function floatLiteral(value: number): Expression | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (value === 0) return literal(Object.is(value, -0) ? "-0.0" : "0.0");
  const decimal = shortestDecimal(value);
  return literal(/[.e]/.test(decimal) ? decimal : `${decimal}.0`);
}

/** An integer literal of 32 bits, seen as signed. */
export function integerLiteral(value: bigint | number): Expression {
  const signed = Number(BigInt.asIntN(32, BigInt(value)));
  return { ...literal(String(signed)), literal: signed };
}

/** The same literal as a `u32`. */
export const unsignedLiteral = (value: number): Expression => literal(`${value >>> 0}u`);

export const booleanLiteral = (value: boolean): Expression => literal(value ? "true" : "false");
