import { MalformedOperation } from "../../assembly.ts";
import type { Block, IrReader, Operation } from "../../module.ts";

/** Gives up the pretty form where the operation is not as its syntax assumes. */
export function assume(holds: boolean): asserts holds {
  if (!holds) throw new MalformedOperation();
}

/** The one block of a region. */
export function onlyBlock(reader: IrReader, op: Operation, region = 0): Block {
  const blocks = op.regions[region];
  assume(blocks?.length === 1);
  return reader.block(blocks[0]!);
}
