import { indexType } from "../../ir/types.ts";
import type { LoweringView } from "./lowering.ts";
import { softmax } from "./rules/activation.ts";
import { positionOfExtreme } from "./rules/reduction.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** What classical models do to their scores, by the names and numbers of ONNX's attribute. */
const transforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] as const;
export type ScoreTransform = (typeof transforms)[number];

export function scoreTransform(view: Pick<LoweringView, "invalid">, given: string | number): ScoreTransform {
  const name = typeof given === "number" ? transforms[given] : transforms.find((transform) => transform === given);
  return name ?? view.invalid(`post_transform ${given} is unknown`);
}

/** Scores of each row, [rows, classes], transformed. */
export function transformScores(t: TensorBuilder, scores: Tensor, transform: ScoreTransform): Tensor {
  switch (transform) {
    case "NONE":
      return scores;
    case "SOFTMAX":
      return softmax(t, scores, 1);
    case "LOGISTIC":
      return t.map(scores, (s, x) => s.sigmoid(x));
    case "SOFTMAX_ZERO":
      return softmaxKeepingZeros(t, scores);
    case "PROBIT":
      return t.map(scores, probit);
  }
}

/** Softmax in which a score of zero stays (almost) zero: a class without votes gets no probability. */
function softmaxKeepingZeros(t: TensorBuilder, scores: Tensor): Tensor {
  const top = t.max(scores, [1]);
  const powers = t.elementwise([scores, top], scores.element, (s, x, most) => {
    const isZero = s.compare("le", s.abs(x!), s.constant(1e-7, x!.type));
    return s.select(isZero, s.mul(x!, s.exp(s.neg(most!))), s.exp(s.sub(x!, most!)));
  });
  return t.elementwise([powers, t.sum(powers, [1])], scores.element, (s, x, sum) => {
    const isNothing = s.compare("eq", sum!, s.constant(0, x!.type));
    return s.select(isNothing, s.constant(0.5, x!.type), s.div(x!, sum!));
  });
}

/** The quantile of the normal distribution, by Winitzki's inverse of the error function, as ONNX Runtime has it. */
function probit(s: ScalarBuilder, x: Scalar): Scalar {
  const c = (value: number): Scalar => s.constant(value, x.type);
  const y = s.sub(s.mul(x, c(2)), c(1));
  const product = s.mul(s.sub(c(1), y), s.add(c(1), y));
  const logarithm = s.log(product);
  const v = s.add(c(2 / (Math.PI * 0.147)), s.mul(c(0.5), logarithm));
  const root = s.sqrt(s.sub(s.mul(v, v), s.mul(c(1 / 0.147), logarithm)));
  const magnitude = s.mul(c(Math.SQRT2), s.sqrt(s.sub(root, v)));
  return s.select(s.compare("eq", product, c(0)), c(0), s.copySign(magnitude, y));
}

/** The label of the highest score of each row. Labels that are strings are read from a table of strings. */
export function bestLabels(t: TensorBuilder, scores: Tensor, labels: Tensor): Tensor {
  const best = positionOfExtreme(t, scores, 1, { comparison: "gt", last: false, keepDimension: false });
  return labelsAt(t, best, labels);
}

/** Labels by position. */
export const labelsAt = (t: TensorBuilder, positions: Tensor, labels: Tensor): Tensor =>
  t.map(positions, (s, position) => s.load(labels, [s.cast(position, indexType)]), labels.element);
