import { bufferViews } from "../../../ir/analysis/buffer-views.ts";
import { isIdentityMap } from "../../../ir/affine.ts";
import { iterationSpace } from "../../../ir/analysis/iteration-space.ts";
import { layoutOf, rowMajorStrides, staticSizes } from "../../../ir/analysis/memref-layout.ts";
import { structuredView } from "../../../ir/dialects/linalg/structured-view.ts";
import { type BlockId, bodyOf, type OpId, type Operation, type ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import type { MemRefType } from "../../../ir/types.ts";
import { baseOf } from "../../kernels/placed-operands.ts";
import { type Box, boxAround, seenDimensions } from "./view-dimensions.ts";

/** A buffer that holds one value around a box: whoever reads it may take that value itself, so that it need not be filled. */
export interface PaddedBuffer {
  readonly buffer: ValueId;
  readonly box: Box;
  /** The scalar around the box. */
  readonly value: ValueId;
  /** A view with the box's sizes that the box is copied from; undefined when the box is in the buffer itself. */
  readonly source: ValueId | undefined;
  readonly readers: ReadonlySet<OpId>;
  /** Fills, and the copy from the source. */
  readonly needless: readonly Operation[];
}

/** What an operation of the block does with a buffer. */
interface Use {
  readonly holder: Operation;
  readonly position: number;
  readonly kind: "fill" | "write" | "read";
  readonly view: MemRefType;
}

/**
 * The padded buffers of a block: filled around a box, before anything reads them, and read by operations that can do without.
 * @param canRead whether an operation can take the value by itself
 */
export function findPaddedBuffers(
  rewriter: Rewriter,
  block: BlockId,
  canRead: (op: Operation) => boolean,
): readonly PaddedBuffer[] {
  const positions = new Map(rewriter.block(block).operations.map((id, index) => [id, index]));
  const found: PaddedBuffer[] = [];
  const isPadded = new Set<ValueId>();
  for (const id of rewriter.block(block).operations.slice()) {
    const op = rewriter.operation(id);
    if (op.name !== "memref.alloc" || op.operands.length > 0) continue;
    const padded = readPadded(rewriter, op.results[0]!, positions, canRead, isPadded);
    if (!padded) continue;
    found.push(padded);
    isPadded.add(padded.buffer);
  }
  return found;
}

function readPadded(
  rewriter: Rewriter,
  buffer: ValueId,
  positions: ReadonlyMap<OpId, number>,
  canRead: (op: Operation) => boolean,
  isPadded: ReadonlySet<ValueId>,
): PaddedBuffer | undefined {
  const type = rewriter.typeOf(buffer) as MemRefType;
  const uses = usesOf(rewriter, buffer, positions);
  if (!uses) return undefined;
  const fills = uses.filter(({ kind }) => kind === "fill");
  const writes = uses.filter(({ kind }) => kind === "write");
  const [first] = fills;
  if (!first || writes.length === 0) return undefined;
  const box = hullOf(writes.map(({ view }) => boxAround(view, type)));
  const borders = fills.map(({ view }) => boxAround(view, type));
  if (!box || !isAround(borders, box, type)) return undefined;
  const reads = uses.filter(({ kind, view }) => kind === "read" && !isWithin(boxAround(view, type), box));
  const readers = new Map(reads.map(({ holder }) => [holder.id, holder]));
  const begin = Math.min(...reads.map(({ position }) => position));
  if (readers.size === 0 || fills.some(({ position }) => position >= begin)) return undefined;
  const value = first.holder.operands[0]!;
  if (rewriter.definition(value)?.name !== "arith.constant") return undefined;
  if (fills.some(({ holder }) => holder.operands[0] !== value)) return undefined;
  if (writes.some(({ holder }) => readers.has(holder.id))) return undefined;
  if (!reads.every(({ view }) => canLookInside(view, type, box))) return undefined;
  if (![...readers.values()].every(canRead)) return undefined;
  const needless = fills.map(({ holder }) => holder);
  const common = { buffer, box, value, readers: new Set(readers.keys()) };
  const end = Math.max(...reads.map(({ position }) => position));
  const isReadInside = uses.some((use) => use.kind === "read" && !reads.includes(use));
  const isCopied = !isReadInside && writes.every(({ position }) => position < begin);
  const source = isCopied ? copiedFrom(rewriter, writes, type, end, positions, isPadded) : undefined;
  if (source === undefined || !reads.every(({ view }) => canReadSource(rewriter, view, type, box, source)))
    return { ...common, source: undefined, needless };
  return { ...common, source, needless: [...needless, writes[0]!.holder] };
}

/** Everything the block does with a buffer; undefined when something else is done with it. */
function usesOf(rewriter: Rewriter, buffer: ValueId, positions: ReadonlyMap<OpId, number>): readonly Use[] | undefined {
  const uses: Use[] = [];
  const names = [buffer];
  while (names.length > 0) {
    const name = names.pop()!;
    const view = rewriter.typeOf(name) as MemRefType;
    for (const { op: id, index } of rewriter.uses(name)) {
      const op = rewriter.operation(id);
      if (bufferViews.has(op.name) && index === 0) {
        names.push(op.results[0]!);
        continue;
      }
      if (op.name === "weft.kernel") continue;
      const around = rewriter.operation(rewriter.block(op.parent!).parent);
      const holder = around.name === "weft.kernel" ? around : op;
      const position = positions.get(holder.id);
      const structured = structuredView(rewriter, op);
      if (position === undefined || !structured || holder.attributes["weft.device"] !== undefined) return undefined;
      const isOutput = index >= structured.inputs.length;
      const kind = holder.name === "linalg.fill" ? "fill" : isOutput ? "write" : "read";
      if (kind === "fill" && !isOutput) return undefined;
      uses.push({ holder, position, kind, view });
    }
  }
  return uses;
}

/** The smallest box around boxes; undefined when one of them is not known. */
function hullOf(boxes: readonly (Box | undefined)[]): Box | undefined {
  const [first] = boxes;
  if (!first) return undefined;
  let hull = first;
  for (const box of boxes.slice(1)) {
    if (!box) return undefined;
    const starts = hull.starts.map((start, at) => Math.min(start, box.starts[at]!));
    const ends = hull.starts.map((start, at) => Math.max(start + hull.sizes[at]!, box.starts[at]! + box.sizes[at]!));
    hull = { starts, sizes: ends.map((end, at) => end - starts[at]!) };
  }
  return hull;
}

const volume = ({ sizes }: Box): number => sizes.reduce((product, size) => product * size, 1);
const meet = (left: Box, right: Box): boolean =>
  left.starts.every(
    (start, at) => start < right.starts[at]! + right.sizes[at]! && right.starts[at]! < start + left.sizes[at]!,
  );

const isWithin = (inner: Box | undefined, outer: Box): boolean =>
  inner !== undefined &&
  inner.starts.every(
    (start, at) => start >= outer.starts[at]! && start + inner.sizes[at]! <= outer.starts[at]! + outer.sizes[at]!,
  );

/** Whether borders and box are the whole buffer, each element once. */
function isAround(borders: readonly (Box | undefined)[], box: Box, buffer: MemRefType): boolean {
  const all: Box[] = [box];
  for (const border of borders) {
    if (!border || all.some((other) => meet(other, border))) return false;
    all.push(border);
  }
  const elements = staticSizes(buffer).reduce((product, size) => product * size, 1);
  return all.reduce((sum, part) => sum + volume(part), 0) === elements;
}

/** The dimensions of a buffer in which the box does not fill it. */
export const paddedDimensions = (buffer: MemRefType, { sizes }: Box): readonly number[] =>
  staticSizes(buffer).flatMap((size, dimension) => (sizes[dimension] === size ? [] : [dimension]));

/** Whether a view tells where one is along each padded dimension. */
function canLookInside(view: MemRefType, buffer: MemRefType, box: Box): boolean {
  const seen = seenDimensions(view, buffer);
  return seen !== undefined && paddedDimensions(buffer, box).every((dimension) => isApart(seen, dimension));
}
const isApart = (seen: NonNullable<ReturnType<typeof seenDimensions>>, dimension: number): boolean => {
  const { extent, view, isMerged } = seen[dimension]!;
  return extent === 1 || (view !== undefined && !isMerged);
};

/** The view that a buffer's box is copied from, if that is all that is written and the view's contents are the same for all readers. */
function copiedFrom(
  rewriter: Rewriter,
  writes: readonly Use[],
  buffer: MemRefType,
  end: number,
  positions: ReadonlyMap<OpId, number>,
  isPadded: ReadonlySet<ValueId>,
): ValueId | undefined {
  const [write] = writes;
  if (!write || writes.length > 1 || write.holder.name !== "linalg.generic") return undefined;
  const { holder, view, position } = write;
  const space = iterationSpace(rewriter, holder);
  const [input, output] = [space.inputs[0], space.outputs[0]];
  const [only, ...others] = bodyOf(rewriter, holder);
  const isCopy =
    space.inputs.length === 1 &&
    space.outputs.length === 1 &&
    others.length === 0 &&
    only?.name === "linalg.yield" &&
    only.operands[0] === rewriter.block(holder.regions[0]![0]!).arguments[0];
  if (!isCopy || !isIdentityMap(input!.map) || !isIdentityMap(output!.map)) return undefined;
  const strides = rowMajorStrides(staticSizes(buffer));
  const own = layoutOf(view);
  const isBox = view.shape.length === buffer.shape.length && own?.strides.every((stride, at) => stride === strides[at]);
  const source = input!.value;
  const layout = layoutOf(rewriter.typeOf(source) as MemRefType);
  if (!isBox || !layout || layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const base = baseOf(rewriter, source);
  if (isPadded.has(base) || (rewriter.typeOf(base) as MemRefType).layout !== undefined) return undefined;
  return isUnchanged(rewriter, base, position, end, positions) ? source : undefined;
}

/** Whether nothing between two places of the block writes a buffer. */
function isUnchanged(
  rewriter: Rewriter,
  base: ValueId,
  from: number,
  to: number,
  positions: ReadonlyMap<OpId, number>,
): boolean {
  const names = [base];
  while (names.length > 0)
    for (const { op: id, index } of rewriter.uses(names.pop()!)) {
      const op = rewriter.operation(id);
      if (bufferViews.has(op.name) && index === 0) {
        names.push(op.results[0]!);
        continue;
      }
      let holder = op;
      while (!positions.has(holder.id) && holder.parent !== undefined)
        holder = rewriter.operation(rewriter.block(holder.parent).parent);
      const position = positions.get(holder.id);
      const inputs = structuredView(rewriter, op)?.inputs.length;
      const isRead = op.name === "memref.load" || (inputs !== undefined && index < inputs) || op.name === "weft.kernel";
      if (!isRead && (position === undefined || (position > from && position <= to))) return false;
    }
  return true;
}

/** Whether an element of the source can be found from where one is in a view of the padded buffer. */
function canReadSource(rewriter: Rewriter, view: MemRefType, buffer: MemRefType, box: Box, source: ValueId): boolean {
  const seen = seenDimensions(view, buffer)!;
  const sizes = staticSizes(buffer);
  const { strides } = layoutOf(rewriter.typeOf(source) as MemRefType)!;
  return seen.every(({ view: moving, isMerged }, dimension) => {
    if (moving === undefined || !isMerged) return true;
    // The dimensions that move together must lie in the source as they do in the buffer.
    for (let outer = dimension - 1; outer >= 0 && seen[outer]!.view === undefined && seen[outer]!.extent > 1; outer--)
      if (
        box.sizes[outer + 1] !== sizes[outer + 1] ||
        strides[outer] !== (strides[outer + 1] as number) * sizes[outer + 1]!
      )
        return false;
    return true;
  });
}
