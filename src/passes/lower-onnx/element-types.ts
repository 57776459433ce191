import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { bytesOf, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import { bitWidth } from "../../support/numeric/element-type.ts";
import { hostElementType, integerType, type Type } from "../../ir/types.ts";

/** The IR's type for a model's element type: upstream's arithmetic is signless, so unsigned integers lose their sign here. */
export const signless = (type: Type): Type =>
  type.kind === "integer" && type.signedness !== "signless" ? integerType(type.width) : type;

/** Bits of an integer or float; an index counts as 64. */
export function bitWidthOf(type: Type): number {
  if (type.kind === "index") return 64;
  const element = hostElementType(type);
  if (element === undefined) throw new Error(`${type.text} has no width`);
  return bitWidth(element);
}

/** The same storage seen with another element type of equal size, such as ui8 as i8. */
export function reinterpret(tensor: HostTensor, element: Type): HostTensor {
  const elementType = hostElementType(element)!;
  if (elementType === tensor.elementType) return tensor;
  return tensorFromBytes(elementType, tensor.shape, bytesOf(tensor));
}

/** The lowest value of a type: -∞ for floats that have it. */
export function lowestOf(type: Type): number | bigint {
  if (type.kind === "float") return -Infinity;
  const width = bitWidthOf(type);
  const unsigned = type.text === "i1" || (type.kind === "integer" && type.signedness === "unsigned");
  return unsigned ? 0n : -(2n ** BigInt(width - 1));
}
/** The highest value of a type: ∞ for floats that have it. */
export function highestOf(type: Type): number | bigint {
  if (type.kind === "float") return Infinity;
  const width = bitWidthOf(type);
  const unsigned = type.text === "i1" || (type.kind === "integer" && type.signedness === "unsigned");
  return unsigned ? 2n ** BigInt(width) - 1n : 2n ** BigInt(width - 1) - 1n;
}
