import { elementCount, type HostTensor, readElement } from "../../support/numeric/host-tensor.ts";
import { LoweringRefused } from "./lowering.ts";
import { broadcastShapes } from "./broadcast.ts";

/** Host tensors (strings among them) repeated to their common NumPy shape, as plain lists: for what only the host computes. */
export function broadcastHost(tensors: readonly HostTensor[]): {
  readonly shape: readonly number[];
  readonly operands: readonly (readonly unknown[])[];
} {
  const shape = broadcastShapes(tensors.map((tensor) => tensor.shape));
  if (!shape) throw new LoweringRefused("invalid", "the shapes of its operands do not broadcast");
  const operands = tensors.map((tensor) => {
    const strides = stridesOf(tensor.shape, shape);
    return Array.from({ length: elementCount(shape) }, (_, position) => {
      let offset = 0;
      for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
        offset += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      return readElement(tensor, offset);
    });
  });
  return { shape, operands };
}

/** Row-major strides of `from` seen with shape `to`: zero along repeated dimensions. */
function stridesOf(from: readonly number[], to: readonly number[]): readonly number[] {
  const strides = to.map(() => 0);
  for (let axis = from.length - 1, step = 1; axis >= 0; axis--) {
    if (from[axis] !== 1) strides[axis + to.length - from.length] = step;
    step *= from[axis]!;
  }
  return strides;
}
