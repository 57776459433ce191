import type { Operation } from "../../ir/module.ts";
import { elementOf, hostElementType, type Type } from "../../ir/types.ts";
import type { TensorData } from "../../support/numeric/element-storage.ts";
import type { ElementType } from "../../support/numeric/element-type.ts";
import { allocateTensor, elementCount, type HostTensor } from "../../support/numeric/host-tensor.ts";
import { fail } from "../diagnostics.ts";
import { asTensor, contextual, type DialectRules, type Execution, pure, terminator } from "../rule.ts";
import { checkSlice, integersOf, mixedEntries, operandSegments, type Slice, sliceOf } from "../slices.ts";
import {
  forEachOffset,
  loadElement,
  rowMajorStrides,
  type RuntimeValue,
  type Scalar,
  storeElement,
  tensorFrom,
} from "../values.ts";

/** The host's element type of a shaped or scalar type. */
export function storedElement(op: Operation, type: Type): ElementType {
  const element = hostElementType(elementOf(type));
  return element ?? fail("unsupported-type", op.location, { name: op.name, type: type.text });
}

/** A shape whose `?` dimensions take the given sizes in turn. */
export function shapeWith(op: Operation, type: Type, dynamic: readonly RuntimeValue[]): readonly number[] {
  if (type.kind !== "tensor" && type.kind !== "memref" && type.kind !== "vector")
    return fail("unsupported-type", op.location, { name: op.name, type: type.text });
  let next = 0;
  return type.shape.map((size) => (size === "?" ? Number(dynamic[next++]) : size));
}

/** A tensor of zeros; sizes beyond memory are the program's error. */
export function allocate(op: Operation, elementType: ElementType, shape: readonly number[]): HostTensor {
  try {
    return allocateTensor(elementType, shape);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail("out-of-memory", op.location, { name: op.name, count: shape.join("x") });
  }
}

/** The linear position of an element. */
function linearIndex(op: Operation, shape: readonly number[], indices: readonly RuntimeValue[]): number {
  let at = 0;
  shape.forEach((size, dimension) => {
    const index = Number(indices[dimension]);
    if (!(index >= 0 && index < size)) fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
    at = at * size + index;
  });
  return at;
}

/** Copies the elements at `sourceOffsets`, in row-major order, to those at `targetOffsets`. */
export function copyStrided(
  shape: readonly number[],
  source: { readonly data: TensorData; readonly strides: readonly number[]; readonly offset: number },
  target: { readonly data: TensorData; readonly strides: readonly number[]; readonly offset: number },
): void {
  if (shape.includes(0)) return;
  // The innermost dimension runs as a plain loop; the rest are visited together.
  const outer = shape.slice(0, -1);
  const length = shape.at(-1) ?? 1;
  const sourceStep = source.strides.at(-1) ?? 1;
  const targetStep = target.strides.at(-1) ?? 1;
  const starts: number[] = [];
  forEachOffset(outer, source.strides.slice(0, -1), source.offset, (at) => starts.push(at));
  const from = source.data as Float64Array;
  const to = target.data as Float64Array;
  let row = 0;
  forEachOffset(outer, target.strides.slice(0, -1), target.offset, (at) => {
    const start = starts[row++]!;
    if (sourceStep === 1 && targetStep === 1 && ArrayBuffer.isView(from) && length > 16)
      to.set(from.subarray(start, start + length), at);
    else for (let i = 0; i < length; i++) to[at + i * targetStep] = from[start + i * sourceStep]!;
  });
}

/** Offset and strides of a slice of a row-major tensor. */
function sliceLayout(shape: readonly number[], slice: Slice): { offset: number; strides: readonly number[] } {
  const strides = rowMajorStrides(shape);
  return {
    offset: slice.offsets.reduce((sum, offset, dimension) => sum + offset * strides[dimension]!, 0),
    strides: strides.map((stride, dimension) => stride * slice.strides[dimension]!),
  };
}

const reshaped = (op: Operation, tensor: HostTensor, shape: readonly number[]): HostTensor => {
  if (elementCount(shape) !== tensor.data.length)
    return fail("shape-mismatch", op.location, {
      name: op.name,
      reason: `${tensor.data.length} elements cannot have shape [${shape.join(", ")}]`,
    });
  return { ...tensor, shape };
};

/** The shape after merging groups of dimensions. */
export const collapsedShape = (op: Operation, shape: readonly number[]): readonly number[] =>
  reassociationOf(op).map((group) => group.reduce((product, dimension) => product * shape[dimension]!, 1));

export function reassociationOf(op: Operation): readonly (readonly number[])[] {
  const attribute = op.properties["reassociation"] ?? op.attributes["reassociation"];
  if (attribute?.kind !== "array")
    return fail("malformed", op.location, { name: op.name, reason: 'attribute "reassociation" is missing' });
  return attribute.elements.map((group) =>
    group.kind === "array" ? group.elements.map((entry) => (entry.kind === "integer" ? Number(entry.value) : 0)) : [],
  );
}

function pad(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const source = asTensor(operands[0]!);
  const [, lowCount = 0] = operandSegments(op);
  const low = mixedEntries(integersOf(op, "static_low"), operands.slice(1, 1 + lowCount));
  const high = mixedEntries(integersOf(op, "static_high"), operands.slice(1 + lowCount));
  const shape = source.shape.map((size, dimension) => size + low[dimension]! + high[dimension]!);
  if (shape.some((size) => size < 0))
    fail("shape-mismatch", op.location, { name: op.name, reason: `padding gives shape [${shape.join(", ")}]` });
  const result = allocate(op, source.elementType, shape);
  fillFromRegion(execution, op, result, (position) =>
    position.some((index, dimension) => index < low[dimension]! || index >= low[dimension]! + source.shape[dimension]!),
  );
  // Negative padding crops: only what lies inside both shapes is copied.
  const first = low.map((count) => Math.max(0, -count));
  const sizes = source.shape.map((size, dimension) =>
    Math.max(0, size - first[dimension]! - Math.max(0, -high[dimension]!)),
  );
  const strides = rowMajorStrides(shape);
  const sourceStrides = rowMajorStrides(source.shape);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  copyStrided(
    sizes,
    { data: source.data, strides: sourceStrides, offset: dot(first, sourceStrides) },
    {
      data: result.data,
      strides,
      offset: dot(
        low.map((count) => Math.max(0, count)),
        strides,
      ),
    },
  );
  return [result];
}

/** Whether a region's result is the same at every point: its body is a terminator that yields a value from outside. */
function isUniform({ reader }: Execution, op: Operation): boolean {
  const block = reader.block(op.regions[0]![0]!);
  const [only] = block.operations.slice(-1).map((id) => reader.operation(id));
  if (!only) return false;
  const [value] = only.operands;
  if (value === undefined) return false;
  const yielded = reader.value(value);
  if (yielded.kind === "argument") return yielded.block !== block.id;
  const definition = reader.operation(yielded.op);
  return definition.parent !== block.id || definition.name === "arith.constant";
}

/** Writes what the operation's region gives for each position that `wanted` holds for. */
function fillFromRegion(
  execution: Execution,
  op: Operation,
  target: HostTensor,
  wanted: (position: readonly number[]) => boolean,
): void {
  const { data, elementType, shape } = target;
  if (data.length === 0) return;
  if (isUniform(execution, op)) {
    const [value] = execution.runRegion(
      op,
      0,
      shape.map(() => 0),
    );
    storeElement(elementType, data, 0, value as Scalar);
    if (ArrayBuffer.isView(data)) (data as Float64Array).fill((data as Float64Array)[0]!);
    else (data as string[]).fill((data as string[])[0]!);
    return;
  }
  const position = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    if (wanted(position)) storeElement(elementType, data, i, execution.runRegion(op, 0, position)[0] as Scalar);
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis]! === shape[axis]!; axis--) position[axis] = 0;
  }
}

function concat(_: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const attribute = op.properties["dim"] ?? op.attributes["dim"];
  const dimension = attribute?.kind === "integer" ? Number(attribute.value) : 0;
  const tensors = operands.map(asTensor);
  const first = tensors[0] ?? fail("malformed", op.location, { name: op.name, reason: "there is nothing to join" });
  const shape = first.shape.with(
    dimension,
    tensors.reduce((sum, tensor) => sum + tensor.shape[dimension]!, 0),
  );
  const result = allocate(op, first.elementType, shape);
  const strides = rowMajorStrides(shape);
  let start = 0;
  for (const tensor of tensors) {
    copyStrided(
      tensor.shape,
      { data: tensor.data, strides: rowMajorStrides(tensor.shape), offset: 0 },
      { data: result.data, strides, offset: start * strides[dimension]! },
    );
    start += tensor.shape[dimension]!;
  }
  return [result];
}

const sizeOf = (op: Operation, shape: readonly number[], index: RuntimeValue): number =>
  shape[Number(index)] ??
  fail("out-of-bounds", op.location, { name: op.name, index: Number(index), dimension: 0, size: shape.length });
export const dimensionSize = sizeOf;

/** Evaluation of the `tensor` dialect. */
export const tensorRules: DialectRules = {
  // Its contents are open: folding it would make a constant of them.
  empty: contextual(({ reader }, op, operands) => {
    const type = reader.typeOf(op.results[0]!);
    return [allocate(op, storedElement(op, type), shapeWith(op, type, operands))];
  }),
  dim: pure((_, op, [source, index]) => [sizeOf(op, asTensor(source!).shape, index!)]),
  cast: pure((_, __, [source]) => [source!]),
  extract: pure((_, op, [source, ...indices]) => {
    const { elementType, shape, data } = asTensor(source!);
    return [loadElement(elementType, data, linearIndex(op, shape, indices))];
  }),
  insert: pure((execution, op, [value, dest, ...indices]) => {
    const target = asTensor(execution.take(op, 1, dest!));
    storeElement(target.elementType, target.data, linearIndex(op, target.shape, indices), value as Scalar);
    return [target];
  }),
  from_elements: pure(({ reader }, op, operands) => {
    const type = reader.typeOf(op.results[0]!);
    return [tensorFrom(storedElement(op, type), shapeWith(op, type, []), (i) => operands[i] as Scalar)];
  }),
  splat: pure(({ reader }, op, [value, ...sizes]) => {
    const type = reader.typeOf(op.results[0]!);
    return [tensorFrom(storedElement(op, type), shapeWith(op, type, sizes), () => value as Scalar)];
  }),
  generate: pure((execution, op, operands) => {
    const type = execution.reader.typeOf(op.results[0]!);
    const result = allocate(op, storedElement(op, type), shapeWith(op, type, operands));
    fillFromRegion(execution, op, result, () => true);
    return [result];
  }),
  yield: terminator,
  extract_slice: pure(({ reader }, op, operands) => {
    const source = asTensor(operands[0]!);
    const slice = sliceOf(op, operands);
    checkSlice(op, slice, source.shape);
    const result = allocate(op, source.elementType, slice.sizes);
    copyStrided(
      slice.sizes,
      { data: source.data, ...sliceLayout(source.shape, slice) },
      { data: result.data, strides: rowMajorStrides(slice.sizes), offset: 0 },
    );
    return [reshaped(op, result, droppedShape(reader.typeOf(op.results[0]!), slice.sizes))];
  }),
  insert_slice: pure((execution, op, operands) => {
    const source = asTensor(operands[0]!);
    const slice = sliceOf(op, operands);
    const target = asTensor(execution.take(op, 1, operands[1]!));
    checkSlice(op, slice, target.shape);
    if (elementCount(slice.sizes) !== source.data.length)
      fail("shape-mismatch", op.location, {
        name: op.name,
        reason: `a source of shape [${source.shape.join(", ")}] does not fill a slice of [${slice.sizes.join(", ")}]`,
      });
    copyStrided(
      slice.sizes,
      { data: source.data, strides: rowMajorStrides(slice.sizes), offset: 0 },
      { data: target.data, ...sliceLayout(target.shape, slice) },
    );
    return [target];
  }),
  expand_shape: pure((_, op, [source, ...sizes]) => [
    reshaped(op, asTensor(source!), mixedEntries(integersOf(op, "static_output_shape"), sizes)),
  ]),
  collapse_shape: pure((_, op, [source]) => {
    const tensor = asTensor(source!);
    return [reshaped(op, tensor, collapsedShape(op, tensor.shape))];
  }),
  reshape: pure((_, op, [source, shape]) => {
    const { data, elementType } = asTensor(shape!);
    const sizes = Array.from({ length: data.length }, (__, i) => Number(loadElement(elementType, data, i)));
    return [reshaped(op, asTensor(source!), sizes)];
  }),
  pad: pure(pad),
  concat: pure(concat),
};

/** A slice's result shape: the type's where it is static, with dropped unit dimensions. */
function droppedShape(type: Type, sizes: readonly number[]): readonly number[] {
  if (type.kind !== "tensor") return sizes;
  if (type.shape.length === sizes.length) return sizes;
  if (type.shape.every((size) => size !== "?")) return type.shape as readonly number[];
  // Unit sizes are dropped from the front until the ranks agree; their positions do not change the order of elements.
  let surplus = sizes.length - type.shape.length;
  return sizes.filter((size) => size !== 1 || surplus-- <= 0);
}
