import { locationOf } from "../../ir/create-module.ts";
import { linalg, tensor, weft } from "../../ir/dialects/index.ts";
import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { capturedTensors } from "../kernels/captured-tensors.ts";
import { initialisersOf } from "../kernels/initialisers.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { isElementwise, isPermutation, readStructured, type StructuredOp } from "../structured/generic.ts";
import { isAnchor } from "../structured/reuse.ts";

/**
 * Groups each reduction (contraction, convolution, pooling, sum) with the element-wise operations that read its result one to one,
 * so that lowering can finish each element while it is in a register. The initial values of the reduction move inside too.
 */
export const formKernels = pass({
  name: "form-kernels",
  summary: "group reductions with the element-wise operations that follow them",
  options: { maxFollowers: int.default(8).summary("element-wise operations in a group") },
  statistics: { formed: "groups made", grouped: "element-wise operations put into groups" },
  run(module, { maxFollowers }, context) {
    const rewriter = new Rewriter(module);
    for (const op of Array.from(walk(rewriter, context.root))) {
      if (op.name !== linalg.generic.name || !rewriter.exists(op.id)) continue;
      const anchor = readStructured(rewriter, rewriter.operation(op.id));
      if (!isAnchor(anchor) || isInKernel(rewriter, anchor.op)) continue;
      const followers = followersOf(rewriter, anchor, maxFollowers);
      if (followers.length === 0) continue;
      formKernel(rewriter, anchor, followers);
      context.count("formed");
      context.count("grouped", followers.length);
    }
    return context.commit(rewriter);
  },
});

const isInKernel = (reader: IrReader, op: Operation): boolean =>
  reader.operation(reader.block(op.parent!).parent).name === weft.kernel.name;

/** The chain of element-wise operations each of which alone reads the one before it, from the anchor on. */
function followersOf(reader: IrReader, anchor: StructuredOp, limit: number): readonly StructuredOp[] {
  const followers: StructuredOp[] = [];
  let last = anchor;
  while (followers.length < limit) {
    const next = followerOf(reader, last);
    if (!next) break;
    followers.push(next);
    last = next;
  }
  return followers;
}

function followerOf(reader: IrReader, { op }: StructuredOp): StructuredOp | undefined {
  const result = op.results[0]!;
  const users = new Set(reader.uses(result).map((use) => use.op));
  const [user] = users;
  if (users.size !== 1 || user === undefined) return undefined;
  const follower = readStructured(reader, reader.operation(user));
  if (!follower || follower.op.parent !== op.parent || follower.outputs.length !== 1) return undefined;
  if (!isElementwise(reader, follower) || follower.outputs[0]!.value === result) return undefined;
  const reads = follower.inputs.filter(({ value }) => value === result);
  return reads.every(({ map }) => isPermutation(map)) ? follower : undefined;
}

function formKernel(rewriter: Rewriter, anchor: StructuredOp, followers: readonly StructuredOp[]): void {
  const last = followers.at(-1)!;
  const members = [
    ...initialisersOf(rewriter, anchor.op, anchor.outputs[0]!.value),
    anchor.op,
    ...followers.flatMap((follower) => membersOf(rewriter, follower, last)),
  ];
  rewriter.insertionPoint = { kind: "before", op: last.op.id };
  rewriter.location = locationOf("form-kernels", anchor.op, ...followers.map(({ op }) => op));
  const output = last.outputs[0]!.value;
  const kernel = weft.kernel.build(
    rewriter,
    { inputs: capturedTensors(rewriter, members, [output]), outputs: [output] },
    {},
    { resultTypes: [rewriter.typeOf(last.op.results[0]!)], regions: { body: [{ arguments: [], body: () => {} }] } },
  );
  const body = rewriter.operation(kernel.op.id).regions[0]![0]!;
  // The group's result first takes over all readers, then yields the last member's.
  rewriter.replaceAllUses(last.op.results[0]!, kernel.results[0]!);
  for (const member of members) rewriter.moveToEnd(rewriter.operation(member.id), body);
  rewriter.insertionPoint = { kind: "end", block: body };
  weft.yield.build(rewriter, { values: last.op.results }, {});
}

/** A follower and the empty tensor that is its output, if it is its own; the last one's is the group's output and stays outside. */
function membersOf(reader: IrReader, follower: StructuredOp, last: StructuredOp): readonly Operation[] {
  const output = follower.outputs[0]!.value;
  const definition = reader.definition(output);
  const own =
    follower !== last &&
    tensor.empty.match(reader, definition) !== undefined &&
    definition!.parent === follower.op.parent &&
    reader.uses(output).length === 1;
  return own ? [definition!, follower.op] : [follower.op];
}
