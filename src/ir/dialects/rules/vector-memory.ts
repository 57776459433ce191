import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Operation, ValueId } from "../../module.ts";
import { stridesOfMemRef } from "../../strides.ts";
import { elementOf, isShaped, type MemRefType, type Type, type VectorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { type OperationView, resultType } from "./operation-view.ts";

const vectorOf = (type: Type): VectorType => type as VectorType;
const rankOf = (type: Type): number => (isShaped(type) ? type.shape.length : 0);
/** Whether two vectors have the same sizes, each scalable or not. */
const sameShape = (left: VectorType, right: VectorType): boolean =>
  left.shape.join() === right.shape.join() && left.scalable.join() === right.scalable.join();

interface AccessView extends OperationView {
  readonly types: { readonly base: Type };
  readonly operands: { readonly indices: readonly ValueId[] };
}

/** Consecutive lanes are consecutive in memory. */
function hasUnitStride(type: MemRefType): boolean {
  const innermost = stridesOfMemRef(type)?.strides.at(-1);
  return type.shape.length === 0 || innermost === 1;
}

function* verifyAccess(view: AccessView, vector: VectorType, mismatch: string): Generator<Diagnostic> {
  const base = view.types.base as MemRefType;
  const { element } = base;
  // One lane has no stride.
  const isSingle = vector.scalable.length === 0 && vector.shape.every((size) => size === 1);
  if (!isSingle && element.kind !== "vector" && !hasUnitStride(base))
    yield broken(view.op, "most minor memref dim must have unit stride");
  else if (element !== vector.element && element !== vector) yield broken(view.op, mismatch);
  else if (view.operands.indices.length !== base.shape.length)
    yield broken(view.op, `requires ${base.shape.length} indices`);
}

export const verifyLoad = (view: AccessView) =>
  verifyAccess(view, vectorOf(resultType(view)), "base and result element types should match");
export const verifyStore = (view: AccessView & { readonly types: { readonly valueToStore: Type } }) =>
  verifyAccess(view, vectorOf(view.types.valueToStore), "base and valueToStore element type should match");

/** `shape` for operations on vectors of any rank, `dim` for those that upstream says so of. */
const wordOf = (op: Operation): string =>
  op.name === "vector.maskedload" || op.name === "vector.maskedstore" ? "shape" : "dim";

export function* verifyMaskedLoad(
  view: AccessView & { readonly types: { readonly mask: Type; readonly pass_thru: Type } },
): Generator<Diagnostic> {
  const { op, types } = view;
  const result = vectorOf(resultType(view));
  const word = wordOf(op);
  if (result.element !== elementOf(types.base)) yield broken(op, "base and result element type should match");
  else if (view.operands.indices.length !== rankOf(types.base))
    yield broken(op, `requires ${rankOf(types.base)} indices`);
  else if (!sameShape(result, vectorOf(types.mask))) yield broken(op, `expected result ${word} to match mask ${word}`);
  else if (types.pass_thru !== result) yield broken(op, "expected pass_thru of same type as result type");
}

export function* verifyMaskedStore(
  view: AccessView & { readonly types: { readonly mask: Type; readonly valueToStore: Type } },
): Generator<Diagnostic> {
  const { op, types } = view;
  const value = vectorOf(types.valueToStore);
  const word = wordOf(op);
  if (value.element !== elementOf(types.base)) yield broken(op, "base and valueToStore element type should match");
  else if (view.operands.indices.length !== rankOf(types.base))
    yield broken(op, `requires ${rankOf(types.base)} indices`);
  else if (!sameShape(value, vectorOf(types.mask)))
    yield broken(op, `expected valueToStore ${word} to match mask ${word}`);
}

interface OffsetsView extends OperationView {
  readonly types: { readonly base: Type; readonly indices: Type; readonly mask: Type };
  readonly operands: { readonly offsets: readonly ValueId[] };
}
function* verifyOffsets(view: OffsetsView, what: string, value: VectorType): Generator<Diagnostic> {
  const { op, types } = view;
  const { base } = types;
  if (base.kind !== "memref" && base.kind !== "tensor")
    yield broken(op, "requires base to be a memref or ranked tensor type");
  else if (value.element !== base.element) yield broken(op, `base and ${what} element type should match`);
  else if (view.operands.offsets.length !== base.shape.length)
    yield broken(op, `requires ${base.shape.length} indices`);
  else if (!sameShape(value, vectorOf(types.indices))) yield broken(op, `expected ${what} dim to match indices dim`);
  else if (!sameShape(value, vectorOf(types.mask))) yield broken(op, `expected ${what} dim to match mask dim`);
}

export function* verifyGather(
  view: OffsetsView & { readonly types: { readonly pass_thru: Type } },
): Generator<Diagnostic> {
  const result = resultType(view);
  const found = [...verifyOffsets(view, "result", vectorOf(result))];
  if (found.length > 0) yield* found;
  else if (view.types.pass_thru !== result) yield broken(view.op, "expected pass_thru of same type as result type");
}

export const verifyScatter = (view: OffsetsView & { readonly types: { readonly valueToStore: Type } }) =>
  verifyOffsets(view, "valueToStore", vectorOf(view.types.valueToStore));
