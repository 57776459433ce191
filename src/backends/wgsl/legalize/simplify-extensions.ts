import { constantInteger } from "../../../ir/analysis/constant-integer.ts";
import { arith } from "../../../ir/dialects/index.ts";
import { type IrReader, type Module, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { pass } from "../../../passes/pass.ts";

/** What a value is the sign extension of, by a shift up and one down again, and how far; undefined for others. */
function extended(reader: IrReader, value: ValueId): { readonly source: ValueId; readonly by: bigint } | undefined {
  const down = arith.shrsi.match(reader, reader.definition(value))?.operands;
  const up = down && arith.shli.match(reader, reader.definition(down.lhs))?.operands;
  if (!up) return undefined;
  const by = constantInteger(reader, down.rhs);
  return by !== undefined && by === constantInteger(reader, up.rhs) ? { source: up.lhs, by } : undefined;
}

/** The low bits of a sign-extended 32-bit value are those of what was extended. */
export const simplifyExtensions = pass({
  name: "wgsl-simplify-extensions",
  summary: "take low bits without extending a sign first",
  anchors: ["builtin.module"],
  statistics: { simplified: "extensions that were not needed" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const { id } of Array.from(walk(rewriter))) {
      const op = rewriter.operation(id);
      if (op.name !== arith.andi.name) continue;
      const mask = constantInteger(rewriter, op.operands[1]!);
      const from = extended(rewriter, op.operands[0]!);
      if (from === undefined || mask === undefined || mask < 0n || mask >= 1n << (32n - from.by)) continue;
      rewriter.setOperand(id, 0, from.source);
      context.count("simplified");
    }
    return context.commit(rewriter);
  },
});
