import type { ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import type { CodeUnits } from "./characters.ts";

/** The first result of several, `%a#0`, is also `%a`. */
export const nameOfUse = (name: string): string => (name.endsWith("#0") ? name.slice(0, -2) : name);

/** A value's name as scopes look it up: the number of `%12`, else the text. */
export type ValueKey = string | number;

/** Longer numbers are looked up by their text, so that `%999999999` takes no memory. */
const mostDigits = 7;
const zero = 48;

/** The key of a name with its `%`. */
export function keyOfName(name: string): ValueKey {
  if (name.length > mostDigits + 1 || name.length < 2) return name;
  let number = 0;
  for (let index = 1; index < name.length; index++) {
    const digit = name.charCodeAt(index) - zero;
    if (digit < 0 || digit > 9) return name;
    number = number * 10 + digit;
  }
  // `%07` is another name than `%7`.
  return name.length > 2 && name.charCodeAt(1) === zero ? name : number;
}
/** The key of the name between two positions of a text. */
export function keyOfCodes(source: string, codes: CodeUnits, start: number, end: number): ValueKey {
  const digits = end - start - 1;
  if (digits > mostDigits || (digits > 1 && codes[start + 1] === zero)) return source.slice(start, end);
  let number = 0;
  for (let position = start + 1; position < end; position++) {
    const digit = codes[position]! - zero;
    if (digit < 0 || digit > 9) return source.slice(start, end);
    number = number * 10 + digit;
  }
  return number;
}
/** The name that a key stands for, with its `%`. */
export const nameOfKey = (key: ValueKey): string => (typeof key === "number" ? `%${key}` : key);

/** A name that an isolated region uses and does not define. */
export interface UndefinedName {
  readonly name: string;
  /** Token of its first use. */
  readonly firstUse: number;
  /** Whether the regions around define it, which the isolated one does not see. */
  readonly isDefinedAround: boolean;
}

interface IsolatedScope {
  readonly number: number;
  readonly names: Map<string, ValueId>;
  /** The names that each region below the outermost defines, innermost last. */
  readonly nested: ValueKey[][];
  /** Uses before a definition. */
  readonly forward: (readonly [ValueKey, ValueId])[];
  /** Numbers that mean something else around this scope: each with its value and its scope. */
  readonly hidden: number[];
}

/** A value's name whose definition could not be read. */
const broken = -(2 ** 31);

/** SSA names: a region sees those of the regions around it, up to the nearest isolated operation. */
export class ValueScopes {
  readonly #scopes: IsolatedScope[] = [];
  #current: IsolatedScope | undefined;
  #opened = 0;
  /** For numbers: one more than the value, and the scope that this holds in. */
  #numbered = new Int32Array(1024);
  #numberedIn = new Int32Array(1024);
  /** For values: 1 + the token of the definition, -1 - the token of the first use while there is none, or `broken`. */
  #places = new Int32Array(1024);
  readonly #forwardTypes = new Map<ValueId, Type>();

  /** How many scopes are open; given to `unwind` when an operation could not be read to its end. */
  get depth(): readonly [number, number] {
    return [this.#scopes.length, this.#current?.nested.length ?? 0];
  }
  unwind([scopes, nested]: readonly [number, number]): void {
    while (this.#scopes.length > scopes) this.#closeIsolated();
    while (this.#current !== undefined && this.#current.nested.length > nested) this.#closeNested(this.#current);
  }

  open(isolated: boolean): void {
    if (isolated)
      this.#scopes.push(
        (this.#current = { number: ++this.#opened, names: new Map(), nested: [], forward: [], hidden: [] }),
      );
    else this.#current!.nested.push([]);
  }
  /** Leaves a region; returns the names of an isolated one that were used and never defined. */
  close(isolated: boolean): readonly UndefinedName[] {
    const scope = this.#current!;
    if (!isolated) {
      this.#closeNested(scope);
      return [];
    }
    const undefinedNames = scope.forward
      .filter(([key, id]) => this.find(key) === id && this.firstUse(id) !== undefined)
      .map(([key, id]) => ({ name: nameOfKey(key), firstUse: this.firstUse(id)! }));
    this.#closeIsolated();
    const around = this.#current;
    return undefinedNames.map((use) => ({
      ...use,
      isDefinedAround: around !== undefined && this.#isDefined(use.name),
    }));
  }
  #isDefined(name: string): boolean {
    const known = this.find(keyOfName(name));
    return known !== undefined && this.definition(known) !== undefined;
  }
  #closeIsolated(): void {
    const { hidden } = this.#scopes.pop()!;
    this.#current = this.#scopes.at(-1);
    for (let index = hidden.length - 3; index >= 0; index -= 3) {
      this.#numbered[hidden[index]!] = hidden[index + 1]!;
      this.#numberedIn[hidden[index]!] = hidden[index + 2]!;
    }
  }
  #closeNested({ names, nested, number }: IsolatedScope): void {
    for (const key of nested.pop()!)
      if (typeof key === "string") names.delete(key);
      else if (this.#numberedIn[key] === number) this.#numbered[key] = 0;
  }

  find(key: ValueKey): ValueId | undefined {
    const scope = this.#current!;
    if (typeof key === "string") return scope.names.get(key);
    if (key >= this.#numbered.length || this.#numberedIn[key] !== scope.number) return undefined;
    const value = this.#numbered[key]!;
    return value === 0 ? undefined : ((value - 1) as ValueId);
  }
  /** Token of a value's definition; undefined while there is none. */
  definition(id: ValueId): number | undefined {
    const place = this.#places[id]!;
    return place > 0 ? place - 1 : undefined;
  }
  /** Token of the first use of a value that is not defined. */
  firstUse(id: ValueId): number | undefined {
    const place = this.#places[id]!;
    return place < 0 && place !== broken ? -1 - place : undefined;
  }
  /** The type that a value was used with before its definition. */
  forwardType(id: ValueId): Type | undefined {
    return this.#forwardTypes.get(id);
  }

  /** A use before the definition. */
  addForward(key: ValueKey, id: ValueId, type: Type, firstUse: number): void {
    this.#set(key, id, -1 - firstUse);
    this.#current!.forward.push([key, id]);
    this.#forwardTypes.set(id, type);
  }
  define(key: ValueKey, id: ValueId, definition: number): void {
    this.#set(key, id, definition + 1);
    this.#current!.nested.at(-1)?.push(key);
  }
  /** Marks a name whose definition could not be read, so that its uses are no errors. */
  break(key: ValueKey, id: ValueId): void {
    const known = this.find(key);
    if (known !== undefined && this.definition(known) !== undefined) return;
    this.#forwardTypes.delete(known ?? id);
    this.#set(key, known ?? id, broken);
    this.#current!.nested.at(-1)?.push(key);
  }

  #set(key: ValueKey, id: ValueId, place: number): void {
    if (id >= this.#places.length) this.#places = enlarged(this.#places, id);
    this.#places[id] = place;
    const scope = this.#current!;
    if (typeof key === "string") {
      scope.names.set(key, id);
      return;
    }
    if (key >= this.#numbered.length) {
      this.#numbered = enlarged(this.#numbered, key);
      this.#numberedIn = enlarged(this.#numberedIn, key);
    }
    const around = this.#numberedIn[key]!;
    if (around !== scope.number && this.#numbered[key] !== 0) scope.hidden.push(key, this.#numbered[key]!, around);
    this.#numbered[key] = id + 1;
    this.#numberedIn[key] = scope.number;
  }
}

/** The same numbers with room for `index`, at least twice as many. */
function enlarged(numbers: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(index + 1, numbers.length * 2));
  larger.set(numbers);
  return larger;
}
