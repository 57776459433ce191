import type { CustomAssembly } from "../../assembly.ts";
import type { Type } from "../../types.ts";
import {
  parseAssignments,
  parseFunctionType,
  printAssignments,
  resolveAssignments,
} from "../assembly/loop-arguments.ts";
import { assume, onlyBlock } from "../assembly/malformed.ts";

/** `tosa.cond_if %c (%x = %a) : tensor<i1> (tensor<f32>) -> tensor<f32> { … } else { … }`. */
export const conditionalAssembly: CustomAssembly = {
  print(op, printer) {
    const [condition, ...inputs] = op.operands;
    printer.write(" ");
    printer.value(condition!);
    const names = onlyBlock(printer.reader, op).arguments;
    assume(names.length === inputs.length);
    if (inputs.length > 0) {
      printer.write(" ");
      printAssignments(printer, names, inputs);
    }
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
      const type = parseFunctionType(parser);
      resultTypes = type.results;
      operands.push(...resolveAssignments(parser, assignments, type.inputs));
    }
    const then = parser.region();
    const otherwise = parser.optional("else") ? parser.region() : parser.emptyRegion();
    return { operands, resultTypes, regions: [then, otherwise], attributes: parser.attributeDictionary() };
  },
};
