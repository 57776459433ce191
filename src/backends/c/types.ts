import { rowMajorStrides } from "../../ir/analysis/memref-layout.ts";
import { type MemRefType, staticShape, type Type, type VectorType } from "../../ir/types.ts";
import { linearForm } from "../../ir/affine.ts";

/** What generated code calls a scalar type, by its MLIR text. Only these reach the printer. */
const scalars: Readonly<Record<string, { readonly c: string; readonly short: string; readonly bytes: number }>> = {
  i1: { c: "bool", short: "i1", bytes: 1 },
  i8: { c: "int8_t", short: "i8", bytes: 1 },
  i16: { c: "int16_t", short: "i16", bytes: 2 },
  i32: { c: "int32_t", short: "i32", bytes: 4 },
  i64: { c: "int64_t", short: "i64", bytes: 8 },
  index: { c: "int64_t", short: "i64", bytes: 8 },
  f32: { c: "float", short: "f32", bytes: 4 },
  f64: { c: "double", short: "f64", bytes: 8 },
};

/** The C type of a scalar, or undefined when C code has none for it. */
export const scalarName = (type: Type): string | undefined => scalars[type.text]?.c;
/** The unsigned C type of an integer's width. */
export const unsignedName = (type: Type): string | undefined => {
  const name = scalars[type.text]?.c;
  return name?.startsWith("int") ? `u${name}` : undefined;
};
/** `f32`, `i64`…: the part that distinguishes helpers by type. */
export const shortName = (type: Type): string | undefined => scalars[type.text]?.short;
/** Bits of an integer or index type. */
export const integerWidth = (type: Type): number =>
  type.kind === "integer" ? type.width : type.kind === "index" ? 64 : 0;
/** Bytes of a scalar in memory or in a lane. */
export const scalarBytes = (type: Type): number | undefined => scalars[type.text]?.bytes;

/** Lanes of a vector that GCC's extensions can hold: one dimension, a power of two. */
export function laneCount(type: VectorType): number | undefined {
  const lanes = type.shape.length === 1 && type.scalable.length === 0 ? type.shape[0]! : 0;
  return lanes > 0 && (lanes & (lanes - 1)) === 0 && lanes <= 1024 ? lanes : undefined;
}

/** The element type of a vector's lanes in C: truth values are 32-bit lanes of 0 and -1. */
export const laneShortName = (element: Type): string | undefined =>
  element.text === "i1" ? "i32" : shortName(element);
const laneC = (short: string): { readonly c: string; readonly bytes: number } => scalars[short]!;

/** The typedef name of a vector type: `v16f32`, or undefined when there is none. */
export function vectorName(type: VectorType, unsigned = false): string | undefined {
  const lanes = laneCount(type);
  const short = laneShortName(type.element);
  if (lanes === undefined || short === undefined) return undefined;
  return `v${lanes}${unsigned ? short.replace("i", "u") : short}`;
}

/** Typedefs of one vector type: the type itself, its unsigned twin for integers, and the type of unaligned memory. */
export function vectorTypedefs(lanes: number, short: string): string {
  const { c, bytes } = laneC(short);
  const size = lanes * bytes;
  const lines = [
    `typedef ${c} v${lanes}${short} __attribute__((vector_size(${size})));`,
    `typedef ${c} v${lanes}${short}_unaligned __attribute__((vector_size(${size}), aligned(${bytes}), may_alias));`,
  ];
  if (c.startsWith("int"))
    lines.push(`typedef u${c} v${lanes}${short.replace("i", "u")} __attribute__((vector_size(${size})));`);
  return lines.join("\n");
}

/** Static strides, in elements, of a memref; undefined for dynamic ones and layouts that are not linear. */
export function stridesOf(type: MemRefType): readonly number[] | undefined {
  const shape = staticShape(type);
  if (shape === undefined) return undefined;
  const { layout } = type;
  if (layout === undefined) return rowMajorStrides(shape);
  if (layout.kind === "strided")
    return layout.strides.every((stride) => stride !== "?") ? (layout.strides as readonly number[]) : undefined;
  if (layout.kind !== "map" || layout.map.results.length !== 1 || layout.map.symbols > 0) return undefined;
  const form = linearForm(layout.map.results[0]!);
  return form && shape.map((_, dimension) => form.coefficients.get(dimension) ?? 0);
}

/** Whether elements lie in memory one after another, in row-major order. */
export function isContiguous(type: MemRefType): boolean {
  const strides = stridesOf(type);
  const shape = staticShape(type);
  if (strides === undefined || shape === undefined) return false;
  const dense = rowMajorStrides(shape);
  return (
    shape.some((size) => size === 0) || shape.every((size, index) => size === 1 || strides[index] === dense[index])
  );
}

/** Elements from the first to the last of a memref, gaps included. */
export function spanOf(type: MemRefType): number | undefined {
  const strides = stridesOf(type);
  const shape = staticShape(type);
  if (strides === undefined || shape === undefined) return undefined;
  if (shape.some((size) => size === 0)) return 0;
  return shape.reduce((sum, size, index) => sum + (size - 1) * strides[index]!, 1);
}
