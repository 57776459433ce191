import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { isContiguous, staticSizes } from "../../ir/analysis/memref-layout.ts";
import { func } from "../../ir/dialects/func.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { bodyOf, type Module, type Operation, type OpId, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { lowerAttention } from "./attention-row.ts";
import { EntryConstants, IndexArithmetic } from "./index-arithmetic.ts";
import { buildNest } from "./loop-nest.ts";
import { cloneBody } from "./scalar-body.ts";

/**
 * Turns every structured operation on buffers into scalar loops: parallel loops outside, reduction loops inside with the results
 * carried in registers. Fusion groups are taken apart. Copies between buffers that are not both contiguous become loops too.
 */
export function lowerToLoops(module: Module): Module {
  const rewriter = new Rewriter(module);
  lowerFunctions(rewriter);
  return rewriter.commit().module;
}

export const lowerToLoopsPass = pass({
  name: "lower-to-loops",
  summary: "turn structured operations on buffers into scalar loops",
  anchors: ["builtin.module"],
  run: (module, _, context) => {
    const rewriter = new Rewriter(module);
    lowerFunctions(rewriter);
    return context.commit(rewriter);
  },
});

function lowerFunctions(rewriter: Rewriter): void {
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root)))
    if (func.func.match(rewriter, fn) && fn.regions[0]!.length > 0) lowerFunction(rewriter, fn);
}

function lowerFunction(rewriter: Rewriter, fn: Operation): void {
  const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, fn.regions[0]![0]!));
  lowerOperations(rewriter, arithmetic, [fn.id]);
}

/** Turns the structured operations among these and inside them into scalar loops. */
export function lowerOperations(rewriter: Rewriter, arithmetic: IndexArithmetic, roots: readonly OpId[]): void {
  const below = (): readonly Operation[] =>
    roots.flatMap((root) => (rewriter.exists(root) ? [...walk(rewriter, root)] : []));
  const dissolved = below().flatMap((op) => (op.name === "weft.kernel" ? dissolveKernel(rewriter, op) : []));
  for (const { id } of [...below(), ...dissolved]) {
    // Operations inside a lowered body went with it.
    if (!rewriter.exists(id)) continue;
    const op = rewriter.operation(id);
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const lower = lowerings[op.name];
    if (lower?.(rewriter, arithmetic, op)) rewriter.erase(op);
  }
}

/** Puts the operations of a fusion group in its place; returns them. */
export function dissolveKernel(rewriter: Rewriter, kernel: Operation): readonly Operation[] {
  const members = bodyOf(rewriter, kernel).filter((inner) => inner.name !== "weft.yield");
  for (const inner of members) rewriter.moveBefore(inner, kernel.id);
  rewriter.erase(kernel);
  return members;
}

type Lowering = (rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation) => boolean;

const lowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(linalg.dialect.operations.filter(isStructured).map(({ name }) => [name, lowerStructured])),
  "linalg.fill": lowerFill,
  "weft.online_attention": lowerAttention,
  "memref.copy": (rewriter, arithmetic, op) => {
    const [source, target] = op.operands as readonly [ValueId, ValueId];
    const plain = [source, target].every((buffer) => isContiguous(rewriter.typeOf(buffer) as MemRefType));
    return !plain && lowerCopy(rewriter, arithmetic, source, target);
  },
};

function lowerStructured(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation): boolean {
  const { bounds, iterators, inputs, outputs } = iterationSpace(rewriter, op);
  const parallel = bounds.map((_, loop) => loop).filter((loop) => iterators[loop] === "parallel");
  const reduction = bounds.map((_, loop) => loop).filter((loop) => iterators[loop] !== "parallel");
  const entryArguments = rewriter.block(op.regions[0]![0]!).arguments;
  const isRead = (position: number): boolean => rewriter.uses(entryArguments[position]!).length > 0;
  const indices: ValueId[] = bounds.map(() => arithmetic.constant(0));
  const setIndices = (loops: readonly number[], values: readonly ValueId[]): void =>
    loops.forEach((loop, position) => (indices[loop] = values[position]!));
  const placeOf = ({ map }: { map: (typeof inputs)[number]["map"] }): readonly ValueId[] =>
    map.results.map((result) => arithmetic.affine(result, indices));
  const load = (operand: (typeof inputs)[number]): ValueId =>
    rewriter.typeOf(operand.value).kind === "memref"
      ? memref.load.build(rewriter, { memref: operand.value, indices: placeOf(operand) }, {}).result
      : operand.value;
  const rangesOf = (loops: readonly number[]) => loops.map((loop) => ({ upper: bounds[loop]! }));
  const unread = -1 as ValueId;

  buildNest(arithmetic, rangesOf(parallel), [], (outer) => {
    setIndices(parallel, outer);
    const needed = outputs.map((output, position) =>
      isRead(inputs.length + position) || reduction.length > 0 ? load(output) : unread,
    );
    const point = (carried: readonly ValueId[]): readonly ValueId[] => {
      const read = inputs.map((input, position) => (isRead(position) ? load(input) : unread));
      return cloneBody(rewriter, op, [...read, ...carried], indices);
    };
    const results =
      reduction.length === 0
        ? point(needed)
        : buildNest(arithmetic, rangesOf(reduction), needed, (inner, carried) => {
            setIndices(reduction, inner);
            return point(carried);
          });
    outputs.forEach((output, position) =>
      memref.store.build(rewriter, { value: results[position]!, memref: output.value, indices: placeOf(output) }, {}),
    );
    return [];
  });
  return true;
}

function lowerFill(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation): boolean {
  const [value, target] = op.operands as readonly [ValueId, ValueId];
  const ranges = staticSizes(rewriter.typeOf(target) as MemRefType).map((upper) => ({ upper }));
  buildNest(arithmetic, ranges, [], (indices) => {
    memref.store.build(rewriter, { value, memref: target, indices }, {});
    return [];
  });
  return true;
}

function lowerCopy(rewriter: Rewriter, arithmetic: IndexArithmetic, source: ValueId, target: ValueId): boolean {
  const ranges = staticSizes(rewriter.typeOf(target) as MemRefType).map((upper) => ({ upper }));
  buildNest(arithmetic, ranges, [], (indices) => {
    const value = memref.load.build(rewriter, { memref: source, indices }, {}).result;
    memref.store.build(rewriter, { value, memref: target, indices }, {});
    return [];
  });
  return true;
}
