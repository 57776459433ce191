import type { Attribute } from "../attributes.ts";
import type { AffineMap } from "../affine.ts";
import { floatWidth } from "../exact-float.ts";
import type { Type } from "../types.ts";
import { isReadDialect } from "./bodies/index.ts";

/** Dialects of this project, whose types may be elements of anything. */
const ownDialects: ReadonlySet<string> = new Set(["onnx", "weft"]);

/** Whether a dialect's type may say that it can be an element; those of unknown dialects cannot. */
const mayBeElement = (type: Type): boolean =>
  type.kind === "dialect" && (isReadDialect(type.dialect) || ownDialects.has(type.dialect));
const isScalar = (type: Type): boolean => type.kind === "integer" || type.kind === "float" || type.kind === "index";

/** Whether a vector may have elements of this type. */
export const isVectorElement = (type: Type): boolean => isScalar(type) || mayBeElement(type);
/** Whether a tensor may: besides scalars, those of any dialect's own type. */
export const isTensorElement = (type: Type): boolean =>
  isScalar(type) || type.kind === "complex" || type.kind === "vector" || type.kind === "dialect";
/** Whether a memref may. */
export const isMemRefElement = (type: Type): boolean =>
  isScalar(type) ||
  type.kind === "complex" ||
  type.kind === "vector" ||
  type.kind === "memref" ||
  type.kind === "unranked-memref" ||
  mayBeElement(type);
/** Whether a complex number may have parts of this type. */
export const isComplexPart = (type: Type): boolean => type.kind === "integer" || type.kind === "float";

/** Whether an attribute may name a memory space: a number, a string, a dictionary, or a known dialect's own attribute. */
export const isMemorySpace = (attribute: Attribute): boolean =>
  attribute.kind === "integer" ||
  attribute.kind === "bool" ||
  attribute.kind === "string" ||
  attribute.kind === "dictionary" ||
  (attribute.kind === "dialect" && (isReadDialect(attribute.dialect) || ownDialects.has(attribute.dialect)));

/** What is wrong with a layout for a memref of a rank; undefined where nothing is. */
export function layoutMismatch(
  layout: { readonly map: AffineMap } | { readonly strides: readonly unknown[] },
  rank: number,
): string | undefined {
  if ("strides" in layout)
    return layout.strides.length === rank ? undefined : "expected the number of strides to match the rank";
  const { dimensions } = layout.map;
  return dimensions === rank
    ? undefined
    : `memref layout mismatch between rank and affine map: ${rank} != ${dimensions}`;
}

/** Why a dense array cannot have elements of a type; undefined where it can. */
export function whyNoArrayElement(type: Type): string | undefined {
  if (type.kind !== "integer" && type.kind !== "float" && type.kind !== "index")
    return `expected integer or float type, got: '${type.text}'`;
  const width = type.kind === "integer" ? type.width : type.kind === "float" ? floatWidth(type.format) : 64;
  return width % 8 === 0 || type.text === "i1" ? undefined : "element type bitwidth must be a multiple of 8";
}
