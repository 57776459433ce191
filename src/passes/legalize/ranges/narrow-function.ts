import { isTriviallyDead } from "../../../ir/analysis/effects.ts";
import { integerAttribute } from "../../../ir/attributes.ts";
import { arith, math, scf } from "../../../ir/dialects/index.ts";
import { at, type InsertionPoint } from "../../../ir/builder.ts";
import { type BlockId, bodyOf, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import type { Registry } from "../../../ir/registry.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { i32, i64, indexType, type Type } from "../../../ir/types.ts";
import { IntegerRanges } from "./integer-ranges.ts";
import { contains, isNonNegative, type Range, range, word } from "./range.ts";

const fits = (found: Range): boolean => contains(word, found);
const amount = range(0, 31);

/** Whether an operation gives the same on the low words of its operands, if what it gives fits a word. */
type Condition = (operands: readonly Range[]) => boolean;
const always: Condition = () => true;
const ofWords: Condition = (operands) => operands.every(fits);
const ofNonNegativeWords: Condition = (operands) => operands.every((given) => fits(given) && isNonNegative(given));

const named = (condition: Condition, ...ops: readonly { readonly name: string }[]) =>
  ops.map(({ name }) => [name, condition] as const);
/** Operations of operands and results of one type. Those on bits, sums and products give low words from low words. */
const sameType: ReadonlyMap<string, Condition> = new Map([
  ...named(always, arith.addi, arith.subi, arith.muli, arith.andi, arith.ori, arith.xori),
  ...named(ofWords, arith.divsi, arith.remsi, arith.floordivsi, arith.ceildivsi, arith.minsi, arith.maxsi),
  ...named(ofNonNegativeWords, arith.divui, arith.remui, arith.ceildivui, arith.minui, arith.maxui),
  ...named(([, by]) => contains(amount, by!), arith.shli),
  ...named(([shifted, by]) => fits(shifted!) && contains(amount, by!), arith.shrsi),
  ...named(([shifted, by]) => ofNonNegativeWords([shifted!]) && contains(amount, by!), arith.shrui),
  ...named(ofWords, math.absi),
]);

/** Operations that make something else of long integers. */
const readers: ReadonlySet<string> = new Set([arith.cmpi.name, arith.sitofp.name, arith.uitofp.name]);

/** Computes in words what fits them, in one function. @returns how many operations were narrowed */
export function narrowFunction(rewriter: Rewriter, fn: Operation, registry: Registry): number {
  const isLong = Array.from(walk(rewriter, fn.id)).some((op) =>
    op.results.some((result) => rewriter.typeOf(result) === i64),
  );
  if (!isLong) return 0;
  const narrower = new Narrower(rewriter, new IntegerRanges(rewriter, fn));
  const count = narrower.run(fn);
  foldWords(rewriter, fn);
  for (const { id } of Array.from(walk(rewriter, fn.id)).reverse()) {
    const op = rewriter.operation(id);
    if (op.regions.length === 0 && isTriviallyDead(rewriter, registry, op)) rewriter.erase(op);
  }
  return count;
}

/** A word that was extended and cut again is itself: where loops hand on what was narrowed after they were. */
function foldWords(rewriter: Rewriter, fn: Operation): void {
  for (const { id } of Array.from(walk(rewriter, fn.id))) {
    const op = rewriter.operation(id);
    const source = op.name === arith.trunci.name ? rewriter.definition(op.operands[0]!) : undefined;
    const [word] = source?.name === arith.extsi.name ? source.operands : [];
    if (word !== undefined && rewriter.typeOf(word) === rewriter.typeOf(op.results[0]!)) rewriter.replace(op, [word]);
  }
}

class Narrower {
  readonly #rewriter: Rewriter;
  readonly #ranges: IntegerRanges;

  constructor(rewriter: Rewriter, ranges: IntegerRanges) {
    this.#rewriter = rewriter;
    this.#ranges = ranges;
  }

  run(fn: Operation): number {
    const ids = Array.from(walk(this.#rewriter, fn.id), ({ id }) => id);
    let count = 0;
    for (const id of ids) if (id !== fn.id && this.#narrow(this.#rewriter.operation(id))) count++;
    return count;
  }

  #isLong(value: ValueId | undefined): value is ValueId {
    return value !== undefined && this.#rewriter.typeOf(value) === i64;
  }

  #narrow(op: Operation): boolean {
    const rewriter = this.#rewriter;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    if (op.name === scf.for.name) return this.#narrowLoop(op);
    if (op.name === scf.if.name) return this.#narrowBranch(op);
    const [result] = op.results;
    const [first] = op.operands;
    const isReader = op.name === arith.index_cast.name && result !== undefined && rewriter.typeOf(result) === indexType;
    if (isReader || readers.has(op.name)) return this.#isLong(first) && this.#narrowReader(op);
    if (!this.#isLong(result) || !fits(this.#ranges.of(result))) return false;
    if (op.name === arith.index_cast.name || op.name === arith.index_castui.name)
      return this.#replace(op, this.#convert(arith.index_cast, first!, i32));
    if (op.name === arith.select.name) {
      const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
      if (!ofWords([yes, no].map((value) => this.#ranges.of(value)))) return false;
      return this.#replace(op, this.#create(op, [condition, this.#word(yes), this.#word(no)], i32));
    }
    const condition = sameType.get(op.name);
    if (condition === undefined || !condition(op.operands.map((operand) => this.#ranges.of(operand)))) return false;
    return this.#replace(
      op,
      this.#create(
        op,
        op.operands.map((operand) => this.#word(operand)),
        i32,
      ),
    );
  }

  /** Comparisons and conversions of numbers that fit. */
  #narrowReader(op: Operation): boolean {
    const given = op.operands.map((operand) => this.#ranges.of(operand));
    const condition = op.name === arith.uitofp.name ? ofNonNegativeWords : ofWords;
    if (!condition(given)) return false;
    const [result] = op.results as readonly [ValueId];
    const made = this.#create(
      op,
      op.operands.map((operand) => this.#word(operand)),
      this.#rewriter.typeOf(result),
    );
    this.#rewriter.replace(op, [made]);
    return true;
  }

  #create(op: Operation, operands: readonly ValueId[], type: Type): ValueId {
    // Promises about overflow in 64 bits say nothing of 32.
    const { overflowFlags: _, ...properties } = op.properties;
    const { name, attributes } = op;
    return this.#rewriter.create({ name, operands, resultTypes: [type], properties, attributes }).results[0]!;
  }
  #convert({ name }: { readonly name: string }, value: ValueId, type: Type): ValueId {
    return this.#rewriter.create({ name, operands: [value], resultTypes: [type] }).results[0]!;
  }

  /** The low word of a long integer. */
  #word(value: ValueId): ValueId {
    const definition = this.#rewriter.definition(value);
    const constant = definition?.name === arith.constant.name ? definition.properties["value"] : undefined;
    if (constant?.kind === "integer") {
      const low = integerAttribute(BigInt.asIntN(32, constant.value), i32);
      return arith.constant.build(this.#rewriter, {}, { value: low }, { resultTypes: [i32] }).result;
    }
    const source = definition?.operands[0];
    const isExtension = definition?.name === arith.extsi.name && this.#rewriter.typeOf(source!) === i32;
    return isExtension ? source! : this.#convert(arith.trunci, value, i32);
  }
  /** A long integer that is what a word is, for those who read it as such. */
  #long(value: ValueId, known: Range): ValueId {
    const long = this.#convert(arith.extsi, value, i64);
    this.#ranges.note(long, known);
    return long;
  }
  #replace(op: Operation, made: ValueId): true {
    this.#rewriter.replace(op, [this.#long(made, this.#ranges.of(op.results[0]!))]);
    return true;
  }

  // --- what is carried -----------------------------------------------------------------------------------------------------------

  /** Gives results that fit the type of a word, and what stands for them. */
  #narrowResults(op: Operation, positions: readonly number[]): void {
    for (const position of positions) {
      const result = op.results[position]!;
      this.#retype(result, this.#after(op));
    }
  }
  /** Makes a long integer a word, which its readers see extended. */
  #retype(value: ValueId, point: InsertionPoint): void {
    const rewriter = this.#rewriter;
    const known = this.#ranges.of(value);
    rewriter.setType(value, i32);
    const long = at(rewriter, point, () => this.#long(value, known));
    rewriter.replaceUsesIf(value, long, (use) => rewriter.definition(long)!.id !== use.op);
  }
  /** Makes the terminator of a region hand on words. */
  #narrowYields(op: Operation, region: number, positions: readonly number[]): void {
    const rewriter = this.#rewriter;
    const last = bodyOf(rewriter, op, region).at(-1)!;
    for (const position of positions)
      at(rewriter, { kind: "before", op: last.id }, () =>
        rewriter.setOperand(last.id, position, this.#word(rewriter.operation(last.id).operands[position]!)),
      );
  }
  #after(op: Operation): InsertionPoint {
    const block = op.parent as BlockId;
    const { operations } = this.#rewriter.block(block);
    const next = operations[operations.indexOf(op.id) + 1];
    return next === undefined ? { kind: "end", block } : { kind: "before", op: next };
  }

  #narrowLoop(op: Operation): boolean {
    const rewriter = this.#rewriter;
    const body = op.regions[0]![0]!;
    const values = rewriter.block(body).arguments;
    const positions = op.results.flatMap((result, index) => {
      const carriedFits = fits(this.#ranges.of(values[1 + index]!)) && fits(this.#ranges.of(result));
      return this.#isLong(result) && carriedFits ? [index] : [];
    });
    for (const position of positions)
      rewriter.setOperand(op.id, 3 + position, this.#word(rewriter.operation(op.id).operands[3 + position]!));
    this.#narrowYields(op, 0, positions);
    const first = rewriter.block(body).operations[0]!;
    for (const position of positions) this.#retype(values[1 + position]!, { kind: "before", op: first });
    this.#narrowResults(op, positions);
    return positions.length > 0;
  }

  #narrowBranch(op: Operation): boolean {
    const positions = op.results.flatMap((result, index) =>
      this.#isLong(result) && fits(this.#ranges.of(result)) ? [index] : [],
    );
    this.#narrowYields(op, 0, positions);
    if (positions.length > 0) this.#narrowYields(op, 1, positions);
    this.#narrowResults(op, positions);
    return positions.length > 0;
  }
}
