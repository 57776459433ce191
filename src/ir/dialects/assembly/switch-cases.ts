import type { CustomDirective, OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import { type Attribute, i32ArrayAttribute } from "../../attributes.ts";
import type { BlockId, ValueId } from "../../module.ts";
import type { IntegerType, Type } from "../../types.ts";
import { denseOfIntegers, integersOf } from "../dense-integers.ts";
import { assume } from "./malformed.ts";

/** One way out of a switch. */
interface ParsedCase {
  readonly destination: BlockId;
  readonly operands: readonly UnresolvedOperand[];
  readonly types: readonly Type[];
}

/**
 * `default: ^a(%x : i32), 42: ^b`, the cases of `cf.switch`. Its arguments are the flag's type, and for the default and the cases:
 * destination, operands and their types, the cases with their values first.
 */
export const switchCases: CustomDirective = {
  print(op, names, printer) {
    const [, defaultDestination, defaultOperands, , values, destinations, operands] = names as readonly string[];
    printer.write("  default: ");
    printTarget(printer, op.successors(defaultDestination!)[0]!, op.operands(defaultOperands!));
    const segments = op.attribute("case_operand_segments");
    const sizes = segments?.kind === "dense-array" ? segments.values.map(Number) : [];
    const list = op.attribute(values!);
    const numbers = list === undefined ? [] : integersOf(list);
    const targets = op.successors(destinations!);
    assume(numbers !== undefined && numbers.length === targets.length && sizes.length === targets.length);
    const width = list?.kind === "dense" ? (list.type.element as IntegerType).width : 64;
    let next = 0;
    targets.forEach((target, index) => {
      printer.write(",");
      printer.newline();
      printer.write(`  ${BigInt.asUintN(width, numbers[index]!)}: `);
      printTarget(printer, target, op.operands(operands!).slice(next, (next += sizes[index]!)));
    });
    if (targets.length > 0) printer.newline();
  },
  parse(read, names, parser) {
    const [flag, defaultDestination, defaultOperands, , values, destinations, operands] = names as readonly string[];
    const type = read.types(flag!)?.[0];
    if (type?.kind !== "integer") return parser.fail("expected a flag of integer type");
    parser.expect("default");
    parser.expect(":");
    const fallback = parseTarget(parser);
    const cases: (ParsedCase & { readonly value: bigint })[] = [];
    while (parser.optional(",")) {
      const value = BigInt.asIntN(type.width, parser.integer());
      parser.expect(":");
      cases.push({ value, ...parseTarget(parser) });
    }
    read.setSuccessors(defaultDestination!, [fallback.destination]);
    read.setOperands(defaultOperands!, fallback.operands);
    read.setTypes(defaultOperands!, fallback.types);
    if (cases.length > 0) read.setAttribute(values!, caseValues(type, cases));
    read.setSuccessors(
      destinations!,
      cases.map(({ destination }) => destination),
    );
    read.setOperands(
      operands!,
      cases.flatMap((entry) => entry.operands),
    );
    read.setTypes(
      operands!,
      cases.flatMap((entry) => entry.types),
    );
    read.setAttribute("case_operand_segments", i32ArrayAttribute(cases.map((entry) => entry.operands.length)));
  },
};

const caseValues = (type: IntegerType, cases: readonly { readonly value: bigint }[]): Attribute =>
  denseOfIntegers(
    type,
    cases.map(({ value }) => value),
  );

function printTarget(printer: OperationPrinter, destination: BlockId, operands: readonly ValueId[]): void {
  printer.successor(destination);
  if (operands.length === 0) return;
  printer.write("(");
  printer.values(operands);
  printer.write(" : ");
  printer.typesOf(operands);
  printer.write(")");
}

function parseTarget(parser: OperationParser): ParsedCase {
  const destination = parser.successor();
  if (!parser.optional("(")) return { destination, operands: [], types: [] };
  const operands = parser.operands();
  parser.expect(":");
  const types = parser.types();
  parser.expect(")");
  return { destination, operands, types };
}
