import { gpu } from "../../ir/dialects/gpu.ts";
import { dimensions } from "../../ir/dialects/gpu/attributes.ts";
import { indexType } from "../../ir/types.ts";
import { blockVolume } from "../launch/invocation.ts";
import { type EmittedInvocation, type EmittedScalar, type Emitter, type OperationEmitter } from "./emitter.ts";
import { boxed, unboxed } from "./values-code.ts";

/** A number that is known. */
const known = (value: number): EmittedScalar => ({
  kind: "scalar",
  code: String(value),
  type: indexType,
  low: value,
  high: value,
});

/** A new local of type `index`. */
const index = (emitter: Emitter, code: string, low: number, high: number): EmittedScalar =>
  emitter.define(indexType, code, low, high);

type Coordinate = "block_id" | "thread_id" | "block_dim" | "grid_dim" | "global_id";
const along: Readonly<
  Record<Coordinate, (emitter: Emitter, invocation: EmittedInvocation, axis: number) => EmittedScalar>
> = {
  block_id: (_, { blockId }, axis) => blockId[axis]!,
  thread_id: (_, { threadId }, axis) => threadId[axis]!,
  block_dim: (_, { shape }, axis) => known(shape.block[axis]!),
  grid_dim: (_, { shape }, axis) => known(shape.grid[axis]!),
  global_id: (emitter, { blockId, threadId, shape }, axis) => {
    const size = shape.block[axis]!;
    const code = `${blockId[axis]!.code} * ${size} + ${threadId[axis]!.code}`;
    return index(emitter, code, 0, size * shape.grid[axis]! - 1);
  },
};

const coordinate =
  (name: Coordinate): OperationEmitter =>
  (emitter, op) => {
    const { invocation } = emitter;
    const dimension = gpu[name].match(emitter.program.reader, op)?.attributes.dimension;
    if (invocation === undefined || dimension === undefined) return false;
    emitter.set(op.results[0]!, along[name](emitter, invocation, dimensions.indexOf(dimension)));
    return true;
  };

/** The number of the invocation within its block. */
const linear = ({ threadId: [x, y, z], shape: { block } }: EmittedInvocation): string =>
  `(${x!.code} + ${block[0]} * (${y!.code} + ${block[1]} * ${z!.code}))`;

const ofSubgroup =
  (give: (emitter: Emitter, invocation: EmittedInvocation) => EmittedScalar): OperationEmitter =>
  (emitter, op) => {
    if (emitter.invocation === undefined) return false;
    emitter.set(op.results[0]!, give(emitter, emitter.invocation));
    return true;
  };
const subgroupsOf = ({ shape }: EmittedInvocation): number => Math.ceil(blockVolume(shape) / shape.subgroupSize);

/** Stops the generator until what the others give is there. */
const collective: OperationEmitter = (emitter, op) => {
  if (!emitter.invocation?.advances) return false;
  const [operand] = op.operands;
  const value = operand === undefined ? "0" : boxed(emitter, emitter.get(operand));
  const given = emitter.fresh("g");
  emitter.line(`const ${given} = yield { op: ${emitter.bind(op)}, value: ${value} };`);
  const [result] = op.results;
  if (result !== undefined) emitter.set(result, unboxed(emitter, emitter.typeOf(result), given));
  return true;
};

/** Emission of the `gpu` dialect, in kernels. */
export const invocationEmitters: Readonly<Record<string, OperationEmitter>> = {
  "gpu.block_id": coordinate("block_id"),
  "gpu.thread_id": coordinate("thread_id"),
  "gpu.block_dim": coordinate("block_dim"),
  "gpu.grid_dim": coordinate("grid_dim"),
  "gpu.global_id": coordinate("global_id"),
  "gpu.lane_id": ofSubgroup((emitter, invocation) => {
    const { subgroupSize } = invocation.shape;
    return index(emitter, `${linear(invocation)} % ${subgroupSize}`, 0, subgroupSize - 1);
  }),
  "gpu.subgroup_id": ofSubgroup((emitter, invocation) => {
    const code = `Math.floor(${linear(invocation)} / ${invocation.shape.subgroupSize})`;
    return index(emitter, code, 0, subgroupsOf(invocation) - 1);
  }),
  "gpu.num_subgroups": ofSubgroup((_, invocation) => known(subgroupsOf(invocation))),
  "gpu.subgroup_size": ofSubgroup((_, { shape }) => known(shape.subgroupSize)),
  "gpu.barrier": collective,
  "gpu.subgroup_reduce": collective,
  "gpu.all_reduce": collective,
};
