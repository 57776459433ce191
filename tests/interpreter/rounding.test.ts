import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arith, math } from "../../src/ir/dialects/index.ts";
import type { OpDefinition } from "../../src/ir/define.ts";
import { floatType, tensorType, type Type } from "../../src/ir/types.ts";
import { type ElementType, type FloatElementType } from "../../src/support/numeric/element-type.ts";
import { decodeFloat } from "../../src/support/numeric/float-formats.ts";
import { bytesOf, type HostTensor } from "../../src/support/numeric/host-tensor.ts";
import { emptyTensor, generic, identityMap, program, run } from "./programs.ts";

/** A rational number; `d` is positive. */
interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}
const gcdFree = (n: bigint, d: bigint): Rational => (d < 0n ? { n: -n, d: -d } : { n, d });
const view = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. */
function rational(x: number): Rational {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : fraction | (1n << 52n);
  const scale = Math.max(exponent, 1) - 1075;
  const n = bits >> 63n ? -magnitude : magnitude;
  return scale >= 0 ? { n: n << BigInt(scale), d: 1n } : { n, d: 1n << BigInt(-scale) };
}
const plus = (a: Rational, b: Rational): Rational => gcdFree(a.n * b.d + b.n * a.d, a.d * b.d);
const times = (a: Rational, b: Rational): Rational => gcdFree(a.n * b.n, a.d * b.d);
const over = (a: Rational, b: Rational): Rational => gcdFree(a.n * b.d, a.d * b.n);

/** Precision, least and greatest exponent of a binary format: IEEE 754-2019, table 3.5; bfloat16 is binary32 with 8 bits of precision. */
const formats = {
  f16: { precision: 11, least: -14, greatest: 15 },
  bf16: { precision: 8, least: -126, greatest: 127 },
  f32: { precision: 24, least: -126, greatest: 127 },
  f64: { precision: 53, least: -1022, greatest: 1023 },
} as const;
type Format = keyof typeof formats;

/** A non-zero rational rounded to a format, to nearest, ties to even, with gradual underflow: IEEE 754-2019, 4.3.1, on integers. */
function nearest(format: Format, { n, d }: Rational): number {
  const { precision, least, greatest } = formats[format];
  const sign = n < 0n ? -1 : 1;
  const magnitude = n < 0n ? -n : n;
  if (magnitude === 0n) return 0;
  const bits = (x: bigint): number => x.toString(2).length;
  let exponent = bits(magnitude) - bits(d);
  const atLeast = (e: number): boolean => (e >= 0 ? magnitude >= d << BigInt(e) : magnitude << BigInt(-e) >= d);
  if (!atLeast(exponent)) exponent--;
  const quantum = Math.max(exponent, least) - (precision - 1);
  const numerator = quantum >= 0 ? magnitude : magnitude << BigInt(-quantum);
  const denominator = quantum >= 0 ? d << BigInt(quantum) : d;
  let count = numerator / denominator;
  const twice = 2n * (numerator - count * denominator);
  if (twice > denominator || (twice === denominator && count % 2n === 1n)) count++;
  // Two factors: the power alone may be below the least double while the product is not.
  const value = Number(count) * 2 ** Math.ceil(quantum / 2) * 2 ** Math.floor(quantum / 2);
  return sign * (value >= 2 ** greatest * 2 ? Infinity : value);
}

/** A module that applies an operation to each element of tensors of one type. */
function elementwise(definition: OpDefinition, type: Type, operands: readonly string[], count: number) {
  const shaped = tensorType([count], type);
  return program(
    operands.map(() => shaped),
    (builder, inputs) => {
      const output = emptyTensor(builder, shaped);
      return generic(
        builder,
        inputs,
        [output],
        [...inputs, output].map(() => identityMap(1)),
        (b, values) => {
          const named = Object.fromEntries(operands.map((name, i) => [name, values[i]!]));
          return [definition.build(b, named as never, {}).op.results[0]!];
        },
      );
    },
  );
}
type Binary = (a: Rational, b: Rational) => Rational;

/** All finite values of a 16-bit format, by bit pattern. */
function finiteValues(format: "f16" | "bf16"): readonly number[] {
  return Array.from({ length: 65536 }, (_, bits) => decodeFloat(format, bits)).filter(Number.isFinite);
}
function tensorOfValues(elementType: FloatElementType, values: readonly number[]): HostTensor {
  if (elementType === "f16") return { elementType, shape: [values.length], data: Float16Array.from(values) };
  if (elementType === "f32") return { elementType, shape: [values.length], data: Float32Array.from(values) };
  // The upper half of a float is the bfloat16.
  const wide = new Uint32Array(Float32Array.from(values).buffer);
  return { elementType, shape: [values.length], data: Uint16Array.from(wide, (bits) => bits >>> 16) };
}
const numbersOf = (tensor: HostTensor): readonly number[] =>
  tensor.elementType === "bf16"
    ? Array.from(tensor.data as Uint16Array, (bits) => decodeFloat("bf16", bits))
    : Array.from(tensor.data as Float32Array);

const binaryOperations: readonly (readonly [string, OpDefinition, Binary])[] = [
  ["addition", arith.addf as never, plus],
  ["multiplication", arith.mulf as never, times],
  ["division", arith.divf as never, over],
];

describe.each(["f16", "bf16"] as const)("%s arithmetic is exact rounding", (format) => {
  const all = finiteValues(format);
  test.each(binaryOperations)("%s, every value with values across the range", (_, definition, exact) => {
    const module = elementwise(definition, floatType(format), ["lhs", "rhs"], all.length);
    // Ends of the range, subnormals, ties: one bit above and below powers of two.
    const ulp = format === "f16" ? 2 ** -10 : 2 ** -7;
    for (const other of [1 + ulp, 3, -(2 - ulp), 2 ** formats[format].least * (1 + ulp)]) {
      const others = all.map(() => other);
      const [result] = run(module, [tensorOfValues(format, all), tensorOfValues(format, others)]);
      const found = numbersOf(result as HostTensor);
      const wrong = all.findIndex((a, i) => {
        const expected = nearest(format, exact(rational(a), rational(other)));
        return expected !== found[i] && !(expected === 0 && found[i] === 0);
      });
      expect(wrong === -1 ? "none" : `${all[wrong]} with ${other} gave ${found[wrong]}`).toBe("none");
    }
  });
});

describe("8-bit floats: every pair against the nearest value of the format", () => {
  const cases: readonly (readonly [FloatElementType, number])[] = [
    ["f8E4M3FN", 448],
    ["f8E5M2", 57344],
    ["f8E4M3FNUZ", 240],
    ["f8E5M2FNUZ", 57344],
  ];
  test.each(cases)("%s", (format, largest) => {
    const values = Array.from({ length: 256 }, (_, bits) => decodeFloat(format as never, bits));
    const finite = values.map((value, bits) => ({ value, bits })).filter(({ value }) => Number.isFinite(value));
    const ordered = finite.filter(({ value }) => !Object.is(value, -0)).sort((a, b) => a.value - b.value);
    // Sums and products of such values are exact in double; between two neighbours the nearer one is right, in the middle the even one.
    const round = (exact: number): number => {
      const above = ordered.findIndex(({ value }) => value >= exact);
      if (above === 0 || above === -1) return NaN;
      const [low, high] = [ordered[above - 1]!, ordered[above]!];
      const middle = (low.value + high.value) / 2;
      if (exact !== middle) return exact < middle ? low.value : high.value;
      return low.bits % 2 === 0 ? low.value : high.value;
    };
    const pairs = finite.flatMap((a) => finite.map((b) => [a, b] as const));
    const tensor = (side: 0 | 1): HostTensor => ({
      elementType: format,
      shape: [pairs.length],
      data: Uint8Array.from(pairs, (pair) => pair[side].bits),
    });
    for (const [definition, exact] of [
      [arith.addf, (a: number, b: number) => a + b],
      [arith.mulf, (a: number, b: number) => a * b],
    ] as const) {
      const module = elementwise(definition as never, floatType(format), ["lhs", "rhs"], pairs.length);
      const [result] = run(module, [tensor(0), tensor(1)]);
      const found = bytesOf(result as HostTensor);
      const wrong = pairs.findIndex(([a, b], i) => {
        const value = exact(a.value, b.value);
        // Beyond the largest value what happens is a matter of the format, tested with the formats.
        if (Math.abs(value) >= largest) return false;
        return values[found[i]!] !== round(value);
      });
      expect(wrong === -1 ? "none" : `${pairs[wrong]!.map((side) => side.value).join()}`).toBe("none");
    }
  });
});

describe("fused multiply-add rounds once", () => {
  const specs = [
    ["f32", fc.float({ noNaN: true, noDefaultInfinity: true })],
    ["f64", fc.double({ noNaN: true, noDefaultInfinity: true })],
  ] as const;
  test.each(specs)("%s, random operands", (format, numbers) => {
    const module = elementwise(math.fma as never, floatType(format), ["a", "b", "c"], 1);
    const one = (x: number): HostTensor => ({
      elementType: format as ElementType,
      shape: [1],
      data: format === "f32" ? new Float32Array([x]) : new Float64Array([x]),
    });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.boolean(), (a, b, other, cancels) => {
        // Sums that nearly cancel show the product's low bits.
        const product = format === "f32" ? Math.fround(a * b) : a * b;
        const c = cancels && Number.isFinite(product) ? -product : other;
        const expected = nearest(format, plus(times(rational(a), rational(b)), rational(c)));
        const [result] = run(module, [one(a), one(b), one(c)]);
        const [found] = (result as HostTensor).data as Float64Array;
        // Zeros may differ in sign: a rational has none.
        expect(found! + 0).toBe(expected + 0);
      }),
      { numRuns: 2000 },
    );
  });

  test("f32, sums whose double lies between two floats", () => {
    // 1 + 2^-24 is halfway between 1 and its successor; the product decides, though it is far below the double's last place.
    const tiny = 2 ** -40;
    const cases = [
      [2 ** -24 + 2 ** -47, 1, 1],
      [tiny, tiny, 1 + 2 ** -23],
      [2 ** -12, 2 ** -12, 1],
      [(1 + 2 ** -23) * 2 ** -12, (1 - 2 ** -24) * 2 ** -12, 1],
      [-(1 + 2 ** -23) * 2 ** -12, (1 - 2 ** -24) * 2 ** -12, 1 + 2 ** -23],
      [2 ** -75, 2 ** -75, 2 ** -149],
      [2 ** -75, -(2 ** -75), 3 * 2 ** -149],
      [2 ** 64, 2 ** 63 * (2 - 2 ** -23), 0],
      [2 ** 127, 2 - 2 ** -23, 2 ** 102],
      [2 ** 127, 2 - 2 ** -23, 2 ** 103],
    ] as const;
    const module = elementwise(math.fma as never, floatType("f32"), ["a", "b", "c"], cases.length);
    const column = (i: 0 | 1 | 2): HostTensor => tensorOfValues("f32", cases.map((row) => row[i])); // prettier-ignore
    const [result] = run(module, [column(0), column(1), column(2)]);
    const expected = cases.map(([a, b, c]) => {
      const [x, y, z] = [Math.fround(a), Math.fround(b), Math.fround(c)];
      return nearest("f32", plus(times(rational(x), rational(y)), rational(z)));
    });
    expect(numbersOf(result as HostTensor)).toEqual(expected);
  });

  test("infinities and NaN", () => {
    const cases = [
      [Infinity, 0, 1, NaN],
      [Infinity, 1, -Infinity, NaN],
      [Infinity, 2, 5, Infinity],
      [6e4, 6e4, -Infinity, -Infinity],
      [0, -1, 0, 0],
      [0, -1, -0, -0],
    ] as const;
    for (const format of ["f32", "f64", "f16"] as const) {
      const module = elementwise(math.fma as never, floatType(format), ["a", "b", "c"], cases.length);
      const make = (i: 0 | 1 | 2): HostTensor => ({
        elementType: format,
        shape: [cases.length],
        data: { f32: Float32Array, f64: Float64Array, f16: Float16Array }[format].from(cases.map((row) => row[i])),
      });
      const [result] = run(module, [make(0), make(1), make(2)]);
      expect(Array.from((result as HostTensor).data as Float32Array)).toEqual(cases.map((row) => row[3]));
    }
  });
});
