import { kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import { indexType } from "../../ir/types.ts";
import { advanceBlock } from "../launch/advance.ts";
import { type Advancing, launchVolume, type LaunchShape, placesOf, type Triple } from "../launch/invocation.ts";
import { type Launch, ownBuffers } from "../launch/launch.ts";
import { meetingsOf } from "../launch/reduce.ts";
import type { Machine } from "../machine.ts";
import type { Program } from "../program.ts";
import type { RuntimeValue } from "../values.ts";
import { type EmittedScalar, Emitter } from "./emitter.ts";
import { emitInput, emitRegion } from "./operations.ts";
import { unboxed } from "./values-code.ts";

/** What the code of a launch depends on besides its kernel. */
export const launchKey = ({ grid, block, subgroupSize, order }: LaunchShape): string =>
  [...grid, ...block, subgroupSize, order].join();

const loopOver = (name: string, size: number, order: LaunchShape["order"]): string =>
  order === "ascending"
    ? `for (let ${name} = 0; ${name} < ${size}; ${name}++) {`
    : `for (let ${name} = ${size - 1}; ${name} >= 0; ${name}--) {`;

/** A place in three sizes; what can only be 0 is. */
const placeIn = (sizes: Triple, code: (axis: number) => string): readonly EmittedScalar[] =>
  sizes.map((size, axis) => ({
    kind: "scalar",
    code: size === 1 ? "0" : code(axis),
    type: indexType,
    low: 0,
    high: size - 1,
  }));

function bindArguments(emitter: Emitter, kernel: Operation, code: (index: number) => string): void {
  emitter.program.reader
    .block(kernel.regions[0]![0]!)
    .arguments.forEach((id, index) => emitInput(emitter, id, code(index)));
}

/** A function that runs all invocations of a kernel whose invocations never wait for each other. */
export function emitGrid(program: Program, kernel: Operation, shape: LaunchShape): Emitter {
  const emitter = new Emitter(program, kernel, emitRegion);
  const { reader } = program;
  const { inputs, workgroup, private: own } = kernelValues(reader, kernel);
  inputs.forEach((id, index) => emitInput(emitter, id, `v[${index}]`));
  const loops = (sizes: Triple, prefix: string): readonly EmittedScalar[] => {
    const names = sizes.map(() => emitter.fresh(prefix));
    for (const axis of [2, 1, 0] as const)
      if (sizes[axis] !== 1) emitter.line(loopOver(names[axis]!, sizes[axis]!, shape.order));
    return placeIn(sizes, (axis) => names[axis]!);
  };
  const close = (sizes: Triple): void => sizes.forEach((size) => size !== 1 && emitter.line("}"));
  const blockId = loops(shape.grid, "b");
  bindOwn(emitter, kernel, workgroup);
  const threadId = loops(shape.block, "t");
  bindOwn(emitter, kernel, own);
  emitter.invocation = { shape, blockId, threadId, advances: false };
  emitter.region(kernel, 0);
  close(shape.block);
  close(shape.grid);
  return emitter;
}

/** New buffers for values in workgroup or private memory. */
function bindOwn(emitter: Emitter, kernel: Operation, values: readonly ValueId[]): void {
  if (values.length === 0) return;
  const { reader } = emitter.program;
  const list = emitter.fresh("a");
  emitter.line(`const ${list} = ${emitter.bind(() => ownBuffers(reader, kernel, values))}();`);
  values.forEach((id, index) => emitter.set(id, unboxed(emitter, emitter.typeOf(id), `${list}[${index}]`)));
}

/** A generator that runs one invocation: of its inputs, its buffers, the block's place and its own. */
export function emitInvocation(program: Program, kernel: Operation, shape: LaunchShape): Emitter {
  const emitter = new Emitter(program, kernel, emitRegion);
  bindArguments(emitter, kernel, (index) => `v[${index}]`);
  const count = program.reader.block(kernel.regions[0]![0]!).arguments.length;
  emitter.invocation = {
    shape,
    blockId: placeIn(shape.grid, (axis) => `v[${count + axis}]`),
    threadId: placeIn(shape.block, (axis) => `v[${count + 3 + axis}]`),
    advances: true,
  };
  emitter.region(kernel, 0);
  return emitter;
}

/** Runs every block of a launch, its invocations by a generator. */
export function advanceLaunch(
  machine: Machine,
  { op, kernel, shape, inputs }: Launch,
  start: (machine: Machine, values: readonly RuntimeValue[]) => Advancing,
): void {
  const { reader } = machine;
  const { workgroup, private: own } = kernelValues(reader, kernel);
  const threads = [...placesOf(shape.block)];
  const meet = meetingsOf(machine);
  machine.count(op, launchVolume(shape));
  for (const blockId of placesOf(shape.grid, shape.order)) {
    const shared = ownBuffers(reader, kernel, workgroup);
    const invocations = threads.map((threadId) =>
      start(machine, [...inputs, ...shared, ...ownBuffers(reader, kernel, own), ...blockId, ...threadId]),
    );
    advanceBlock(invocations, shape, meet);
  }
}
