import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { hostTensorOf } from "../../../ir/attributes.ts";
import { f32, hostElementType, i64 } from "../../../ir/types.ts";
import { readElement, tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor-builder.ts";
import { castTarget } from "./cast.ts";

/** A window function of `size` samples: Σ coefficients[k]·cos(2πk·n/N), as the spec's three windows are. */
function cosineWindow(view: LoweringView, size: Tensor, periodic: number, to: number, coefficients: readonly number[]) {
  const count = view.integers(size, "size")[0]!;
  const period = periodic !== 0 ? count : count - 1;
  const values = Array.from({ length: count }, (_, n) =>
    coefficients.reduce((sum, factor, k) => sum + factor * Math.cos((2 * Math.PI * k * n) / period), 0),
  );
  return [view.t.numbers(values, castTarget(view, to))];
}

/** The values of a Range, in exact integer or double arithmetic. */
function rangeValues(view: LoweringView, start: Tensor, limit: Tensor, delta: Tensor): Tensor {
  const [from, to, by] = [start, limit, delta].map((operand, index) =>
    readElement(view.known(operand, ["start", "limit", "delta"][index]!), 0),
  ) as [number | bigint, number | bigint, number | bigint];
  if (Number(by) === 0) view.invalid("delta is 0");
  const count = Math.max(0, Math.ceil((Number(to) - Number(from)) / Number(by)));
  const values = Array.from({ length: count }, (_, index) =>
    typeof from === "bigint" ? from + BigInt(index) * (by as bigint) : from + index * (by as number),
  );
  return view.t.constant(tensorFromNumbers(hostElementType(start.element)!, [count], values), start.element);
}

export const generatorRules: readonly Lowering[] = [
  lowering(onnx.ConstantOfShape, (view) => {
    const shape = view.integers(view.inputs.input, "input");
    if (shape.some((size) => size < 0)) view.invalid(`shape [${shape}] has a negative size`);
    const value = view.attributes.value && hostTensorOf(view.attributes.value);
    if (!value) return [view.t.filled(0, f32, shape)];
    const element = view.attributes.value!.type.element;
    return [view.t.filled(readElement(value, 0) as number | bigint, element, shape)];
  }),
  lowering(onnx.Range, (view) => [rangeValues(view as never, view.inputs.start, view.inputs.limit, view.inputs.delta)]),
  lowering(onnx.EyeLike, (view) => {
    const { t, inputs } = view;
    const { dtype, k } = view.attributes;
    if (inputs.input.rank !== 2) view.invalid("its operand is no matrix");
    const element = dtype === undefined ? inputs.input.element : castTarget(view, dtype);
    return [
      t.compute(inputs.input.shape, element, (s, [row, column]) => {
        const onDiagonal = s.compare("eq", column!, s.add(row!, s.index(k)));
        return s.select(onDiagonal, s.constant(1, element), s.constant(0, element));
      }),
    ];
  }),
  lowering(onnx.OneHot, (view) => {
    const { t, inputs } = view;
    const { indices, depth, values } = inputs;
    const size = Number(readElement(view.known(depth, "depth"), 0));
    const axis = axisOf(view, view.attributes.axis, indices.rank + 1);
    const shape = [...indices.shape.slice(0, axis), size, ...indices.shape.slice(axis)];
    return [
      t.compute(shape, values.element, (s, position) => {
        const at = position.filter((_, d) => d !== axis);
        const raw = s.cast(s.load(indices, at), i64);
        const index = s.select(s.compare("lt", raw, s.constant(0, i64)), s.add(raw, s.constant(size, i64)), raw);
        const hit = s.compare("eq", index, s.cast(position[axis]!, i64));
        return s.select(hit, s.load(values, [s.index(1)]), s.load(values, [s.index(0)]));
      }),
    ];
  }),
  lowering(onnx.HannWindow, (view) =>
    cosineWindow(
      view as never,
      view.inputs.size,
      view.attributes.periodic,
      view.attributes.output_datatype,
      [0.5, -0.5],
    ),
  ),
  lowering(onnx.HammingWindow, (view) =>
    cosineWindow(view as never, view.inputs.size, view.attributes.periodic, view.attributes.output_datatype, [
      25 / 46,
      -21 / 46,
    ]),
  ),
  lowering(onnx.BlackmanWindow, (view) =>
    cosineWindow(
      view as never,
      view.inputs.size,
      view.attributes.periodic,
      view.attributes.output_datatype,
      [0.42, -0.5, 0.08],
    ),
  ),
  ...[
    onnx.RandomNormal,
    onnx.RandomNormalLike,
    onnx.RandomUniform,
    onnx.RandomUniformLike,
    onnx.Bernoulli,
    onnx.Multinomial,
  ].map((definition) => ({
    name: definition.name,
    rule: (view: LoweringView) =>
      view.unsupported("compiled models are deterministic and ONNX does not define its random generator"),
  })),
];
