import { divisorOf } from "../../../ir/analysis/divisibility.ts";
import { arith, memref } from "../../../ir/dialects/index.ts";
import type { BlockId, Operation, OpId, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { i32, type IntegerType } from "../../../ir/types.ts";
import type { IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { type LinearForm, linearFormOf, writeForm } from "./linear-form.ts";

const wordBits = 32;

/** A load or store of a narrow element: its index is that of others but for the constant. */
interface NarrowAccess {
  readonly op: Operation;
  readonly form: LinearForm;
}

/** Accesses in one block whose indices differ in the constant alone. */
interface Neighbours {
  readonly block: BlockId;
  /** Whether an element at constant 0 is the first of a word. */
  readonly isAligned: boolean;
  readonly accesses: NarrowAccess[];
}

/**
 * Loads and stores narrow elements by the words they share. Where indices are known to be a multiple of a word's elements but for a
 * constant, an element's place in its word is known; elsewhere neighbouring elements are cut out of the words they span, of which
 * there are one or two more than would be needed.
 */
export class SharedWords {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #element: IntegerType;
  readonly #perWord: number;
  readonly #buffer: ValueId;

  constructor(rewriter: Rewriter, arithmetic: IndexArithmetic, buffer: ValueId, element: IntegerType) {
    this.#rewriter = rewriter;
    this.#arithmetic = arithmetic;
    this.#buffer = buffer;
    this.#element = element;
    this.#perWord = wordBits / element.width;
  }

  /**
   * Rewrites loads whose place in their word is known, or that share words with others.
   * @param isStable nothing in the kernel writes to the buffer, so that loads may move together
   * @returns the loads that it rewrote
   */
  loads(ops: readonly Operation[], isStable: boolean): ReadonlySet<OpId> {
    const done = new Set<OpId>();
    for (const group of this.#neighbours(ops, 1)) {
      if (group.isAligned)
        for (const access of group.accesses) {
          this.#startAt(access.op);
          this.#replace(
            access.op,
            this.#load(this.#wordIndex(access.form, this.#wordOf(access))),
            this.#placeOf(access),
          );
          done.add(access.op.id);
        }
      else if (isStable)
        for (const cluster of this.#clusters(group.accesses))
          if (this.#cutOut(cluster)) for (const { op } of cluster) done.add(op.id);
    }
    return done;
  }

  /**
   * Rewrites stores of all elements of a word, one after the other with nothing that touches memory between them, as one store.
   * @returns the stores that it rewrote
   */
  stores(ops: readonly Operation[]): ReadonlySet<OpId> {
    const done = new Set<OpId>();
    for (const { isAligned, accesses } of this.#neighbours(ops, 2)) {
      if (!isAligned) continue;
      const words = Map.groupBy(accesses, (access) => this.#wordOf(access));
      for (const members of words.values()) {
        const places = new Set(members.map((access) => this.#placeOf(access)));
        if (members.length !== this.#perWord || places.size !== this.#perWord || !this.#isStretch(members)) continue;
        this.#storeWord(members);
        for (const { op } of members) done.add(op.id);
      }
    }
    return done;
  }

  /** @param position of the index among the operands */
  #neighbours(ops: readonly Operation[], position: number): readonly Neighbours[] {
    const rewriter = this.#rewriter;
    const groups = new Map<string, Neighbours>();
    for (const op of ops) {
      const form = linearFormOf(rewriter, op.operands[position]!);
      const terms = [...form.terms].toSorted(([left], [right]) => left - right);
      const key = `${op.parent} ${terms.map(([value, factor]) => `${value}*${factor}`).join("+")}`;
      const isAligned = terms.every(([value, factor]) => (divisorOf(rewriter, value) * factor) % this.#perWord === 0);
      const group = groups.get(key) ?? { block: op.parent!, isAligned, accesses: [] };
      groups.set(key, group);
      group.accesses.push({ op, form });
    }
    for (const { block, accesses } of groups.values()) {
      const order = new Map(rewriter.block(block).operations.map((id, index) => [id, index]));
      accesses.sort((left, right) => order.get(left.op.id)! - order.get(right.op.id)!);
    }
    return [...groups.values()];
  }

  #wordOf = ({ form }: NarrowAccess): number => Math.floor(form.constant / this.#perWord);
  #placeOf = (access: NarrowAccess): number => access.form.constant - this.#wordOf(access) * this.#perWord;

  #startAt(op: Operation): void {
    this.#rewriter.insertionPoint = { kind: "before", op: op.id };
    this.#rewriter.location = op.location;
  }

  /** The number of the word that is so many words after the one that the form's terms lead to. */
  #wordIndex(form: LinearForm, word: number): ValueId {
    const arithmetic = this.#arithmetic;
    if (form.terms.size === 0) return arithmetic.constant(word);
    const coefficients = [...form.terms.values()];
    if (coefficients.every((coefficient) => coefficient % this.#perWord === 0)) {
      const terms = [...form.terms].map(([value, coefficient]) => [value, coefficient / this.#perWord] as const);
      return writeForm(arithmetic, { terms: new Map(terms), constant: word }, () => 0);
    }
    const lhs = writeForm(arithmetic, { ...form, constant: 0 }, () => 0);
    const first = arith.shrsi.build(this.#rewriter, { lhs, rhs: arithmetic.constant(Math.log2(this.#perWord)) }, {});
    return arithmetic.add(first.result, arithmetic.constant(word));
  }

  #load(index: ValueId): ValueId {
    const operands = [this.#buffer, index];
    return this.#rewriter.create({ name: memref.load.name, operands, resultTypes: [i32] }).results[0]!;
  }

  /** The element at a place of a word; what extends it takes it from the word in two operations, or one. */
  #replace(op: Operation, word: ValueId, place: number): void {
    const rewriter = this.#rewriter;
    const a = new LaneArithmetic(rewriter, i32);
    const { width } = this.#element;
    const above = wordBits - width * (place + 1);
    const lowered = (): ValueId => (place === 0 ? word : a.shrui(word, a.i32(place * width)));
    for (const { op: id } of Array.from(rewriter.uses(op.results[0]!))) {
      const user = rewriter.operation(id);
      const extended = user.results[0];
      if (extended === undefined || rewriter.typeOf(extended) !== i32) continue;
      this.#startAt(op);
      if (user.name === arith.extsi.name) {
        const raised = above === 0 ? word : a.shli(word, a.i32(above));
        rewriter.replace(user, [a.shrsi(raised, a.i32(wordBits - width))]);
      } else if (user.name === arith.extui.name)
        rewriter.replace(user, [above === 0 ? lowered() : a.andi(lowered(), a.i32(2 ** width - 1))]);
    }
    if (rewriter.useCount(op.results[0]!) === 0) return rewriter.erase(rewriter.operation(op.id));
    this.#startAt(op);
    rewriter.replace(op, [a.trunci(lowered(), this.#element)]);
  }

  /** Loads so near to each other that words serve several of them. */
  #clusters(accesses: readonly NarrowAccess[]): readonly (readonly NarrowAccess[])[] {
    const sorted = accesses.toSorted((left, right) => left.form.constant - right.form.constant);
    const clusters: NarrowAccess[][] = [];
    for (const access of sorted) {
      const last = clusters.at(-1);
      if (last !== undefined && access.form.constant - last.at(-1)!.form.constant < this.#perWord) last.push(access);
      else clusters.push([access]);
    }
    const order = new Map(accesses.map((access, index) => [access, index]));
    return clusters.map((cluster) => cluster.toSorted((left, right) => order.get(left)! - order.get(right)!));
  }

  /** Cuts elements out of the words that they span, wherever in the first one they begin. @returns whether that takes fewer loads */
  #cutOut(cluster: readonly NarrowAccess[]): boolean {
    const constants = cluster.map(({ form }) => form.constant);
    const least = Math.min(...constants);
    const span = Math.max(...constants) - least;
    const words = Math.floor((this.#perWord - 1 + span) / this.#perWord) + 1;
    if (words >= new Set(constants).size) return false;
    const { op, form } = cluster[0]!;
    this.#startAt(op);
    const a = new LaneArithmetic(this.#rewriter, i32);
    const arithmetic = this.#arithmetic;
    const start = writeForm(arithmetic, { ...form, constant: least }, () => 0);
    const operands = (value: number) => ({ lhs: start, rhs: arithmetic.constant(value) });
    const first = arith.shrsi.build(this.#rewriter, operands(Math.log2(this.#perWord)), {}).result;
    const place = arith.andi.build(this.#rewriter, operands(this.#perWord - 1), {}).result;
    const down = arith.index_cast.build(
      this.#rewriter,
      { in: arithmetic.multiply(place, arithmetic.constant(this.#element.width)) },
      {},
      { resultTypes: [i32] },
    ).out;
    // All but one of the places that the next word moves up by: a shift by 32 would be none.
    const up = a.subi(a.i32(wordBits - 1), down);
    const one = a.i32(1);
    const read = Array.from({ length: words }, (_, word) =>
      this.#load(arithmetic.add(first, arithmetic.constant(word))),
    );
    const moved = Array.from({ length: Math.floor(span / this.#perWord) + 1 }, (_, word) => {
      const low = a.shrui(read[word]!, down);
      const next = read[word + 1];
      return next === undefined ? low : a.ori(low, a.shli(a.shli(next, up), one));
    });
    for (const { op: load, form: own } of cluster) {
      const offset = own.constant - least;
      const word = Math.floor(offset / this.#perWord);
      this.#startAt(load);
      this.#replace(load, moved[word]!, offset - word * this.#perWord);
    }
    return true;
  }

  /** Whether stores stand in one block with nothing between them that reads or writes memory. */
  #isStretch(members: readonly NarrowAccess[]): boolean {
    const rewriter = this.#rewriter;
    const { operations } = rewriter.block(members[0]!.op.parent!);
    const from = operations.indexOf(members[0]!.op.id);
    const to = operations.indexOf(members.at(-1)!.op.id);
    const own = new Set(members.map(({ op }) => op.id));
    return operations.slice(from, to).every((id) => own.has(id) || harmless(rewriter.operation(id)));
  }

  /** A word with an element in its low bits, whatever is above them. */
  #wide(value: ValueId): ValueId {
    const source = arith.trunci.match(this.#rewriter, this.#rewriter.definition(value))?.operands.in;
    if (source !== undefined && this.#rewriter.typeOf(source) === i32) return source;
    return new LaneArithmetic(this.#rewriter, i32).extui(value, i32);
  }

  #storeWord(members: readonly NarrowAccess[]): void {
    const rewriter = this.#rewriter;
    const last = members.at(-1)!;
    this.#startAt(last.op);
    const a = new LaneArithmetic(rewriter, i32);
    const bits = members.map((access) => {
      const place = this.#placeOf(access);
      const { width } = this.#element;
      const wide = this.#wide(access.op.operands[0]!);
      const isLast = place === this.#perWord - 1;
      const low = isLast ? wide : a.andi(wide, a.i32(2 ** width - 1));
      return place === 0 ? low : a.shli(low, a.i32(place * width));
    });
    const value = bits.reduce((all, each) => a.ori(all, each));
    const index = this.#wordIndex(last.form, this.#wordOf(last));
    rewriter.create({ name: memref.store.name, operands: [value, this.#buffer, index] });
    for (const { op } of members) rewriter.erase(rewriter.operation(op.id));
  }
}

/** Whether an operation touches no memory and holds no others. */
const harmless = (op: Operation): boolean =>
  op.regions.length === 0 && (op.name.startsWith("arith.") || op.name.startsWith("math."));
