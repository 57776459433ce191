import { dimensionsOf } from "../../ir/affine.ts";
import type { Access } from "../kernels/group.ts";
import { allowsLanes } from "../vectorize/lane-support.ts";
import type { GroupFacts } from "./operands.ts";
import type { Packing, Schedule, TilingStep } from "./schedule.ts";

/** Points of window loops that are written out at most. */
const mostTaps = 25;

interface RegisterTile {
  readonly rows: number;
  readonly vectors: number;
}

/** Accumulators by number of vectors in a row of the tile: rows and vectors, for 32 registers. */
function registerTile(facts: GroupFacts, rows: number, vectors: number, isLargeMap: boolean): RegisterTile {
  const many = facts.target.vectorRegisters >= 32;
  const wide = isLargeMap ? { rows: 6, vectors: 4 } : { rows: 8, vectors: 3 };
  const table = many
    ? [{ rows: 14, vectors: 1 }, { rows: 12, vectors: 2 }, wide, { rows: 12, vectors: 2 }]
    : [
        { rows: 10, vectors: 1 },
        { rows: 6, vectors: 2 },
        { rows: 4, vectors: 3 },
        { rows: 6, vectors: 2 },
      ];
  const regular = isLargeMap && many ? wide : (table[vectors - 1] ?? (many ? wide : { rows: 4, vectors: 3 }));
  if (rows >= regular.rows) return regular;
  // Few rows: the registers are filled with more vectors.
  const budget = many ? 24 : 12;
  return { rows, vectors: Math.min(vectors, Math.max(1, Math.min(many ? 8 : 6, Math.floor(budget / rows)))) };
}

/** For short rows of vectors: two vectors by twelve rows where three by eight would leave a single one over. */
function evenTile(facts: GroupFacts, tile: RegisterTile, vectors: number, rows: number): RegisterTile {
  if (facts.target.vectorRegisters < 32 || tile.vectors !== 3 || vectors > 12 || rows < 12) return tile;
  return vectors % 3 === 1 && vectors % 2 === 0 ? { rows: 12, vectors: 2 } : tile;
}

/** The window loops of an operand: reductions that share an index with a parallel loop. They are written out, innermost first. */
function windowLoops(facts: GroupFacts): readonly number[] {
  const found = new Set<number>();
  for (const { access } of facts.inputs)
    for (const index of access.map.results) {
      const loops = [...dimensionsOf(index)];
      if (loops.some((loop) => facts.parallel.includes(loop)))
        for (const loop of loops) if (facts.reductions.includes(loop)) found.add(loop);
    }
  const written: number[] = [];
  let taps = 1;
  for (const loop of facts.reductions.toReversed()) {
    if (!found.has(loop) || taps * facts.bound(loop) > mostTaps) continue;
    taps *= facts.bound(loop);
    written.push(loop);
  }
  return written.toReversed();
}

/**
 * Contractions and convolutions whose result has a contiguous parallel loop: that loop goes into lanes, a second one whose iterations
 * share the vectors into rows of accumulators.
 */
export function scheduleContraction(facts: GroupFacts): Schedule | undefined {
  if (facts.reductions.length === 0) return undefined;
  const vectorLoop = chooseVectorLoop(facts);
  if (vectorLoop === undefined) return undefined;
  const taps = windowLoops(facts);
  const windowed = windowOperand(facts, vectorLoop);
  const lanes = lanesAlong(facts, vectorLoop, taps);
  if (lanes < 4) return undefined;
  const vectors = Math.ceil(facts.bound(vectorLoop) / lanes);
  const rowLoop = chooseRowLoop(facts, vectorLoop);
  if (rowLoop !== undefined) return scheduleRows(facts, { vectorLoop, rowLoop, lanes, vectors, taps, windowed });
  return scheduleWindow(facts, vectorLoop, lanes, vectors, taps);
}

const lanesAlong = (facts: GroupFacts, loop: number, taps: readonly number[]): number => {
  const lanes = facts.lanesFor(facts.bound(loop));
  // Wide windows load at every offset: narrower vectors split fewer cache lines.
  const wide = taps.some((tap) => facts.bound(tap) >= 5) && chooseRowLoop(facts, loop) === undefined;
  return wide && lanes === 16 && facts.bound(loop) % 8 === 0 ? 8 : lanes;
};

function chooseVectorLoop(facts: GroupFacts): number | undefined {
  const candidates = facts.parallel.filter(
    (loop) => facts.bound(loop) >= 4 && facts.writesAlong(loop) && allowsLanes(facts.rewriter, facts.group, loop),
  );
  const hasWindows = windowLoops(facts).length > 0;
  const usable = candidates.filter((loop) =>
    facts.inputs.every(
      ({ access }) => !facts.isScattered(access, loop) || (!hasWindows && mayPack(facts, access, loop)),
    ),
  );
  return usable.toSorted((left, right) => facts.bound(right) - facts.bound(left))[0];
}

/** Whether an operand can be rearranged so that a loop is contiguous: at compile time, or because it is read often enough. */
function mayPack(facts: GroupFacts, access: Access, loop: number): boolean {
  const plain = access.map.results.every((index) => index.kind === "dimension");
  if (!plain) return false;
  if (facts.isConstant(access)) return true;
  const reuse = facts.parallel
    .filter((other) => !facts.uses(access, other))
    .reduce((product, other) => product * facts.bound(other), 1);
  return reuse >= 8 && facts.bound(loop) >= 4;
}

/** The parallel loop along which the vectors stay the same: each vector loaded serves all rows. */
function chooseRowLoop(facts: GroupFacts, vectorLoop: number): number | undefined {
  const moving = facts.inputs.filter(({ access }) => facts.uses(access, vectorLoop));
  return facts.parallel
    .filter((loop) => loop !== vectorLoop && facts.bound(loop) > 1 && !facts.wovenLoops(vectorLoop).includes(loop))
    .filter((loop) => moving.every(({ access }) => !facts.uses(access, loop)))
    .toSorted((left, right) => facts.bound(right) - facts.bound(left))[0];
}

/** The operand that windows move over, if any. */
function windowOperand(facts: GroupFacts, vectorLoop: number): GroupFacts["inputs"][number] | undefined {
  return facts.inputs.find(
    ({ access }) => facts.uses(access, vectorLoop) && access.map.results.some((index) => dimensionsOf(index).size > 1),
  );
}

interface RowsPlan {
  readonly vectorLoop: number;
  readonly rowLoop: number;
  readonly lanes: number;
  readonly vectors: number;
  readonly taps: readonly number[];
  readonly windowed: GroupFacts["inputs"][number] | undefined;
}

function scheduleRows(facts: GroupFacts, plan: RowsPlan): Schedule {
  const { vectorLoop, rowLoop, lanes, taps, windowed } = plan;
  const woven = facts.wovenLoops(vectorLoop);
  const others = facts.parallel.filter(
    (loop) => loop !== vectorLoop && loop !== rowLoop && facts.bound(loop) > 1 && !woven.includes(loop),
  );
  const isLargeMap = windowed !== undefined && facts.bound(vectorLoop) >= 100;
  // Woven loops take their share of the accumulators.
  const share = woven.filter((loop) => loop !== rowLoop).reduce((product, loop) => product * facts.bound(loop), 1);
  const whole = registerTile(facts, facts.bound(rowLoop) * share, plan.vectors, isLargeMap);
  const even = evenTile(facts, whole, plan.vectors, facts.bound(rowLoop) * share);
  const tile = { rows: Math.max(1, Math.floor(even.rows / share)), vectors: even.vectors };
  const remainder = facts.mayRepeat ? "overlap" : "narrow";
  const rows: TilingStep = { loop: rowLoop, size: tile.rows, remainder: "balance" };
  const columns: TilingStep = { loop: vectorLoop, size: tile.vectors * lanes, remainder };
  const single = (loop: number): TilingStep => ({ loop, size: 1, remainder: "narrow" });
  const base = {
    vectorLoop,
    lanes,
    accumulators: 1,
    threads: false,
    unroll: [rowLoop, ...woven.filter((loop) => loop !== rowLoop), ...taps],
  };
  const packings = packWeights(facts, plan);
  if (windowed) {
    const band = bandOf(facts, windowed.access, others, vectorLoop);
    if (band) {
      const [bandLoop, size] = band;
      const outer = others.filter((loop) => loop !== bandLoop).map(single);
      const steps = [...outer, { loop: bandLoop, size, remainder: "narrow" as const }, rows, single(bandLoop), columns];
      const staged: Packing = {
        operand: windowed.operand,
        depth: outer.length + 1,
        order: windowed.access.map.results.map((_, at) => at),
      };
      return { ...base, steps, packings: [staged, ...packings(outer.length + 2)] };
    }
    // All rows of the map for one block of output channels: its weights stay in the cache.
    return { ...base, steps: [rows, ...others.map(single), columns], packings: packings(1) };
  }
  return scheduleProduct(facts, plan, { rows, columns, others: others.map(single) }, packings, base);
}

/** Matrix products: the operand of the vectors is cut so that a piece of it stays in the cache while all rows pass. */
function scheduleProduct(
  facts: GroupFacts,
  { vectorLoop, lanes }: RowsPlan,
  steps: { readonly rows: TilingStep; readonly columns: TilingStep; readonly others: readonly TilingStep[] },
  packings: (depth: number) => readonly Packing[],
  base: Omit<Schedule, "steps" | "packings">,
): Schedule {
  const { rows, columns, others } = steps;
  const vectors = facts.inputs.find(({ access }) => facts.uses(access, vectorLoop));
  const depth = facts.reductions.reduce((product, loop) => product * facts.bound(loop), 1);
  const scattered = vectors !== undefined && facts.isScattered(vectors.access, vectorLoop);
  const batched = others.filter(({ loop }) => vectors !== undefined && facts.uses(vectors.access, loop));
  const shared = others.filter((step) => !batched.includes(step));
  if (vectors && (scattered || facts.isConstant(vectors.access))) {
    // Panels of the vector operand, rearranged, each used by all rows before the next.
    const order = panelOrder(vectors.access, vectorLoop);
    const outer = [...batched, columns];
    const panel: Packing = { operand: vectors.operand, depth: outer.length, order };
    const steps = [...outer, ...shared, rows];
    const weights = packings(steps.length).filter(
      ({ operand }) => operand !== vectors.operand && !facts.isConstant(vectors.access),
    );
    const packed = facts.isConstant(vectors.access) && batched.length > 0 ? [] : [panel];
    return { ...base, steps, packings: [...packed, ...weights] };
  }
  const before = [...others, ...blocksOf(facts, vectorLoop, depth, columns, lanes)];
  return { ...base, steps: [...before, rows, columns], packings: packings(before.length + 1) };
}

/**
 * Blocks of columns whose part of the vector operand stays in the level 2 cache while all rows pass. Where that is possible the whole
 * tiles are cut into equal blocks, so that only what is left over needs code of its own.
 */
function blocksOf(
  facts: GroupFacts,
  loop: number,
  depth: number,
  columns: TilingStep,
  lanes: number,
): readonly TilingStep[] {
  const all = facts.bound(loop);
  const most = Math.max(1, Math.floor(facts.target.l2Bytes / 4 / (depth * facts.elementBytes * columns.size)));
  if (most * columns.size >= all - lanes) return [];
  const tiles = Math.floor(all / columns.size);
  for (let each = most; each * 3 >= most && each > 1; each--)
    if (tiles % each === 0)
      return [
        { loop, size: tiles * columns.size, remainder: columns.remainder },
        { loop, size: each * columns.size, remainder: "narrow" },
      ];
  return [{ loop, size: most * columns.size, remainder: "narrow" }];
}

/** The dimensions of a panel: the vector loop's innermost, the others as they are. */
function panelOrder(access: Access, vectorLoop: number): readonly number[] {
  const dimensions = access.map.results.map((_, at) => at);
  const moving = dimensions.filter((at) => dimensionsOf(access.map.results[at]!).has(vectorLoop));
  return [...dimensions.filter((at) => !moving.includes(at)), ...moving];
}

/** Constant operands that the rows read as scalars: arranged so that one step of the reduction reads them side by side. */
function packWeights(facts: GroupFacts, { vectorLoop, rowLoop }: RowsPlan): (depth: number) => readonly Packing[] {
  const found = facts.inputs.filter(
    ({ access }) =>
      facts.isConstant(access) &&
      facts.uses(access, rowLoop) &&
      !facts.uses(access, vectorLoop) &&
      access.map.results.every((index) => index.kind === "dimension") &&
      facts.parallel.every((loop) => loop === rowLoop || !facts.uses(access, loop)),
  );
  return (depth) =>
    found.map(({ access, operand }) => {
      const dimensions = access.map.results.map((_, at) => at);
      const rows = dimensions.filter((at) => dimensionsOf(access.map.results[at]!).has(rowLoop));
      return { operand, depth, order: [...dimensions.filter((at) => !rows.includes(at)), ...rows] };
    });
}

/**
 * Bands of output rows whose input, copied together, stays in the level 2 cache; for inputs that are too large to stay there whole.
 * The loop of the rows and how many of them; undefined when the input is small or bands would not help.
 */
function bandOf(
  facts: GroupFacts,
  access: Access,
  others: readonly number[],
  vectorLoop: number,
): readonly [number, number] | undefined {
  const total = facts.bytesOf(access);
  if (total <= facts.target.l2Bytes / 2) return undefined;
  const row = access.map.results.find((index) => dimensionsOf(index).size > 1 && !dimensionsOf(index).has(vectorLoop));
  const bandLoop = row && others.find((loop) => dimensionsOf(row).has(loop));
  if (bandLoop === undefined) return undefined;
  const perRow = total / facts.bound(bandLoop);
  for (let size = 8; size >= 2; size--)
    // A band needs the rows that its windows overlap, two or so more.
    if (facts.bound(bandLoop) > size && perRow * (size + 2) <= (facts.target.l2Bytes * 3) / 4) return [bandLoop, size];
  return undefined;
}

/** Windows without rows that share vectors (depthwise convolutions, pooling): several output rows share the input rows they overlap. */
function scheduleWindow(
  facts: GroupFacts,
  vectorLoop: number,
  lanes: number,
  vectors: number,
  taps: readonly number[],
): Schedule {
  const sharing = facts.parallel.find(
    (loop) =>
      loop !== vectorLoop &&
      facts.bound(loop) > 1 &&
      facts.inputs.some(({ access }) =>
        access.map.results.some((index) => {
          const loops = dimensionsOf(index);
          return loops.has(loop) && taps.some((tap) => loops.has(tap));
        }),
      ),
  );
  const remainder = facts.mayRepeat ? "overlap" : "narrow";
  const woven = facts.wovenLoops(vectorLoop);
  const others = facts.parallel.filter(
    (loop) => loop !== vectorLoop && loop !== sharing && facts.bound(loop) > 1 && !woven.includes(loop),
  );
  const single = (loop: number): TilingStep => ({ loop, size: 1, remainder: "narrow" });
  const base = { vectorLoop, lanes, accumulators: 1, threads: false, packings: [] };
  if (sharing === undefined) {
    const columns: TilingStep = { loop: vectorLoop, size: Math.min(vectors, 8) * lanes, remainder };
    const steps = [...others.map(single), columns];
    const packings = facts.inputs
      .filter(({ access }) => facts.isScattered(access, vectorLoop))
      .map(({ access, operand }): Packing => ({ operand, depth: steps.length, order: panelOrder(access, vectorLoop) }));
    return { ...base, steps, packings, unroll: [...woven, ...taps] };
  }
  const height = facts.bound(sharing);
  const rows = height % 6 === 0 && height % 4 !== 0 ? 6 : Math.min(4, height);
  const columns: TilingStep = { loop: vectorLoop, size: Math.min(vectors, 2) * lanes, remainder };
  return {
    ...base,
    steps: [...others.map(single), { loop: sharing, size: rows, remainder: "balance" }, columns],
    unroll: [sharing, ...woven.filter((loop) => loop !== sharing), ...taps],
  };
}
