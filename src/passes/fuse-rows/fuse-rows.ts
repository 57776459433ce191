import { linalg, weft } from "../../ir/dialects/index.ts";
import { type BlockId, type IrReader, type OpId, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { readStructured } from "../structured/generic.ts";
import { formRowKernel } from "./form-row-kernel.ts";
import { growGroup } from "./grow-group.ts";

/**
 * Groups operations that work row by row: softmax, layer normalization and what else reduces along some axes and then reads the
 * result again and again. The leading loops of all members of such a group are its rows, and nothing goes from one row to
 * another, so that one invocation (or one workgroup) can compute a row from beginning to end.
 */
export const fuseRows = pass({
  name: "fuse-rows",
  summary: "group reductions with what reads their results along the same rows",
  options: {
    maxMembers: int.default(24).summary("structured operations in a group"),
    maxTensors: int.default(8).summary("tensors that a group reads"),
    maxRow: int.default(4096).summary("points of one row, where there are few rows"),
  },
  statistics: { formed: "groups made", grouped: "operations put into groups" },
  run(module, limits, context) {
    const rewriter = new Rewriter(module);
    const positions = new Map<BlockId, Map<OpId, number>>();
    for (const op of Array.from(walk(rewriter, context.root))) {
      if (op.name !== linalg.generic.name || !rewriter.exists(op.id) || isInKernel(rewriter, op)) continue;
      const seed = readStructured(rewriter, rewriter.operation(op.id));
      if (!seed?.iterators.includes("reduction")) continue;
      const block = seed.op.parent!;
      // A block's operations keep their order while groups are formed; its new kernels are looked up by what they took in.
      let known = positions.get(block);
      if (!known) positions.set(block, (known = positionsIn(rewriter, block)));
      const group = growGroup(rewriter, seed, known, limits);
      if (!group) continue;
      const kernel = formRowKernel(rewriter, group);
      known.set(kernel.id, known.get(group.before)! - 0.5);
      context.count("formed");
      context.count("grouped", group.members.length);
    }
    return context.commit(rewriter);
  },
});

const positionsIn = (reader: IrReader, block: BlockId): Map<OpId, number> =>
  new Map(reader.block(block).operations.map((id, position) => [id, position]));

const isInKernel = (reader: IrReader, op: Operation): boolean =>
  reader.operation(reader.block(reader.operation(op.id).parent!).parent).name === weft.kernel.name;
