import { gpu } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation, walk } from "../../ir/module.ts";

/** Functions that run on a device: those in modules of kernels that have a body. */
export const deviceFunctions = (reader: IrReader): readonly Operation[] =>
  [...walk(reader)]
    .filter((op) => op.name === gpu.module.name)
    .flatMap((module) => bodyOf(reader, module))
    .filter((op) => op.name.endsWith(".func") && op.regions[0]?.[0] !== undefined);
