import type { AffineMap } from "./affine.ts";
import type { Attribute, Attributes } from "./attributes.ts";
import type { BlockId, IrReader, Operation, ValueId } from "./module.ts";
import type { Type } from "./types.ts";
import type { Location } from "../support/location.ts";

/**
 * The pretty text of an operation. A string is a declarative format in the notation of upstream's `assemblyFormat`; an object is
 * written by hand, for operations whose upstream syntax is.
 */
export type Assembly = string | FormatAssembly | CustomAssembly;

/** A declarative format together with what the notation alone does not say. */
export interface FormatAssembly {
  readonly format: string;
  /**
   * Types that the text leaves out, by operand or result name, each computed from those that are known (the first of each name).
   * One type stands for every value of the name; a list has one for each.
   */
  readonly infer?: Readonly<Record<string, TypeInference>>;
  /** The directives that the format names in `custom<Name>(…)`; `DynamicIndexList` need not be given. */
  readonly custom?: Readonly<Record<string, CustomDirective>>;
  /** Attributes that its directives write besides those that the format names. */
  readonly directiveAttributes?: readonly string[];
  /** The terminator that regions end with where the text has none; it is not printed where it has no operands and attributes. */
  readonly terminator?: string;
}

/** Computes a type that the text leaves out; undefined while what it needs is not known. */
export type TypeInference = (
  types: Readonly<Record<string, Type | undefined>>,
  context: InferenceContext,
) => Type | readonly Type[] | undefined;

/** What the text says besides single types. */
export interface InferenceContext {
  readonly attributes: Attributes;
  /** All types of a name; undefined when they are not known. */
  all(name: string): readonly Type[] | undefined;
  /** How many operands the name stands for. */
  count(name: string): number;
}

/** Values of these names have one type: upstream's `AllTypesMatch`. */
export const allTypesMatch = (...names: readonly string[]): Readonly<Record<string, TypeInference>> =>
  Object.fromEntries(
    names.map((name): [string, TypeInference] => [
      name,
      (types) => names.map((other) => types[other]).find((type) => type !== undefined),
    ]),
  );

/**
 * A part of a declarative format that is written by hand: `custom<Name>($a, type($b), "text")`. `names` are its arguments in order:
 * for variables, types and references the declared name, for strings their text.
 */
export interface CustomDirective {
  print(op: FormattedOperation, names: readonly string[], printer: OperationPrinter): void;
  parse(read: FormatResults, names: readonly string[], parser: OperationParser): void;
  /** Whether its text begins with the next token; needed where an optional group begins with it. */
  begins?(parser: OperationParser): boolean;
}

/** What a directive prints from. */
export interface FormattedOperation {
  readonly op: Operation;
  operands(name: string): readonly ValueId[];
  /** Types of the operands or results of a name. */
  types(name: string): readonly Type[];
  attribute(name: string): Attribute | undefined;
  /** Positions of the regions of a name. */
  regions(name: string): readonly number[];
  successors(name: string): readonly BlockId[];
}

/** Where a directive puts what it read, and finds what was read before. */
export interface FormatResults {
  operands(name: string): readonly UnresolvedOperand[];
  setOperands(name: string, operands: readonly UnresolvedOperand[]): void;
  /** Types of the operands or results of a name; undefined when they were not read. */
  types(name: string): readonly Type[] | undefined;
  setTypes(name: string, types: readonly Type[]): void;
  attribute(name: string): Attribute | undefined;
  setAttribute(name: string, attribute: Attribute): void;
  setRegions(name: string, regions: readonly ParsedRegion[]): void;
  setSuccessors(name: string, successors: readonly BlockId[]): void;
}

/** Thrown by hand-written printing when the operation is not as its syntax assumes; it is then printed in the generic form. */
export class MalformedOperation extends Error {}

/** Hand-written syntax: `print` writes what follows the operation's name, `parse` reads it back. */
export interface CustomAssembly {
  print(op: Operation, printer: OperationPrinter): void;
  parse(parser: OperationParser): ParsedOperation;
}

/** What hand-written printing may use. It writes its own spaces. */
export interface OperationPrinter {
  readonly reader: IrReader;
  write(text: string): void;
  /** A line's end and the indentation of the operation. */
  newline(): void;
  /** What `body` writes is indented by one step more. */
  indented(body: () => void): void;
  value(id: ValueId): void;
  /** Values separated by commas. */
  values(ids: readonly ValueId[]): void;
  /** `%arg0`, or `%arg0: i32 {a}` with its type and attributes, and its location where locations are printed. */
  argument(id: ValueId, withType: boolean, attributes?: Attributes): void;
  type(type: Type): void;
  types(types: readonly Type[]): void;
  /** The types of values, separated by commas. */
  typesOf(ids: readonly ValueId[]): void;
  /** ` -> type` or ` -> (types)`; nothing where there are none. */
  optionalResultTypes(types: readonly Type[]): void;
  attribute(attribute: Attribute): void;
  /** The attribute without the type that follows it, where the syntax has the type elsewhere. */
  attributeWithoutType(attribute: Attribute): void;
  /** ` {…}` with these names left out; nothing when no others are there. Properties and attributes are printed alike. */
  attributeDictionary(op: Operation, except?: readonly string[]): void;
  /** ` <{…}>` of the operation's own attributes without these; nothing when no others are there. */
  propertyDictionary(op: Operation, except?: readonly string[]): void;
  /** ` {…}` of the attributes that anyone may add. */
  discardableDictionary(op: Operation): void;
  /** `{…}` of these entries, without a space before it. */
  dictionary(entries: Attributes): void;
  /** `@name`, quoted where it must be. */
  symbol(name: string): void;
  /** `{ … }`; the entry block's arguments are printed as a block header unless `entryArguments` is false, likewise the terminator. */
  region(
    op: Operation,
    index: number,
    options?: { readonly entryArguments?: boolean; readonly terminator?: boolean },
  ): void;
  successor(block: BlockId): void;
  /** Another operation in the same line, without its results and its location. */
  operationInLine(op: Operation): void;
}

/** A value that was written but may not be defined yet. */
export interface UnresolvedOperand {
  /** With its mark, and its number within a pack: `%a`, `%a#1`. */
  readonly name: string;
  /** Number of its token, for diagnostics. */
  readonly place: number;
}
/** A name that is being defined as a region's argument. */
export interface ParsedArgument extends UnresolvedOperand {
  readonly type: Type | undefined;
  readonly attributes: Attributes;
  /** Undefined where none was written. */
  readonly location: Location | undefined;
}
/** An argument that a region is to begin with. */
export interface RegionArgument extends UnresolvedOperand {
  readonly type: Type;
  /** The place of its name when undefined. */
  readonly location: Location | undefined;
}
declare const parsedRegion: unique symbol;
/** A parsed region, to be given to an operation as it is. */
export interface ParsedRegion {
  readonly [parsedRegion]: true;
}
/** What a hand-written parser makes. Attributes that the declaration names become properties. */
export interface ParsedOperation {
  readonly operands?: readonly ValueId[];
  readonly resultTypes?: readonly Type[];
  readonly attributes?: Attributes;
  readonly regions?: readonly ParsedRegion[];
  readonly successors?: readonly BlockId[];
}

/** What hand-written parsing may use. A method that does not find what it wants breaks the operation off with a diagnostic. */
export interface OperationParser {
  /** Whether the next token is this punctuation or word. */
  at(token: string): boolean;
  /** Consumes the next token if it is this punctuation or word. */
  optional(token: string): boolean;
  expect(token: string): void;
  /** Consumes any identifier. */
  keyword(): string;
  /** Consumes one of these words. */
  keywordOf(...choices: readonly string[]): string;
  atInteger(): boolean;
  /** Whether a number is next: digits, or a minus before them. */
  atNumber(): boolean;
  integer(): bigint;
  atString(): boolean;
  string(): string;
  atOperand(): boolean;
  operand(): UnresolvedOperand;
  /** Operands separated by commas; none where no operand begins. */
  operands(): readonly UnresolvedOperand[];
  resolve(operand: UnresolvedOperand, type: Type): ValueId;
  /** Resolves as many operands as there are types. */
  resolveAll(operands: readonly UnresolvedOperand[], types: readonly Type[]): readonly ValueId[];
  type(): Type;
  /** Types separated by commas, at least one. */
  types(): readonly Type[];
  /** `-> type` or `-> (types)`, or nothing. */
  optionalResultTypes(): readonly Type[];
  /** `(d0) -> (d0 + 1)`, without what makes it an attribute. */
  affineMap(): AffineMap;
  /** Whether an attribute may begin with the next token. */
  atAttribute(): boolean;
  attribute(): Attribute;
  /** A number or elements written without their type. */
  attributeOfType(type: Type): Attribute;
  /** `{…}`, or nothing. */
  attributeDictionary(): Attributes;
  /** `<{…}>`, or nothing. */
  propertyDictionary(): Attributes;
  atSymbol(): boolean;
  /** `@name` without its mark. */
  symbol(): string;
  /** `%name`, and `: type {attributes} loc(…)` where the type is wanted. */
  argument(withType: boolean): ParsedArgument;
  /** `item (, item)*` between two brackets. */
  list<T>(open: string, close: string, item: () => T): readonly T[];
  /** `{ … }`. `arguments` are those of its first block, where the text has no header for it. */
  region(entryArguments?: readonly RegionArgument[]): ParsedRegion;
  emptyRegion(): ParsedRegion;
  /** Whether the region has no block. */
  isEmpty(region: ParsedRegion): boolean;
  /** Ends the region's only block with an operation that takes the results of the one before it, where it has no terminator. */
  terminateWithResults(region: ParsedRegion, name: string): void;
  /** Gives the region's last block a terminator without operands, but with these regions, where it has none. */
  ensureTerminator(region: ParsedRegion, name: string, regions?: readonly ParsedRegion[]): void;
  /** Adds an operation at the end of the region's last block, with the defaults of attributes that are not given. */
  appendOperation(
    region: ParsedRegion,
    name: string,
    operands: readonly ValueId[],
    resultTypes: readonly Type[],
    properties?: Attributes,
    attributes?: Attributes,
  ): readonly ValueId[];
  /**
   * A region of one block with arguments of these types, filled by `body`, which may append operations. They are where the operation
   * is, or nowhere: upstream gives the bodies that it makes up no location.
   */
  syntheticRegion(
    argumentTypes: readonly Type[],
    body: (region: ParsedRegion, values: readonly ValueId[]) => void,
    located?: "nowhere",
  ): ParsedRegion;
  atSuccessor(): boolean;
  successor(): BlockId;
  /** Number of the next token, for `fail`. */
  place(): number;
  /** Breaks off at the next token, or at the place that is given. */
  fail(message: string, place?: number): never;
}
