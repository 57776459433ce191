import type { Operation, ValueId } from "../../ir/module.ts";
import { indexType, type MemRefType } from "../../ir/types.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import { elementCount } from "../../support/numeric/host-tensor.ts";
import { integersOf, keptDimensions, operandSegments } from "../slices.ts";
import { vectorElement } from "../vector-elements.ts";
import type { EmittedBuffer, EmittedScalar, Emitter, OperationEmitter } from "./emitter.ts";
import { elementStorage, laneCode, NotCompilable } from "./emitter.ts";
import { advance, checkIndex, loadCode, storeCode } from "./storage-code.ts";

/** The place of an element, after checks of its indices. */
export function elementPlace(
  emitter: Emitter,
  op: Operation,
  buffer: Pick<EmittedBuffer, "offset" | "shape" | "strides">,
  indices: readonly EmittedScalar[],
): string {
  let place = buffer.offset;
  buffer.shape.forEach((size, dimension) => {
    const index = indices[dimension];
    if (!index) throw new NotCompilable(op.name);
    checkIndex(emitter, op, index, dimension, size);
    place = advance(place, index.code, buffer.strides[dimension]!);
  });
  return place;
}

/** Strides of a row-major shape as expressions. */
function strideCodesOf(shape: readonly string[]): readonly string[] {
  const strides: string[] = shape.map(() => "1");
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    const [inner, size] = [strides[axis + 1]!, shape[axis + 1]!];
    const known = Number(inner) * Number(size);
    strides[axis] = Number.isNaN(known) ? `${inner} * ${size}` : String(known);
  }
  return strides;
}

export const scalarsOf = (emitter: Emitter, ids: readonly ValueId[]): readonly EmittedScalar[] =>
  ids.map((id) => emitter.scalar(id));

const extract: OperationEmitter = (emitter, op) => {
  const [source, ...indices] = op.operands as readonly [ValueId, ...ValueId[]];
  const tensor = emitter.get(source);
  const type = emitter.typeOf(op.results[0]!);
  if (tensor.kind !== "tensor" || type.kind === "dialect") return false;
  const layout = { offset: "0", shape: tensor.shape, strides: strideCodesOf(tensor.shape) };
  const place = elementPlace(emitter, op, layout, scalarsOf(emitter, indices));
  const element = elementStorage(tensor.type);
  emitter.set(op.results[0]!, emitter.define(type, loadCode(emitter, element, `${tensor.data}[${place}]`)));
  return true;
};

const insert: OperationEmitter = (emitter, op) => {
  const [value, target, ...indices] = op.operands as readonly [ValueId, ValueId, ...ValueId[]];
  const scalar = emitter.get(value);
  const tensor = emitter.get(target);
  if (tensor.kind !== "tensor" || scalar.kind !== "scalar") return false;
  const element = elementStorage(tensor.type);
  const layout = { offset: "0", shape: tensor.shape, strides: strideCodesOf(tensor.shape) };
  const place = elementPlace(emitter, op, layout, scalarsOf(emitter, indices));
  let written = tensor;
  if (!emitter.program.ownership.mayTake(op, 1)) {
    const name = emitter.fresh("t");
    emitter.line(`const ${name} = x.take(${emitter.bind(op)}, 1, ${tensor.code}), ${name}d = ${name}.data;`);
    written = { ...tensor, code: name, data: `${name}d` };
  }
  emitter.line(storeCode(emitter, element, `${written.data}[${place}]`, scalar.code));
  emitter.set(op.results[0]!, written);
  return true;
};

/** Reads one element, which may be a vector. */
export const loadElementOf: OperationEmitter = (emitter, op) => {
  const [source, ...indices] = op.operands as readonly [ValueId, ...ValueId[]];
  const buffer = emitter.buffer(source);
  const place = elementPlace(emitter, op, buffer, scalarsOf(emitter, indices));
  const vector = vectorElement(buffer.type);
  if (vector !== undefined) {
    const storage = elementStorage(vector);
    const start = emitter.fresh("p");
    emitter.line(`const ${start} = ${place};`);
    emitter.defineVector(op.results[0]!, vector, (array) => {
      for (let lane = 0; lane < elementCount(vector.shape); lane++)
        emitter.line(`${array}[${lane}] = ${loadCode(emitter, storage, `${buffer.data}[${start} + ${lane}]`)};`);
    });
    return true;
  }
  const code = loadCode(emitter, elementStorage(buffer.type), `${buffer.data}[${place}]`);
  emitter.set(op.results[0]!, emitter.define(emitter.typeOf(op.results[0]!), code));
  return true;
};

/** Writes one element, which may be a vector. */
export const storeElementOf: OperationEmitter = (emitter, op) => {
  const [value, target, ...indices] = op.operands as readonly [ValueId, ValueId, ...ValueId[]];
  const buffer = emitter.buffer(target);
  const place = elementPlace(emitter, op, buffer, scalarsOf(emitter, indices));
  const vector = vectorElement(buffer.type);
  if (vector !== undefined) {
    const storage = elementStorage(vector);
    const lanes = emitter.vector(value);
    const start = emitter.fresh("p");
    emitter.line(`const ${start} = ${place};`);
    for (let lane = 0; lane < lanes.lanes; lane++)
      emitter.line(storeCode(emitter, storage, `${buffer.data}[${start} + ${lane}]`, laneCode(lanes, String(lane))));
    return true;
  }
  const scalar = emitter.scalar(value);
  emitter.line(storeCode(emitter, elementStorage(buffer.type), `${buffer.data}[${place}]`, scalar.code));
  return true;
};

/** Static and dynamic entries as numbers or locals. */
function mixedScalars(
  emitter: Emitter,
  op: Operation,
  name: string,
  ids: readonly ValueId[],
): readonly EmittedScalar[] {
  let next = 0;
  return integersOf(op, name).map((entry): EmittedScalar => {
    if (entry === dynamicEntry) return emitter.scalar(ids[next++]!);
    const code = entry < 0 ? `(${entry})` : String(entry);
    return { kind: "scalar", code, type: indexType, low: entry, high: entry };
  });
}

/** A window whose sizes and steps are known: its place is worked out without making a view. */
const subview: OperationEmitter = (emitter, op) => {
  const source = emitter.buffer(op.operands[0]!);
  const [, offsetCount = 0, sizeCount = 0, strideCount = 0] = operandSegments(op);
  if (sizeCount + strideCount > 0) return false;
  const sizes = integersOf(op, "static_sizes");
  const steps = integersOf(op, "static_strides");
  const type = emitter.typeOf(op.results[0]!) as MemRefType;
  const kept = type.shape.every((size) => size !== "?")
    ? keptDimensions(sizes, type.shape as readonly number[])
    : undefined;
  if (!kept || sizes.includes(0) || steps.some((step) => step < 0)) return false;
  const offsets = mixedScalars(emitter, op, "static_offsets", op.operands.slice(1, 1 + offsetCount));
  let place = source.offset;
  offsets.forEach((offset, axis) => {
    checkIndex(emitter, op, offset, axis, source.shape[axis]!);
    const reach = (sizes[axis]! - 1) * steps[axis]!;
    const last = { code: `(${offset.code} + ${reach})`, low: offset.low + reach, high: offset.high + reach };
    if (reach > 0) checkIndex(emitter, op, last, axis, source.shape[axis]!);
    place = advance(place, offset.code, source.strides[axis]!);
  });
  const name = emitter.fresh("p");
  emitter.line(`const ${name} = ${place};`);
  emitter.set(op.results[0]!, {
    kind: "buffer",
    type,
    data: source.data,
    offset: name,
    shape: kept.map((axis) => String(sizes[axis]!)),
    strides: kept.map((axis) =>
      steps[axis] === 1 ? source.strides[axis]! : `${source.strides[axis]!} * ${steps[axis]!}`,
    ),
    base: source.base,
    boxed: false,
  });
  return true;
};

/** Emission of reads and writes of tensors and buffers. */
export const memoryEmitters: Readonly<Record<string, OperationEmitter>> = {
  "tensor.extract": extract,
  "tensor.insert": insert,
  "memref.load": loadElementOf,
  "memref.store": storeElementOf,
  "memref.subview": subview,
};
