import { attributeOf, type IrReader, type ValueId } from "../module.ts";

/** The number of a scalar integer or `index` constant, as its attribute has it; undefined for other values, and for truth values. */
export function constantInteger(reader: IrReader, value: ValueId): bigint | undefined {
  const definition = reader.definition(value);
  const attribute = definition?.name === "arith.constant" ? attributeOf(definition, "value") : undefined;
  return attribute?.kind === "integer" ? attribute.value : undefined;
}
