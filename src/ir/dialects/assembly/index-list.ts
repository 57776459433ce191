import type { OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import { type Attribute, exactNumber, i64ArrayAttribute } from "../../attributes.ts";
import type { ValueId } from "../../module.ts";
import { assume } from "./malformed.ts";

/** Stands for an entry that an operand gives, in a list of static sizes: the smallest 64-bit integer. */
const dynamicEntry = -(2n ** 63n);

/** `(%a, 4)`: numbers that are known and operands in their order. */
export function printIndexList(
  printer: OperationPrinter,
  values: readonly ValueId[],
  attribute: Attribute | undefined,
): void {
  assume(attribute?.kind === "dense-array");
  let next = 0;
  printer.write("(");
  attribute.values.forEach((entry, index) => {
    if (index > 0) printer.write(", ");
    if (BigInt(entry) !== dynamicEntry) return printer.write(String(entry));
    const value = values[next++];
    assume(value !== undefined);
    printer.value(value);
  });
  printer.write(")");
  assume(next === values.length);
}

/** What stands in such a list. */
export interface ParsedIndexList {
  readonly operands: readonly UnresolvedOperand[];
  readonly attribute: Attribute;
}

export function parseIndexList(parser: OperationParser): ParsedIndexList {
  const operands: UnresolvedOperand[] = [];
  const entries = parser.list("(", ")", () => {
    if (!parser.atOperand()) return parser.integer();
    operands.push(parser.operand());
    return dynamicEntry;
  });
  return { operands, attribute: i64ArrayAttribute(entries.map(exactNumber)) };
}

/** The list that says the same number for each of several loops. */
export const repeatedIndex = (value: number, count: number): Attribute =>
  i64ArrayAttribute(Array.from({ length: count }, () => value));
