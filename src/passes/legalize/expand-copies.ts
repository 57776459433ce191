import { memref, scf } from "../../ir/dialects/index.ts";
import type { Builder } from "../../ir/builder.ts";
import { type Module, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { indexType, type MemRefType, staticShape } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { bool } from "../pass-options.ts";
import { constantOf } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

/** A copy is one block of memory when both buffers are dense; otherwise it is spelled out. */
const isDense = (type: MemRefType): boolean => type.layout === undefined;

function copyLoops(
  builder: Builder,
  shape: readonly number[],
  source: ValueId,
  target: ValueId,
  indices: readonly ValueId[],
): void {
  const size = shape[indices.length];
  if (size === undefined) {
    const { result } = memref.load.build(builder, { memref: source, indices }, {});
    memref.store.build(builder, { value: result, memref: target, indices }, {});
    return;
  }
  const [lowerBound, upperBound, step] = [0, size, 1].map((value) => constantOf(builder, indexType, value));
  scf.for.build(
    builder,
    { lowerBound: lowerBound!, upperBound: upperBound!, step: step! },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType],
            body(inner, [counter]) {
              copyLoops(inner, shape, source, target, [...indices, counter!]);
              scf.yield.build(inner, {}, {});
            },
          },
        ],
      },
    },
  );
}

/** Copies from or to strided buffers become loops. */
export const expandCopies = pass({
  name: "expand-copies",
  summary: "spell out copies between buffers that are not dense",
  anchors: ["builtin.module"],
  options: { dense: bool.default(false).summary("spell out copies between dense buffers too") },
  statistics: { expanded: "copies spelled out" },
  run(module: Module, { dense }, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter)) {
      const copy = memref.copy.match(rewriter, op);
      const { source, target } = copy?.types ?? {};
      if (!copy || source?.kind !== "memref" || target?.kind !== "memref") continue;
      if (!dense && isDense(source) && isDense(target)) continue;
      const shape = staticShape(target);
      if (shape === undefined) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      copyLoops(rewriter, shape, copy.operands.source, copy.operands.target, []);
      rewriter.erase(op);
      context.count("expanded");
    }
    return context.commit(rewriter);
  },
});
