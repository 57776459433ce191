import type { AffineMap, IntegerSet } from "./affine.ts";
import type { OperationParser, OperationPrinter } from "./assembly.ts";
import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  boolAttribute,
  denseArrayAttribute,
  type DenseAttribute,
  dialectAttribute,
  dictionaryAttribute,
  type Attributes,
  floatAttribute,
  integerAttribute,
  stringAttribute,
  symbolAttribute,
  typeAttribute,
  unitAttribute,
} from "./attributes.ts";
import { f32, type FloatType, i32, i64, type IndexType, indexType, type IntegerType, type Type } from "./types.ts";

/** How an attribute is written where a declarative format names it, when that is less than the whole attribute. */
export type AttributeForm =
  /** One of these words, for an integer of this type: its place among the words, or the number in the same place of `numbers`. */
  | {
      readonly kind: "keyword";
      readonly keywords: readonly string[];
      readonly numbers?: readonly number[];
      readonly type: IntegerType;
    }
  /** The number without its type. */
  | { readonly kind: "number"; readonly type: IntegerType | IndexType | FloatType }
  /** `[1, 2]`, without the element type. */
  | { readonly kind: "list"; readonly element: IntegerType | FloatType }
  /**
   * `<a,b>`, what follows `#dialect.mnemonic`, or one word without brackets where `isBare`. Where `words` are given they are all
   * there are, in the order that several are kept in.
   */
  | {
      readonly kind: "parameters";
      readonly dialect: string;
      readonly mnemonic: string;
      readonly words?: readonly string[];
      readonly isBare?: boolean;
      /** Between several words; `,` when absent. */
      readonly separator?: string;
      /** The last of `words` where it stands for all others but the first, which stands for none. */
      readonly all?: string;
    }
  /** The whole attribute, of which this is what it begins with. */
  | { readonly kind: "whole"; readonly begin: "string" | "symbol" | "array" }
  /** `@name`, for a string that names a symbol. */
  | { readonly kind: "symbol-name" }
  /** Written by hand. */
  | {
      readonly kind: "custom";
      print(attribute: Attribute, printer: OperationPrinter): void;
      parse(parser: OperationParser): Attribute;
      /** Whether it may begin with the next token. */
      begins(parser: OperationParser): boolean;
    };

/** How one named attribute of an operation is written in the IR and seen from TypeScript. */
export interface AttributeCodec<T> {
  /** Completes "must be …". */
  readonly description: string;
  readonly form?: AttributeForm;
  /** The TypeScript value, or undefined when the attribute is of another kind. */
  decode(attribute: Attribute): T | undefined;
  encode(value: T): Attribute;
}

/** An attribute in an operation's declaration: required, optional, or with a default that an absent attribute stands for. */
export type AttributeSpec<T = unknown> =
  | { readonly presence: "required"; readonly codec: AttributeCodec<T> }
  | { readonly presence: "optional"; readonly codec: AttributeCodec<T> }
  | { readonly presence: "defaulted"; readonly codec: AttributeCodec<T>; readonly default: T };

/** Any attribute's declaration: its TypeScript type is invariant in its codec, so only `any` admits every one. */
export type AnyAttributeSpec = AttributeSpec<any>; // oxlint-disable-line typescript/no-explicit-any
/** The attributes of a declaration, by name. */
export type AttributeSpecs = Readonly<Record<string, AnyAttributeSpec>>;

/** A required attribute that can be made optional or given a default. */
export interface RequiredAttribute<T> {
  readonly presence: "required";
  readonly codec: AttributeCodec<T>;
  optional(): { readonly presence: "optional"; readonly codec: AttributeCodec<T> };
  default(value: T): { readonly presence: "defaulted"; readonly codec: AttributeCodec<T>; readonly default: T };
}

/** A declaration from a codec. */
export const attribute = <T>(codec: AttributeCodec<T>): RequiredAttribute<T> => ({
  presence: "required",
  codec,
  optional: () => ({ presence: "optional", codec }),
  default: (value) => ({ presence: "defaulted", codec, default: value }),
});

const integerDescription = (type: IntegerType | IndexType): string =>
  type.kind === "index" ? "index attribute" : `${type.width}-bit signless integer attribute`;
const integer = (type: IntegerType | IndexType) =>
  attribute<number>({
    description: integerDescription(type),
    form: { kind: "number", type },
    decode: (attr) => (attr.kind === "integer" && attr.type === type ? Number(attr.value) : undefined),
    encode: (value) => integerAttribute(value, type),
  });
/** An integer that a predicate narrows; `what` completes its description. */
const integerWhere = (type: IntegerType, what: string, holds: (value: bigint) => boolean) =>
  attribute<number>({
    description: `${integerDescription(type)} ${what}`,
    form: { kind: "number", type },
    decode: (attr) =>
      attr.kind === "integer" && attr.type === type && holds(attr.value) ? Number(attr.value) : undefined,
    encode: (value) => integerAttribute(value, type),
  });
/** Bytes that an address is a multiple of. */
export const alignmentAttribute = integerWhere(
  i64,
  "whose value is positive and whose value is a power of two > 0",
  (value) => value > 0n && (value & (value - 1n)) === 0n,
);
export const positiveI32 = integerWhere(i32, "whose value is positive", (value) => value > 0n);
/** How soon memory is needed again, from 0 to 3. */
export const localityHint = integerWhere(
  i32,
  "whose minimum value is 0 whose maximum value is 3",
  (value) => value >= 0n && value <= 3n,
);
/** `n : i32`. */
export const i32Attribute = integer(i32);
/** `n : index`. */
export const indexAttribute = integer(indexType);
/** `n : i64`. */
export const i64Attribute = integer(i64);
/** `n : i64`, all 64 bits. */
export const bigAttribute = attribute<bigint>({
  description: integerDescription(i64),
  form: { kind: "number", type: i64 },
  decode: (attr) => (attr.kind === "integer" && attr.type === i64 ? attr.value : undefined),
  encode: (value) => integerAttribute(value, i64),
});
const float = (type: FloatType) =>
  attribute<number>({
    description: `${type.format.slice(1)}-bit float attribute`,
    form: { kind: "number", type },
    decode: (attr) => (attr.kind === "float" && attr.type === type ? attr.value : undefined),
    encode: (value) => floatAttribute(value, type),
  });
export const f32Attribute = float(f32);
export const boolAttributeSpec = attribute<boolean>({
  description: "bool attribute",
  decode: (attr) => (attr.kind === "bool" ? attr.value : undefined),
  encode: boolAttribute,
});
/** Present or absent. */
export const unitAttributeSpec: AttributeSpec<boolean> = {
  presence: "defaulted",
  default: false,
  codec: {
    description: "unit attribute",
    decode: (attr) => (attr.kind === "unit" ? true : undefined),
    encode: () => unitAttribute,
  },
};
export const stringAttributeSpec = attribute<string>({
  description: "string attribute",
  form: { kind: "whole", begin: "string" },
  decode: (attr) => (attr.kind === "string" ? attr.value : undefined),
  encode: stringAttribute,
});
/** An enumeration stored as its case number, printed as its keyword in the pretty form. */
export interface EnumCodec<K extends string> extends AttributeCodec<K> {
  readonly keywords: readonly K[];
}
/** An enumeration whose cases are numbered from 0, in an integer of `type`. */
export const enumOf = <const K extends readonly string[]>(type: IntegerType, ...keywords: K) => {
  const codec: EnumCodec<K[number]> = {
    description: `allowed ${type.width}-bit signless integer cases: ${[...keywords.keys()].join(", ")}`,
    form: { kind: "keyword", keywords, type },
    keywords,
    decode: (attr) => (attr.kind === "integer" && attr.type === type ? keywords[Number(attr.value)] : undefined),
    encode: (value) => integerAttribute(keywords.indexOf(value), type),
  };
  return attribute<K[number]>(codec);
};
/** {@link enumOf} an i64. */
export const enumAttribute = <const K extends readonly string[]>(...keywords: K) => enumOf(i64, ...keywords);
/** One word of a dialect's own enumeration: `#dialect.mnemonic<word>`, written `<word>` or, where `isBare`, as the word itself. */
export const dialectEnum = <const K extends readonly string[]>(
  dialect: string,
  mnemonic: string,
  words: K,
  isBare = false,
) =>
  attribute<K[number]>({
    description: `#${dialect}.${mnemonic} attribute`,
    form: { kind: "parameters", dialect, mnemonic, words, isBare },
    decode: (attr) => {
      if (attr.kind !== "dialect" || attr.dialect !== dialect) return undefined;
      return words.find(
        (word) => attr.body === `${mnemonic}<${word}>` || (isBare && attr.body === `${mnemonic} ${word}`),
      );
    },
    encode: (value) => dialectAttribute(dialect, `${mnemonic}<${value}>`),
  });
/** The name that an operation gives itself as a symbol. */
export const symbolNameSpec = attribute<string>({
  description: "string attribute",
  form: { kind: "symbol-name" },
  decode: (attr) => (attr.kind === "string" ? attr.value : undefined),
  encode: stringAttribute,
});
export const symbolReference = attribute<string>({
  description: "flat symbol reference attribute",
  form: { kind: "whole", begin: "symbol" },
  decode: (attr) => (attr.kind === "symbol" && attr.nested.length === 0 ? attr.root : undefined),
  encode: (value) => symbolAttribute(value),
});
export const typeAttributeSpec = attribute<Type>({
  description: "type attribute",
  decode: (attr) => (attr.kind === "type" ? attr.type : undefined),
  encode: typeAttribute,
});
const denseArray = (element: IntegerType | FloatType) =>
  attribute<readonly number[]>({
    description: `${element.text} dense array attribute`,
    form: { kind: "list", element },
    decode: (attr) => (attr.kind === "dense-array" && attr.element === element ? attr.values.map(Number) : undefined),
    encode: (values) => denseArrayAttribute(element, values),
  });
/** `array<i64: …>`. */
export const i64Array = denseArray(i64);
/** `array<i32: …>`. */
export const i32Array = denseArray(i32);
/** `array<f32: …>`. */
export const f32Array = denseArray(f32);
/** `array<i64: …>`, all 64 bits. */
export const bigArray = attribute<readonly bigint[]>({
  description: "i64 dense array attribute",
  decode: (attr) => (attr.kind === "dense-array" && attr.element === i64 ? attr.values.map(BigInt) : undefined),
  encode: (values) => denseArrayAttribute(i64, values),
});
/** `[1, 2]`, an array of i64 attributes. */
export const i64Elements = attribute<readonly number[]>({
  description: "64-bit integer array attribute",
  form: { kind: "whole", begin: "array" },
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((element) => element.kind === "integer" && element.type === i64)
      ? attr.elements.map((element) => Number((element as { readonly value: bigint }).value))
      : undefined,
  encode: (values) => arrayAttribute(values.map((value) => integerAttribute(value, i64))),
});
/** `[true, false]`. */
export const booleanElements = attribute<readonly boolean[]>({
  description: "1-bit boolean array attribute",
  form: { kind: "whole", begin: "array" },
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((element) => element.kind === "bool")
      ? attr.elements.map((element) => (element as { readonly value: boolean }).value)
      : undefined,
  encode: (values) => arrayAttribute(values.map(boolAttribute)),
});
/** One dictionary for each argument or result. */
export const dictionaryArray = attribute<readonly Attributes[]>({
  description: "Array of dictionary attributes",
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((element) => element.kind === "dictionary")
      ? attr.elements.map((element) => (element as { readonly entries: Attributes }).entries)
      : undefined,
  encode: (values) => arrayAttribute(values.map(dictionaryAttribute)),
});
export const stringArray = attribute<readonly string[]>({
  description: "array of strings",
  form: { kind: "whole", begin: "array" },
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((element) => element.kind === "string")
      ? attr.elements.map((element) => (element as { value: string }).value)
      : undefined,
  encode: (values) => arrayAttribute(values.map(stringAttribute)),
});
export const affineMapSpec = attribute<AffineMap>({
  description: "AffineMap attribute",
  decode: (attr) => (attr.kind === "affine-map" ? attr.map : undefined),
  encode: affineMapAttribute,
});
export const affineMaps = attribute<readonly AffineMap[]>({
  description: "array of affine maps",
  form: { kind: "whole", begin: "array" },
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((element) => element.kind === "affine-map")
      ? attr.elements.map((element) => (element as { map: AffineMap }).map)
      : undefined,
  encode: (maps) => arrayAttribute(maps.map(affineMapAttribute)),
});
export const integerSetSpec = attribute<IntegerSet>({
  description: "integer set attribute",
  decode: (attr) => (attr.kind === "integer-set" ? attr.set : undefined),
  encode: (set) => Object.freeze({ kind: "integer-set", set }),
});
export const dictionary = attribute<Attributes>({
  description: "dictionary attribute",
  decode: (attr) => (attr.kind === "dictionary" ? attr.entries : undefined),
  encode: dictionaryAttribute,
});
/** Nested integer lists: `[[0, 1], [2]]`, as reassociations are written. */
export const integerGroups = attribute<readonly (readonly number[])[]>({
  description: "Array of 64-bit integer array attributes",
  form: { kind: "whole", begin: "array" },
  decode: (attr) =>
    attr.kind === "array" && attr.elements.every((group) => group.kind === "array")
      ? attr.elements.map((group) =>
          (group as { elements: readonly Attribute[] }).elements.map((element) =>
            Number((element as { value: bigint }).value),
          ),
        )
      : undefined,
  encode: (groups) =>
    arrayAttribute(groups.map((group) => arrayAttribute(group.map((value) => integerAttribute(value, i64))))),
});
/** Constant elements, inline. */
export const denseElements = attribute<DenseAttribute>({
  description: "dense elements attribute",
  decode: (attr) => (attr.kind === "dense" ? attr : undefined),
  encode: (value) => value,
});
/** How the words in the brackets of a dialect's attribute are written. */
type ParametersForm = Omit<Extract<AttributeForm, { readonly kind: "parameters" }>, "kind" | "dialect" | "mnemonic">;
/** `#dialect.mnemonic<…>`, kept as text; pretty forms write only what is in the brackets. */
export const dialectParameters = (dialect: string, mnemonic: string, form: ParametersForm = {}) =>
  attribute<Attribute>({
    description: `#${dialect}.${mnemonic} attribute`,
    form: { kind: "parameters", dialect, mnemonic, ...form },
    decode: (attr) => {
      if (attr.kind !== "dialect" || attr.dialect !== dialect || !attr.body.startsWith(`${mnemonic}<`))
        return undefined;
      const { words } = form;
      if (words === undefined) return attr;
      const written = attr.body.slice(mnemonic.length + 1, -1).split(",");
      return written.every((word) => words.includes(word.trim())) ? attr : undefined;
    },
    encode: (value) => value,
  });
/** Any attribute, as it is. */
export const anyAttribute = attribute<Attribute>({
  description: "any attribute",
  decode: (attr) => attr,
  encode: (value) => value,
});
