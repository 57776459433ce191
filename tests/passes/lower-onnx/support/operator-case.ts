import { expect, test } from "vitest";
import { importOnnx } from "../../../../src/frontends/onnx/import.ts";
import { loadOnnxModelFromBytes } from "../../../../src/frontends/onnx/load.ts";
import { interpretFunction } from "../../../../src/interpreter/interpret.ts";
import { bodyOf, ModuleReader } from "../../../../src/ir/module.ts";
import { typeOfElement } from "../../../../src/ir/types.ts";
import { reinterpret, signless } from "../../../../src/passes/lower-onnx/element-types.ts";
import { evaluateGraph } from "../../../../src/passes/lower-onnx/evaluate-graph.ts";
import { lowerOnnx } from "../../../../src/passes/lower-onnx/lower-onnx.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";
import type { ElementType } from "../../../../src/support/numeric/element-type.ts";
import { type HostTensor, readElement } from "../../../../src/support/numeric/host-tensor.ts";
import { initializer, type Node, untyped, value, writeModel } from "../../../frontends/onnx/support/model-writer.ts";
import { runInOnnxRuntime } from "../../../frontends/onnx/support/onnxruntime.ts";

/** One operator (or a few) with operands; constants are initializers. */
export interface OperatorCase {
  readonly name: string;
  readonly opset?: number;
  readonly domains?: Readonly<Record<string, number>>;
  readonly nodes: readonly Node[];
  readonly inputs?: Readonly<Record<string, HostTensor>>;
  readonly constants?: Readonly<Record<string, HostTensor>>;
  /** Names of the outputs; types only where they are not inferable. */
  readonly outputs?: readonly string[];
  readonly types?: Readonly<Record<string, readonly [ElementType, readonly number[]]>>;
}

export const microsoft = { "com.microsoft": 1 } as const;
export const ml = { "ai.onnx.ml": 5 } as const;

export function bytesOfCase(example: OperatorCase): Uint8Array {
  const inputs = Object.entries(example.inputs ?? {});
  const { types = {}, outputs = ["y"] } = example;
  return writeModel({
    opset: example.opset ?? 21,
    irVersion: 10,
    domains: example.domains ?? {},
    graph: {
      node: [...example.nodes],
      input: inputs.map(([name, tensor]) => value(name, tensor.elementType, tensor.shape)),
      output: outputs.map((name) => (types[name] ? value(name, ...types[name]) : untyped(name))),
      initializer: Object.entries(example.constants ?? {}).map(([name, tensor]) => initializer(name, tensor)),
    },
  });
}

const importCase = (example: OperatorCase) =>
  importOnnx(loadOnnxModelFromBytes(bytesOfCase(example), { file: "case.onnx", folder: undefined }), {
    bind: new Map(),
    shapes: new Map(),
  });

/** With every operand known: what the interpreter target does. */
export function runKnown(example: OperatorCase): readonly HostTensor[] {
  const module = importCase(example);
  const reader = new ModuleReader(module);
  const entry = bodyOf(reader, reader.operation(reader.root)).find((op) => "weft.entry_point" in op.attributes)!;
  const inputs = Object.values(example.inputs ?? {}).map((tensor) => ({ kind: "tensor", tensor }) as const);
  return evaluateGraph(module, entry, inputs).map((result) => {
    if (result.kind !== "tensor") throw new Error("the case returns no tensor");
    return result.tensor;
  });
}

/** With unknown inputs: what compiled code does. Unsigned results come as signless ones. */
export function runUnknown(example: OperatorCase): readonly HostTensor[] {
  const inputs = Object.values(example.inputs ?? {}).map((tensor) =>
    reinterpret(tensor, signless(typeOfElement(tensor.elementType))),
  );
  return interpretFunction(lowerOnnx(importCase(example)), "main", inputs) as readonly HostTensor[];
}

/** The code and message of the refusal of a case. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CompileError)
      return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
    throw error;
  }
  return "no refusal";
}

export interface Expected {
  readonly shape: readonly number[];
  readonly values: readonly (number | bigint | string)[];
}

const elements = (tensor: HostTensor): readonly (number | bigint | string)[] =>
  Array.from({ length: tensor.data.length }, (_, index) => readElement(tensor, index));

/** How far results may lie from what is expected: relative to 1 plus the magnitude, or at all. */
export interface Closeness {
  readonly relative?: number;
  readonly absolute?: number;
  /** For results that compiled code cannot have: their shape depends on data, or they are strings. */
  readonly onlyKnown?: boolean;
}

export function expectClose(
  actual: HostTensor,
  expected: Expected,
  { relative = 1e-5, absolute = 0 }: Closeness,
): void {
  expect(actual.shape).toEqual([...expected.shape]);
  const values = elements(actual);
  expect(values).toHaveLength(expected.values.length);
  for (const [index, wanted] of expected.values.entries()) {
    const value = values[index]!;
    if (typeof wanted === "string" || typeof value === "string") expect(value).toBe(wanted);
    else if (!Number.isFinite(Number(wanted))) expect(Number(value)).toBe(Number(wanted));
    else {
      const difference = Math.abs(Number(value) - Number(wanted));
      if (!(difference <= absolute + relative * (1 + Math.abs(Number(wanted)))))
        expect.fail(`element ${index} is ${value} instead of ${wanted}`);
    }
  }
}

/** Checks a case with known and with unknown inputs. */
export function checkCase(example: OperatorCase, expected: readonly Expected[], closeness: Closeness = {}): void {
  const known = runKnown(example);
  expected.forEach((wanted, index) => expectClose(known[index]!, wanted, closeness));
  if (closeness.onlyKnown) return;
  const unknown = runUnknown(example);
  expected.forEach((wanted, index) =>
    expectClose(reinterpret(unknown[index]!, typeOfElement(known[index]!.elementType)), wanted, closeness),
  );
}

/** One test for each case: ONNX Runtime says what is right. */
export function testAgainstOnnxRuntime(cases: readonly (OperatorCase & Closeness)[]): void {
  test.each(cases)("$name", async (example) => {
    const results = await runInOnnxRuntime(bytesOfCase(example), example.inputs ?? {});
    checkCase(
      example,
      (example.outputs ?? ["y"]).map((name) => results[name]!),
      example,
    );
  });
}
