import { onnx, onnxTraining } from "../../../ir/dialects/onnx/index.ts";
import { i1, type Type } from "../../../ir/types.ts";
import { readElement } from "../../../support/numeric/host-tensor.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";

/** The tensors of each optimized value, of `kinds` lists one after the other. */
function grouped(
  view: Pick<LoweringView, "invalid">,
  inputs: readonly Tensor[],
  kinds: number,
): readonly (readonly Tensor[])[] {
  const count = inputs.length / kinds;
  if (!Number.isInteger(count)) view.invalid(`${inputs.length} tensors are no ${kinds} lists of one length`);
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: kinds }, (__, kind) => inputs[kind * count + index]!),
  );
}

/** One result of each kind for each value, in the operators' order: all of a kind one after the other. */
const ungrouped = (results: readonly (readonly Tensor[])[], kinds: number): readonly Tensor[] =>
  Array.from({ length: kinds }, (_, kind) => results.map((tensors) => tensors[kind]!)).flat();

/** Several results of one type, element by element. */
function elementwiseAll(
  t: TensorBuilder,
  inputs: readonly Tensor[],
  count: number,
  body: (s: ScalarBuilder, ...values: readonly Scalar[]) => readonly Scalar[],
): readonly Tensor[] {
  return Array.from({ length: count }, (_, index) =>
    t.elementwise(inputs, inputs[0]!.element, (s, ...values) => body(s, ...values)[index]!),
  );
}

/** A scalar operand in the type of the values that are optimized. */
const scalarOperand = (t: TensorBuilder, x: Tensor, type: Type): Tensor => t.cast(t.reshape(x, []), type);

export const trainingRules: readonly Lowering[] = [
  lowering(onnxTraining.Adagrad, (view) => {
    const { t, attributes: a } = view;
    const results = grouped(view, view.inputs.inputs, 3).map(([x, gradient, squares]) => {
      const type = x!.element;
      const rate = t.elementwise(
        [scalarOperand(t, view.inputs.R, type), scalarOperand(t, view.inputs.T, type)],
        type,
        (s, r, steps) => s.div(r!, s.add(s.constant(1, type), s.mul(steps!, s.constant(a.decay_factor, type)))),
      );
      return elementwiseAll(t, [x!, gradient!, squares!, rate], 2, (s, value, slope, sum, r) => {
        const regular = s.add(s.mul(s.constant(a.norm_coefficient, type), value!), slope!);
        const total = s.add(sum!, s.mul(regular, regular));
        const scaled = s.div(s.mul(r!, regular), s.add(s.sqrt(total), s.constant(a.epsilon, type)));
        return [s.sub(value!, scaled), total];
      });
    });
    return ungrouped(results, 2);
  }),
  lowering(onnxTraining.Adam, (view) => {
    const { t, attributes: a } = view;
    const results = grouped(view, view.inputs.inputs, 4).map(([x, gradient, mean, square]) => {
      const type = x!.element;
      const constant = (s: ScalarBuilder, value: number): Scalar => s.constant(value, type);
      // The first steps are corrected for averages that start at zero; step 0 is not.
      const rate = t.elementwise(
        [scalarOperand(t, view.inputs.R, type), scalarOperand(t, view.inputs.T, type)],
        type,
        (s, r, steps) => {
          const left = (factor: number): Scalar => s.sub(constant(s, 1), s.pow(constant(s, factor), steps!));
          const corrected = s.div(s.mul(r!, s.sqrt(left(a.beta))), left(a.alpha));
          return s.select(s.compare("gt", steps!, constant(s, 0)), corrected, r!);
        },
      );
      return elementwiseAll(t, [x!, gradient!, mean!, square!, rate], 3, (s, value, slope, m, v, r) => {
        const regular = s.add(s.mul(constant(s, a.norm_coefficient), value!), slope!);
        const average = (old: Scalar, now: Scalar, factor: number): Scalar =>
          s.add(s.mul(constant(s, factor), old), s.mul(s.sub(constant(s, 1), constant(s, factor)), now));
        const nextMean = average(m!, regular, a.alpha);
        const nextSquare = average(v!, s.mul(regular, regular), a.beta);
        const step = s.div(s.mul(r!, nextMean), s.add(s.sqrt(nextSquare), constant(s, a.epsilon)));
        const moved = s.sub(value!, step);
        return [s.mul(s.sub(constant(s, 1), constant(s, a.norm_coefficient_post)), moved), nextMean, nextSquare];
      });
    });
    return ungrouped(results, 3);
  }),
  lowering(onnxTraining.Momentum, (view) => {
    const { t, attributes: a } = view;
    if (a.mode !== "standard" && a.mode !== "nesterov") view.invalid(`mode ${a.mode} is neither standard nor nesterov`);
    const results = grouped(view, view.inputs.inputs, 3).map(([x, gradient, velocity]) => {
      const type = x!.element;
      const rate = scalarOperand(t, view.inputs.R, type);
      const steps = scalarOperand(t, view.inputs.T, type);
      return elementwiseAll(t, [x!, gradient!, velocity!, rate, steps], 2, (s, value, slope, old, r, count) => {
        const constant = (number: number): Scalar => s.constant(number, type);
        const regular = s.add(s.mul(constant(a.norm_coefficient), value!), slope!);
        // The first step takes the whole gradient.
        const beta = s.select(s.compare("gt", count!, constant(0)), constant(a.beta), constant(1));
        const next = s.add(s.mul(constant(a.alpha), old!), s.mul(beta, regular));
        const direction = a.mode === "standard" ? next : s.add(regular, s.mul(constant(a.alpha), next));
        return [s.sub(value!, s.mul(r!, direction)), next];
      });
    });
    return ungrouped(results, 2);
  }),
  lowering(onnxTraining.Gradient, (view) => view.unsupported("there is no automatic differentiation here")),
  lowering(onnx.Dropout, (view) => {
    const { t, inputs } = view;
    const { data, ratio, training_mode } = inputs;
    if ((ratio && ratio.size !== 1) || (training_mode && training_mode.size !== 1))
      view.invalid("ratio and training_mode must be single numbers");
    const isTraining = training_mode !== undefined && Number(readElement(view.known(training_mode, "training_mode"), 0)) !== 0; // prettier-ignore
    const share = ratio === undefined ? 0.5 : isTraining ? Number(readElement(view.known(ratio, "ratio"), 0)) : 0;
    if (isTraining && share !== 0)
      view.unsupported("compiled models are deterministic and ONNX does not define its random generator");
    return [data, ...(view.resultCount > 1 ? [t.filled(1, i1, data.shape)] : [])];
  }),
];
