import type { CustomAssembly } from "../../assembly.ts";
import { noAttributes, stringAttribute, typeAttribute } from "../../attributes.ts";
import {
  listed,
  parseInputs,
  parseResults,
  printInputs,
  printResults,
  regionArguments,
  signatureOf,
} from "./function-signature.ts";
import { assume } from "./malformed.ts";

const shownElsewhere = ["sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"] as const;

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
    const entry = op.regions[0]![0];
    const values = entry === undefined ? undefined : printer.reader.block(entry).arguments;
    assume(values === undefined || values.length === inputs.length);
    printInputs(op, printer, inputs, values);
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
    const inputs = parseInputs(parser);
    const results = parseResults(parser);
    const place = parser.place();
    const extra = parser.optional("attributes") ? parser.attributeDictionary() : noAttributes;
    const given = (["sym_visibility", "sym_name", "function_type"] as const).find((name) => Object.hasOwn(extra, name));
    if (given !== undefined)
      parser.fail(
        `'${given}' is an inferred attribute and should not be specified in the explicit attribute dictionary`,
        place,
      );
    const body = parser.at("{") ? parser.region(regionArguments(inputs)) : parser.emptyRegion();
    return {
      attributes: {
        sym_name: stringAttribute(name),
        function_type: typeAttribute(signatureOf(inputs, results)),
        ...(visibility === undefined ? {} : { sym_visibility: stringAttribute(visibility) }),
        ...listed("arg_attrs", inputs),
        ...listed("res_attrs", results),
        ...extra,
      },
      regions: [body],
    };
  },
};
