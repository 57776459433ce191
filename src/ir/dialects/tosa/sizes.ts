import { type Attribute, denseAttribute } from "../../attributes.ts";
import { tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { type Dimension, tensorType, type Type } from "../../types.ts";

/** More dimensions than any tensor has: a longer list of sizes, of which a text may claim any number, is not looked at. */
const longest = 4096;

/** Sizes that stand in an attribute of elements; undefined where they are not there one by one. */
export function sizesOf(elements: Attribute | undefined): readonly number[] | undefined {
  if (elements?.kind !== "dense") return undefined;
  const { data, splat, type } = elements;
  const count = type.shape.reduce<number>((product, size) => product * Number(size), 1);
  if (!(count <= longest)) return undefined;
  return Array.from({ length: count }, (_, index) => Number(data[splat ? 0 : index]));
}

/** Sizes as an attribute of type index; -1 stands for one that is not known. */
export function sizesAttribute(shape: readonly Dimension[]): Attribute {
  const sizes = shape.map((size) => (size === "?" ? -1 : size));
  return denseAttribute(tensorFromNumbers("index", [sizes.length], sizes));
}

/** The tensor type of these sizes and this element type; undefined where the attributes are something else. */
export function typeOfSizes(sizes: Attribute | undefined, element: Attribute | undefined): Type | undefined {
  const shape = sizesOf(sizes);
  if (shape === undefined || element?.kind !== "type") return undefined;
  return tensorType(
    shape.map((size) => (size < 0 ? "?" : size)),
    element.type,
  );
}
