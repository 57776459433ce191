import { unitAttribute } from "../../../ir/attributes.ts";
import { isKernel, kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { arith } from "../../../ir/dialects/index.ts";
import { type IrReader, type Module, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, f16 } from "../../../ir/types.ts";
import { nativeHalvesAttribute } from "../../../passes/legalize/small-floats.ts";
import { pass } from "../../../passes/pass.ts";
import { webGpuTargetOf } from "../../../targets/webgpu.ts";

const isHalf = (reader: IrReader, value: ValueId): boolean => elementOf(reader.typeOf(value)) === f16;

/** Whether a kernel has f16 and nothing that only bit patterns of it can do. */
function canHoldHalves(reader: IrReader, kernel: Operation, mostBuffers: number): boolean {
  const buffers = kernelValues(reader, kernel).inputs.filter((value) => reader.typeOf(value).kind === "memref");
  // With more, some are merged into buffers of words.
  if (!buffers.some((value) => isHalf(reader, value)) || buffers.length > mostBuffers) return false;
  for (const op of walk(reader, kernel.id))
    if (op.name === arith.bitcast.name && [...op.operands, ...op.results].some((value) => isHalf(reader, value)))
      return false;
  return true;
}

/** On devices with the feature `shader-f16`, marks the kernels that hold f16 values as what they are instead of as bit patterns. */
export const chooseNativeHalves = pass({
  name: "wgsl-choose-native-halves",
  summary: "mark kernels that use the device's own f16",
  anchors: ["builtin.module"],
  statistics: { kernels: "kernels marked" },
  run(module: Module, _options, context) {
    const { features, limits } = webGpuTargetOf(module);
    if (!features.includes("shader-f16")) return module;
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel)) {
      if (!canHoldHalves(rewriter, kernel, limits.maxStorageBuffersPerShaderStage)) continue;
      rewriter.update(kernel.id, { attributes: { ...kernel.attributes, [nativeHalvesAttribute]: unitAttribute } });
      context.count("kernels");
    }
    return context.commit(rewriter);
  },
});
