import { describe, expect, test } from "vitest";
import { floatPredicates, integerPredicates } from "../../../../src/ir/dialects/arith.ts";
import { storageClass, store } from "../../../../src/support/numeric/element-storage.ts";
import type { NumericElementType } from "../../../../src/support/numeric/element-type.ts";
import { hostModule, runBoth } from "./run-host.ts";

/** How many operand tuples each operation is tried on. */
const count = 64;

/** Bits of integers at the edges, and mixed ones; `avoid` keeps zero out. */
function integers(element: NumericElementType, seed: number, avoid: "zero" | "nothing"): Uint8Array {
  const edges = [
    0n,
    1n,
    -1n,
    2n,
    -2n,
    7n,
    127n,
    -128n,
    32767n,
    -32768n,
    2147483647n,
    -2147483648n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ];
  const data = new (storageClass(element))(count);
  const width = element === "index" ? 40n : element === "i1" ? 1n : BigInt(element.slice(1));
  let state = BigInt(seed) + 1n;
  for (let index = 0; index < count; index++) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & (2n ** 64n - 1n);
    const raw = index % 3 === 0 ? edges[Number((state >> 33n) % BigInt(edges.length))]! : state >> 17n;
    let value = element === "i1" ? raw & 1n : BigInt.asIntN(Number(width), raw);
    if (avoid === "zero" && value === 0n) value = 3n;
    store(element, data, index, element === "index" || element === "i64" ? value : Number(value));
  }
  return new Uint8Array(data.buffer);
}

/** Floats at the edges of their type, and ordinary ones. */
function floats(element: NumericElementType, seed: number): Uint8Array {
  const edges = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    NaN,
    Infinity,
    -Infinity,
    1e-40,
    3e38,
    1e300,
    65504,
    1e10,
    -1e10,
    5e-324,
  ];
  const data = new (storageClass(element))(count);
  let state = seed + 1;
  for (let index = 0; index < count; index++) {
    state = (state * 48271) % 2147483647;
    store(element, data, index, index % 2 === 0 ? edges[state % edges.length]! : (state / 2147483647 - 0.5) * 8);
  }
  return new Uint8Array(data.buffer);
}

const isInteger = (type: string): boolean => type === "index" || type.startsWith("i");
const fillOf =
  (seed: number, avoid: "zero" | "nothing" = "nothing") =>
  (index: number, _: number, element: NumericElementType) =>
    isInteger(element) ? integers(element, seed * 10 + index, avoid) : floats(element, seed * 10 + index);

/** A loop that applies one operation to each tuple of operands. */
function pointwise(operands: readonly string[], result: string, operation: (names: readonly string[]) => string) {
  const types = [...operands, result].map((type) => `memref<${count}x${type}>`);
  const names = operands.map((_, index) => `%x${index}`);
  const letter = (index: number): string => `%${String.fromCharCode(97 + index)}`;
  const loads = names.map((name, index) => `    ${name} = memref.load ${letter(index)}[%i] : ${types[index]}`);
  return hostModule(
    types,
    `  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant ${count} : index
  scf.for %i = %c0 to %n step %c1 {
${loads.join("\n")}
    %r = ${operation(names)}
    memref.store %r, ${letter(operands.length)}[%i] : ${types.at(-1)}
  }`,
  );
}

async function expectSame(
  operands: readonly string[],
  result: string,
  operation: (names: readonly string[]) => string,
  avoid: "zero" | "nothing" = "nothing",
): Promise<void> {
  for (const seed of [1, 2]) {
    const { printed, interpreted } = await runBoth(pointwise(operands, result, operation), fillOf(seed, avoid));
    expect(printed).toEqual(interpreted);
  }
}

const words = (text: string): readonly string[] => text.split(" ");
const integerTypes = ["i1", "i8", "i16", "i32", "i64", "index"];
const floatTypes = ["f64", "f32", "f16", "bf16"];
const smallTypes = ["f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E8M0FNU", "f4E2M1FN"];

describe("integers", () => {
  test.each(integerTypes)("arithmetic of %s", async (type) => {
    // An index is a number below 2^53: products and unsigned readings of negative ones are beyond it.
    const names = words("addi subi andi ori xori minsi maxsi").concat(
      type === "index" ? [] : words("muli minui maxui"),
    );
    for (const name of names) await expectSame([type, type], type, ([a, b]) => `arith.${name} ${a}, ${b} : ${type}`);
  });
  test.each(integerTypes.slice(1))("division of %s", async (type) => {
    for (const name of words("divsi remsi floordivsi ceildivsi divui remui ceildivui"))
      if (type !== "index" || !name.endsWith("ui"))
        await expectSame([type, type], type, ([a, b]) => `arith.${name} ${a}, ${b} : ${type}`, "zero");
  });
  test.each(["i8", "i16", "i32", "i64"])("shifts and bits of %s", async (type) => {
    for (const name of words("shli shrsi shrui"))
      await expectSame([type, type], type, ([a, b]) => `arith.${name} ${a}, ${b} : ${type}`);
    for (const name of words("absi ctlz cttz ctpop"))
      await expectSame([type], type, ([a]) => `math.${name} ${a} : ${type}`);
    await expectSame([type, type], type, ([a, b]) => `math.ipowi ${a}, ${b} : ${type}`, "zero");
  });
  test.each(integerTypes)("comparisons and selection of %s", async (type) => {
    for (const predicate of integerPredicates)
      if (type !== "index" || !predicate.startsWith("u"))
        await expectSame([type, type], "i1", ([a, b]) => `arith.cmpi ${predicate}, ${a}, ${b} : ${type}`);
    await expectSame(["i1", type, type], type, ([c, a, b]) => `arith.select ${c}, ${a}, ${b} : ${type}`);
  });
  test("conversions", async () => {
    const widths = ["i1", "i8", "i16", "i32", "i64"];
    for (const [position, from] of widths.entries())
      for (const to of widths.slice(position + 1)) {
        await expectSame([from], to, ([a]) => `arith.extsi ${a} : ${from} to ${to}`);
        await expectSame([from], to, ([a]) => `arith.extui ${a} : ${from} to ${to}`);
        await expectSame([to], from, ([a]) => `arith.trunci ${a} : ${to} to ${from}`);
      }
    for (const type of widths.slice(1, 4)) {
      await expectSame([type], "index", ([a]) => `arith.index_cast ${a} : ${type} to index`);
      await expectSame([type], "index", ([a]) => `arith.index_castui ${a} : ${type} to index`);
      await expectSame(["index"], type, ([a]) => `arith.index_cast ${a} : index to ${type}`);
    }
    await expectSame(["index"], "i64", ([a]) => `arith.index_cast ${a} : index to i64`);
  });
});

describe("floats", () => {
  test.each(floatTypes)("arithmetic of %s", async (type) => {
    for (const name of words("addf subf mulf divf remf minimumf maximumf minnumf maxnumf"))
      await expectSame([type, type], type, ([a, b]) => `arith.${name} ${a}, ${b} : ${type}`);
    await expectSame([type], type, ([a]) => `arith.negf ${a} : ${type}`);
    for (const predicate of floatPredicates)
      await expectSame([type, type], "i1", ([a, b]) => `arith.cmpf ${predicate}, ${a}, ${b} : ${type}`);
  });
  test.each(floatTypes)("functions of %s", async (type) => {
    const unary = words(
      "absf acos acosh asin asinh atan atanh cbrt ceil cos cosh erf erfc exp exp2 expm1 floor log log10 log1p log2 round roundeven " +
        "rsqrt sin sinh sqrt tan tanh trunc",
    );
    for (const name of unary) await expectSame([type], type, ([a]) => `math.${name} ${a} : ${type}`);
    for (const name of words("isfinite isinf isnan isnormal"))
      await expectSame([type], "i1", ([a]) => `math.${name} ${a} : ${type}`);
    for (const name of words("atan2 copysign powf"))
      await expectSame([type, type], type, ([a, b]) => `math.${name} ${a}, ${b} : ${type}`);
    await expectSame([type, "i32"], type, ([a, b]) => `math.fpowi ${a}, ${b} : ${type}, i32`);
    if (type !== "f64")
      await expectSame([type, type, type], type, ([a, b, c]) => `math.fma ${a}, ${b}, ${c} : ${type}`);
  });
  test.each(floatTypes)("conversions of %s and integers", async (type) => {
    for (const integer of words("i1 i8 i16 i32 i64"))
      for (const sign of ["si", "ui"]) {
        await expectSame([type], integer, ([a]) => `arith.fpto${sign} ${a} : ${type} to ${integer}`);
        await expectSame([integer], type, ([a]) => `arith.${sign}tofp ${a} : ${integer} to ${type}`);
      }
  });
  test("bits", async () => {
    await expectSame(["f32"], "i32", ([a]) => `arith.bitcast ${a} : f32 to i32`);
    await expectSame(["i32"], "f32", ([a]) => `arith.bitcast ${a} : i32 to f32`);
    await expectSame(["f64"], "i64", ([a]) => `arith.bitcast ${a} : f64 to i64`);
    await expectSame(["f16"], "i16", ([a]) => `arith.bitcast ${a} : f16 to i16`);
    await expectSame(["i16"], "bf16", ([a]) => `arith.bitcast ${a} : i16 to bf16`);
  });
});

test.each(smallTypes)("every pattern of %s is read, and every value rounded", async (type) => {
  const patterns = type === "f16" || type === "bf16" ? 65536 : 256;
  const both = hostModule(
    [`memref<${patterns}x${type}>`, `memref<${patterns}xf64>`, `memref<4096xf64>`, `memref<4096x${type}>`],
    `  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant ${patterns} : index
  %m = arith.constant 4096 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.load %a[%i] : memref<${patterns}x${type}>
    %y = arith.extf %x : ${type} to f64
    memref.store %y, %b[%i] : memref<${patterns}xf64>
  }
  scf.for %i = %c0 to %m step %c1 {
    %x = memref.load %c[%i] : memref<4096xf64>
    %y = arith.truncf %x : f64 to ${type}
    memref.store %y, %d[%i] : memref<4096x${type}>
  }`,
  );
  const { printed, interpreted } = await runBoth(both, (parameter, bytes) => {
    if (parameter === 0) {
      const data = bytes === patterns ? new Uint8Array(patterns) : new Uint16Array(patterns);
      return new Uint8Array(data.map((_, index) => index).buffer);
    }
    if (parameter !== 2) return new Uint8Array(bytes);
    // Halves between neighbours, what is a little more or less, and the ends.
    const values = Float64Array.from({ length: 4096 }, (_, index) => {
      const magnitude = 2 ** (((index >> 4) % 64) - 40) * (1 + (index % 16) / 16);
      return (index & 1024 ? -1 : 1) * magnitude * (index & 2048 ? 1 + 2 ** -30 : 1);
    });
    values.set([NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324]);
    return new Uint8Array(values.buffer);
  });
  expect(printed).toEqual(interpreted);
});
