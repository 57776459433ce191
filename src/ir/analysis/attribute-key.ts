import { contentHash } from "../../support/hash.ts";
import type { TensorData } from "../../support/numeric/host-tensor.ts";
import type { Attribute, Attributes } from "../attributes.ts";

/** Constants with more elements are named by their hash. */
const longestSpelled = 16;
const dataKeys = new WeakMap<object, string>();

function dataKey(data: TensorData): string {
  const spelled = (): string =>
    Array.from(data as readonly unknown[], (value) => (Object.is(value, -0) ? "-0" : String(value))).join(",");
  if (data.length <= longestSpelled) return spelled();
  let key = dataKeys.get(data);
  if (key === undefined) {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new TextEncoder().encode(JSON.stringify(data));
    dataKeys.set(data, (key = contentHash(bytes)));
  }
  return key;
}

/**
 * A text that equal attributes have in common, for hash tables. Different attributes have different texts but for a collision of
 * the hash of large constants: compare with `sameAttribute` where that matters.
 */
export function attributeKey(attribute: Attribute): string {
  switch (attribute.kind) {
    case "unit":
      return "unit";
    case "bool":
      return `b${attribute.value}`;
    case "integer":
      return `i${attribute.value}:${attribute.type.text}`;
    case "float":
      return `f${Object.is(attribute.value, -0) ? "-0" : attribute.value}${attribute.bits === undefined ? "" : `/${attribute.bits}`}:${attribute.type.text}`;
    case "string":
      return `s${JSON.stringify(attribute.value)}:${attribute.type?.text ?? ""}`;
    case "type":
      return `t${attribute.type.text}`;
    case "array":
      return `[${attribute.elements.map(attributeKey).join(",")}]`;
    case "dictionary":
      return attributesKey(attribute.entries);
    case "symbol":
      return `@${[attribute.root, ...attribute.nested].map((name) => JSON.stringify(name)).join("::")}`;
    case "dense":
      return `d${attribute.splat ? "s" : ""}${dataKey(attribute.data)}:${attribute.type.text}`;
    case "dense-array":
      return `a${attribute.element.text}:${attribute.values.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(",")}`;
    case "resource":
      return `r${JSON.stringify(attribute.key)}:${attribute.type.text}`;
    case "affine-map":
      return `m${attribute.map.text}`;
    case "integer-set":
      return `e${attribute.set.text}`;
    case "strided-layout":
      return `l${attribute.text}`;
    case "location":
      return `@${JSON.stringify(attribute.location)}`;
    case "dialect":
      return `#${attribute.dialect}.${attribute.body}`;
    case "verbatim":
      return `v${attribute.text}`;
  }
}

/** The same for named attributes, whatever their order. */
export const attributesKey = (attributes: Attributes): string =>
  `{${Object.keys(attributes)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}=${attributeKey(attributes[name]!)}`)
    .join(",")}}`;
