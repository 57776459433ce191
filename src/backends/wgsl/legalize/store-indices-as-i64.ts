import { isKernel, kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { arith, memref } from "../../../ir/dialects/index.ts";
import { type Module, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { i64, indexType, withElement } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { notLegal } from "../not-legal.ts";
import { retype } from "./linearize-accesses.ts";

/** Kernels' buffers of indices hold 64 bits for each, as the host's do; in the kernel they are 32 bits wide. */
export const storeIndicesAsI64 = pass({
  name: "wgsl-store-indices-as-i64",
  summary: "load and store indices as 64-bit integers, which they are in the host's memory",
  anchors: ["builtin.module"],
  statistics: { accesses: "loads and stores rewritten" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel)) {
      for (const buffer of kernelValues(rewriter, kernel).inputs) {
        const type = rewriter.typeOf(buffer);
        if (type.kind !== "memref" || type.element !== indexType) continue;
        rewriter.setType(buffer, withElement(type, i64));
        for (const use of rewriter.uses(buffer)) {
          const op = rewriter.operation(use.op);
          rewriter.insertionPoint = { kind: "before", op: op.id };
          rewriter.location = op.location;
          context.count("accesses");
          if (op.name === memref.load.name) {
            const read = rewriter.create({ name: op.name, operands: op.operands, resultTypes: [i64] }).results[0]!;
            rewriter.replace(op, [
              arith.index_cast.build(rewriter, { in: read }, {}, { resultTypes: [indexType] }).out,
            ]);
          } else if (op.name === memref.store.name) {
            const value = op.operands[0]!;
            const stored = arith.index_cast.build(rewriter, { in: value }, {}, { resultTypes: [i64] }).out;
            rewriter.setOperand(op.id, 0, stored);
          } else throw notLegal(op.name, "indices are loaded and stored one by one by now", op.location);
        }
      }
      retype(rewriter, kernel);
    }
    return context.commit(rewriter);
  },
});
