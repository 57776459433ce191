import type { OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import { type Attribute, type Attributes, i32ArrayAttribute } from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";
import { assume } from "../assembly/malformed.ts";

/** ` ins(%a : T) outs(%b : T)` of an operation that says how many of its operands are inputs. */
export function printStructuredOperands(op: Operation, printer: OperationPrinter): void {
  const sizes = op.properties["operandSegmentSizes"];
  assume(sizes?.kind === "dense-array");
  printInputsAndOutputs(op, printer, Number(sizes.values[0]));
}

/** ` ins(%a : T) outs(%b : T)`: the first `inputs` operands, and the others. */
export function printInputsAndOutputs(op: Operation, printer: OperationPrinter, inputs: number): void {
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

/** Operands in a text, and how many of them are inputs. */
export interface StructuredOperands {
  readonly operands: readonly ValueId[];
  readonly types: readonly Type[];
  readonly inputs: number;
  /** The attribute that tells the number of inputs and of outputs. */
  readonly segments: Attribute;
}

export function parseStructuredOperands(parser: OperationParser): StructuredOperands {
  const inputs = parseOperandList(parser, "ins");
  const outputs = parseOperandList(parser, "outs");
  return {
    operands: [
      ...parser.resolveAll(inputs.operands, inputs.types),
      ...parser.resolveAll(outputs.operands, outputs.types),
    ],
    types: [...inputs.types, ...outputs.types],
    inputs: inputs.operands.length,
    segments: i32ArrayAttribute([inputs.operands.length, outputs.operands.length]),
  };
}

function parseOperandList(
  parser: OperationParser,
  word: string,
): { readonly operands: readonly UnresolvedOperand[]; readonly types: readonly Type[] } {
  if (!parser.optional(word)) return { operands: [], types: [] };
  parser.expect("(");
  const place = parser.place();
  const operands = parser.operands();
  parser.expect(":");
  const types = parser.types();
  parser.expect(")");
  if (operands.length !== types.length)
    parser.fail(
      `number of operands and types do not match: got ${operands.length} operands and ${types.length} types`,
      place,
    );
  return { operands, types };
}

/** `<{…}> {…}` before the operands. */
export const parseLeadingAttributes = (parser: OperationParser): Attributes => ({
  ...parser.propertyDictionary(),
  ...parser.attributeDictionary(),
});

export const resultTypesOf = (op: Operation, printer: OperationPrinter): readonly Type[] =>
  op.results.map((result) => printer.reader.typeOf(result));
