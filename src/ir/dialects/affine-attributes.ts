import { attribute } from "../attribute-codecs.ts";
import {
  type Attribute,
  boolAttribute,
  denseAttribute,
  hostTensorOf,
  integerAttribute,
  arrayAttribute,
  unitAttribute,
} from "../attributes.ts";
import { i64, indexType } from "../types.ts";
import { atomicKinds } from "./atomic-kinds.ts";

// Attributes that only `affine` operations have.

/** The integers of a one-dimensional `dense<…> : tensor<nxi32>`; undefined for anything else. */
export function groupSizes(attribute: Attribute | undefined): readonly number[] | undefined {
  if (attribute?.kind !== "dense" || attribute.type.element.text !== "i32" || attribute.type.shape.length !== 1)
    return undefined;
  const tensor = hostTensorOf(attribute);
  return tensor === undefined ? undefined : Array.from(tensor.data as ArrayLike<number>, Number);
}
/** The integers of an array attribute of integers; undefined for anything else. */
export function integerList(attribute: Attribute | undefined): readonly number[] | undefined {
  if (attribute?.kind !== "array") return undefined;
  const values = attribute.elements.map((element) => (element.kind === "integer" ? Number(element.value) : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** `n : index`. */
export const indexAttribute = attribute<number>({
  description: "index attribute",
  decode: (attr) => (attr.kind === "integer" && attr.type === indexType ? Number(attr.value) : undefined),
  encode: (value) => integerAttribute(value, indexType),
});
/** `dense<[1, 2]> : tensor<2xi32>`. */
export const groupSizesAttribute = attribute<readonly number[]>({
  description: "32-bit signless integer elements attribute",
  decode: groupSizes,
  encode: (sizes) => denseAttribute({ elementType: "i32", shape: [sizes.length], data: Int32Array.from(sizes) }),
});

const integersWhere = (description: string, accepts: (value: number) => boolean) =>
  attribute<readonly number[]>({
    description,
    decode: (attr) => {
      const isList =
        attr.kind === "array" && attr.elements.every((element) => element.kind === "integer" && element.type === i64);
      const values = isList ? integerList(attr) : undefined;
      return values?.every(accepts) === true ? values : undefined;
    },
    encode: (values) => arrayAttribute(values.map((value) => integerAttribute(value, i64))),
  });
/** `[1, 2]`. */
export const integersAttribute = integersWhere("64-bit integer array attribute", () => true);
/** Numbers of reductions. */
export const reductionsAttribute = integersWhere("Reduction ops", (kind) => atomicKinds[kind] !== undefined);

/** A property that is a unit attribute when set, written as its keyword, and `false` when not. */
export const unitProperty = (keyword: string) =>
  attribute<boolean>({
    description: "unit property",
    form: {
      kind: "custom",
      begins: (parser) => parser.at(keyword),
      print: (_, printer) => printer.write(keyword),
      parse: (parser) => {
        parser.expect(keyword);
        return unitAttribute;
      },
    },
    decode: (attr) => (attr.kind === "unit" ? true : attr.kind === "bool" ? attr.value : undefined),
    encode: (value) => (value ? unitAttribute : boolAttribute(false)),
  });
