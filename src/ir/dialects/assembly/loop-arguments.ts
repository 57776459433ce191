import type {
  OperationParser,
  OperationPrinter,
  ParsedArgument,
  RegionArgument,
  UnresolvedOperand,
} from "../../assembly.ts";
import type { Location } from "../../../support/location.ts";
import type { ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";

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
