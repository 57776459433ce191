import type { CustomAssembly } from "../../assembly.ts";
import { noAttributes, stringAttribute } from "../../attributes.ts";
import { onlyBlock } from "./malformed.ts";

const shownElsewhere = ["sym_name", "sym_visibility"] as const;

/** `module @name attributes {a} { … }`. */
export const moduleAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    const visibility = op.properties["sym_visibility"];
    const name = op.properties["sym_name"];
    if (visibility?.kind === "string") printer.write(` ${visibility.value}`);
    if (name?.kind === "string") {
      printer.write(" ");
      printer.symbol(name.value);
    }
    const all = Object.keys({ ...op.attributes, ...op.properties });
    if (all.some((key) => !(shownElsewhere as readonly string[]).includes(key))) {
      printer.write(" attributes");
      printer.attributeDictionary(op, shownElsewhere);
    }
    printer.write(" ");
    printer.region(op, 0);
  },
  parse(parser) {
    const visibility =
      parser.at("public") || parser.at("private") || parser.at("nested") ? parser.keyword() : undefined;
    const name = parser.atSymbol() ? parser.symbol() : undefined;
    const extra = parser.optional("attributes") ? parser.attributeDictionary() : noAttributes;
    return {
      attributes: {
        ...(name === undefined ? {} : { sym_name: stringAttribute(name) }),
        ...(visibility === undefined ? {} : { sym_visibility: stringAttribute(visibility) }),
        ...extra,
      },
      regions: [parser.region([])],
    };
  },
};
