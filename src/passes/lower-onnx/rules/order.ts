import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i64 } from "../../../ir/types.ts";
import { elementCount, readElement, tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";
import { firstOfRows } from "../sort.ts";
import type { Tensor } from "../tensor.ts";

export const orderRules: readonly Lowering[] = [
  lowering(onnx.TopK, (view) => {
    const { t, inputs, attributes } = view;
    const { X, K } = inputs;
    if (K.size !== 1) view.invalid(`K must be a single number, not [${K.shape}]`);
    if (X.rank === 0) return [X, t.splat(0, i64)];
    const axis = axisOf(view, attributes.axis, X.rank);
    const declared = K.constant ? undefined : (view.declaredShape(0) ?? view.declaredShape(1));
    const count = declared?.[axis] ?? view.integers(K, "K")[0]!;
    const size = X.shape[axis]!;
    if (count < 0 || count > size) view.invalid(`K is ${count}, but axis ${axis} has size ${size}`);
    // The axis goes last, the others are rows.
    const order = [...X.shape.map((_, d) => d).filter((d) => d !== axis), axis];
    const outer = order.slice(0, -1).map((d) => X.shape[d]!);
    if (count === 0 || X.size === 0) {
      const shape = X.shape.with(axis, count);
      return [t.filled(0, X.element, shape), t.filled(0, i64, shape)];
    }
    const rows = t.reshape(t.transpose(X, order), [elementCount(outer), size]);
    const { values, positions } = firstOfRows(t, rows, count, attributes.largest !== 0);
    const back = order.map((_, d) => order.indexOf(d));
    const restored = (result: Tensor): Tensor => t.transpose(t.reshape(result, [...outer, count]), back);
    return [restored(values), restored(positions)];
  }),
  lowering(onnx.NonZero, (view) => {
    const { t, inputs, known } = view;
    const x = known(inputs.X, "X");
    const places: number[] = [];
    for (let index = 0; index < x.data.length; index++) if (Number(readElement(x, index)) !== 0) places.push(index);
    // A scalar counts as a vector of one element, without a coordinate.
    const coordinates = x.shape.map((size, axis) => {
      const stride = elementCount(x.shape.slice(axis + 1));
      return places.map((place) => Math.floor(place / stride) % size);
    });
    return [t.constant(tensorFromNumbers("i64", [x.shape.length, places.length], coordinates.flat()))];
  }),
  lowering(onnx.Compress, (view) => {
    const { t, inputs, attributes } = view;
    const { input, condition } = inputs;
    const flags = view.integers(condition, "condition");
    const chosen = flags.flatMap((flag, index) => (flag !== 0 ? [index] : []));
    const isFlat = attributes.axis === undefined;
    const data = isFlat ? t.reshape(input, [input.size]) : input;
    const axis = isFlat ? 0 : axisOf(view, attributes.axis!, input.rank);
    const size = data.shape[axis]!;
    if (chosen.some((index) => index >= size))
      view.invalid(`its condition selects beyond the size ${size} of its axis`);
    const tables = data.shape.map((length, d) => (d === axis ? chosen : Array.from({ length }, (_, index) => index)));
    return [t.take(data, tables)];
  }),
];
