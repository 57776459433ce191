import {
  type AffineExpression,
  affine,
  type AffineMap,
  affineMap,
  projectedDimensions,
  substituteAffine,
} from "../../ir/affine.ts";
import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../../ir/module.ts";

/** An operand of a stage, indexed by the loops of its group. */
export interface Access {
  readonly value: ValueId;
  readonly map: AffineMap;
}

/** One structured operation of a group: a fill, the reduction (or the only operation), or one that follows it element by element. */
export interface Stage {
  readonly op: Operation;
  readonly inputs: readonly Access[];
  readonly outputs: readonly Access[];
  /** For each loop of the operation itself, the group's loop. Empty for a fill. */
  readonly loops: readonly number[];
}

/**
 * One loop nest to be: a `weft.kernel` on buffers, or a structured operation by itself. The loops are those of the anchor, the one
 * stage that may have reductions; the other stages run over its parallel loops.
 */
export interface KernelGroup {
  readonly op: Operation;
  readonly bounds: readonly number[];
  readonly iterators: readonly IteratorType[];
  readonly stages: readonly Stage[];
  /** Position of the anchor among the stages. */
  readonly anchor: number;
}

/** The stage that decides the group's loops. */
export const anchorOf = (group: KernelGroup): Stage => group.stages[group.anchor]!;

/** The numbers of the loops of one kind. */
export const loopsOf = (group: KernelGroup, kind: "parallel" | "reduction"): readonly number[] =>
  group.iterators.flatMap((iterator, loop) => ((iterator === "parallel") === (kind === "parallel") ? [loop] : []));

/** Rewrites a map over an operation's own loops to one over the group's. */
function overGroupLoops(map: AffineMap, loops: readonly number[], count: number): AffineMap {
  const dimensions = loops.map((loop) => affine.dimension(loop));
  return affineMap(
    count,
    map.results.map((result) => substituteAffine(result, dimensions)),
  );
}

const isStage = (op: Operation): boolean => op.name === "linalg.generic" || op.name === "linalg.fill";

/** Reads a group; undefined when the operation is none, or its stages do not run over common loops. */
export function readGroup(reader: IrReader, op: Operation): KernelGroup | undefined {
  if (op.results.length > 0) return undefined;
  const members = op.name === "weft.kernel" ? bodyOf(reader, op).slice(0, -1) : isStage(op) ? [op] : [];
  const stages = members.filter((member) => member.name !== "memref.alloc");
  if (stages.length === 0 || !stages.every(isStage)) return undefined;
  const generics = stages.filter((stage) => stage.name === "linalg.generic");
  if (generics.length === 0) return stages.length === 1 ? fillGroup(reader, op, stages[0]!) : undefined;
  const reducing = generics.filter((generic) =>
    iterationSpace(reader, generic).iterators.some((iterator) => iterator !== "parallel"),
  );
  if (reducing.length > 1 || reducing.some((generic) => generic !== generics[0])) return undefined;
  return unify(reader, op, stages, generics[0]!);
}

/** A fill by itself: one loop for each dimension. */
function fillGroup(reader: IrReader, op: Operation, fill: Operation): KernelGroup | undefined {
  if (op !== fill) return undefined;
  const [value, target] = fill.operands as readonly [ValueId, ValueId];
  const type = reader.typeOf(target);
  if (type.kind !== "memref") return undefined;
  const bounds = type.shape as readonly number[];
  const loops = bounds.map((_, loop) => loop);
  const map = affineMap(
    bounds.length,
    loops.map((loop) => affine.dimension(loop)),
  );
  const stage: Stage = {
    op: fill,
    inputs: [{ value, map: affineMap(bounds.length, []) }],
    outputs: [{ value: target, map }],
    loops,
  };
  return { op, bounds, iterators: bounds.map(() => "parallel"), stages: [stage], anchor: 0 };
}

function unify(
  reader: IrReader,
  op: Operation,
  members: readonly Operation[],
  anchor: Operation,
): KernelGroup | undefined {
  const space = iterationSpace(reader, anchor);
  const count = space.bounds.length;
  const identity = space.bounds.map((_, loop) => loop);
  const own: Stage = { op: anchor, inputs: space.inputs, outputs: space.outputs, loops: identity };
  const stages: Stage[] = [];
  for (const member of members) {
    const stage =
      member === anchor
        ? own
        : member.name === "linalg.fill"
          ? fillStage(member, own, count)
          : followingStage(reader, member, [...stages], count);
    if (!stage) return undefined;
    stages.push(stage);
  }
  return { op, bounds: space.bounds, iterators: space.iterators, stages, anchor: members.indexOf(anchor) };
}

/** A fill of what the anchor accumulates into. */
function fillStage(fill: Operation, anchor: Stage, count: number): Stage | undefined {
  const [value, target] = fill.operands as readonly [ValueId, ValueId];
  const output = anchor.outputs.find((candidate) => candidate.value === target);
  if (!output || !projectedDimensions(output.map)) return undefined;
  return { op: fill, inputs: [{ value, map: affineMap(count, []) }], outputs: [output], loops: [] };
}

/** A stage whose loops are those of an earlier stage, told by a buffer that one writes and the other reads element by element. */
function followingStage(reader: IrReader, op: Operation, earlier: readonly Stage[], count: number): Stage | undefined {
  const space = iterationSpace(reader, op);
  if (space.iterators.some((iterator) => iterator !== "parallel")) return undefined;
  const written = earlier.flatMap((stage) => stage.outputs);
  for (const access of [...space.inputs, ...space.outputs]) {
    const source = written.findLast((output) => output.value === access.value);
    const from = source && projectedDimensions(source.map);
    const to = projectedDimensions(access.map);
    if (!from || !to || to.length !== space.bounds.length || new Set(to).size !== to.length) continue;
    const loops: number[] = [];
    to.forEach((position, dimension) => (loops[position] = from[dimension]!));
    const moved = ({ value, map }: Access): Access => ({ value, map: overGroupLoops(map, loops, count) });
    return { op, inputs: space.inputs.map(moved), outputs: space.outputs.map(moved), loops };
  }
  return undefined;
}

/** The loops whose position a stage's body asks for, in the group's numbers. */
export function indexedLoops(reader: IrReader, stage: Stage): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (op: Operation): void => {
    const position = linalg.index.match(reader, op);
    if (position) found.add(stage.loops[position.attributes.dim]!);
    for (const region of op.regions)
      for (const block of region) for (const inner of reader.block(block).operations) visit(reader.operation(inner));
  };
  for (const inner of bodyOf(reader, stage.op)) visit(inner);
  return found;
}

/** Whether an argument of a stage's body is read: inputs first, then outputs. */
export function isArgumentRead(reader: IrReader, stage: Stage, position: number): boolean {
  const argument = reader.block(stage.op.regions[0]![0]!).arguments[position]!;
  return stage.op.name === "linalg.fill" ? position === 0 : reader.uses(argument).length > 0;
}

/** The terms of a sum. */
export function termsOf(expression: AffineExpression): readonly AffineExpression[] {
  return expression.kind === "add" ? [...termsOf(expression.left), ...termsOf(expression.right)] : [expression];
}
