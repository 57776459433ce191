import { affine, affineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import { indexType, type Type } from "../../ir/types.ts";
import { toNumbers } from "../../support/numeric/host-tensor.ts";
import { contract } from "./contract.ts";
import type { LoweringView } from "./lowering.ts";
import { activationParameters, namedActivation, type ScalarFunction } from "./named-activations.ts";
import { computationType } from "./rules/arithmetic.ts";
import { rearrange } from "./rearrange.ts";
import type { Scalar } from "./scalar-builder.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";
import { loop } from "./tensor-control.ts";

/** Sequences of up to this many steps are written out. */
const unrollLimit = 4;

export type RecurrenceView = Pick<LoweringView, "t" | "invalid" | "unsupported" | "isUsed" | "resultCount">;

/** The attributes that all recurrent operators share. */
export interface RecurrentAttributes {
  readonly activation_alpha?: readonly number[] | undefined;
  readonly activation_beta?: readonly number[] | undefined;
  readonly activations?: readonly string[] | undefined;
  readonly clip?: number | undefined;
  readonly direction: string;
  readonly hidden_size?: number | undefined;
  readonly layout: number;
}

/** One direction's parameters, in the shapes that its steps use. */
export interface Direction {
  /** [gates, hidden, input] */
  readonly weights: Tensor;
  /** [gates, hidden, hidden] */
  readonly recurrent: Tensor;
  /** [2, gates, hidden]: of the input and of the recurrent part. */
  readonly bias: Tensor | undefined;
  readonly activations: readonly ScalarFunction[];
  readonly backward: boolean;
}

/** A recurrent layer: sizes, and what its steps read. */
export interface Layer {
  readonly view: RecurrenceView;
  readonly x: Tensor;
  /** Labels of X's dimensions: time, batch and input. */
  readonly labels: readonly string[];
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
  readonly gates: number;
  readonly type: Type;
  readonly element: Type;
  readonly batchFirst: boolean;
  readonly directions: readonly Direction[];
  /** [batch], where sequences end before the last step. */
  readonly lengths: Tensor | undefined;
}

interface LayerOperands {
  readonly X: Tensor;
  readonly W: Tensor;
  readonly R: Tensor;
  readonly B: Tensor | undefined;
  readonly sequence_lens: Tensor | undefined;
}

/** Part `index` of a tensor along its first axis, in another shape; of a constant it is taken at once. */
export function partOf(t: TensorBuilder, x: Tensor, index: number, shape: readonly number[]): Tensor {
  if (x.shape[0] === 1) return t.reshape(x, shape);
  const size = x.size / x.shape[0]!;
  const flat = t.reshape(x, [x.shape[0]!, size]);
  const part = x.constant
    ? rearrange(t, flat, [size], affineMap(1, [affine.constant(index), affine.dimension(0)]))
    : t.slice(flat, [index, 0], [1, size]);
  return t.reshape(part, shape);
}

/** Reads and checks the operands of a recurrent operator. `defaults` are the activations of one direction. */
export function layerOf(
  view: RecurrenceView,
  operands: LayerOperands,
  attributes: RecurrentAttributes,
  gates: number,
  defaults: readonly string[],
): Layer {
  const { t } = view;
  const { X, W, R, B, sequence_lens } = operands;
  const count = { forward: 1, reverse: 1, bidirectional: 2 }[attributes.direction];
  if (count === undefined) return view.invalid(`direction ${attributes.direction} is unknown`);
  const hidden = R.shape.at(-1)!;
  const fits =
    X.rank === 3 &&
    W.shape.join() === [count, gates * hidden, X.shape[2]!].join() &&
    R.shape.join() === [count, gates * hidden, hidden].join() &&
    (!B || B.shape.join() === [count, 2 * gates * hidden].join()) &&
    (attributes.hidden_size === undefined || attributes.hidden_size === hidden);
  if (!fits) view.invalid(`X [${X.shape}], W [${W.shape}], R [${R.shape}] and B [${B?.shape ?? "none"}] do not fit`);
  const batchFirst = attributes.layout !== 0;
  const [steps, batch] = batchFirst ? [X.shape[1]!, X.shape[0]!] : [X.shape[0]!, X.shape[1]!];
  if (sequence_lens && sequence_lens.size !== batch)
    view.invalid(`sequence_lens has ${sequence_lens.size} entries for ${batch} sequences`);
  const allFull = sequence_lens?.constant && toNumbers(sequence_lens.constant).every((length) => length >= steps);
  const functions = activationsOf(view, attributes, count, defaults);
  return {
    view,
    x: X,
    labels: batchFirst ? ["b", "t", "i"] : ["t", "b", "i"],
    steps,
    batch,
    hidden,
    gates,
    type: computationType(X.element),
    element: X.element,
    batchFirst,
    directions: Array.from({ length: count }, (_, index) => ({
      weights: partOf(t, W, index, [gates, hidden, X.shape[2]!]),
      recurrent: partOf(t, R, index, [gates, hidden, hidden]),
      bias: B && partOf(t, B, index, [2, gates, hidden]),
      activations: functions.slice(index * defaults.length, (index + 1) * defaults.length),
      backward: attributes.direction === "reverse" || index === 1,
    })),
    lengths: sequence_lens && !allFull ? t.reshape(sequence_lens, [batch]) : undefined,
  };
}

/** The activations of all directions, with the parameters that each takes from the lists in turn, their operands clipped as asked. */
function activationsOf(
  view: RecurrenceView,
  attributes: RecurrentAttributes,
  directions: number,
  defaults: readonly string[],
): readonly ScalarFunction[] {
  const wanted = directions * defaults.length;
  const given = attributes.activations?.length ? attributes.activations : undefined;
  const names = given ?? Array.from({ length: directions }, () => defaults).flat();
  if (names.length < wanted) view.invalid(`${names.length} activations where ${wanted} are needed`);
  const [alphas, betas] = [[...(attributes.activation_alpha ?? [])], [...(attributes.activation_beta ?? [])]];
  return names.slice(0, wanted).map((name, index): ScalarFunction => {
    const takes = activationParameters(name);
    const activation = namedActivation(
      view,
      name,
      takes.alpha ? alphas.shift() : undefined,
      takes.beta ? betas.shift() : undefined,
    );
    const { clip } = attributes;
    // An LSTM's third activation, of the cell, takes it as it is: so does ONNX Runtime.
    if (clip === undefined || clip <= 0 || index % defaults.length === 2) return activation;
    return (s, x) => activation(s, s.min(s.max(x, s.constant(-clip, x.type)), s.constant(clip, x.type)));
  });
}

/** An initial state by direction, [batch, hidden] each, zero where it is not given. */
export function initialStates(layer: Layer, state: Tensor | undefined, name: string): readonly Tensor[] {
  const { view, batch, hidden, directions, batchFirst, type } = layer;
  const { t } = view;
  if (!state) return directions.map(() => t.filled(0, type, [batch, hidden]));
  const expected = batchFirst ? [batch, directions.length, hidden] : [directions.length, batch, hidden];
  if (state.shape.join() !== expected.join()) view.invalid(`${name} is [${state.shape}], not [${expected}]`);
  return directions.map((_, index) => t.cast(t.elementAt(state, batchFirst ? 1 : 0, index), type));
}

/** One gate's part of a tensor [batch, gates, hidden], read in loops over batch and hidden. */
export const gateOf = (tensor: Tensor, gate: number): IndexedTensor => ({
  tensor,
  map: affineMap(2, [affine.dimension(0), affine.constant(gate), affine.dimension(1)]),
});

/** One gate's part of a parameter [gates, hidden]. */
export const parameterOf = (tensor: Tensor, gate: number): IndexedTensor => ({
  tensor,
  map: affineMap(2, [affine.constant(gate), affine.dimension(1)]),
});

/** The states at [batch, hidden] that a body computes from operands, all in the layer's type. */
export function stateUpdate(
  layer: Layer,
  inputs: readonly IndexedTensor[],
  count: number,
  body: Parameters<TensorBuilder["generic"]>[0]["body"],
): readonly Tensor[] {
  const { t } = layer.view;
  return t.generic({
    inputs,
    outputs: Array.from({ length: count }, () => ({
      tensor: t.emptyOutput([layer.batch, layer.hidden], layer.type),
      map: identityMap(2),
    })),
    iterators: ["parallel", "parallel"],
    body: (s, values, outputs) =>
      body(
        s,
        values.map((value) => s.cast(value, layer.type)),
        outputs,
      ),
  });
}

/** State · recurrent weights by gate: [batch, gates, hidden]. */
export const recurrentProduct = (layer: Layer, state: Tensor, weights: Tensor): Tensor =>
  contract(
    layer.view,
    [
      { tensor: state, labels: ["b", "k"] },
      { tensor: weights, labels: ["g", "h", "k"] },
    ],
    ["b", "g", "h"],
    layer.type,
  );

/**
 * The input's part of all gates, for all steps at once: [steps, batch, gates, hidden], with the input's bias and (if asked) the
 * recurrent part's.
 */
function projected(layer: Layer, direction: Direction, withRecurrentBias: boolean): Tensor {
  const { view, type, gates, hidden } = layer;
  const { t } = view;
  const product = contract(
    view,
    [
      { tensor: layer.x, labels: layer.labels },
      { tensor: direction.weights, labels: ["g", "h", "i"] },
    ],
    ["t", "b", "g", "h"],
    type,
  );
  const { bias } = direction;
  if (!bias) return product;
  const biases: IndexedTensor[] = [];
  const one = (part: number): IndexedTensor => ({
    tensor: bias,
    map: affineMap(4, [affine.constant(part), affine.dimension(2), affine.dimension(3)]),
  });
  if (bias.constant && withRecurrentBias) {
    const values = toNumbers(bias.constant);
    const size = gates * hidden;
    const sums = Array.from({ length: size }, (_, index) => values[index]! + values[size + index]!);
    biases.push({ tensor: t.numbers(sums, type, [gates, hidden]), map: projectionMap(4, [2, 3]) });
  } else biases.push(one(0), ...(withRecurrentBias ? [one(1)] : []));
  return t.generic({
    inputs: [{ tensor: product, map: identityMap(4) }, ...biases],
    outputs: [{ tensor: t.emptyOutput(product.shape, type), map: identityMap(4) }],
    iterators: product.shape.map(() => "parallel"),
    body: (s, values) => [values.map((value) => s.cast(value, type)).reduce((left, right) => s.add(left, right))],
  })[0]!;
}

/** A recurrent layer's steps. */
export interface Cell {
  /** Whether the recurrent part's bias may be added together with the input's. */
  readonly mergedBias: boolean;
  /** New states, the hidden one first, from the input's part of the gates [batch, gates, hidden]. */
  readonly step: (direction: Direction, index: number, input: Tensor, states: readonly Tensor[]) => readonly Tensor[];
}

/** Runs a layer: Y, then the final states; those that nothing reads may be missing. */
export function runLayer(layer: Layer, cell: Cell, initial: readonly (readonly Tensor[])[]): readonly Tensor[] {
  const { view, element, batchFirst } = layer;
  const { t } = view;
  const collect = view.isUsed(0);
  const runs = layer.directions.map((direction, index) =>
    runDirection(
      layer,
      cell,
      direction,
      index,
      initial.map((states) => states[index]!),
      collect,
    ),
  );
  const all = t.stack(
    runs.map((run) => run.collected),
    1,
  );
  const finals = initial.map((_, state) =>
    t.stack(
      runs.map((run) => t.cast(run.states[state]!, element)),
      0,
    ),
  );
  return [
    batchFirst ? t.transpose(all, [2, 0, 1, 3]) : all,
    ...finals.map((final) => (batchFirst ? t.transpose(final, [1, 0, 2]) : final)),
  ].slice(0, view.resultCount);
}

function runDirection(
  layer: Layer,
  cell: Cell,
  direction: Direction,
  index: number,
  initial: readonly Tensor[],
  collect: boolean,
): { readonly collected: Tensor; readonly states: readonly Tensor[] } {
  const { view, steps, batch, hidden, element } = layer;
  const { t } = view;
  const inputs = projected(layer, direction, cell.mergedBias);
  const advance = (time: number | Scalar, states: readonly Tensor[]) => {
    const next = cell.step(direction, index, t.elementAt(inputs, 0, time), states);
    return layer.lengths ? heldBack(layer, layer.lengths, time, states, next) : { states: next, output: next[0]! };
  };
  const timeOf = (position: Scalar): Scalar => {
    const s = t.scalars;
    return direction.backward ? s.sub(s.index(steps - 1), position) : position;
  };
  if (steps <= unrollLimit) {
    let states = initial;
    const outputs: Tensor[] = [];
    for (let position = 0; position < steps; position++) {
      const next = advance(direction.backward ? steps - 1 - position : position, states);
      states = next.states;
      outputs.push(t.cast(next.output, element));
    }
    if (!collect || steps === 0) return { collected: t.unknown([steps, batch, hidden], element), states };
    return { collected: t.stack(direction.backward ? outputs.toReversed() : outputs, 0), states };
  }
  const collected = t.unknown([steps, batch, hidden], element);
  const results = loop(t, steps, collect ? [...initial, collected] : initial, (position, carried) => {
    const time = timeOf(position);
    const next = advance(time, carried.slice(0, initial.length));
    if (!collect) return next.states;
    const output = t.reshape(t.cast(next.output, element), [1, batch, hidden]);
    return [...next.states, t.insertAt(carried.at(-1)!, output, 0, time)];
  });
  return { collected: collect ? results.at(-1)! : collected, states: results.slice(0, initial.length) };
}

/** After the end of its sequence an item keeps its states, and its outputs are zero. */
function heldBack(
  layer: Layer,
  lengths: Tensor,
  time: number | Scalar,
  before: readonly Tensor[],
  after: readonly Tensor[],
): { readonly states: readonly Tensor[]; readonly output: Tensor } {
  const [output, ...states] = stateUpdate(
    layer,
    [...before, ...after].map((tensor) => ({ tensor, map: identityMap(2) })),
    before.length + 1,
    (s, values) => {
      const length = s.cast(s.load(lengths, [s.loopIndex(0)]), indexType);
      const running = s.compare("lt", typeof time === "number" ? s.index(time) : time, length);
      const next = values.slice(before.length);
      return [
        s.select(running, next[0]!, s.constant(0, layer.type)),
        ...next.map((value, state) => s.select(running, value, values[state]!)),
      ];
    },
  );
  return { states, output: output! };
}
