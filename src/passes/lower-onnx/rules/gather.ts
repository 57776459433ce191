import { affineMap, affine, identityMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { indexType } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";

/** An ONNX index as a position: negative ones count from the end. */
export function positionOf(s: ScalarBuilder, index: Scalar, size: number): Scalar {
  const position = s.cast(index, indexType);
  return s.select(s.compare("lt", position, s.index(0)), s.add(position, s.index(size)), position);
}

/** Whether every index that is known at compile time lies in an axis of this size. */
export const isInBounds = (indices: Tensor, size: number): boolean =>
  indices.constant === undefined ||
  Array.from(indices.constant.data as ArrayLike<number | bigint>, Number).every((i) => i >= -size && i < size);

export const gatherRules: readonly Lowering[] = [
  lowering(onnx.Gather, (view) => {
    const { t, inputs } = view;
    const { data, indices } = inputs;
    const axis = axisOf(view, view.attributes.axis, data.rank);
    const size = data.shape[axis]!;
    if (!isInBounds(indices, size)) view.invalid(`an index is out of range for an axis of size ${size}`);
    const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
    const indexDimensions = indices.shape.map((_, d) => affine.dimension(axis + d));
    return t.generic({
      inputs: [{ tensor: indices, map: affineMap(shape.length, indexDimensions) }],
      outputs: [{ tensor: t.emptyOutput(shape, data.element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s, [index]) => {
        const loop = (d: number): Scalar => s.loopIndex(d);
        const position = positionOf(s, index!, size);
        const read = data.shape.map((_, d) =>
          d < axis ? loop(d) : d === axis ? position : loop(d - 1 + indices.rank),
        );
        return [s.load(data, read)];
      },
    });
  }),
  lowering(onnx.GatherElements, (view) => {
    const { t, inputs } = view;
    const { data, indices } = inputs;
    const axis = axisOf(view, view.attributes.axis, data.rank);
    if (indices.rank !== data.rank) view.invalid(`indices have rank ${indices.rank}, data ${data.rank}`);
    if (!isInBounds(indices, data.shape[axis]!)) view.invalid(`an index is out of range for axis ${axis}`);
    return [
      t.map(
        indices,
        (s, index) =>
          s.load(
            data,
            data.shape.map((size, d) => (d === axis ? positionOf(s, index, size) : s.loopIndex(d))),
          ),
        data.element,
      ),
    ];
  }),
  lowering(onnx.GatherND, ({ t, inputs: { data, indices }, attributes: { batch_dims: batch }, invalid }) => {
    const depth = indices.shape.at(-1) ?? invalid("indices are a scalar");
    if (batch < 0 || batch >= indices.rank || batch + depth > data.rank)
      invalid(`indices of length ${depth} for rank ${data.rank} and ${batch} batch axes`);
    if (indices.shape.slice(0, batch).join() !== data.shape.slice(0, batch).join())
      invalid(`the first ${batch} axes of data and indices differ`);
    const outer = indices.shape.slice(0, -1);
    const shape = [...outer, ...data.shape.slice(batch + depth)];
    return [
      t.compute(shape, data.element, (s, position) => {
        const at = position.slice(0, outer.length);
        const coordinates = Array.from({ length: depth }, (_, k) =>
          positionOf(s, s.load(indices, [...at, s.index(k)]), data.shape[batch + k]!),
        );
        return s.load(data, [...position.slice(0, batch), ...coordinates, ...position.slice(outer.length)]);
      }),
    ];
  }),
];
