import { attribute } from "../../attribute-codecs.ts";
import {
  arrayAttribute,
  type Attribute,
  denseAttribute,
  dialectAttribute,
  hostTensorOf,
  i64ArrayAttribute,
} from "../../attributes.ts";
import { i64 } from "../../types.ts";
import { castKinds } from "./scalar-cast.ts";

/** Whether iterations along a loop are independent, or combined into one result. */
export type IteratorType = "parallel" | "reduction" | "window";

/** `[#linalg.iterator_type<parallel>, …]`. */
export const iteratorTypes = attribute<readonly IteratorType[]>({
  description: "Iterator type should be an enum.",
  decode(attr) {
    if (attr.kind !== "array") return undefined;
    const types: IteratorType[] = [];
    for (const element of attr.elements) {
      const match =
        element.kind === "dialect" ? /^iterator_type<(parallel|reduction|window)>$/.exec(element.body) : null;
      if (!match) return undefined;
      types.push(match[1] as IteratorType);
    }
    return types;
  },
  encode: (types) => arrayAttribute(types.map((type) => dialectAttribute("linalg", `iterator_type<${type}>`))),
});

/** `#linalg.mnemonic<keyword>`. */
const keyword = <const K extends string>(mnemonic: string, description: string, keywords: readonly K[]) =>
  attribute<K>({
    description,
    decode(attr) {
      if (attr.kind !== "dialect" || attr.dialect !== "linalg") return undefined;
      return keywords.find((word) => attr.body === `${mnemonic}<${word}>`);
    },
    encode: (word) => dialectAttribute("linalg", `${mnemonic}<${word}>`),
  });
/** `#linalg.type_fn<cast_signed>`. */
export const castAttribute = keyword("type_fn", "allowed 32-bit signless integer cases: 0, 1", castKinds);

/** The functions of `linalg.elementwise`, each with the number of its operands. */
export const elementwiseKinds = {
  exp: 1,
  log: 1,
  abs: 1,
  ceil: 1,
  floor: 1,
  negf: 1,
  reciprocal: 1,
  round: 1,
  sqrt: 1,
  rsqrt: 1,
  square: 1,
  tanh: 1,
  erf: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  div_unsigned: 2,
  max_signed: 2,
  min_signed: 2,
  max_unsigned: 2,
  min_unsigned: 2,
  powf: 2,
  select: 3,
} as const;
export type ElementwiseKind = keyof typeof elementwiseKinds;
/** `#linalg.elementwise_kind<add>`. */
export const elementwiseKind = keyword(
  "elementwise_kind",
  "allowed 32-bit signless integer cases: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
  Object.keys(elementwiseKinds) as readonly ElementwiseKind[],
);

/** Strides or dilations: `dense<[1, 2]> : tensor<2xi64>`, a vector or tensor with one entry for each spatial dimension. */
export const windowAttribute = (dimensions: number) =>
  attribute<readonly number[]>({
    description: `64-bit signless int elements attribute of shape [${dimensions}]`,
    decode: (attr) => windowEntries(attr, dimensions),
    encode: (entries) =>
      denseAttribute({ elementType: "i64", shape: [entries.length], data: BigInt64Array.from(entries.map(BigInt)) }),
  });
export function windowEntries(attr: Attribute, dimensions: number): readonly number[] | undefined {
  if (attr.kind !== "dense" || attr.type.element !== i64) return undefined;
  if (attr.type.shape.length !== 1 || attr.type.shape[0] !== dimensions) return undefined;
  const tensor = hostTensorOf(attr);
  return tensor && [...(tensor.data as BigInt64Array)].map(Number);
}

/** The dimensions that are reduced, in increasing order. */
export const sortedDimensions = attribute<readonly number[]>({
  description: "i64 dense array attribute should be in increasing order",
  form: { kind: "list", element: i64 },
  decode(attr) {
    if (attr.kind !== "dense-array" || attr.element !== i64) return undefined;
    const values = attr.values.map(Number);
    return values.every((value, index) => index === 0 || value > values[index - 1]!) ? values : undefined;
  },
  encode: i64ArrayAttribute,
});
