import { dimensionsOf } from "../../../ir/affine.ts";
import { floatAttribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import { f32 } from "../../../ir/types.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import { type Access, anchorOf, indexedLoops, type KernelGroup, loopsOf, readGroup } from "../../kernels/group.ts";
import { buildLoop } from "../../loops/loop-nest.ts";
import { cloneBody } from "../../loops/scalar-body.ts";
import { isOneNest } from "../blocked/blocked.ts";
import { strideOf } from "../blocked/default-schedule.ts";
import { addSums, constantSum, type IndexSum, valueSum } from "../blocked/index-sums.ts";
import { type BlockPoint, splitNumber } from "../blocked/points.ts";
import { RegisterTile } from "../blocked/register-tile.ts";
import { resultLayout } from "../blocked/word-points.ts";
import { foldBlocks, type LaunchShape, linearBlock } from "../launch-shape.ts";
import type { KernelSite, Mapping } from "../mapping.ts";
import { mappingNameOf } from "../schedule-attribute.ts";
import { isMultiplyAdd } from "./combiner.ts";
import { barrier, threadNumber, workgroupBuffer } from "./workgroup-memory.ts";

/** Rows and columns of a workgroup's tile, iterations of the reduction that are in workgroup memory at a time. */
const size = { rows: 64, columns: 64, depth: 16 } as const;
/** Invocations along each side of a tile, and the rows and columns that each computes. */
const side = 16;
const own = { rows: size.rows / side, columns: size.columns / side } as const;
const threads = side * side;
/** Elements from one round of a tile to the next in workgroup memory: odd, so that a column of a tile is in different banks. */
const pitch = { rows: size.rows + 1, columns: size.columns + 1 } as const;

/** A contraction as a matrix product: which loops are its rows, its columns, its depth, and which both operands have. */
interface Product {
  readonly group: KernelGroup;
  readonly left: Access;
  readonly right: Access;
  /** Whether the left operand is the second of the body. */
  readonly isSwapped: boolean;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly depth: readonly number[];
  readonly batch: readonly number[];
}

/**
 * A workgroup for each tile of 64 by 64 results of a contraction or convolution: it brings what it reads to workgroup memory, from
 * where its invocations take it, each computing 4 by 4 of the results.
 */
export const tiles: Mapping = {
  name: "tiles",
  readsPadding: true,
  plan({ reader, target }, op) {
    const group = readGroup(reader, op);
    const found = group && productOf(reader, group, target);
    if (!found) return undefined;
    if (mappingNameOf(op) !== tiles.name && !prefersTiles(reader, found.group, target)) return undefined;
    const shape = shapeOf(found, target);
    return (site) => {
      build(site, shape);
      return { shape };
    };
  },
};

const extent = ({ bounds }: KernelGroup, loops: readonly number[]): number =>
  loops.reduce((total, loop) => total * bounds[loop]!, 1);

/** Reads a group as a matrix product that this mapping can compute; undefined for others. */
function productOf(reader: IrReader, group: KernelGroup, { limits }: WebGpuTarget): Product | undefined {
  const anchor = anchorOf(group);
  if (!isOneNest(group) || group.bounds.includes(0) || !isMultiplyAdd(reader, anchor)) return undefined;
  if (indexedLoops(reader, anchor).size > 0 || resultLayout(reader, group).kind !== "whole-words") return undefined;
  if (limits.maxComputeInvocationsPerWorkgroup < threads || limits.maxComputeWorkgroupSizeX < threads) return undefined;
  const [first, second] = anchor.inputs as readonly [Access, Access];
  if ([first, second].some(({ value }) => reader.typeOf(value).kind !== "memref")) return undefined;
  const [inFirst, inSecond] = [first, second].map(({ map }) => {
    const loops = new Set<number>();
    for (const result of map.results) dimensionsOf(result, loops);
    return loops;
  }) as [Set<number>, Set<number>];
  const depth = loopsOf(group, "reduction");
  const parallel = loopsOf(group, "parallel");
  if (!depth.every((loop) => inFirst.has(loop) && inSecond.has(loop))) return undefined;
  const output = group.stages.at(-1)!.outputs[0]!;
  const lane = parallel.find((loop) => group.bounds[loop]! > 1 && strideOf(reader, output, loop) === 1);
  // Columns are what lies side by side in the result.
  const isSwapped = lane !== undefined && inFirst.has(lane) && !inSecond.has(lane);
  const [left, right, inLeft, inRight] = isSwapped
    ? ([second, first, inSecond, inFirst] as const)
    : ([first, second, inFirst, inSecond] as const);
  return {
    group,
    left,
    right,
    isSwapped,
    rows: parallel.filter((loop) => inLeft.has(loop) && !inRight.has(loop)),
    columns: parallel.filter((loop) => inRight.has(loop) && !inLeft.has(loop)),
    batch: parallel.filter((loop) => inLeft.has(loop) === inRight.has(loop)),
    depth,
  };
}

/** Whether a group is better computed in tiles on a device: where sharing pays, and tiles are well filled. */
export function prefersTiles(reader: IrReader, group: KernelGroup, target: WebGpuTarget): boolean {
  if (!target.preferences.workgroupMemory) return false;
  const found = productOf(reader, group, target);
  if (!found) return false;
  const [rows, columns, depth] = [found.rows, found.columns, found.depth].map((loops) => extent(group, loops));
  const computed = Math.ceil(rows! / size.rows) * size.rows * Math.ceil(columns! / size.columns) * size.columns;
  const points = rows! * columns! * extent(group, found.batch);
  return (
    depth! >= 2 * size.depth &&
    rows! * columns! >= 0.6 * computed &&
    points / (own.rows * own.columns) >= target.preferences.invocationsToFill / 8
  );
}

const tileCount = ({ group, rows, columns, batch }: Product): number =>
  Math.ceil(extent(group, rows) / size.rows) * Math.ceil(extent(group, columns) / size.columns) * extent(group, batch);

const shapeOf = (found: Product, { limits }: WebGpuTarget): LaunchShape => ({
  blocks: foldBlocks(tileCount(found), limits),
  threads: [threads, 1, 1],
});

function build(site: KernelSite, shape: LaunchShape): void {
  const { rewriter, arithmetic, op, block, paddings, target } = site;
  const group = readGroup(rewriter, op)!;
  const found = productOf(rewriter, group, target)!;
  const tile = new RegisterTile(rewriter, arithmetic, block, group, { factors: [], unroll: [] }, paddings);
  new TileBuilder(site, found, tile).build(shape);
  rewriter.erase(op);
}

/** A place along rows or columns: within bounds, and whether it is what was asked for. */
interface Step {
  readonly positions: ReadonlyMap<number, IndexSum>;
  readonly guard: ValueId | undefined;
}

class TileBuilder {
  readonly #site: KernelSite;
  readonly #product: Product;
  readonly #tile: RegisterTile;
  readonly #extents: { readonly rows: number; readonly columns: number; readonly depth: number };

  constructor(site: KernelSite, found: Product, tile: RegisterTile) {
    this.#site = site;
    this.#product = found;
    this.#tile = tile;
    const { group, rows, columns, depth } = found;
    this.#extents = { rows: extent(group, rows), columns: extent(group, columns), depth: extent(group, depth) };
  }

  build(shape: LaunchShape): void {
    const { sums } = this.#tile;
    const { group, batch } = this.#product;
    const shared = [pitch.rows, pitch.columns].map((width) => workgroupBuffer(this.#site, width * size.depth, f32));
    const thread = threadNumber(this.#site);
    const { quotient: row, remainder: column } = sums.divide(thread, side);
    const reversed = batch.toReversed();
    const [columnTile, rowTile, ...others] = splitNumber(sums, this.#tileNumber(shape), [
      Math.ceil(this.#extents.columns / size.columns),
      Math.ceil(this.#extents.rows / size.rows),
      ...reversed.map((loop) => group.bounds[loop]!),
    ]);
    const around = new Map(reversed.map((loop, at) => [loop, others[at]!]));
    const firstRow = addSums(constantSum(0), rowTile!, size.rows);
    const firstColumn = addSums(constantSum(0), columnTile!, size.columns);
    const rowSteps = Array.from({ length: own.rows }, (_, step) =>
      this.#step("rows", addSums(addSums(firstRow, constantSum(step)), valueSum(row), own.rows)),
    );
    const columnSteps = Array.from({ length: own.columns }, (_, step) =>
      this.#step("columns", addSums(addSums(firstColumn, constantSum(step * side)), valueSum(column))),
    );
    const points = rowSteps.flatMap((down) => columnSteps.map((along) => this.#point(around, down, along)));
    this.#tile.build(points, (initial) =>
      buildLoop(this.#site.arithmetic, { upper: this.#extents.depth, step: size.depth }, initial, (depth, carried) =>
        this.#tile.nested(() => {
          this.#bring("left", shared[0]!, thread, firstRow, depth, around);
          this.#bring("right", shared[1]!, thread, firstColumn, depth, around);
          barrier(this.#site);
          const totals = this.#multiply(shared as [ValueId, ValueId], row, column, carried);
          barrier(this.#site);
          return totals;
        }),
      ),
    );
  }

  /** The number of the workgroup's tile; workgroups that a folded grid has too many of do the last one again. */
  #tileNumber(shape: LaunchShape): ValueId {
    const number = linearBlock(this.#site.arithmetic, shape);
    const count = tileCount(this.#product);
    return shape.blocks[0] * shape.blocks[1] === count ? number : this.#tile.sums.atMost(valueSum(number), count - 1);
  }

  #point(around: ReadonlyMap<number, IndexSum>, down: Step, along: Step): BlockPoint {
    const at = new Map([...around, ...down.positions, ...along.positions]);
    const guard =
      down.guard === undefined || along.guard === undefined
        ? (down.guard ?? along.guard)
        : this.#tile.sums.both(down.guard, along.guard);
    return { positions: this.#product.group.bounds.map((_, loop) => at.get(loop)), guard };
  }

  /** A place along rows, columns or depth, given as one number. */
  #step(along: "rows" | "columns" | "depth", number: IndexSum): Step {
    const { sums } = this.#tile;
    const total = this.#extents[along];
    const isFull = total % size[along] === 0;
    const place = isFull ? number : valueSum(sums.limit(sums.atMost(number, total - 1), total - 1));
    return {
      positions: this.#split(this.#product[along], place, total),
      guard: isFull ? undefined : sums.isBelow(number, total),
    };
  }

  /** The positions of loops that one number counts, the last loop fastest. */
  #split(loops: readonly number[], number: IndexSum, total: number): ReadonlyMap<number, IndexSum> {
    const { bounds } = this.#product.group;
    const moving = loops.filter((loop) => bounds[loop]! > 1);
    const still = loops.filter((loop) => bounds[loop] === 1).map((loop) => [loop, constantSum(0)] as const);
    if (moving.length <= 1) return new Map([...still, ...moving.map((loop) => [loop, number] as const)]);
    const { sums } = this.#tile;
    const reversed = moving.toReversed();
    const parts = splitNumber(
      sums,
      sums.limit(sums.build(number), total - 1),
      reversed.map((loop) => bounds[loop]!),
    );
    return new Map([...still, ...reversed.map((loop, at) => [loop, parts[at]!] as const)]);
  }

  /** Brings a tile of an operand to workgroup memory, each invocation a few elements; neighbours take neighbours where that is known. */
  #bring(
    which: "left" | "right",
    shared: ValueId,
    thread: ValueId,
    first: IndexSum,
    depth: ValueId,
    around: ReadonlyMap<number, IndexSum>,
  ): void {
    const { rewriter } = this.#site;
    const { sums } = this.#tile;
    const { group } = this.#product;
    const access = this.#product[which];
    const along = which === "left" ? "rows" : "columns";
    const width = size[along];
    const lastLoop = this.#product.depth.findLast((loop) => group.bounds[loop]! > 1);
    const isAlongDepth = lastLoop !== undefined && strideOf(rewriter, access, lastLoop) === 1;
    const fast = isAlongDepth ? size.depth : width;
    const { quotient, remainder } = sums.divide(thread, fast);
    const zero = this.#zero();
    for (let element = 0; element < (width * size.depth) / threads; element++) {
      const slow = addSums(valueSum(quotient), constantSum((element * threads) / fast));
      const [inDepth, inWidth] = isAlongDepth ? [valueSum(remainder), slow] : [slow, valueSum(remainder)];
      const deep = this.#step("depth", addSums(valueSum(depth), inDepth));
      const wide = this.#step(along, addSums(first, inWidth));
      const at = new Map([...around, ...wide.positions, ...deep.positions]);
      const positions = group.bounds.map((_, loop) => at.get(loop));
      const loaded = this.#tile.read(access, { guard: undefined }, positions);
      const value =
        deep.guard === undefined
          ? loaded
          : arith.select.build(rewriter, { condition: deep.guard, true_value: loaded, false_value: zero }, {}).result;
      const place = sums.build(addSums(inWidth, inDepth, pitch[along]));
      memref.store.build(rewriter, { value, memref: shared, indices: [place] }, {});
    }
  }

  #zero(): ValueId {
    const { arithmetic } = this.#site;
    return arithmetic.constants.get("tile zero", floatAttribute(0, f32), f32);
  }

  /** Adds the products of what is in workgroup memory to an invocation's results. */
  #multiply(
    [left, right]: readonly [ValueId, ValueId],
    row: ValueId,
    column: ValueId,
    carried: readonly ValueId[],
  ): readonly ValueId[] {
    const { rewriter, arithmetic } = this.#site;
    const { sums } = this.#tile;
    const anchor = anchorOf(this.#product.group);
    const load = (buffer: ValueId, index: IndexSum): ValueId =>
      memref.load.build(rewriter, { memref: buffer, indices: [sums.build(index)] }, {}).result;
    return buildLoop(arithmetic, { upper: size.depth }, carried, (depth, totals) =>
      this.#tile.nested(() => {
        const rowsAt = addSums(addSums(constantSum(0), valueSum(row), own.rows), valueSum(depth), pitch.rows);
        const columnsAt = addSums(valueSum(column), valueSum(depth), pitch.columns);
        const down = Array.from({ length: own.rows }, (_, step) => load(left, addSums(rowsAt, constantSum(step))));
        const along = Array.from({ length: own.columns }, (_, step) =>
          load(right, addSums(columnsAt, constantSum(step * side))),
        );
        return down.flatMap((a, i) =>
          along.flatMap((b, j) => {
            const inputs = this.#product.isSwapped ? [b, a] : [a, b];
            return cloneBody(rewriter, anchor.op, [...inputs, totals[i * own.columns + j]!], []);
          }),
        );
      }),
    );
  }
}
