import { type CombiningKind, vector } from "../../ir/dialects/vector.ts";
import type { Operation } from "../../ir/module.ts";
import { elementOf, hostElementType, type Type, type VectorType } from "../../ir/types.ts";
import { elementCount, type HostTensor } from "../../support/numeric/host-tensor.ts";
import { roundTo } from "../../support/numeric/float-formats.ts";
import { fail } from "../diagnostics.ts";
import { fusedMultiplyAdd } from "../numeric/fused-multiply-add.ts";
import { integerOperations, integerWidth, scalarOf, signedOf, unsignedOf } from "../numeric/integers.ts";
import { asBuffer, asTensor, type DialectRules, effect, pure, scalar, type ScalarRule } from "../rule.ts";
import { integersOf, mixedEntries } from "../slices.ts";
import {
  type BufferView,
  copyTensor,
  isBuffer,
  isScalar,
  isRowMajor,
  loadElement,
  rowMajorStrides,
  type RuntimeValue,
  type Scalar,
  storeElement,
  tensorFrom,
} from "../values.ts";
import { floatFormat, numberMaximum, numberMinimum } from "./arith.ts";
import { bufferIndex } from "./memref.ts";
import { storedElement } from "./tensor.ts";
import { loadVector, storeVector, vectorElement } from "../vector-elements.ts";

const laneAt = (value: HostTensor, lane: number): Scalar => loadElement(value.elementType, value.data, lane);

/** A vector of the type of one of the operation's results. */
function vectorOf(op: Operation, type: Type, lane: (i: number) => Scalar): HostTensor {
  return tensorFrom(storedElement(op, type), (type as VectorType).shape, lane);
}

/** Position in `buffer.data` of lane `lane` of a contiguous access that starts at `indices`; all lanes must be inside. */
function lanePosition(
  op: Operation,
  buffer: BufferView,
  indices: readonly RuntimeValue[],
  lane: number,
  lanes: readonly number[],
): number {
  const strides = rowMajorStrides(lanes);
  const first = indices.length - lanes.length;
  return bufferIndex(
    op,
    buffer,
    indices.map((index, axis) =>
      axis < first ? index : Number(index) + (Math.floor(lane / strides[axis - first]!) % lanes[axis - first]!),
    ),
  );
}

const shapeOfType = (type: Type): readonly number[] => (type as VectorType).shape;

/** The two-operand function by which lanes are combined. */
export function combination(kind: CombiningKind, type: Type): (a: Scalar, b: Scalar) => Scalar {
  const format = floatFormat(type);
  if (format) {
    const apply = floatCombinations[kind];
    if (apply) return ((a: number, b: number) => roundTo(format, apply(a, b))) as never;
  }
  const operation = integerOperations[integerCombinations[kind] ?? "addi"];
  const read = operation.reading === "signed" ? signedOf : unsignedOf;
  const width = integerWidth(type);
  return ((a: number, b: number) => scalarOf(type, operation.apply(read(type, a), read(type, b), width))) as never;
}
const floatCombinations: { readonly [K in CombiningKind]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  minimumf: Math.min,
  maximumf: Math.max,
  minnumf: numberMinimum,
  maxnumf: numberMaximum,
};
const integerCombinations: { readonly [K in CombiningKind]?: keyof typeof integerOperations } = {
  add: "addi",
  mul: "muli",
  minui: "minui",
  minsi: "minsi",
  maxui: "maxui",
  maxsi: "maxsi",
  and: "andi",
  or: "ori",
  xor: "xori",
};

/** Where a static or dynamic position leads in a vector: the first lane and the shape of what is there. */
function lanesAt(
  op: Operation,
  shape: readonly number[],
  dynamic: readonly RuntimeValue[],
): { readonly start: number; readonly shape: readonly number[] } {
  const position = mixedEntries(integersOf(op, "static_position"), dynamic);
  const strides = rowMajorStrides(shape);
  const start = position.reduce((sum, index, dimension) => {
    const size = shape[dimension]!;
    if (!(index >= 0 && index < size)) fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
    return sum + index * strides[dimension]!;
  }, 0);
  return { start, shape: shape.slice(position.length) };
}

/** The storage and position of one lane of a gather: the indices count along the innermost dimension of the base. */
function gatherPosition(
  op: Operation,
  base: BufferView | HostTensor,
  offsets: readonly RuntimeValue[],
  index: number,
): number {
  const { shape } = base;
  const strides = isBuffer(base) ? base.strides : rowMajorStrides(shape);
  const offset = isBuffer(base) ? base.offset : 0;
  const start = bufferIndex(op, { shape, strides, offset }, offsets);
  // Where rows follow each other without gaps, an index may lead on into the next row, as addresses do.
  if (!isBuffer(base) || isRowMajor(base)) {
    const at = start + index - offset;
    const size = elementCount(shape);
    if (!(at >= 0 && at < size))
      fail("out-of-bounds", op.location, { name: op.name, index: at, dimension: shape.length - 1, size });
    return start + index;
  }
  return bufferIndex(op, base, offsets.with(-1, Number(offsets.at(-1)) + index));
}

/** Evaluation of the `vector` dialect. */
export const vectorRules: DialectRules = {
  from_elements: pure(({ reader }, op, elements) => [
    vectorOf(op, reader.typeOf(op.results[0]!), (lane) => elements[lane] as Scalar),
  ]),
  to_elements: pure((_, __, [source]) => {
    const { elementType, data } = asTensor(source!);
    return Array.from({ length: data.length }, (___, lane) => loadElement(elementType, data, lane));
  }),
  broadcast: pure(({ reader }, op, [source]) => {
    const type = reader.typeOf(op.results[0]!);
    if (isScalar(source!)) return [vectorOf(op, type, () => source)];
    const from = asTensor(source!);
    const strides = rowMajorStrides(from.shape);
    const target = shapeOfType(type);
    const targetStrides = rowMajorStrides(target);
    const lead = target.length - from.shape.length;
    return [
      vectorOf(op, type, (lane) =>
        laneAt(
          from,
          from.shape.reduce((sum, size, axis) => {
            const position = Math.floor(lane / targetStrides[axis + lead]!) % target[axis + lead]!;
            return sum + (size === 1 ? 0 : position * strides[axis]!);
          }, 0),
        ),
      ),
    ];
  }),
  load: effect(({ reader }, op, [base, ...indices]) => {
    const type = reader.typeOf(op.results[0]!);
    const vector = vectorElement(reader.typeOf(op.operands[0]!));
    if (vector !== undefined) return [loadVector(asBuffer(base!), bufferIndex(op, asBuffer(base!), indices), vector)];
    const { elementType, data } = asBuffer(base!);
    return [
      vectorOf(op, type, (lane) =>
        loadElement(elementType, data, lanePosition(op, asBuffer(base!), indices, lane, shapeOfType(type))),
      ),
    ];
  }),
  store: effect(({ reader }, op, [value, base, ...indices]) => {
    const lanes = asTensor(value!);
    const buffer = asBuffer(base!);
    if (vectorElement(reader.typeOf(op.operands[1]!)) !== undefined) {
      storeVector(buffer, bufferIndex(op, buffer, indices), lanes);
      return [];
    }
    const positions = Array.from({ length: lanes.data.length }, (__, lane) =>
      lanePosition(op, buffer, indices, lane, lanes.shape),
    );
    positions.forEach((at, lane) => storeElement(buffer.elementType, buffer.data, at, laneAt(lanes, lane)));
    return [];
  }),
  maskedload: effect((_, op, operands) => {
    const base = asBuffer(operands[0]!);
    const [mask, otherwise] = operands.slice(-2).map(asTensor);
    const indices = operands.slice(1, -2);
    return [
      tensorFrom(otherwise!.elementType, otherwise!.shape, (lane) =>
        laneAt(mask!, lane)
          ? loadElement(base.elementType, base.data, lanePosition(op, base, indices, lane, otherwise!.shape))
          : laneAt(otherwise!, lane),
      ),
    ];
  }),
  maskedstore: effect((_, op, operands) => {
    const base = asBuffer(operands[0]!);
    const [mask, value] = operands.slice(-2).map(asTensor);
    const indices = operands.slice(1, -2);
    for (let lane = 0; lane < value!.data.length; lane++)
      if (laneAt(mask!, lane)) {
        const at = lanePosition(op, base, indices, lane, value!.shape);
        storeElement(base.elementType, base.data, at, laneAt(value!, lane));
      }
    return [];
  }),
  gather: effect((_, op, operands) => {
    const base = operands[0] as BufferView | HostTensor;
    const offsets = operands.slice(1, -3);
    const [indices, mask, otherwise] = operands.slice(-3).map(asTensor);
    return [
      tensorFrom(otherwise!.elementType, otherwise!.shape, (lane) =>
        laneAt(mask!, lane)
          ? loadElement(base.elementType, base.data, gatherPosition(op, base, offsets, Number(laneAt(indices!, lane))))
          : laneAt(otherwise!, lane),
      ),
    ];
  }),
  create_mask: pure(({ reader }, op, counts) => {
    const type = reader.typeOf(op.results[0]!);
    return [vectorOf(op, type, (lane) => maskLane(shapeOfType(type), counts.map(Number), lane))];
  }),
  constant_mask: pure(({ reader }, op) => {
    const type = reader.typeOf(op.results[0]!);
    const counts = integersOf(op, "mask_dim_sizes");
    return [vectorOf(op, type, (lane) => maskLane(shapeOfType(type), counts, lane))];
  }),
  fma: scalar((_, [type]) => {
    const format = floatFormat(type!);
    return format && ((a: number, b: number, c: number) => fusedMultiplyAdd(format, a, b, c));
  }) satisfies ScalarRule,
  reduction: pure(({ reader }, op, [source, accumulator]) => {
    const kind = vector.reduction.match(reader, op)?.attributes.kind;
    if (kind === undefined) return fail("malformed", op.location, { name: op.name, reason: "its kind is unknown" });
    const lanes = asTensor(source!);
    const combine = combination(kind, elementOf(reader.typeOf(op.operands[0]!)));
    // Sequentially from the accumulator on, lowest lane first: LLVM's order without reassociation.
    let sum = accumulator as Scalar | undefined;
    for (let lane = 0; lane < lanes.data.length; lane++) {
      const value = laneAt(lanes, lane);
      sum = sum === undefined ? value : combine(sum, value);
    }
    return [sum!];
  }),
  extract: pure(({ reader }, op, [source, ...dynamic]) => {
    const from = asTensor(source!);
    const { start, shape } = lanesAt(op, from.shape, dynamic);
    if (reader.typeOf(op.results[0]!).kind !== "vector") return [laneAt(from, start)];
    return [tensorFrom(from.elementType, shape, (lane) => laneAt(from, start + lane))];
  }),
  insert: pure((_, op, [value, target, ...dynamic]) => {
    const result = copyTensor(asTensor(target!));
    const { start } = lanesAt(op, result.shape, dynamic);
    if (isScalar(value!)) storeElement(result.elementType, result.data, start, value);
    else
      for (let lane = 0; lane < asTensor(value!).data.length; lane++)
        storeElement(result.elementType, result.data, start + lane, laneAt(asTensor(value!), lane));
    return [result];
  }),
  shuffle: pure(({ reader }, op, [left, right]) => {
    const type = reader.typeOf(op.results[0]!);
    const mask = integersOf(op, "mask");
    const first = asTensor(left!);
    const second = asTensor(right!);
    // The mask picks along the leading dimension, of which each entry may itself be a vector.
    const inner = elementCount(first.shape.slice(1));
    const split = first.shape[0] ?? 1;
    return [
      vectorOf(op, type, (lane) => {
        const picked = Math.max(0, mask[Math.floor(lane / inner)]!);
        const rest = lane % inner;
        return picked < split ? laneAt(first, picked * inner + rest) : laneAt(second, (picked - split) * inner + rest);
      }),
    ];
  }),
  step: pure(({ reader }, op) => {
    const type = reader.typeOf(op.results[0]!);
    const wide = hostElementType(elementOf(type)) === "i64";
    return [vectorOf(op, type, (lane) => (wide ? BigInt(lane) : lane))];
  }),
};

/** 1 where each coordinate of the lane is below the dimension's count. */
function maskLane(shape: readonly number[], counts: readonly number[], lane: number): number {
  const strides = rowMajorStrides(shape);
  return shape.every((size, axis) => Math.floor(lane / strides[axis]!) % size < counts[axis]!) ? 1 : 0;
}
