import { namedOperations } from "../../src/ir/dialects/linalg/named-operations.ts";
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import type { RuntimeValue } from "../../src/interpreter/values.ts";
import type { Module } from "../../src/ir/module.ts";
import { isShaped, staticShape, type Type } from "../../src/ir/types.ts";
import { tensorFromNumbers } from "../../src/support/numeric/host-tensor.ts";
import { namedProgram } from "../ir/dialects/linalg/named-programs.ts";

const elementOf = (name: string): string => (name.endsWith("unsigned") || name.endsWith("_q") ? "i32" : "f32");
/** A program for each entry of the table, small enough to be run point by point. */
export const programs: readonly (readonly [string, string])[] = Object.keys(namedOperations).map((name) => {
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
/** Programs with the structured operations that are no entries. */
export const others: readonly (readonly [string, string])[] = Object.entries({
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

/** Deterministic values that differ from place to place; never zero, which would divide. */
export function valueOf(type: Type, seed: number): RuntimeValue {
  const numberAt = (index: number): number => ((index * 37 + seed * 11) % 23) - 7 || 5;
  if (!isShaped(type)) return type.kind === "float" ? numberAt(seed) : Math.abs(numberAt(seed));
  const shape = staticShape(type)!;
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, index) =>
    type.element.text === "i1" ? Math.abs(numberAt(index)) % 2 : numberAt(index),
  );
  return tensorFromNumbers(type.element.text as "f32" | "i32" | "i1", shape, values);
}

/** Values for the arguments of the program's function. */
export function inputsOf(module: Module): readonly RuntimeValue[] {
  const fn = module.operations.flat().find((op) => op?.name === "func.func");
  const type = fn?.properties["function_type"];
  if (type?.kind !== "type" || type.type.kind !== "function") throw new Error("there is no function");
  return type.type.inputs.map((input, index) => valueOf(input, index + 1));
}

/** Runs the program on these values. */
export const runProgram = (module: Module, path: "compiled" | "walked"): readonly RuntimeValue[] =>
  interpretFunction(module, "program", inputsOf(module), { path });
