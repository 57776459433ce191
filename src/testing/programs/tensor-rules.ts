import { denseAttribute } from "../../ir/attributes.ts";
import { arith, tensor } from "../../ir/dialects/index.ts";
import type { ValueId } from "../../ir/module.ts";
import { hostElementType, i1, i32, f32, indexType, type TensorType, tensorType, type Type } from "../../ir/types.ts";
import { allocateTensor, writeElement } from "../../support/numeric/host-tensor.ts";
import { elementLimit, elements, isTensor, type ProgramScope, type Rule, type Step, sizes } from "./program-scope.ts";

const isMatrixLike = (type: Type): boolean => isTensor(type) && type.shape.length > 0;
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

/** A tensor in sight with at least one dimension, and its type. */
export function anyTensor(scope: ProgramScope, pick: number): readonly [ValueId, TensorType] | undefined {
  const value = scope.find(isMatrixLike, pick);
  return value === undefined ? undefined : [value, scope.typeOf(value) as TensorType];
}

/** Indices inside a shape: a value in sight taken modulo the size, or a constant. */
function indicesInto(scope: ProgramScope, shape: readonly number[], step: Step): readonly ValueId[] {
  return shape.map((size, dimension) => {
    const pick = step.picks[dimension % step.picks.length]!;
    const value = pick % 3 === 0 ? scope.find((type) => type === indexType, pick) : undefined;
    if (value === undefined) return scope.index(pick % size);
    return arith.remui.build(scope.builder, { lhs: value, rhs: scope.index(size) }, {}).result;
  });
}

const extract: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [value, type] = found;
  scope.add(
    tensor.extract.build(scope.builder, { tensor: value, indices: indicesInto(scope, sizes(type), step) }, {}).result,
  );
};

const insert: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [dest, type] = found;
  const operands = {
    scalar: scope.scalar(type.element, step.picks[1]!),
    dest,
    indices: indicesInto(scope, sizes(type), step),
  };
  scope.add(tensor.insert.build(scope.builder, operands, {}).result);
};

interface StaticSlice {
  readonly static_offsets: readonly number[];
  readonly static_sizes: readonly number[];
  readonly static_strides: readonly number[];
}

/** A slice inside a shape. */
function sliceOf(shape: readonly number[], step: Step): StaticSlice {
  const made = shape.map((extent, dimension) => {
    const pick = step.picks[(dimension + 1) % step.picks.length]!;
    const stride = 1 + (pick % 2);
    const offset = (pick >> 1) % extent;
    const size = 1 + ((pick >> 3) % Math.ceil((extent - offset) / stride));
    return { offset, size, stride };
  });
  return {
    static_offsets: made.map(({ offset }) => offset),
    static_sizes: made.map(({ size }) => size),
    static_strides: made.map(({ stride }) => stride),
  };
}

const extractSlice: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [source, type] = found;
  const slice = sliceOf(sizes(type), step);
  const result = tensorType(slice.static_sizes, type.element);
  scope.add(tensor.extract_slice.build(scope.builder, { source }, slice, { resultTypes: [result] }).result);
};

const insertSlice: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [dest, type] = found;
  const slice = sliceOf(sizes(type), step);
  const part = tensorType(slice.static_sizes, type.element);
  const input = scope.scalar(type.element, step.picks[1]!);
  const source =
    scope.find((other) => other === part, step.picks[2]!) ??
    tensor.splat.build(scope.builder, { input }, {}, { resultTypes: [part] }).aggregate;
  scope.add(tensor.insert_slice.build(scope.builder, { source, dest }, slice).result);
};

const collapse: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined || found[1].shape.length < 2) return;
  const [src, type] = found;
  const rank = type.shape.length;
  const cut = 1 + (step.picks[1]! % (rank - 1));
  const groups = step.picks[2]! % 2 === 0 ? [range(0, rank)] : [range(0, cut), range(cut, rank)];
  const shape = groups.map((group) => elements(group.map((dimension) => sizes(type)[dimension]!)));
  const result = tensorType(shape, type.element);
  scope.add(
    tensor.collapse_shape.build(scope.builder, { src }, { reassociation: groups }, { resultTypes: [result] }).result,
  );
};
const range = (start: number, end: number): readonly number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

const expand: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined || found[1].shape.length > 2) return;
  const [src, type] = found;
  const dimension = step.picks[1]! % type.shape.length;
  const size = sizes(type)[dimension]!;
  const divisors = range(1, size + 1).filter((divisor) => size % divisor === 0);
  const outer = divisors.length === 0 ? 1 : at(divisors, step.picks[2]!);
  const shape = sizes(type).flatMap((extent, index) => (index === dimension ? [outer, size / outer] : [extent]));
  let next = 0;
  const reassociation = sizes(type).map((_, index) => range(next, (next += index === dimension ? 2 : 1)));
  const result = tensorType(shape, type.element);
  scope.add(
    tensor.expand_shape.build(
      scope.builder,
      { src },
      { reassociation, static_output_shape: shape },
      { resultTypes: [result] },
    ).result,
  );
};

const pad: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [source, type] = found;
  const amounts = (shift: number) =>
    type.shape.map((_, dimension) => (step.picks[(dimension + shift) % step.picks.length]! >> shift) % 3);
  const low = amounts(1);
  const high = amounts(2);
  const shape = sizes(type).map((size, dimension) => size + low[dimension]! + high[dimension]!);
  if (elements(shape) > elementLimit) return;
  const filler = scope.scalar(type.element, step.picks[1]!);
  const region = [
    {
      arguments: shape.map(() => indexType),
      body: () => void tensor.yield.build(scope.builder, { value: filler }, {}),
    },
  ];
  const options = { resultTypes: [tensorType(shape, type.element)], regions: { region } };
  scope.add(tensor.pad.build(scope.builder, { source }, { static_low: low, static_high: high }, options).result);
};

const concat: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [first, type] = found;
  const dim = step.picks[1]! % type.shape.length;
  const fits = (other: Type): boolean =>
    isTensor(other) &&
    other.element === type.element &&
    other.shape.length === type.shape.length &&
    other.shape.every((size, index) => index === dim || size === type.shape[index]);
  const second = scope.find(fits, step.picks[2]!)!;
  const shape = sizes(type).map((size, index) => (index === dim ? size + sizes(scope.typeOf(second))[index]! : size));
  if (elements(shape) > elementLimit) return;
  const options = { resultTypes: [tensorType(shape, type.element)] };
  scope.add(tensor.concat.build(scope.builder, { inputs: [first, second] }, { dim }, options).result);
};

const fromElements: Rule = (scope, step) => {
  const type = at([f32, i32], step.picks[0]!);
  const values = range(0, 1 + (step.picks[1]! % 4)).map((index) =>
    scope.scalar(type, step.picks[index % step.picks.length]!),
  );
  const options = { resultTypes: [tensorType([values.length], type)] };
  scope.add(tensor.from_elements.build(scope.builder, { elements: values }, {}, options).result);
};

const splat: Rule = (scope, step) => {
  const type = at([f32, i32, i1], step.picks[0]!);
  const shape = range(0, 1 + (step.picks[1]! % 3)).map((index) => 1 + (step.picks[index]! % 3));
  const input = scope.scalar(type, step.picks[2]!);
  scope.add(tensor.splat.build(scope.builder, { input }, {}, { resultTypes: [tensorType(shape, type)] }).aggregate);
};

const constant: Rule = (scope, step) => {
  const element = at([f32, i32], step.picks[0]!);
  const shape = range(0, step.picks[1]! % 3).map((index) => 1 + (step.picks[index]! % 4));
  const host = allocateTensor(hostElementType(element)!, shape);
  for (let index = 0; index < elements(shape); index++)
    writeElement(host, index, ((step.picks[2]! + 7 * index) % 23) - 11);
  const value = denseAttribute(host);
  scope.add(arith.constant.build(scope.builder, {}, { value }, { resultTypes: [value.type] }).result);
};

const dim: Rule = (scope, step) => {
  const found = anyTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [source, type] = found;
  const index = scope.index(step.picks[1]! % type.shape.length);
  scope.add(tensor.dim.build(scope.builder, { source, index }, {}).result);
};

const generate: Rule = (scope, step) => {
  const shape = [1 + (step.picks[0]! % 4), 1 + (step.picks[1]! % 3)];
  const body = [
    {
      arguments: [indexType, indexType],
      body: (_: unknown, [row, column]: readonly ValueId[]) => {
        const sum = arith.addi.build(scope.builder, { lhs: row!, rhs: column! }, {}).result;
        const value = arith.index_cast.build(scope.builder, { in: sum }, {}, { resultTypes: [i32] }).out;
        tensor.yield.build(scope.builder, { value }, {});
      },
    },
  ];
  const options = { resultTypes: [tensorType(shape, i32)], regions: { body } };
  scope.add(tensor.generate.build(scope.builder, {}, {}, options).result);
};

/** Rules that make, read and rearrange tensors. */
export const tensorRules: readonly Rule[] = [
  extract,
  insert,
  extractSlice,
  insertSlice,
  collapse,
  expand,
  pad,
  concat,
  fromElements,
  splat,
  constant,
  dim,
  generate,
];
