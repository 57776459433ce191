import { type AffineMap, dimensionsOf } from "../../ir/affine.ts";
import { type IrReader, type ValueId, walk } from "../../ir/module.ts";
import { bodyOperations, type IndexedOperand, type StructuredOp } from "../structured/generic.ts";

/** A structured operation of a row group, and which of its loops walk through the group's rows. */
export interface RowMember {
  readonly structured: StructuredOp;
  /** For each row loop of the group, the operation's own loop. */
  readonly rowLoops: readonly number[];
}

/** For each dimension of a tensor the row loop that indexes it; undefined for dimensions that lie inside a row. */
export type RowDimensions = readonly (number | undefined)[];

/** The loops of an operation that are not row loops and run more than once. */
export const innerLoops = ({ structured, rowLoops }: RowMember): readonly number[] =>
  structured.bounds.flatMap((bound, loop) => (bound !== 1 && !rowLoops.includes(loop) ? [loop] : []));

/** How many points of an operation's loops lie in one row. */
export const pointsInRow = (member: RowMember): number =>
  innerLoops(member).reduce((product, loop) => product * member.structured.bounds[loop]!, 1);

/** Which dimensions of an operand the row loops index; undefined when the operand is not touched row by row. */
export function rowDimensionsOf(map: AffineMap, rowLoops: readonly number[]): RowDimensions | undefined {
  const dimensions = map.results.map((result) => {
    const row = result.kind === "dimension" ? rowLoops.indexOf(result.position) : -1;
    return row < 0 ? undefined : row;
  });
  const mixed = map.results.some((result, axis) => {
    if (dimensions[axis] !== undefined) return false;
    const loops = dimensionsOf(result);
    return rowLoops.some((loop) => loops.has(loop));
  });
  return !mixed && rowLoops.every((_, row) => dimensions.includes(row)) ? dimensions : undefined;
}

/** Adds an operand with known row dimensions to what is known of an operation's row loops; false when the two do not fit. */
function matchRows(
  known: (number | undefined)[],
  { map }: IndexedOperand,
  dimensions: RowDimensions,
  loopBounds: readonly number[],
  rows: readonly number[],
): boolean {
  return dimensions.every((row, axis) => {
    if (row === undefined) return true;
    const index = map.results[axis]!;
    if (index.kind !== "dimension" || loopBounds[index.position] !== rows[row]) return false;
    known[row] ??= index.position;
    return known[row] === index.position;
  });
}

/**
 * Finds the row loops of an operation from operands whose row dimensions are known. Undefined when the operation does anything
 * across rows: reads an operand of another row, or writes anything but its own row.
 */
export function asRowMember(
  structured: StructuredOp,
  operands: readonly { readonly operand: IndexedOperand; readonly dimensions: RowDimensions }[],
  rows: readonly number[],
): RowMember | undefined {
  const known: (number | undefined)[] = rows.map(() => undefined);
  for (const { operand, dimensions } of operands)
    if (!matchRows(known, operand, dimensions, structured.bounds, rows)) return undefined;
  if (known.includes(undefined) || new Set(known).size !== rows.length) return undefined;
  const rowLoops = known as readonly number[];
  if (rowLoops.some((loop) => structured.iterators[loop] !== "parallel")) return undefined;
  const member: RowMember = { structured, rowLoops };
  const rowWise = [...operands.map(({ operand }) => operand), ...structured.outputs];
  return rowWise.every(({ map }) => rowDimensionsOf(map, rowLoops)) ? member : undefined;
}

/**
 * Whether a reduction reads an operand again for each of several results: a matrix product or a convolution, which has better ways
 * than row by row. A statistic of the row beside the elements does not make one.
 */
export function sharesOperands({ bounds, iterators, inputs }: StructuredOp): boolean {
  const loops = (kind: "parallel" | "reduction"): readonly number[] =>
    bounds.flatMap((bound, loop) =>
      (iterators[loop] === "parallel") === (kind === "parallel") && bound !== 1 ? [loop] : [],
    );
  const [parallel, reduction] = [loops("parallel"), loops("reduction")];
  const indexing = inputs.map(({ map }) => {
    const used = new Set<number>();
    for (const result of map.results) dimensionsOf(result, used);
    return used;
  });
  const walked = indexing.filter((used) => reduction.some((loop) => used.has(loop)));
  return walked.length > 1 && walked.some((used) => parallel.some((loop) => !used.has(loop)));
}

/** The rows of a reduction that may start a group: its parallel loops that run more than once. Undefined where it cannot. */
export function rowsOfReduction(structured: StructuredOp): RowMember | undefined {
  if (!structured.iterators.includes("reduction") || sharesOperands(structured)) return undefined;
  const rowLoops = structured.bounds.flatMap((bound, loop) =>
    structured.iterators[loop] === "parallel" && bound !== 1 ? [loop] : [],
  );
  return structured.outputs.every(({ map }) => rowDimensionsOf(map, rowLoops)) ? { structured, rowLoops } : undefined;
}

/** The values from outside that an operation's body reads itself, not through operands. */
export function capturedValues(reader: IrReader, structured: StructuredOp): ReadonlySet<ValueId> {
  const inside = new Set<ValueId>(structured.arguments);
  const captured = new Set<ValueId>();
  for (const inner of bodyOperations(reader, structured.op))
    for (const op of walk(reader, inner.id)) {
      for (const region of op.regions)
        for (const block of region) for (const argument of reader.block(block).arguments) inside.add(argument);
      for (const result of op.results) inside.add(result);
      for (const operand of op.operands) if (!inside.has(operand)) captured.add(operand);
    }
  return captured;
}

/** Whether the row loops lead already, or can be brought to: positions that nested regions ask for stay as they are. */
export const canLead = (reader: IrReader, { structured, rowLoops }: RowMember): boolean =>
  rowLoops.every((loop, row) => loop === row) ||
  bodyOperations(reader, structured.op).every((op) => op.regions.length === 0);
