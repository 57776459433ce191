import type { Location } from "../../support/location.ts";
import {
  type Block,
  type BlockId,
  keepUses,
  type Module,
  type OpId,
  type Operation,
  pageBits,
  pageMask,
  type Pages,
  type Resource,
  type Value,
  type ValueId,
} from "../module.ts";
import type { Type } from "../types.ts";
import { UseLists } from "../use-lists.ts";

/** A table while it is filled, in the module's pages from the start. Numbers are given out in order. */
class OpenTable<T> {
  readonly #pages: (T | undefined)[][] = [];
  #count = 0;

  reserve(): number {
    const id = this.#count++;
    if ((id & pageMask) === 0) this.#pages.push([]);
    this.#pages[id >> pageBits]!.push(undefined);
    return id;
  }
  get(id: number): T | undefined {
    return this.#pages[id >> pageBits]![id & pageMask];
  }
  set(id: number, entity: T | undefined): void {
    this.#pages[id >> pageBits]![id & pageMask] = entity;
  }
  finish(): Pages<T> {
    for (const page of this.#pages) Object.freeze(page);
    return Object.freeze(this.#pages);
  }
}

/** The tables of a module while its text is read. Numbers are given out first and filled later, as forward references need. */
export class ModuleTables {
  readonly #operations = new OpenTable<Operation>();
  readonly #values = new OpenTable<Value>();
  readonly #blocks = new OpenTable<Block>();
  readonly resources = new Map<string, Resource>();
  /** Those of other dialects and tools: texts by key, by section and owner. */
  readonly otherResources = new Map<string, Map<string, string>>();
  /** Collected while records are at hand, which costs a tenth of coming back for them; undefined where they came out of order. */
  #uses: UseLists | undefined = UseLists.empty();
  #lastReader = -1;

  reserveOperation(): OpId {
    return this.#operations.reserve() as OpId;
  }
  reserveValue(): ValueId {
    return this.#values.reserve() as ValueId;
  }
  reserveBlock(): BlockId {
    return this.#blocks.reserve() as BlockId;
  }
  setOperation(operation: Operation): void {
    if (operation.operands.length > 0) this.#collectUses(operation);
    this.#operations.set(operation.id, Object.freeze(operation));
  }
  #collectUses({ id, operands }: Operation): void {
    // A record that is written again reads what it read.
    if (this.#uses === undefined || this.#operations.get(id) !== undefined) return;
    if (id < this.#lastReader) this.#uses = undefined;
    else this.#uses.addAll(id, operands);
    this.#lastReader = id;
  }
  setBlock(block: Block): void {
    this.#blocks.set(block.id, Object.freeze(block));
  }
  setResult(id: ValueId, type: Type, op: OpId, index: number): void {
    this.#values.set(id, Object.freeze({ id, type, kind: "result", op, index }));
  }
  setArgument(id: ValueId, type: Type, block: BlockId, index: number, location: Location): void {
    this.#values.set(id, Object.freeze({ id, type, kind: "argument", block, index, location }));
  }
  relocateArgument(id: ValueId, location: Location): void {
    const value = this.#values.get(id);
    if (value?.kind === "argument") this.#values.set(id, Object.freeze({ ...value, location }));
  }
  operation(id: OpId): Operation {
    return this.#operations.get(id)!;
  }
  /** The type of a value that is defined. */
  typeOf(id: ValueId): Type {
    return this.#values.get(id)!.type;
  }
  /** Takes an operation and a block out that turned out not to be needed. */
  dropWrapper(op: OpId, block: BlockId): void {
    this.#operations.set(op, undefined);
    this.#blocks.set(block, undefined);
  }

  #otherResources(): Record<string, Readonly<Record<string, string>>> {
    return Object.fromEntries(
      [...this.otherResources].map(([owner, texts]) => [owner, Object.freeze(Object.fromEntries(texts))]),
    );
  }

  finish(root: OpId): Module {
    const module: Module = Object.freeze({
      operations: this.#operations.finish(),
      values: this.#values.finish(),
      blocks: this.#blocks.finish(),
      root,
      resources: Object.freeze(Object.fromEntries(this.resources)),
      ...(this.otherResources.size === 0 ? {} : { otherResources: Object.freeze(this.#otherResources()) }),
    });
    if (this.#uses !== undefined) keepUses(module, this.#uses);
    return module;
  }
}
