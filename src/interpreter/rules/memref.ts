import { memref } from "../../ir/dialects/memref.ts";
import type { Operation } from "../../ir/module.ts";
import type { MemRefType, Type } from "../../ir/types.ts";
import type { TensorData } from "../../support/numeric/element-storage.ts";
import type { NumericElementType } from "../../support/numeric/element-type.ts";
import { elementCount } from "../../support/numeric/host-tensor.ts";
import { fail } from "../diagnostics.ts";
import { asBuffer, type DialectRules, effect, type Execution, type OperationRule, pure } from "../rule.ts";
import { checkSlice, integersOf, keptDimensions, mixedEntries, sliceOf } from "../slices.ts";
import {
  allocateElements,
  lanesAsDimension,
  lanesOfElement,
  loadVector,
  numberStorage,
  storeVector,
  vectorElement,
} from "../vector-elements.ts";
import {
  type BufferView,
  bufferOf,
  isRowMajor,
  isTensor,
  loadElement,
  rowMajorStrides,
  type RuntimeValue,
  type Scalar,
  storeElement,
  viewBuffer,
} from "../values.ts";
import { allocate, collapsedShape, copyStrided, dimensionSize, reassociationOf, shapeWith } from "./tensor.ts";

/** What the numbers in a memref are stored as; strings have no buffers. */
function bufferElement(op: Operation, type: Type): NumericElementType {
  return numberStorage(type) ?? fail("unsupported-type", op.location, { name: op.name, type: type.text });
}

/** The position in `data` of an element. */
export function bufferIndex(
  op: Operation,
  buffer: Pick<BufferView, "shape" | "strides" | "offset">,
  indices: readonly RuntimeValue[],
): number {
  let at = buffer.offset;
  buffer.shape.forEach((size, dimension) => {
    const index = Number(indices[dimension]);
    if (!(index >= 0 && index < size)) fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
    at += index * buffer.strides[dimension]!;
  });
  return at;
}

const allocation = (
  { reader }: Execution,
  op: Operation,
  operands: readonly RuntimeValue[],
): readonly RuntimeValue[] => {
  const type = reader.typeOf(op.results[0]!) as MemRefType;
  const elementType = bufferElement(op, type);
  const shape = shapeWith(op, type, operands);
  if (vectorElement(type) !== undefined) return [allocateElements(type, elementType, shape)];
  return [bufferOf(allocate(op, elementType, shape))];
};

type Strided = Pick<BufferView, "shape" | "strides" | "offset"> & { readonly data: TensorData };

/** Copies all elements to a place of the same shape; overlapping ones as if through a temporary. */
export function copyElements(op: Operation, source: Strided, target: Strided): void {
  if (source.shape.length !== target.shape.length || source.shape.some((size, i) => size !== target.shape[i]))
    fail("shape-mismatch", op.location, {
      name: op.name,
      reason: `[${source.shape.join(", ")}] is copied to [${target.shape.join(", ")}]`,
    });
  const shared =
    ArrayBuffer.isView(source.data) && ArrayBuffer.isView(target.data) && source.data.buffer === target.data.buffer;
  copyStrided(source.shape, shared ? { ...source, data: source.data.slice() as TensorData } : source, target);
}

function subview({ reader }: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const source = asBuffer(operands[0]!);
  const slice = sliceOf(op, operands);
  checkSlice(op, slice, source.shape);
  const offset = slice.offsets.reduce((sum, start, axis) => sum + start * source.strides[axis]!, source.offset);
  const strides = slice.strides.map((step, axis) => step * source.strides[axis]!);
  const type = reader.typeOf(op.results[0]!) as MemRefType;
  const wanted = type.shape.map((size, axis) => (size === "?" ? (slice.sizes[axis] ?? 1) : size));
  const kept = keptDimensions(slice.sizes, wanted);
  if (!kept)
    return fail("shape-mismatch", op.location, {
      name: op.name,
      reason: `a window of [${slice.sizes.join(", ")}] cannot have type ${type.text}`,
    });
  const view = { ...source, offset, shape: kept.map((axis) => slice.sizes[axis]!) };
  return [{ ...view, strides: kept.map((axis) => strides[axis]!) }];
}

function reinterpretCast(
  { reader }: Execution,
  op: Operation,
  operands: readonly RuntimeValue[],
): readonly RuntimeValue[] {
  const source = asBuffer(operands[0]!);
  const lanes = lanesOfElement(reader.typeOf(op.operands[0]!));
  const { sizes, ...inElements } = sliceOf(op, operands);
  const offsets = inElements.offsets.map((count) => count * lanes);
  const strides = inElements.strides.map((count) => count * lanes);
  const last = sizes.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, offsets[0] ?? 0);
  if (!sizes.includes(0) && (last < 0 || last >= source.data.length))
    fail("out-of-bounds", op.location, { name: op.name, index: last, dimension: 0, size: source.data.length });
  return [{ ...source, offset: offsets[0] ?? 0, shape: sizes, strides }];
}

/** Merged dimensions must lie in one piece; then the innermost stride of each group is the group's. */
function collapse(_: Execution, op: Operation, [operand]: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const source = asBuffer(operand!);
  const strides = reassociationOf(op).map((group) => {
    const spread = group.filter((axis) => source.shape[axis] !== 1);
    spread.slice(1).forEach((axis, position) => {
      const outer = spread[position]!;
      if (source.strides[outer] !== source.strides[axis]! * source.shape[axis]!)
        fail("malformed", op.location, { name: op.name, reason: "the merged dimensions do not lie in one piece" });
    });
    return source.strides[spread.at(-1) ?? group.at(-1) ?? 0] ?? 1;
  });
  return [{ ...source, shape: collapsedShape(op, source.shape), strides }];
}

function expand(_: Execution, op: Operation, [operand, ...sizes]: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const source = asBuffer(operand!);
  const shape = mixedEntries(integersOf(op, "static_output_shape"), sizes);
  if (elementCount(shape) !== elementCount(source.shape))
    fail("shape-mismatch", op.location, { name: op.name, reason: `the result's shape is [${shape.join(", ")}]` });
  const groups = reassociationOf(op);
  // One element is where it is, along dimensions of size 1.
  const strides =
    groups.length === 0
      ? shape.map(() => 1)
      : groups.flatMap((group, axis) =>
          rowMajorStrides(group.map((dimension) => shape[dimension]!)).map((stride) => stride * source.strides[axis]!),
        );
  return [{ ...source, shape, strides }];
}

/** A view moves no data, but what it shows may change, so it is not for folding. */
const view = (evaluate: OperationRule["evaluate"]): OperationRule => effect(evaluate);

/** Evaluation of the `memref` dialect. */
export const memrefRules: DialectRules = {
  alloc: effect(allocation),
  alloca: effect(allocation),
  dealloc: effect(() => []),
  load: effect(({ reader }, op, [source, ...indices]) => {
    const buffer = asBuffer(source!);
    const vector = vectorElement(reader.typeOf(op.operands[0]!));
    if (vector !== undefined) return [loadVector(buffer, bufferIndex(op, buffer, indices), vector)];
    return [loadElement(buffer.elementType, buffer.data, bufferIndex(op, buffer, indices))];
  }),
  store: effect((_, op, [value, target, ...indices]) => {
    const buffer = asBuffer(target!);
    if (isTensor(value!)) storeVector(buffer, bufferIndex(op, buffer, indices), value);
    else storeElement(buffer.elementType, buffer.data, bufferIndex(op, buffer, indices), value as Scalar);
    return [];
  }),
  copy: effect(({ reader }, op, [source, target]) => {
    const lanes = lanesOfElement(reader.typeOf(op.operands[0]!));
    copyElements(op, lanesAsDimension(asBuffer(source!), lanes), lanesAsDimension(asBuffer(target!), lanes));
    return [];
  }),
  cast: view((_, __, [source]) => [source!]),
  dim: pure((_, op, [source, index]) => [dimensionSize(op, asBuffer(source!).shape, index!)]),
  subview: view(subview),
  reinterpret_cast: view(reinterpretCast),
  expand_shape: view(expand),
  collapse_shape: view(collapse),
  view: view(({ reader }, op, [source, shift, ...sizes]) => {
    const type = reader.typeOf(op.results[0]!);
    const buffer = asBuffer(source!);
    try {
      if (buffer.shape.length !== 1 || !isRowMajor(buffer)) throw new RangeError("not a buffer of bytes");
      const shape = shapeWith(op, type, sizes);
      if (vectorElement(type) === undefined) return [viewBuffer(buffer, Number(shift), bufferElement(op, type), shape)];
      const numbers = viewBuffer(buffer, Number(shift), bufferElement(op, type), [...shape, lanesOfElement(type)]);
      return [{ ...numbers, shape, strides: numbers.strides.slice(0, shape.length) }];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return fail("misaligned-view", op.location, { type: type.text, byte: Number(shift), size: buffer.shape[0] ?? 1 });
    }
  }),
  global: effect(() => []),
  get_global: view((execution, op) => {
    const name = memref.get_global.match(execution.reader, op)?.attributes.name ?? "";
    return [execution.global(op, name)];
  }),
};
