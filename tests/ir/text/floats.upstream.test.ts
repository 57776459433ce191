import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { upstreamPrints } from "../../../src/testing/upstream.ts";

const widths = {
  f8E8M0FNU: 8,
  f4E2M1FN: 4,
  f6E2M3FN: 6,
  f6E3M2FN: 6,
  f8E4M3FN: 8,
  f8E4M3FNUZ: 8,
  f8E5M2FNUZ: 8,
  f8E4M3B11FNUZ: 8,
  f8E4M3: 8,
  f8E3M4: 8,
  f8E5M2: 8,
  tf32: 19,
  f80: 80,
  f128: 128,
  f16: 16,
  bf16: 16,
  f32: 32,
  f64: 64,
} as const;

const pattern = (width: number) =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }).map((bits) => `0x${bits.toString(16)}`);
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 10 ** 9 }),
    fc.stringMatching(/^[0-9]{1,17}$/),
    fc.oneof(fc.constant(0), fc.integer({ min: -12, max: 12 }), fc.integer({ min: -340, max: 320 })),
  )
  .map(([negative, whole, fraction, power]) => `${negative ? "-" : ""}${whole}.${fraction}e${power}`);

const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line.includes("test.float"));

test.each(Object.entries(widths))("literals of %s are rounded and printed as mlir-opt does", (format, width) => {
  // What upstream makes of a minus in the format without sign is not told by its bits, so none is drawn.
  const literal = fc.oneof(decimal, pattern(width));
  const drawn = fc.sample(format === "f8E8M0FNU" ? literal.map((text) => text.replace(/^-/, "")) : literal, 400);
  const source = drawn
    .map((text) => `"test.float"() {a = ${text} : ${format}, b = dense<${text}> : tensor<2x${format}>} : () -> ()\n`)
    .join("");
  const [theirs] = upstreamPrints([source], ["--mlir-print-op-generic"]);
  if (theirs?.kind !== "printed") throw new Error(theirs?.message);
  const module = parseModule(source, { file: "floats", registry, allowUnregisteredDialects: true });
  expect(lines(printModule(module, registry, { generic: true }))).toEqual(lines(theirs.text));
});
