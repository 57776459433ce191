import { roundUp } from "../../support/numeric/round-up.ts";
/** A buffer to be placed: its size in bytes and the first and last moment (inclusive) at which it holds something needed. */
export interface BufferLifetime {
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
}

/** Where each buffer goes, and how much memory that takes. */
export interface OffsetAssignment {
  /** One for each buffer, in bytes. */
  readonly offsets: readonly number[];
  readonly arenaBytes: number;
  /** The largest sum of sizes live at one moment: no plan can take less. */
  readonly lowerBoundBytes: number;
}

/** How many pairs of buffers the search may look at: about a tenth of a second. The count, not the clock, keeps plans reproducible. */
const searchBudget = 10_000_000;

/** The largest sum of sizes, rounded up to the alignment, that are live at one moment. */
export function lowerBound(buffers: readonly BufferLifetime[], alignment: number): number {
  const changes = buffers.flatMap(({ bytes, start, end }) => {
    const size = roundUp(bytes, alignment);
    return [
      { moment: start, size },
      { moment: end + 1, size: -size },
    ];
  });
  // At one moment, what ends goes before what starts.
  changes.sort((left, right) => left.moment - right.moment || left.size - right.size);
  let live = 0;
  let most = 0;
  for (const { size } of changes) most = Math.max(most, (live += size));
  return most;
}

/**
 * Gives buffers offsets such that buffers with overlapping lifetimes do not overlap (dynamic storage allocation, NP-hard).
 * Buffers are placed one after the other into the smallest gap that fits; the order decides. Several orders are tried, then the
 * best is improved by moving buffers that reach the top of the arena forward in the order.
 */
export function assignOffsets(buffers: readonly BufferLifetime[], alignment = 64): OffsetAssignment {
  const search = new OrderSearch(buffers, alignment);
  return search.run();
}

class OrderSearch {
  readonly #sizes: readonly number[];
  readonly #overlapping: readonly (readonly number[])[];
  readonly #lowerBound: number;
  readonly #buffers: readonly BufferLifetime[];
  #budget = searchBudget;
  #random = 0x9e3779b9;

  constructor(buffers: readonly BufferLifetime[], alignment: number) {
    this.#buffers = buffers;
    this.#sizes = buffers.map(({ bytes }) => roundUp(bytes, alignment));
    this.#lowerBound = lowerBound(buffers, alignment);
    this.#overlapping = buffers.map((left, at) =>
      buffers.flatMap((right, other) =>
        other !== at && left.start <= right.end && right.start <= left.end ? [other] : [],
      ),
    );
  }

  run(): OffsetAssignment {
    const all = this.#buffers.map((_, index) => index);
    const length = ({ start, end }: BufferLifetime): number => end - start + 1;
    const keys: readonly ((index: number) => number)[] = [
      (index) => -this.#sizes[index]!,
      (index) => -this.#sizes[index]! * length(this.#buffers[index]!),
      (index) => -length(this.#buffers[index]!),
      (index) => this.#buffers[index]!.start,
      (index) => -this.#buffers[index]!.end,
    ];
    let best: { order: readonly number[]; offsets: readonly number[]; top: number } | undefined;
    for (const key of keys) {
      const order = all.toSorted((left, right) => key(left) - key(right) || left - right);
      const tried = this.#place(order);
      if (!best || tried.top < best.top) best = { order, ...tried };
      if (best.top === this.#lowerBound) break;
    }
    if (best && best.top > this.#lowerBound) best = this.#improve(best);
    return { offsets: best?.offsets ?? [], arenaBytes: best?.top ?? 0, lowerBoundBytes: this.#lowerBound };
  }

  /** Local search: reorder, keep what is not worse; now and then a worse one is taken to get out of a dead end. */
  #improve<P extends { order: readonly number[]; offsets: readonly number[]; top: number }>(start: P): P {
    let best: { order: readonly number[]; offsets: readonly number[]; top: number } = start;
    let current = best;
    while (this.#budget > 0 && best.top > this.#lowerBound) {
      const order = this.#neighbour(current);
      const tried = { order, ...this.#place(order) };
      const slack = this.#nextRandom() * this.#nextRandom() * 0.02 * this.#lowerBound;
      if (tried.top <= current.top || tried.top < current.top + slack - 0.01 * this.#lowerBound) current = tried;
      if (tried.top < best.top) best = tried;
    }
    return best as P;
  }

  /** Moves a buffer that reaches the top (or any) to an earlier place, or swaps two. */
  #neighbour({ order, offsets, top }: { order: readonly number[]; offsets: readonly number[]; top: number }): number[] {
    const moved = order.slice();
    const reaching = order.flatMap((buffer, at) => (top === offsets[buffer]! + this.#sizes[buffer]! ? [at] : []));
    const from =
      this.#nextRandom() < 0.6 && reaching.length > 0
        ? reaching[Math.floor(this.#nextRandom() * reaching.length)]!
        : Math.floor(this.#nextRandom() * order.length);
    const to = Math.floor(this.#nextRandom() * order.length);
    if (this.#nextRandom() < 0.5) [moved[from], moved[to]] = [moved[to]!, moved[from]!];
    else moved.splice(Math.min(from, to), 0, ...moved.splice(from, 1));
    return moved;
  }

  /** A number from 0 to 1, the same sequence each time (xorshift32). */
  #nextRandom(): number {
    let state = this.#random;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#random = state | 0;
    return (state >>> 0) / 2 ** 32;
  }

  /** Places the buffers in this order, each in the tightest gap between those that are live with it. */
  #place(order: readonly number[]): { readonly offsets: readonly number[]; readonly top: number } {
    const offsets: number[] = Array.from({ length: order.length }, () => -1);
    let top = 0;
    for (const buffer of order) {
      const neighbours = this.#overlapping[buffer]!.filter((other) => offsets[other]! >= 0);
      this.#budget -= this.#overlapping[buffer]!.length + 1;
      neighbours.sort((left, right) => offsets[left]! - offsets[right]!);
      const size = this.#sizes[buffer]!;
      let free = 0;
      let chosen = -1;
      let tightest = Infinity;
      for (const other of neighbours) {
        const gap = offsets[other]! - free;
        if (gap >= size && gap < tightest) [chosen, tightest] = [free, gap];
        free = Math.max(free, offsets[other]! + this.#sizes[other]!);
      }
      offsets[buffer] = chosen >= 0 ? chosen : free;
      top = Math.max(top, offsets[buffer]! + size);
    }
    return { offsets, top };
  }
}
