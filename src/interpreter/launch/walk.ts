import { kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import type { Machine } from "../machine.ts";
import type { RuntimeValue } from "../values.ts";
import { advanceBlock } from "./advance.ts";
import { type Arrival, isCollective, launchVolume, placesOf } from "./invocation.ts";
import { type Launch, ownBuffers } from "./launch.ts";
import { meetingsOf } from "./reduce.ts";

// Launches by the rules alone: each invocation is a machine of its own that stops where it has to wait for others.

/** Whether invocations wait for others somewhere in the operation. */
export function hasMeetings(reader: IrReader, op: Operation): boolean {
  for (const inner of walk(reader, op.id)) if (isCollective(inner)) return true;
  return false;
}

/** Runs a launch, block by block. */
export function walkLaunch(machine: Machine, { op, kernel, shape, inputs }: Launch): void {
  const { reader } = machine;
  const values = kernelValues(reader, kernel);
  machine.count(op, launchVolume(shape));
  for (const blockId of placesOf(shape.grid, shape.order)) {
    const shared = ownBuffers(reader, kernel, values.workgroup);
    const invocations = [...placesOf(shape.block)].map((threadId) => {
      const own = machine.forInvocation({ ...shape, blockId, threadId });
      return walkBlock(own, kernel, 0, [...inputs, ...shared, ...ownBuffers(reader, kernel, values.private)]);
    });
    advanceBlock(invocations, shape, meetingsOf(machine));
  }
}

type Walk<T> = Generator<Arrival, T, RuntimeValue | undefined>;

function* walkBlock(
  machine: Machine,
  op: Operation,
  region: number,
  values: readonly RuntimeValue[],
): Walk<readonly RuntimeValue[]> {
  const { reader } = machine;
  const block = reader.block(op.regions[region]![0]!);
  block.arguments.forEach((argument, index) => machine.bind(argument, values[index]!));
  for (const id of block.operations) {
    const inner = reader.operation(id);
    const handedOn = hasMeetings(reader, inner) ? yield* walkMeeting(machine, inner) : machine.step(inner);
    if (handedOn) return handedOn;
  }
  return fail("malformed", op.location, { name: op.name, reason: "a region has no terminator" });
}

/** An operation at which, or inside which, the invocation waits for others. */
function* walkMeeting(machine: Machine, op: Operation): Walk<undefined> {
  const operands = op.operands.map((operand) => machine.valueOf(operand, op));
  if (isCollective(op)) {
    const given = yield { op, value: operands[0] ?? 0 };
    if (op.results.length > 0) machine.bind(op.results[0]!, given!);
    return undefined;
  }
  const walkControl = control[op.name];
  if (walkControl === undefined)
    return fail("malformed", op.location, { name: op.name, reason: "invocations cannot wait for each other in it" });
  const results = yield* walkControl(machine, op, operands);
  op.results.forEach((result, index) => machine.bind(result, results[index]!));
  return undefined;
}

type Control = (machine: Machine, op: Operation, operands: readonly RuntimeValue[]) => Walk<readonly RuntimeValue[]>;

/** The control flow that invocations may wait in. */
const control: Readonly<Record<string, Control>> = {
  *"scf.for"(machine, op, [lower, upper, step, ...carried]) {
    if (!((step as number) > 0)) fail("nonpositive-step", op.location, { name: op.name, step: String(step) });
    let values: readonly RuntimeValue[] = carried;
    for (let at = lower as number; at < (upper as number); at += step as number) {
      machine.count(op, 1);
      values = yield* walkBlock(machine, op, 0, [at, ...values]);
    }
    return values;
  },
  *"scf.if"(machine, op, [condition]) {
    const region = condition ? 0 : 1;
    return op.regions[region]?.[0] === undefined ? [] : yield* walkBlock(machine, op, region, []);
  },
  *"scf.while"(machine, op, operands) {
    for (let values = operands; ;) {
      machine.count(op, 1);
      const [condition, ...decided] = yield* walkBlock(machine, op, 0, values);
      if (!condition) return decided;
      values = yield* walkBlock(machine, op, 1, decided);
    }
  },
};
