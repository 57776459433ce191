import { describe, expect, test } from "vitest";
import type { RuntimeValue } from "../../../src/interpreter/values.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { f32, tensorType } from "../../../src/ir/types.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { upstreamPrints } from "../../../src/testing/upstream.ts";
import { namedProgram } from "../../ir/dialects/linalg/named-programs.ts";
import { others, programs, runProgram, valueOf } from "../structured-programs.ts";

const pass = "linalg-generalize-named-ops";
const parse = (text: string): Module => parseModule(text, { file: "program.mlir", registry });
function generalized(module: Module): Module {
  const result = runPipeline(module, parsePipeline(pass, passes), {});
  expect(result.failure).toBeUndefined();
  return result.module;
}
describe("linalg-generalize-named-ops", () => {
  test("makes of each operation what upstream makes of it", () => {
    // Upstream's pass also moves constants out of bodies and folds them, which this one leaves to others.
    const withConstants = new Set(["fill_rng_2d", "reciprocal"]);
    const texts = [...programs, ...others].filter(([name]) => !withConstants.has(name)).map(([, text]) => text);
    const answers = upstreamPrints(texts, [`--${pass}`, "--mlir-print-op-generic"]);
    texts.forEach((text, index) => {
      const answer = answers[index]!;
      const ours = printModule(generalized(parse(text)), registry, { generic: true });
      expect(ours, text).toBe(answer.kind === "printed" ? answer.text : answer.message);
    });
  });

  test.each([...programs, ...others])("%s computes what it did", (_, text) => {
    const module = parse(text);
    const expected = runProgram(module, "walked");
    expect(runProgram(module, "compiled")).toEqual(expected);
    expect(runProgram(generalized(module), "walked")).toEqual(expected);
  });

  test("leaves generics and other operations as they are", () => {
    const module = generalized(parse(others[0]![1]));
    expect(generalized(module)).toBe(module);
  });
});

/** Sums of products, as the definition of the operation has them. */
describe("what named operations compute", () => {
  const numbers = (value: RuntimeValue): readonly number[] => [
    ...((value as { data: ArrayLike<number> }).data as Float32Array),
  ];
  const input = (shape: readonly number[], seed: number): readonly number[] =>
    numbers(valueOf(tensorType(shape, f32), seed));

  test("matmul", () => {
    const text = namedProgram("matmul", { elements: { input: "f32", output: "f32" }, kind: "tensor" });
    const [m, n, k] = [2, 3, 4];
    const [a, b, c] = [input([m, k], 1), input([k, n], 2), input([m, n], 3)];
    const expected = c.map((start, at) => {
      let sum = start;
      for (let l = 0; l < k; l++) sum += a[Math.trunc(at / n) * k + l]! * b[l * n + (at % n)]!;
      return sum;
    });
    expect(numbers(runProgram(parse(text), "compiled")[0]!)).toEqual(expected);
  });

  test("conv_1d_nwc_wcf with stride 2 and dilation 3", () => {
    const [n, ow, f, kw, c] = [2, 3, 4, 5, 6];
    const elements = { input: "f32", output: "f32" };
    const text = namedProgram("conv_1d_nwc_wcf", { elements, strides: [2], dilations: [3], kind: "tensor" });
    const w = (ow - 1) * 2 + (kw - 1) * 3 + 1;
    const [image, filter, start] = [input([n, w, c], 1), input([kw, c, f], 2), input([n, ow, f], 3)];
    const expected = start.map((first, at) => {
      const [batch, x, channel] = [Math.trunc(at / (ow * f)), Math.trunc(at / f) % ow, at % f];
      let sum = first;
      for (let k = 0; k < kw; k++)
        for (let l = 0; l < c; l++)
          sum += image[(batch * w + x * 2 + k * 3) * c + l]! * filter[(k * c + l) * f + channel]!;
      return sum;
    });
    expect(numbers(runProgram(parse(text), "compiled")[0]!)).toEqual(expected);
  });
});
