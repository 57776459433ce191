import { describe, expect, test } from "vitest";
import { interpretFunction } from "../../../src/interpreter/interpret.ts";
import type { RuntimeValue } from "../../../src/interpreter/values.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { namedOperations } from "../../../src/ir/dialects/linalg/named-operations.ts";
import { functionType, isShaped, staticShape, type Type } from "../../../src/ir/types.ts";
import type { Module } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { upstreamPrints } from "../../../src/testing/upstream.ts";
import { namedProgram } from "../../ir/dialects/linalg/named-programs.ts";

const pass = "linalg-generalize-named-ops";
const parse = (text: string): Module => parseModule(text, { file: "program.mlir", registry });
function generalized(module: Module): Module {
  const result = runPipeline(module, parsePipeline(pass, passes), {});
  expect(result.failure).toBeUndefined();
  return result.module;
}
const elementOf = (name: string): string => (name.endsWith("unsigned") || name.endsWith("_q") ? "i32" : "f32");
const programs = Object.keys(namedOperations).map((name): readonly [string, string] => {
  const element = name.startsWith("quantized") ? "i32" : elementOf(name);
  const { window } = namedOperations[name]!;
  const strides = window === 0 ? {} : { strides: [2, 1, 2].slice(0, window), dilations: [1, 2, 1].slice(0, window) };
  return [
    name,
    namedProgram(name, {
      elements: { input: element, output: element },
      ...strides,
      kind: "tensor",
      sizes: [2, 3, 2, 3, 2, 2, 2, 2, 2],
    }),
  ];
});
const others: readonly (readonly [string, string])[] = Object.entries({
  map: `%r = linalg.map { arith.addf } ins(%a, %a : tensor<3x4xf32>, tensor<3x4xf32>) outs(%a : tensor<3x4xf32>)`,
  reduce: `%r = linalg.reduce { arith.addf } ins(%a : tensor<3x4xf32>) outs(%b : tensor<3xf32>) dimensions = [1]`,
  transpose: `%r = linalg.transpose ins(%a : tensor<3x4xf32>) outs(%c : tensor<4x3xf32>) permutation = [1, 0]`,
  broadcast: `%r = linalg.broadcast ins(%b : tensor<3xf32>) outs(%a : tensor<3x4xf32>) dimensions = [1]`,
  elementwise: `%r = linalg.elementwise kind=#linalg.elementwise_kind<max_signed>
    indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>]
    ins(%b, %c : tensor<3xf32>, tensor<4x3xf32>) outs(%a : tensor<3x4xf32>) -> tensor<3x4xf32>`,
  contract: `%r = linalg.contract
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (j, i)>]
    ins(%a, %a : tensor<3x4xf32>, tensor<3x4xf32>) outs(%d : tensor<3x3xf32>) -> tensor<3x3xf32>`,
  "matmul of a transposed matrix": `%r = linalg.matmul
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
    ins(%a, %a : tensor<3x4xf32>, tensor<3x4xf32>) outs(%d : tensor<3x3xf32>) -> tensor<3x3xf32>`,
}).map(([name, operation]) => {
  const result = /(tensor<\S+>)\)? (?:dimensions|permutation|->)/.exec(operation)?.[1] ?? "tensor<3x4xf32>";
  const types = "%a: tensor<3x4xf32>, %b: tensor<3xf32>, %c: tensor<4x3xf32>, %d: tensor<3x3xf32>";
  return [name, `func.func @program(${types}) -> ${result} {\n  ${operation}\n  return %r : ${result}\n}\n`];
});

/** Deterministic values that differ from place to place. */
function valueOf(type: Type, seed: number): RuntimeValue {
  const numberAt = (index: number): number => ((index * 37 + seed * 11) % 23) - 7 || 5;
  if (!isShaped(type)) return type.kind === "float" ? numberAt(seed) : Math.abs(numberAt(seed));
  const shape = staticShape(type)!;
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, index) =>
    type.element.text === "i1" ? Math.abs(numberAt(index)) % 2 : numberAt(index),
  );
  return tensorFromNumbers(type.element.text as "f32" | "i32" | "i1", shape, values);
}

function runProgram(module: Module, path: "compiled" | "walked"): readonly RuntimeValue[] {
  const entry = module.operations.flat().find((op) => op?.name === "func.func")!.properties["function_type"]!;
  const inputs =
    entry.kind === "type" && entry.type.kind === "function" ? entry.type.inputs : functionType([], []).inputs;
  return interpretFunction(
    module,
    "program",
    inputs.map((type, index) => valueOf(type, index + 1)),
    { path },
  );
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
    numbers(valueOf({ kind: "tensor", shape, element: parseElement } as never, seed));
  const parseElement = { kind: "float", text: "f32" };

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
