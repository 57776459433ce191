import { dimensionsOf } from "../../ir/affine.ts";
import { floatAttribute } from "../../ir/attributes.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { math } from "../../ir/dialects/math.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { type AttentionShape, attentionShape } from "../../ir/dialects/rules/online-attention.ts";
import { scf } from "../../ir/dialects/scf.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, type FloatType, memRefType } from "../../ir/types.ts";
import type { IndexArithmetic } from "./index-arithmetic.ts";
import { buildLoop, buildNest } from "./loop-nest.ts";
import { cloneBody } from "./scalar-body.ts";

/** How rows of attention are computed. */
export interface AttentionTile {
  /** Keys of one round: sums so far are rescaled once for all of them. */
  readonly keys: number;
  /**
   * Whether queries and sums are values, with code for each channel; else they are in memory, and there is code for a few channels
   * at a time.
   */
  readonly inRegisters: boolean;
}
/** Channels of values that are summed together where sums are in memory. */
const channelsAtOnce = 2;

/** One of the rows that are computed together. */
export interface AttentionRow {
  /** Its indices along the row loops. */
  readonly indices: readonly ValueId[];
  /** Whether its results are to be stored; always when absent. */
  readonly isWanted?: ValueId;
}

/** Turns an attention operation on buffers into loops: rows outside, keys inside. */
export function lowerAttention(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation): boolean {
  const ranges = attentionShape(rewriter, op).rows.map((upper) => ({ upper }));
  buildNest(arithmetic, ranges, [], (indices) => {
    buildAttentionRows(rewriter, arithmetic, op, [{ indices }], { keys: 8, inRegisters: false });
    return [];
  });
  return true;
}

/** The last row loop whose rows meet the same keys and values; undefined when there is none. */
export function sharingLoop({ rows, key, value }: AttentionShape): number | undefined {
  const used = new Set<number>();
  for (const { map } of [key, value]) for (const result of map.results) dimensionsOf(result, used);
  const loop = rows.findLastIndex((size, position) => size > 1 && !used.has(position));
  return loop < 0 ? undefined : loop;
}

/**
 * Builds rows of attention: keys are walked through once, with the greatest score so far, the sum of e^(score - greatest) and the
 * sums of values weighted by that; all sums are rescaled when a greater score comes (Milakov and Gimelshein, 2018).
 */
export function buildAttentionRows(
  rewriter: Rewriter,
  arithmetic: IndexArithmetic,
  op: Operation,
  rows: readonly AttentionRow[],
  tile: AttentionTile,
): void {
  new AttentionBuilder(rewriter, arithmetic, op, rows, tile).build();
}

/** The state of a row after some keys. */
interface RowState {
  readonly top: ValueId;
  readonly sum: ValueId;
}
/** How much sums so far still count, and the weights of new keys. */
interface Weights extends RowState {
  readonly kept: ValueId;
  readonly weights: readonly ValueId[];
}
/** Places along the loops that are no rows. */
interface Place {
  readonly t?: ValueId;
  readonly d?: ValueId;
  readonly e?: ValueId;
}

class AttentionBuilder {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #op: Operation;
  readonly #rows: readonly AttentionRow[];
  readonly #tile: AttentionTile;
  readonly #shape: AttentionShape;
  readonly #type: FloatType;
  /** Elements that are at hand at the present point, by buffer and place. */
  #loaded = new Map<string, ValueId>();

  constructor(
    rewriter: Rewriter,
    arithmetic: IndexArithmetic,
    op: Operation,
    rows: readonly AttentionRow[],
    tile: AttentionTile,
  ) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#op = op;
    this.#rows = rows;
    this.#tile = tile;
    this.#shape = attentionShape(rewriter, op);
    this.#type = elementOf(rewriter.typeOf(op.operands[0]!)) as FloatType;
  }

  build(): void {
    if (this.#tile.inRegisters) this.#inRegisters();
    else this.#inMemory();
  }

  /** Sums are values, with code for each channel. */
  #inRegisters(): void {
    const channels = this.#all(this.#shape.width);
    const products = this.#products();
    const perRow = 2 + channels.length;
    const inits = this.#rows.flatMap(() => [
      this.#constant(-Infinity),
      this.#constant(0),
      ...channels.map(() => this.#constant(0)),
    ]);
    const rowsOf = (carried: readonly ValueId[]): readonly (readonly ValueId[])[] =>
      this.#rows.map((_, row) => carried.slice(row * perRow, (row + 1) * perRow));
    const last = this.#throughKeys(inits, (ts, carried) => {
      const states = rowsOf(carried);
      const scores = products(ts);
      const steps = this.#rows.map((row, position) =>
        this.#step(
          ts.map((t, at) => this.#score(row, scores[position]![at]!, t)),
          { top: states[position]![0]!, sum: states[position]![1]! },
        ),
      );
      const totals: ValueId[][] = states.map(() => []);
      for (const [at, e] of channels.entries())
        this.#rows.forEach((row, position) => {
          const values = ts.map((t) => this.#load(this.#shape.value, row, { t, e }));
          totals[position]!.push(this.#weigh(states[position]![2 + at]!, steps[position]!, values));
        });
      return this.#rows.flatMap((_, row) => [steps[row]!.top, steps[row]!.sum, ...totals[row]!]);
    });
    rowsOf(last).forEach(([, sum, ...totals], position) => {
      const row = this.#rows[position]!;
      this.#ifWanted(row, () => channels.forEach((e, at) => this.#store(row, totals[at]!, sum!, e)));
    });
  }

  /** Sums are in memory, those of a row behind each other; some channels at a time are values. */
  #inMemory(): void {
    const { width } = this.#shape;
    const type = memRefType([this.#rows.length * width], this.#type);
    const { memref: totals } = memref.alloca.build(this.#rewriter, {}, {}, { resultTypes: [type] });
    const at = (row: number, e: ValueId): ValueId => this.#arithmetic.add(e, this.#arithmetic.constant(row * width));
    const load = (row: number, e: ValueId): ValueId =>
      memref.load.build(this.#rewriter, { memref: totals, indices: [at(row, e)] }, {}).result;
    const set = (row: number, e: ValueId, value: ValueId): void =>
      void memref.store.build(this.#rewriter, { value, memref: totals, indices: [at(row, e)] }, {});
    this.#eachChannel((e) => this.#rows.forEach((_, row) => set(row, e, this.#constant(0))));
    const products = this.#products();
    const inits = this.#rows.flatMap(() => [this.#constant(-Infinity), this.#constant(0)]);
    const last = this.#throughKeys(inits, (ts, carried) => {
      const scores = products(ts);
      const steps = this.#rows.map((row, position) =>
        this.#step(
          ts.map((t, key) => this.#score(row, scores[position]![key]!, t)),
          { top: carried[2 * position]!, sum: carried[2 * position + 1]! },
        ),
      );
      this.#eachChannel((e) =>
        this.#rows.forEach((row, position) => {
          const values = ts.map((t) => this.#load(this.#shape.value, row, { t, e }));
          set(position, e, this.#weigh(load(position, e), steps[position]!, values));
        }),
      );
      return steps.flatMap(({ top, sum }) => [top, sum]);
    });
    this.#rows.forEach((row, position) =>
      this.#ifWanted(row, () =>
        this.#eachChannel((e) => this.#store(row, load(position, e), last[2 * position + 1]!, e)),
      ),
    );
  }

  /** Walks through the channels of values, some at a time, then those that are left. */
  #eachChannel(body: (e: ValueId) => void): void {
    const { width } = this.#shape;
    const whole = width - (width % channelsAtOnce);
    const some = (first: ValueId, count: number): readonly ValueId[] => {
      this.#inside(() => {
        for (let at = 0; at < count; at++) body(this.#arithmetic.add(first, this.#arithmetic.constant(at)));
      });
      return [];
    };
    buildLoop(this.#arithmetic, { upper: whole, step: channelsAtOnce }, [], (e) => some(e, channelsAtOnce));
    if (whole < width) some(this.#arithmetic.constant(whole), width - whole);
  }

  /** What gives the sums of products with some keys, for each row: with queries in registers, or by a loop that reads them. */
  #products(): (ts: readonly ValueId[]) => readonly (readonly ValueId[])[] {
    const { channels, query, key } = this.#shape;
    if (!this.#tile.inRegisters)
      return (ts) => {
        const inits = this.#rows.flatMap(() => ts.map(() => this.#constant(0)));
        const sums = buildLoop(this.#arithmetic, { upper: channels }, inits, (d, carried) =>
          this.#inside(() =>
            this.#rows.flatMap((row, position) =>
              ts.map((t, at) => {
                const product = this.#multiply(this.#load(query, row, { d }), this.#load(key, row, { t, d }));
                return this.#add(carried[position * ts.length + at]!, product);
              }),
            ),
          ),
        );
        return this.#rows.map((_, position) => sums.slice(position * ts.length, (position + 1) * ts.length));
      };
    const places = this.#all(channels);
    const queries = this.#rows.map((row) => places.map((d) => this.#load(query, row, { d })));
    return (ts) =>
      this.#rows.map((row, position) =>
        ts.map(
          (t) =>
            places.reduce<ValueId | undefined>((sum, d, at) => {
              const product = this.#multiply(queries[position]![at]!, this.#load(key, row, { t, d }));
              return sum === undefined ? product : this.#add(sum, product);
            }, undefined) ?? this.#constant(0),
        ),
      );
  }

  /** Walks through the keys, several at a time, then those that are left. */
  #throughKeys(
    inits: readonly ValueId[],
    round: (ts: readonly ValueId[], carried: readonly ValueId[]) => readonly ValueId[],
  ): readonly ValueId[] {
    const { keys } = this.#shape;
    const atOnce = this.#tile.keys;
    const whole = keys - (keys % atOnce);
    const carried = buildLoop(this.#arithmetic, { upper: whole, step: atOnce }, inits, (first, values) =>
      this.#inside(() =>
        round(
          Array.from({ length: atOnce }, (_, at) => this.#arithmetic.add(first, this.#arithmetic.constant(at))),
          values,
        ),
      ),
    );
    return buildLoop(this.#arithmetic, { lower: whole, upper: keys }, carried, (t, values) =>
      this.#inside(() => round([t], values)),
    );
  }

  /** Builds what is inside a loop: what is loaded there is at hand there alone. */
  #inside<T>(body: () => T): T {
    const before = this.#loaded;
    this.#loaded = new Map(before);
    const result = body();
    this.#loaded = before;
    return result;
  }

  /** What the body makes of a sum of products. */
  #score(row: AttentionRow, products: ValueId, t: ValueId): ValueId {
    const extras = this.#shape.extras.map((extra) => this.#load(extra, row, { t }));
    return cloneBody(this.#rewriter, this.#op, [products, ...extras, ...row.indices, t], [])[0]!;
  }

  #step(scores: readonly ValueId[], { top, sum }: RowState): Weights {
    const builder = this.#rewriter;
    const next = scores.reduce((lhs, rhs) => arith.maximumf.build(builder, { lhs, rhs }, {}).result, top);
    // While all scores are -∞ there is nothing to subtract: e^-∞ is 0, where -∞ - -∞ would be NaN.
    const shift = this.#select(next, -Infinity, this.#constant(0), next);
    const power = (value: ValueId): ValueId => {
      const operand = arith.subf.build(builder, { lhs: value, rhs: shift }, {}).result;
      return math.exp.build(builder, { operand }, {}).result;
    };
    const kept = power(top);
    const weights = scores.map(power);
    const total = weights.reduce((left, right) => this.#add(left, right), this.#multiply(sum, kept));
    return { top: next, sum: total, kept, weights };
  }

  /** A sum of values after some more of them. */
  #weigh(total: ValueId, { kept, weights }: Weights, values: readonly ValueId[]): ValueId {
    return values.reduce(
      (sum, value, position) => this.#add(sum, this.#multiply(weights[position]!, value)),
      this.#multiply(total, kept),
    );
  }

  #ifWanted({ isWanted }: AttentionRow, body: () => void): void {
    if (isWanted === undefined) return body();
    const thenRegion = [
      {
        arguments: [],
        body: () => {
          body();
          scf.yield.build(this.#rewriter, { results: [] }, {});
        },
      },
    ];
    scf.if.build(this.#rewriter, { condition: isWanted }, {}, { resultTypes: [], regions: { thenRegion } });
  }

  /** Stores a mean; one without weights is NaN, as 0/0 is, or zero. */
  #store(row: AttentionRow, total: ValueId, sum: ValueId, e: ValueId): void {
    const quotient = (divisor: ValueId): ValueId =>
      arith.divf.build(this.#rewriter, { lhs: total, rhs: divisor }, {}).result;
    const value = this.#shape.zeroIfMasked
      ? this.#select(sum, 0, this.#constant(0), quotient(this.#select(sum, 0, this.#constant(1), sum)))
      : quotient(sum);
    const indices = this.#places(this.#shape.output, row, { e });
    memref.store.build(this.#rewriter, { value, memref: this.#shape.output.value, indices }, {});
  }

  #places({ map }: AttentionShape["query"], { indices }: AttentionRow, { t, d, e }: Place): readonly ValueId[] {
    const zero = this.#arithmetic.constant(0);
    const loops = [...indices, t ?? zero, d ?? zero, e ?? zero];
    return map.results.map((result) => this.#arithmetic.affine(result, loops));
  }

  #load(operand: AttentionShape["query"], row: AttentionRow, place: Place): ValueId {
    const indices = this.#places(operand, row, place);
    const key = `${operand.value} ${indices.join()}`;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const { result } = memref.load.build(this.#rewriter, { memref: operand.value, indices }, {});
    this.#loaded.set(key, result);
    return result;
  }

  #all(count: number): readonly ValueId[] {
    return Array.from({ length: count }, (_, position) => this.#arithmetic.constant(position));
  }

  #add(lhs: ValueId, rhs: ValueId): ValueId {
    return arith.addf.build(this.#rewriter, { lhs, rhs }, {}).result;
  }

  #multiply(lhs: ValueId, rhs: ValueId): ValueId {
    return arith.mulf.build(this.#rewriter, { lhs, rhs }, {}).result;
  }

  /** `trueValue` where a value equals a number, else `falseValue`. */
  #select(value: ValueId, number: number, trueValue: ValueId, falseValue: ValueId): ValueId {
    const operands = { lhs: value, rhs: this.#constant(number) };
    const condition = arith.cmpf.build(this.#rewriter, operands, { predicate: "oeq" }).result;
    const choice = { condition, true_value: trueValue, false_value: falseValue };
    return arith.select.build(this.#rewriter, choice, {}).result;
  }

  #constant(value: number): ValueId {
    return this.#arithmetic.constants.get(String(value), floatAttribute(value, this.#type), this.#type);
  }
}
