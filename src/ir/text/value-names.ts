import {
  type BlockId,
  type IrReader,
  type Operation,
  pageBits,
  pageMask,
  type Region,
  type ValueId,
} from "../module.ts";

/** Suggests a name for an operation's result, as `c0` for a constant; undefined for a number. */
export type ResultNamer = (op: Operation, reader: IrReader) => string | undefined;

/** Suggests a name for an argument of an operation's region; undefined for `arg` and a number. */
export type ArgumentNamer = (op: Operation, index: number) => string | undefined;
/** The pretty form's names. */
export interface Namers {
  readonly result: ResultNamer;
  readonly argument: ArgumentNamer;
}

interface Counters {
  value: number;
  argument: number;
  conflict: number;
}
interface PendingRegion {
  readonly region: Region;
  readonly counters: Counters;
  readonly scope: NameScope;
}

/** Names that are taken, those of the surrounding regions included. */
class NameScope {
  readonly #names = new Set<string>();
  readonly #parent: NameScope | undefined;

  constructor(parent?: NameScope) {
    this.#parent = parent;
  }
  has(name: string): boolean {
    return this.#names.has(name) || (this.#parent?.has(name) ?? false);
  }
  add(name: string): void {
    this.#names.add(name);
  }
}

/**
 * Numbers values and blocks as upstream's printer does: a region's own values first, then the regions nested in it. In the
 * generic form numbers are unique in the whole text and regions are visited last first; in the pretty form every region goes on
 * from the numbers of the one around it.
 */
export class ValueNames {
  /** What values are written as where they are used, in pages as a module has its tables. */
  readonly #values: string[][] = [];
  readonly #blocks = new Map<BlockId, string>();
  readonly #reader: IrReader;
  readonly #namers: Namers | undefined;

  /** @param namers for the pretty form; without them everything is numbered. */
  constructor(reader: IrReader, root: Operation, namers: Namers | undefined) {
    this.#reader = reader;
    this.#namers = namers;
    this.#number(root);
  }

  value(id: ValueId): string {
    return this.#values[id >> pageBits]?.[id & pageMask] ?? "<<UNKNOWN SSA VALUE>>";
  }
  /** What stands before `=`: `%0`, or `%0:2` for a pack. */
  results(op: Operation): string {
    const first = this.value(op.results[0]!);
    return op.results.length === 1 ? first : `${first.slice(0, first.lastIndexOf("#"))}:${op.results.length}`;
  }
  block(id: BlockId): string {
    return this.#blocks.get(id) ?? "^INVALIDBLOCK";
  }

  #number(root: Operation): void {
    const unique = this.#namers === undefined;
    let counters: Counters = { value: 0, argument: 0, conflict: 0 };
    const outermost = new NameScope();
    this.#nameResults(root, counters, outermost);
    const pending: PendingRegion[] = root.regions.map((region) => ({
      region,
      counters: { ...counters },
      scope: outermost,
    }));
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (!unique) counters = { ...next.counters };
      const scope = new NameScope(next.scope);
      const nested = this.#numberRegion(next.region, counters, scope);
      for (const region of nested) pending.push({ region, counters: unique ? counters : { ...counters }, scope });
    }
  }

  /** Names what the region's own blocks define; returns the regions of its operations. */
  #numberRegion(region: Region, counters: Counters, scope: NameScope): readonly Region[] {
    const nested: Region[] = [];
    region.forEach((id, position) => {
      this.#blocks.set(id, `^bb${position}`);
      const block = this.#reader.block(id);
      const owner = this.#namers === undefined ? undefined : this.#reader.operation(block.parent);
      block.arguments.forEach((argument, index) => {
        const suggested = owner && position === 0 ? this.#namers!.argument(owner, index) : undefined;
        const name =
          position === 0
            ? uniqueName(suggested ?? `arg${counters.argument++}`, counters, scope)
            : String(counters.value++);
        this.#set(argument, `%${name}`);
      });
      for (const operation of block.operations) {
        const op = this.#reader.operation(operation);
        this.#nameResults(op, counters, scope);
        if (op.regions.length > 0) nested.push(...op.regions);
      }
    });
    return nested;
  }

  #nameResults(op: Operation, counters: Counters, scope: NameScope): void {
    if (op.results.length === 0) return;
    const suggested = this.#namers?.result(op, this.#reader);
    const name = suggested === undefined ? String(counters.value++) : uniqueName(suggested, counters, scope);
    if (op.results.length === 1) this.#set(op.results[0]!, `%${name}`);
    else op.results.forEach((result, index) => this.#set(result, `%${name}#${index}`));
  }

  #set(id: ValueId, text: string): void {
    (this.#values[id >> pageBits] ??= [])[id & pageMask] = text;
  }
}

function uniqueName(suggested: string, counters: Counters, scope: NameScope): string {
  let name = suggested;
  while (scope.has(name)) name = `${suggested}_${counters.conflict++}`;
  scope.add(name);
  return name;
}
