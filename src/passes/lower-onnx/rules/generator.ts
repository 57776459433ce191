import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { hostTensorOf } from "../../../ir/attributes.ts";
import { f32, hostElementType, i64 } from "../../../ir/types.ts";
import { readElement, tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";
import { castTarget } from "./cast.ts";

/** More elements than this are not made at compile time. */
const mostElements = 1 << 24;

type WindowView = Pick<LoweringView, "t" | "integers" | "declaredShape" | "invalid" | "unsupported">;

/** How many elements a vector has: a checked size. */
function checkedCount(view: Pick<LoweringView, "invalid" | "unsupported">, count: number): number {
  if (count < 0) view.invalid(`it would have ${count} elements`);
  if (!(count <= mostElements)) view.unsupported(`it would have more than ${mostElements} elements`);
  return count;
}

/** A window function of `size` samples: Σ coefficients[k]·cos(2πk·n/N), as the spec's three windows are. */
function cosineWindow(
  view: WindowView,
  size: Tensor,
  attributes: { readonly periodic: number; readonly output_datatype: number },
  coefficients: readonly number[],
) {
  const declared = size.constant ? undefined : view.declaredShape(0)?.[0];
  const count = checkedCount(view, declared ?? view.integers(size, "size")[0] ?? 0);
  const period = attributes.periodic !== 0 ? count : count - 1;
  const values = Array.from({ length: count }, (_, n) =>
    coefficients.reduce((sum, factor, k) => sum + factor * Math.cos((2 * Math.PI * k * n) / period), 0),
  );
  return [view.t.numbers(values, castTarget(view, attributes.output_datatype))];
}

/** The values of a Range, in exact integer or double arithmetic. */
function rangeValues(
  view: Pick<LoweringView, "t" | "known" | "invalid" | "unsupported">,
  start: Tensor,
  limit: Tensor,
  delta: Tensor,
): Tensor {
  const [from, to, by] = [start, limit, delta].map((operand, index) => {
    const host = view.known(operand, ["start", "limit", "delta"][index]!);
    return host.data.length === 1
      ? readElement(host, 0)
      : view.invalid("start, limit and delta must be single numbers");
  }) as [number | bigint, number | bigint, number | bigint];
  if (Number(by) === 0) view.invalid("delta is 0");
  const count = checkedCount(view, Math.max(0, Math.ceil((Number(to) - Number(from)) / Number(by))));
  const values = Array.from({ length: count }, (_, index) =>
    typeof from === "bigint" ? from + BigInt(index) * (by as bigint) : from + index * (by as number),
  );
  return view.t.constant(tensorFromNumbers(hostElementType(start.element)!, [count], values), start.element);
}

/** A Range of declared length whose values are known at run time only. */
function runTimeRange(t: TensorBuilder, start: Tensor, delta: Tensor, count: number): Tensor {
  const { element } = start;
  const type = computationType(element);
  return t.compute([count], element, (s, [index]) => {
    const scalar = (x: Tensor): Scalar =>
      s.cast(
        s.load(
          x,
          x.shape.map(() => s.index(0)),
        ),
        type,
      );
    return s.cast(s.add(scalar(start), s.mul(s.cast(index!, type), scalar(delta))), element);
  });
}

export const generatorRules: readonly Lowering[] = [
  lowering(onnx.ConstantOfShape, (view) => {
    const { input } = view.inputs;
    const declared = input.constant ? undefined : view.declaredShape(0);
    const shape = declared ?? view.integers(input, "input");
    if (shape.some((size) => size < 0)) view.invalid(`shape [${shape}] has a negative size`);
    const written = view.attributes.value;
    if (!written) return [view.t.filled(0, f32, shape)];
    if (written.kind !== "dense") return view.unsupported("value must stand in the text");
    const value = hostTensorOf(written);
    if (value?.data.length !== 1) return view.invalid("value must be a tensor of one element");
    const { element } = written.type;
    return [view.t.filled(readElement(value, 0) as number | bigint, element, shape)];
  }),
  lowering(onnx.Range, (view) => {
    const { start, limit, delta } = view.inputs;
    if (start.element !== limit.element || start.element !== delta.element)
      view.invalid("start, limit and delta differ in type");
    const isKnown = [start, limit, delta].every((operand) => operand.constant);
    const declared = isKnown ? undefined : view.declaredShape(0)?.[0];
    if (declared !== undefined) return [runTimeRange(view.t, start, delta, declared)];
    return [rangeValues(view, start, limit, delta)];
  }),
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
    const axis = axisOf(view, view.attributes.axis, indices.rank + 1);
    const declared = depth.constant ? undefined : view.declaredShape(0)?.[axis];
    if (depth.size !== 1 || values.size !== 2) view.invalid("depth must be one number, values must be two");
    const size = checkedCount(view, declared ?? Math.trunc(Number(readElement(view.known(depth, "depth"), 0))));
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
  lowering(onnx.HannWindow, (view) => cosineWindow(view, view.inputs.size, view.attributes, [0.5, -0.5])),
  lowering(onnx.HammingWindow, (view) => cosineWindow(view, view.inputs.size, view.attributes, [25 / 46, -21 / 46])),
  lowering(onnx.BlackmanWindow, (view) => cosineWindow(view, view.inputs.size, view.attributes, [0.42, -0.5, 0.08])),
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
