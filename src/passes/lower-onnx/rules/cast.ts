import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { elementTypeOf } from "../../../frontends/onnx/element-types.ts";
import { f32, hostElementType, stringType, type Type, typeOfElement } from "../../../ir/types.ts";
import {
  allocateTensor,
  type HostTensor,
  readElement,
  tensorFromBytes,
  writeElement,
} from "../../../support/numeric/host-tensor.ts";
import { encodeE8M0 } from "../../../support/numeric/float-formats.ts";
import { bitWidthOf } from "../element-types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor-builder.ts";

/** How Cast treats what its target cannot hold. */
export interface CastMode {
  /** Out-of-range values become the largest finite one, for the 8-bit floats that Cast's table names. */
  readonly saturate: boolean;
  /** Rounding towards f8E8M0FNU. */
  readonly roundMode: string;
}

/** Largest finite value of the float types that saturate. */
const largestFinite: Readonly<Record<string, number>> = {
  f8E4M3FN: 448,
  f8E4M3FNUZ: 240,
  f8E5M2: 57344,
  f8E5M2FNUZ: 57344,
};

/** The element type of a `to` attribute. */
export function castTarget(view: Pick<LoweringView, "unsupported">, to: number): Type {
  const element = elementTypeOf(to);
  return element === undefined ? view.unsupported(`data type ${to} has no element type here`) : typeOfElement(element);
}

/** Cast of one scalar, saturating where ONNX says so. NaN stays NaN. */
export function castScalar(s: ScalarBuilder, x: Scalar, to: Type, saturate: boolean): Scalar {
  const limit = largestFinite[to.text];
  if (limit === undefined || !saturate) return s.cast(x, to);
  const wide = x.type.kind === "float" && bitWidthOf(x.type) >= 32 ? x : s.cast(x, f32);
  const clamped = s.min(s.max(wide, s.constant(-limit, wide.type)), s.constant(limit, wide.type));
  return s.cast(clamped, to);
}

/** Cast of a tensor. Strings and f8E8M0FNU are converted by the host, so their operand must be known. */
export function castTensor(view: Pick<LoweringView, "t" | "known">, x: Tensor, to: Type, mode: CastMode): Tensor {
  const { t } = view;
  if (x.element === to) return x;
  if (to === stringType) return t.constant(toStrings(view.known(x, "input")), to);
  if (x.element === stringType) return t.constant(fromStrings(view.known(x, "input"), to), to);
  if (to.text === "f8E8M0FNU") return t.constant(toPowersOfTwo(view.known(x, "input"), mode), to);
  return t.map(x, (s, value) => castScalar(s, value, to, mode.saturate), to);
}

/** NumPy's text of numbers: the shortest decimal that reads back, `1.0` for whole floats, `nan` and `inf`. */
function toStrings(x: HostTensor): HostTensor {
  const isFloat = typeOfElement(x.elementType).kind === "float";
  const data = Array.from({ length: x.data.length }, (_, index) => {
    const value = readElement(x, index);
    if (x.elementType === "i1") return value ? "True" : "False";
    if (!isFloat) return String(value);
    return floatText(Number(value), x.elementType === "f64");
  });
  return { elementType: "string", shape: x.shape, data };
}

function floatText(value: number, isDouble: boolean): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = isDouble ? String(value) : shortestSingle(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
/** The shortest decimal that rounds to the same binary32 number. */
function shortestSingle(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

function fromStrings(x: HostTensor, to: Type): HostTensor {
  const result = allocateTensor(hostElementType(to)!, x.shape);
  for (let index = 0; index < x.data.length; index++) {
    const text = String(readElement(x, index)).trim();
    writeElement(result, index, to.kind === "float" ? parseFloatText(text) : BigInt(text));
  }
  return result;
}
function parseFloatText(text: string): number {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!special) return Number(text);
  return special[2]!.toLowerCase() === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
}

function toPowersOfTwo(x: HostTensor, mode: CastMode): HostTensor {
  const bits = Uint8Array.from({ length: x.data.length }, (_, index) =>
    encodeE8M0(Number(readElement(x, index)), roundModeOf(mode.roundMode), mode.saturate),
  );
  return tensorFromBytes("f8E8M0FNU", x.shape, bits);
}
const roundModeOf = (mode: string): "up" | "down" | "nearest" => (mode === "down" || mode === "nearest" ? mode : "up");

export const castRules: readonly Lowering[] = [
  lowering(onnx.Cast, (view) => {
    const { saturate, round_mode, to } = view.attributes;
    const mode = { saturate: saturate !== 0, roundMode: round_mode };
    return [castTensor(view, view.inputs.input, castTarget(view, to), mode)];
  }),
  lowering(onnx.CastLike, (view) => {
    const { saturate, round_mode } = view.attributes;
    const mode = { saturate: saturate !== 0, roundMode: round_mode };
    return [castTensor(view, view.inputs.input, view.inputs.target_type.element, mode)];
  }),
  lowering(onnx.BitCast, (view) => {
    const { t, inputs } = view;
    const to = castTarget(view, view.attributes.to);
    if (bitWidthOf(to) !== bitWidthOf(inputs.input.element))
      view.invalid(`${inputs.input.element.text} and ${to.text} differ in width`);
    return [t.map(inputs.input, (s, value) => s.bitcast(value, to), to)];
  }),
];
