/** From the onnx level to structured operations on tensors, simplified and fused. */
const tensorRoad = [
  "lower-onnx",
  "canonicalize",
  "cse",
  "constant-fold",
  "fuse-elementwise",
  "canonicalize",
  "cse",
  // After fusion, so that a scale behind a bias is seen too.
  "fold-scale-into-weights",
  "canonicalize",
  "cse",
  "form-kernels",
  "dce",
] as const;
/**
 * The same for devices whose invocations each compute one result or a row of them: attention, softmax and normalizations become one
 * operation or group each. On a CPU the reductions among them are better off as loops of their own, over vectors.
 */
export const deviceTensorRoad: readonly string[] = tensorRoad.flatMap((name) =>
  name === "form-kernels"
    ? ["fuse-attention", "canonicalize", "cse", "fuse-rows", "pack-reduction-words", name]
    : [name],
);
/** From tensors to structured operations on buffers. */
export const bufferRoad = ["bufferize"] as const;
/** From structured operations to loops over buffers in one arena. */
const kernelRoad = [
  "normalize-accesses",
  "choose-schedule",
  "tile",
  "vectorize",
  "lower-to-loops",
  "cse",
  "dce",
  "plan-memory",
] as const;
/** What makes vectors and register tiles; without it, kernels are plain loops. */
const vectorPasses: ReadonlySet<string> = new Set(["normalize-accesses", "choose-schedule", "tile", "vectorize"]);

/** How much of the road from a model to a CPU's kernels is wanted. */
export type Level = "tensor" | "buffer" | "kernel";

/** The text of a pipeline of these passes on modules. */
export const pipelineText = (names: readonly string[]): string => `builtin.module(${names.join(",")})`;

/**
 * The text of the pipeline from the onnx level to `level`, for CPUs.
 * @param vectors whether kernels use vectors; without, they are plain loops
 */
export function standardPipeline(level: Level, vectors = true): string {
  const kernels = kernelRoad.filter((name) => vectors || !vectorPasses.has(name));
  const roads = {
    tensor: tensorRoad,
    buffer: [...tensorRoad, ...bufferRoad],
    kernel: [...tensorRoad, ...bufferRoad, ...kernels],
  };
  return pipelineText(roads[level]);
}
