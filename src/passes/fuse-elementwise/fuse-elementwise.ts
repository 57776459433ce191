import { linalg } from "../../ir/dialects/index.ts";
import { type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { eraseDeadDefinitions } from "../dce/erase-dead.ts";
import { pass, type PassContext } from "../pass.ts";
import { int } from "../pass-options.ts";
import { readStructured } from "../structured/generic.ts";
import { foldOperands } from "./fold-operand.ts";
import { fuseProducer } from "./fuse-producer.ts";
import { alignWithProducer } from "./reshape-loops.ts";
import { findFusion, type FusionLimits } from "./legality.ts";

/**
 * Moves element-wise computation into the operations that read it, so that intermediate tensors are never in memory. A producer is
 * computed again at each reading only where it is cheap, and never inside a contraction.
 */
export const fuseElementwise = pass({
  name: "fuse-elementwise",
  summary: "compute element-wise operations where their results are read",
  options: {
    maxOps: int.default(32).summary("operations in a fused body that do work"),
    maxInputs: int.default(8).summary("inputs of a fused operation"),
  },
  statistics: {
    fused: "producers moved into a consumer",
    "operands-folded": "operations whose inputs became simpler",
    "reshapes-moved": "reshapes moved behind an operation that reads them",
  },
  run(module, limits, context) {
    const rewriter = new Rewriter(module);
    const operations = Array.from(walk(rewriter, context.root));
    for (const op of operations)
      if (op.name === linalg.generic.name && rewriter.exists(op.id))
        fuseInto(rewriter, rewriter.operation(op.id), limits, context);
    return context.commit(rewriter);
  },
});

/** Fuses producers into one operation until none is left that can be. */
function fuseInto(rewriter: Rewriter, op: Operation, limits: FusionLimits, context: PassContext): void {
  let present: Operation | undefined = op;
  while (present) {
    const consumer = readStructured(rewriter, present);
    if (!consumer) return;
    const operands = consumer.inputs.map(({ value }) => value);
    present = alignWithProducer(rewriter, consumer);
    if (present) {
      eraseDeadDefinitions(rewriter, context.registry, [...operands, ...consumer.outputs.map(({ value }) => value)]);
      context.count("reshapes-moved");
      continue;
    }
    present = foldOperands(rewriter, consumer);
    if (present) {
      eraseDeadDefinitions(rewriter, context.registry, operands);
      context.count("operands-folded");
      continue;
    }
    for (let input = 0; input < consumer.inputs.length && !present; input++) {
      const fusion = findFusion(rewriter, consumer, input, limits);
      if (!fusion) continue;
      present = fuseProducer(rewriter, fusion);
      eraseDeadDefinitions(rewriter, context.registry, [...operands, fusion.producer.outputs[0]!.value]);
      context.count("fused");
    }
  }
}
