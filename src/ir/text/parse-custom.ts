import type { AffineMap } from "../affine.ts";
import type { Location } from "../../support/location.ts";
import type {
  Assembly,
  OperationParser,
  ParsedArgument,
  ParsedOperation,
  ParsedRegion,
  RegionArgument,
  UnresolvedOperand,
} from "../assembly.ts";
import { type Attribute, type Attributes, noAttributes } from "../attributes.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { BlockId, ValueId } from "../module.ts";
import type { Type } from "../types.ts";
import { assemblyFormat } from "./format-reader.ts";
import { parseFormat } from "./parse-format.ts";
import { unquoted } from "./spelling.ts";
import { keywordKinds, kindOf } from "./tokens.ts";

/** The grammar's methods that custom syntax needs. */
export interface GrammarAccess {
  kind(): number;
  kindAhead(distance: number): number;
  acceptText(text: string): boolean;
  atText(text: string): boolean;
  atIdentifier(): boolean;
  take(kind: number): string;
  identifier(expected?: string): string;
  unexpected(expected: string): never;
  fail(what: string, place?: number): never;
  /** Number of the next token. */
  place(): number;
  type(): Type;
  resultTypes(): readonly Type[];
  affineMap(): AffineMap;
  attribute(): Attribute;
  /** An attribute whose type, should it have elements, is this one and not written. */
  attributeOfImpliedType(type: Type): Attribute;
  dictionary(): Attributes;
  /** The attribute of the number token at a place. */
  number(place: number, negative: boolean, type: Type): Attribute;
  resolve(operand: UnresolvedOperand, type: Type): ValueId;
  block(name: string, place: number): BlockId;
  /** A location, if one is next. */
  optionalLocation(): Location | undefined;
}

/** What the parser of one operation's custom syntax gets. */
export interface CustomParseContext {
  readonly definition: AnyOpDefinition;
  readonly parser: GrammarAccess;
  region(entryArguments?: readonly RegionArgument[]): ParsedRegion;
  emptyRegion(): ParsedRegion;
  isEmpty(region: ParsedRegion): boolean;
  append(
    region: ParsedRegion,
    name: string,
    operands: readonly ValueId[],
    resultTypes: readonly Type[],
    properties?: Attributes,
    attributes?: Attributes,
    regions?: readonly ParsedRegion[],
  ): readonly ValueId[];
  /** Whether the region's last block ends in an operation that is declared as a terminator. */
  hasTerminator(region: ParsedRegion): boolean;
  /** The results of the last operation of the region's last block. */
  resultsOfLast(region: ParsedRegion): readonly ValueId[];
  synthetic(
    argumentTypes: readonly Type[],
    body: (region: ParsedRegion, values: readonly ValueId[]) => void,
    located?: "nowhere",
  ): ParsedRegion;
}

/** Reads what follows the name of an operation that has a pretty form. */
export function parseCustom(
  definition: AnyOpDefinition,
  assembly: Assembly,
  context: CustomParseContext,
): ParsedOperation {
  const parser = new CustomParser(context);
  if (typeof assembly === "string" || "format" in assembly)
    return parseFormat(assemblyFormat(definition, assembly), parser);
  return assembly.parse(parser);
}

/** Tokens that attributes begin with, but for `{` and `(`, which begin other things as well. */
const attributeStarts: ReadonlySet<number> = new Set([
  kindOf.Integer,
  kindOf.Float,
  kindOf.Minus,
  kindOf.String,
  kindOf.Symbol,
  kindOf.AttributeName,
  kindOf.AttributeBody,
  kindOf.TypeName,
  kindOf.TypeBody,
  kindOf.LSquare,
  kindOf.IntegerType,
  kindOf.FloatType,
  ...keywordKinds.values(),
]);

class CustomParser implements OperationParser {
  readonly #context: CustomParseContext;
  readonly #grammar: GrammarAccess;

  constructor(context: CustomParseContext) {
    this.#context = context;
    this.#grammar = context.parser;
  }

  at(token: string): boolean {
    return this.#grammar.atText(token);
  }
  optional(token: string): boolean {
    return this.#grammar.acceptText(token);
  }
  expect(token: string): void {
    if (!this.#grammar.acceptText(token)) this.#grammar.unexpected(`'${token}'`);
  }
  keyword(): string {
    return this.#grammar.identifier();
  }
  keywordOf(...choices: readonly string[]): string {
    const found = choices.find((choice) => this.#grammar.acceptText(choice));
    return found ?? this.#grammar.unexpected(`one of ${choices.join(", ")}`);
  }
  atInteger(): boolean {
    const kind = this.#grammar.kind();
    return kind === kindOf.Integer || (kind === kindOf.Minus && this.#grammar.kindAhead(2) === kindOf.Integer);
  }
  atNumber(): boolean {
    const kind = this.#grammar.kind();
    return kind === kindOf.Integer || kind === kindOf.Float || kind === kindOf.Minus;
  }
  integer(): bigint {
    const negative = this.optional("-");
    const place = this.#grammar.place();
    const magnitude = BigInt(this.#grammar.take(kindOf.Integer));
    const value = negative ? -magnitude : magnitude;
    if (BigInt.asIntN(64, value) !== value) this.#grammar.fail("integer value too large", place);
    return value;
  }
  atString(): boolean {
    return this.#grammar.kind() === kindOf.String;
  }
  string(): string {
    return unquoted(this.#grammar.take(kindOf.String).slice(1, -1));
  }
  atOperand(): boolean {
    return this.#grammar.kind() === kindOf.Value;
  }
  operand(): UnresolvedOperand {
    const place = this.#grammar.place();
    return { name: this.#grammar.take(kindOf.Value), place };
  }
  operands(): readonly UnresolvedOperand[] {
    const operands: UnresolvedOperand[] = [];
    if (!this.atOperand()) return operands;
    do operands.push(this.operand());
    while (this.optional(","));
    return operands;
  }
  resolve(operand: UnresolvedOperand, type: Type): ValueId {
    return this.#grammar.resolve(operand, type);
  }
  resolveAll(operands: readonly UnresolvedOperand[], types: readonly Type[]): readonly ValueId[] {
    if (operands.length !== types.length)
      this.#grammar.fail(`expected ${operands.length} types for ${operands.length} operands, found ${types.length}`);
    return operands.map((operand, index) => this.resolve(operand, types[index]!));
  }
  type(): Type {
    return this.#grammar.type();
  }
  types(): readonly Type[] {
    const types = [this.type()];
    while (this.optional(",")) types.push(this.type());
    return types;
  }
  optionalResultTypes(): readonly Type[] {
    return this.optional("->") ? this.#grammar.resultTypes() : [];
  }
  affineMap(): AffineMap {
    return this.#grammar.affineMap();
  }
  atAttribute(): boolean {
    return attributeStarts.has(this.#grammar.kind());
  }
  attribute(): Attribute {
    return this.#grammar.attribute();
  }
  attributeOfType(type: Type): Attribute {
    if (type.kind !== "integer" && type.kind !== "float" && type.kind !== "index")
      return this.#grammar.attributeOfImpliedType(type);
    const negative = this.optional("-");
    const place = this.#grammar.place();
    if (type.text === "i1" && !negative) {
      const word = this.keywordOf("true", "false");
      return { kind: "bool", value: word === "true" };
    }
    this.#grammar.take(this.#grammar.kind() === kindOf.Float ? kindOf.Float : kindOf.Integer);
    return this.#grammar.number(place, negative, type);
  }
  attributeDictionary(): Attributes {
    return this.at("{") ? this.#grammar.dictionary() : noAttributes;
  }
  propertyDictionary(): Attributes {
    if (!this.optional("<")) return noAttributes;
    const entries = this.#grammar.dictionary();
    this.expect(">");
    return entries;
  }
  atSymbol(): boolean {
    return this.#grammar.kind() === kindOf.Symbol;
  }
  symbol(): string {
    const text = this.#grammar.take(kindOf.Symbol);
    return text.startsWith('@"') ? unquoted(text.slice(2, -1)) : text.slice(1);
  }
  argument(withType: boolean): ParsedArgument {
    const operand = this.operand();
    if (withType) this.expect(":");
    const type = withType ? this.type() : undefined;
    const attributes = withType ? this.attributeDictionary() : noAttributes;
    return { ...operand, type, attributes, location: this.#grammar.optionalLocation() };
  }
  list<T>(open: string, close: string, item: () => T): readonly T[] {
    const items: T[] = [];
    this.expect(open);
    if (this.optional(close)) return items;
    do items.push(item());
    while (this.optional(","));
    this.expect(close);
    return items;
  }
  region(entryArguments?: readonly RegionArgument[]): ParsedRegion {
    return this.#context.region(entryArguments);
  }
  emptyRegion(): ParsedRegion {
    return this.#context.emptyRegion();
  }
  isEmpty(region: ParsedRegion): boolean {
    return this.#context.isEmpty(region);
  }
  terminateWithResults(region: ParsedRegion, name: string): void {
    if (!this.#context.hasTerminator(region))
      this.#context.append(region, name, this.#context.resultsOfLast(region), []);
  }
  ensureTerminator(region: ParsedRegion, name: string, regions?: readonly ParsedRegion[]): void {
    // A block that ends in another terminator is left for the verifier to judge.
    if (!this.#context.hasTerminator(region)) this.#context.append(region, name, [], [], undefined, undefined, regions);
  }
  appendOperation(
    region: ParsedRegion,
    name: string,
    operands: readonly ValueId[],
    resultTypes: readonly Type[],
    properties?: Attributes,
    attributes?: Attributes,
  ): readonly ValueId[] {
    return this.#context.append(region, name, operands, resultTypes, properties, attributes);
  }
  syntheticRegion(
    argumentTypes: readonly Type[],
    body: (region: ParsedRegion, values: readonly ValueId[]) => void,
    located?: "nowhere",
  ): ParsedRegion {
    return this.#context.synthetic(argumentTypes, body, located);
  }
  atSuccessor(): boolean {
    return this.#grammar.kind() === kindOf.Block;
  }
  successor(): BlockId {
    const place = this.#grammar.place();
    return this.#grammar.block(this.#grammar.take(kindOf.Block), place);
  }
  place(): number {
    return this.#grammar.place();
  }
  fail(message: string, place?: number): never {
    return place === undefined ? this.#grammar.fail(message) : this.#grammar.fail(message, place);
  }
}
