import type { Location } from "../../support/location.ts";
import type { BlockId, OpId, Region, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import type { TokenTable } from "./lexer.ts";
import { type KnownForm, type OperationForm, OperationForms } from "./operation-forms.ts";
import type { ParseState } from "./parse-state.ts";
import { kindOf } from "./tokens.ts";
import { keyOfCodes, keyOfName, nameOfKey, nameOfUse, type ValueKey } from "./value-scopes.ts";

const noValues: readonly ValueId[] = Object.freeze([]);
const noRegions: readonly Region[] = Object.freeze([]);
const noSuccessors: readonly BlockId[] = Object.freeze([]);

/**
 * Reads generic operations whose properties, attributes and types are written exactly as those of an operation before, or but for one
 * number. The grammar reads a form when it comes first; then only names and operands are new, and those are plain tokens. Nothing
 * happens where an operation is anything else, or wrong: the grammar reads it from its start.
 */
export class RepeatedOperations {
  readonly #table: TokenTable;
  readonly #state: ParseState;
  readonly #locationAt: (token: number) => Location;
  readonly #forms: OperationForms;
  // What `match` found.
  #form: KnownForm | undefined;
  #start = 0;
  /** The name before `=`, and how many results it stands for; none where there is no name. */
  #boundToken = 0;
  #boundCount = 0;
  readonly #bound: ValueKey[] = [];
  readonly #operands: ValueId[] = [];

  constructor(table: TokenTable, state: ParseState, locationAt: (token: number) => Location) {
    this.#table = table;
    this.#forms = new OperationForms(table);
    this.#state = state;
    this.#locationAt = locationAt;
  }

  /** Keeps the form of an operation that the grammar read; see `OperationForms`. */
  learn(name: number, start: number, end: number, form: OperationForm): void {
    this.#forms.learn(name, start, end, form);
  }

  /**
   * Whether the operation that begins at a token is of a known form and nothing is wrong with it; then `finish` may be called.
   * @returns the token after it, but for its location; -1 where the grammar is to read it
   */
  match(token: number): number {
    const { kinds } = this.#table;
    let next = token;
    this.#boundToken = token;
    this.#boundCount = 0;
    if (kinds[next] === kindOf.Value) {
      next = this.#afterBound(token);
      if (next < 0) return -1;
    }
    if (kinds[next] !== kindOf.String || kinds[next + 1] !== kindOf.LParen) return -1;
    this.#start = next;
    const name = this.#forms.named(next);
    if (name === undefined) return -1;
    next += 2;
    const first = next;
    if (kinds[next] === kindOf.RParen) next++;
    else
      do {
        if (kinds[next] !== kindOf.Value) return -1;
        next += 2;
      } while (kinds[next - 1] === kindOf.Comma);
    if (kinds[next - 1] !== kindOf.RParen) return -1;
    const form = this.#forms.find(name, next);
    if (form === undefined) return -1;
    this.#form = form;
    return this.#hasOperands(form, first, next - first) && this.#mayDefine(form) ? next + form.tokens : -1;
  }

  /** The token after `%a =` or `%a:2 =`; -1 where there is something else. */
  #afterBound(token: number): number {
    const { source, kinds, starts, ends } = this.#table;
    if (kinds[token + 1] === kindOf.Equal) {
      this.#boundCount = 1;
      return token + 2;
    }
    if (kinds[token + 1] !== kindOf.Colon || kinds[token + 2] !== kindOf.Integer) return -1;
    this.#boundCount = Number(source.slice(starts[token + 2], ends[token + 2]));
    return kinds[token + 3] === kindOf.Equal && this.#boundCount > 0 ? token + 4 : -1;
  }

  /** Gives the operation that `match` read its record. @param location reads the location that is written, if one is. */
  finish(location: (() => Location) | undefined): void {
    const { tables } = this.#state;
    const { name, resultTypes, properties, attributes } = this.#form!;
    const start = this.#start;
    const id = tables.reserveOperation();
    const operands = this.#operands.length === 0 ? noValues : Object.freeze(this.#operands.slice());
    const place = location === undefined ? this.#locationAt(start) : location();
    const results = this.#results(id, resultTypes);
    const block = this.#state.currentBlock;
    tables.setOperation({
      id,
      name,
      operands,
      results,
      properties,
      attributes,
      regions: noRegions,
      successors: noSuccessors,
      parent: block.id,
      location: place,
    });
    block.operations.push(id);
  }

  /** An array that grows from nothing has room for 16 more, so each is made at its size. */
  #results(op: OpId, types: readonly Type[]): readonly ValueId[] {
    if (types.length === 0) return noValues;
    const first = this.#result(op, types[0]!, 0);
    const results =
      types.length === 1 ? [first] : types.map((type, index) => (index === 0 ? first : this.#result(op, type, index)));
    return Object.freeze(results);
  }
  #result(op: OpId, type: Type, index: number): ValueId {
    const value = this.#state.tables.reserveValue();
    if (this.#boundCount > 0) this.#state.scopes.define(this.#bound[index]!, value, this.#boundToken);
    this.#state.tables.setResult(value, type, op, index);
    return value;
  }

  #keyAt(token: number): ValueKey {
    const { source, codes, starts, ends } = this.#table;
    return keyOfCodes(source, codes, starts[token]!, ends[token]!);
  }

  /** Whether the operands, of which each second token is one, are defined and of the form's types. */
  #hasOperands({ operandTypes }: KnownForm, first: number, tokens: number): boolean {
    const { scopes, tables } = this.#state;
    const operands = this.#operands;
    operands.length = 0;
    if (operandTypes.length !== tokens >> 1) return false;
    for (let index = 0; index < operandTypes.length; index++) {
      const key = this.#keyAt(first + 2 * index);
      const value = scopes.find(typeof key === "string" ? keyOfName(nameOfUse(key)) : key);
      if (value === undefined || scopes.definition(value) === undefined) return false;
      if (tables.typeOf(value) !== operandTypes[index]) return false;
      operands.push(value);
    }
    return true;
  }

  /** Whether the name before `=` is new and stands for as many results as there are. */
  #mayDefine({ resultTypes }: KnownForm): boolean {
    const count = this.#boundCount;
    if (count === 0) return true;
    if (count !== resultTypes.length) return false;
    const bound = this.#bound;
    bound.length = 0;
    bound.push(this.#keyAt(this.#boundToken));
    for (let index = 1; index < count; index++) bound.push(`${nameOfKey(bound[0]!)}#${index}`);
    for (let index = 0; index < count; index++) if (this.#state.scopes.find(bound[index]!) !== undefined) return false;
    return true;
  }
}
