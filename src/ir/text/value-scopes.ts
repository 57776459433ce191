import type { ValueId } from "../module.ts";
import type { Type } from "../types.ts";

/** What a name stands for: a value that is defined, or one that was only used so far. */
export interface NamedValue {
  readonly id: ValueId;
  readonly type: Type | undefined;
  /** Token of the definition; undefined while there is none. */
  definition: number | undefined;
  /** Token of the first use before the definition. */
  readonly firstUse: number;
  /** Its definition could not be read, so nothing is known about it. */
  readonly broken: boolean;
}

interface IsolatedScope {
  readonly names: Map<string, NamedValue>;
  /** The names defined in each nested region, innermost last. */
  readonly nested: string[][];
}

/** SSA names: a region sees those of the regions around it, up to the nearest isolated operation. */
export class ValueScopes {
  readonly #scopes: IsolatedScope[] = [];

  get #current(): IsolatedScope {
    return this.#scopes.at(-1)!;
  }
  /** How many scopes are open; given to `unwind` when an operation could not be read to its end. */
  get depth(): readonly [number, number] {
    return [this.#scopes.length, this.#scopes.at(-1)?.nested.length ?? 0];
  }
  unwind([scopes, nested]: readonly [number, number]): void {
    this.#scopes.length = scopes;
    while (this.#scopes.length > 0 && this.#current.nested.length > nested) this.#closeNested();
  }

  open(isolated: boolean): void {
    if (isolated) this.#scopes.push({ names: new Map(), nested: [] });
    this.#current.nested.push([]);
  }
  /** Leaves a region; returns the names of an isolated one that were used and never defined. */
  close(isolated: boolean): readonly (readonly [string, NamedValue])[] {
    if (!isolated) {
      this.#closeNested();
      return [];
    }
    const { names } = this.#scopes.pop()!;
    return [...names].filter(([, value]) => value.definition === undefined && !value.broken);
  }
  #closeNested(): void {
    const { names, nested } = this.#current;
    for (const name of nested.pop()!) names.delete(name);
  }

  find(name: string): NamedValue | undefined {
    return this.#current.names.get(name);
  }
  /** A use before the definition. */
  addForward(name: string, id: ValueId, type: Type, firstUse: number): void {
    this.#current.names.set(name, { id, type, definition: undefined, firstUse, broken: false });
  }
  define(name: string, id: ValueId, type: Type, definition: number): void {
    const { names, nested } = this.#current;
    names.set(name, { id, type, definition, firstUse: definition, broken: false });
    nested.at(-1)!.push(name);
  }
  /** Marks a name whose definition could not be read, so that its uses are no errors. */
  break(name: string, id: ValueId): void {
    const { names, nested } = this.#current;
    const known = names.get(name);
    if (known?.definition !== undefined) return;
    names.set(name, { id: known?.id ?? id, type: undefined, definition: undefined, firstUse: 0, broken: true });
    nested.at(-1)!.push(name);
  }
}
