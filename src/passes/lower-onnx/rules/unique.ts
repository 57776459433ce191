import { onnx } from "../../../ir/dialects/onnx/index.ts";
import {
  allocateTensor,
  elementCount,
  type HostTensor,
  readElement,
  tensorFromNumbers,
  writeElement,
} from "../../../support/numeric/host-tensor.ts";
import { axisOf, lowering, type Lowering } from "../lowering.ts";

type Element = number | bigint | string;

/** Rising order; strings by code point, NaN last and equal to itself. */
function compareElements(a: Element, b: Element): number {
  if (a === b) return 0;
  if (typeof a === "string" || typeof b === "string") return compareText(String(a), String(b));
  const [aNan, bNan] = [a !== a, b !== b];
  if (aNan || bNan) return Number(aNan) - Number(bNan);
  return a < b ? -1 : a > b ? 1 : 0;
}
function compareText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Slices [count, size] along an axis of a tensor, each as its elements in row-major order. */
function slicesAlong(x: HostTensor, axis: number): readonly (readonly Element[])[] {
  const inner = elementCount(x.shape.slice(axis + 1));
  const outer = elementCount(x.shape.slice(0, axis));
  const count = x.shape[axis]!;
  return Array.from({ length: count }, (_, slice) =>
    Array.from({ length: outer * inner }, (__, index) =>
      readElement(x, (Math.floor(index / inner) * count + slice) * inner + (index % inner)),
    ),
  );
}

/** The tensor of some slices of another along an axis. */
function joinSlices(x: HostTensor, axis: number, slices: readonly (readonly Element[])[]): HostTensor {
  const shape = x.shape.with(axis, slices.length);
  const inner = elementCount(x.shape.slice(axis + 1));
  const elements = Array.from({ length: elementCount(shape) }, (_, index) => {
    const rest = Math.floor(index / inner);
    return slices[rest % slices.length]![Math.floor(rest / slices.length) * inner + (index % inner)]!;
  });
  if (x.elementType === "string") return { elementType: "string", shape, data: elements.map(String) };
  const result = allocateTensor(x.elementType, shape);
  elements.forEach((element, index) => writeElement(result, index, element));
  return result;
}

/** Which slices are distinct: the first place of each, which distinct one every slice is, and how often each occurs. */
function distinct(slices: readonly (readonly Element[])[], isSorted: boolean) {
  const compare = (a: number, b: number): number => {
    const [left, right] = [slices[a]!, slices[b]!];
    for (let index = 0; index < left.length; index++) {
      const order = compareElements(left[index]!, right[index]!);
      if (order !== 0) return order;
    }
    return 0;
  };
  const order = slices.map((_, index) => index).sort((a, b) => compare(a, b) || a - b);
  const groups: { readonly first: number; readonly members: number[] }[] = [];
  for (const index of order) {
    const group = groups.at(-1);
    if (group && compare(group.first, index) === 0) group.members.push(index);
    else groups.push({ first: index, members: [index] });
  }
  if (!isSorted) groups.sort((a, b) => a.first - b.first);
  const inverse: number[] = Array.from({ length: slices.length }, () => 0);
  groups.forEach(({ members }, group) => members.forEach((index) => (inverse[index] = group)));
  return { first: groups.map(({ first }) => first), inverse, counts: groups.map(({ members }) => members.length) };
}

export const uniqueRules: readonly Lowering[] = [
  lowering(onnx.Unique, (view) => {
    const { t, attributes, known } = view;
    const operand = known(view.inputs.X, "X");
    const isFlat = attributes.axis === undefined;
    const x = isFlat ? { ...operand, shape: [operand.data.length] } : operand;
    const axis = isFlat ? 0 : axisOf(view, attributes.axis!, x.shape.length);
    const slices = slicesAlong(x, axis);
    const { first, inverse, counts } = distinct(slices, attributes.sorted !== 0);
    const y = joinSlices(
      x,
      axis,
      first.map((index) => slices[index]!),
    );
    const whole = (values: readonly number[]) => t.constant(tensorFromNumbers("i64", [values.length], values));
    return [t.constant(y, view.inputs.X.element), whole(first), whole(inverse), whole(counts)];
  }),
];
