import type { OperationSpec } from "./builder.ts";
import type { Attribute, Attributes } from "./attributes.ts";
import type { BlockId, IrReader, Operation, ValueId } from "./module.ts";
import type { Type } from "./types.ts";
import type { Location } from "../support/location.ts";

/**
 * The pretty text of an operation. A string is a declarative format in the notation of upstream's `assemblyFormat`; an object is
 * written by hand, for operations whose upstream syntax is.
 */
export type Assembly = string | CustomAssembly;

/** Hand-written syntax: `print` writes what follows the operation's name, `parse` reads it back. */
export interface CustomAssembly {
  print(op: Operation, printer: OperationPrinter): void;
  parse(parser: OperationParser): OperationSpec | undefined;
}

/** What hand-written printing may use. */
export interface OperationPrinter {
  readonly reader: IrReader;
  write(text: string): void;
  value(id: ValueId): void;
  values(ids: readonly ValueId[]): void;
  type(type: Type): void;
  types(types: readonly Type[]): void;
  attribute(attribute: Attribute): void;
  /** ` {…}` with these names left out; nothing when no others are there. Properties and attributes are printed alike. */
  attributeDictionary(op: Operation, except?: readonly string[]): void;
  /** `@name`, quoted where it must be. */
  symbol(name: string): void;
  /** `{ … }`; the entry block's arguments are printed as a block header only when `entryArguments`, the terminator when `terminator`. */
  region(
    op: Operation,
    index: number,
    options?: { readonly entryArguments?: boolean; readonly terminator?: boolean },
  ): void;
  successor(block: BlockId): void;
}

/** A value that was written but may not be defined yet: its name and place. */
export interface UnresolvedOperand {
  readonly name: string;
  readonly location: Location;
}
/** An SSA name that is being defined as a region argument, with its type when it was written. */
export interface ParsedArgument {
  readonly name: string;
  readonly type: Type | undefined;
  readonly attributes: Attributes;
  readonly location: Location;
}
/** A parsed region, to be given to an operation as it is. */
export interface ParsedRegion {
  readonly token: unique symbol;
}

/** What hand-written parsing may use. Every method reports a diagnostic and throws to the recovery point when the text does not fit. */
export interface OperationParser {
  readonly location: Location;
  /** Whether the next token is this punctuation or keyword; consumes it when it is. */
  optional(token: string): boolean;
  expect(token: string): void;
  keyword(): string;
  integer(): bigint;
  operand(): UnresolvedOperand;
  operands(): readonly UnresolvedOperand[];
  resolve(operand: UnresolvedOperand, type: Type): ValueId;
  type(): Type;
  types(): readonly Type[];
  attribute(): Attribute;
  attributeDictionary(): Attributes;
  symbol(): string;
  argument(withType: boolean): ParsedArgument;
  region(entryArguments?: readonly { readonly name: string; readonly type: Type }[]): ParsedRegion;
  fail(message: string): never;
}
