import type {
  OperationParser,
  OperationPrinter,
  ParsedArgument,
  RegionArgument,
  UnresolvedOperand,
} from "../../assembly.ts";
import type { Location } from "../../../support/location.ts";
import type { ValueId } from "../../module.ts";
import type { FunctionType, Type } from "../../types.ts";

/** `(%arg = %init, …)`. */
export function printAssignments(
  printer: OperationPrinter,
  names: readonly ValueId[],
  values: readonly ValueId[],
): void {
  printer.write("(");
  names.forEach((name, index) => {
    if (index > 0) printer.write(", ");
    printer.value(name);
    printer.write(" = ");
    printer.value(values[index]!);
  });
  printer.write(")");
}

/** A region's argument and the value that it begins with. */
export interface Assignment {
  readonly argument: ParsedArgument;
  readonly value: UnresolvedOperand;
}
/** `(%arg = %init, …)`. */
export const parseAssignments = (parser: OperationParser): readonly Assignment[] =>
  parser.list("(", ")", () => {
    const argument = parser.argument(false);
    parser.expect("=");
    return { argument, value: parser.operand() };
  });

/** The values that arguments begin with, of these types; fails at `place` where these are not as many. */
export function resolveAssignments(
  parser: OperationParser,
  assignments: readonly Assignment[],
  types: readonly Type[],
  place?: number,
): readonly ValueId[] {
  if (assignments.length !== types.length)
    parser.fail(`expected as many input types as operands (expected ${assignments.length} got ${types.length})`, place);
  return parser.resolveAll(
    assignments.map(({ value }) => value),
    types,
  );
}

/** `(f32) -> f32`. */
export function parseFunctionType(parser: OperationParser): FunctionType {
  const place = parser.place();
  const type = parser.type();
  return type.kind === "function"
    ? type
    : parser.fail(`invalid kind of type specified: expected builtin.function, but found '${type.text}'`, place);
}

/** Arguments of a region from their names and types; fails with `mismatch` where these are not as many. */
export function withTypes(
  parser: OperationParser,
  names: readonly (UnresolvedOperand & { readonly location?: Location | undefined })[],
  types: readonly Type[],
  mismatch = `expected ${names.length} types for ${names.length} arguments, found ${types.length}`,
): readonly RegionArgument[] {
  if (names.length !== types.length) parser.fail(mismatch);
  return names.map(({ name, place, location }, index) => ({ name, place, type: types[index]!, location }));
}
