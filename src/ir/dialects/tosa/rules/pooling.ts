import { resultType } from "../../rules/operation-view.ts";
import {
  type Check,
  isStatic,
  sameElementTypes,
  shapeOf,
  type WithAttributes,
  type WithOperands,
  type WithTypes,
} from "./check.ts";
import { atLeast, checkOutputSize, planeAxes } from "./convolution.ts";
import { andItsZeroPoint, zeroPointType, zeroPointValue } from "./zero-point.ts";

type Pooling = WithTypes<"input"> &
  WithAttributes<{
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly pad: readonly number[];
  }>;

/** The window's place among the sizes, and how messages speak of its padding: the width is looked at first. */
const windows = [
  { index: 1, sides: ["left", "right"], size: "width", letter: "x" },
  { index: 0, sides: ["top", "bottom"], size: "height", letter: "y" },
] as const;

export const poolingSizes: Check<Pooling> = (view) => {
  const { kernel, stride, pad } = view.attributes;
  const wrong = atLeast(1, kernel, "kernel") ?? atLeast(1, stride, "stride") ?? atLeast(0, pad, "padding");
  if (wrong !== undefined) return wrong;
  for (const { index, sides, size, letter } of windows) {
    const [before, after, window] = [pad[2 * index]!, pad[2 * index + 1]!, kernel[index]!];
    if (before >= window || after >= window)
      return `expected ${sides.join("/")} padding to be less than the ${size} of the kernel, got pad_${sides[0]}=${before}, pad_${sides[1]}=${after}, kernel_${letter}=${window}`;
  }
  const [input, output] = [shapeOf(view.types.input), shapeOf(resultType(view))];
  if (input === undefined || output === undefined) return undefined;
  for (const [index, axis] of planeAxes.entries()) {
    const size = input[axis.position]!;
    if (!isStatic(size)) continue;
    const [before, after, window] = [pad[2 * index]!, pad[2 * index + 1]!, kernel[index]!];
    const found = checkOutputSize(axis, size + before + after - window, stride[index]!, output[axis.position]!, {
      symbols: `input_${axis.name} + pad_${axis.before} + pad_${axis.after} - kernel_${axis.letter}`,
      numbers: `${size} + ${before} + ${after} - ${window}`,
    });
    if (found !== undefined) return found;
  }
  return undefined;
};

type Average = WithTypes<"input" | "input_zp" | "output_zp"> & WithOperands<"input_zp" | "output_zp">;
export const averageZeroPoints: Check<Average> = (view) => {
  const { types, reader, operands } = view;
  return (
    zeroPointType(types.input, types.input_zp, andItsZeroPoint("input")) ??
    zeroPointType(resultType(view), types.output_zp, andItsZeroPoint("output")) ??
    zeroPointValue(reader, operands.input_zp, "input") ??
    zeroPointValue(reader, operands.output_zp, "output")
  );
};

export const sameInputAndOutputElement: Check<WithTypes<"input">> = (view) =>
  sameElementTypes(view.types.input, resultType(view));
