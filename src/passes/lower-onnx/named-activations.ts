import type { LoweringView } from "./lowering.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";

/** A scalar function with its parameters filled in. */
export type ScalarFunction = (s: ScalarBuilder, x: Scalar) => Scalar;

interface NamedActivation {
  /** What absent parameters are; undefined where there is none to be given. */
  readonly alpha?: number;
  readonly beta?: number;
  readonly body: (s: ScalarBuilder, x: Scalar, alpha: Scalar, beta: Scalar) => Scalar;
}

const zero = (s: ScalarBuilder, x: Scalar): Scalar => s.constant(0, x.type);
const unit = (s: ScalarBuilder, x: Scalar): Scalar => s.constant(1, x.type);
const whereNegative = (s: ScalarBuilder, x: Scalar, negative: Scalar): Scalar =>
  s.select(s.compare("lt", x, zero(s, x)), negative, x);

/** The functions that recurrent networks and ONNX Runtime's fused operators name in attributes, lower case, with ONNX's default parameters. */
const activations: Readonly<Record<string, NamedActivation>> = {
  affine: { alpha: 1, beta: 0, body: (s, x, alpha, beta) => s.add(s.mul(alpha, x), beta) },
  elu: { alpha: 1, body: (s, x, alpha) => whereNegative(s, x, s.mul(alpha, s.float("expm1", x))) },
  hardsigmoid: {
    alpha: 0.2,
    beta: 0.5,
    body: (s, x, alpha, beta) => s.max(zero(s, x), s.min(unit(s, x), s.add(s.mul(alpha, x), beta))),
  },
  leakyrelu: { alpha: 0.01, body: (s, x, alpha) => whereNegative(s, x, s.mul(alpha, x)) },
  relu: { body: (s, x) => s.max(x, zero(s, x)) },
  scaledtanh: { alpha: 1, beta: 1, body: (s, x, alpha, beta) => s.mul(alpha, s.tanh(s.mul(beta, x))) },
  sigmoid: { body: (s, x) => s.sigmoid(x) },
  softplus: { body: (s, x) => s.add(s.max(x, zero(s, x)), s.float("log1p", s.exp(s.neg(s.abs(x))))) },
  softsign: { body: (s, x) => s.div(x, s.add(unit(s, x), s.abs(x))) },
  tanh: { body: (s, x) => s.tanh(x) },
  thresholdedrelu: {
    alpha: 1,
    body: (s, x, alpha) => s.select(s.compare("gt", x, alpha), x, zero(s, x)),
  },
  // ONNX Runtime's fused convolutions only: the parameters are the bounds.
  clip: { alpha: -Infinity, beta: Infinity, body: (s, x, low, high) => s.min(s.max(x, low), high) },
};

/** The activation of a name, in any case, and how many of `parameters` it takes from the front. */
export function namedActivation(
  view: Pick<LoweringView, "invalid">,
  name: string,
  alpha: number | undefined,
  beta: number | undefined,
): ScalarFunction {
  const activation = activations[name.toLowerCase()] ?? view.invalid(`there is no activation named ${name}`);
  return (s, x) =>
    activation.body(
      s,
      x,
      s.constant(alpha ?? activation.alpha ?? 0, x.type),
      s.constant(beta ?? activation.beta ?? 0, x.type),
    );
}

/** How many parameters an activation takes: of lists of them, each activation consumes its own. */
export function activationParameters(name: string): { readonly alpha: boolean; readonly beta: boolean } {
  const activation = activations[name.toLowerCase()];
  return { alpha: activation?.alpha !== undefined, beta: activation?.beta !== undefined };
}
