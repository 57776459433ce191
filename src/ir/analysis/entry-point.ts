import { func } from "../dialects/func.ts";
import { bodyOf, type IrReader, type Operation } from "../module.ts";

/** The unit attribute of the function that a compiled model runs. */
export const entryPointAttribute = "weft.entry_point";

/** Whether a function is the one that a compiled model runs. */
export const isEntryPoint = (op: Operation): boolean => op.attributes[entryPointAttribute] !== undefined;

/** The function of a module that a compiled model runs; undefined when none is marked. */
export const entryPointOf = (reader: IrReader): Operation | undefined =>
  bodyOf(reader, reader.operation(reader.root)).find((op) => op.name === func.func.name && isEntryPoint(op));
