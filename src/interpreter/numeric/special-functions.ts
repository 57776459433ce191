const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/** e^(-x²) without the relative error that rounding x² would cost. */
function expOfMinusSquare(x: number): number {
  // x = high + low with high² exact: 26 bits each.
  const high = Math.fround(x);
  const low = x - high;
  return Math.exp(-high * high) * Math.exp(-low * (high + x));
}

/** erf by the series Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)), all of one sign (Abramowitz and Stegun 7.1.6). */
function erfSeries(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * expOfMinusSquare(x) * sum;
}

/** erfc of x ≥ 1 by its continued fraction (Abramowitz and Stegun 7.1.14), evaluated from its end. */
function erfcFraction(x: number): number {
  const depth = Math.ceil(40 + 240 / (x * x));
  let tail = x;
  for (let n = depth; n >= 1; n--) tail = x + n / 2 / tail;
  return expOfMinusSquare(x) / Math.sqrt(Math.PI) / tail;
}

/** The error function, to a few units in the last place of a double. */
export function erf(x: number): number {
  if (x !== x || x === 0) return x;
  if (Math.abs(x) < 2) return erfSeries(x);
  if (Math.abs(x) > 6) return Math.sign(x);
  return Math.sign(x) * (1 - erfcFraction(Math.abs(x)));
}

/** 1 - erf(x), accurate also where that is tiny. */
export function erfc(x: number): number {
  if (x !== x) return x;
  if (x > 27.5) return 0;
  return x < 1 ? (x < -6 ? 2 : 1 - erf(x)) : erfcFraction(x);
}

/** C's `pow`, which differs from JavaScript's where the base is 1 or -1 and the exponent no finite number. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && !Number.isFinite(exponent) && exponent === exponent) return 1;
  return base ** exponent;
}

export const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

/** To the nearest integer, ties away from zero; the sign of zero is kept. */
export function roundHalfAway(x: number): number {
  const cut = Math.trunc(x);
  return Math.abs(x - cut) >= 0.5 ? cut + Math.sign(x) : cut;
}

/** To the nearest integer, ties to the even one; the sign of zero is kept. */
export function roundHalfEven(x: number): number {
  const cut = Math.trunc(x);
  const rest = Math.abs(x - cut);
  return rest > 0.5 || (rest === 0.5 && cut % 2 !== 0) ? cut + Math.sign(x) : cut;
}
