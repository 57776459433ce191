import type { Diagnostic } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { type BlockId, type Module, type OpId, type Operation, readPage, type ValueId } from "./module.ts";
import { malformed, verifyDiagnostics } from "./verify-diagnostics.ts";

/** Checks that a module's tables agree: that every link leads somewhere, and back. */
export function verifyStructure(module: Module): readonly Diagnostic[] {
  return new StructureCheck(module).run();
}

class StructureCheck {
  readonly #module: Module;
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<OpId>();
  readonly #seenBlocks = new Set<BlockId>();

  constructor(module: Module) {
    this.#module = module;
  }

  run(): readonly Diagnostic[] {
    const root = readPage(this.#module.operations, this.#module.root);
    if (root === undefined)
      return [verifyDiagnostics.at("structure", unknownLocation, { op: "module", what: "has no root operation" })];
    if (root.parent !== undefined) this.#report(root, "is the root, but has a parent");
    const pending: OpId[] = [root.id];
    this.#seen.add(root.id);
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const op = readPage(this.#module.operations, id)!;
      const inner = this.#operation(op);
      for (let index = inner.length - 1; index >= 0; index--) pending.push(inner[index]!);
    }
    return this.#found;
  }

  #report(op: Operation, what: string): void {
    this.#found.push(malformed("structure", op, what));
  }

  /** Checks one operation; returns those directly below it. */
  #operation(op: Operation): readonly OpId[] {
    op.operands.forEach((operand, index) => {
      if (!this.#isDefined(operand)) this.#report(op, `operand #${index} has no definition`);
    });
    op.results.forEach((result, index) => {
      const value = readPage(this.#module.values, result);
      if (value?.kind !== "result" || value.op !== op.id || value.index !== index)
        this.#report(op, `result #${index} is not linked to it`);
    });
    for (const successor of op.successors)
      if (readPage(this.#module.blocks, successor) === undefined) this.#report(op, "has a successor that was erased");
    return op.regions.flatMap((region, regionIndex) => region.flatMap((id) => this.#block(op, regionIndex, id)));
  }

  #block(op: Operation, regionIndex: number, id: BlockId): readonly OpId[] {
    const block = readPage(this.#module.blocks, id);
    if (block === undefined) {
      this.#report(op, `region #${regionIndex} has a block that was erased`);
      return [];
    }
    if (block.parent !== op.id || block.regionIndex !== regionIndex || this.#seenBlocks.has(id))
      this.#report(op, `region #${regionIndex} has a block that is linked elsewhere`);
    this.#seenBlocks.add(id);
    block.arguments.forEach((argument, index) => {
      const value = readPage(this.#module.values, argument);
      if (value?.kind !== "argument" || value.block !== id || value.index !== index)
        this.#report(op, `region #${regionIndex}: block argument #${index} is not linked to its block`);
    });
    return block.operations.filter((inner) => {
      const operation = readPage(this.#module.operations, inner);
      if (operation?.parent === id && !this.#seen.has(inner)) {
        this.#seen.add(inner);
        return true;
      }
      this.#report(op, `region #${regionIndex} has an operation that was erased or is linked elsewhere`);
      return false;
    });
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
