import { onnx } from "../../../ir/dialects/onnx/index.ts";
import type { Type } from "../../../ir/types.ts";
import { f32, f64 } from "../../../ir/types.ts";
import { bitWidthOf } from "../element-types.ts";
import { lowering, type Lowering } from "../lowering.ts";
import type { FloatFunction, Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";

type BinaryBody = (s: ScalarBuilder, x: Scalar, y: Scalar) => Scalar;

/** The type in which sums and functions of narrow floats are computed. */
export const computationType = (type: Type): Type => (type.kind === "float" && bitWidthOf(type) < 32 ? f32 : type);

/** Applies a scalar body in the computation type and casts back. */
export function mapWide(t: TensorBuilder, x: Tensor, body: (s: ScalarBuilder, value: Scalar) => Scalar): Tensor {
  const wide = computationType(x.element);
  return t.map(x, (s, value) => s.cast(body(s, s.cast(value, wide)), x.element));
}

const binaryBodies = {
  Add: (s, x, y) => s.add(x, y),
  Sub: (s, x, y) => s.sub(x, y),
  Mul: (s, x, y) => s.mul(x, y),
  Div: (s, x, y) => s.div(x, y),
} as const satisfies Readonly<Record<string, BinaryBody>>;

const binaryRules = (Object.keys(binaryBodies) as (keyof typeof binaryBodies)[]).map((name) =>
  lowering(onnx[name], ({ t, inputs: { A, B } }) => [
    t.elementwise([A, B], A.element, (s, x, y) => binaryBodies[name](s, x!, y!)),
  ]),
);

const functionNames = {
  Acos: "acos",
  Acosh: "acosh",
  Asin: "asin",
  Asinh: "asinh",
  Atan: "atan",
  Atanh: "atanh",
  Cos: "cos",
  Cosh: "cosh",
  Erf: "erf",
  Exp: "exp",
  Log: "log",
  Sin: "sin",
  Sinh: "sinh",
  Tan: "tan",
  Tanh: "tanh",
} as const satisfies Readonly<Record<string, FloatFunction>>;

const functionRules = (Object.keys(functionNames) as (keyof typeof functionNames)[]).map((name) =>
  lowering(onnx[name], ({ t, inputs: { input } }) => [mapWide(t, input, (s, x) => s.float(functionNames[name], x))]),
);

const roundingNames = {
  Ceil: "ceil",
  Floor: "floor",
  Round: "roundeven",
  Sqrt: "sqrt",
} as const satisfies Readonly<Record<string, FloatFunction>>;

const roundingRules = (Object.keys(roundingNames) as (keyof typeof roundingNames)[]).map((name) =>
  lowering(onnx[name], ({ t, inputs: { X } }) => [mapWide(t, X, (s, x) => s.float(roundingNames[name], x))]),
);

/** All operands combined from left to right, element by element. */
function combineAll(t: TensorBuilder, operands: readonly Tensor[], body: BinaryBody): Tensor {
  return t.elementwise(operands, operands[0]!.element, (s, ...values) =>
    values.slice(1).reduce((left, right) => body(s, left, right), values[0]!),
  );
}

export const arithmeticRules: readonly Lowering[] = [
  ...binaryRules,
  ...functionRules,
  ...roundingRules,
  lowering(onnx.Abs, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.abs(x))]),
  lowering(onnx.Neg, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.neg(x))]),
  lowering(onnx.Reciprocal, ({ t, inputs: { X } }) => [mapWide(t, X, (s, x) => s.div(s.constant(1, x.type), x))]),
  lowering(onnx.Sign, ({ t, inputs: { input } }) => [
    t.map(input, (s, x) => {
      const zero = s.constant(0, x.type);
      const positive = s.cast(s.compare("gt", x, zero), x.type);
      // NaN compares false both ways and must stay NaN, so it is passed through.
      const sign = s.sub(positive, s.cast(s.compare("lt", x, zero), x.type));
      return x.type.kind === "float" ? s.select(s.isNan(x), x, sign) : sign;
    }),
  ]),
  lowering(onnx.Max, ({ t, inputs: { data_0 } }) => [combineAll(t, data_0, (s, x, y) => s.max(x, y))]),
  lowering(onnx.Min, ({ t, inputs: { data_0 } }) => [combineAll(t, data_0, (s, x, y) => s.min(x, y))]),
  lowering(onnx.Sum, ({ t, inputs: { data_0 } }) => [combineAll(t, data_0, (s, x, y) => s.add(x, y))]),
  lowering(onnx.Mean, ({ t, inputs: { data_0 } }) => {
    const sum = combineAll(t, data_0, (s, x, y) => s.add(x, y));
    return [t.map(sum, (s, x) => s.div(x, s.constant(data_0.length, x.type)))];
  }),
  lowering(onnx.Mod, ({ t, inputs: { A, B }, attributes: { fmod } }) => [
    t.elementwise([A, B], A.element, (s, x, y) => {
      const remainder = s.rem(x!, y!);
      if (fmod !== 0 || (x!.type.kind === "integer" && x!.type.signedness === "unsigned")) return remainder;
      // Python's modulo takes the divisor's sign: a remainder of the other sign is moved by one divisor.
      const zero = s.constant(0, x!.type);
      const wrongSign = s.and(
        s.compare("ne", remainder, zero),
        s.xor(s.compare("lt", remainder, zero), s.compare("lt", y!, zero)),
      );
      return s.select(wrongSign, s.add(remainder, y!), remainder);
    }),
  ]),
  lowering(onnx.Pow, ({ t, inputs: { X, Y } }) => [
    t.elementwise([X, Y], X.element, (s, x, y) => {
      if (x!.type.kind === "float") {
        const wide = computationType(x!.type);
        return s.cast(s.pow(s.cast(x!, wide), s.cast(y!, wide)), x!.type);
      }
      if (y!.type.kind !== "float") return s.integerPow(x!, s.cast(y!, x!.type));
      return s.cast(s.pow(s.cast(x!, f64), s.cast(y!, f64)), x!.type);
    }),
  ]),
];
