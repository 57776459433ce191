import type { IrReader } from "../../../ir/module.ts";
import type { Access, KernelGroup } from "../../kernels/group.ts";

/** Whether a buffer is a group's own: it need not be written. */
export function isTemporary(reader: IrReader, group: KernelGroup, { value }: Access): boolean {
  const definition = reader.definition(value);
  if (definition?.name !== "memref.alloc" || definition.parent === undefined) return false;
  return reader.block(definition.parent).parent === group.op.id;
}
