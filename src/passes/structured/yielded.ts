import { type IrReader, type Operation, terminatorOf, type ValueId } from "../../ir/module.ts";

/** The operands of the terminator of a region's entry block; none when the region is empty. */
export function yieldedBy(reader: IrReader, op: Operation, region = 0): readonly ValueId[] {
  const entry = op.regions[region]?.[0];
  return entry === undefined ? [] : (terminatorOf(reader, entry)?.operands ?? []);
}
