import type { OperationParser, OperationPrinter, ParsedArgument, RegionArgument } from "../../assembly.ts";
import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dictionaryAttribute,
  noAttributes,
} from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { type FunctionType, functionType, type Type } from "../../types.ts";

// The arguments and results of functions of every kind, as they are written after the name.

/** The attributes of one argument or result, from a list such as `arg_attrs`. */
export const entriesOf = (list: Attribute | undefined, index: number): Attributes => {
  const entry = list?.kind === "array" ? list.elements[index] : undefined;
  return entry?.kind === "dictionary" ? entry.entries : noAttributes;
};
const hasAny = (entries: Attributes): boolean => Object.keys(entries).length > 0;

/** `(%arg0: i32 {a}, …)`; only types for a declaration, which has no values. */
export function printInputs(
  op: Operation,
  printer: OperationPrinter,
  inputs: readonly Type[],
  values: readonly ValueId[] | undefined,
): void {
  printer.write("(");
  inputs.forEach((input, index) => {
    if (index > 0) printer.write(", ");
    const attributes = entriesOf(op.properties["arg_attrs"], index);
    if (values !== undefined) printer.argument(values[index]!, true, attributes);
    else {
      printer.type(input);
      printEntries(printer, attributes);
    }
  });
  printer.write(")");
}

/** ` {…}`, or nothing. */
export function printEntries(printer: OperationPrinter, entries: Attributes): void {
  if (!hasAny(entries)) return;
  printer.write(" ");
  printer.dictionary(entries);
}

/** ` -> type` or ` -> (type {a}, …)`, or nothing. */
export function printResults(op: Operation, printer: OperationPrinter, results: readonly Type[]): void {
  if (results.length === 0) return;
  const attributes = results.map((_, index) => entriesOf(op.properties["res_attrs"], index));
  if (!attributes.some(hasAny)) return printer.optionalResultTypes(results);
  printer.write(" -> (");
  results.forEach((result, index) => {
    if (index > 0) printer.write(", ");
    printer.type(result);
    printEntries(printer, attributes[index]!);
  });
  printer.write(")");
}

/** The type of an argument or result, and its attributes. */
export interface Typed {
  readonly type: Type;
  readonly attributes: Attributes;
}
/** An argument; without a name in a declaration. */
export interface ParsedInput extends Typed {
  readonly argument: ParsedArgument | undefined;
}

/** Reads what {@link printInputs} writes. */
export function parseInputs(parser: OperationParser): readonly ParsedInput[] {
  let isNamed: boolean | undefined;
  return parser.list("(", ")", () => {
    // Either all arguments have names or none has.
    if (isNamed === true && !parser.atOperand()) return parser.fail("expected SSA identifier");
    if (isNamed === false && parser.atOperand()) return parser.fail("expected type instead of SSA identifier");
    isNamed = parser.atOperand();
    return isNamed
      ? parseNamed(parser)
      : { type: parser.type(), attributes: parser.attributeDictionary(), argument: undefined };
  });
}
/** `%name: type {a}`. */
export function parseNamed(parser: OperationParser): ParsedInput {
  const argument = parser.argument(true);
  return { type: argument.type!, attributes: argument.attributes, argument };
}

/** Reads what {@link printResults} writes. */
export function parseResults(parser: OperationParser): readonly Typed[] {
  if (!parser.optional("->")) return [];
  if (!parser.at("(")) return [{ type: parser.type(), attributes: noAttributes }];
  return parser.list("(", ")", () => ({ type: parser.type(), attributes: parser.attributeDictionary() }));
}

/** What the body of the function begins with. */
export const regionArguments = (inputs: readonly ParsedInput[]): readonly RegionArgument[] =>
  inputs.flatMap(({ argument, type }) => (argument === undefined ? [] : [{ ...argument, type }]));

/** The type of a function with these inputs and results. */
export const signatureOf = (inputs: readonly Typed[], results: readonly Typed[]): FunctionType =>
  functionType(
    inputs.map(({ type }) => type),
    results.map(({ type }) => type),
  );

/** The attribute of this name, if any argument or result has attributes. */
export const listed = (name: string, values: readonly Typed[]): Attributes =>
  values.some(({ attributes }) => hasAny(attributes))
    ? { [name]: arrayAttribute(values.map(({ attributes }) => dictionaryAttribute(attributes))) }
    : noAttributes;
