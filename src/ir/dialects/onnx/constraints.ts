import { type TypeConstraint, constraint } from "../../constraints.ts";
import { elementOf, stringType, type Type } from "../../types.ts";
import { containerType, unknownType } from "./types.ts";

/** Names for sets of element types, as the declarations use them. */
const elementSets = {
  float: ["bf16", "f16", "f32", "f64"],
  int: ["i8", "i16", "i32", "i64"],
  uint: ["ui8", "ui16", "ui32", "ui64"],
  float8: ["f8E4M3FN", "f8E4M3FNUZ", "f8E5M2", "f8E5M2FNUZ"],
  small: ["i2", "i4", "ui2", "ui4"],
  bool: ["i1"],
  string: [stringType.text],
  complex: ["complex<f32>", "complex<f64>"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type SetName = keyof typeof elementSets;
type ElementName =
  (typeof elementSets)["float" | "int" | "uint" | "float8" | "small"][number] | "f4E2M1FN" | "f8E8M0FNU";

const isTensor = (type: Type): boolean => type.kind === "tensor" || type.kind === "unranked-tensor";

/**
 * A tensor of one of the elements: sets by name (`"float"`, `"int"` …) or single types (`"f32"`). A value of unknown type is
 * accepted everywhere: the importer knows few types, inference finds them.
 */
export function tensorOf(...elements: readonly (SetName | ElementName)[]): TypeConstraint {
  const names = elements.flatMap((element): readonly string[] =>
    element in elementSets ? elementSets[element as SetName] : [element],
  );
  const accepted = new Set(names);
  return constraint(
    `tensor of ${elements.join(", ")}`,
    (type) => type === unknownType || (isTensor(type) && accepted.has(elementOf(type).text)),
  );
}
/** A tensor of any element type. */
export const anyTensor: TypeConstraint = constraint("tensor", (type) => type === unknownType || isTensor(type));
/** A tensor of a float of 16 bits or more. */
export const floatTensor: TypeConstraint = tensorOf("float");
/** A tensor of whole or floating-point numbers of 8 bits or more. */
export const numberTensor: TypeConstraint = tensorOf("float", "int", "uint");
/** A tensor of truth values. */
export const boolTensor: TypeConstraint = tensorOf("bool");
/** A tensor of 32- or 64-bit indices. */
export const indexTensor: TypeConstraint = tensorOf("i32", "i64");

const containerOf = (kind: "sequence" | "optional" | "map", description: string): TypeConstraint =>
  constraint(description, (type) => type === unknownType || containerType(type)?.kind === kind);
export const sequenceValue: TypeConstraint = containerOf("sequence", "sequence");
export const optionalValue: TypeConstraint = containerOf("optional", "optional");
export const mapValue: TypeConstraint = containerOf("map", "map");
/** A tensor, sequence or optional. */
export const anyValue: TypeConstraint = constraint(
  "tensor, sequence, optional or map",
  (type) => type === unknownType || isTensor(type) || containerType(type) !== undefined,
);
