/** The shortest decimal text that every correct compiler reads as the f32 `value`, through a double or not. */
function shortestSingle(value: number): string {
  // The distance to the next larger float. A text well inside half of it is rounded to `value`.
  const spacing = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(value))) - 23);
  for (let digits = 1; digits < 9; digits++) {
    const read = Number(value.toPrecision(digits));
    if (Math.fround(read) === value && Math.abs(read - value) < spacing * 0.49) return String(read);
  }
  return String(Number(value.toPrecision(9)));
}

/** The shortest decimal text of a finite number that reads back as it, with a point or an exponent: `-0.0`, `1.0`, `1e-7`. */
export function decimalText(value: number, format: "f32" | "f64"): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const decimal = format === "f32" ? shortestSingle(value) : String(value);
  return /[.e]/.test(decimal) ? decimal : `${decimal}.0`;
}
