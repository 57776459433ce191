import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";
import { fileLocation, unknownLocation } from "../../support/location.ts";
import type { Tolerance } from "../../support/numeric/compare.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import type { DimensionChoices } from "../../frontends/onnx/dimensions.ts";
import type { OnnxModel } from "../../frontends/onnx/graph.ts";
import { loadOnnxModel } from "../../frontends/onnx/load.ts";
import { type OnnxValue, readTensorFile } from "../../frontends/onnx/tensor-file.ts";

/** One folder of ONNX backend test data: a model and the inputs and outputs it must give. */
export interface ConformanceTest {
  readonly name: string;
  /** The folder above the test's: `node`, `simple`, … */
  readonly category: string;
  readonly folder: string;
  readonly tolerance: Tolerance;
}

/** A test's model with the values of one of its data sets. */
export interface ConformanceCase {
  readonly test: ConformanceTest;
  readonly model: OnnxModel;
  /** What binds the model's open dimensions to the inputs' shapes. */
  readonly choices: DimensionChoices;
  readonly inputs: readonly OnnxValue[];
  readonly expected: readonly OnnxValue[];
}

const suiteDiagnostics = defineDiagnostics("conformance", {
  "no-tests": {
    severity: "error",
    message: message`${"folder"} holds no ONNX backend tests`,
    help: "give a folder with CATEGORY/TEST/model.onnx and CATEGORY/TEST/test_data_set_0/*.pb, or one TEST folder",
  },
  "no-match": {
    severity: "error",
    message: message`no test's name matches ${"filter"}`,
    help: "names are those of the tests' folders, such as test_conv_with_strides_padding",
  },
  "invalid-filter": {
    severity: "error",
    message: message`the filter is no regular expression: ${"cause"}`,
    help: "quote characters that have a meaning there with a backslash",
  },
});

/** The tolerance of ONNX's own test runner. */
const usualTolerance: Tolerance = { absolute: 1e-7, relative: 1e-3 };

/** All tests below a folder, in a fixed order. Tolerances come from its MANIFEST.json where there is one. */
export function findTests(folder: string): readonly ConformanceTest[] {
  const tolerances = readTolerances(folder);
  const tests = testFolders(folder, 3).map((path) => ({
    name: basename(path),
    category: basename(dirname(path)),
    folder: path,
    tolerance: tolerances.get(basename(path)) ?? usualTolerance,
  }));
  if (tests.length === 0) throw new CompileError([suiteDiagnostics.at("no-tests", fileLocation(folder), { folder })]);
  return tests;
}

/** The tests whose names match a regular expression, of which there must be one. @throws CompileError */
export function filterTests(tests: readonly ConformanceTest[], filter: string): readonly ConformanceTest[] {
  let expression: RegExp;
  try {
    expression = new RegExp(filter);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([suiteDiagnostics.at("invalid-filter", unknownLocation, { cause })]);
  }
  const matching = tests.filter(({ name }) => expression.test(name));
  if (matching.length === 0) throw new CompileError([suiteDiagnostics.at("no-match", unknownLocation, { filter })]);
  return matching;
}

function testFolders(folder: string, depth: number): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  if (existsSync(join(folder, "model.onnx"))) return [folder];
  if (depth === 0) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => testFolders(join(folder, name), depth - 1));
}

function readTolerances(folder: string): ReadonlyMap<string, Tolerance> {
  const path = join(folder, "MANIFEST.json");
  if (!existsSync(path)) return new Map();
  const entries = JSON.parse(readFileSync(path, "utf8")) as readonly { name: string; rtol: number; atol: number }[];
  return new Map(entries.map(({ name, rtol, atol }) => [name, { relative: rtol, absolute: atol }]));
}

/** Loads a test's model and first data set. */
export function loadCase(test: ConformanceTest): ConformanceCase {
  const model = loadOnnxModel(join(test.folder, "model.onnx"));
  const data = join(test.folder, "test_data_set_0");
  const read = (prefix: string, ports: OnnxModel["graph"]["inputs"]): readonly OnnxValue[] =>
    ports.map(({ type }, index) => {
      const file = join(data, `${prefix}_${index}.pb`);
      return readTensorFile(readFileSync(file), type!, file);
    });
  const inputs = read("input", model.graph.inputs);
  const shapes = new Map(
    model.graph.inputs.flatMap(({ name, type }, index) => {
      const value = inputs[index]!;
      const isOpen = type?.kind === "tensor" && (type.shape?.some((size) => typeof size !== "number") ?? true);
      return value.kind === "tensor" && isOpen ? [[name, value.tensor.shape] as const] : [];
    }),
  );
  return { test, model, choices: { bind: new Map(), shapes }, inputs, expected: read("output", model.graph.outputs) };
}

/** A case's inputs by name; those that are no tensors are left out. */
export const inputTensors = ({ model, inputs }: ConformanceCase): ReadonlyMap<string, HostTensor> =>
  new Map(
    model.graph.inputs.flatMap(({ name }, index) => {
      const value = inputs[index]!;
      return value.kind === "tensor" ? [[name, value.tensor] as const] : [];
    }),
  );
