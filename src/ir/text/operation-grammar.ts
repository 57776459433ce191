import { CompileError } from "../../support/diagnostic.ts";
import type { Location } from "../../support/location.ts";
import type { ParsedOperation, ParsedRegion, RegionArgument, UnresolvedOperand } from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { BlockId, Module, OpId, Region, ValueId } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import { AttributeGrammar } from "./attribute-grammar.ts";
import { defaultDialectOf } from "./default-dialect.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { ModuleTables } from "./module-tables.ts";
import { type CustomParseContext, type GrammarAccess, parseCustom } from "./parse-custom.ts";
import { defaultAttributes, hasProperties, isInherent } from "./inherent-attributes.ts";
import { readResources } from "./parse-resources.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";
import { ValueScopes } from "./value-scopes.ts";

/** How a text is read. */
export interface ParseOptions {
  /** Name of the text in locations. */
  readonly file: string;
  readonly registry: Registry;
  /** Whether operations of dialects that the registry lacks are carried along. They must be in the generic form. */
  readonly allowUnregisteredDialects?: boolean;
}

/** A block while it is read. */
export interface OpenBlock {
  readonly id: BlockId;
  readonly arguments: readonly ValueId[];
  readonly operations: OpId[];
}
/** A region while its operation is read. */
export interface OpenRegion extends ParsedRegion {
  readonly blocks: readonly OpenBlock[];
}
interface BlockName {
  readonly id: BlockId;
  readonly firstUse: number;
  defined: boolean;
}
interface BoundResults {
  readonly name: string;
  readonly token: number;
  readonly count: number;
}
/** An operation that was read, its operands resolved. */
interface ReadOperation {
  readonly name: string;
  readonly operands: readonly ValueId[];
  readonly resultTypes: readonly Type[];
  readonly properties: Attributes;
  readonly attributes: Attributes;
  readonly regions: readonly OpenRegion[];
  readonly successors: readonly BlockId[];
}

/** Modules, operations, regions and blocks. */
export class OperationGrammar extends AttributeGrammar {
  #options: ParseOptions | undefined;
  #tables = new ModuleTables();
  #scopes = new ValueScopes();
  #blockNames: Map<string, BlockName>[] = [];
  #openBlocks: OpenBlock[] = [];
  #defaultDialects: string[] = ["builtin"];

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Reads a module. @throws CompileError with every error that was found. */
  parse(source: string, options: ParseOptions): Module {
    this.#options = options;
    this.#tables = new ModuleTables();
    this.#scopes = new ValueScopes();
    this.#blockNames = [];
    this.#openBlocks = [];
    this.#defaultDialects = ["builtin"];
    this.load(source, options.file);
    const root = this.file_();
    if (this.diagnostics.length > 0) throw new CompileError(this.diagnostics);
    return this.#tables.finish(root);
  }

  // --- files -------------------------------------------------------------------------------------------------------------------

  private readonly file_ = this.RULE("file", (): OpId => {
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.operation));
      return 0 as OpId;
    }
    const wrapper = this.#tables.reserveOperation();
    const block: OpenBlock = { id: this.#tables.reserveBlock(), arguments: [], operations: [] };
    this.#openBlocks.push(block);
    this.#blockNames.push(new Map());
    this.#scopes.open(true);
    while (this.kind !== kindOf.EndOfFile) {
      if (this.atAliasDefinition) this.#recovering(() => this.aliasDefinition());
      else if (this.kind === kindOf.MetadataBegin) this.attempt(() => this.#resources());
      else if (this.kind === kindOf.RBrace) {
        this.attempt(() => this.unexpected("operation"));
        this.next++;
      } else this.#recovering(() => this.SUBRULE(this.operation));
    }
    this.#closeScope(true);
    this.#openBlocks.pop();
    return this.#unwrap(wrapper, block);
  });

  /** A single module stays itself; anything else is wrapped in one. */
  #unwrap(wrapper: OpId, block: OpenBlock): OpId {
    const only = block.operations.length === 1 ? this.#tables.operation(block.operations[0]!) : undefined;
    if (only?.name === "builtin.module") {
      this.#tables.setOperation({ ...only, parent: undefined });
      this.#tables.dropWrapper(wrapper, block.id);
      return only.id;
    }
    this.#tables.setOperation({
      id: wrapper,
      name: "builtin.module",
      operands: [],
      results: [],
      properties: noAttributes,
      attributes: noAttributes,
      regions: Object.freeze([Object.freeze([block.id])]),
      successors: [],
      parent: undefined,
      location: this.locationOfOffset(0),
    });
    this.#freezeBlock(block, wrapper, 0);
    return wrapper;
  }

  #resources(): void {
    const end = readResources(this.table, this.next, this.#tables.resources);
    if (typeof end !== "number") this.failAt(end.index, end.error);
    this.next = end;
  }

  /** Reads one thing; when it is broken, moves to where the next may begin. */
  #recovering(parse: () => void): void {
    const start = this.next;
    const scopes = this.#scopes.depth;
    const blockNames = this.#blockNames.length;
    const openBlocks = this.#openBlocks.length;
    const dialects = this.#defaultDialects.length;
    const failed = this.attempt(() => {
      parse();
      return true;
    });
    if (failed) return;
    this.#scopes.unwind(scopes);
    this.#blockNames.length = blockNames;
    this.#openBlocks.length = openBlocks;
    this.#defaultDialects.length = dialects;
    this.skipOperation(start);
  }

  // --- operations --------------------------------------------------------------------------------------------------------------

  protected readonly operation = this.RULE("operation", (): void => {
    const bound: BoundResults[] = [];
    this.OPTION(() => {
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => {
          const name = this.CONSUME(t.Value).image;
          const token = this.ACTION(() => this.next - 1);
          const count = this.OPTION1(() => {
            this.CONSUME(t.Colon);
            return Number(this.CONSUME(t.Integer).image);
          });
          bound.push({ name, token, count: count ?? 1 });
        },
      });
      this.CONSUME(t.Equal);
    });
    const start = this.ACTION(() => this.next);
    const id = this.ACTION(() => this.#tables.reserveOperation());
    const read = this.#guarded(bound, () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.genericOperation, { ARGS: [id] }) },
        { ALT: () => this.SUBRULE(this.customOperation) },
      ]),
    );
    const location = this.OPTION2(() => this.SUBRULE(this.location));
    this.ACTION(() => this.#finish(id, read, bound, location ?? this.locationAt(start), start));
  });

  /** When an operation is broken, what it was to define is known to be missing, so that its uses are no further errors. */
  #guarded<T>(bound: readonly BoundResults[], parse: () => T): T {
    if (this.RECORDING_PHASE || bound.length === 0) return parse();
    const scopes = this.#scopes.depth;
    try {
      return parse();
    } catch (error) {
      this.#scopes.unwind(scopes);
      for (const { name, count } of bound)
        for (let index = 0; index < Math.min(count, 1000); index++)
          this.#scopes.break(index === 0 ? name : `${name}#${index}`, this.#tables.reserveValue());
      throw error;
    }
  }

  private readonly genericOperation = this.RULE("genericOperation", (_id: OpId): ReadOperation => {
    const text = this.CONSUME(t.String).image;
    const place = this.ACTION(() => this.next - 1);
    const name = this.ACTION(() => unquoted(text.slice(1, -1)));
    const operands: UnresolvedOperand[] = [];
    const successors: BlockId[] = [];
    this.CONSUME(t.LParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const operand = this.CONSUME(t.Value).image;
        this.ACTION(() => operands.push({ name: operand, place: this.next - 1 }));
      },
    });
    this.CONSUME(t.RParen);
    this.OPTION(() => {
      this.CONSUME(t.LSquare);
      this.MANY_SEP1({
        SEP: t.Comma,
        DEF: () => {
          const block = this.CONSUME(t.Block).image;
          this.ACTION(() => successors.push(this.#blockNamed(block, this.next - 1)));
        },
      });
      this.CONSUME(t.RSquare);
    });
    const properties = this.OPTION1(() => {
      this.CONSUME(t.Less);
      const entries = this.SUBRULE(this.dictionary);
      this.CONSUME(t.Greater);
      return entries;
    });
    const definition = this.ACTION(() => this.#definitionOf(name, place));
    const regions: OpenRegion[] = [];
    this.OPTION2(() => {
      this.CONSUME1(t.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => {
          const region = this.SUBRULE(this.region, {
            ARGS: [{ definition, dialect: "builtin", arguments: undefined }],
          });
          regions.push(region);
        },
      });
      this.CONSUME1(t.RParen);
    });
    const attributes = this.OPTION3(() => this.SUBRULE1(this.dictionary)) ?? noAttributes;
    this.CONSUME(t.Colon);
    const operandTypes = this.SUBRULE(this.types);
    this.CONSUME(t.Arrow);
    const resultTypes = this.SUBRULE(this.resultTypes);
    return this.ACTION(() => ({
      name,
      operands: this.#resolveAll(operands, operandTypes, place),
      resultTypes,
      ...splitAttributes(definition, properties ?? noAttributes, attributes),
      regions,
      successors,
    }));
  });

  #definitionOf(name: string, place: number): AnyOpDefinition | undefined {
    const { registry, allowUnregisteredDialects } = this.#options!;
    const definition = registry.definition(name);
    if (definition === undefined && allowUnregisteredDialects !== true)
      this.abort(textDiagnostics.at("unregistered-operation", this.locationAt(place), { name: `'${name}'` }));
    return definition;
  }

  private readonly customOperation = this.RULE("customOperation", (): ReadOperation => {
    const word = this.CONSUME(t.Identifier).image;
    return this.ACTION(() => {
      const place = this.next - 1;
      const name = word.includes(".") ? word : `${this.#defaultDialects.at(-1)!}.${word}`;
      const definition = this.#options!.registry.definition(name);
      if (definition === undefined)
        return this.abort(textDiagnostics.at("unregistered-operation", this.locationAt(place), { name: `'${name}'` }));
      const { assembly } = definition;
      if (assembly === undefined)
        return this.abort(textDiagnostics.at("no-custom-form", this.locationAt(place), { name: `'${name}'` }));
      const parsed = parseCustom(definition, assembly, this.#context(definition));
      return {
        name,
        operands: parsed.operands ?? [],
        resultTypes: parsed.resultTypes ?? [],
        ...splitAttributes(definition, noAttributes, parsed.attributes ?? noAttributes),
        regions: (parsed.regions ?? []) as readonly OpenRegion[],
        successors: parsed.successors ?? [],
      } satisfies ReadOperation & ParsedOperation;
    });
  });

  /** Gives an operation its record and its results their names. */
  #finish(id: OpId, read: ReadOperation, bound: readonly BoundResults[], location: Location, start: number): void {
    const { resultTypes } = read;
    const named = bound.reduce((sum, { count }) => sum + count, 0);
    if (bound.length > 0 && named !== resultTypes.length) {
      this.report(textDiagnostics.at("result-count", this.locationAt(start), { defined: resultTypes.length, named }));
      for (const { name } of bound) this.#scopes.break(name, this.#tables.reserveValue());
    }
    const names =
      named === resultTypes.length
        ? bound.flatMap(({ name, count, token }) =>
            Array.from({ length: count }, (_, index) => ({ name: index === 0 ? name : `${name}#${index}`, token })),
          )
        : [];
    const results = resultTypes.map((type, index) => {
      const bind = names[index];
      const value = bind === undefined ? this.#tables.reserveValue() : this.#define(bind.name, type, bind.token);
      this.#tables.setResult(value, type, id, index);
      return value;
    });
    this.#record(id, read, results, this.#openBlocks.at(-1)!, location);
  }

  #record(id: OpId, read: ReadOperation, results: readonly ValueId[], parent: OpenBlock, location: Location): void {
    const regions = read.regions.map((region, regionIndex): Region => {
      for (const block of region.blocks) this.#freezeBlock(block, id, regionIndex);
      return Object.freeze(region.blocks.map((block) => block.id));
    });
    this.#tables.setOperation({
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

  #freezeBlock(block: OpenBlock, parent: OpId, regionIndex: number): void {
    this.#tables.setBlock({
      id: block.id,
      arguments: Object.freeze(block.arguments),
      operations: Object.freeze(block.operations),
      parent,
      regionIndex,
    });
  }

  // --- values ------------------------------------------------------------------------------------------------------------------

  #resolveAll(operands: readonly UnresolvedOperand[], types: readonly Type[], place: number): readonly ValueId[] {
    if (operands.length !== types.length)
      this.abort(
        textDiagnostics.at("operand-count", this.locationAt(place), { expected: operands.length, found: types.length }),
      );
    return operands.map((operand, index) => this.#resolve(operand, types[index]!));
  }

  #resolve({ name: written, place }: UnresolvedOperand, type: Type): ValueId {
    const name = written.endsWith("#0") ? written.slice(0, -2) : written;
    const known = this.#scopes.find(name);
    if (known === undefined) {
      const id = this.#tables.reserveValue();
      this.#scopes.addForward(name, id, type, place);
      return id;
    }
    if (known.type !== undefined && known.type !== type)
      this.abort(
        textDiagnostics.at(
          "value-type",
          this.locationAt(place),
          { name: `'${name}'`, expected: type.text, found: known.type.text },
          [{ message: "prior use here", location: this.locationAt(known.definition ?? known.firstUse) }],
        ),
      );
    return known.id;
  }

  #define(name: string, type: Type, place: number): ValueId {
    const known = this.#scopes.find(name);
    if (known?.definition !== undefined)
      this.abort(
        textDiagnostics.at("redefined-value", this.locationAt(place), { name: `'${name}'` }, [
          { message: "previously defined here", location: this.locationAt(known.definition) },
        ]),
      );
    if (known?.type !== undefined && known.type !== type)
      this.report(
        textDiagnostics.at("value-type", this.locationAt(known.firstUse), {
          name: `'${name}'`,
          expected: known.type.text,
          found: type.text,
        }),
      );
    const id = known?.id ?? this.#tables.reserveValue();
    this.#scopes.define(name, id, type, place);
    return id;
  }

  // --- regions and blocks ------------------------------------------------------------------------------------------------------

  protected readonly region = this.RULE("region", (start: RegionStart): OpenRegion => {
    if (this.RECORDING_PHASE) {
      this.CONSUME(t.LBrace);
      this.MANY(() => this.SUBRULE(this.operation));
      this.MANY1(() => this.SUBRULE(this.block));
      this.CONSUME(t.RBrace);
      return { blocks: [] } as unknown as OpenRegion;
    }
    return this.nested(() => this.#region(start));
  });

  #region({ definition, dialect, arguments: given }: RegionStart): OpenRegion {
    const isolated = definition?.traits?.includes("isolated-from-above") ?? false;
    this.take(kindOf.LBrace);
    this.#defaultDialects.push(dialect);
    this.#blockNames.push(new Map());
    this.#scopes.open(isolated);
    const blocks: OpenBlock[] = [];
    const isHeadless = given === undefined ? this.kind !== kindOf.RBrace : true;
    if ((given?.length ?? 0) > 0 || (isHeadless && this.kind !== kindOf.Block)) {
      // The first block has no header: its arguments, if any, stand with the operation.
      const id = this.#tables.reserveBlock();
      const values = (given ?? []).map((argument, index) =>
        this.#defineArgument(argument, argument.type, id, index, this.locationAt(argument.place)),
      );
      blocks.push(this.#blockBody({ id, arguments: values, operations: [] }));
    }
    while (this.kind === kindOf.Block) blocks.push(this.SUBRULE(this.block));
    this.take(kindOf.RBrace);
    this.#closeScope(isolated);
    this.#defaultDialects.pop();
    return { blocks } as unknown as OpenRegion;
  }

  private readonly block = this.RULE("block", (): OpenBlock => {
    const name = this.CONSUME(t.Block).image;
    const place = this.ACTION(() => this.next - 1);
    const id = this.ACTION(() => this.#defineBlock(name, place));
    const values: ValueId[] = [];
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => {
          const argument = this.CONSUME(t.Value).image;
          const token = this.ACTION(() => this.next - 1);
          this.CONSUME1(t.Colon);
          const type = this.SUBRULE(this.type);
          const location = this.OPTION1(() => this.SUBRULE(this.location));
          this.ACTION(() =>
            values.push(
              this.#defineArgument(
                { name: argument, place: token },
                type,
                id,
                values.length,
                location ?? this.locationAt(token),
              ),
            ),
          );
        },
      });
      this.CONSUME(t.RParen);
    });
    this.CONSUME(t.Colon);
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.operation));
      return undefined as never;
    }
    return this.#blockBody({ id, arguments: values, operations: [] });
  });

  #blockBody(block: OpenBlock): OpenBlock {
    this.#openBlocks.push(block);
    for (let { kind } = this; kind !== kindOf.RBrace && kind !== kindOf.Block; { kind } = this) {
      if (kind === kindOf.EndOfFile) this.unexpected("'}'");
      this.#recovering(() => this.SUBRULE(this.operation));
    }
    this.#openBlocks.pop();
    return block;
  }

  #defineArgument(
    { name, place }: UnresolvedOperand,
    type: Type,
    block: BlockId,
    index: number,
    location: Location,
  ): ValueId {
    const id = this.#define(name, type, place);
    this.#tables.setArgument(id, type, block, index, location);
    return id;
  }

  #closeScope(isolated: boolean): void {
    for (const [name, { firstUse }] of this.#scopes.close(isolated)) {
      const base = name.replace(/#\d+$/, "");
      const code = base === name ? "unknown-value" : "result-number";
      this.report(textDiagnostics.at(code, this.locationAt(firstUse), { name: `'${name}'` }));
    }
    for (const [name, block] of this.#blockNames.pop()!)
      if (!block.defined)
        this.report(textDiagnostics.at("unknown-block", this.locationAt(block.firstUse), { name: `'${name}'` }));
  }

  #blockNamed(name: string, place: number): BlockId {
    const names = this.#blockNames.at(-1)!;
    let block = names.get(name);
    if (block === undefined)
      names.set(name, (block = { id: this.#tables.reserveBlock(), firstUse: place, defined: false }));
    return block.id;
  }

  #defineBlock(name: string, place: number): BlockId {
    const id = this.#blockNamed(name, place);
    const block = this.#blockNames.at(-1)!.get(name)!;
    if (block.defined) this.abort(textDiagnostics.at("redefined-block", this.locationAt(place), { name: `'${name}'` }));
    block.defined = true;
    return id;
  }

  // --- what custom syntax may use ----------------------------------------------------------------------------------------------

  #context(definition: AnyOpDefinition): CustomParseContext {
    const dialect = defaultDialectOf(definition.name);
    return {
      definition,
      parser: this.#access,
      region: (entryArguments) =>
        this.SUBRULE(this.region, { ARGS: [{ definition, dialect, arguments: entryArguments }] }),
      emptyRegion: () => ({ blocks: [] }) as unknown as OpenRegion,
      isEmpty: (region) => (region as OpenRegion).blocks.length === 0,
      append: (region, name, operands, resultTypes, properties) =>
        this.#append(region as OpenRegion, name, operands, resultTypes, properties),
      lastOperationName: (region) => {
        const last = (region as OpenRegion).blocks.at(-1)?.operations.at(-1);
        return last === undefined ? undefined : this.#tables.operation(last).name;
      },
      synthetic: (argumentTypes, body) => {
        const id = this.#tables.reserveBlock();
        const location = this.locationAt(this.next - 1);
        const values = argumentTypes.map((type, index) => {
          const value = this.#tables.reserveValue();
          this.#tables.setArgument(value, type, id, index, location);
          return value;
        });
        const region = { blocks: [{ id, arguments: values, operations: [] }] } as unknown as OpenRegion;
        body(region, values);
        return region;
      },
    };
  }

  /** Adds an operation that the text leaves out, such as a terminator. */
  #append(
    region: OpenRegion,
    name: string,
    operands: readonly ValueId[],
    resultTypes: readonly Type[],
    properties: Attributes = noAttributes,
  ): readonly ValueId[] {
    const blocks = region.blocks as OpenBlock[];
    if (blocks.length === 0) blocks.push({ id: this.#tables.reserveBlock(), arguments: [], operations: [] });
    const id = this.#tables.reserveOperation();
    const results = resultTypes.map((type, index) => {
      const value = this.#tables.reserveValue();
      this.#tables.setResult(value, type, id, index);
      return value;
    });
    const read = { name, operands, resultTypes, properties, attributes: noAttributes, regions: [], successors: [] };
    this.#record(id, read, results, blocks.at(-1)!, this.locationAt(this.next - 1));
    return results;
  }

  /** The grammar's own methods, for the parser of custom syntax; one object for all operations. */
  readonly #access: GrammarAccess = {
    kind: (): number => this.kind,
    kindAhead: (distance: number): number => this.kindAhead(distance),
    acceptText: (text: string): boolean => this.acceptText(text),
    atText: (text: string): boolean => {
      const { next } = this;
      const found = this.acceptText(text);
      this.next = next;
      return found;
    },
    atIdentifier: (): boolean => this.atIdentifier,
    take: (kind: number): string => this.take(kind),
    identifier: (expected?: string): string => this.takeIdentifier(expected),
    unexpected: (expected: string): never => this.unexpected(expected),
    fail: (what: string, place: number = this.next): never => this.failAt(place, what),
    place: (): number => this.next,
    type: (): Type => this.SUBRULE(this.type),
    resultTypes: (): readonly Type[] => this.SUBRULE(this.resultTypes),
    attribute: (): Attribute => this.SUBRULE(this.attribute),
    attributeOfImpliedType: (type: Type): Attribute => this.attributeOfImpliedType(type),
    dictionary: (): Attributes => this.SUBRULE(this.dictionary),
    skipLocation: (): void => {
      if (this.kind === kindOf.Loc) this.SUBRULE(this.location);
    },
    number: (place: number, negative: boolean, type: Type): Attribute => this.numberOf(place, negative, type),
    resolve: (operand: UnresolvedOperand, type: Type): ValueId => this.#resolve(operand, type),
    block: (name: string, place: number): BlockId => this.#blockNamed(name, place),
  };
}

/** Where a region begins: its operation, the dialect of names without one in it, and arguments that stand outside it. */
interface RegionStart {
  readonly definition: AnyOpDefinition | undefined;
  readonly dialect: string;
  readonly arguments: readonly RegionArgument[] | undefined;
}

/** Moves those attributes that the declaration names to the properties, wherever they were written, and adds defaults. */
function splitAttributes(
  definition: AnyOpDefinition | undefined,
  properties: Attributes,
  attributes: Attributes,
): Pick<ReadOperation, "properties" | "attributes"> {
  if (definition === undefined || !hasProperties(definition)) return { properties, attributes };
  const inherent: [string, Attribute][] = [];
  const others: [string, Attribute][] = [];
  for (const entry of Object.entries(attributes)) (isInherent(definition, entry[0]) ? inherent : others).push(entry);
  const missing = Object.entries(defaultAttributes(definition)).filter(
    ([name]) => !Object.hasOwn(properties, name) && !Object.hasOwn(attributes, name),
  );
  return {
    properties:
      inherent.length + missing.length === 0 ? properties : joined(Object.entries(properties), inherent, missing),
    attributes: inherent.length === 0 ? attributes : joined(others),
  };
}

const joined = (...parts: readonly (readonly (readonly [string, Attribute])[])[]): Attributes => {
  const entries = parts.flat();
  return entries.length === 0 ? noAttributes : Object.freeze(Object.fromEntries(entries));
};
