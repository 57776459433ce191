import { attribute, i32Array } from "../../attribute-codecs.ts";
import { arrayAttribute, type Attribute, dialectAttribute, symbolAttribute } from "../../attributes.ts";
import { anyType, type TypeConstraint } from "../../constraints.ts";
import { dialectType } from "../../types.ts";
import { combiningKinds } from "../combining-kinds.ts";

/** A word of one of the dialect's enumerations: `#gpu<mnemonic word>`, in pretty texts the word itself. */
const word = <const K extends readonly string[]>(mnemonic: string, words: K) => {
  const decode = (attr: Attribute): K[number] | undefined =>
    attr.kind === "dialect" && attr.dialect === "gpu"
      ? words.find((candidate) => attr.body === `<${mnemonic} ${candidate}>`)
      : undefined;
  const encode = (value: K[number]): Attribute => dialectAttribute("gpu", `<${mnemonic} ${value}>`);
  return attribute<K[number]>({
    description: `#gpu.${mnemonic} attribute`,
    decode,
    encode,
    form: {
      kind: "custom",
      // Upstream writes two blanks before it.
      print: (attr, printer) => printer.write(` ${decode(attr) ?? ""}`),
      parse: (parser) => encode(parser.keywordOf(...words)),
      begins: (parser) => words.some((candidate) => parser.at(candidate)),
    },
  });
};

/** Coordinates of blocks and of invocations. */
export const dimensions = ["x", "y", "z"] as const;
/** Which of the three coordinates of a block or of an invocation. */
export type Dimension = (typeof dimensions)[number];
/** `#gpu<dim x>`. */
export const dimensionSpec = word("dim", dimensions);

/** How the values of invocations are combined. */
export const reductionKind = word("all_reduce_op", combiningKinds);

/** `array<i32: x, y, z>`. */
const threeSizes = attribute<readonly number[]>({
  ...i32Array.codec,
  description: "i32 dense array attribute with 3 elements (if present)",
  decode: (attr) => (attr.kind === "dense-array" && attr.values.length === 3 ? i32Array.codec.decode(attr) : undefined),
});
/** What is known of the sizes that a function is launched with. */
export const knownSizes = {
  known_block_size: threeSizes.optional(),
  known_grid_size: threeSizes.optional(),
  known_cluster_size: threeSizes.optional(),
} as const;

/** `@module::@kernel`, as the list of its names. */
export const symbolPath = attribute<readonly string[]>({
  description: "symbol reference attribute",
  form: { kind: "whole", begin: "symbol" },
  decode: (attr) => (attr.kind === "symbol" ? [attr.root, ...attr.nested] : undefined),
  encode: ([root = "", ...nested]) => symbolAttribute(root, nested),
});

/** `[#dialect.target<…>, …]`, the devices that a module of kernels is for. */
export const targets = attribute<readonly Attribute[]>({
  description: "array of GPU target attributes",
  form: { kind: "whole", begin: "array" },
  decode: (attr) => (attr.kind === "array" && attr.elements.length > 0 ? attr.elements : undefined),
  encode: arrayAttribute,
});
/** What turns a binary into calls, an attribute of any dialect. */
export const offloadingHandler = attribute<Attribute>({
  description: "any attribute with the `OffloadingTranslationAttrTrait` trait.",
  decode: (attr) => (attr.kind === "dialect" ? attr : undefined),
  encode: (value) => value,
});

/** `!gpu.async.token`. */
export const asyncToken: TypeConstraint = {
  ...anyType,
  description: "async token type",
  accepts: (type) => type.text === "!gpu.async.token",
  only: dialectType("gpu", "async.token"),
};

/** Where a buffer of a kernel lies: shared by all, shared by the invocations of a block, or each invocation's own. */
export type AddressSpace = "global" | "workgroup" | "private";
/** The memory space of a memref, as its type has it. */
export const addressSpace = (space: AddressSpace): string => `#gpu.address_space<${space}>`;
