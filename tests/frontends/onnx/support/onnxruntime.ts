import { InferenceSession, Tensor } from "onnxruntime-node";
import type { ElementType } from "../../../../src/support/numeric/element-type.ts";
import type { HostTensor } from "../../../../src/support/numeric/host-tensor.ts";

const runtimeTypes: Partial<Record<ElementType, Tensor.Type>> = {
  f32: "float32",
  f64: "float64",
  i64: "int64",
  i32: "int32",
  i8: "int8",
  ui8: "uint8",
  i1: "bool",
  string: "string",
};

/** What ONNX Runtime makes of a tensor: its shape and its numbers. */
export interface RuntimeOutput {
  readonly shape: readonly number[];
  readonly values: readonly (number | bigint | string)[];
}

/** Runs a model in ONNX Runtime without its graph optimizations; outputs by name. */
export async function runInOnnxRuntime(
  model: Uint8Array,
  inputs: Readonly<Record<string, HostTensor>>,
): Promise<Readonly<Record<string, RuntimeOutput>>> {
  const session = await InferenceSession.create(model, {
    logSeverityLevel: 4,
    graphOptimizationLevel: "disabled",
    // Threads that spin for work make small models slow on a busy machine.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(tensor)]));
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: [...dims], values: [...(data as Iterable<number | bigint | string>)] },
    ]),
  );
}

function toRuntime({ elementType, shape, data }: HostTensor): Tensor {
  const type = runtimeTypes[elementType];
  if (type === undefined) throw new Error(`the runtime takes no ${elementType}`);
  return new Tensor(type, data as Tensor.DataTypeMap[typeof type], shape);
}
