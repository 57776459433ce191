import { affine, affineMap, type AffineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import { arith, linalg, tensor } from "../../ir/dialects/index.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import type { ValueId } from "../../ir/module.ts";
import { i32, type TensorType, tensorType, type Type } from "../../ir/types.ts";
import {
  elementLimit,
  elements,
  isFloat,
  isInteger,
  isTensor,
  ProgramScope,
  type Rule,
  runSteps,
  type Step,
  sizes,
} from "./program-scope.ts";
import { bodyDepth, exactScalarRules } from "./scalar-rules.ts";
import { anyTensor } from "./tensor-rules.ts";

interface Operand {
  readonly value: ValueId;
  readonly map: AffineMap;
}
type Body = (scope: ProgramScope, inputs: readonly ValueId[], accumulator: ValueId) => ValueId;

/** A tensor whose contents are yet to be written. */
const empty = (scope: ProgramScope, shape: readonly number[], element: Type): ValueId =>
  tensor.empty.build(scope.builder, {}, {}, { resultTypes: [tensorType(shape, element)] }).result;

/** A tensor of one value. */
function filled(scope: ProgramScope, shape: readonly number[], element: Type, value: number): ValueId {
  const input = scope.constant(element, value);
  const region = [
    {
      arguments: [element, element],
      body: (_: unknown, [first]: readonly ValueId[]) =>
        void linalg.yield.build(scope.builder, { values: [first!] }, {}),
    },
  ];
  const operands = { inputs: [input], outputs: [empty(scope, shape, element)] };
  return linalg.fill.build(scope.builder, operands, {}, { regions: { region } }).results[0]!;
}

function generic(
  scope: ProgramScope,
  inputs: readonly Operand[],
  output: Operand,
  iterators: readonly IteratorType[],
  body: Body,
): ValueId {
  const operands = [...inputs, output];
  const region = [
    {
      arguments: operands.map(({ value }) => (scope.typeOf(value) as TensorType).element),
      body: (_: unknown, values: readonly ValueId[]) => {
        const inner = new ProgramScope(scope.builder, values.slice(0, -1), [], bodyDepth);
        const result = body(inner, values.slice(0, -1), values.at(-1)!);
        linalg.yield.build(scope.builder, { values: [result] }, {});
      },
    },
  ];
  return linalg.generic.build(
    scope.builder,
    { inputs: inputs.map(({ value }) => value), outputs: [output.value] },
    { indexing_maps: operands.map(({ map }) => map), iterator_types: iterators },
    { regions: { region } },
  ).results[0]!;
}

const parallel = (rank: number): readonly IteratorType[] => Array.from({ length: rank }, () => "parallel" as const);
const isNumeric = (type: Type): boolean => isFloat(type) || isInteger(type);
/** A tensor of numbers in sight. */
function numberTensor(scope: ProgramScope, pick: number): readonly [ValueId, TensorType] | undefined {
  const found = anyTensor(scope, pick);
  return found !== undefined && isNumeric(found[1].element) ? found : undefined;
}

/** Random scalar code over the elements; its last value of the wanted type is the result. */
const scalarBody =
  (step: Step, type: Type): Body =>
  (scope, inputs) => {
    runSteps(scope, step.body, exactScalarRules);
    return scope.find((other) => other === type, step.picks[3]!) ?? inputs[0]!;
  };

/** One or two tensors of one shape, element by element, read in order or transposed. */
const elementwise: Rule = (scope, step) => {
  const found = numberTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [value, type] = found;
  const rank = type.shape.length;
  const other = scope.find((candidate) => candidate === type, step.picks[1]!)!;
  const dimensions = Array.from({ length: rank }, (_, index) => index);
  const order = step.picks[2]! % 2 === 0 ? dimensions : dimensions.toReversed();
  const map = projectionMap(rank, order);
  // The loops run over the result's shape, which the inputs are read from in this order.
  const shape = dimensions.map((dimension) => sizes(type)[order.indexOf(dimension)]!);
  const output = { value: empty(scope, shape, type.element), map: identityMap(rank) };
  const inputs = [value, other].map((input) => ({ value: input, map }));
  scope.add(generic(scope, inputs, output, parallel(rank), scalarBody(step, type.element)));
};

/** A tensor repeated along a new dimension. */
const broadcast: Rule = (scope, step) => {
  const found = numberTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [value, type] = found;
  const count = 1 + (step.picks[1]! % 3);
  const shape = [count, ...sizes(type)];
  if (elements(shape) > elementLimit || shape.length > 4) return;
  const map = projectionMap(
    shape.length,
    type.shape.map((_, index) => index + 1),
  );
  const output = { value: empty(scope, shape, type.element), map: identityMap(shape.length) };
  scope.add(generic(scope, [{ value, map }], output, parallel(shape.length), scalarBody(step, type.element)));
};

/** A dimension combined away, from a defined first value. */
const reduce: Rule = (scope, step) => {
  const found = numberTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [value, type] = found;
  const rank = type.shape.length;
  const reduced = step.picks[1]! % rank;
  const kept = Array.from({ length: rank }, (_, index) => index).filter((dimension) => dimension !== reduced);
  const first = filled(
    scope,
    kept.map((dimension) => sizes(type)[dimension]!),
    type.element,
    0,
  );
  const iterators = Array.from({ length: rank }, (_, index): IteratorType =>
    index === reduced ? "reduction" : "parallel",
  );
  const combine: Body = ({ builder }, [element], accumulator) => {
    const operands = { lhs: element!, rhs: accumulator };
    if (isFloat(type.element)) {
      const operation = step.picks[2]! % 2 === 0 ? arith.addf : arith.maximumf;
      return operation.build(builder, operands, {}).result;
    }
    return (step.picks[2]! % 2 === 0 ? arith.addi : arith.maxsi).build(builder, operands, {}).result;
  };
  const output = { value: first, map: projectionMap(rank, kept) };
  scope.add(generic(scope, [{ value, map: identityMap(rank) }], output, iterators, combine));
};

/** A·Aᵀ of a matrix. */
const contract: Rule = (scope, step) => {
  const value = scope.find(
    (type) => isTensor(type) && type.shape.length === 2 && isNumeric(type.element),
    step.picks[0]!,
  );
  if (value === undefined) return;
  const type = scope.typeOf(value) as TensorType;
  const rows = sizes(type)[0]!;
  const inputs = [
    { value, map: projectionMap(3, [0, 2]) },
    { value, map: projectionMap(3, [1, 2]) },
  ];
  const output = { value: filled(scope, [rows, rows], type.element, 0), map: projectionMap(3, [0, 1]) };
  const multiplyAdd: Body = ({ builder }, [lhs, rhs], accumulator) => {
    const [multiply, add] = isFloat(type.element)
      ? ([arith.mulf, arith.addf] as const)
      : ([arith.muli, arith.addi] as const);
    const product = multiply.build(builder, { lhs: lhs!, rhs: rhs! }, {}).result;
    return add.build(builder, { lhs: accumulator, rhs: product }, {}).result;
  };
  scope.add(generic(scope, inputs, output, ["parallel", "parallel", "reduction"], multiplyAdd));
};

/** A window sum: the input is read at the sum of two loops. */
const window: Rule = (scope, step) => {
  const value = scope.find(
    (type) => isTensor(type) && type.shape.length === 1 && isNumeric(type.element),
    step.picks[0]!,
  );
  if (value === undefined) return;
  const type = scope.typeOf(value) as TensorType;
  const extent = sizes(type)[0]!;
  const width = 1 + (step.picks[1]! % extent);
  const sum = affineMap(2, [affine.add(affine.dimension(0), affine.dimension(1))]);
  // The window's width is the shape of an operand that is only read for it.
  const inputs = [
    { value, map: sum },
    { value: filled(scope, [width], type.element, 1), map: projectionMap(2, [1]) },
  ];
  const output = { value: filled(scope, [extent - width + 1], type.element, 0), map: projectionMap(2, [0]) };
  const add: Body = ({ builder }, [element], accumulator) =>
    (isFloat(type.element) ? arith.addf : arith.addi).build(builder, { lhs: accumulator, rhs: element! }, {}).result;
  scope.add(generic(scope, inputs, output, ["parallel", "reduction"], add));
};

/** Elements of a captured tensor at computed positions. */
const gather: Rule = (scope, step) => {
  const found = numberTensor(scope, step.picks[0]!);
  if (found === undefined) return;
  const [source, type] = found;
  const rank = type.shape.length;
  const body: Body = ({ builder, index }, _, accumulator) => {
    void accumulator;
    void index;
    const indices = sizes(type).map((size, dimension) => {
      const here = linalg.index.build(builder, {}, { dim: dimension }).result;
      const inner = new ProgramScope(builder, [], [], bodyDepth);
      const moved = arith.addi.build(builder, { lhs: here, rhs: inner.index(step.picks[1]! % 5) }, {}).result;
      return arith.remui.build(builder, { lhs: moved, rhs: inner.index(size) }, {}).result;
    });
    return tensor.extract.build(builder, { tensor: source, indices }, {}).result;
  };
  const output = { value: empty(scope, sizes(type), type.element), map: identityMap(rank) };
  scope.add(generic(scope, [], output, parallel(rank), body));
};

/** The positions along a dimension, as numbers. */
const iota: Rule = (scope, step) => {
  const shape = [1 + (step.picks[0]! % 4), 1 + (step.picks[1]! % 4)];
  const body: Body = ({ builder }) => {
    const position = linalg.index.build(builder, {}, { dim: step.picks[2]! % 2 }).result;
    return arith.index_cast.build(builder, { in: position }, {}, { resultTypes: [i32] }).out;
  };
  scope.add(generic(scope, [], { value: empty(scope, shape, i32), map: identityMap(2) }, parallel(2), body));
};

/** Rules that make structured operations. */
export const structuredRules: readonly Rule[] = [elementwise, broadcast, reduce, contract, window, gather, iota];
