import { CompileError } from "../../support/diagnostic.ts";
import { fileLocation, type Location } from "../../support/location.ts";
import type { AffineMap } from "../affine.ts";
import type { RegionArgument, UnresolvedOperand } from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { BlockId, Module, OpId, ValueId } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import { AttributeGrammar } from "./attribute-grammar.ts";
import { defaultDialectOf } from "./default-dialect.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { splitAttributes, splitUpstreamAttributes } from "./inherent-attributes.ts";
import type { ParseObserver } from "./parse-observer.ts";
import { type CustomParseContext, type GrammarAccess, parseCustom } from "./parse-custom.ts";
import { readResources } from "./parse-resources.ts";
import {
  type BoundResults,
  type OpenBlock,
  type OpenRegion,
  openRegion,
  ParseState,
  type ReadOperation,
} from "./parse-state.ts";
import { RepeatedOperations } from "./repeated-operations.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";

/** How a text is read. */
export interface ParseOptions {
  /** Name of the text in locations. */
  readonly file: string;
  /** The line of the file that the text begins at, when it is a part of one; 1 when absent. */
  readonly firstLine?: number;
  readonly registry: Registry;
  /** Whether operations of dialects that the registry lacks are carried along. They must be in the generic form. */
  readonly allowUnregisteredDialects?: boolean;
  /** Whether the grammar reads every operation, also those written like one before; to measure and to compare. */
  readonly grammarOnly?: boolean;
  /** Is told where names and operations stand. */
  readonly observer?: ParseObserver;
}

/** Where a region begins: its operation, the dialect of names without one in it, and arguments that stand outside it. */
interface RegionStart {
  readonly definition: AnyOpDefinition | undefined;
  readonly dialect: string;
  readonly arguments: readonly RegionArgument[] | undefined;
}

/** Modules, operations, regions and blocks. */
export class OperationGrammar extends AttributeGrammar {
  #options: ParseOptions | undefined;
  #state = this.#newState();
  #defaultDialects: string[] = ["builtin"];
  #repeated: RepeatedOperations | undefined;

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Reads a module. @throws CompileError with every error that was found. */
  parse(source: string, options: ParseOptions): Module {
    this.#options = options;
    this.#state = this.#newState();
    this.#defaultDialects = ["builtin"];
    this.load(source, options.file, options.firstLine);
    this.#repeated =
      options.grammarOnly || options.observer
        ? undefined
        : new RepeatedOperations(this.table, this.#state, (token) => this.locationAt(token));
    const wrapper = this.#state.tables.reserveOperation();
    const top = this.file_();
    if (this.diagnostics.length > 0) throw new CompileError(this.diagnostics);
    // The module that the text leaves out is at no line, as upstream has it.
    return this.#state.moduleOf(wrapper, top, fileLocation(options.file));
  }

  #newState(): ParseState {
    return new ParseState({
      report: (diagnostic) => this.report(diagnostic),
      abort: (diagnostic) => this.abort(diagnostic),
      locationAt: (token) => this.locationAt(token),
      names: this.#options?.observer && {
        value: (id, token, role, type) => this.#options?.observer?.value(id, this.rangeOf(token), role, type),
        block: (id, token, role) => this.#options?.observer?.block(id, this.rangeOf(token), role),
      },
    });
  }
  #observe(id: OpId, first: number, name: number): void {
    const observer = this.#options?.observer;
    if (observer === undefined) return;
    const range = { start: this.rangeOf(first).start, end: this.rangeOf(this.next - 1).end };
    observer.operation(this.#state.tables.operation(id), this.rangeOf(name), range);
  }

  // --- files -------------------------------------------------------------------------------------------------------------------

  private readonly file_ = this.RULE("file", (): OpenBlock => {
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.operation));
      return undefined as never;
    }
    this.#state.openRegion(true);
    this.#state.openBlock({ id: this.#state.tables.reserveBlock(), arguments: [], operations: [] });
    while (this.kind !== kindOf.EndOfFile) {
      if (this.atAliasDefinition) this.#recovering(() => this.aliasDefinition());
      else if (this.kind === kindOf.MetadataBegin) this.#recovering(() => this.#resources());
      else if (this.kind === kindOf.RBrace) {
        this.attempt(() => this.unexpected("operation"));
        this.next++;
      } else this.#nextOperation();
    }
    this.#state.closeRegion(true);
    return this.#state.closeBlock();
  });

  #resources(): void {
    const end = readResources(this.table, this.next, this.#state.tables.resources);
    if (typeof end !== "number") this.failAt(end.index, end.error);
    this.next = end;
  }

  /** Reads one thing; when it is broken, moves to where the next may begin. */
  #recovering(parse: () => void): void {
    const start = this.next;
    const mark = this.#state.mark();
    const dialects = this.#defaultDialects.length;
    const done = this.attempt(() => {
      parse();
      return true;
    });
    if (done) return;
    this.#state.unwind(mark);
    this.#defaultDialects.length = dialects;
    this.skipOperation(start);
  }

  #nextOperation(): void {
    const end = this.#repeated?.match(this.next) ?? -1;
    if (end < 0) this.#recovering(() => this.SUBRULE(this.operation));
    else if (this.table.kinds[end] === kindOf.Loc)
      this.#recovering(() => {
        this.next = end;
        this.#repeated!.finish(() => this.SUBRULE(this.location));
      });
    else {
      this.next = end;
      this.#repeated!.finish(undefined);
    }
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
    const id = this.ACTION(() => this.#state.tables.reserveOperation());
    const read = this.#guarded(bound, () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.genericOperation) },
        { ALT: () => this.SUBRULE(this.customOperation, { ARGS: [id] }) },
      ]),
    );
    const location = this.OPTION2(() => this.SUBRULE(this.location));
    this.ACTION(() => {
      this.#state.finish(id, read, bound, location ?? this.locationAt(start), start);
      this.#observe(id, bound[0]?.token ?? start, start);
    });
  });

  /** When an operation is broken, what it was to define is known to be missing, so that its uses are no further errors. */
  #guarded<T>(bound: readonly BoundResults[], parse: () => T): T {
    if (this.RECORDING_PHASE || bound.length === 0) return parse();
    const mark = this.#state.mark();
    try {
      return parse();
    } catch (error) {
      this.#state.unwind(mark);
      this.#state.breakResults(bound);
      throw error;
    }
  }

  private readonly genericOperation = this.RULE("genericOperation", (): ReadOperation => {
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
    const behind = this.ACTION(() => this.next);
    this.OPTION(() => {
      this.CONSUME(t.LSquare);
      this.MANY_SEP1({
        SEP: t.Comma,
        DEF: () => {
          const block = this.CONSUME(t.Block).image;
          this.ACTION(() => successors.push(this.#state.blockNamed(block, this.next - 1)));
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
          // A generic operation leaves the dialect of its surroundings as it is.
          const dialect = this.ACTION(() => this.#defaultDialects.at(-1)!);
          const start: RegionStart = { definition, dialect, arguments: undefined };
          regions.push(this.SUBRULE(this.region, { ARGS: [start] }));
        },
      });
      this.CONSUME1(t.RParen);
    });
    const attributes = this.OPTION3(() => this.SUBRULE1(this.dictionary)) ?? noAttributes;
    this.CONSUME(t.Colon);
    const operandTypes = this.SUBRULE(this.types);
    this.CONSUME(t.Arrow);
    const resultTypes = this.SUBRULE(this.resultTypes);
    return this.ACTION(() => {
      const split =
        definition === undefined
          ? splitUpstreamAttributes(name, properties ?? noAttributes, attributes, (body) => this.attributeIn(body))
          : splitAttributes(definition, properties ?? noAttributes, attributes);
      const form = { name: definition?.name ?? name, operandTypes, resultTypes, ...split };
      const resolved = this.#resolveAll(operands, operandTypes, place);
      if (regions.length + successors.length === 0) this.#repeated?.learn(place, behind, this.next, form);
      return { ...form, operands: resolved, regions, successors };
    });
  });

  #definitionOf(name: string, place: number): AnyOpDefinition | undefined {
    const { registry, allowUnregisteredDialects } = this.#options!;
    const definition = registry.definition(name);
    return definition ?? (allowUnregisteredDialects ? undefined : this.#unregistered(name, place));
  }
  #unregistered(name: string, place: number): never {
    return this.abort(textDiagnostics.at("unregistered-operation", this.locationAt(place), { name: `'${name}'` }));
  }

  #resolveAll(operands: readonly UnresolvedOperand[], types: readonly Type[], place: number): readonly ValueId[] {
    if (operands.length !== types.length)
      this.abort(
        textDiagnostics.at("operand-count", this.locationAt(place), { expected: operands.length, found: types.length }),
      );
    return operands.map((operand, index) => this.#state.resolve(operand, types[index]!));
  }

  private readonly customOperation = this.RULE("customOperation", (id: OpId): ReadOperation => {
    const word = this.CONSUME(t.Identifier).image;
    return this.ACTION((): ReadOperation => {
      const place = this.next - 1;
      const name = word.includes(".") ? word : `${this.#defaultDialects.at(-1)!}.${word}`;
      const definition = this.#options!.registry.definition(name) ?? this.#unregistered(name, place);
      const { assembly } = definition;
      if (assembly === undefined)
        return this.abort(textDiagnostics.at("no-custom-form", this.locationAt(place), { name: `'${name}'` }));
      const parsed = parseCustom(definition, assembly, this.#context(definition, id));
      return {
        name,
        operands: parsed.operands ?? [],
        resultTypes: parsed.resultTypes ?? [],
        ...splitAttributes(definition, noAttributes, parsed.attributes ?? noAttributes),
        regions: (parsed.regions ?? []) as readonly OpenRegion[],
        successors: parsed.successors ?? [],
      };
    });
  });

  // --- regions and blocks ------------------------------------------------------------------------------------------------------

  protected readonly region = this.RULE("region", (start: RegionStart): OpenRegion => {
    if (this.RECORDING_PHASE) {
      this.CONSUME(t.LBrace);
      this.MANY(() => this.SUBRULE(this.operation));
      this.MANY1(() => this.SUBRULE(this.block));
      this.CONSUME(t.RBrace);
      return undefined as never;
    }
    return this.nested(() => this.#region(start));
  });

  #region({ definition, dialect, arguments: given }: RegionStart): OpenRegion {
    const isolated = definition?.traits?.includes("isolated-from-above") ?? false;
    this.take(kindOf.LBrace);
    this.#defaultDialects.push(dialect);
    this.#state.openRegion(isolated);
    const blocks: OpenBlock[] = [];
    // The first block may do without a header: its arguments, if any, stand with the operation.
    const mayBeHeadless = given === undefined ? this.kind !== kindOf.RBrace : true;
    if ((given?.length ?? 0) > 0 || (mayBeHeadless && this.kind !== kindOf.Block)) {
      const id = this.#state.tables.reserveBlock();
      const values = (given ?? []).map((argument, index) =>
        this.#state.defineArgument(
          argument,
          argument.type,
          id,
          index,
          argument.location ?? this.locationAt(argument.place),
        ),
      );
      blocks.push(this.#blockBody({ id, arguments: values, operations: [] }));
    }
    while (this.kind === kindOf.Block) blocks.push(this.SUBRULE(this.block));
    this.take(kindOf.RBrace);
    this.#state.closeRegion(isolated);
    this.#defaultDialects.pop();
    return openRegion(blocks);
  }

  private readonly block = this.RULE("block", (): OpenBlock => {
    const name = this.CONSUME(t.Block).image;
    const id = this.ACTION(() => this.#state.defineBlock(name, this.next - 1));
    const values: ValueId[] = [];
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => {
          const argument = this.CONSUME(t.Value).image;
          const place = this.ACTION(() => this.next - 1);
          this.CONSUME1(t.Colon);
          const type = this.SUBRULE(this.type);
          const location = this.OPTION1(() => this.SUBRULE(this.location));
          this.ACTION(() => {
            const where = location ?? this.locationAt(place);
            values.push(this.#state.defineArgument({ name: argument, place }, type, id, values.length, where));
          });
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
    this.#state.openBlock(block);
    for (let { kind } = this; kind !== kindOf.RBrace && kind !== kindOf.Block; { kind } = this) {
      if (kind === kindOf.EndOfFile) this.unexpected("'}'");
      this.#nextOperation();
    }
    return this.#state.closeBlock();
  }

  // --- what custom syntax may use ----------------------------------------------------------------------------------------------

  #context(definition: AnyOpDefinition, id: OpId): CustomParseContext {
    const dialect = defaultDialectOf(definition.name);
    const state = this.#state;
    return {
      definition,
      parser: this.#access,
      region: (entryArguments) =>
        this.SUBRULE(this.region, { ARGS: [{ definition, dialect, arguments: entryArguments }] }),
      emptyRegion: () => openRegion([]),
      isEmpty: (region) => (region as OpenRegion).blocks.length === 0,
      append: (
        region,
        name,
        operands,
        resultTypes,
        properties = noAttributes,
        attributes = noAttributes,
        regions = [],
      ) => {
        const split = splitAttributes(this.#definitionOf(name, this.next), properties, attributes);
        const inner = regions as readonly OpenRegion[];
        return state.append(region as OpenRegion, { name, operands, resultTypes, ...split, regions: inner }, id);
      },
      hasTerminator: (region) => {
        const last = (region as OpenRegion).blocks.at(-1)?.operations.at(-1);
        return last !== undefined && this.#options!.registry.hasTrait(state.tables.operation(last), "terminator");
      },
      synthetic: (argumentTypes, body, located) => {
        const { region, values } = state.synthesize(argumentTypes, id, located === undefined);
        body(region, values);
        return region;
      },
    };
  }

  /** The grammar's own methods, for the parser of custom syntax; one object for all operations. */
  readonly #access: GrammarAccess = {
    kind: (): number => this.kind,
    kindAhead: (distance: number): number => this.kindAhead(distance),
    acceptText: (text: string): boolean => this.acceptText(text),
    atText: (text: string): boolean => this.isText(text),
    atIdentifier: (): boolean => this.atIdentifier,
    take: (kind: number): string => this.take(kind),
    identifier: (expected?: string): string => this.takeIdentifier(expected),
    unexpected: (expected: string): never => this.unexpected(expected),
    fail: (what: string, place: number = this.next): never => this.failAt(place, what),
    place: (): number => this.next,
    type: (): Type => this.SUBRULE(this.type),
    resultTypes: (): readonly Type[] => this.SUBRULE(this.resultTypes),
    affineMap: (): AffineMap => this.SUBRULE(this.affineMapBody),
    attribute: (): Attribute => this.SUBRULE(this.attribute),
    attributeOfImpliedType: (type: Type): Attribute => this.attributeOfImpliedType(type),
    dictionary: (): Attributes => this.SUBRULE(this.dictionary),
    optionalLocation: (): Location | undefined => (this.kind === kindOf.Loc ? this.SUBRULE(this.location) : undefined),
    number: (place: number, negative: boolean, type: Type): Attribute => this.numberOf(place, negative, type),
    resolve: (operand: UnresolvedOperand, type: Type): ValueId => this.#state.resolve(operand, type),
    block: (name: string, place: number): BlockId => this.#state.blockNamed(name, place),
  };
}
