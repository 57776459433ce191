import { stringAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith, memref, vector } from "../../ir/dialects/index.ts";
import { isKernel, kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import { type Module, ModuleReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { f32, i32, indexType, type MemRefType, memRefType, type Type } from "../../ir/types.ts";
import { EntryConstants, IndexArithmetic } from "../../passes/loops/index-arithmetic.ts";
import { roundUp } from "../../support/numeric/round-up.ts";
import { symbolName } from "../entry-point.ts";
import type { DeviceBuffers } from "./device-buffers.ts";
import type { Launch } from "./kernels.ts";
import { retype } from "./legalize/linearize-accesses.ts";
import { notLegal } from "./not-legal.ts";
import { type Argument, isSlice, type RunStep, type Slice } from "./run-plan.ts";
import { parameterUses } from "./shader.ts";

const wordBytes = 4;

/** Arguments of a launch that are bound as one: the first one's place is where the binding starts, the others are offsets from it. */
interface Group {
  readonly members: readonly number[];
  readonly slice: Slice;
}

/** Legal kernels and the steps that launch them, with no more bindings than the device has. */
export interface MergedProgram {
  readonly module: Module;
  readonly steps: readonly RunStep[];
}

/**
 * Binds as one what lies in one buffer, in launches with more buffers than the device can bind: temporaries of the arena first, then
 * weights. Where that is not enough, inputs and outputs are copied to and from a buffer of their own.
 */
export function mergeBindings(
  module: Module,
  steps: readonly RunStep[],
  buffers: DeviceBuffers,
  limit: number,
): MergedProgram {
  const reader = new ModuleReader(module);
  const kernels = new Map(
    Array.from(walk(reader))
      .filter(isKernel)
      .map((op) => [symbolName(op), op] as const),
  );
  const rewriter = new Rewriter(module);
  const merged = new Map<string, string>();
  const result = steps.flatMap((step): readonly RunStep[] => {
    const kernel = step.kind === "launch" ? kernels.get(step.kernel) : undefined;
    if (step.kind !== "launch" || kernel === undefined) return [step];
    const uses = parameterUses(reader, kernel);
    const bound = step.arguments.flatMap((argument, index) =>
      isSlice(argument) && uses[index]?.isUsed ? [index] : [],
    );
    if (bound.length <= limit) return [step];
    const staged = stage(step, bound, uses, buffers, limit);
    const groups = groupsOf(staged.launch, bound, buffers, limit);
    const key = `${step.kernel} ${groups.map(({ members, slice }) => `${members.join("+")}:${slice.size}`).join()}`;
    let name = merged.get(key);
    if (name === undefined) {
      name = `${step.kernel}_merged${merged.size === 0 ? "" : merged.size}`;
      merged.set(key, name);
      mergeParameters(rewriter, kernel, name, groups);
    }
    const given: Argument[] = [...staged.launch.arguments];
    for (const { members, slice } of groups)
      members.forEach((index, position) => {
        const { offset } = given[index] as Slice;
        given[index] = position === 0 ? slice : (offset - slice.offset) / wordBytes;
      });
    return [...staged.before, { ...staged.launch, kernel: name, arguments: given }, ...staged.after];
  });
  return { module: rewriter.commit().module, steps: result };
}

/** Which arguments of a launch become one binding each, with two members or more. */
function groupsOf(launch: Launch, bound: readonly number[], buffers: DeviceBuffers, limit: number): readonly Group[] {
  const byBuffer = new Map<number, number[]>();
  for (const index of bound) {
    const { buffer } = launch.arguments[index] as Slice;
    byBuffer.set(buffer, [...(byBuffer.get(buffer) ?? []), index]);
  }
  const order = ["arena", "scratch", "weights", "input", "output", "host"];
  const candidates = [...byBuffer]
    .filter(([, members]) => members.length > 1)
    .sort(
      ([left], [right]) => order.indexOf(buffers.buffers[left]!.role) - order.indexOf(buffers.buffers[right]!.role),
    );
  const groups: Group[] = [];
  let count = bound.length;
  for (const [buffer, members] of candidates) {
    if (count <= limit) break;
    const sliceOf = (index: number): Slice => launch.arguments[index] as Slice;
    const sorted = members.toSorted((left, right) => sliceOf(left).offset - sliceOf(right).offset);
    const { offset } = sliceOf(sorted[0]!);
    const end = Math.max(...members.map((index) => sliceOf(index).offset + sliceOf(index).size));
    groups.push({ members: sorted, slice: { buffer, offset, size: end - offset } });
    count -= members.length - 1;
  }
  return groups;
}

/** Moves inputs and outputs into one buffer where merging what lies together is not enough. */
function stage(
  launch: Launch,
  bound: readonly number[],
  uses: ReturnType<typeof parameterUses>,
  buffers: DeviceBuffers,
  limit: number,
): { readonly before: readonly RunStep[]; readonly launch: Launch; readonly after: readonly RunStep[] } {
  const distinct = new Set(bound.map((index) => (launch.arguments[index] as Slice).buffer));
  if (distinct.size <= limit) return { before: [], launch, after: [] };
  const moved = bound.filter((index) => {
    const { role } = buffers.buffers[(launch.arguments[index] as Slice).buffer]!;
    return role === "input" || role === "output";
  });
  const alignment = 256;
  const places: number[] = [];
  let end = 0;
  for (const index of moved) {
    places.push(end);
    end += roundUp((launch.arguments[index] as Slice).size, alignment);
  }
  const buffer = buffers.add("staging", "scratch", end, launch.op.location);
  const given = [...launch.arguments];
  const before: RunStep[] = [];
  const after: RunStep[] = [];
  moved.forEach((index, position) => {
    const from = launch.arguments[index] as Slice;
    const to: Slice = { buffer, offset: places[position]!, size: from.size };
    given[index] = to;
    before.push({ kind: "copy", op: launch.op, from, to });
    if (uses[index]!.isWritten) after.push({ kind: "copy", op: launch.op, from: to, to: from });
  });
  return { before, launch: { ...launch, arguments: given }, after };
}

/** A copy of a kernel in which each group is one buffer of words, and its other members are offsets in it. */
function mergeParameters(rewriter: Rewriter, kernel: Operation, name: string, groups: readonly Group[]): void {
  const copy = at(rewriter, { kind: "before", op: kernel.id }, () => rewriter.clone(kernel));
  rewriter.update(copy.id, { attributes: { ...copy.attributes, sym_name: stringAttribute(name) } });
  const entry = copy.regions[0]![0]!;
  const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, entry));
  const { inputs } = kernelValues(rewriter, rewriter.operation(copy.id));
  for (const { members, slice } of groups) {
    const buffer = inputs[members[0]!]!;
    members.forEach((index, position) => {
      const parameter = inputs[index]!;
      const { element } = rewriter.typeOf(parameter) as MemRefType;
      const offset = position === 0 ? undefined : parameter;
      for (const use of rewriter.uses(parameter)) rewriteAccess(rewriter, arithmetic, use.op, element, buffer, offset);
      if (offset !== undefined) rewriter.setType(parameter, indexType);
    });
    rewriter.setType(buffer, memRefType([slice.size / wordBytes], i32));
  }
  retype(rewriter, copy);
}

/** The words of an element: itself, or its lanes. */
function rewriteAccess(
  rewriter: Rewriter,
  arithmetic: IndexArithmetic,
  id: Operation["id"],
  element: Type,
  buffer: ValueId,
  offset: ValueId | undefined,
): void {
  const op = rewriter.operation(id);
  rewriter.insertionPoint = { kind: "before", op: id };
  rewriter.location = op.location;
  const lanes = element.kind === "vector" ? element.shape[0]! : 1;
  const scalar = element.kind === "vector" ? element.element : element;
  const position = (index: ValueId, lane: number): ValueId => {
    const word = arithmetic.multiply(index, arithmetic.constant(lanes));
    const placed = offset === undefined ? word : arithmetic.add(offset, word);
    return arithmetic.add(placed, arithmetic.constant(lane));
  };
  const cast = (value: ValueId, to: Type): ValueId =>
    rewriter.typeOf(value) === to ? value : arith.bitcast.build(rewriter, { in: value }, {}, { resultTypes: [to] }).out;
  const known = scalar === f32 || scalar === i32;
  const load = memref.load.match(rewriter, op);
  const store = memref.store.match(rewriter, op);
  const atomic = memref.atomic_rmw.match(rewriter, op);
  if (known && load) {
    const words = Array.from({ length: lanes }, (_, lane) => {
      const indices = [position(load.operands.indices[0]!, lane)];
      const read = rewriter.create({ name: memref.load.name, operands: [buffer, ...indices], resultTypes: [i32] });
      return cast(read.results[0]!, scalar);
    });
    const value =
      element.kind === "vector"
        ? vector.from_elements.build(rewriter, { elements: words }, {}, { resultTypes: [element] }).dest
        : words[0]!;
    rewriter.replace(op, [value]);
  } else if (known && store) {
    for (let lane = 0; lane < lanes; lane++) {
      const { value, indices } = store.operands;
      const part =
        element.kind === "vector"
          ? vector.extract.build(
              rewriter,
              { source: value, dynamic_position: [] },
              { static_position: [lane] },
              { resultTypes: [scalar] },
            ).result
          : value;
      const operands = [cast(part, i32), buffer, position(indices[0]!, lane)];
      rewriter.create({ name: memref.store.name, operands });
    }
    rewriter.erase(op);
  } else if (scalar === i32 && atomic)
    rewriter.setOperands(op.id, [atomic.operands.value, buffer, position(atomic.operands.indices[0]!, 0)]);
  else throw notLegal(op.name, "it cannot be merged with others into a buffer of words", op.location);
}
