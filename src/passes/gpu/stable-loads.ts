import { memref } from "../../ir/dialects/memref.ts";
import type { BlockId, IrReader, Operation } from "../../ir/module.ts";
import { baseOf } from "../kernels/placed-operands.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** The attribute of the entry point's parameters that results are written to. */
const outputMark = "weft.output";

/** Whether an operation loads an element of an input or a weight: no kernel changes it, so each may load it for itself. */
export function isStableLoad(rewriter: Rewriter, op: Operation, entry: BlockId): boolean {
  const load = memref.load.match(rewriter, op);
  if (!load) return false;
  const base = baseOf(rewriter, load.operands.memref);
  const value = rewriter.value(base);
  if (value.kind === "result") return isConstantGlobal(rewriter, rewriter.operation(value.op));
  if (value.block !== entry) return false;
  const attributes = rewriter.operation(rewriter.holderOf(entry)).properties["arg_attrs"];
  const entries = attributes?.kind === "array" ? attributes.elements[value.index] : undefined;
  return entries?.kind !== "dictionary" || entries.entries[outputMark] === undefined;
}

/** Whether an operation gives a buffer of the module that is never written. */
function isConstantGlobal(reader: IrReader, op: Operation): boolean {
  const name = memref.get_global.match(reader, op)?.attributes.name;
  if (name === undefined) return false;
  const root = reader.operation(reader.root);
  return reader.block(root.regions[0]![0]!).operations.some((id) => {
    const global = memref.global.match(reader, reader.operation(id));
    return global?.attributes.sym_name === name && global.attributes.constant;
  });
}
