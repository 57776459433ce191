import {
  type DialectType,
  dialectType,
  floatType,
  type FloatFormat,
  integerType,
  type Dimension,
  stringType,
  tensorType,
  type Type,
  unrankedTensorType,
} from "../../types.ts";

/** A value that nothing is known of yet: a tensor, sequence or optional. Type inference replaces it. */
export const unknownType: DialectType = dialectType("onnx", "Unknown");

/** What an ONNX container type holds. */
export type ContainerType =
  | { readonly kind: "sequence"; readonly element: Type }
  | { readonly kind: "optional"; readonly element: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type };

/** Known containers by their interned type; undefined for dialect types that are none. */
const containers = new Map<Type, ContainerType | undefined>();

function container(keyword: string, inner: readonly Type[], contents: ContainerType): DialectType {
  const type = dialectType("onnx", `${keyword}<${inner.map((part) => part.text).join(", ")}>`);
  containers.set(type, contents);
  return type;
}

/** `!onnx.Seq<tensor<2x3xf32>>`: any number of values of one type. */
export const sequenceType = (element: Type): DialectType => container("Seq", [element], { kind: "sequence", element });
/** `!onnx.Opt<tensor<2x3xf32>>`: a value or none. */
export const optionalType = (element: Type): DialectType => container("Opt", [element], { kind: "optional", element });
/** `!onnx.Map<i64, tensor<f32>>`: values by integer or string. */
export const mapType = (key: Type, value: Type): DialectType =>
  container("Map", [key, value], { kind: "map", key, value });

/** The contents of a sequence, optional or map type; undefined for any other type. */
export function containerType(type: Type): ContainerType | undefined {
  if (type.kind !== "dialect" || type.dialect !== "onnx") return undefined;
  if (!containers.has(type)) containers.set(type, parseContainer(type.body));
  return containers.get(type);
}

/** The element type of a sequence type; undefined for any other. */
export function sequenceElement(type: Type): Type | undefined {
  const contents = containerType(type);
  return contents?.kind === "sequence" ? contents.element : undefined;
}
/** The element type of an optional type; undefined for any other. */
export function optionalElement(type: Type): Type | undefined {
  const contents = containerType(type);
  return contents?.kind === "optional" ? contents.element : undefined;
}

/** Reads a type's body, as it stands in text: the types inside are tensors, scalars and containers. */
function parseContainer(body: string): ContainerType | undefined {
  const match = /^(Seq|Opt|Map)<(.*)>$/s.exec(body);
  if (!match) return undefined;
  const inner = match[2]!;
  if (match[1] === "Map") {
    const comma = inner.indexOf(",");
    const [key, value] = [parseType(inner.slice(0, comma).trim()), parseType(inner.slice(comma + 1).trim())];
    return comma > 0 && key && value ? { kind: "map", key, value } : undefined;
  }
  const element = parseType(inner.trim());
  return element && { kind: match[1] === "Seq" ? "sequence" : "optional", element };
}

function parseType(text: string): Type | undefined {
  const tensor = /^tensor<(.*)>$/s.exec(text);
  if (tensor) {
    const parts = /^(\*x|(?:(?:\d+|\?)x)*)(.+)$/s.exec(tensor[1]!);
    const element = parts?.[2] && parseType(parts[2]);
    if (!parts || !element) return undefined;
    if (parts[1] === "*x") return unrankedTensorType(element);
    const sizes = parts[1]!.split("x").slice(0, -1);
    return tensorType(
      sizes.map((size): Dimension => (size === "?" ? "?" : Number(size))),
      element,
    );
  }
  if (text === stringType.text) return stringType;
  if (text.startsWith("!onnx.")) return dialectType("onnx", text.slice("!onnx.".length));
  const integer = /^(i|si|ui)(\d+)$/.exec(text);
  if (integer) return integerType(Number(integer[2]), signedness[integer[1] as keyof typeof signedness]);
  return /^(f\d|bf16)/.test(text) ? floatType(text as FloatFormat) : undefined;
}
const signedness = { i: "signless", si: "signed", ui: "unsigned" } as const;
