import type { Attribute, Attributes } from "./attributes.ts";
import type { BlockId, IrReader, Operation, ValueId } from "./module.ts";
import type { Type } from "./types.ts";
import type { Location } from "../support/location.ts";

/**
 * The pretty text of an operation. A string is a declarative format in the notation of upstream's `assemblyFormat`; an object is
 * written by hand, for operations whose upstream syntax is.
 */
export type Assembly = string | FormatAssembly | CustomAssembly;

/** A declarative format together with the types that its text leaves out, each computed from those it has. */
export interface FormatAssembly {
  readonly format: string;
  /** By operand or result name; `types` holds the types that are known, by name. */
  readonly infer: Readonly<Record<string, (types: Readonly<Record<string, Type | undefined>>) => Type | undefined>>;
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
  attribute(): Attribute;
  /** A number or elements written without their type. */
  attributeOfType(type: Type): Attribute;
  /** `{…}`, or nothing. */
  attributeDictionary(): Attributes;
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
  /** Gives the region's last block a terminator without operands where it has none. */
  ensureTerminator(region: ParsedRegion, name: string): void;
  /** Adds an operation at the end of the region's last block. */
  appendOperation(
    region: ParsedRegion,
    name: string,
    operands: readonly ValueId[],
    resultTypes: readonly Type[],
    properties?: Attributes,
  ): readonly ValueId[];
  /** A region of one block with arguments of these types, filled by `body`, which may append operations. */
  syntheticRegion(
    argumentTypes: readonly Type[],
    body: (region: ParsedRegion, values: readonly ValueId[]) => void,
  ): ParsedRegion;
  successor(): BlockId;
  fail(message: string): never;
}
