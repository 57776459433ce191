import type { Location } from "../../support/location.ts";
import type { AffineMap } from "../affine.ts";
import type { RegionArgument, UnresolvedOperand } from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { BlockId, OpId, ValueId } from "../module.ts";
import type { Registry } from "../registry.ts";
import type { Type } from "../types.ts";
import { AttributeGrammar } from "./attribute-grammar.ts";
import { defaultDialectOf } from "./default-dialect.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { splitAttributes } from "./inherent-attributes.ts";
import { type CustomParseContext, type GrammarAccess, parseCustom } from "./parse-custom.ts";
import type { ParseObserver } from "./parse-observer.ts";
import { type OpenRegion, openRegion, ParseState, type ReadOperation } from "./parse-state.ts";
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
export interface RegionStart {
  readonly definition: AnyOpDefinition | undefined;
  readonly dialect: string;
  readonly arguments: readonly RegionArgument[] | undefined;
}

/** Operations in hand-written or declared syntax, and what that syntax may use of the grammar. */
export abstract class CustomOperationGrammar extends AttributeGrammar {
  protected options: ParseOptions | undefined;
  protected state = this.newState();
  /** Dialects of names without one, innermost last. */
  protected defaultDialects: string[] = ["builtin"];
  protected abstract readonly region: (start: RegionStart) => OpenRegion;

  protected newState(): ParseState {
    return new ParseState({
      report: (diagnostic) => this.report(diagnostic),
      abort: (diagnostic) => this.abort(diagnostic),
      locationAt: (token) => this.locationAt(token),
      names: this.options?.observer && {
        value: (id, token, role, type) => this.options?.observer?.value(id, this.rangeOf(token), role, type),
        block: (id, token, role) => this.options?.observer?.block(id, this.rangeOf(token), role),
      },
    });
  }
  protected readonly customOperation = this.RULE("customOperation", (id: OpId): ReadOperation => {
    const word = this.CONSUME(t.Identifier).image;
    return this.ACTION((): ReadOperation => {
      const place = this.next - 1;
      const name = word.includes(".") ? word : `${this.defaultDialects.at(-1)!}.${word}`;
      const definition = this.options!.registry.definition(name) ?? this.#unknown(word, name, place);
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

  /** What declares an operation; undefined for one of a dialect that is only carried along. */
  protected definitionOf(name: string, place: number): AnyOpDefinition | undefined {
    const { registry, allowUnregisteredDialects } = this.options!;
    const definition = registry.definition(name);
    if (definition !== undefined || allowUnregisteredDialects) return definition;
    return this.#unregistered(`operation being parsed with an unregistered dialect: '${name}'`, place);
  }
  #unknown(word: string, name: string, place: number): never {
    const tried = word === name ? "" : ` (tried '${name}' as well)`;
    return this.#unregistered(`custom op '${word}' is unknown${tried}`, place);
  }
  #unregistered(what: string, place: number): never {
    return this.abort(textDiagnostics.at("unregistered-operation", this.locationAt(place), { what }));
  }

  #context(definition: AnyOpDefinition, id: OpId): CustomParseContext {
    const dialect = defaultDialectOf(definition.name);
    const state = this.state;
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
        const split = splitAttributes(this.definitionOf(name, this.next), properties, attributes);
        const inner = regions as readonly OpenRegion[];
        return state.append(region as OpenRegion, { name, operands, resultTypes, ...split, regions: inner }, id);
      },
      hasTerminator: (region) => {
        const last = (region as OpenRegion).blocks.at(-1)?.operations.at(-1);
        return last !== undefined && this.options!.registry.hasTrait(state.tables.operation(last), "terminator");
      },
      resultsOfLast: (region) => {
        const last = (region as OpenRegion).blocks.at(-1)?.operations.at(-1);
        return last === undefined ? [] : state.tables.operation(last).results;
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
    resolve: (operand: UnresolvedOperand, type: Type): ValueId => this.state.resolve(operand, type),
    block: (name: string, place: number): BlockId => this.state.blockNamed(name, place),
  };
}
