import { bodyOf, type Operation, type ValueId } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import { operandSegments } from "../slices.ts";
import type { Emitted, EmittedScalar, Emitter, OperationEmitter } from "./emitter.ts";
import { NotCompilable, rangeOfType } from "./emitter.ts";
import { scalarCode } from "./scalar-code.ts";
import { assignAll, declareSlot, type Slot } from "./values-code.ts";

/** A tensor operand as the operation may keep it: its own when it may take it, else a copy. */
function taken(emitter: Emitter, op: Operation, operand: number): Emitted {
  const value = emitter.get(op.operands[operand]!);
  if (value.kind !== "tensor") return value;
  // Who runs the root may have reasons to keep what it is given.
  if (op.id !== emitter.root.id && emitter.program.ownership.mayTake(op, operand)) return value;
  const name = emitter.fresh("t");
  emitter.line(`const ${name} = x.take(${emitter.bind(op)}, ${operand}, ${value.code}), ${name}d = ${name}.data;`);
  return {
    ...value,
    code: name,
    data: `${name}d`,
    shape: value.shape.map((size, axis) => (/^\d+$/.test(size) ? size : `${name}.shape[${axis}]`)),
  };
}

/** The terminator's operands from `first` on, as what runs next may keep them. */
function handedOn(emitter: Emitter, op: Operation, region: number, first = 0): readonly Emitted[] {
  const last = bodyOf(emitter.program.reader, op, region).at(-1)!;
  return last.operands.slice(first).map((_, index) => taken(emitter, last, first + index));
}

const blockArguments = (emitter: Emitter, op: Operation, region: number): readonly ValueId[] => {
  const block = op.regions[region]?.[0];
  if (block === undefined) throw new NotCompilable(op.name);
  return emitter.program.reader.block(block).arguments;
};

/** Slots for values, with their first contents. */
function slotsFor(emitter: Emitter, ids: readonly ValueId[], first: readonly Emitted[]): readonly Slot[] {
  const slots = ids.map((id) => declareSlot(emitter, emitter.typeOf(id)));
  slots.forEach((slot, index) => slot.assign(first[index]!));
  return slots;
}

/**
 * Lets the last lane-wise operation on a carried vector write where it was carried: an accumulator then needs no copy at the end of each
 * iteration. That is safe when nothing reads the old vector after the operation.
 */
function coalesce(
  emitter: Emitter,
  op: Operation,
  region: number,
  carried: readonly ValueId[],
  slots: readonly Slot[],
): void {
  const { reader } = emitter.program;
  const body = bodyOf(reader, op, region);
  const positions = new Map(body.map((inner, position) => [inner.id, position]));
  body.at(-1)!.operands.forEach((yielded, index) => {
    const slot = slots[index];
    const value = reader.value(yielded);
    if (slot?.value.kind !== "vector" || slot.value.source.kind !== "array" || value.kind !== "result") return;
    const definition = reader.operation(value.op);
    const position = positions.get(definition.id);
    if (position === undefined || reader.uses(yielded).length !== 1 || !(definition.name in scalarCode)) return;
    const before = reader.uses(carried[index]!).every((use) => (positions.get(use.op) ?? Infinity) <= position);
    if (before) emitter.targets.set(yielded, slot.value.source.code);
  });
}

/** A value that does not change while the loop runs, as a local or literal. */
const fixed = (emitter: Emitter, value: EmittedScalar): EmittedScalar =>
  value.code.startsWith("m") ? { ...emitter.define(value.type, value.code, value.low, value.high) } : value;

/** Emits the head of a counted loop; gives the loop variable. */
function loopHead(
  emitter: Emitter,
  op: Operation,
  lower: EmittedScalar,
  upper: EmittedScalar,
  step: EmittedScalar,
): EmittedScalar {
  const wide = lower.type.kind === "integer" && lower.type.width > 32;
  if (!(step.low > 0)) {
    const report = emitter.bind((found: number | bigint) =>
      fail("nonpositive-step", op.location, { name: op.name, step: String(found) }),
    );
    emitter.line(`if (!(${step.code} > 0)) ${report}(${step.code});`);
  }
  const difference = `${upper.code} - ${lower.code}`;
  const trips = wide ? `Number((${difference}) / ${step.code})` : `(${difference}) / ${step.code}`;
  emitter.line(`if (${lower.code} < ${upper.code}) x.count(${emitter.bind(op)}, Math.ceil(${trips}));`);
  const name = emitter.fresh("i");
  emitter.line(`for (let ${name} = ${lower.code}; ${name} < ${upper.code}; ${name} += ${step.code}) {`);
  const [least, greatest] = rangeOfType(lower.type);
  return {
    kind: "scalar",
    code: name,
    type: lower.type,
    low: Math.max(lower.low, least),
    high: Math.min(wide ? Infinity : upper.high - 1, greatest),
  };
}

const emitFor: OperationEmitter = (emitter, op) => {
  if (op.properties["unsignedCmp"] !== undefined) return false;
  const [lower, upper, step] = op.operands.slice(0, 3).map((operand) => fixed(emitter, emitter.scalar(operand)));
  const [position, ...carried] = blockArguments(emitter, op, 0);
  const first = op.operands.slice(3).map((_, index) => taken(emitter, op, 3 + index));
  const slots = slotsFor(emitter, carried, first);
  coalesce(emitter, op, 0, carried, slots);
  emitter.set(position!, loopHead(emitter, op, lower!, upper!, step!));
  carried.forEach((id, index) => emitter.set(id, slots[index]!.value));
  emitter.region(op, 0);
  assignAll(emitter, slots, handedOn(emitter, op, 0));
  emitter.line("}");
  op.results.forEach((result, index) => emitter.set(result, slots[index]!.value));
  return true;
};

const emitIf: OperationEmitter = (emitter, op) => {
  const condition = emitter.scalar(op.operands[0]!);
  const slots = op.results.map((result) => declareSlot(emitter, emitter.typeOf(result)));
  const branch = (region: number): void => {
    emitter.region(op, region);
    const values = handedOn(emitter, op, region);
    slots.forEach((slot, index) => slot.assign(values[index]!));
  };
  emitter.line(`if (${condition.code}) {`);
  branch(0);
  if ((op.regions[1]?.length ?? 0) > 0) {
    emitter.line("} else {");
    branch(1);
  }
  emitter.line("}");
  op.results.forEach((result, index) => emitter.set(result, slots[index]!.value));
  return true;
};

const emitWhile: OperationEmitter = (emitter, op) => {
  const before = blockArguments(emitter, op, 0);
  const after = blockArguments(emitter, op, 1);
  const carried = slotsFor(
    emitter,
    before,
    op.operands.map((_, index) => taken(emitter, op, index)),
  );
  const decided = after.map((id) => declareSlot(emitter, emitter.typeOf(id)));
  emitter.line(`for (;;) {`);
  emitter.line(`x.count(${emitter.bind(op)}, 1);`);
  before.forEach((id, index) => emitter.set(id, carried[index]!.value));
  const [condition] = emitter.region(op, 0);
  const values = handedOn(emitter, op, 0, 1);
  decided.forEach((slot, index) => slot.assign(values[index]!));
  emitter.line(`if (!${(condition as EmittedScalar).code}) break;`);
  after.forEach((id, index) => emitter.set(id, decided[index]!.value));
  emitter.region(op, 1);
  assignAll(emitter, carried, handedOn(emitter, op, 1));
  emitter.line("}");
  op.results.forEach((result, index) => emitter.set(result, decided[index]!.value));
  return true;
};

const emitParallel: OperationEmitter = (emitter, op) => {
  const [rank = 0, ends, steps] = operandSegments(op);
  if (ends !== rank || steps !== rank || op.operands.length > 3 * rank || op.results.length > 0) return false;
  const bounds = op.operands.map((operand) => fixed(emitter, emitter.scalar(operand)));
  blockArguments(emitter, op, 0).forEach((id, axis) =>
    emitter.set(id, loopHead(emitter, op, bounds[axis]!, bounds[rank + axis]!, bounds[2 * rank + axis]!)),
  );
  emitter.region(op, 0);
  for (let axis = 0; axis < rank; axis++) emitter.line("}");
  return true;
};

/** Emission of the `scf` dialect. */
export const controlEmitters: Readonly<Record<string, OperationEmitter>> = {
  "scf.for": emitFor,
  "scf.if": emitIf,
  "scf.while": emitWhile,
  "scf.parallel": emitParallel,
};
