import type { Diagnostic } from "../../support/diagnostic.ts";
import { type Location, unknownLocation } from "../../support/location.ts";
import type { ParsedRegion, UnresolvedOperand } from "../assembly.ts";
import { type Attributes, noAttributes } from "../attributes.ts";
import type { BlockId, Module, OpId, Region, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { ModuleTables } from "./module-tables.ts";
import type { NameRole } from "./parse-observer.ts";
import { keyOfName, nameOfUse, ValueScopes } from "./value-scopes.ts";

/** A block while it is read. */
export interface OpenBlock {
  readonly id: BlockId;
  readonly arguments: readonly ValueId[];
  readonly operations: OpId[];
}
/** A region while its operation is read. */
export interface OpenRegion extends ParsedRegion {
  readonly blocks: OpenBlock[];
  /** Whether what is added to it is where its operation is. */
  readonly isLocated: boolean;
}
export const openRegion = (blocks: OpenBlock[], isLocated = true): OpenRegion =>
  ({ blocks, isLocated }) as unknown as OpenRegion;

/** Names in an operation's result list: `%a` or `%a:2`. */
export interface BoundResults {
  readonly name: string;
  readonly token: number;
  readonly count: number;
}
/** An operation that was read, its operands resolved. */
export interface ReadOperation {
  readonly name: string;
  readonly operands: readonly ValueId[];
  readonly resultTypes: readonly Type[];
  readonly properties: Attributes;
  readonly attributes: Attributes;
  readonly regions: readonly OpenRegion[];
  readonly successors: readonly BlockId[];
}
interface BlockName {
  readonly id: BlockId;
  readonly firstUse: number;
  defined: boolean;
}

/** How the state tells about what is wrong. */
export interface Reporter {
  report(diagnostic: Diagnostic): void;
  abort(diagnostic: Diagnostic): never;
  locationAt(token: number): Location;
  /** Is told of every name that is read; undefined where nobody asked. */
  readonly names?: NameListener | undefined;
}
/** A parser's observer, with token numbers for places. */
export interface NameListener {
  value(id: ValueId, token: number, role: NameRole, type: Type): void;
  block(id: BlockId, token: number, role: NameRole): void;
}

/** Where the state stood before something that may break off. */
export interface StateMark {
  readonly scopes: readonly [number, number];
  readonly blockNames: number;
  readonly openBlocks: number;
}

/** Results that are guarded when an operation breaks off; `%a:1000000000` must not take memory. */
const brokenResultLimit = 1000;

/** What is known in the middle of a text: the names of values and blocks, and the module as far as it was read. */
export class ParseState {
  readonly tables = new ModuleTables();
  readonly scopes = new ValueScopes();
  readonly #blockNames: Map<string, BlockName>[] = [];
  readonly #openBlocks: OpenBlock[] = [];
  /** Operations and arguments that the text leaves out, by the operation they belong to; they get its location. */
  readonly #implied = new Map<OpId, { readonly operations: OpId[]; readonly arguments: ValueId[] }>();
  readonly #reporter: Reporter;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  mark(): StateMark {
    return {
      scopes: this.scopes.depth,
      blockNames: this.#blockNames.length,
      openBlocks: this.#openBlocks.length,
    };
  }
  unwind(mark: StateMark): void {
    this.scopes.unwind(mark.scopes);
    this.#blockNames.length = mark.blockNames;
    this.#openBlocks.length = mark.openBlocks;
  }

  // --- regions and blocks ------------------------------------------------------------------------------------------------------

  openRegion(isolated: boolean): void {
    this.#blockNames.push(new Map());
    this.scopes.open(isolated);
  }
  /** Reports the names of values and blocks that the region used and nothing defined. */
  closeRegion(isolated: boolean): void {
    const { report, locationAt } = this.#reporter;
    for (const { name, firstUse, isDefinedAround } of this.scopes.close(isolated)) {
      const isNumbered = /#\d+$/.test(name);
      const code = isDefinedAround ? "isolated-value" : isNumbered ? "result-number" : "unknown-value";
      report(textDiagnostics.at(code, locationAt(firstUse), { name: `'${name}'` }));
    }
    for (const [name, block] of this.#blockNames.pop()!)
      if (!block.defined)
        report(textDiagnostics.at("unknown-block", locationAt(block.firstUse), { name: `'${name}'` }));
  }
  /** Operations that are read go to this block until it is closed. */
  openBlock(block: OpenBlock): void {
    this.#openBlocks.push(block);
  }
  get currentBlock(): OpenBlock {
    return this.#openBlocks.at(-1)!;
  }
  closeBlock(): OpenBlock {
    return this.#openBlocks.pop()!;
  }

  /** The block of this name in the present region, which may be defined later. */
  blockNamed(name: string, token: number): BlockId {
    const id = this.#blockOf(name, token);
    this.#reporter.names?.block(id, token, "use");
    return id;
  }
  #blockOf(name: string, token: number): BlockId {
    const names = this.#blockNames.at(-1)!;
    let block = names.get(name);
    if (block === undefined)
      names.set(name, (block = { id: this.tables.reserveBlock(), firstUse: token, defined: false }));
    return block.id;
  }
  defineBlock(name: string, token: number): BlockId {
    const id = this.#blockOf(name, token);
    const block = this.#blockNames.at(-1)!.get(name)!;
    const { abort, locationAt } = this.#reporter;
    if (block.defined) abort(textDiagnostics.at("redefined-block", locationAt(token), { name: `'${name}'` }));
    block.defined = true;
    this.#reporter.names?.block(id, token, "definition");
    return id;
  }
  defineArgument(
    { name, place }: UnresolvedOperand,
    type: Type,
    block: BlockId,
    index: number,
    location: Location,
  ): ValueId {
    const id = this.#define(name, type, place);
    this.tables.setArgument(id, type, block, index, location);
    return id;
  }
  freezeBlock(block: OpenBlock, parent: OpId, regionIndex: number): void {
    this.tables.setBlock({
      id: block.id,
      arguments: Object.freeze(block.arguments),
      operations: Object.freeze(block.operations),
      parent,
      regionIndex,
    });
  }

  // --- values ------------------------------------------------------------------------------------------------------------------

  /** The value of this name, which may be defined later. */
  resolve(operand: UnresolvedOperand, type: Type): ValueId {
    const id = this.#valueOf(operand, type);
    this.#reporter.names?.value(id, operand.place, "use", type);
    return id;
  }
  #valueOf({ name: written, place }: UnresolvedOperand, type: Type): ValueId {
    const name = nameOfUse(written);
    const key = keyOfName(name);
    const known = this.scopes.find(key);
    if (known === undefined) {
      const id = this.tables.reserveValue();
      this.scopes.addForward(key, id, type, place);
      return id;
    }
    const knownType = this.#typeOf(known);
    const { abort, locationAt } = this.#reporter;
    if (knownType !== undefined && knownType !== type)
      abort(
        textDiagnostics.at(
          "value-type",
          locationAt(place),
          { name: `'${name}'`, expected: type.text, found: knownType.text },
          [
            {
              message: "prior use here",
              location: locationAt(this.scopes.definition(known) ?? this.scopes.firstUse(known)!),
            },
          ],
        ),
      );
    return known;
  }

  /** Type of a value that has a name, as far as it is known. */
  #typeOf(id: ValueId): Type | undefined {
    return this.scopes.definition(id) === undefined ? this.scopes.forwardType(id) : this.tables.typeOf(id);
  }

  #define(name: string, type: Type, token: number): ValueId {
    const key = keyOfName(name);
    const known = this.scopes.find(key);
    const { report, abort, locationAt } = this.#reporter;
    if (known !== undefined) {
      const definition = this.scopes.definition(known);
      if (definition !== undefined)
        abort(
          textDiagnostics.at("redefined-value", locationAt(token), { name: `'${name}'` }, [
            { message: "previously defined here", location: locationAt(definition) },
          ]),
        );
      const used = this.scopes.forwardType(known);
      if (used !== undefined && used !== type)
        report(
          textDiagnostics.at("definition-type", locationAt(token), { name: `'${name}'`, found: type.text }, [
            {
              message: `previously used here with type '${used.text}'`,
              location: locationAt(this.scopes.firstUse(known)!),
            },
          ]),
        );
    }
    const id = known ?? this.tables.reserveValue();
    this.scopes.define(key, id, token);
    this.#reporter.names?.value(id, token, "definition", type);
    return id;
  }

  /** Marks names whose definition broke off, so that their uses are no further errors. */
  breakResults(bound: readonly BoundResults[]): void {
    for (const { name, count } of bound)
      for (let index = 0; index < Math.min(count, brokenResultLimit); index++)
        this.scopes.break(keyOfName(index === 0 ? name : `${name}#${index}`), this.tables.reserveValue());
  }

  // --- operations --------------------------------------------------------------------------------------------------------------

  /** Gives an operation its record and its results their names. */
  finish(id: OpId, read: ReadOperation, bound: readonly BoundResults[], location: Location, token: number): void {
    const { resultTypes } = read;
    const named = bound.reduce((sum, { count }) => sum + count, 0);
    const fits = named === resultTypes.length;
    if (bound.length > 0 && !fits) {
      const { report, locationAt } = this.#reporter;
      const defined = resultTypes.length;
      report(
        defined === 0
          ? textDiagnostics.at("no-results", locationAt(token), {})
          : textDiagnostics.at("result-count", locationAt(token), { defined, named }),
      );
      this.breakResults(bound);
    }
    const names = !fits
      ? []
      : bound.flatMap(({ name, count, token: place }) =>
          Array.from({ length: count }, (_, index) => ({ name: index === 0 ? name : `${name}#${index}`, place })),
        );
    const results = resultTypes.map((type, index) => {
      const bind = names[index];
      const value = bind === undefined ? this.tables.reserveValue() : this.#define(bind.name, type, bind.place);
      this.tables.setResult(value, type, id, index);
      return value;
    });
    this.#record(id, read, results, this.currentBlock, location);
    this.#relocate(id, location);
  }

  #relocate(owner: OpId, location: Location): void {
    const implied = this.#implied.get(owner);
    if (implied === undefined) return;
    for (const id of implied.operations) this.tables.setOperation({ ...this.tables.operation(id), location });
    for (const id of implied.arguments) this.tables.relocateArgument(id, location);
    this.#implied.delete(owner);
  }
  #impliedBy(owner: OpId): { readonly operations: OpId[]; readonly arguments: ValueId[] } {
    let implied = this.#implied.get(owner);
    if (implied === undefined) this.#implied.set(owner, (implied = { operations: [], arguments: [] }));
    return implied;
  }

  #record(id: OpId, read: ReadOperation, results: readonly ValueId[], parent: OpenBlock, location: Location): void {
    const regions = read.regions.map((region, regionIndex): Region => {
      for (const block of region.blocks) this.freezeBlock(block, id, regionIndex);
      return Object.freeze(region.blocks.map((block) => block.id));
    });
    this.tables.setOperation({
      id,
      name: read.name,
      operands: Object.freeze(read.operands),
      results: Object.freeze(results),
      properties: read.properties,
      attributes: read.attributes,
      regions: Object.freeze(regions),
      successors: Object.freeze(read.successors),
      parent: parent.id,
      location,
    });
    parent.operations.push(id);
  }

  // --- what the text leaves out ------------------------------------------------------------------------------------------------

  /** Adds an operation at the end of a region's last block, such as a terminator. */
  append({ blocks, isLocated }: OpenRegion, added: Omit<ReadOperation, "successors">, owner: OpId): readonly ValueId[] {
    if (blocks.length === 0) blocks.push({ id: this.tables.reserveBlock(), arguments: [], operations: [] });
    const id = this.tables.reserveOperation();
    const results = added.resultTypes.map((type, index) => {
      const value = this.tables.reserveValue();
      this.tables.setResult(value, type, id, index);
      return value;
    });
    this.#record(id, { ...added, successors: [] }, results, blocks.at(-1)!, unknownLocation);
    if (isLocated) this.#impliedBy(owner).operations.push(id);
    return results;
  }

  /** A region of one block with arguments of these types. */
  synthesize(
    argumentTypes: readonly Type[],
    owner: OpId,
    isLocated: boolean,
  ): { readonly region: OpenRegion; readonly values: readonly ValueId[] } {
    const id = this.tables.reserveBlock();
    const values = argumentTypes.map((type, index) => {
      const value = this.tables.reserveValue();
      this.tables.setArgument(value, type, id, index, unknownLocation);
      return value;
    });
    if (isLocated) this.#impliedBy(owner).arguments.push(...values);
    return { region: openRegion([{ id, arguments: values, operations: [] }], isLocated), values };
  }

  /** The module below `root`, or a module around the operations of `top`. */
  moduleOf(wrapper: OpId, top: OpenBlock, location: Location): Module {
    const only = top.operations.length === 1 ? this.tables.operation(top.operations[0]!) : undefined;
    if (only?.name === "builtin.module") {
      this.tables.setOperation({ ...only, parent: undefined });
      this.tables.dropWrapper(wrapper, top.id);
      return this.tables.finish(only.id);
    }
    this.tables.setOperation({
      id: wrapper,
      name: "builtin.module",
      operands: [],
      results: [],
      properties: noAttributes,
      attributes: noAttributes,
      regions: Object.freeze([Object.freeze([top.id])]),
      successors: [],
      parent: undefined,
      location,
    });
    this.freezeBlock(top, wrapper, 0);
    return this.tables.finish(wrapper);
  }
}
