import { type AnyOpDefinition, isPositional, segmentSizes } from "../define.ts";
import type { Operation, ValueId } from "../module.ts";

/** Operands or results by declared name; undefined where their number does not fit the declaration. */
export function valueGroups(
  definition: AnyOpDefinition,
  op: Operation,
  which: "operands" | "results",
): ReadonlyMap<string, readonly ValueId[]> | undefined {
  const specs = definition[which];
  const attribute = op.properties[which === "operands" ? "operandSegmentSizes" : "resultSegmentSizes"];
  const sizes = segmentSizes(specs, op[which].length, attribute, isPositional(definition));
  if (sizes === undefined) return undefined;
  let start = 0;
  return new Map(
    Object.keys(specs).map((name, index) => [name, op[which].slice(start, (start += sizes[index]!))] as const),
  );
}
