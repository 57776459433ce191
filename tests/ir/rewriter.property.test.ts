import { applyPatches, enablePatches, type Patch } from "immer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, registry } from "../../src/ir/dialects/index.ts";
import {
  bodyOf,
  type Module,
  ModuleReader,
  type OpId,
  type Operation,
  type ValueId,
  walk,
} from "../../src/ir/module.ts";
import { Rewriter } from "../../src/ir/rewriter.ts";
import { i32 } from "../../src/ir/types.ts";
import { verifyModule } from "../../src/ir/verifier.ts";

enablePatches();

/** A function with a chain of additions, each of the two values before it. */
const chain = (length: number): Module =>
  createModule((rewriter) => {
    createFunction(rewriter, "main", [i32, i32], (builder, [x, y]) => {
      let [before, last] = [x!, y!];
      for (let made = 0; made < length; made++)
        [before, last] = [last, arith.addi.build(builder, { lhs: before, rhs: last }, {}).result];
      return [last];
    });
  });

const additions = (reader: ModuleReader | Rewriter): readonly Operation[] =>
  [...walk(reader)].filter((op) => op.name === arith.addi.name);

/** Every use as operands say, by value. */
function usesByOperands(reader: Rewriter | ModuleReader): ReadonlyMap<ValueId, ReadonlySet<string>> {
  const uses = new Map<ValueId, Set<string>>();
  for (const op of walk(reader))
    op.operands.forEach((operand, index) => {
      const known = uses.get(operand) ?? new Set();
      uses.set(operand, known.add(`${op.id}/${index}`));
    });
  return uses;
}
function expectExactUses(reader: Rewriter | ModuleReader): void {
  const expected = usesByOperands(reader);
  for (const op of walk(reader))
    for (const result of op.results) {
      const found = reader.uses(result).map((use) => `${use.op}/${use.index}`);
      expect(new Set(found)).toEqual(expected.get(result) ?? new Set());
      expect(reader.useCount(result)).toBe(found.length);
    }
}

type Edit = (rewriter: Rewriter, pick: (count: number) => number) => void;
/** Edits that keep the program valid, each of a place that is drawn. */
const edits: readonly Edit[] = [
  // An addition is made again after it, and takes its place.
  (rewriter, pick) => {
    const all = additions(rewriter);
    const op = all[pick(all.length)];
    if (op === undefined) return;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
    rewriter.replace(op, [arith.subi.build(rewriter, { lhs: rhs, rhs: lhs }, {}).result]);
  },
  // An addition is replaced by what it reads.
  (rewriter, pick) => {
    const all = additions(rewriter);
    const op = all[pick(all.length)];
    if (op !== undefined) rewriter.replace(op, [op.operands[pick(2)]!]);
  },
  // Operands change places.
  (rewriter, pick) => {
    const all = additions(rewriter);
    const op = all[pick(all.length)];
    if (op !== undefined) rewriter.setOperands(op.id, op.operands.toReversed());
  },
  // One operand becomes the other.
  (rewriter, pick) => {
    const all = additions(rewriter);
    const op = all[pick(all.length)];
    if (op !== undefined) rewriter.setOperand(op.id, 0, op.operands[1]!);
  },
  // An operation is copied to the end, before the terminator.
  (rewriter, pick) => {
    const all = additions(rewriter);
    const op = all[pick(all.length)];
    if (op === undefined) return;
    const block = rewriter.block(op.parent!);
    rewriter.insertionPoint = { kind: "before", op: block.operations.at(-1)! };
    rewriter.clone(op);
  },
  // An operation goes to the end, if nothing reads it.
  (rewriter, pick) => {
    const idle = additions(rewriter).filter((op) => rewriter.useCount(op.results[0]!) === 0);
    const op = idle[pick(idle.length)];
    if (op !== undefined) rewriter.moveBefore(op, rewriter.block(op.parent!).operations.at(-1)!);
  },
  // An operation that nothing reads is erased.
  (rewriter, pick) => {
    const idle = additions(rewriter).filter((op) => rewriter.useCount(op.results[0]!) === 0);
    const op = idle[pick(idle.length)];
    if (op !== undefined) rewriter.erase(op);
  },
];

const pagesOf = (module: Module): readonly unknown[] => [...module.operations, ...module.values, ...module.blocks];

describe("edits in any order", () => {
  const draws = fc.array(fc.tuple(fc.nat({ max: edits.length - 1 }), fc.nat(), fc.nat()), { maxLength: 40 });
  test("keep uses exact, the module valid and the module before as it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), draws, (length, steps) => {
        const base = chain(length);
        const before = JSON.stringify(base);
        const rewriter = new Rewriter(base);
        for (const [which, first, second] of steps) {
          let asked = 0;
          edits[which]!(rewriter, (count) => (count === 0 ? 0 : (asked++ === 0 ? first : second) % count));
        }
        expectExactUses(rewriter);
        const { module, patches, inversePatches } = rewriter.commit();
        expect(JSON.stringify(base)).toBe(before);
        expect(verifyModule(module, registry)).toEqual([]);
        expectExactUses(new ModuleReader(module));
        expect(applyPatches(base, patches as Patch[])).toEqual(module);
        expect(applyPatches(module, inversePatches as Patch[])).toEqual(base);
        for (const page of pagesOf(module)) expect(Object.isFrozen(page)).toBe(true);
        for (const op of walk(new ModuleReader(module)))
          expect([op, op.operands, op.results, op.regions, op.successors].every(Object.isFrozen)).toBe(true);
      }),
    );
  });
  test("may go on after a commit", () => {
    const rewriter = new Rewriter(chain(20));
    edits[0]!(rewriter, () => 3);
    const { module: first } = rewriter.commit();
    const text = JSON.stringify(first);
    edits[0]!(rewriter, () => 5);
    const { module: second } = rewriter.commit();
    expect(JSON.stringify(first)).toBe(text);
    expect(additions(new ModuleReader(second)).length).toBe(18);
    expect(verifyModule(second, registry)).toEqual([]);
  });
});

test("ten edits in a hundred thousand operations leave 95 % of the pages as they are", () => {
  const base = chain(100_000);
  const rewriter = new Rewriter(base);
  const [fn] = bodyOf(rewriter, rewriter.operation(rewriter.root));
  const { operations } = rewriter.block(fn!.regions[0]![0]!);
  for (let edit = 0; edit < 10; edit++) {
    const op = rewriter.operation(operations[edit * 10_000 + 5_000] as OpId);
    rewriter.insertionPoint = { kind: "before", op: op.id };
    const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
    rewriter.replace(op, [arith.muli.build(rewriter, { lhs, rhs }, {}).result]);
  }
  const { module } = rewriter.commit();
  const known = new Set(pagesOf(base));
  const pages = pagesOf(module);
  expect(pages.filter((page) => known.has(page)).length / pages.length).toBeGreaterThan(0.95);
});
