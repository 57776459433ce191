import { identityMap } from "../../ir/affine.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { type OpId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** Turns copies between buffers into structured operations, which are mapped like any other. */
export function structureCopies(rewriter: Rewriter, root: OpId): void {
  for (const op of Array.from(walk(rewriter, root))) {
    const copy = memref.copy.match(rewriter, op);
    const { target } = copy?.types ?? {};
    if (!copy || target?.kind !== "memref") continue;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const map = identityMap(target.shape.length);
    linalg.generic.build(
      rewriter,
      { inputs: [copy.operands.source], outputs: [copy.operands.target] },
      { indexing_maps: [map, map], iterator_types: target.shape.map(() => "parallel") },
      {
        resultTypes: [],
        extra: op.attributes,
        regions: {
          region: [
            {
              arguments: [target.element, target.element],
              body: (builder, [element]) => void linalg.yield.build(builder, { values: [element!] }, {}),
            },
          ],
        },
      },
    );
    rewriter.erase(op);
  }
}
