import { gpu } from "../../ir/dialects/gpu.ts";
import { dimensions } from "../../ir/dialects/gpu/attributes.ts";
import type { Operation } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import { blockVolume, type Invocation, linearThread } from "../launch/invocation.ts";
import { contextual, type DialectRules, effect, type Execution, type Rule, terminator } from "../rule.ts";

/** Where the operation's invocation is. */
function invocationOf(execution: Execution, op: Operation): Invocation {
  return (
    execution.invocation ?? fail("malformed", op.location, { name: op.name, reason: "it does not run in a kernel" })
  );
}

const coordinate = (name: CoordinateName): Rule =>
  contextual((execution, op) => {
    const dimension = gpu[name].match(execution.reader, op)?.attributes.dimension ?? "x";
    return [coordinates[name](invocationOf(execution, op), dimensions.indexOf(dimension))];
  });
const ofSubgroup = (give: (invocation: Invocation) => number): Rule =>
  contextual((execution, op) => [give(invocationOf(execution, op))]);

/** What the operations that have a dimension give, by its number. */
const coordinates = {
  block_id: ({ blockId }: Invocation, axis: number) => blockId[axis]!,
  thread_id: ({ threadId }: Invocation, axis: number) => threadId[axis]!,
  block_dim: ({ block }: Invocation, axis: number) => block[axis]!,
  grid_dim: ({ grid }: Invocation, axis: number) => grid[axis]!,
  global_id: ({ blockId, threadId, block }: Invocation, axis: number) =>
    blockId[axis]! * block[axis]! + threadId[axis]!,
};
type CoordinateName = keyof typeof coordinates;

/** Invocations wait for each other only where the launch sees it: in loops and branches of `scf`. */
const unseen: Rule = effect((_, op) =>
  fail("malformed", op.location, { name: op.name, reason: "invocations cannot wait for each other there" }),
);

/** Evaluation of the `gpu` dialect. */
export const gpuRules: DialectRules = {
  launch_func: effect((execution, op, operands) => {
    execution.launch(op, operands);
    return [];
  }),
  block_id: coordinate("block_id"),
  thread_id: coordinate("thread_id"),
  block_dim: coordinate("block_dim"),
  grid_dim: coordinate("grid_dim"),
  global_id: coordinate("global_id"),
  lane_id: ofSubgroup((invocation) => linearThread(invocation) % invocation.subgroupSize),
  subgroup_id: ofSubgroup((invocation) => Math.floor(linearThread(invocation) / invocation.subgroupSize)),
  num_subgroups: ofSubgroup((invocation) => Math.ceil(blockVolume(invocation) / invocation.subgroupSize)),
  subgroup_size: ofSubgroup(({ subgroupSize }) => subgroupSize),
  barrier: unseen,
  subgroup_reduce: unseen,
  all_reduce: unseen,
  return: terminator,
  yield: terminator,
};
