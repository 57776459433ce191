import { linalg } from "../../ir/dialects/linalg.ts";
import type { Operation } from "../../ir/module.ts";
import { type FloatElementType, isFloat } from "../../support/numeric/element-type.ts";
import { roundTo } from "../../support/numeric/float-formats.ts";
import { fail } from "../diagnostics.ts";
import { asTensor, type DialectRules, type Execution, pure } from "../rule.ts";
import { integersOf, mixedEntries, operandSegments } from "../slices.ts";
import {
  forEachOffset,
  isBuffer,
  isTensor,
  loadElement,
  rowMajorStrides,
  type RuntimeValue,
  storeElement,
} from "../values.ts";

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * right[index]!, 0);

/** Calls `visit` with each index of a shape in row-major order. The index is one array, changed between calls. */
function forEachIndex(shape: readonly number[], visit: (index: readonly number[], position: number) => void): void {
  const index = shape.map(() => 0);
  const count = product(shape);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

// --- packing ---------------------------------------------------------------------------------------------------------------------

interface Tiling {
  /** The tile of each dimension of the unpacked tensor; 1 where it is not tiled. */
  readonly sizes: readonly number[];
  /** Where each dimension's number of tiles is among the packed dimensions. */
  readonly outer: readonly number[];
  /** Where each dimension's place in its tile is among the packed dimensions; undefined where it is not tiled. */
  readonly inner: readonly (number | undefined)[];
}
function tilingOf(op: Operation, rank: number, dynamic: readonly RuntimeValue[]): Tiling {
  const positions = integersOf(op, "inner_dims_pos");
  const tiles = mixedEntries(integersOf(op, "static_inner_tiles"), dynamic);
  const permutation = op.properties["outer_dims_perm"] === undefined ? [] : integersOf(op, "outer_dims_perm");
  const dimensions = Array.from({ length: rank }, (_, dimension) => dimension);
  const tileOf = (dimension: number): number => positions.indexOf(dimension);
  if (tiles.some((tile) => tile <= 0))
    fail("malformed", op.location, { name: op.name, reason: "a tile must have at least one element" });
  return {
    sizes: dimensions.map((dimension) => tiles[tileOf(dimension)] ?? 1),
    outer: dimensions.map((dimension) => (permutation.length === 0 ? dimension : permutation.indexOf(dimension))),
    inner: dimensions.map((dimension) => (tileOf(dimension) < 0 ? undefined : rank + tileOf(dimension))),
  };
}

function pack(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const [, , paddings = 0] = operandSegments(op);
  const source = asTensor(operands[0]!);
  const result = asTensor(execution.take(op, 1, operands[1]!));
  const { sizes, outer, inner } = tilingOf(op, source.shape.length, operands.slice(2 + paddings));
  const strides = rowMajorStrides(source.shape);
  forEachIndex(result.shape, (index, position) => {
    const place = sizes.map((size, d) => index[outer[d]!]! * size + (inner[d] === undefined ? 0 : index[inner[d]]!));
    const outside = place.findIndex((at, dimension) => at >= source.shape[dimension]!);
    const value =
      outside < 0
        ? loadElement(source.elementType, source.data, dot(place, strides))
        : paddings > 0
          ? operands[2]!
          : fail("out-of-bounds", op.location, {
              name: op.name,
              index: place[outside]!,
              dimension: outside,
              size: source.shape[outside]!,
            });
    storeElement(result.elementType, result.data, position, value as number);
  });
  return [result];
}

function unpack(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const source = asTensor(operands[0]!);
  const result = asTensor(execution.take(op, 1, operands[1]!));
  const { sizes, outer, inner } = tilingOf(op, result.shape.length, operands.slice(2));
  const strides = rowMajorStrides(source.shape);
  forEachIndex(result.shape, (index, position) => {
    let offset = 0;
    index.forEach((at, dimension) => {
      const tile = Math.floor(at / sizes[dimension]!);
      const size = source.shape[outer[dimension]!]!;
      if (tile >= size) fail("out-of-bounds", op.location, { name: op.name, index: tile, dimension, size });
      offset += tile * strides[outer[dimension]!]!;
      if (inner[dimension] !== undefined) offset += (at % sizes[dimension]!) * strides[inner[dimension]]!;
    });
    storeElement(result.elementType, result.data, position, loadElement(source.elementType, source.data, offset));
  });
  return [result];
}

// --- softmax ---------------------------------------------------------------------------------------------------------------------

/** exp(x - max) / sum, each step rounded to the elements' format. */
function softmax(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const dimension = linalg.softmax.match(execution.reader, op)?.attributes.dimension ?? -1;
  const output = execution.take(op, 1, operands[1]!);
  const [from, to] = [operands[0]!, output].map((value) =>
    isBuffer(value) ? value : { ...asTensor(value), strides: rowMajorStrides(asTensor(value).shape), offset: 0 },
  );
  if (!isFloat(from!.elementType)) fail("malformed", op.location, { name: op.name, reason: "it needs floats" });
  const round = (value: number): number => roundTo(from!.elementType as FloatElementType, value);
  const lines = from!.shape.map((size, axis) => (axis === dimension ? 1 : size));
  const starts: number[] = [];
  forEachOffset(lines, to!.strides, to!.offset, (at) => starts.push(at));
  let line = 0;
  forEachOffset(lines, from!.strides, from!.offset, (start) => {
    const values = Array.from({ length: from!.shape[dimension]! }, (_, index) =>
      Number(loadElement(from!.elementType, from!.data, start + index * from!.strides[dimension]!)),
    );
    const greatest = values.reduce((left, right) => Math.max(left, right), -Infinity);
    const powers = values.map((value) => round(Math.exp(round(value - greatest))));
    const sum = powers.reduce((left, right) => round(left + right), 0);
    const target = starts[line++]!;
    powers.forEach((power, index) =>
      storeElement(to!.elementType, to!.data, target + index * to!.strides[dimension]!, round(power / sum)),
    );
  });
  return isTensor(output) ? [output] : [];
}

/** Evaluation of operations of `linalg` that are no loop nests with a scalar body. */
export const linalgAggregateRules: DialectRules = { pack: pure(pack), unpack: pure(unpack), softmax: pure(softmax) };
