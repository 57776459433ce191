import { MalformedOperation, type OperationParser, type OperationPrinter, type UnresolvedOperand } from "./assembly.ts";
import { type Attribute, exactNumber, i64ArrayAttribute } from "./attributes.ts";
import type { ValueId } from "./module.ts";

// Lists of numbers, such as sizes, of which some are known and the others are given by operands.

/** Stands for "given by an operand" in the list of what is known: MLIR's `ShapedType::kDynamic`, -2^63. */
export const dynamicEntry = -(2 ** 63);
const exactDynamicEntry = BigInt(dynamicEntry);
/** Whether an operand gives this entry. */
export const isDynamic = (entry: number | bigint): boolean => entry === dynamicEntry || entry === exactDynamicEntry;

type Brackets = readonly [open: string, close: string];

/** `[%a, 4]`: what is known and operands, in their order. @throws MalformedOperation where the operands are not as many as it takes. */
export function printIndexList(
  printer: OperationPrinter,
  entries: readonly (number | bigint)[],
  values: readonly ValueId[],
  [open, close]: Brackets,
): void {
  let next = 0;
  printer.write(open);
  entries.forEach((entry, index) => {
    if (index > 0) printer.write(", ");
    if (!isDynamic(entry)) return printer.write(String(entry));
    const value = values[next++];
    if (value === undefined) throw new MalformedOperation();
    printer.value(value);
  });
  printer.write(close);
  if (next !== values.length) throw new MalformedOperation();
}

/** What stands in such a list. */
export interface ParsedIndexList {
  readonly operands: readonly UnresolvedOperand[];
  readonly attribute: Attribute;
}
export function parseIndexList(parser: OperationParser, [open, close]: Brackets): ParsedIndexList {
  const operands: UnresolvedOperand[] = [];
  const entries = parser.list(open, close, () => {
    if (!parser.atOperand()) return parser.integer();
    operands.push(parser.operand());
    return exactDynamicEntry;
  });
  return { operands, attribute: i64ArrayAttribute(entries.map(exactNumber)) };
}
