import type { Attribute } from "../../../attributes.ts";
import type { IrReader, Operation, ValueId } from "../../../module.ts";
import type { Dimension } from "../../../types.ts";

const constantOperations: ReadonlySet<string> = new Set(["tosa.const", "tosa.const_shape", "arith.constant"]);

function constantOf(reader: IrReader, value: ValueId): Attribute | undefined {
  const definition: Operation | undefined = reader.definition(value);
  if (definition === undefined || !constantOperations.has(definition.name)) return undefined;
  return definition.properties["values"] ?? definition.properties["value"];
}

/** The numbers of a constant shape, one for each dimension; undefined for other values. */
export function constantShape(reader: IrReader, value: ValueId): readonly number[] | undefined {
  if (reader.definition(value)?.name !== "tosa.const_shape") return undefined;
  const elements = constantOf(reader, value);
  if (elements?.kind !== "dense") return undefined;
  const { data, splat, type } = elements;
  const count = type.shape.reduce<number>((product, size) => product * Number(size), 1);
  return Array.from({ length: count }, (_, index) => Number(data[splat ? 0 : index]));
}

/** A size of a constant shape as a dimension: -1 stands for one that is not known. */
export const sizeOf = (entry: number): Dimension => (entry === -1 ? "?" : entry);

/** The first element of a constant, as bits; undefined where it is not a constant of a kind that can be read. */
export function firstElement(reader: IrReader, value: ValueId): number | undefined {
  const elements = constantOf(reader, value);
  const first = elements?.kind === "dense" ? elements.data[0] : undefined;
  return first === undefined || typeof first === "string" ? undefined : Number(first);
}
