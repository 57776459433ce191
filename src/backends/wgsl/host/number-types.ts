import { type Type, hostElementType } from "../../../ir/types.ts";
import type { NumericElementType } from "../../../support/numeric/element-type.ts";
import type { SmallFloatElementType } from "../../../support/numeric/float-formats.ts";
import { atom, binding, type Expression, operand } from "../../printing/expression.ts";
import { smallFloatHelper } from "./helpers.ts";
import type { HostScope } from "./scope.ts";

/** How JavaScript holds the scalars of a type. */
export type NumberKind =
  /** `i1`: a boolean. */
  | { readonly kind: "boolean" }
  /** Integers up to 32 bits: a number, sign extended. */
  | { readonly kind: "integer"; readonly width: number }
  /** `i64`: a bigint, sign extended. */
  | { readonly kind: "wide" }
  /** `index`: a number below 2^53. */
  | { readonly kind: "index" }
  | { readonly kind: "f64" }
  | { readonly kind: "f32" }
  | { readonly kind: "small"; readonly format: SmallFloatElementType };

/** How a type's scalars are held; undefined for types that JavaScript code has no form for. */
export function numberKindOf(type: Type): NumberKind | undefined {
  if (type.kind === "index") return { kind: "index" };
  if (type.kind === "integer") {
    if (type.width === 1) return { kind: "boolean" };
    if (type.width === 64) return { kind: "wide" };
    return type.width <= 32 ? { kind: "integer", width: type.width } : undefined;
  }
  if (type.kind !== "float") return undefined;
  if (type.format === "f64" || type.format === "f32") return { kind: type.format };
  const format = hostElementType(type);
  return format === undefined ? undefined : { kind: "small", format: format as SmallFloatElementType };
}

/** The typed array that holds a type's elements in memory, as `HostFunction` in the manifest has it. */
export const arrayNames: Readonly<Record<NumericElementType, string>> = {
  f64: "Float64Array",
  f32: "Float32Array",
  f16: "Uint16Array",
  bf16: "Uint16Array",
  f8E4M3FN: "Uint8Array",
  f8E5M2: "Uint8Array",
  f8E4M3FNUZ: "Uint8Array",
  f8E5M2FNUZ: "Uint8Array",
  f8E8M0FNU: "Uint8Array",
  f4E2M1FN: "Uint8Array",
  i1: "Uint8Array",
  i2: "Int8Array",
  i4: "Int8Array",
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
  i64: "BigInt64Array",
  index: "BigInt64Array",
  ui2: "Uint8Array",
  ui4: "Uint8Array",
  ui8: "Uint8Array",
  ui16: "Uint16Array",
  ui32: "Uint32Array",
  ui64: "BigUint64Array",
};

/** The scalar that a number in memory stands for. */
export function loaded(scope: HostScope, type: Type, element: Expression): Expression {
  const kind = numberKindOf(type);
  switch (kind?.kind) {
    case "boolean":
      return { text: `${element.text} !== 0`, binding: binding.other };
    case "index":
      return atom(`Number(${element.text})`);
    case "small": {
      const helper = scope.helper(smallFloatHelper(kind.format));
      // A 4-bit pattern's upper half is ignored.
      return atom(`${helper}.decode[${kind.format === "f4E2M1FN" ? `${element.text} & 15` : element.text}]`);
    }
    default:
      return element;
  }
}

/** What is put into memory for a scalar. A boolean becomes 0 or 1 by itself. */
export function stored(scope: HostScope, type: Type, value: Expression): Expression {
  const kind = numberKindOf(type);
  if (kind?.kind === "index") return atom(`BigInt(${value.text})`);
  if (kind?.kind === "boolean") return atom(`${operand(value)} ? 1 : 0`);
  if (kind?.kind === "small") return atom(`${scope.helper(smallFloatHelper(kind.format))}.encode(${value.text})`);
  return value;
}

/** A number rounded to a float type. */
export function rounded(scope: HostScope, kind: NumberKind, value: Expression): Expression {
  if (kind.kind === "f32") return atom(`Math.fround(${value.text})`);
  if (kind.kind === "small") return atom(`${scope.helper(smallFloatHelper(kind.format))}.round(${value.text})`);
  return value;
}

/** The low bits of a number, sign extended from a width up to 32. The number may be off by multiples of 2^32, below 2^53. */
export function wrapped(width: number, value: Expression): Expression {
  if (width === 32) return { text: `${operand(value, binding.sum)} | 0`, binding: binding.other };
  return { text: `(${value.text}) << ${32 - width} >> ${32 - width}`, binding: binding.other };
}

/** The unsigned reading of an integer of a width up to 32. */
export const unsigned = (width: number, value: Expression): Expression => ({
  text: width === 32 ? `${operand(value)} >>> 0` : `${operand(value)} & ${2 ** width - 1}`,
  binding: binding.other,
});

/** The low 64 bits of a bigint, read as signed. */
export const wideWrapped = (value: Expression): Expression => atom(`BigInt.asIntN(64, ${value.text})`);
/** The low 64 bits of a bigint, read as unsigned. */
export const wideUnsigned = (value: Expression): Expression => atom(`BigInt.asUintN(64, ${value.text})`);
