import { elementTypeOf } from "../../../frontends/onnx/element-types.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i1, i64 } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowered, type LoweredSequence, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";

type Checks = Pick<LoweringView, "integers" | "invalid">;

/** The elements of an operand that must be a sequence; an optional with a sequence in it stands for that. */
function elementsOf(view: Checks, value: Lowered): readonly Lowered[] {
  if (value.kind === "sequence") return value.elements;
  if (value.kind === "optional" && value.value) return elementsOf(view, value.value);
  return view.invalid(`its operand must be a sequence, not ${value.kind === "tensor" ? "a tensor" : "empty"}`);
}

/** A position in a sequence of `count` places; negative ones count from the end. */
function placeOf(view: Checks, position: Tensor, count: number): number {
  const given = view.integers(position, "position")[0] ?? view.invalid("position is empty");
  const place = given < 0 ? given + count : given;
  return place >= 0 && place < count ? place : view.invalid(`position ${given} is outside of a sequence of ${count}`);
}

const sequence = (elements: readonly Lowered[]): LoweredSequence => ({ kind: "sequence", elements });

/** The parts of a tensor along an axis. */
function split(t: TensorBuilder, x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const offsets = x.shape.map((_, d) => (d === axis ? start : 0));
    start += size;
    return t.slice(x, offsets, x.shape.with(axis, size));
  });
}

/** The sizes of the parts that SplitToSequence makes; a scalar is the size of all but the last. */
function partSizes(view: Checks, total: number, given: Tensor | undefined): readonly number[] {
  if (!given) return Array.from({ length: total }, () => 1);
  const sizes = view.integers(given, "split");
  if (given.rank > 0) {
    if (sizes.some((size) => size < 0) || sizes.reduce((sum, size) => sum + size, 0) !== total)
      view.invalid(`split [${sizes}] does not add up to ${total}`);
    return sizes;
  }
  const size = sizes[0]!;
  if (size < 1) view.invalid(`split ${size} is no size`);
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(size, total - index * size));
}

export const sequenceRules: readonly Lowering[] = [
  lowering(onnx.SequenceConstruct, ({ values }) => [sequence(values.inputs)]),
  lowering(onnx.SequenceEmpty, (view) => {
    const { dtype } = view.attributes;
    if (dtype !== undefined && elementTypeOf(dtype) === undefined) view.invalid(`data type ${dtype} is unknown`);
    return [sequence([])];
  }),
  lowering(onnx.SequenceAt, (view) => {
    const elements = elementsOf(view, view.values.input_sequence);
    return [elements[placeOf(view, view.inputs.position, elements.length)]!];
  }),
  lowering(onnx.SequenceErase, (view) => {
    const elements = elementsOf(view, view.values.input_sequence);
    const { position } = view.inputs;
    if (elements.length === 0) view.invalid("there is nothing to erase in an empty sequence");
    return [sequence(elements.toSpliced(position ? placeOf(view, position, elements.length) : -1, 1))];
  }),
  lowering(onnx.SequenceInsert, (view) => {
    const elements = elementsOf(view, view.values.input_sequence);
    const { position } = view.inputs;
    // A negative position counts from the end, where -1 is before the last: one past the end is the length itself.
    const given = position ? view.integers(position, "position")[0]! : elements.length;
    const place = given < 0 ? given + elements.length : given;
    if (place < 0 || place > elements.length)
      view.invalid(`position ${given} is outside of a sequence of ${elements.length}`);
    return [sequence(elements.toSpliced(place, 0, view.values.tensor))];
  }),
  lowering(onnx.SequenceLength, (view) => [view.t.splat(elementsOf(view, view.values.input_sequence).length, i64)]),
  lowering(onnx.ConcatFromSequence, (view) => {
    const { t, attributes } = view;
    const parts = elementsOf(view, view.values.input_sequence).map((element) =>
      element.kind === "tensor" ? element : view.invalid("its operand is no sequence of tensors"),
    );
    const first = parts[0] ?? view.invalid("an empty sequence has no shape");
    const stacking = attributes.new_axis !== 0;
    const axis = axisOf(view, attributes.axis, first.rank + (stacking ? 1 : 0));
    for (const part of parts)
      if (part.rank !== first.rank || part.shape.some((size, d) => size !== first.shape[d] && (stacking || d !== axis)))
        view.invalid(`shapes [${first.shape}] and [${part.shape}] cannot be joined along axis ${axis}`);
    return [stacking ? t.stack(parts, axis) : t.concat(parts, axis)];
  }),
  lowering(onnx.SplitToSequence, (view) => {
    const { t, inputs, attributes } = view;
    const { input } = inputs;
    const axis = axisOf(view, attributes.axis, input.rank);
    const parts = split(t, input, axis, partSizes(view, input.shape[axis]!, inputs.split));
    const dropped = !inputs.split && attributes.keepdims === 0;
    return [sequence(dropped ? parts.map((part) => t.reshape(part, part.shape.toSpliced(axis, 1))) : parts)];
  }),
  lowering(onnx.Optional, ({ values }) => [{ kind: "optional", value: values.input }]),
  lowering(onnx.OptionalHasElement, ({ t, values: { input } }) => {
    const has = input !== undefined && (input.kind !== "optional" || input.value !== undefined);
    return [t.splat(has ? 1 : 0, i1)];
  }),
  lowering(onnx.OptionalGetElement, (view) => {
    const { input } = view.values;
    if (input.kind !== "optional") return [input];
    return [input.value ?? view.invalid("an empty optional has no element")];
  }),
];
