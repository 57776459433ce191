import type { CustomAssembly, OperationParser, UnresolvedOperand } from "../../assembly.ts";
import { type Attribute, i32ArrayAttribute, i64ArrayAttribute } from "../../attributes.ts";
import { type ParsedIndexList, parseIndexList, printIndexList } from "../../index-list.ts";
import type { ValueId } from "../../module.ts";
import { indexType } from "../../types.ts";
import { parseAssignments, printAssignments, withTypes } from "./loop-arguments.ts";
import { assume, onlyBlock } from "./malformed.ts";

const parentheses = ["(", ")"] as const;
/** The list that says the same number for each of several loops. */
const repeatedIndex = (value: number, count: number): Attribute =>
  i64ArrayAttribute(Array.from({ length: count }, () => value));

const boundAttributes = ["staticLowerBound", "staticUpperBound", "staticStep", "operandSegmentSizes"];

const isAll = (attribute: Attribute | undefined, value: number): boolean =>
  attribute?.kind === "dense-array" && attribute.values.every((entry) => Number(entry) === value);

interface ParsedBounds {
  readonly lower: ParsedIndexList;
  readonly upper: ParsedIndexList;
  readonly step: ParsedIndexList;
}

/** `in (%n)`, which counts from zero in steps of one, or `= (0) to (%n) step (1)`. */
function parseBounds(parser: OperationParser, loops: number): ParsedBounds {
  if (parser.optional("in")) {
    const upper = parseIndexList(parser, parentheses);
    return {
      lower: { operands: [], attribute: repeatedIndex(0, loops) },
      upper,
      step: { operands: [], attribute: repeatedIndex(1, loops) },
    };
  }
  parser.expect("=");
  const lower = parseIndexList(parser, parentheses);
  parser.expect("to");
  const upper = parseIndexList(parser, parentheses);
  parser.expect("step");
  return { lower, upper, step: parseIndexList(parser, parentheses) };
}

/** `scf.forall (%i) in (%n) shared_outs(%o = %t) -> (tensor<4xf32>) { … }`. */
export const forallAssembly: CustomAssembly = {
  print(op, printer) {
    const { staticLowerBound, staticUpperBound, staticStep, operandSegmentSizes } = op.properties;
    assume(operandSegmentSizes?.kind === "dense-array" && staticLowerBound?.kind === "dense-array");
    const rest = [...op.operands];
    const [lower, upper, step, outputs] = operandSegmentSizes.values.map((size) => rest.splice(0, Number(size)));
    const body = onlyBlock(printer.reader, op).arguments;
    const loops = staticLowerBound.values.length;
    assume(outputs !== undefined && body.length === loops + outputs.length && op.results.length === outputs.length);
    const list = (entries: Attribute | undefined, values: readonly ValueId[] | undefined): void => {
      assume(entries?.kind === "dense-array" && values !== undefined);
      printIndexList(printer, entries.values, values, parentheses);
    };
    printer.write(" (");
    printer.values(body.slice(0, loops));
    printer.write(")");
    if (isAll(staticLowerBound, 0) && isAll(staticStep, 1)) {
      printer.write(" in ");
      list(staticUpperBound, upper);
    } else {
      printer.write(" = ");
      list(staticLowerBound, lower);
      printer.write(" to ");
      list(staticUpperBound, upper);
      printer.write(" step ");
      list(staticStep, step);
    }
    if (outputs.length > 0) {
      printer.write(" shared_outs");
      printAssignments(printer, body.slice(loops), outputs);
      printer.write(" -> (");
      printer.typesOf(op.results);
      printer.write(")");
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator: op.results.length > 0 });
    printer.attributeDictionary(op, boundAttributes);
  },
  parse(parser) {
    const inductions = parser.list("(", ")", () => parser.argument(false));
    const { lower, upper, step } = parseBounds(parser, inductions.length);
    const isSharing = parser.optional("shared_outs");
    const assignments = isSharing ? parseAssignments(parser) : [];
    const resultTypes = isSharing ? parser.optionalResultTypes() : [];
    const indices = (operands: readonly UnresolvedOperand[]) =>
      operands.map((operand) => parser.resolve(operand, indexType));
    const operands = [...indices(lower.operands), ...indices(upper.operands), ...indices(step.operands)];
    const outputs = parser.resolveAll(
      assignments.map(({ value }) => value),
      resultTypes,
    );
    const names = [...inductions, ...assignments.map(({ argument }) => argument)];
    const region = parser.region(withTypes(parser, names, [...inductions.map(() => indexType), ...resultTypes]));
    parser.ensureTerminator(region, "scf.forall.in_parallel", [parser.syntheticRegion([], () => {})]);
    const sizes = [lower.operands, upper.operands, step.operands, outputs].map((list) => list.length);
    return {
      operands: [...operands, ...outputs],
      resultTypes,
      regions: [region],
      attributes: {
        ...parser.attributeDictionary(),
        staticLowerBound: lower.attribute,
        staticUpperBound: upper.attribute,
        staticStep: step.attribute,
        operandSegmentSizes: i32ArrayAttribute(sizes),
      },
    };
  },
};

/** `scf.forall.in_parallel { … }`. */
export const inParallelAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
    printer.attributeDictionary(op);
  },
  parse(parser) {
    const region = parser.region([]);
    return { regions: [region], attributes: parser.attributeDictionary() };
  },
};
