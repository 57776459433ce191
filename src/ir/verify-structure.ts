import type { Diagnostic } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { type BlockId, type Module, type OpId, type Operation, readPage, slotCount, type ValueId } from "./module.ts";
import { malformed, verifyDiagnostics } from "./verify-diagnostics.ts";

/** Checks that a module's tables agree: that every link leads somewhere, and back. */
export function verifyStructure(module: Module): readonly Diagnostic[] {
  return new StructureCheck(module).run();
}

class StructureCheck {
  readonly #module: Module;
  readonly #found: Diagnostic[] = [];
  /** Operations and blocks that were reached, by id. */
  readonly #seen: Uint8Array;
  readonly #seenBlocks: Uint8Array;
  /** Operations to look at, the next one last. */
  readonly #pending: OpId[] = [];

  constructor(module: Module) {
    this.#module = module;
    this.#seen = new Uint8Array(slotCount(module.operations));
    this.#seenBlocks = new Uint8Array(slotCount(module.blocks));
  }

  run(): readonly Diagnostic[] {
    const root = readPage(this.#module.operations, this.#module.root);
    if (root === undefined)
      return [verifyDiagnostics.at("structure", unknownLocation, { op: "module", what: "has no root operation" })];
    if (root.parent !== undefined) this.#report(root, "is the root, but has a parent");
    this.#pending.push(root.id);
    this.#seen[root.id] = 1;
    for (let id = this.#pending.pop(); id !== undefined; id = this.#pending.pop())
      this.#operation(readPage(this.#module.operations, id)!);
    return this.#found;
  }

  #report(op: Operation, what: string): void {
    this.#found.push(malformed("structure", op, what));
  }

  #operation(op: Operation): void {
    const { operands, results, regions, successors } = op;
    for (let index = 0; index < operands.length; index++)
      if (!this.#isDefined(operands[index]!)) this.#report(op, `operand #${index} has no definition`);
    for (let index = 0; index < results.length; index++) {
      const value = readPage(this.#module.values, results[index]!);
      if (value?.kind !== "result" || value.op !== op.id || value.index !== index)
        this.#report(op, `result #${index} is not linked to it`);
    }
    for (const successor of successors)
      if (readPage(this.#module.blocks, successor) === undefined) this.#report(op, "has a successor that was erased");
    if (regions.length === 0) return;
    const first = this.#pending.length;
    for (let index = 0; index < regions.length; index++)
      for (const block of regions[index]!) this.#block(op, index, block);
    reverseFrom(this.#pending, first);
  }

  /** Checks a block; what is in it is left pending, in its order. */
  #block(op: Operation, regionIndex: number, id: BlockId): void {
    const block = readPage(this.#module.blocks, id);
    if (block === undefined) {
      this.#report(op, `region #${regionIndex} has a block that was erased`);
      return;
    }
    if (block.parent !== op.id || block.regionIndex !== regionIndex || this.#seenBlocks[id] === 1)
      this.#report(op, `region #${regionIndex} has a block that is linked elsewhere`);
    this.#seenBlocks[id] = 1;
    block.arguments.forEach((argument, index) => {
      const value = readPage(this.#module.values, argument);
      if (value?.kind !== "argument" || value.block !== id || value.index !== index)
        this.#report(op, `region #${regionIndex}: block argument #${index} is not linked to its block`);
    });
    for (const inner of block.operations) {
      if (readPage(this.#module.operations, inner)?.parent === id && this.#seen[inner] === 0) {
        this.#seen[inner] = 1;
        this.#pending.push(inner);
      } else this.#report(op, `region #${regionIndex} has an operation that was erased or is linked elsewhere`);
    }
  }

  /** Whether the value is still there, and what defines it too. */
  #isDefined(id: ValueId): boolean {
    const value = readPage(this.#module.values, id);
    if (value === undefined) return false;
    return value.kind === "result"
      ? readPage(this.#module.operations, value.op) !== undefined
      : readPage(this.#module.blocks, value.block) !== undefined;
  }
}

/** Turns the end of a list round, from a position on. */
function reverseFrom<T>(list: T[], first: number): void {
  for (let left = first, right = list.length - 1; left < right; left++, right--) {
    const moved = list[left]!;
    list[left] = list[right]!;
    list[right] = moved;
  }
}
