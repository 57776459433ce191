import type { OpId, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import type { Edit, Strategy } from "../strategy.ts";

/** Makes operands of values that are defined earlier, so that what is between is needed no more. */
export const earlierOperands: Strategy = {
  name: "read earlier values",
  edits: (index) =>
    index.operations.flatMap((op) =>
      op.operands.flatMap((operand, position): Edit[] => {
        const earlier = index.earliest(op, index.reader.typeOf(operand), operand);
        if (earlier === undefined) return [];
        return [(rewriter) => readInstead(rewriter, op.id, position, operand, earlier)];
      }),
    ),
};

function readInstead(rewriter: Rewriter, op: OpId, position: number, from: ValueId, to: ValueId): void {
  if (rewriter.exists(op) && hasValue(rewriter, to) && rewriter.operation(op).operands[position] === from)
    rewriter.setOperand(op, position, to);
}

function hasValue(rewriter: Rewriter, id: ValueId): boolean {
  try {
    rewriter.value(id);
    return true;
  } catch {
    return false;
  }
}

/** Drops single operands, where the operation is as good without. */
export const droppedOperands: Strategy = {
  name: "drop operands",
  edits: (index) =>
    index.operations
      .filter((op) => op.properties["operandSegmentSizes"] === undefined)
      // Later operands go first, so that the positions of those before them stay what they are.
      .flatMap((op) => op.operands.map((_, position) => dropping(op.id, position)).reverse()),
};

const dropping =
  (op: OpId, position: number): Edit =>
  (rewriter) => {
    if (!rewriter.exists(op)) return;
    const { operands } = rewriter.operation(op);
    if (position < operands.length) rewriter.setOperands(op, operands.toSpliced(position, 1));
  };

/** Drops results that nothing reads, of operations that any number of results is right for. */
export const droppedResults: Strategy = {
  name: "drop results",
  edits: (index) =>
    index.operations
      .filter((op) => op.results.length > 0 && index.registry.definition(op.name) === undefined)
      .map((op) => (rewriter) => dropUnreadResults(rewriter, op.id)),
};

function dropUnreadResults(rewriter: Rewriter, id: OpId): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const kept = op.results.filter((result) => rewriter.useCount(result) > 0);
  if (kept.length < op.results.length) keepResults(rewriter, id, kept);
}

/** Drops regions without blocks, of operations that any number of regions is right for. */
export const droppedRegions: Strategy = {
  name: "drop regions",
  edits: (index) =>
    index.operations
      .filter((op) => op.regions.length > 0 && index.registry.definition(op.name) === undefined)
      .map(({ id }) => (rewriter) => {
        if (rewriter.exists(id)) keepResults(rewriter, id, rewriter.operation(id).results, false);
      }),
};

/** Makes the operation again with some of its results, and with or without regions that have no blocks. */
export function keepResults(rewriter: Rewriter, id: OpId, kept: readonly ValueId[], emptyRegions = true): void {
  const op = rewriter.operation(id);
  const regions = op.regions.flatMap((region, number) => (emptyRegions || region.length > 0 ? [number] : []));
  if (kept.length === op.results.length && regions.length === op.regions.length) return;
  rewriter.insertionPoint = { kind: "before", op: id };
  const made = rewriter.create({
    name: op.name,
    operands: op.operands,
    resultTypes: kept.map((result) => rewriter.typeOf(result)),
    properties: op.properties,
    attributes: op.attributes,
    regions: regions.map(() => []),
    successors: op.successors,
    location: op.location,
  });
  regions.forEach((region, position) => rewriter.moveRegion(id, region, made.id, position));
  kept.forEach((result, position) => rewriter.replaceAllUses(result, made.results[position]!));
  rewriter.erase(rewriter.operation(id));
}
