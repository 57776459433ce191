import type { InferenceSession, Tensor } from "onnxruntime-node";
import { CompileError, defineDiagnostics, message } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import type { ElementType } from "../support/numeric/element-type.ts";
import { bytesOf, type HostTensor, tensorFromBytes } from "../support/numeric/host-tensor.ts";

const diagnostics = defineDiagnostics("onnxruntime", {
  missing: {
    severity: "error",
    message: message`ONNX Runtime is not installed`,
    help: "run npm install onnxruntime-node (with ONNXRUNTIME_NODE_INSTALL=skip for its CPU part only)",
  },
  failed: {
    severity: "error",
    message: message`ONNX Runtime: ${"cause"}`,
    help: "check that ONNX Runtime supports the model",
  },
});

/** ONNX Runtime's names of element types that its Node API can carry. */
const typeNames: Partial<Record<ElementType, string>> = {
  f32: "float32",
  f64: "float64",
  f16: "float16",
  i8: "int8",
  i16: "int16",
  i32: "int32",
  i64: "int64",
  ui8: "uint8",
  ui16: "uint16",
  ui32: "uint32",
  ui64: "uint64",
  i1: "bool",
  string: "string",
};
const elementTypes = new Map(Object.entries(typeNames).map(([element, name]) => [name, element as ElementType]));

type Runtime = typeof import("onnxruntime-node");

async function loadRuntime(): Promise<Runtime | undefined> {
  try {
    return await import("onnxruntime-node");
  } catch {
    return undefined;
  }
}
/** Whether ONNX Runtime is installed. */
export const hasOnnxRuntime = async (): Promise<boolean> => (await loadRuntime()) !== undefined;

/** The reference that Weft is measured against: a model in ONNX Runtime, on the CPU. */
export class OnnxRuntimeModel {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** @throws CompileError when ONNX Runtime is missing or refuses the model */
  static async load(model: string | Uint8Array, threads = 1): Promise<OnnxRuntimeModel> {
    const runtime = await loadRuntime();
    if (!runtime) throw new CompileError([diagnostics.at("missing", unknownLocation, {})]);
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionProviders: ["cpu"],
      logSeverityLevel: 3,
    };
    try {
      const session =
        typeof model === "string"
          ? await runtime.InferenceSession.create(model, options)
          : await runtime.InferenceSession.create(model, options);
      return new OnnxRuntimeModel(runtime, session);
    } catch (error) {
      throw failed(error);
    }
  }

  /** Inputs as ONNX Runtime's tensors; for repeated runs. Names the session does not have are left out: it drops unused inputs. */
  feeds(inputs: ReadonlyMap<string, HostTensor>): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, tensor] of inputs)
      if (this.#session.inputNames.includes(name)) feeds[name] = toRuntime(this.#runtime, tensor);
    return feeds;
  }

  async runFeeds(feeds: Record<string, Tensor>): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(feeds);
    } catch (error) {
      throw failed(error);
    }
  }

  async run(inputs: ReadonlyMap<string, HostTensor>): Promise<ReadonlyMap<string, HostTensor>> {
    const results = await this.runFeeds(this.feeds(inputs));
    return new Map(Object.entries(results).map(([name, value]) => [name, fromRuntime(value as Tensor)]));
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

const failed = (error: unknown): CompileError =>
  new CompileError([
    diagnostics.at("failed", unknownLocation, { cause: error instanceof Error ? error.message : String(error) }),
  ]);

function toRuntime(runtime: Runtime, tensor: HostTensor): Tensor {
  const name = typeNames[tensor.elementType];
  if (name === undefined) throw failed(new Error(`its Node API has no ${tensor.elementType} tensors`));
  // Booleans and halves are typed arrays here and there; ONNX Runtime wants its own kind of array for each.
  const data = tensor.elementType === "f16" ? new Uint16Array(bytesOf(tensor).slice().buffer) : tensor.data;
  return new runtime.Tensor(name as "float32", data as Float32Array, tensor.shape);
}

function fromRuntime(tensor: Tensor): HostTensor {
  const elementType = elementTypes.get(tensor.type);
  const shape = tensor.dims.map(Number);
  if (elementType === undefined) throw failed(new Error(`outputs of type ${tensor.type} cannot be read`));
  if (elementType === "string") return { elementType, shape, data: tensor.data as unknown as readonly string[] };
  const view = tensor.data as Float32Array;
  return tensorFromBytes(elementType, shape, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}
