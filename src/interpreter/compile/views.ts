import type { IrReader, ValueId } from "../../ir/module.ts";
import { stridesOfMemRef } from "../../ir/strides.ts";
import { type MemRefType, staticShape, type Type } from "../../ir/types.ts";
import { allocateElements, lanesOfElement, numberStorage } from "../vector-elements.ts";
import type { EmittedBuffer, OperationEmitter } from "./emitter.ts";

/** Sizes and strides (in numbers) that a type tells; undefined where some are known only at run time. */
function layoutOf(type: Type): Pick<EmittedBuffer, "shape" | "strides"> | undefined {
  if (type.kind !== "memref") return undefined;
  const shape = staticShape(type);
  const strides = stridesOfMemRef(type)?.strides;
  if (shape === undefined || strides === undefined || strides.includes("?")) return undefined;
  const lanes = lanesOfElement(type);
  return { shape: shape.map(String), strides: (strides as readonly number[]).map((stride) => String(stride * lanes)) };
}

/** The same elements in another shape. Where both types are known there is nothing to check: the verifier has. */
const reshape: OperationEmitter = (emitter, op) => {
  const source = emitter.buffer(op.operands[0]!);
  const type = emitter.typeOf(op.results[0]!);
  const layout = layoutOf(type);
  if (layout === undefined || layoutOf(source.type) === undefined) return false;
  const { data, offset, base } = source;
  emitter.set(op.results[0]!, { kind: "buffer", type, data, offset, ...layout, base, boxed: false });
  return true;
};

/** Operations that read or write a buffer and do not hand it on. */
const accesses: ReadonlySet<string> = new Set([
  "memref.load",
  "memref.store",
  "memref.copy",
  "vector.load",
  "vector.store",
]);
/** Operations whose result is a view of their operand. */
const views: ReadonlySet<string> = new Set([
  "memref.subview",
  "memref.cast",
  "memref.collapse_shape",
  "memref.expand_shape",
]);

/** Whether nothing has the buffer when the place where it was made is come to again. */
const staysInside = (reader: IrReader, buffer: ValueId): boolean =>
  reader.uses(buffer).every((use) => {
    const op = reader.operation(use.op);
    return accesses.has(op.name) || (views.has(op.name) && op.results.every((view) => staysInside(reader, view)));
  });

/** A local buffer is made once for all rounds of the loops around it, and cleared where it begins. */
const allocate: OperationEmitter = (emitter, op) => {
  const [result] = op.results as readonly [ValueId];
  const type = emitter.typeOf(result) as MemRefType;
  const layout = layoutOf(type);
  const element = numberStorage(type);
  if (layout === undefined || element === undefined || type.layout !== undefined) return false;
  if (!staysInside(emitter.program.reader, result)) return false;
  const make = emitter.bind(() => allocateElements(type, element, layout.shape.map(Number)));
  const base = emitter.fresh("a");
  const data = `${base}d`;
  emitter.beforehand(`const ${base} = ${make}(), ${data} = ${base}.data;`);
  const isLong = type.element.kind === "index" || (type.element.kind === "integer" && type.element.width > 32);
  emitter.line(`${data}.fill(${isLong ? "0n" : "0"});`);
  emitter.set(result, { kind: "buffer", type, data, offset: "0", ...layout, base, boxed: true });
  return true;
};

/** Emission of local buffers and of views that move nothing. */
export const viewEmitters: Readonly<Record<string, OperationEmitter>> = {
  "memref.alloca": allocate,
  "memref.cast": reshape,
  "memref.collapse_shape": reshape,
  "memref.expand_shape": reshape,
};
