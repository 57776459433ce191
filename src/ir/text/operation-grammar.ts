import { CompileError } from "../../support/diagnostic.ts";
import { fileLocation, type Location } from "../../support/location.ts";
import type { UnresolvedOperand } from "../assembly.ts";
import { noAttributes } from "../attributes.ts";
import type { BlockId, Module, OpId, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import { CustomOperationGrammar, type ParseOptions, type RegionStart } from "./custom-operation-grammar.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { splitAttributes, splitUpstreamAttributes } from "./inherent-attributes.ts";
import { largestLine } from "./location-grammar.ts";
import { readResources } from "./parse-resources.ts";
import { type BoundResults, type OpenBlock, type OpenRegion, openRegion, type ReadOperation } from "./parse-state.ts";
import { RepeatedOperations } from "./repeated-operations.ts";
import { unquoted } from "./spelling.ts";
import { kindOf, t } from "./tokens.ts";

/** Modules, operations, regions and blocks. */
export class OperationGrammar extends CustomOperationGrammar {
  #repeated: RepeatedOperations | undefined;

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Reads a module. @throws CompileError with every error that was found. */
  parse(source: string, options: ParseOptions): Module {
    this.options = options;
    this.state = this.newState();
    this.defaultDialects = ["builtin"];
    this.load(source, options.file, options.firstLine);
    if (!options.grammarOnly && options.observer === undefined)
      this.#repeated = new RepeatedOperations(this.table, this.state, (token) => this.locationAt(token));
    try {
      const wrapper = this.state.tables.reserveOperation();
      const top = this.file_();
      if (this.diagnostics.length > 0) throw new CompileError(this.diagnostics);
      // The module that the text leaves out is at no line, as upstream has it.
      return this.state.moduleOf(wrapper, top, fileLocation(options.file));
    } finally {
      this.#repeated = undefined;
      this.state = this.newState();
      this.unload();
    }
  }

  #observe(id: OpId, first: number, name: number): void {
    const observer = this.options?.observer;
    if (observer === undefined) return;
    const range = { start: this.rangeOf(first).start, end: this.rangeOf(this.next - 1).end };
    observer.operation(this.state.tables.operation(id), this.rangeOf(name), range);
  }

  // --- files -------------------------------------------------------------------------------------------------------------------

  private readonly file_ = this.RULE("file", (): OpenBlock => {
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.operation));
      return undefined as never;
    }
    this.state.openRegion(true);
    this.state.openBlock({ id: this.state.tables.reserveBlock(), arguments: [], operations: [] });
    while (this.kind !== kindOf.EndOfFile) {
      if (this.atAliasDefinition) this.#recovering(() => this.aliasDefinition());
      else if (this.kind === kindOf.MetadataBegin) this.#recovering(() => this.#resources());
      else if (this.kind === kindOf.RBrace) {
        this.attempt(() => this.unexpected("operation"));
        this.next++;
      } else this.#nextOperation();
    }
    this.state.closeRegion(true);
    return this.state.closeBlock();
  });

  #resources(): void {
    const end = readResources(this.table, this.next, this.state.tables);
    if (typeof end !== "number") this.failAt(end.index, end.error);
    this.next = end;
  }

  /** Reads one thing; when it is broken, moves to where the next may begin. */
  #recovering(parse: () => void): void {
    const start = this.next;
    const mark = this.state.mark();
    const dialects = this.defaultDialects.length;
    const done = this.attempt(() => {
      parse();
      return true;
    });
    if (done) return;
    this.state.unwind(mark);
    this.defaultDialects.length = dialects;
    this.skipOperation(start);
  }

  #nextOperation(): void {
    const end = this.#repeated?.match(this.next) ?? -1;
    if (end < 0) this.#recovering(() => this.SUBRULE(this.operation));
    else if (this.table.kinds[end] === kindOf.Loc)
      this.#recovering(() => {
        this.next = end;
        this.#repeated!.finish(() => this.#location());
      });
    else {
      this.next = end;
      this.#repeated!.finish(undefined);
    }
  }

  /** Reads `loc(…)`: an alias or a place in a file from the tokens, anything else by the grammar. */
  #location(): Location {
    const { kinds } = this.table;
    const start = this.next;
    const isLike = (...like: readonly number[]): boolean =>
      like.every((kind, index) => kinds[start + 1 + index] === kind);
    const { LParen, RParen, AttributeName, String: Text, Colon, Integer } = kindOf;
    if (isLike(LParen, AttributeName, RParen)) {
      this.next = start + 3;
      const attribute = this.namedAttribute(start + 2);
      this.next = attribute.kind === "location" ? start + 4 : start;
      if (attribute.kind === "location") return attribute.location;
    } else if (isLike(LParen, Text, Colon, Integer, Colon, Integer, RParen)) {
      this.next = start + 8;
      const file = unquoted(this.textOf(start + 2).slice(1, -1));
      const [line, column] = [Number(this.textOf(start + 4)), Number(this.textOf(start + 6))];
      // What is too large is for the grammar to refuse.
      if (line <= largestLine && column <= largestLine) return fileLocation(file, line, column);
      this.next = start;
    }
    return this.SUBRULE(this.location);
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
            return this.#resultCount(this.CONSUME(t.Integer).image);
          });
          bound.push({ name, token, count: count ?? 1 });
        },
      });
      this.CONSUME(t.Equal);
    });
    const start = this.ACTION(() => this.next);
    const id = this.ACTION(() => this.state.tables.reserveOperation());
    const read = this.#guarded(bound, () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.genericOperation) },
        { ALT: () => this.SUBRULE(this.customOperation, { ARGS: [id] }) },
      ]),
    );
    const location = this.OPTION2(() => this.SUBRULE(this.location));
    this.ACTION(() => {
      this.state.finish(id, read, bound, location ?? this.locationAt(start), start);
      this.#observe(id, bound[0]?.token ?? start, start);
    });
  });

  #resultCount(digits: string): number {
    if (!this.RECORDING_PHASE && Number(digits) === 0)
      this.failAt(this.next - 1, "expected named operation to have at least 1 result");
    return Number(digits);
  }

  /** When an operation is broken, what it was to define is known to be missing, so that its uses are no further errors. */
  #guarded<T>(bound: readonly BoundResults[], parse: () => T): T {
    if (this.RECORDING_PHASE || bound.length === 0) return parse();
    const mark = this.state.mark();
    try {
      return parse();
    } catch (error) {
      this.state.unwind(mark);
      this.state.breakResults(bound);
      throw error;
    }
  }

  private readonly genericOperation = this.RULE("genericOperation", (): ReadOperation => {
    const text = this.CONSUME(t.String).image;
    const place = this.ACTION(() => this.next - 1);
    const name = this.ACTION(() => unquoted(text.slice(1, -1)));
    if (name === "") this.failAt(place, "empty operation name is invalid");
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
          this.ACTION(() => successors.push(this.state.blockNamed(block, this.next - 1)));
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
    const definition = this.ACTION(() => this.definitionOf(name, place));
    const regions: OpenRegion[] = [];
    this.OPTION2(() => {
      this.CONSUME1(t.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => {
          // A generic operation leaves the dialect of its surroundings as it is.
          const dialect = this.ACTION(() => this.defaultDialects.at(-1)!);
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

  #resolveAll(operands: readonly UnresolvedOperand[], types: readonly Type[], place: number): readonly ValueId[] {
    if (operands.length !== types.length)
      this.abort(
        textDiagnostics.at("operand-count", this.locationAt(place), { expected: operands.length, found: types.length }),
      );
    return operands.map((operand, index) => this.state.resolve(operand, types[index]!));
  }

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
    this.defaultDialects.push(dialect);
    this.state.openRegion(isolated);
    const blocks: OpenBlock[] = [];
    if ((given?.length ?? 0) > 0 && this.kind === kindOf.Block)
      this.failAt(this.next, "invalid block name in region with named arguments");
    // The first block may do without a header: its arguments, if any, stand with the operation.
    const mayBeHeadless = given === undefined ? this.kind !== kindOf.RBrace : true;
    if ((given?.length ?? 0) > 0 || (mayBeHeadless && this.kind !== kindOf.Block)) {
      const id = this.state.tables.reserveBlock();
      const values = (given ?? []).map((argument, index) =>
        this.state.defineArgument(
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
    this.state.closeRegion(isolated);
    this.defaultDialects.pop();
    return openRegion(blocks);
  }

  private readonly block = this.RULE("block", (): OpenBlock => {
    const name = this.CONSUME(t.Block).image;
    const id = this.ACTION(() => this.state.defineBlock(name, this.next - 1));
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
            values.push(this.state.defineArgument({ name: argument, place }, type, id, values.length, where));
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
    this.state.openBlock(block);
    for (let { kind } = this; kind !== kindOf.RBrace && kind !== kindOf.Block; { kind } = this) {
      if (kind === kindOf.EndOfFile) this.unexpected("'}'");
      this.#nextOperation();
    }
    return this.state.closeBlock();
  }
}
