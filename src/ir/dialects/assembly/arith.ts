import type { CustomAssembly } from "../../assembly.ts";
import type { Attribute } from "../../attributes.ts";
import { i1, type Type } from "../../types.ts";
import { assume } from "./malformed.ts";

/** `arith.constant 1 : i32`. */
export const constantAssembly: CustomAssembly = {
  print(op, printer) {
    const value = op.properties["value"];
    assume(value !== undefined && typeOfAttribute(value) === printer.reader.typeOf(op.results[0]!));
    printer.attributeDictionary(op, ["value"]);
    printer.write(" ");
    printer.attribute(value);
  },
  parse(parser) {
    const extra = parser.attributeDictionary();
    const value = parser.attribute();
    const type = typeOfAttribute(value) ?? (parser.optional(":") ? parser.type() : undefined);
    if (type === undefined) return parser.fail("expected a typed attribute");
    return { resultTypes: [type], attributes: { ...extra, value } };
  },
};

function typeOfAttribute(attribute: Attribute): Type | undefined {
  if (attribute.kind === "bool") return i1;
  switch (attribute.kind) {
    case "integer":
    case "float":
    case "dense":
    case "resource":
    case "string":
    case "verbatim":
      return attribute.type;
    default:
      return undefined;
  }
}

/** `arith.select %c, %a, %b : f32`, or `: tensor<4xi1>, tensor<4xf32>` for a condition of several elements. */
export const selectAssembly: CustomAssembly = {
  print(op, printer) {
    const [condition, value] = op.operands.map((operand) => printer.reader.typeOf(operand));
    printer.write(" ");
    printer.values(op.operands);
    printer.attributeDictionary(op);
    printer.write(" : ");
    printer.types(condition === i1 ? [value!] : [condition!, value!]);
  },
  parse(parser) {
    const operands = parser.operands();
    const attributes = parser.attributeDictionary();
    parser.expect(":");
    const types = parser.types();
    const [condition, value] = types.length === 1 ? [i1, types[0]!] : [types[0]!, types[1]!];
    return { operands: parser.resolveAll(operands, [condition, value, value]), resultTypes: [value], attributes };
  },
};
