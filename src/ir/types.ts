import { type ElementType, type FloatElementType, floatElementTypes } from "../support/numeric/element-type.ts";
import type { AffineMap } from "./affine.ts";

/** A size in a shape: a number, or `"?"` where it is known only at run time. */
export type Dimension = number | "?";
/** Formats of MLIR's float types, those with a host representation and those without. */
export type FloatFormat =
  FloatElementType | "f80" | "f128" | "tf32" | "f8E3M4" | "f8E4M3" | "f8E4M3B11FNUZ" | "f6E2M3FN" | "f6E3M2FN";

interface Spelled {
  /** The MLIR spelling. Types are interned by it, so two equal types are the same object. */
  readonly text: string;
}
export interface IntegerType extends Spelled {
  readonly kind: "integer";
  readonly width: number;
  readonly signedness: "signless" | "signed" | "unsigned";
}
export interface FloatType extends Spelled {
  readonly kind: "float";
  readonly format: FloatFormat;
}
export interface IndexType extends Spelled {
  readonly kind: "index";
}
export interface NoneType extends Spelled {
  readonly kind: "none";
}
export interface ComplexType extends Spelled {
  readonly kind: "complex";
  readonly element: Type;
}
export interface TupleType extends Spelled {
  readonly kind: "tuple";
  readonly elements: readonly Type[];
}
export interface FunctionType extends Spelled {
  readonly kind: "function";
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
}
export interface TensorType extends Spelled {
  readonly kind: "tensor";
  readonly shape: readonly Dimension[];
  readonly element: Type;
  /** The encoding attribute's text, if any. */
  readonly encoding: string | undefined;
}
export interface UnrankedTensorType extends Spelled {
  readonly kind: "unranked-tensor";
  readonly element: Type;
}
/** How a memref's indices map to its buffer: strides in elements, or an affine map. */
export type MemRefLayout =
  | { readonly kind: "strided"; readonly strides: readonly Dimension[]; readonly offset: Dimension }
  | { readonly kind: "map"; readonly map: AffineMap }
  | { readonly kind: "other"; readonly text: string };
export interface MemRefType extends Spelled {
  readonly kind: "memref";
  readonly shape: readonly Dimension[];
  readonly element: Type;
  /** Undefined for the row-major identity. */
  readonly layout: MemRefLayout | undefined;
  /** The memory space attribute's text, if any. */
  readonly memorySpace: string | undefined;
}
export interface UnrankedMemRefType extends Spelled {
  readonly kind: "unranked-memref";
  readonly element: Type;
  readonly memorySpace: string | undefined;
}
export interface VectorType extends Spelled {
  readonly kind: "vector";
  readonly shape: readonly number[];
  readonly element: Type;
  /** Which dimensions are scalable; empty when none is. */
  readonly scalable: readonly boolean[];
}
/** A dialect's own type, kept as its text: `!dialect.body` or `!dialect<…>`. */
export interface DialectType extends Spelled {
  readonly kind: "dialect";
  readonly dialect: string;
  readonly body: string;
}

export type Type =
  | IntegerType
  | FloatType
  | IndexType
  | NoneType
  | ComplexType
  | TupleType
  | FunctionType
  | TensorType
  | UnrankedTensorType
  | MemRefType
  | UnrankedMemRefType
  | VectorType
  | DialectType;
/** Types with a shape of known rank. */
export type ShapedType = TensorType | MemRefType | VectorType;

const interned = new Map<string, Type>();
function intern<T extends Type>(type: T): T {
  const known = interned.get(type.text);
  if (known) return known as T;
  Object.freeze(type);
  interned.set(type.text, type);
  return type;
}
const list = <T>(values: readonly T[]): readonly T[] => (Object.isFrozen(values) ? values : Object.freeze([...values]));

const signPrefix = { signless: "i", signed: "si", unsigned: "ui" } as const;

/** `iN`, `siN` or `uiN`. */
export const integerType = (width: number, signedness: IntegerType["signedness"] = "signless"): IntegerType =>
  intern({ kind: "integer", width, signedness, text: `${signPrefix[signedness]}${width}` });
export const floatType = (format: FloatFormat): FloatType => intern({ kind: "float", format, text: format });
export const indexType: IndexType = intern({ kind: "index", text: "index" });
export const noneType: NoneType = intern({ kind: "none", text: "none" });
export const i1 = integerType(1);
export const i8 = integerType(8);
export const i16 = integerType(16);
export const i32 = integerType(32);
export const i64 = integerType(64);
export const f16 = floatType("f16");
export const bf16 = floatType("bf16");
export const f32 = floatType("f32");
export const f64 = floatType("f64");

export const complexType = (element: Type): ComplexType =>
  intern({ kind: "complex", element, text: `complex<${element.text}>` });
export const tupleType = (elements: readonly Type[]): TupleType =>
  intern({ kind: "tuple", elements: list(elements), text: `tuple<${typeListText(elements)}>` });

/** The texts of types, separated by commas. */
const typeListText = (types: readonly Type[]): string => types.map((type) => type.text).join(", ");

/** `(inputs) -> results`, with the parentheses MLIR wants around results. */
export function functionType(inputs: readonly Type[], results: readonly Type[]): FunctionType {
  const single = results.length === 1 && results[0]!.kind !== "function" ? results[0]!.text : undefined;
  const text = `(${typeListText(inputs)}) -> ${single ?? `(${typeListText(results)})`}`;
  return intern({ kind: "function", inputs: list(inputs), results: list(results), text });
}

const shapeText = (shape: readonly Dimension[]): string => shape.map((size) => `${size}x`).join("");

export const tensorType = (shape: readonly Dimension[], element: Type, encoding?: string): TensorType =>
  intern({
    kind: "tensor",
    shape: list(shape),
    element,
    encoding,
    text: `tensor<${shapeText(shape)}${element.text}${encoding === undefined ? "" : `, ${encoding}`}>`,
  });
export const unrankedTensorType = (element: Type): UnrankedTensorType =>
  intern({ kind: "unranked-tensor", element, text: `tensor<*x${element.text}>` });

/** The text of a memref layout attribute. */
export function memRefLayoutText(layout: MemRefLayout): string {
  if (layout.kind === "map") return `affine_map<${layout.map.text}>`;
  if (layout.kind === "other") return layout.text;
  const offset = layout.offset === 0 ? "" : `, offset: ${layout.offset}`;
  return `strided<[${layout.strides.join(", ")}]${offset}>`;
}
export const memRefType = (
  shape: readonly Dimension[],
  element: Type,
  layout?: MemRefLayout,
  memorySpace?: string,
): MemRefType =>
  intern({
    kind: "memref",
    shape: list(shape),
    element,
    layout: layout && Object.freeze(layout),
    memorySpace,
    text: `memref<${[shapeText(shape) + element.text, layout && memRefLayoutText(layout), memorySpace].filter((part) => part !== undefined).join(", ")}>`,
  });
export const unrankedMemRefType = (element: Type, memorySpace?: string): UnrankedMemRefType =>
  intern({
    kind: "unranked-memref",
    element,
    memorySpace,
    text: `memref<*x${element.text}${memorySpace === undefined ? "" : `, ${memorySpace}`}>`,
  });
export const vectorType = (shape: readonly number[], element: Type, scalable: readonly boolean[] = []): VectorType => {
  const sizes = shape.map((size, index) => (scalable[index] ? `[${size}]x` : `${size}x`)).join("");
  return intern({
    kind: "vector",
    shape: list(shape),
    element,
    scalable: scalable.some(Boolean) ? list(scalable) : list([]),
    text: `vector<${sizes}${element.text}>`,
  });
};
/** `!dialect.body`, or `!dialect<…>` for a body that begins with its bracket. */
export const dialectType = (dialect: string, body: string): DialectType =>
  intern({ kind: "dialect", dialect, body, text: `!${dialect}${body.startsWith("<") ? "" : "."}${body}` });

/** The element type of string tensors, named as onnx-mlir names it. */
export const stringType: DialectType = dialectType("onnx", "String");

export const isShaped = (type: Type): type is ShapedType =>
  type.kind === "tensor" || type.kind === "memref" || type.kind === "vector";
/** The element type of a shaped type, the type itself otherwise. */
export const elementOf = (type: Type): Type =>
  isShaped(type) || type.kind === "unranked-tensor" || type.kind === "unranked-memref" ? type.element : type;

/** A shape without `?`, or undefined. */
export const staticShape = (type: ShapedType): readonly number[] | undefined =>
  type.shape.every((size) => size !== "?") ? (type.shape as readonly number[]) : undefined;

/** The same type with another element type: shaped types keep their shape, scalars become the element. */
export function withElement(type: Type, element: Type): Type {
  if (type.kind === "tensor") return tensorType(type.shape, element, type.encoding);
  if (type.kind === "vector") return vectorType(type.shape, element, type.scalable);
  if (type.kind === "memref") return memRefType(type.shape, element, type.layout, type.memorySpace);
  if (type.kind === "unranked-tensor") return unrankedTensorType(element);
  return element;
}

const hostFormats: ReadonlySet<string> = new Set(floatElementTypes);
const hostWidths: ReadonlySet<number> = new Set([1, 2, 4, 8, 16, 32, 64]);

/** How the host stores elements of this scalar type; undefined when it has no storage for it. Signed is stored as signless. */
export function hostElementType(type: Type): ElementType | undefined {
  if (type.kind === "index") return "index";
  if (type === stringType) return "string";
  if (type.kind === "float") return hostFormats.has(type.format) ? (type.format as FloatElementType) : undefined;
  if (type.kind !== "integer" || !hostWidths.has(type.width)) return undefined;
  return (type.signedness === "unsigned" && type.width > 1 ? `ui${type.width}` : `i${type.width}`) as ElementType;
}

/** The IR's scalar type for a host element type. */
export function typeOfElement(element: ElementType): Type {
  if (element === "index") return indexType;
  if (element === "string") return stringType;
  if (element.startsWith("ui")) return integerType(Number(element.slice(2)), "unsigned");
  if (element.startsWith("i")) return integerType(Number(element.slice(1)));
  return floatType(element as FloatElementType);
}
