import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { readTensorFile } from "../frontends/onnx/tensor-file.ts";
import type { Port } from "../runtime/executor.ts";
import { randomSource, randomTensor } from "../runtime/random-tensor.ts";
import { CompileError, defineDiagnostics, message } from "../support/diagnostic.ts";
import { fileLocation, unknownLocation } from "../support/location.ts";
import { storageBytes } from "../support/numeric/element-type.ts";
import { elementCount, type HostTensor, tensorFromBytes } from "../support/numeric/host-tensor.ts";
import { readNpy } from "../support/numeric/npy.ts";

const inputDiagnostics = defineDiagnostics("input", {
  syntax: {
    severity: "error",
    message: message`--input ${"text"} is not NAME=FILE, NAME=random or random`,
    help: "write --input x=picture.npy, --input x=random or --input random",
  },
  unreadable: {
    severity: "error",
    message: message`input file ${"file"} cannot be read: ${"cause"}`,
    help: "give a .npy file, a .pb file of a TensorProto, or raw bytes of exactly the input's size",
  },
});

/**
 * Inputs as the command line names them: `NAME=FILE`, `NAME=random`, or `random` for all that are not named. Without any, all
 * are random.
 */
export function readInputs(
  texts: readonly string[],
  ports: readonly Port[],
  seed: number,
): ReadonlyMap<string, HostTensor> {
  const random = randomSource(seed);
  const sources = new Map<string, string>();
  let fallback = texts.length === 0 ? "random" : undefined;
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (text === "random") fallback = "random";
    else if (equals < 1) throw new CompileError([inputDiagnostics.at("syntax", unknownLocation, { text })]);
    else sources.set(text.slice(0, equals), text.slice(equals + 1));
  }
  const inputs = new Map<string, HostTensor>();
  for (const port of ports) {
    const source = sources.get(port.name) ?? fallback;
    if (source === "random") inputs.set(port.name, randomTensor(port, random));
    else if (source !== undefined) inputs.set(port.name, readTensor(source, port));
  }
  // Names that the model does not have are for the executor to refuse, together with what is missing.
  for (const name of sources.keys())
    if (!inputs.has(name)) inputs.set(name, { elementType: "f32", shape: [0], data: new Float32Array(0) });
  return inputs;
}

function readTensor(file: string, port: Port): HostTensor {
  try {
    const bytes = readFileSync(file);
    if (extname(file) === ".npy") return readNpy(bytes, fileLocation(file));
    if (extname(file) === ".pb") {
      const value = readTensorFile(bytes, { kind: "tensor", elementType: port.elementType, shape: undefined }, file);
      if (value.kind === "tensor") return value.tensor;
    }
    const shape = port.shape ?? [bytes.length / storageBytes(port.elementType)];
    const expected = elementCount(shape) * storageBytes(port.elementType);
    if (bytes.length !== expected) throw new Error(`it has ${bytes.length} bytes, the input has ${expected}`);
    return tensorFromBytes(port.elementType, shape, bytes);
  } catch (error) {
    if (error instanceof CompileError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([inputDiagnostics.at("unreadable", fileLocation(file), { file, cause })]);
  }
}
