import type { CustomAssembly, OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dialectAttribute,
  i32ArrayAttribute,
  noAttributes,
  stringAttribute,
} from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { elementOf, type Type } from "../../types.ts";
import { assume, onlyBlock } from "./malformed.ts";

const traitAttributes = ["doc", "indexing_maps", "library_call", "iterator_types"] as const;
const isTrait = (name: string): boolean => (traitAttributes as readonly string[]).includes(name);

/** ` ins(%a : T) outs(%b : T)`. */
export function printStructuredOperands(op: Operation, printer: OperationPrinter): void {
  const sizes = op.properties["operandSegmentSizes"];
  assume(sizes?.kind === "dense-array");
  const inputs = Number(sizes.values[0]);
  printOperandList(printer, "ins", op.operands.slice(0, inputs));
  printOperandList(printer, "outs", op.operands.slice(inputs));
}

function printOperandList(printer: OperationPrinter, word: string, values: readonly ValueId[]): void {
  if (values.length === 0) return;
  printer.write(` ${word}(`);
  printer.values(values);
  printer.write(" : ");
  printer.typesOf(values);
  printer.write(")");
}

interface StructuredOperands {
  readonly operands: readonly ValueId[];
  readonly types: readonly Type[];
  readonly segments: Attribute;
}

export function parseStructuredOperands(parser: OperationParser): StructuredOperands {
  const inputs = parseOperandList(parser, "ins");
  const outputs = parseOperandList(parser, "outs");
  const types = [...inputs.types, ...outputs.types];
  return {
    operands: parser.resolveAll([...inputs.operands, ...outputs.operands], types),
    types,
    segments: i32ArrayAttribute([inputs.operands.length, outputs.operands.length]),
  };
}

function parseOperandList(
  parser: OperationParser,
  word: string,
): { readonly operands: readonly UnresolvedOperand[]; readonly types: readonly Type[] } {
  if (!parser.optional(word)) return { operands: [], types: [] };
  parser.expect("(");
  const operands = parser.operands();
  const types = operands.length > 0 && parser.optional(":") ? parser.types() : [];
  parser.expect(")");
  return { operands, types };
}

const resultTypesOf = (op: Operation, printer: OperationPrinter): readonly Type[] =>
  op.results.map((result) => printer.reader.typeOf(result));

/** `linalg.generic {indexing_maps = […], iterator_types = […]} ins(…) outs(…) attrs = {…} { ^bb0(…): … } -> …`. */
export const genericAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    const traits = Object.entries(op.properties).filter(([name]) => isTrait(name));
    printer.write(" ");
    printer.dictionary(
      Object.fromEntries(
        traits.map(([name, attribute]) => [name, name === "iterator_types" ? iteratorNames(attribute) : attribute]),
      ),
    );
    printStructuredOperands(op, printer);
    const others = Object.keys({ ...op.attributes, ...op.properties });
    if (others.some((name) => !isTrait(name) && name !== "operandSegmentSizes")) {
      printer.write(" attrs = ");
      printer.attributeDictionary(op, [...traitAttributes, "operandSegmentSizes"]);
    }
    printer.write(" ");
    printer.region(op, 0);
    printer.optionalResultTypes(resultTypesOf(op, printer));
  },
  parse(parser) {
    const traits = Object.fromEntries(
      Object.entries(parseTraits(parser)).map(([name, attribute]) => [
        name,
        name === "iterator_types" ? iteratorAttributes(attribute) : attribute,
      ]),
    );
    const { operands, segments } = parseStructuredOperands(parser);
    let extra: Attributes = noAttributes;
    if (parser.optional("attrs")) {
      parser.expect("=");
      extra = parser.attributeDictionary();
    }
    const region = parser.region();
    return {
      operands,
      resultTypes: parser.optionalResultTypes(),
      attributes: { ...traits, ...extra, operandSegmentSizes: segments },
      regions: [region],
    };
  },
};

/** The attributes written before the operands: a dictionary, or an alias of one. */
function parseTraits(parser: OperationParser): Attributes {
  const attribute = parser.attribute();
  return attribute.kind === "dictionary" ? attribute.entries : parser.fail("expected a dictionary of attributes");
}

/** `["parallel"]` for `[#linalg.iterator_type<parallel>]`. */
function iteratorNames(attribute: Attribute): Attribute {
  assume(attribute.kind === "array");
  return arrayAttribute(
    attribute.elements.map((element) => {
      const name = element.kind === "dialect" ? /^iterator_type<(\w+)>$/.exec(element.body)?.[1] : undefined;
      return name === undefined ? element : stringAttribute(name);
    }),
  );
}
function iteratorAttributes(attribute: Attribute): Attribute {
  if (attribute.kind !== "array") return attribute;
  return arrayAttribute(
    attribute.elements.map((element) =>
      element.kind === "string" ? dialectAttribute("linalg", `iterator_type<${element.value}>`) : element,
    ),
  );
}

/** `linalg.fill ins(%c : f32) outs(%t : T) -> T`: a structured operation whose region its name says; it yields its first argument. */
export const yieldFirstAssembly: CustomAssembly = {
  print(op, printer) {
    assume(yieldsFirstArgument(op, printer));
    printer.attributeDictionary(op, ["operandSegmentSizes"]);
    printStructuredOperands(op, printer);
    printer.optionalResultTypes(resultTypesOf(op, printer));
  },
  parse(parser) {
    const attributes = parser.attributeDictionary();
    const { operands, types, segments } = parseStructuredOperands(parser);
    const region = parser.syntheticRegion(types.map(elementOf), (body, values) => {
      if (values.length > 0) parser.appendOperation(body, "linalg.yield", [values[0]!], []);
    });
    return {
      operands,
      resultTypes: parser.optionalResultTypes(),
      attributes: { ...attributes, operandSegmentSizes: segments },
      regions: [region],
    };
  },
};

/** Whether the region is the one that parsing makes, so that it may be left out of the text. */
function yieldsFirstArgument(op: Operation, { reader }: OperationPrinter): boolean {
  const block = onlyBlock(reader, op);
  const yielded = block.operations.length === 1 ? reader.operation(block.operations[0]!) : undefined;
  return (
    yielded?.name === "linalg.yield" &&
    yielded.operands.length === 1 &&
    yielded.operands[0] === block.arguments[0] &&
    Object.keys(yielded.attributes).length === 0 &&
    block.arguments.length === op.operands.length &&
    block.arguments.every(
      (argument, index) => reader.typeOf(argument) === elementOf(reader.typeOf(op.operands[index]!)),
    )
  );
}
