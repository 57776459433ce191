import type { Operation } from "../../ir/module.ts";
import type { RuntimeValue } from "../values.ts";

/** Three sizes or coordinates: along x, y and z. */
export type Triple = readonly [number, number, number];

/** How a kernel is launched. */
export interface LaunchShape {
  /** Blocks of the grid. */
  readonly grid: Triple;
  /** Invocations of a block. */
  readonly block: Triple;
  /** Invocations of a subgroup: a block's are taken in order, the last subgroup may be smaller. */
  readonly subgroupSize: number;
  readonly order: InvocationOrder;
}

/**
 * In which order blocks run, and the invocations of a block from one barrier to the next. Nothing promises any: a program that gives
 * other results in the other order has a race.
 */
export type InvocationOrder = "ascending" | "descending";
/** The numbers below `count` in an order. */
export const numbersIn = (order: InvocationOrder, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (order === "ascending" ? index : count - 1 - index));

/** Where one invocation is in its grid. */
export interface Invocation extends LaunchShape {
  readonly blockId: Triple;
  readonly threadId: Triple;
}

const product = ([x, y, z]: Triple): number => x * y * z;
/** How many invocations a block has. */
export const blockVolume = ({ block }: LaunchShape): number => product(block);
/** How many invocations there are altogether. */
export const launchVolume = (shape: LaunchShape): number => product(shape.grid) * product(shape.block);

/** The number of an invocation within its block: x counts fastest. */
export const linearThread = ({ threadId: [x, y, z], block: [width, height] }: Invocation): number =>
  x + width * (y + height * z);

/** Every place of three sizes, x counting fastest. */
export function* placesOf([width, height, depth]: Triple, order: InvocationOrder = "ascending"): Generator<Triple> {
  const [xs, ys, zs] = [width, height, depth].map((size) => numbersIn(order, size));
  for (const z of zs!) for (const y of ys!) for (const x of xs!) yield [x, y, z];
}

/** What an invocation waits for: an operation that several take part in, and the value that this one gives. */
export interface Arrival {
  readonly op: Operation;
  readonly value: RuntimeValue | undefined;
}
/** An invocation that stops at each operation that others take part in, and goes on with what that gives. */
export type Advancing = Generator<Arrival, unknown, RuntimeValue | undefined>;

/** Operations that the invocations of a subgroup take part in. */
const ofSubgroup: ReadonlySet<string> = new Set(["gpu.subgroup_reduce"]);
/** Operations that the invocations of a block take part in. */
const ofBlock: ReadonlySet<string> = new Set(["gpu.barrier", "gpu.all_reduce"]);

/** Whether invocations of a subgroup wait for each other there. */
export const meetsSubgroup = (op: Operation): boolean => ofSubgroup.has(op.name);
/** Whether invocations wait for others there. */
export const isCollective = (op: Operation): boolean => ofSubgroup.has(op.name) || ofBlock.has(op.name);
