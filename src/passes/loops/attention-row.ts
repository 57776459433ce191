import { floatAttribute } from "../../ir/attributes.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { math } from "../../ir/dialects/math.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { type AttentionShape, attentionShape } from "../../ir/dialects/rules/online-attention.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, type FloatType, memRefType } from "../../ir/types.ts";
import type { IndexArithmetic } from "./index-arithmetic.ts";
import { buildLoop, buildNest } from "./loop-nest.ts";
import { cloneBody } from "./scalar-body.ts";

/** Up to so many channels are kept in registers, each with code of its own; more are in private memory. */
const mostRegisters = 32;
/** Keys of one round: the sums so far are rescaled once for all of them. */
const keysAtOnce = 4;

/** Turns an attention operation on buffers into loops: rows outside, keys inside. */
export function lowerAttention(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation): boolean {
  const ranges = attentionShape(rewriter, op).rows.map((upper) => ({ upper }));
  buildNest(arithmetic, ranges, [], (rows) => {
    buildAttentionRow(rewriter, arithmetic, op, rows);
    return [];
  });
  return true;
}

/**
 * Builds one row of attention: keys are walked through once, with the greatest score so far, the sum of e^(score - greatest) and the
 * sums of values weighted by that; all sums are rescaled when a greater score comes (Milakov and Gimelshein, 2018).
 */
export function buildAttentionRow(
  rewriter: Rewriter,
  arithmetic: IndexArithmetic,
  op: Operation,
  rows: readonly ValueId[],
): void {
  new AttentionRow(rewriter, arithmetic, op, rows).build();
}

class AttentionRow {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #op: Operation;
  readonly #rows: readonly ValueId[];
  readonly #shape: AttentionShape;
  readonly #type: FloatType;

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, op: Operation, rows: readonly ValueId[]) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#op = op;
    this.#rows = rows;
    this.#shape = attentionShape(rewriter, op);
    this.#type = elementOf(rewriter.typeOf(op.operands[0]!)) as FloatType;
  }

  build(): void {
    const { channels, width } = this.#shape;
    if (channels <= mostRegisters && width <= mostRegisters) this.#inRegisters();
    else this.#inMemory();
  }

  /** Queries and sums are values, with code for each channel. */
  #inRegisters(): void {
    const { channels, width } = this.#shape;
    const all = (count: number): readonly ValueId[] =>
      Array.from({ length: count }, (_, position) => this.#arithmetic.constant(position));
    const query = all(channels).map((d) => this.#load(this.#shape.query, { d }));
    const score = (t: ValueId): ValueId =>
      all(channels).reduce(
        (sum, d, position) => this.#add(sum, this.#multiply(query[position]!, this.#load(this.#shape.key, { t, d }))),
        this.#constant(0),
      );
    const inits = [this.#constant(-Infinity), this.#constant(0), ...all(width).map(() => this.#constant(0))];
    const [, sum, ...totals] = this.#throughKeys(inits, (ts, [top, sum, ...totals]) => {
      const step = this.#step(
        ts.map((t) => this.#score(score(t), t)),
        top!,
        sum!,
      );
      const next = all(width).map((e, position) =>
        this.#weigh(
          totals[position]!,
          step,
          ts.map((t) => this.#load(this.#shape.value, { t, e })),
        ),
      );
      return [step.top, step.sum, ...next];
    });
    all(width).forEach((e, position) => this.#store(totals[position]!, sum!, e));
  }

  /** Queries and sums are in private memory. */
  #inMemory(): void {
    const { channels, width } = this.#shape;
    const local = (size: number): ValueId =>
      memref.alloca.build(this.#rewriter, {}, {}, { resultTypes: [memRefType([size], this.#type)] }).memref;
    const [query, totals] = [local(channels), local(width)];
    const at = (buffer: ValueId, index: ValueId): ValueId =>
      memref.load.build(this.#rewriter, { memref: buffer, indices: [index] }, {}).result;
    const set = (buffer: ValueId, index: ValueId, value: ValueId): void =>
      void memref.store.build(this.#rewriter, { value, memref: buffer, indices: [index] }, {});
    const each = (count: number, body: (index: ValueId) => void): void =>
      void buildLoop(this.#arithmetic, { upper: count }, [], (index) => {
        body(index);
        return [];
      });
    each(channels, (d) => set(query, d, this.#load(this.#shape.query, { d })));
    each(width, (e) => set(totals, e, this.#constant(0)));
    const [, sum] = this.#throughKeys([this.#constant(-Infinity), this.#constant(0)], (ts, [top, sum]) => {
      const zeros = ts.map(() => this.#constant(0));
      const products = buildLoop(this.#arithmetic, { upper: channels }, zeros, (d, sums) => {
        const element = at(query, d);
        return ts.map((t, position) =>
          this.#add(sums[position]!, this.#multiply(element, this.#load(this.#shape.key, { t, d }))),
        );
      });
      const step = this.#step(
        ts.map((t, position) => this.#score(products[position]!, t)),
        top!,
        sum!,
      );
      each(width, (e) =>
        set(
          totals,
          e,
          this.#weigh(
            at(totals, e),
            step,
            ts.map((t) => this.#load(this.#shape.value, { t, e })),
          ),
        ),
      );
      return [step.top, step.sum];
    });
    each(width, (e) => this.#store(at(totals, e), sum!, e));
  }

  /** Walks through the keys, several at a time, then those that are left. */
  #throughKeys(
    inits: readonly ValueId[],
    round: (ts: readonly ValueId[], carried: readonly ValueId[]) => readonly ValueId[],
  ): readonly ValueId[] {
    const { keys } = this.#shape;
    const whole = keys - (keys % keysAtOnce);
    const carried = buildLoop(this.#arithmetic, { upper: whole, step: keysAtOnce }, inits, (first, values) =>
      round(
        Array.from({ length: keysAtOnce }, (_, position) =>
          this.#arithmetic.add(first, this.#arithmetic.constant(position)),
        ),
        values,
      ),
    );
    return buildLoop(this.#arithmetic, { lower: whole, upper: keys }, carried, (t, values) => round([t], values));
  }

  /** What the body makes of a sum of products. */
  #score(products: ValueId, t: ValueId): ValueId {
    const extras = this.#shape.extras.map((extra) => this.#load(extra, { t }));
    return cloneBody(this.#rewriter, this.#op, [products, ...extras, ...this.#rows, t], [])[0]!;
  }

  /** The greatest score and the sum after some more scores, how much sums so far still count, and the weights of the new ones. */
  #step(scores: readonly ValueId[], top: ValueId, sum: ValueId) {
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
  #weigh(
    total: ValueId,
    { kept, weights }: { readonly kept: ValueId; readonly weights: readonly ValueId[] },
    values: readonly ValueId[],
  ): ValueId {
    return values.reduce(
      (sum, value, position) => this.#add(sum, this.#multiply(weights[position]!, value)),
      this.#multiply(total, kept),
    );
  }

  /** Stores a mean; one without weights is NaN, as 0/0 is, or zero. */
  #store(total: ValueId, sum: ValueId, e: ValueId): void {
    const quotient = (divisor: ValueId): ValueId =>
      arith.divf.build(this.#rewriter, { lhs: total, rhs: divisor }, {}).result;
    const value = this.#shape.zeroIfMasked
      ? this.#select(sum, 0, this.#constant(0), quotient(this.#select(sum, 0, this.#constant(1), sum)))
      : quotient(sum);
    const indices = this.#places(this.#shape.output, { e });
    memref.store.build(this.#rewriter, { value, memref: this.#shape.output.value, indices }, {});
  }

  #places(
    { map }: AttentionShape["query"],
    { t, d, e }: { readonly t?: ValueId; readonly d?: ValueId; readonly e?: ValueId },
  ): readonly ValueId[] {
    const zero = this.#arithmetic.constant(0);
    const loops = [...this.#rows, t ?? zero, d ?? zero, e ?? zero];
    return map.results.map((result) => this.#arithmetic.affine(result, loops));
  }

  #load(operand: AttentionShape["query"], loops: { readonly t?: ValueId; readonly d?: ValueId; readonly e?: ValueId }) {
    const indices = this.#places(operand, loops);
    return memref.load.build(this.#rewriter, { memref: operand.value, indices }, {}).result;
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
    return arith.select.build(this.#rewriter, { condition, true_value: trueValue, false_value: falseValue }, {}).result;
  }

  #constant(value: number): ValueId {
    return this.#arithmetic.constants.get(String(value), floatAttribute(value, this.#type), this.#type);
  }
}
