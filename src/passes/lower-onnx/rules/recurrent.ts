import { identityMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { lowering, type Lowering } from "../lowering.ts";
import {
  gateOf,
  initialStates,
  type Layer,
  layerOf,
  parameterOf,
  partOf,
  recurrentProduct,
  runLayer,
  stateUpdate,
} from "../recurrence.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { IndexedTensor, Tensor } from "../tensor.ts";

const whole = (tensor: Tensor): IndexedTensor => ({ tensor, map: identityMap(2) });

/** z·h + (1 - z)·candidate. */
const blended = (s: ScalarBuilder, z: Scalar, candidate: Scalar, h: Scalar): Scalar =>
  s.add(s.mul(s.sub(s.constant(1, z.type), z), candidate), s.mul(z, h));

/** Gates i, o, f and c in the order of the weights. */
const lstmGates = [0, 1, 2, 3] as const;

/** Peephole weights by direction, [3, hidden] for i, o and f. */
function peepholes(layer: Layer, P: Tensor | undefined): readonly (Tensor | undefined)[] {
  const { view, directions, hidden } = layer;
  if (P && P.shape.join() !== [directions.length, 3 * hidden].join())
    view.invalid(`P is [${P.shape}], not [${directions.length}, ${3 * hidden}]`);
  return directions.map((_, index) => P && partOf(view.t, P, index, [3, hidden]));
}

/** Gates z, r and h in the order of the weights. */
const [update, reset, candidate] = [0, 1, 2];

/** GRU's step when the recurrent product of the candidate comes after the reset. */
function gruStep(layer: Layer, direction: Layer["directions"][number], input: Tensor, h: Tensor): Tensor {
  const { t } = layer.view;
  const [f, g] = direction.activations;
  const gates = t.slice(direction.recurrent, [0, 0, 0], [2, layer.hidden, layer.hidden]);
  const product = recurrentProduct(layer, h, gates);
  const [z, kept] = stateUpdate(
    layer,
    [gateOf(input, update!), gateOf(product, update!), gateOf(input, reset!), gateOf(product, reset!), whole(h)],
    2,
    (s, [xz, hz, xr, hr, old]) => [f!(s, s.add(xz!, hz!)), s.mul(f!(s, s.add(xr!, hr!)), old!)],
  );
  const last = t.slice(direction.recurrent, [candidate!, 0, 0], [1, layer.hidden, layer.hidden]);
  const recurrent = recurrentProduct(layer, kept!, last);
  return stateUpdate(
    layer,
    [gateOf(input, candidate!), gateOf(recurrent, 0), whole(z!), whole(h)],
    1,
    (s, [x, r, gate, old]) => [blended(s, gate!, g!(s, s.add(x!, r!)), old!)],
  )[0]!;
}

/** GRU's step when the reset scales the candidate's recurrent product, bias and all. */
function gruStepLinearFirst(layer: Layer, direction: Layer["directions"][number], input: Tensor, h: Tensor): Tensor {
  const { t } = layer.view;
  const [f, g] = direction.activations;
  const product = recurrentProduct(layer, h, direction.recurrent);
  const bias = direction.bias && t.elementAt(direction.bias, 0, 1);
  const gates = [update!, reset!, candidate!];
  return stateUpdate(
    layer,
    [
      whole(h),
      ...gates.map((gate) => gateOf(input, gate)),
      ...gates.map((gate) => gateOf(product, gate)),
      ...(bias ? gates.map((gate) => parameterOf(bias, gate)) : []),
    ],
    1,
    (s, [old, ...parts]) => {
      const recurrent = gates.map((_, gate) => (bias ? s.add(parts[3 + gate]!, parts[6 + gate]!) : parts[3 + gate]!));
      const [z, r] = [0, 1].map((gate) => f!(s, s.add(parts[gate]!, recurrent[gate]!)));
      return [blended(s, z!, g!(s, s.add(parts[2]!, s.mul(r!, recurrent[2]!))), old!)];
    },
  )[0]!;
}

export const recurrentRules: readonly Lowering[] = [
  lowering(onnx.LSTM, (view) => {
    const { X, W, R, B, sequence_lens, initial_h, initial_c, P } = view.inputs;
    const layer = layerOf(view, { X, W, R, B, sequence_lens }, view.attributes, 4, ["Sigmoid", "Tanh", "Tanh"]);
    const peeking = peepholes(layer, P);
    const coupled = view.attributes.input_forget !== 0;
    const step = (
      direction: Layer["directions"][number],
      index: number,
      input: Tensor,
      [h, c]: readonly Tensor[],
    ): readonly Tensor[] => {
      const [f, g, out] = direction.activations;
      const product = recurrentProduct(layer, h!, direction.recurrent);
      const peephole = peeking[index];
      return stateUpdate(
        layer,
        [
          whole(c!),
          ...lstmGates.map((gate) => gateOf(input, gate)),
          ...lstmGates.map((gate) => gateOf(product, gate)),
          ...(peephole ? [0, 1, 2].map((gate) => parameterOf(peephole, gate)) : []),
        ],
        2,
        (s, [old, ...parts]) => {
          const sums = lstmGates.map((gate) => s.add(parts[gate]!, parts[4 + gate]!));
          // With peepholes a gate also sees the cell: the input and forget gates the old one, the output gate the new.
          const gated = (gate: number, cell: Scalar): Scalar =>
            f!(s, peephole ? s.add(sums[gate]!, s.mul(parts[8 + gate]!, cell)) : sums[gate]!);
          const i = gated(0, old!);
          const forget = coupled ? s.sub(s.constant(1, i.type), i) : gated(2, old!);
          const cell = s.add(s.mul(forget, old!), s.mul(i, g!(s, sums[3]!)));
          return [s.mul(gated(1, cell), out!(s, cell)), cell];
        },
      );
    };
    return runLayer(layer, { mergedBias: true, step }, [
      initialStates(layer, initial_h, "initial_h"),
      initialStates(layer, initial_c, "initial_c"),
    ]);
  }),
  lowering(onnx.GRU, (view) => {
    const { X, W, R, B, sequence_lens, initial_h } = view.inputs;
    const layer = layerOf(view, { X, W, R, B, sequence_lens }, view.attributes, 3, ["Sigmoid", "Tanh"]);
    const linearFirst = view.attributes.linear_before_reset !== 0;
    const cell = linearFirst ? gruStepLinearFirst : gruStep;
    return runLayer(
      layer,
      {
        mergedBias: !linearFirst,
        step: (direction, _, input, [h]) => [cell(layer, direction, input, h!)],
      },
      [initialStates(layer, initial_h, "initial_h")],
    );
  }),
  lowering(onnx.RNN, (view) => {
    const { X, W, R, B, sequence_lens, initial_h } = view.inputs;
    const layer = layerOf(view, { X, W, R, B, sequence_lens }, view.attributes, 1, ["Tanh"]);
    return runLayer(
      layer,
      {
        mergedBias: true,
        step: (direction, _, input, [h]) => {
          const product = recurrentProduct(layer, h!, direction.recurrent);
          return stateUpdate(layer, [gateOf(input, 0), gateOf(product, 0)], 1, (s, [x, r]) => [
            direction.activations[0]!(s, s.add(x!, r!)),
          ]);
        },
      },
      [initialStates(layer, initial_h, "initial_h")],
    );
  }),
];
