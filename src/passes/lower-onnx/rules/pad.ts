import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";

/** The input position that an output position of a padded axis repeats, by mode; positions may be any integer. */
const sources: Readonly<Record<string, (position: number, size: number) => number>> = {
  edge: (position, size) => Math.min(Math.max(position, 0), size - 1),
  wrap: (position, size) => ((position % size) + size) % size,
  reflect(position, size) {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const folded = ((position % period) + period) % period;
    return folded < size ? folded : period - folded;
  },
};

export const padRules: readonly Lowering[] = [
  lowering(onnx.Pad, (view) => {
    const { t, inputs, attributes } = view;
    const { data, pads, constant_value: value, axes } = inputs;
    const amounts = view.integers(pads, "pads");
    const along = axes
      ? view.integers(axes, "axes").map((axis) => axisOf(view, axis, data.rank))
      : data.shape.map((_, axis) => axis);
    if (amounts.length !== 2 * along.length) view.invalid(`${amounts.length} pads for ${along.length} axes`);
    const low = data.shape.map(() => 0);
    const high = data.shape.map(() => 0);
    along.forEach((axis, index) => {
      low[axis] = amounts[index]!;
      high[axis] = amounts[along.length + index]!;
    });
    const sizes = data.shape.map((size, axis) => size + low[axis]! + high[axis]!);
    if (sizes.some((size) => size < 0)) view.invalid(`pads [${amounts}] take more than there is`);
    if (attributes.mode === "constant") {
      // Negative pads crop first; what is left is widened.
      const cropped = t.slice(
        data,
        low.map((size) => Math.max(0, -size)),
        data.shape.map((size, axis) => Math.max(0, size + Math.min(0, low[axis]!) + Math.min(0, high[axis]!))),
      );
      const filler = value ? t.extract(t.reshape(value, []), []) : t.scalars.constant(0, data.element);
      const grow = (size: number): number => Math.max(0, size);
      return [t.pad(cropped, low.map(grow), high.map(grow), filler)];
    }
    const source = sources[attributes.mode] ?? view.invalid(`mode ${attributes.mode} is unknown`);
    if (data.shape.some((size, axis) => size === 0 && sizes[axis]! > 0))
      view.invalid("an empty axis cannot be repeated");
    const tables = sizes.map((size, axis) =>
      Array.from({ length: size }, (_, position) => source(position - low[axis]!, data.shape[axis]!)),
    );
    return [t.take(data, tables)];
  }),
];
