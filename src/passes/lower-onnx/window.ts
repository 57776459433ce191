import { type AffineExpression, affine } from "../../ir/affine.ts";
import type { LoweringView } from "./lowering.ts";

/** How a moving window meets one spatial axis; all numbers count elements. */
export interface WindowAxis {
  /** Of the operand, without padding. */
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Declared padding before and after the operand. */
  readonly low: number;
  readonly high: number;
  /** How many positions the window takes. */
  readonly output: number;
}

/** The attributes that place a window, as every convolution and pooling operator has them. */
export interface WindowAttributes {
  readonly auto_pad?: string;
  readonly ceil_mode?: number;
  readonly dilations?: readonly number[] | undefined;
  readonly pads?: readonly number[] | undefined;
  readonly strides?: readonly number[] | undefined;
}

/** How many elements a dilated kernel spans. */
export const extentOf = ({ kernel, dilation }: Pick<WindowAxis, "kernel" | "dilation">): number =>
  (kernel - 1) * dilation + 1;

/** Padding after the operand that the last window position needs: less than declared, or more where sizes are rounded up. */
export const neededHigh = (axis: WindowAxis): number =>
  Math.max(0, (axis.output - 1) * axis.stride + extentOf(axis) - axis.size - axis.low);

/** The element that a window at loop `output` reads at its position `kernel`, counted in the padded operand. */
export const windowIndex = (axis: WindowAxis, output: AffineExpression, kernel: AffineExpression): AffineExpression =>
  affine.add(
    affine.multiply(output, affine.constant(axis.stride)),
    affine.multiply(kernel, affine.constant(axis.dilation)),
  );

/** A list attribute with one entry (or `per`) for each spatial axis, or all `fallback`. */
export function perAxis(
  view: Pick<LoweringView, "invalid">,
  name: string,
  values: readonly number[] | undefined,
  count: number,
  fallback: number,
): readonly number[] {
  if (!values || values.length === 0) return Array.from({ length: count }, () => fallback);
  if (values.length !== count) view.invalid(`${name} has ${values.length} entries, not ${count}`);
  if (values.some((value) => value < fallback)) view.invalid(`${name} [${values}] has an entry below ${fallback}`);
  return values;
}

/** The geometry of a window over spatial axes of the given sizes, by ONNX's rules for padding and output sizes. */
export function windowOf(
  view: Pick<LoweringView, "invalid">,
  sizes: readonly number[],
  kernel: readonly number[],
  attributes: WindowAttributes,
): readonly WindowAxis[] {
  const count = sizes.length;
  if (kernel.length !== count || kernel.some((size) => size < 1))
    view.invalid(`kernel [${kernel}] does not fit ${count} spatial axes`);
  const strides = perAxis(view, "strides", attributes.strides, count, 1);
  const dilations = perAxis(view, "dilations", attributes.dilations, count, 1);
  const pads = perAxis(view, "pads", attributes.pads, 2 * count, 0);
  return sizes.map((size, axis) => {
    const base = { size, kernel: kernel[axis]!, stride: strides[axis]!, dilation: dilations[axis]! };
    const explicit = { low: pads[axis]!, high: pads[count + axis]! };
    return placed(view, base, explicit, attributes.auto_pad ?? "NOTSET", (attributes.ceil_mode ?? 0) !== 0);
  });
}

function placed(
  view: Pick<LoweringView, "invalid">,
  base: Omit<WindowAxis, "low" | "high" | "output">,
  explicit: Pick<WindowAxis, "low" | "high">,
  autoPad: string,
  ceil: boolean,
): WindowAxis {
  const { size, stride } = base;
  const extent = extentOf(base);
  switch (autoPad) {
    case "SAME_UPPER":
    case "SAME_LOWER": {
      const output = Math.ceil(size / stride);
      const total = Math.max(0, (output - 1) * stride + extent - size);
      const low = autoPad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
      return { ...base, low, high: total - low, output };
    }
    case "VALID":
      return { ...base, low: 0, high: 0, output: positions(view, size, extent, stride) };
    case "NOTSET":
    case "": {
      const { low, high } = explicit;
      const room = size + low + high;
      const whole = positions(view, room, extent, stride);
      // Rounded up, a last window may hang over the end, but it must start inside the operand or the padding before it.
      const overhangs = ceil && (room - extent) % stride !== 0 && whole * stride < size + low;
      return { ...base, low, high, output: overhangs ? whole + 1 : whole };
    }
    default:
      return view.invalid(`auto_pad ${autoPad} is none of NOTSET, SAME_UPPER, SAME_LOWER and VALID`);
  }
}

function positions(view: Pick<LoweringView, "invalid">, room: number, extent: number, stride: number): number {
  if (room < extent) view.invalid(`a window of ${extent} is wider than the padded operand, which has ${room}`);
  return Math.floor((room - extent) / stride) + 1;
}
