import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import { type BlockId, type IrReader, type Operation, type OpId, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { isRowKernel } from "./rows/row-group.ts";
import { mappableRows } from "./rows/rows.ts";

/** Moves allocations anywhere below `root` to the start of a block, so that they are one buffer for all rounds of loops. */
export function hoistAllocations(rewriter: Rewriter, root: OpId, entry: BlockId): void {
  for (const op of Array.from(walk(rewriter, root)))
    if (op.name === "memref.alloc" && op.operands.length === 0) {
      const first = rewriter.firstOperation(entry)!;
      if (first !== op.id) rewriter.moveBefore(op, first);
    }
}

/** Moves allocations that only the members of a fusion group use into the group: they stay in registers. */
export function sinkTemporaries(rewriter: Rewriter, block: BlockId): void {
  for (const id of rewriter.block(block).operations.slice()) {
    const op = rewriter.operation(id);
    if (op.name !== "memref.alloc") continue;
    const group = onlyGroupOf(rewriter, op.results[0]!);
    if (group && isInRegisters(rewriter, group, op.results[0]!))
      rewriter.moveBefore(op, rewriter.block(group.regions[0]![0]!).operations[0]!);
  }
}

/** The fusion group that alone reads and writes a buffer, under its own name; undefined when there is none. */
function onlyGroupOf(reader: IrReader, buffer: ValueId): Operation | undefined {
  let found: Operation | undefined;
  for (const use of reader.uses(buffer)) {
    const user = reader.operation(use.op);
    if (bufferViews.has(user.name) || user.parent === undefined) return undefined;
    const holder = reader.operation(reader.block(user.parent).parent);
    if (holder.name !== "weft.kernel" || (found !== undefined && found.id !== holder.id)) return undefined;
    found = holder;
  }
  return found;
}

/** Whether a group keeps a buffer in registers; what goes through a row more than once is in memory. */
function isInRegisters(reader: IrReader, group: Operation, buffer: ValueId): boolean {
  return !isRowKernel(group) || mappableRows(reader, group)?.registers.has(buffer) === true;
}
