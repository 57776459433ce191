import { elementOf, type Type, type VectorType } from "../../ir/types.ts";

/** WGSL's scalar types, by the IR's text. Indices are 32 bits wide on the device. */
const scalars: Readonly<Record<string, string>> = { i1: "bool", i32: "i32", index: "i32", f32: "f32", f16: "f16" };

/** The WGSL type of a scalar; undefined when the language has none for it. */
export const scalarName = (type: Type): string | undefined => scalars[type.text];

/** Lanes of a vector that WGSL has a type for: two to four, in one dimension. */
export function laneCount(type: VectorType): number | undefined {
  const lanes = type.shape.length === 1 && type.scalable.length === 0 ? type.shape[0]! : 0;
  return lanes >= 2 && lanes <= 4 ? lanes : undefined;
}

/** `vec4<f32>`. */
export const vectorName = (lanes: number, scalar: string): string => `vec${lanes}<${scalar}>`;

/** The WGSL type of a scalar or vector value; undefined when the language has none for it. */
export function valueTypeName(type: Type): string | undefined {
  if (type.kind !== "vector") return scalarName(type);
  const lanes = laneCount(type);
  const element = scalarName(type.element);
  return lanes === undefined || element === undefined ? undefined : vectorName(lanes, element);
}

/** The type of the same shape with another WGSL scalar: `vec4<u32>` for `vec4<f32>`. */
export function reshapedName(type: Type, scalar: string): string | undefined {
  if (type.kind !== "vector") return scalar;
  const lanes = laneCount(type);
  return lanes === undefined ? undefined : vectorName(lanes, scalar);
}

/** `f32`, `i32`, `vec4f32`: the part of a helper's name that tells its types apart. */
export function shortName(type: Type): string {
  const scalar = scalarName(elementOf(type)) ?? "unknown";
  return type.kind === "vector" ? `vec${type.shape[0]}${scalar}` : scalar;
}

/** The WGSL type of an element in memory: truth values and types without one must be words by now. */
export const storageTypeName = (type: Type): string | undefined => {
  const name = valueTypeName(type);
  return name === undefined || name.includes("bool") ? undefined : name;
};
