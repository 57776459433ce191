import type { ValueId } from "../../../ir/module.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { IndexArithmetic } from "../../loops/index-arithmetic.ts";
import { ScopedTable } from "./scoped-table.ts";

/** An index as Σ value·factor + constant. Values are told apart by their number, and each occurs once. */
export interface IndexSum {
  readonly terms: ReadonlyMap<ValueId, number>;
  readonly constant: number;
}

/** A number that is known. */
export const constantSum = (constant: number): IndexSum => ({ terms: new Map(), constant });
/** A value plus a number. */
export const valueSum = (value: ValueId, constant = 0): IndexSum => ({ terms: new Map([[value, 1]]), constant });

/** `left + right·factor`. */
export function addSums(left: IndexSum, right: IndexSum, factor = 1): IndexSum {
  const terms = new Map(left.terms);
  for (const [value, by] of right.terms) {
    const total = (terms.get(value) ?? 0) + by * factor;
    if (total === 0) terms.delete(value);
    else terms.set(value, total);
  }
  return { terms, constant: left.constant + right.constant * factor };
}

/** The terms in the order in which their values were made, so that what is known first is summed first. */
const ordered = ({ terms }: IndexSum): readonly (readonly [ValueId, number])[] =>
  Array.from(terms).toSorted(([left], [right]) => left - right);

/** A name that equal sums have in common. */
export const sumKey = (sum: IndexSum): string =>
  [...ordered(sum).map(([value, factor]) => `%${value}*${factor}`), sum.constant].join("+");

/**
 * Computes sums, each part once: a sum in an inner loop starts from what was computed outside. The constant is added last, since
 * neighbouring points differ in it alone.
 */
export class SumBuilder {
  readonly arithmetic: IndexArithmetic;
  readonly #known = new ScopedTable<ValueId>();
  readonly #greatest = new Map<ValueId, number>();

  constructor(arithmetic: IndexArithmetic) {
    this.arithmetic = arithmetic;
  }

  /** Runs `body`, whose operations lie in an inner region. */
  nested<T>(body: () => T): T {
    return this.#known.nested(body);
  }

  /** Keeps in mind that a value is between 0 and `greatest`. */
  limit(value: ValueId, greatest: number): ValueId {
    this.#greatest.set(value, Math.min(greatest, this.#greatest.get(value) ?? greatest));
    return value;
  }

  /** Whether a sum is known to be at least 0 and below a limit. */
  isWithin({ terms, constant }: IndexSum, limit: number): boolean {
    let greatest = constant;
    let least = constant;
    for (const [value, factor] of terms) {
      const reach = (this.#greatest.get(value) ?? Number.POSITIVE_INFINITY) * factor;
      if (factor > 0) greatest += reach;
      else least += reach;
    }
    return least >= 0 && greatest < limit;
  }

  build(sum: IndexSum): ValueId {
    let total: ValueId | undefined;
    let key = "";
    for (const [value, factor] of ordered(sum)) {
      const product = this.#product(value, factor);
      key += `+${value}*${factor}`;
      total = total === undefined ? product : this.#sum(key, total, product);
    }
    if (total === undefined) return this.arithmetic.constant(sum.constant);
    if (sum.constant === 0) return total;
    return this.#sum(`${key}+${sum.constant}c`, total, this.arithmetic.constant(sum.constant));
  }

  /** `least(value, limit)`; for values that are never negative. */
  atMost(sum: IndexSum, limit: number): ValueId {
    return this.#known.of(
      `min ${sumKey(sum)} ${limit}`,
      () =>
        arith.minui.build(this.arithmetic.builder, { lhs: this.build(sum), rhs: this.arithmetic.constant(limit) }, {})
          .result,
    );
  }

  /** Whether a sum, which is never negative, is below a limit. */
  isBelow(sum: IndexSum, limit: number): ValueId {
    return this.#known.of(
      `below ${sumKey(sum)} ${limit}`,
      () =>
        arith.cmpi.build(
          this.arithmetic.builder,
          { lhs: this.build(sum), rhs: this.arithmetic.constant(limit) },
          { predicate: "ult" },
        ).result,
    );
  }

  /** Whether both hold. */
  both(left: ValueId, right: ValueId): ValueId {
    return this.#known.of(
      `and ${left} ${right}`,
      () => arith.andi.build(this.arithmetic.builder, { lhs: left, rhs: right }, {}).result,
    );
  }

  /** A quotient and a remainder by a constant, of a value that is never negative. */
  divide(value: ValueId, divisor: number): { readonly quotient: ValueId; readonly remainder: ValueId } {
    const operands = { lhs: value, rhs: this.arithmetic.constant(divisor) };
    const { builder } = this.arithmetic;
    return {
      quotient: this.#known.of(`div ${value} ${divisor}`, () => arith.divui.build(builder, operands, {}).result),
      remainder: this.#known.of(`rem ${value} ${divisor}`, () => arith.remui.build(builder, operands, {}).result),
    };
  }

  /** Anything else that is worth computing once. */
  once(key: string, make: () => ValueId): ValueId {
    return this.#known.of(key, make);
  }

  #product(value: ValueId, factor: number): ValueId {
    return this.#known.of(`${value}*${factor}`, () =>
      this.arithmetic.multiply(value, this.arithmetic.constant(factor)),
    );
  }
  #sum(key: string, left: ValueId, right: ValueId): ValueId {
    return this.#known.of(`sum ${key}`, () => this.arithmetic.add(left, right));
  }
}
