import { bufferViews } from "../../../ir/analysis/buffer-views.ts";
import { type AffineMap, affineMap, dimensionsOf } from "../../../ir/affine.ts";
import { iterationSpace } from "../../../ir/analysis/iteration-space.ts";
import type { IteratorType } from "../../../ir/dialects/linalg.ts";
import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import type { MemRefType } from "../../../ir/types.ts";
import type { Access } from "../../kernels/group.ts";

/** The attribute of a `weft.kernel` that says how many leading loops of its members walk through rows. */
const rowsAttribute = "weft.rows";

/** One member of a row group: a fill, or a structured operation whose leading loops are the rows. */
export interface RowStage {
  readonly op: Operation;
  readonly bounds: readonly number[];
  readonly iterators: readonly IteratorType[];
  readonly inputs: readonly Access[];
  readonly outputs: readonly Access[];
}

/** A `weft.kernel` on buffers whose members do everything row by row. */
export interface RowGroup {
  readonly op: Operation;
  /** How far the row loops run. */
  readonly rows: readonly number[];
  readonly stages: readonly RowStage[];
  /** Written buffers that hold one number for each row. */
  readonly scalars: ReadonlySet<ValueId>;
  /** Buffers that nothing outside the group touches. */
  readonly local: ReadonlySet<ValueId>;
  /** For each dimension of a written buffer the row loop that indexes it; undefined where the dimension is inside a row. */
  readonly patterns: ReadonlyMap<ValueId, readonly (number | undefined)[]>;
}

/** Whether an operation is marked as a group of rows. */
export const isRowKernel = (op: Operation): boolean =>
  op.name === "weft.kernel" && op.attributes[rowsAttribute] !== undefined;

/** Reads a row group; undefined when the operation is none, or something in it goes from row to row after all. */
export function readRowGroup(reader: IrReader, op: Operation): RowGroup | undefined {
  const count = op.attributes[rowsAttribute];
  if (op.name !== "weft.kernel" || op.results.length > 0 || count?.kind !== "integer") return undefined;
  const members = bodyOf(reader, op).filter(({ name }) => name !== "memref.alloc" && name !== "weft.yield");
  if (!members.every(({ name }) => name === "linalg.generic" || name === "linalg.fill")) return undefined;
  const stages = members.map((member): RowStage => stageOf(reader, member));
  const generics = stages.filter(({ op: { name } }) => name === "linalg.generic");
  const depth = Number(count.value);
  const rows = generics[0]?.bounds.slice(0, depth);
  if (!rows || rows.length !== depth || stages.some(({ bounds }) => bounds.includes(0))) return undefined;
  for (const { bounds, iterators } of generics)
    for (let loop = 0; loop < depth; loop++)
      if (bounds[loop] !== rows[loop] || iterators[loop] !== "parallel") return undefined;
  const written = new Set(stages.flatMap(({ outputs }) => outputs.map(({ value }) => value)));
  if (!hasOneName(reader, op, stages, written)) return undefined;
  const patterns = rowPatterns(generics, written, depth);
  if (!patterns) return undefined;
  const scalars = [...written].filter((buffer) => {
    const { shape } = reader.typeOf(buffer) as MemRefType;
    return patterns.get(buffer)!.every((row, axis) => row !== undefined || shape[axis] === 1);
  });
  const local = [...written].filter((buffer) => isLocal(reader, op, buffer));
  return { op, rows, stages, scalars: new Set(scalars), local: new Set(local), patterns };
}

function stageOf(reader: IrReader, op: Operation): RowStage {
  if (op.name === "linalg.generic") return { op, ...iterationSpace(reader, op) };
  // Where a fill writes is told by the buffer's other uses.
  const nowhere = affineMap(0, []);
  const [value, target] = op.operands as readonly [ValueId, ValueId];
  return {
    op,
    bounds: [],
    iterators: [],
    inputs: [{ value, map: nowhere }],
    outputs: [{ value: target, map: nowhere }],
  };
}

/** For each dimension of an access the row loop that indexes it; undefined when the access is not to the own row alone. */
function rowPattern(map: AffineMap, depth: number): readonly (number | undefined)[] | undefined {
  const pattern: (number | undefined)[] = [];
  for (const result of map.results) {
    if (result.kind === "dimension" && result.position < depth) pattern.push(result.position);
    else if ([...dimensionsOf(result)].some((loop) => loop < depth)) return undefined;
    else pattern.push(undefined);
  }
  return new Set(pattern.filter((row) => row !== undefined)).size === depth ? pattern : undefined;
}

/** How each written buffer is touched; undefined when one is touched in two ways, in another row, or only filled. */
function rowPatterns(
  generics: readonly RowStage[],
  written: ReadonlySet<ValueId>,
  depth: number,
): ReadonlyMap<ValueId, readonly (number | undefined)[]> | undefined {
  const patterns = new Map<ValueId, readonly (number | undefined)[]>();
  for (const { inputs, outputs } of generics)
    for (const { value, map } of [...inputs, ...outputs]) {
      if (!written.has(value)) continue;
      const pattern = rowPattern(map, depth);
      if (!pattern || pattern.join() !== (patterns.get(value) ?? pattern).join()) return undefined;
      patterns.set(value, pattern);
    }
  return [...written].every((value) => patterns.has(value)) ? patterns : undefined;
}

/** Whether every buffer that is written is touched under one name, and as an operand. */
function hasOneName(
  reader: IrReader,
  kernel: Operation,
  stages: readonly RowStage[],
  written: ReadonlySet<ValueId>,
): boolean {
  const roots = new Map([...written].map((value) => [rootOf(reader, value), value]));
  if (roots.size !== written.size) return false;
  const captured = capturedBuffers(reader, kernel, stages);
  const touched = stages.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(({ value }) => value));
  return [...touched, ...captured].every((value) => {
    const owner = reader.typeOf(value).kind === "memref" ? roots.get(rootOf(reader, value)) : undefined;
    return owner === undefined || (owner === value && !captured.has(value));
  });
}

function rootOf(reader: IrReader, value: ValueId): ValueId {
  for (;;) {
    const op = reader.definition(value);
    if (!op || !bufferViews.has(op.name)) return value;
    value = op.operands[0]!;
  }
}

/** Buffers that bodies read by themselves. */
function capturedBuffers(reader: IrReader, kernel: Operation, stages: readonly RowStage[]): ReadonlySet<ValueId> {
  const operands = new Set(stages.map(({ op }) => op.id));
  const found = new Set<ValueId>();
  for (const op of walk(reader, kernel.id)) {
    if (op.id === kernel.id || operands.has(op.id)) continue;
    for (const value of op.operands) if (reader.typeOf(value).kind === "memref") found.add(value);
  }
  return found;
}

function isLocal(reader: IrReader, kernel: Operation, buffer: ValueId): boolean {
  if (reader.definition(buffer)?.name !== "memref.alloc") return false;
  return reader.uses(buffer).every(({ op: id }) => {
    const user = reader.operation(id);
    return !bufferViews.has(user.name) && (user.id === kernel.id || isInside(reader, user, kernel));
  });
}

function isInside(reader: IrReader, op: Operation, kernel: Operation): boolean {
  for (let at = op; at.parent !== undefined;) {
    at = reader.operation(reader.block(at.parent).parent);
    if (at.id === kernel.id) return true;
  }
  return false;
}
