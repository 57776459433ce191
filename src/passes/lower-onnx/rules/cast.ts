import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { elementTypeOf } from "../../../frontends/onnx/element-types.ts";
import {
  f32,
  f64,
  hostElementType,
  i32,
  i64,
  i8,
  integerType,
  stringType,
  type Type,
  typeOfElement,
} from "../../../ir/types.ts";
import { allocateTensor, type HostTensor, readElement, writeElement } from "../../../support/numeric/host-tensor.ts";
import { bitWidthOf } from "../element-types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";

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
  if (x.type.kind === "float" && to.kind === "integer" && to.text !== "i1") {
    // ONNX leaves floats out of range open; its test data wraps them as NumPy does, by way of a wider integer.
    if (to.width < 32) return s.cast(s.cast(x, i32), to);
    return to.text === "ui32" ? s.cast(s.cast(x, i64), to) : s.cast(x, to);
  }
  if (limit === undefined || !saturate) return s.cast(x, to);
  const wide = x.type.kind === "float" && bitWidthOf(x.type) >= 32 ? x : s.cast(x, f32);
  const clamped = s.min(s.max(wide, s.constant(-limit, wide.type)), s.constant(limit, wide.type));
  return s.cast(clamped, to);
}

/** Cast of a tensor. Strings are converted by the host, so their operand must be known. */
function castTensor(view: Pick<LoweringView, "t" | "known" | "invalid">, x: Tensor, to: Type, mode: CastMode): Tensor {
  const { t } = view;
  if (x.element === to) return x;
  if (to === stringType) return t.constant(toStrings(view.known(x, "input")), to);
  if (x.element === stringType) return t.constant(fromStrings(view, view.known(x, "input"), to), to);
  if (to.text === "f8E8M0FNU") return t.map(x, (s, value) => powerOfTwo(s, value, to, mode), to);
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

function fromStrings(view: Pick<LoweringView, "invalid">, x: HostTensor, to: Type): HostTensor {
  const result = allocateTensor(hostElementType(to)!, x.shape);
  for (let index = 0; index < x.data.length; index++) {
    const text = String(readElement(x, index)).trim();
    const value = /^[+-]?\d+$/.test(text) && to.kind !== "float" ? BigInt(text.replace("+", "")) : parseFloatText(text);
    if (value === undefined) view.invalid(`the text ${JSON.stringify(text.slice(0, 40))} is no number`);
    writeElement(result, index, to.text === "i1" ? Number(value !== 0 && value !== 0n) : value);
  }
  return result;
}
/** The value of a decimal number, `inf` or `nan` in any case; undefined for other texts. */
function parseFloatText(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special) return special[2]!.toLowerCase() === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/**
 * The f8E8M0FNU nearest to a number, by the bits of its binary64 form: `up` away from zero, `down` towards zero, `nearest` with ties
 * up. Too small or too large ones clamp when saturating and are NaN otherwise; negative ones, which ONNX leaves open, are NaN.
 */
function powerOfTwo(s: ScalarBuilder, x: Scalar, to: Type, { saturate, roundMode }: CastMode): Scalar {
  const wide = s.cast(x, f64);
  const bits = s.bitcast(wide, i64);
  const long = (value: number | bigint): Scalar => s.constant(value, i64);
  const fraction = s.and(bits, long((1n << 52n) - 1n));
  // Both exponents are biased: 1023 in binary64, 127 here.
  const exponent = s.sub(s.shiftRight(bits, long(52)), long(1023 - 127));
  const threshold = roundMode === "nearest" ? 1n << 51n : 1n;
  const rounded =
    roundMode === "down" ? exponent : s.add(exponent, s.cast(s.compare("ge", fraction, long(threshold)), i64));
  const notANumber = long(0xff);
  const clamped = s.select(s.compare("gt", rounded, long(0xfe)), saturate ? long(0xfe) : notANumber, rounded);
  const isTiny = s.compare("lt", wide, s.constant(2 ** -127, f64));
  const positive = s.select(isTiny, saturate ? long(0) : notANumber, clamped);
  const isOrdered = s.compare("ge", wide, s.constant(0, f64));
  return s.bitcast(s.cast(s.select(isOrdered, positive, notANumber), i8), to);
}

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
    const from = inputs.input.element;
    if (storedWidth(to) !== storedWidth(from)) view.invalid(`${from.text} and ${to.text} differ in width`);
    // A truth value is stored as a byte of 0 or 1.
    const reinterpreted = (s: ScalarBuilder, value: Scalar): Scalar =>
      from.text === "i1"
        ? s.bitcast(s.cast(value, integerType(8, "unsigned")), to)
        : to.text === "i1"
          ? s.cast(s.bitcast(value, i8), to)
          : s.bitcast(value, to);
    return [t.map(inputs.input, reinterpreted, to)];
  }),
];

/** Bits of an element in ONNX's storage. */
const storedWidth = (type: Type): number => (type.text === "i1" ? 8 : bitWidthOf(type));
