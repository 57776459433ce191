import { hostElementType, type MemRefType, type Type, type VectorType } from "../../ir/types.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import type { ElementType } from "../../support/numeric/element-type.ts";
import { lanesOfElement } from "../vector-elements.ts";
import { type BufferView, loadElement, rowMajorStrides, type Scalar, tensorFrom } from "../values.ts";
import {
  type Emitted,
  type EmittedBuffer,
  type EmittedScalar,
  type EmittedTensor,
  type Emitter,
  laneArray,
  NotCompilable,
  rangeOfType,
} from "./emitter.ts";
import { emitLanes, laneInput, laneOf } from "./lane-functions.ts";

interface Lanes {
  [lane: number]: number | bigint;
  readonly length: number;
}

/** A vector value from an array of lanes. */
const boxVector = (elementType: ElementType, shape: readonly number[], lanes: Lanes): HostTensor =>
  tensorFrom(elementType, shape, (lane) => lanes[lane]!);
/** A vector value from one scalar. */
const boxSplat = (elementType: ElementType, shape: readonly number[], value: Scalar): HostTensor =>
  tensorFrom(elementType, shape, () => value);
/** Writes a vector value's lanes into an array. */
function unboxVector(value: HostTensor, lanes: Lanes): void {
  for (let lane = 0; lane < lanes.length; lane++)
    lanes[lane] = loadElement(value.elementType, value.data, lane) as number | bigint;
}
/** A buffer view that differs from another in where its elements are. */
const boxBuffer = (
  base: BufferView,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): BufferView => ({ ...base, offset, shape, strides });

/** The literal of a scalar constant. */
export function literal(value: number | bigint): string {
  const text = typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : String(value);
  return text.startsWith("-") ? `(${text})` : text;
}

/** The expression of the runtime value of something emitted. */
export function boxed(emitter: Emitter, value: Emitted): string {
  switch (value.kind) {
    case "scalar":
    case "tensor":
    case "other":
      return value.code;
    case "vector": {
      const element = emitter.bind(hostElementType(value.type.element));
      const shape = emitter.bind(value.type.shape);
      const box = emitter.bind(value.source.kind === "splat" ? boxSplat : boxVector);
      return `${box}(${element}, ${shape}, ${value.source.code})`;
    }
    case "buffer":
      if (value.boxed) return value.base;
      return `${emitter.bind(boxBuffer)}(${value.base}, ${value.offset}, [${value.shape.join(", ")}], [${value.strides.join(", ")}])`;
  }
}

const sizeCodes = (name: string, shape: readonly (number | "?")[]): readonly string[] =>
  shape.map((size, axis) => (size === "?" ? `${name}.shape[${axis}]` : String(size)));

/** Strides of a memref type that are known from it; others are read from the view. */
function strideCodes(name: string, type: MemRefType): readonly string[] {
  const { layout, shape } = type;
  const known: readonly (number | "?" | undefined)[] =
    layout === undefined && shape.every((size) => size !== "?")
      ? rowMajorStrides(shape as readonly number[])
      : layout?.kind === "strided"
        ? layout.strides
        : shape.map(() => "?");
  const lanes = lanesOfElement(type);
  return known.map((stride, axis) =>
    typeof stride === "number" ? String(stride * lanes) : `${name}.strides[${axis}]`,
  );
}

/** What an expression of a runtime value gives, taken apart for use by compiled code. Emits the locals. */
export function unboxed(emitter: Emitter, type: Type, code: string): Emitted {
  switch (type.kind) {
    case "integer":
    case "index":
    case "float":
      return emitter.define(type, code);
    case "vector":
      return unboxedVector(emitter, type, code, emitter.lanes(type.element, lanesOf(type)));
    case "tensor": {
      const name = emitter.fresh("t");
      emitter.line(`const ${name} = ${code}, ${name}d = ${name}.data;`);
      return tensorAt(name, type);
    }
    case "memref": {
      const name = emitter.fresh("b");
      emitter.line(`const ${name} = ${code}, ${name}d = ${name}.data, ${name}o = ${name}.offset;`);
      return bufferAt(name, type);
    }
    default: {
      const name = emitter.fresh("o");
      emitter.line(`const ${name} = ${code};`);
      return { kind: "other", code: name, type };
    }
  }
}
function unboxedVector(emitter: Emitter, type: VectorType, code: string, array: string): Emitted {
  emitter.line(`${emitter.bind(unboxVector)}(${code}, ${array});`);
  return { kind: "vector", type, lanes: lanesOf(type), source: { kind: "array", code: array } };
}
export const lanesOf = (type: VectorType): number => type.shape.reduce((product, size) => product * size, 1);

const tensorAt = (name: string, type: Type): EmittedTensor => ({
  kind: "tensor",
  code: name,
  data: `${name}d`,
  type,
  shape: type.kind === "tensor" ? sizeCodes(name, type.shape) : [],
});
const bufferAt = (name: string, type: MemRefType): EmittedBuffer => ({
  kind: "buffer",
  type,
  data: `${name}d`,
  offset: `${name}o`,
  shape: sizeCodes(name, type.shape),
  strides: strideCodes(name, type),
  base: name,
  boxed: true,
});

/** Variables that hold a value which changes, such as what a loop carries. */
export interface Slot {
  readonly value: Emitted;
  /** Emits the assignment of something emitted. */
  assign(from: Emitted): void;
}

/** Declares variables for a value of a type. */
export function declareSlot(emitter: Emitter, type: Type): Slot {
  switch (type.kind) {
    case "integer":
    case "index":
    case "float": {
      const name = emitter.fresh("m");
      emitter.line(`let ${name} = ${type.kind === "integer" && type.width > 32 ? "0n" : "0"};`);
      const [low, high] = rangeOfType(type);
      return {
        value: { kind: "scalar", code: name, type, low, high },
        assign: (from) => emitter.line(`${name} = ${(from as EmittedScalar).code};`),
      };
    }
    case "vector": {
      const lanes = lanesOf(type);
      const array = emitter.lanes(type.element, lanes);
      return {
        value: { kind: "vector", type, lanes, source: { kind: "array", code: array } },
        assign(from) {
          if (from.kind !== "vector") throw new NotCompilable("vector expected");
          copyLanes(emitter, from, array, lanes);
        },
      };
    }
    case "tensor": {
      const name = emitter.fresh("t");
      emitter.line(`let ${name}, ${name}d;`);
      return {
        value: tensorAt(name, type),
        assign: (from) => {
          const source = from as EmittedTensor;
          if (source.code !== name) emitter.line(`${name} = ${source.code}, ${name}d = ${source.data};`);
        },
      };
    }
    case "memref": {
      const name = emitter.fresh("b");
      emitter.line(`let ${name}, ${name}d, ${name}o;`);
      const value = bufferAt(name, type);
      return {
        value,
        assign: (from) =>
          emitter.line(`${name} = ${boxed(emitter, from)}, ${name}d = ${name}.data, ${name}o = ${name}.offset;`),
      };
    }
    default: {
      const name = emitter.fresh("o");
      emitter.line(`let ${name};`);
      return {
        value: { kind: "other", code: name, type },
        assign: (from) => emitter.line(`${name} = ${boxed(emitter, from)};`),
      };
    }
  }
}

/** Emits the copy of a vector's lanes into an array. */
export function copyLanes(emitter: Emitter, from: Emitted & { kind: "vector" }, array: string, lanes: number): void {
  if (from.source.kind === "array" && from.source.code === array) return;
  const kind = laneArray(from.type.element);
  emitLanes(
    emitter,
    lanes,
    kind,
    [array, laneInput(from)],
    (_, [target, source]) => `${target}[l] = ${laneOf(from, source!)};`,
  );
}

/** Assigns several slots at once: sources that are slots themselves are read before any is written. */
export function assignAll(emitter: Emitter, slots: readonly Slot[], sources: readonly Emitted[]): void {
  const codeOf = (value: Emitted): string =>
    value.kind === "vector" ? value.source.code : value.kind === "buffer" ? value.base : value.code;
  const own = new Set(slots.map(({ value }) => codeOf(value)));
  const held = sources.map((source, index): Emitted => {
    if (!own.has(codeOf(source)) || codeOf(source) === codeOf(slots[index]!.value)) return source;
    const copy = declareSlot(emitter, source.type);
    copy.assign(source);
    return copy.value;
  });
  slots.forEach((slot, index) => {
    if (codeOf(held[index]!) !== codeOf(slot.value)) slot.assign(held[index]!);
  });
}

/** Boxed values as a list. */
export const boxedList = (emitter: Emitter, values: readonly Emitted[]): string =>
  `[${values.map((value) => boxed(emitter, value)).join(", ")}]`;
