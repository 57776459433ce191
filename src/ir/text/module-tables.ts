import type { Location } from "../../support/location.ts";
import {
  type Block,
  type BlockId,
  type Module,
  type OpId,
  type Operation,
  pageBits,
  type Pages,
  pageSize,
  type Resource,
  type Value,
  type ValueId,
} from "../module.ts";
import type { Type } from "../types.ts";

/** The tables of a module while its text is read. Numbers are given out first and filled later, as forward references need. */
export class ModuleTables {
  readonly #operations: (Operation | undefined)[] = [];
  readonly #values: (Value | undefined)[] = [];
  readonly #blocks: (Block | undefined)[] = [];
  readonly resources = new Map<string, Resource>();

  reserveOperation(): OpId {
    return (this.#operations.push(undefined) - 1) as OpId;
  }
  reserveValue(): ValueId {
    return (this.#values.push(undefined) - 1) as ValueId;
  }
  reserveBlock(): BlockId {
    return (this.#blocks.push(undefined) - 1) as BlockId;
  }
  setOperation(operation: Operation): void {
    this.#operations[operation.id] = Object.freeze(operation);
  }
  setBlock(block: Block): void {
    this.#blocks[block.id] = Object.freeze(block);
  }
  setResult(id: ValueId, type: Type, op: OpId, index: number): void {
    this.#values[id] = Object.freeze({ id, type, kind: "result", op, index });
  }
  setArgument(id: ValueId, type: Type, block: BlockId, index: number, location: Location): void {
    this.#values[id] = Object.freeze({ id, type, kind: "argument", block, index, location });
  }
  relocateArgument(id: ValueId, location: Location): void {
    const value = this.#values[id];
    if (value?.kind === "argument") this.#values[id] = Object.freeze({ ...value, location });
  }
  operation(id: OpId): Operation {
    return this.#operations[id]!;
  }
  /** Takes an operation and a block out that turned out not to be needed. */
  dropWrapper(op: OpId, block: BlockId): void {
    this.#operations[op] = undefined;
    this.#blocks[block] = undefined;
  }

  finish(root: OpId): Module {
    return Object.freeze({
      operations: pagesOf(this.#operations),
      values: pagesOf(this.#values),
      blocks: pagesOf(this.#blocks),
      root,
      resources: Object.freeze(Object.fromEntries(this.resources)),
    });
  }
}

function pagesOf<T>(entities: readonly (T | undefined)[]): Pages<T> {
  const pages: (readonly (T | undefined)[])[] = [];
  for (let page = 0; page << pageBits < entities.length; page++)
    pages.push(Object.freeze(entities.slice(page << pageBits, (page << pageBits) + pageSize)));
  return Object.freeze(pages);
}
