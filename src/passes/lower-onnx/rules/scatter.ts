import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { indexType } from "../../../ir/types.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { loop } from "../tensor-control.ts";
import { positionOf } from "./gather.ts";

/** How a scattered element meets the one that is there. */
const combinations: Readonly<Record<string, (s: ScalarBuilder, old: Scalar, update: Scalar) => Scalar>> = {
  none: (_, __, update) => update,
  add: (s, old, update) => (old.type.text === "i1" ? s.or(old, update) : s.add(old, update)),
  mul: (s, old, update) => (old.type.text === "i1" ? s.and(old, update) : s.mul(old, update)),
  max: (s, old, update) => s.max(old, update),
  min: (s, old, update) => s.min(old, update),
};

/** A nest of sequential loops over `shape` that carries one tensor. */
export function forEachIndex(
  t: TensorBuilder,
  shape: readonly number[],
  carried: Tensor,
  body: (indices: readonly Scalar[], carried: Tensor) => Tensor,
  outer: readonly Scalar[] = [],
): Tensor {
  if (outer.length === shape.length) return body(outer, carried);
  const [result] = loop(t, shape[outer.length]!, [carried], (position, [inner]) => [
    forEachIndex(t, shape, inner!, body, [...outer, position]),
  ]);
  return result!;
}

/** Updates written into (a copy of) `data`, one after the other: `target` gives where the update at some indices goes. */
function scatter(
  t: TensorBuilder,
  data: Tensor,
  updates: Tensor,
  reduction: string,
  target: (s: ScalarBuilder, indices: readonly Scalar[]) => readonly Scalar[],
): Tensor {
  const combine = combinations[reduction]!;
  return forEachIndex(t, updates.shape, data, (indices, carried) => {
    const s = t.scalars;
    const position = target(s, indices);
    const update = s.load(updates, indices);
    const value = reduction === "none" ? update : combine(s, s.load(carried, position), update);
    return t.insert(carried, value, position);
  });
}

export const scatterRules: readonly Lowering[] = [
  lowering(onnx.ScatterElements, (view) => {
    const { data, indices, updates } = view.inputs;
    const { reduction } = view.attributes;
    const axis = axisOf(view, view.attributes.axis, data.rank);
    if (!(reduction in combinations)) view.invalid(`reduction ${reduction} is unknown`);
    if (indices.shape.join() !== updates.shape.join()) view.invalid("indices and updates differ in shape");
    if (indices.rank !== data.rank || indices.shape.some((size, d) => d !== axis && size > data.shape[d]!))
      view.invalid(`indices of shape [${indices.shape}] for data of shape [${data.shape}]`);
    return [
      scatter(view.t, data, updates, reduction, (s, at) =>
        at.map((position, d) => (d === axis ? positionOf(s, s.load(indices, at), data.shape[axis]!) : position)),
      ),
    ];
  }),
  lowering(onnx.ScatterND, ({ t, inputs: { data, indices, updates }, attributes: { reduction }, invalid }) => {
    if (!(reduction in combinations)) invalid(`reduction ${reduction} is unknown`);
    const depth = indices.shape.at(-1) ?? invalid("indices are a scalar");
    const outer = indices.rank - 1;
    if (
      depth > data.rank ||
      updates.shape.join() !== [...indices.shape.slice(0, outer), ...data.shape.slice(depth)].join()
    )
      invalid(`updates of shape [${updates.shape}] for indices of shape [${indices.shape}]`);
    return [
      scatter(t, data, updates, reduction, (s, at) => [
        ...Array.from({ length: depth }, (_, k) =>
          positionOf(s, s.load(indices, [...at.slice(0, outer), s.index(k)]), data.shape[k]!),
        ),
        ...at.slice(outer),
      ]),
    ];
  }),
  lowering(onnx.TensorScatter, (view) => {
    const { t, inputs } = view;
    const { past_cache: past, update, write_indices: starts } = inputs;
    const { mode } = view.attributes;
    if (mode !== "linear" && mode !== "circular") view.invalid(`mode ${mode} is unknown`);
    const axis = axisOf(view, view.attributes.axis, past.rank);
    if (axis === 0) view.invalid("axis is the batch axis");
    const size = past.shape[axis]!;
    if (
      update.shape.length !== past.rank ||
      update.shape.some((length, d) => (d === axis ? length > size : length !== past.shape[d]))
    )
      // prettier-ignore
      view.invalid(`an update of shape [${update.shape}] for a cache of shape [${past.shape}]`);
    if (starts && (starts.rank !== 1 || starts.size !== past.shape[0]))
      view.invalid(`write_indices of shape [${starts.shape}] for a batch of ${past.shape[0]}`);
    return [
      scatter(t, past, update, "none", (s, at) =>
        at.map((position, d) => {
          if (d !== axis || !starts) return position;
          const moved = s.add(position, s.cast(s.load(starts, [at[0]!]), indexType));
          return mode === "circular" ? s.rem(moved, s.index(size)) : moved;
        }),
      ),
    ];
  }),
];
