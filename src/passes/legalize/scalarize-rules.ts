import { type Attribute, hostTensorOf } from "../../ir/attributes.ts";
import type { Builder } from "../../ir/builder.ts";
import { arith, math, memref, scf, vector } from "../../ir/dialects/index.ts";
import type { CombiningKind } from "../../ir/dialects/vector.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import { elementOf, i1, indexType, type Type, type VectorType } from "../../ir/types.ts";
import { readElement } from "../../support/numeric/host-tensor.ts";
import { constantOf } from "./lane-arithmetic.ts";

/** The scalars that take a vector's place, in row-major order. */
export type Lanes = readonly ValueId[];

export const laneTotal = (type: VectorType): number => type.shape.reduce((product, size) => product * size, 1);

/** Row-major positions inside a shape. */
function positionOf(shape: readonly number[], lane: number): readonly number[] {
  const position: number[] = [];
  for (let rest = lane, axis = shape.length - 1; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return position;
}

/** What a rule sees of the operation it spells out. */
export interface LaneContext {
  readonly builder: Builder;
  readonly op: Operation;
  /** Operands as lanes; scalars as one. */
  readonly operands: readonly Lanes[];
  readonly result: Type | undefined;
  readonly refuse: () => never;
}
/** The lanes of the result. */
type LaneRule = (context: LaneContext) => Lanes;

const indexOf = (builder: Builder, value: number): ValueId => constantOf(builder, indexType, value);
const plus = (builder: Builder, lhs: ValueId, offset: number): ValueId =>
  offset === 0 ? lhs : arith.addi.build(builder, { lhs, rhs: indexOf(builder, offset) }, {}).result;

/** Indices of a lane of an access that starts at `indices`. */
function laneIndices(
  builder: Builder,
  indices: readonly ValueId[],
  shape: readonly number[],
  lane: number,
): readonly ValueId[] {
  const position = positionOf(shape, lane);
  const first = indices.length - shape.length;
  return indices.map((index, axis) => (axis < first ? index : plus(builder, index, position[axis - first]!)));
}

const shapeOf = (type: Type | undefined): readonly number[] => (type?.kind === "vector" ? type.shape : [1]);
const scalarsOf = (operands: readonly Lanes[]): readonly ValueId[] => operands.map((lanes) => lanes[0]!);

/** `condition ? body() : otherwise`, where the body must not run otherwise. */
function guarded(builder: Builder, condition: ValueId, type: Type, body: () => ValueId, otherwise: ValueId): ValueId {
  const branch = (value: () => ValueId) => [
    { arguments: [], body: (inner: Builder) => void scf.yield.build(inner, { results: [value()] }, {}) },
  ];
  return scf.if.build(
    builder,
    { condition },
    {},
    { resultTypes: [type], regions: { thenRegion: branch(body), elseRegion: branch(() => otherwise) } },
  ).results[0]!;
}

const combiningOperations: Readonly<Record<CombiningKind, { readonly integer: string; readonly float: string }>> = {
  add: { integer: arith.addi.name, float: arith.addf.name },
  mul: { integer: arith.muli.name, float: arith.mulf.name },
  minui: { integer: arith.minui.name, float: "" },
  minsi: { integer: arith.minsi.name, float: "" },
  maxui: { integer: arith.maxui.name, float: "" },
  maxsi: { integer: arith.maxsi.name, float: "" },
  and: { integer: arith.andi.name, float: "" },
  or: { integer: arith.ori.name, float: "" },
  xor: { integer: arith.xori.name, float: "" },
  minnumf: { integer: "", float: arith.minnumf.name },
  maxnumf: { integer: "", float: arith.maxnumf.name },
  minimumf: { integer: "", float: arith.minimumf.name },
  maximumf: { integer: "", float: arith.maximumf.name },
};

/** The static position of an extract or insert, or undefined where a part of it is an operand. */
function staticPosition(op: Operation): readonly number[] | undefined {
  const attribute: Attribute | undefined = op.properties["static_position"];
  if (attribute?.kind !== "dense-array") return undefined;
  const position = attribute.values.map(Number);
  return position.every((at) => at >= 0) ? position : undefined;
}
/** First lane and number of lanes of a static position in a vector. */
function laneRange(shape: readonly number[], position: readonly number[]): readonly [start: number, size: number] {
  const size = shape.slice(position.length).reduce((product, extent) => product * extent, 1);
  const start = position.reduce((sum, at, axis) => sum * shape[axis]! + at, 0) * size;
  return [start, size];
}
const isAt = (builder: Builder, position: ValueId, lane: number): ValueId =>
  arith.cmpi.build(builder, { lhs: position, rhs: indexOf(builder, lane) }, { predicate: "eq" }).result;
const choose = (builder: Builder, condition: ValueId, true_value: ValueId, false_value: ValueId): ValueId =>
  arith.select.build(builder, { condition, true_value, false_value }, {}).result;

/** How operations other than element-wise ones are spelled out, by name. */
export const laneRules: Readonly<Record<string, LaneRule>> = {
  [arith.constant.name]({ builder, op, result, refuse }) {
    const value = op.properties["value"];
    const tensor = value?.kind === "dense" ? hostTensorOf(value) : undefined;
    if (!tensor || result?.kind !== "vector") return refuse();
    const isSplat = value?.kind === "dense" && value.splat;
    const lane = (index: number) => {
      const read = readElement(tensor, index);
      return typeof read === "string" ? refuse() : constantOf(builder, result.element, read);
    };
    if (!isSplat) return Array.from({ length: laneTotal(result) }, (_, index) => lane(index));
    const first = lane(0);
    return Array.from({ length: laneTotal(result) }, () => first);
  },
  [vector.broadcast.name]({ operands: [source], result, refuse }) {
    if (result?.kind !== "vector" || laneTotal(result) % source!.length !== 0) return refuse();
    // Leading dimensions are added: the source's lanes repeat.
    return Array.from({ length: laneTotal(result) }, (_, lane) => source![lane % source!.length]!);
  },
  [vector.load.name]({ builder, operands: [base, ...indices], result }) {
    const shape = shapeOf(result);
    return Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, lane) =>
        memref.load.build(
          builder,
          { memref: base![0]!, indices: laneIndices(builder, scalarsOf(indices), shape, lane) },
          {},
        ).result,
    );
  },
  [vector.store.name]({ builder, op, operands: [values, base, ...indices] }) {
    const shape = shapeOf(builder.typeOf(op.operands[0]!));
    values!.forEach((value, lane) =>
      memref.store.build(
        builder,
        { value, memref: base![0]!, indices: laneIndices(builder, scalarsOf(indices), shape, lane) },
        {},
      ),
    );
    return [];
  },
  [vector.maskedload.name]({ builder, operands, result }) {
    const [mask, otherwise] = operands.slice(-2) as [Lanes, Lanes];
    const indices = scalarsOf(operands.slice(1, -2));
    const load = (lane: number) => () =>
      memref.load.build(
        builder,
        { memref: operands[0]![0]!, indices: laneIndices(builder, indices, shapeOf(result), lane) },
        {},
      ).result;
    return otherwise.map((value, lane) => guarded(builder, mask[lane]!, builder.typeOf(value), load(lane), value));
  },
  [vector.maskedstore.name]({ builder, op, operands }) {
    const [mask, values] = operands.slice(-2) as [Lanes, Lanes];
    const indices = scalarsOf(operands.slice(1, -2));
    const shape = shapeOf(builder.typeOf(op.operands.at(-1)!));
    values.forEach((value, lane) => {
      const store = (inner: Builder): void => {
        const at = laneIndices(inner, indices, shape, lane);
        memref.store.build(inner, { value, memref: operands[0]![0]!, indices: at }, {});
        scf.yield.build(inner, {}, {});
      };
      const regions = { thenRegion: [{ arguments: [], body: store }] };
      scf.if.build(builder, { condition: mask[lane]! }, {}, { resultTypes: [], regions });
    });
    return [];
  },
  [vector.gather.name]({ builder, operands, refuse }) {
    const [lanes, mask, otherwise] = operands.slice(-3) as [Lanes, Lanes, Lanes];
    const offsets = scalarsOf(operands.slice(1, -3));
    const last = offsets.at(-1) ?? refuse();
    return otherwise.map((value, lane) =>
      guarded(
        builder,
        mask[lane]!,
        builder.typeOf(value),
        () => {
          const raw = lanes[lane]!;
          const isIndex = builder.typeOf(raw) === indexType;
          const offset = isIndex
            ? raw
            : arith.index_cast.build(builder, { in: raw }, {}, { resultTypes: [indexType] }).out;
          const at = arith.addi.build(builder, { lhs: last, rhs: offset }, {}).result;
          return memref.load.build(builder, { memref: operands[0]![0]!, indices: [...offsets.slice(0, -1), at] }, {})
            .result;
        },
        value,
      ),
    );
  },
  [vector.create_mask.name]({ builder, operands: [count, ...more], result, refuse }) {
    if (more.length > 0 || count === undefined) return refuse();
    return Array.from(
      { length: shapeOf(result)[0]! },
      (_, lane) =>
        arith.cmpi.build(builder, { lhs: indexOf(builder, lane), rhs: count[0]! }, { predicate: "slt" }).result,
    );
  },
  [vector.constant_mask.name]({ builder, op, result, refuse }) {
    const sizes = vector.constant_mask.match(builder, op)?.attributes.mask_dim_sizes;
    if (sizes?.length !== 1) return refuse();
    return Array.from({ length: shapeOf(result)[0]! }, (_, lane) => constantOf(builder, i1, lane < sizes[0]! ? 1 : 0));
  },
  [vector.step.name]: ({ builder, result }) =>
    Array.from({ length: shapeOf(result)[0]! }, (_, lane) => indexOf(builder, lane)),
  [vector.fma.name]: ({ builder, operands: [lhs, rhs, acc] }) =>
    lhs!.map((a, lane) => math.fma.build(builder, { a, b: rhs![lane]!, c: acc![lane]! }, {}).result),
  [vector.reduction.name]({ builder, op, operands: [lanes, accumulator], refuse }) {
    const kind = vector.reduction.match(builder, op)?.attributes.kind;
    const element = elementOf(builder.typeOf(op.operands[0]!));
    const name = kind && combiningOperations[kind][element.kind === "float" ? "float" : "integer"];
    if (!name) return refuse();
    const values = [...(accumulator ?? []), ...lanes!];
    return [
      values.reduce(
        (left, right) => builder.create({ name, operands: [left, right], resultTypes: [element] }).results[0]!,
      ),
    ];
  },
  [vector.extract.name]({ builder, op, operands: [lanes, position] }) {
    const shape = shapeOf(builder.typeOf(op.operands[0]!));
    const fixed = staticPosition(op);
    if (fixed) {
      const [start, size] = laneRange(shape, fixed);
      return lanes!.slice(start, start + size);
    }
    return [lanes!.reduce((found, lane, index) => choose(builder, isAt(builder, position![0]!, index), lane, found))];
  },
  [vector.insert.name]({ builder, op, operands: [value, lanes, position] }) {
    const shape = shapeOf(builder.typeOf(op.operands[1]!));
    const fixed = staticPosition(op);
    if (fixed) {
      const [start, size] = laneRange(shape, fixed);
      return lanes!.map((lane, index) => (index >= start && index < start + size ? value![index - start]! : lane));
    }
    return lanes!.map((lane, index) => choose(builder, isAt(builder, position![0]!, index), value![0]!, lane));
  },
  [vector.shuffle.name]({ builder, op, operands: [left, right], refuse }) {
    const mask = vector.shuffle.match(builder, op)?.attributes.mask;
    if (!mask || shapeOf(builder.typeOf(op.operands[0]!)).length !== 1) return refuse();
    const all = [...left!, ...right!];
    return mask.map((lane) => all[lane < 0 ? 0 : lane] ?? refuse());
  },
};
