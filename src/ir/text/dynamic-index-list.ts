import type { CustomDirective } from "../assembly.ts";
import { parseIndexList, printIndexList } from "../index-list.ts";

/** The brackets that a directive's last argument may name, in upstream's words. */
const delimiters: Readonly<Record<string, readonly [string, string]>> = {
  "::mlir::AsmParser::Delimiter::Paren": ["(", ")"],
  "::mlir::AsmParser::Delimiter::None": ["", ""],
};
const bracketsOf = (names: readonly string[]): readonly [string, string] =>
  names.map((name) => delimiters[name]).find((pair) => pair !== undefined) ?? ["[", "]"];

/** `custom<DynamicIndexList>($operands, $attribute)`: `[%a, 4]`, sizes that are known and operands in their order. */
export const dynamicIndexList: CustomDirective = {
  print(op, names, printer) {
    const list = op.attribute(names[1]!);
    const entries = list?.kind === "dense-array" ? list.values : [];
    printIndexList(printer, entries, op.operands(names[0]!), bracketsOf(names));
  },
  parse(read, names, parser) {
    const { operands, attribute } = parseIndexList(parser, bracketsOf(names));
    read.setOperands(names[0]!, operands);
    read.setAttribute(names[1]!, attribute);
  },
  begins: (parser) => parser.at("["),
};
