import { attribute, type AttributeCodec, i64Array } from "../../attribute-codecs.ts";
import {
  type Attribute,
  dialectAttribute,
  denseArrayAttribute,
  integerAttribute,
  typeAttribute,
} from "../../attributes.ts";
import { f16, f32, i32, integerType, type Type } from "../../types.ts";

/** An enumeration: `#tosa.mnemonic<CASE>` as an attribute, `CASE` alone in the pretty form. */
export interface TosaEnum<K extends string> {
  readonly mnemonic: string;
  readonly cases: readonly K[];
  readonly codec: AttributeCodec<K>;
}

const body = /^(\w+)<\s*(\w+)\s*>/;
/** The case that an enumeration's attribute names; undefined for other attributes. */
export function enumCase(attr: Attribute, mnemonic: string): string | undefined {
  if (attr.kind !== "dialect" || attr.dialect !== "tosa") return undefined;
  const [, found, name] = body.exec(attr.body) ?? [];
  return found === mnemonic ? name : undefined;
}

function tosaEnum<const K extends readonly string[]>(
  mnemonic: string,
  description: string,
  ...cases: K
): TosaEnum<K[number]> {
  const codec: AttributeCodec<K[number]> = {
    description,
    decode: (attr) => cases.find((name) => name === enumCase(attr, mnemonic)),
    encode: (name) => dialectAttribute("tosa", `${mnemonic}<${name}>`),
  };
  return { mnemonic, cases, codec };
}

export const nanModes = tosaEnum("nan_mode", "Supported NaN propagation strategies", "PROPAGATE", "IGNORE");
export const roundingModes = tosaEnum(
  "rounding_mode",
  "Supported rounding modes",
  "SINGLE_ROUND",
  "INEXACT_ROUND",
  "DOUBLE_ROUND",
);
export const resizeModes = tosaEnum(
  "resize_mode",
  "Supported resize/upsampling strategies",
  "NEAREST_NEIGHBOR",
  "BILINEAR",
);
export const blockSizes = tosaEnum("block_size", "Block size for the block_scaled formats", "BLOCK_SIZE_32");

/** What becomes of NaN operands. */
export const nanMode = attribute(nanModes.codec).default("PROPAGATE");
export const roundingMode = attribute(roundingModes.codec);
export const resizeMode = attribute(resizeModes.codec);
export const blockSize = attribute(blockSizes.codec);

/** The dimension that an operation works along: `n : i32`. */
export const axis = attribute<number>({
  description: "32-bit signless integer attribute",
  decode: (attr) => (attr.kind === "integer" && attr.type === i32 ? Number(attr.value) : undefined),
  encode: (value) => integerAttribute(value, i32),
});

/** `array<i64: …>` of so many numbers. */
export const numbers = (count: number) =>
  attribute<readonly number[]>({
    ...i64Array.codec,
    description: `i64 dense array attribute with exactly ${count} elements`,
    decode(attr) {
      const values = i64Array.codec.decode(attr);
      return values?.length === count ? values : undefined;
    },
  });

/** `array<i32: …>`. */
export const permutation = attribute<readonly number[]>({
  description: "i32 dense array attribute",
  decode: (attr) => (attr.kind === "dense-array" && attr.element === i32 ? attr.values.map(Number) : undefined),
  encode: (values) => denseArrayAttribute(i32, values),
});

const accumulators: ReadonlySet<Type> = new Set([i32, integerType(48), f16, f32]);
/** The type that products are summed in. */
export const accumulatorType = attribute<Type>({
  description: "type attribute of 32-bit signless integer or 48-bit signless integer or 16-bit float or 32-bit float",
  decode: (attr) => (attr.kind === "type" && accumulators.has(attr.type) ? attr.type : undefined),
  encode: typeAttribute,
});

type NumberAttribute = Extract<Attribute, { readonly kind: "integer" | "float" | "bool" }>;
/** One number of any type. */
export const bound = attribute<NumberAttribute>({
  description: "arbitrary integer attribute or arbitrary float attribute",
  decode: (attr) => (attr.kind === "integer" || attr.kind === "float" || attr.kind === "bool" ? attr : undefined),
  encode: (value) => value,
});

/** Elements of a tensor, inline or elsewhere. */
export const elements = attribute<Attribute>({
  description: "constant vector/tensor attribute",
  decode: (attr) =>
    attr.kind === "dense" || attr.kind === "resource" || (attr.kind === "verbatim" && attr.type !== undefined)
      ? attr
      : undefined,
  encode: (value) => value,
});

type Dense = Extract<Attribute, { readonly kind: "dense" }>;
/** Elements of type index, inline. */
export const indexElements = attribute<Dense>({
  description: "index elements attribute",
  decode: (attr) => (attr.kind === "dense" && attr.type.element.kind === "index" ? attr : undefined),
  encode: (value) => value,
});
