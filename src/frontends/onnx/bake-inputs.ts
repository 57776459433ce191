import { readFileSync } from "node:fs";
import { CompileError, defineDiagnostics, type Diagnostic, message } from "../../support/diagnostic.ts";
import { elementCount, type HostTensor, tensorFromNumbers } from "../../support/numeric/host-tensor.ts";
import { isFloat } from "../../support/numeric/element-type.ts";
import { readNpy } from "../../support/numeric/npy.ts";
import { fileLocation } from "../../support/location.ts";
import { escapeHostile, onnxLocation, quote } from "./diagnostics.ts";
import type { OnnxModel, OnnxValueInfo } from "./graph.ts";

const diagnostics = defineDiagnostics("onnx", {
  "constant-unknown-input": {
    severity: "error",
    message: message`--constant names ${"name"}, which is no input; there are ${"known"}`,
    help: "check the name's spelling",
  },
  "constant-invalid": {
    severity: "error",
    message: message`--constant ${"name"}=${"text"}: ${"problem"}`,
    help: "write NAME=16000, NAME=1,2,3 or NAME=@file.npy",
  },
});

/**
 * Gives inputs their values at compile time: they become initializers, and whatever depends on them alone is computed while
 * compiling. Values are numbers separated by commas, or `@` and the path of an .npy file.
 * @throws CompileError with every unknown name and every value that does not fit
 */
export function bakeInputs(model: OnnxModel, texts: ReadonlyMap<string, string>): OnnxModel {
  if (texts.size === 0) return model;
  const { graph } = model;
  const initializers = new Map([...graph.initializers, ...bakedTensors(model, texts)]);
  return { ...model, graph: { ...graph, initializers, inputs: graph.inputs.filter(({ name }) => !texts.has(name)) } };
}

/** The tensors of the inputs that become constants. @throws CompileError as `bakeInputs` does */
export function bakedTensors(model: OnnxModel, texts: ReadonlyMap<string, string>): ReadonlyMap<string, HostTensor> {
  const { graph } = model;
  const problems: Diagnostic[] = [];
  const tensors = new Map<string, HostTensor>();
  const known = graph.inputs.map(({ name }) => quote(name)).join(", ") || "none";
  for (const [name, text] of texts) {
    const place = onnxLocation(model.source, `graph.${escapeHostile(name)}`);
    const input = graph.inputs.find((candidate) => candidate.name === name);
    if (!input) {
      problems.push(diagnostics.at("constant-unknown-input", place, { name: quote(name), known }));
      continue;
    }
    const value = valueOf(input, text);
    if (typeof value === "string")
      problems.push(
        diagnostics.at("constant-invalid", place, { name: quote(name), text: quote(text), problem: value }),
      );
    else tensors.set(name, value);
  }
  if (problems.length > 0) throw new CompileError(problems);
  return tensors;
}

/** The tensor, or what is wrong with the text. */
function valueOf({ type }: OnnxValueInfo, text: string): HostTensor | string {
  if (type?.kind !== "tensor") return "the input is no tensor";
  if (type.elementType === "string") return "the input holds strings";
  if (text.startsWith("@")) {
    try {
      const tensor = readNpy(readFileSync(text.slice(1)), fileLocation(text.slice(1)));
      return tensor.elementType === type.elementType
        ? tensor
        : `the file holds ${tensor.elementType}, not ${type.elementType}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => !/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(part))) return "these are no numbers";
  const float = isFloat(type.elementType);
  if (!float && parts.some((part) => !/^[+-]?\d+$/.test(part))) return `the input takes integers (${type.elementType})`;
  const shape = shapeOf(type.shape, parts.length);
  if (!shape) return `${parts.length} numbers do not fill the input's shape`;
  return tensorFromNumbers(type.elementType, shape, float ? parts.map(Number) : parts.map(BigInt));
}

/** The declared shape if it is filled by `count` numbers, its one open dimension given what is left. */
function shapeOf(declared: readonly unknown[] | undefined, count: number): readonly number[] | undefined {
  if (declared === undefined) return count === 1 ? [] : [count];
  const known = declared.filter((size): size is number => typeof size === "number");
  const open = declared.length - known.length;
  if (open > 1) return undefined;
  const rest = count / elementCount(known);
  const shape = declared.map((size) => (typeof size === "number" ? size : rest));
  return Number.isInteger(rest) && elementCount(shape) === count ? shape : undefined;
}
