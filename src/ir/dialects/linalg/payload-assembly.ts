import type {
  CustomAssembly,
  OperationParser,
  OperationPrinter,
  ParsedRegion,
  RegionArgument,
} from "../../assembly.ts";
import { type Attribute, type Attributes, i64ArrayAttribute } from "../../attributes.ts";
import type { Block, Operation, ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";
import { assume, onlyBlock } from "../assembly/malformed.ts";
import { hasNamedBody } from "./named-body.ts";
import { scalarOf } from "./scalar-body.ts";
import {
  parseLeadingAttributes,
  parseStructuredOperands,
  printInputsAndOutputs,
  type StructuredOperands,
} from "./structured-assembly.ts";

// --- what the text says besides the region -----------------------------------------------------------------------------------------

interface DestinationStyle extends StructuredOperands {
  readonly resultTypes: readonly Type[];
  readonly attributes: Attributes;
}
/** `{…} ins(…) outs(…) name = [1, 2] {…}`; the results are the outputs that are tensors. */
function parseDestinationStyle(parser: OperationParser, list?: string): DestinationStyle {
  const leading = parseLeadingAttributes(parser);
  const parsed = parseStructuredOperands(parser);
  const dimensions: Record<string, Attribute> = {};
  if (list !== undefined) {
    parser.expect(list);
    parser.expect("=");
    dimensions[list] = i64ArrayAttribute(parser.list("[", "]", () => parser.integer()));
  }
  return {
    ...parsed,
    resultTypes: parsed.types.slice(parsed.inputs).filter((type) => type.kind === "tensor"),
    attributes: { ...leading, ...dimensions, ...parser.attributeDictionary() },
  };
}
function printDestinationStyle(op: Operation, printer: OperationPrinter, inputs: number, list?: string): void {
  const outputs = op.operands.slice(inputs).map((value) => printer.reader.typeOf(value));
  const expected = outputs.filter((type) => type.kind === "tensor");
  assume(expected.length === op.results.length);
  assume(op.results.every((result, index) => printer.reader.typeOf(result) === expected[index]));
  printInputsAndOutputs(op, printer, inputs);
  if (list !== undefined) {
    const dimensions = op.properties[list];
    assume(dimensions?.kind === "dense-array");
    printer.write(` ${list} = [${dimensions.values.join(", ")}] `);
  }
  printer.attributeDictionary(op, list === undefined ? [] : [list]);
}

// --- regions ---------------------------------------------------------------------------------------------------------------------

interface Payload {
  readonly name: string;
  readonly attributes: Attributes;
}
/** `{ arith.addf {…} }` in place of a region that holds this one operation. */
function parsePayload(parser: OperationParser): Payload | undefined {
  if (!parser.optional("{")) return undefined;
  const payload = { name: parser.keyword(), attributes: parser.attributeDictionary() };
  parser.expect("}");
  return payload;
}

/** How a payload's operands follow from the arguments of its block. */
type ArgumentOrder = <T>(values: readonly T[]) => readonly T[];
/** The inputs' elements. */
const mapOrder: ArgumentOrder = (values) => values.slice(0, -1);
/** The value so far, then the inputs' elements. */
const reduceOrder: ArgumentOrder = (values) => [...values.slice(-1), ...values.slice(0, -1)];

function payloadRegion(
  parser: OperationParser,
  { name, attributes }: Payload,
  types: readonly Type[],
  order: ArgumentOrder,
): ParsedRegion {
  if (types.length === 0) return parser.emptyRegion();
  const elements = types.map(scalarOf);
  return parser.syntheticRegion(elements, (region, values) => {
    const results = parser.appendOperation(region, name, order(values), [elements.at(-1)!], {}, attributes);
    parser.appendOperation(region, "linalg.yield", results, []);
  });
}

/** `(%in: f32, %out: f32) { … }`. */
function parseBody(parser: OperationParser): ParsedRegion {
  const values = parser.list("(", ")", (): RegionArgument => {
    const { name, place, type, location } = parser.argument(true);
    return { name, place, type: type ?? parser.fail("expected a type"), location };
  });
  return parser.region(values);
}
function printBody(op: Operation, block: Block, printer: OperationPrinter): void {
  printer.newline();
  printer.write("(");
  block.arguments.forEach((argument, index) => {
    if (index > 0) printer.write(", ");
    printer.argument(argument, true);
  });
  printer.write(") ");
  printer.region(op, 0, { entryArguments: false });
}

/** The one operation of a body that `{ operation }` stands for; undefined where the region must be written out. */
function shortPayload(block: Block, printer: OperationPrinter, order: ArgumentOrder): Operation | undefined {
  const { reader } = printer;
  if (block.operations.length !== 2) return undefined;
  const [payload, last] = block.operations.map((id) => reader.operation(id));
  const wanted: readonly ValueId[] = order(block.arguments);
  const isPlain =
    payload!.regions.length === 0 &&
    payload!.results.length === 1 &&
    payload!.operands.length > 0 &&
    payload!.operands.length === wanted.length &&
    payload!.operands.every((operand, index) => operand === wanted[index]) &&
    reader.typeOf(payload!.results[0]!) === reader.typeOf(block.arguments.at(-1)!);
  const yieldsIt =
    last!.name === "linalg.yield" &&
    last!.operands.length === 1 &&
    last!.operands[0] === payload!.results[0] &&
    Object.keys(last!.attributes).length === 0;
  return isPlain && yieldsIt ? payload : undefined;
}
function printPayload(payload: Operation, printer: OperationPrinter): void {
  printer.write(` { ${payload.name}`);
  const isPlain = (attribute: Attribute): boolean =>
    attribute.kind === "dialect" && attribute.dialect === "arith" && attribute.body === "fastmath<none>";
  const hidden = Object.entries(payload.properties).flatMap(([name, attribute]) => (isPlain(attribute) ? [name] : []));
  printer.attributeDictionary(payload, hidden);
  printer.write(" }");
}

/** Syntax of an operation whose region is `{ operation }` before the operands, or written out after them. */
const withPayload = (
  order: ArgumentOrder,
  inputs: (op: Operation) => number,
  list: string | undefined,
): CustomAssembly => ({
  print(op, printer) {
    const block = onlyBlock(printer.reader, op);
    const elements = op.operands.map((operand) => scalarOf(printer.reader.typeOf(operand)));
    const fits = block.arguments.every((argument, index) => printer.reader.typeOf(argument) === elements[index]);
    const payload = fits ? shortPayload(block, printer, order) : undefined;
    if (payload !== undefined) printPayload(payload, printer);
    printDestinationStyle(op, printer, inputs(op), list);
    if (payload === undefined) printer.indented(() => printBody(op, block, printer));
  },
  parse(parser) {
    const payload = parsePayload(parser);
    const { operands, types, resultTypes, attributes } = parseDestinationStyle(parser, list);
    const region = payload === undefined ? parseBody(parser) : payloadRegion(parser, payload, types, order);
    return { operands, resultTypes, attributes, regions: [region] };
  },
});

/** `linalg.map { arith.addf } ins(%a, %b : T, T) outs(%c : T)`. */
export const mapAssembly = withPayload(mapOrder, (op) => op.operands.length - 1, undefined);
/** `linalg.reduce { arith.addf } ins(%a : T) outs(%b : T) dimensions = [1]`. */
export const reduceAssembly = withPayload(reduceOrder, (op) => op.operands.length >> 1, "dimensions");

/** `linalg.transpose ins(%a : T) outs(%b : T) permutation = [1, 0]`: the region yields the input's element. */
export const rearrangeAssembly = (list: string): CustomAssembly => ({
  print(op, printer) {
    assume(hasNamedBody(printer.reader, op));
    printDestinationStyle(op, printer, 1, list);
  },
  parse(parser) {
    const { operands, types, resultTypes, attributes } = parseDestinationStyle(parser, list);
    const region = parser.syntheticRegion(types.map(scalarOf), (body, values) => {
      if (values.length > 0) parser.appendOperation(body, "linalg.yield", [values[0]!], []);
    });
    return { operands, resultTypes, attributes, regions: [region] };
  },
});
