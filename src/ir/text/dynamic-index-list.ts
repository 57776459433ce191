import type { CustomDirective, UnresolvedOperand } from "../assembly.ts";
import { exactNumber, i64ArrayAttribute } from "../attributes.ts";

/** Stands for an entry that an operand gives, in a list of static sizes: the smallest 64-bit integer. */
export const dynamicEntry = -(2n ** 63n);

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
    const [open, close] = bracketsOf(names);
    const values = op.operands(names[0]!);
    const list = op.attribute(names[1]!);
    const entries = list?.kind === "dense-array" ? list.values : [];
    let next = 0;
    printer.write(open);
    entries.forEach((entry, index) => {
      if (index > 0) printer.write(", ");
      const value = BigInt(entry) === dynamicEntry ? values[next++] : undefined;
      if (value === undefined) printer.write(String(entry));
      else printer.value(value);
    });
    printer.write(close);
  },
  parse(read, names, parser) {
    const [open, close] = bracketsOf(names);
    const operands: UnresolvedOperand[] = [];
    const entries = parser.list(open, close, () => {
      if (!parser.atOperand()) return parser.integer();
      operands.push(parser.operand());
      return dynamicEntry;
    });
    read.setOperands(names[0]!, operands);
    read.setAttribute(names[1]!, i64ArrayAttribute(entries.map(exactNumber)));
  },
  begins: (parser) => parser.at("["),
};
