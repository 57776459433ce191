import type { Attribute } from "../../../attributes.ts";
import type { IrReader, Operation, ValueId } from "../../../module.ts";
import { sizesOf } from "../sizes.ts";

const constantOperations: ReadonlySet<string> = new Set(["tosa.const", "tosa.const_shape", "arith.constant"]);

function constantOf(reader: IrReader, value: ValueId): Attribute | undefined {
  const definition: Operation | undefined = reader.definition(value);
  if (definition === undefined || !constantOperations.has(definition.name)) return undefined;
  return definition.properties["values"] ?? definition.properties["value"];
}

/** The numbers of a constant shape, one for each dimension; undefined for other values. */
export function constantShape(reader: IrReader, value: ValueId): readonly number[] | undefined {
  return reader.definition(value)?.name === "tosa.const_shape" ? sizesOf(constantOf(reader, value)) : undefined;
}

/** The first element of a constant, as bits; undefined where it is not a constant of a kind that can be read. */
export function firstElement(reader: IrReader, value: ValueId): number | undefined {
  const elements = constantOf(reader, value);
  const first = elements?.kind === "dense" ? elements.data[0] : undefined;
  return first === undefined || typeof first === "string" ? undefined : Number(first);
}
