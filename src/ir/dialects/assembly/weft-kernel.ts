import type { CustomAssembly } from "../../assembly.ts";
import { parseStructuredOperands, printStructuredOperands } from "../linalg/structured-assembly.ts";
import { onlyBlock } from "./malformed.ts";

/** `weft.kernel ins(%a : T) outs(%b : T) attributes {…} { … } -> T`. */
export const kernelAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    printStructuredOperands(op, printer);
    const names = Object.keys({ ...op.attributes, ...op.properties });
    if (names.some((name) => name !== "operandSegmentSizes")) {
      printer.write(" attributes");
      printer.attributeDictionary(op, ["operandSegmentSizes"]);
    }
    printer.write(" ");
    printer.region(op, 0);
    printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
  },
  parse(parser) {
    const { operands, segments } = parseStructuredOperands(parser);
    const attributes = parser.optional("attributes") ? parser.attributeDictionary() : {};
    const region = parser.region();
    return {
      operands,
      resultTypes: parser.optionalResultTypes(),
      attributes: { ...attributes, operandSegmentSizes: segments },
      regions: [region],
    };
  },
};
