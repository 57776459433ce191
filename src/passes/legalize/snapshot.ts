import { type Operation, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** The operations that a module has now, in program order, each as it is when its turn comes; erased ones are left out. */
export function* snapshot(rewriter: Rewriter): Generator<Operation> {
  const ids = Array.from(walk(rewriter), (op) => op.id);
  for (const id of ids) if (rewriter.exists(id)) yield rewriter.operation(id);
}
