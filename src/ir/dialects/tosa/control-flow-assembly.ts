import type {
  CustomAssembly,
  OperationParser,
  OperationPrinter,
  ParsedArgument,
  UnresolvedOperand,
} from "../../assembly.ts";
import type { ValueId } from "../../module.ts";
import type { FunctionType, Type } from "../../types.ts";
import { assume, onlyBlock } from "../assembly/malformed.ts";

/** ` (%arg = %init, …)`, or nothing. */
function printAssignments(printer: OperationPrinter, names: readonly ValueId[], values: readonly ValueId[]): void {
  assume(names.length === values.length);
  if (values.length === 0) return;
  printer.write(" (");
  names.forEach((name, index) => {
    if (index > 0) printer.write(", ");
    printer.value(name);
    printer.write(" = ");
    printer.value(values[index]!);
  });
  printer.write(")");
}

interface Assignment {
  readonly argument: ParsedArgument;
  readonly value: UnresolvedOperand;
}
const parseAssignments = (parser: OperationParser): readonly Assignment[] =>
  parser.list("(", ")", () => {
    const argument = parser.argument(false);
    parser.expect("=");
    return { argument, value: parser.operand() };
  });

function resolveAssignments(
  parser: OperationParser,
  assignments: readonly Assignment[],
  types: readonly Type[],
): readonly ValueId[] {
  if (assignments.length !== types.length)
    return parser.fail(`expected as many input types as operands (expected ${assignments.length} got ${types.length})`);
  return parser.resolveAll(
    assignments.map(({ value }) => value),
    types,
  );
}

const functionOf = (parser: OperationParser, expected: string): FunctionType => {
  const type = parser.type();
  return type.kind === "function" ? type : parser.fail(expected);
};

/** `tosa.cond_if %c (%x = %a) : tensor<i1> (tensor<f32>) -> tensor<f32> { … } else { … }`. */
export const conditionalAssembly: CustomAssembly = {
  print(op, printer) {
    const [condition, ...inputs] = op.operands;
    printer.write(" ");
    printer.value(condition!);
    printAssignments(printer, onlyBlock(printer.reader, op).arguments, inputs);
    printer.write(" : ");
    printer.typesOf([condition!]);
    if (inputs.length > 0) {
      printer.write(" (");
      printer.typesOf(inputs);
      printer.write(")");
      // With inputs, results are part of a function type, which has its arrow in any case.
      if (op.results.length === 0) printer.write(" -> ()");
    }
    printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(" ");
    printer.region(op, 0);
    if (op.regions[1]!.length > 0) {
      printer.write(" else ");
      printer.region(op, 1);
    }
    printer.attributeDictionary(op);
  },
  parse(parser) {
    const condition = parser.operand();
    // The names are those of arguments that the regions define once more.
    const assignments = parser.at("(") ? parseAssignments(parser) : undefined;
    parser.expect(":");
    const operands = [parser.resolve(condition, parser.type())];
    let resultTypes: readonly Type[];
    if (assignments === undefined) resultTypes = parser.optionalResultTypes();
    else {
      const type = functionOf(
        parser,
        "expected list of types for block arguments followed by arrow type and list of return types",
      );
      resultTypes = type.results;
      operands.push(...resolveAssignments(parser, assignments, type.inputs));
    }
    const then = parser.region();
    const otherwise = parser.optional("else") ? parser.region() : parser.emptyRegion();
    return { operands, resultTypes, regions: [then, otherwise], attributes: parser.attributeDictionary() };
  },
};

/** `tosa.while_loop (%x = %a) : (tensor<f32>) -> tensor<f32> { … } do { … }`. */
export const loopAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op, 1);
    printAssignments(printer, onlyBlock(printer.reader, op).arguments, op.operands);
    printer.write(" : (");
    printer.typesOf(op.operands);
    printer.write(")");
    if (op.results.length === 0) printer.write(" -> ()");
    else printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
    printer.write(" do ");
    printer.region(op, 1);
    if (Object.keys(op.attributes).length + Object.keys(op.properties).length > 0) {
      printer.write(" attributes");
      printer.attributeDictionary(op);
    }
  },
  parse(parser) {
    const assignments = parser.at("(") ? parseAssignments(parser) : [];
    parser.expect(":");
    const type = functionOf(parser, "expected a function type");
    const operands = resolveAssignments(parser, assignments, type.inputs);
    const names = assignments.map(({ argument: { name, place } }, index) => ({
      name,
      place,
      type: type.inputs[index]!,
      location: undefined,
    }));
    const condition = parser.region(names);
    parser.expect("do");
    const body = parser.region();
    const attributes = parser.optional("attributes") ? parser.attributeDictionary() : {};
    return { operands, resultTypes: type.results, regions: [condition, body], attributes };
  },
};
