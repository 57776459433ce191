import type { CustomAssembly, OperationParser, OperationPrinter, ParsedArgument } from "../../assembly.ts";
import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dictionaryAttribute,
  noAttributes,
  stringAttribute,
  typeAttribute,
} from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { functionType, type Type } from "../../types.ts";
import { assume } from "./malformed.ts";

const shownElsewhere = ["sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"] as const;

const entriesOf = (list: Attribute | undefined, index: number): Attributes => {
  const entry = list?.kind === "array" ? list.elements[index] : undefined;
  return entry?.kind === "dictionary" ? entry.entries : noAttributes;
};
const hasAny = (entries: Attributes): boolean => Object.keys(entries).length > 0;

/** `func.func private @f(%arg0: i32 {a}) -> (i32 {b}) attributes {c} { … }`. */
export const functionAssembly: CustomAssembly = {
  print(op, printer) {
    const name = op.properties["sym_name"];
    const type = op.properties["function_type"];
    const visibility = op.properties["sym_visibility"];
    assume(name?.kind === "string" && type?.kind === "type" && type.type.kind === "function");
    const { inputs, results } = type.type;
    printer.write(" ");
    if (visibility?.kind === "string") printer.write(`${visibility.value} `);
    printer.symbol(name.value);
    printer.write("(");
    printInputs(op, printer, inputs);
    printer.write(")");
    printResults(op, printer, results);
    const others = Object.keys({ ...op.attributes, ...op.properties }).filter(
      (key) => !(shownElsewhere as readonly string[]).includes(key),
    );
    if (others.length > 0) {
      printer.write(" attributes");
      printer.attributeDictionary(op, shownElsewhere);
    }
    if (op.regions[0]!.length === 0) return;
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
  },
  parse(parser) {
    const visibility =
      parser.at("public") || parser.at("private") || parser.at("nested") ? parser.keyword() : undefined;
    const name = parser.symbol();
    let isNamed: boolean | undefined;
    const inputs = parser.list("(", ")", () => {
      // Either all arguments have names or none has.
      if (isNamed === true && !parser.atOperand()) return parser.fail("expected SSA identifier");
      if (isNamed === false && parser.atOperand()) return parser.fail("expected type instead of SSA identifier");
      isNamed = parser.atOperand();
      return parseInput(parser);
    });
    const results = parseResults(parser);
    const place = parser.place();
    const extra = parser.optional("attributes") ? parser.attributeDictionary() : noAttributes;
    const given = (["sym_visibility", "sym_name", "function_type"] as const).find((name) => Object.hasOwn(extra, name));
    if (given !== undefined)
      parser.fail(
        `'${given}' is an inferred attribute and should not be specified in the explicit attribute dictionary`,
        place,
      );
    const type = functionType(
      inputs.map((input) => input.type),
      results.map((result) => result.type),
    );
    const named = inputs.flatMap(({ argument }) => (argument === undefined ? [] : [argument]));
    const body = parser.at("{")
      ? parser.region(named.map((argument) => ({ ...argument, type: argument.type! })))
      : parser.emptyRegion();
    return {
      attributes: {
        sym_name: stringAttribute(name),
        function_type: typeAttribute(type),
        ...(visibility === undefined ? {} : { sym_visibility: stringAttribute(visibility) }),
        ...listed("arg_attrs", inputs),
        ...listed("res_attrs", results),
        ...extra,
      },
      regions: [body],
    };
  },
};

function printInputs(op: Operation, printer: OperationPrinter, inputs: readonly Type[]): void {
  const entry = op.regions[0]![0];
  const values: readonly ValueId[] | undefined =
    entry === undefined ? undefined : printer.reader.block(entry).arguments;
  assume(values === undefined || values.length === inputs.length);
  inputs.forEach((input, index) => {
    if (index > 0) printer.write(", ");
    const attributes = entriesOf(op.properties["arg_attrs"], index);
    if (values !== undefined) printer.argument(values[index]!, true, attributes);
    else {
      printer.type(input);
      printEntries(printer, attributes);
    }
  });
}

function printEntries(printer: OperationPrinter, entries: Attributes): void {
  if (!hasAny(entries)) return;
  printer.write(" ");
  printer.dictionary(entries);
}

function printResults(op: Operation, printer: OperationPrinter, results: readonly Type[]): void {
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

interface Typed {
  readonly type: Type;
  readonly attributes: Attributes;
}

function parseInput(parser: OperationParser): Typed & { readonly argument: ParsedArgument | undefined } {
  if (!parser.atOperand())
    return { type: parser.type(), attributes: parser.attributeDictionary(), argument: undefined };
  const argument = parser.argument(true);
  return { type: argument.type!, attributes: argument.attributes, argument };
}

function parseResults(parser: OperationParser): readonly Typed[] {
  if (!parser.optional("->")) return [];
  if (!parser.at("(")) return [{ type: parser.type(), attributes: noAttributes }];
  return parser.list("(", ")", () => ({ type: parser.type(), attributes: parser.attributeDictionary() }));
}

const listed = (name: string, values: readonly Typed[]): Attributes =>
  values.some(({ attributes }) => hasAny(attributes))
    ? { [name]: arrayAttribute(values.map(({ attributes }) => dictionaryAttribute(attributes))) }
    : noAttributes;
