import { constantInteger } from "../../../ir/analysis/constant-integer.ts";
import { isKernel } from "../../../ir/dialects/gpu/kernel.ts";
import { arith, weft } from "../../../ir/dialects/index.ts";
import { type IrReader, type Module, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { i32 } from "../../../ir/types.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { pass } from "../../../passes/pass.ts";
import { webGpuTargetOf } from "../../../targets/webgpu.ts";

const perWord = 4;
const byteBits = 8;
/** How far up the last byte of a word is. */
const lastByte = 24;

/** A byte of a word as a 32-bit integer, less what is subtracted from it. */
interface Factor {
  readonly word: ValueId;
  /** From 0, the lowest byte. */
  readonly place: number;
  readonly isUnsigned: boolean;
  readonly offset: ValueId | undefined;
}
interface Product {
  readonly leaf: ValueId;
  readonly factors: readonly [Factor, Factor];
}

/** Finds products of bytes in sums, and replaces four of the same words by one operation. */
class DotFormer {
  readonly #rewriter: Rewriter;
  count = 0;

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
  }

  /** Rewrites the sum that ends in an addition. */
  sum(root: Operation): void {
    const leaves = this.#leaves(root);
    if (leaves.length < perWord || this.#rewriter.useCount(root.results[0]!) === 0) return;
    const groups = Map.groupBy(
      leaves.flatMap((leaf) => this.#product(leaf) ?? []),
      ({ factors }) => factors.map(({ word, isUnsigned, offset }) => `${word} ${isUnsigned} ${offset}`).join(),
    );
    const formed = [...groups.values()].map((products) => this.#whole(products)).filter((whole) => whole !== undefined);
    if (formed.length === 0) return;
    const replaced = new Set(formed.flat().map(({ leaf }) => leaf));
    const rewriter = this.#rewriter;
    rewriter.insertionPoint = { kind: "before", op: root.id };
    rewriter.location = root.location;
    const a = new LaneArithmetic(rewriter, i32);
    const terms = [
      ...leaves.filter((leaf) => !replaced.has(leaf)),
      ...formed.map(([first]) => this.#dot(a, ...first!.factors)),
    ];
    this.count += formed.length;
    rewriter.replace(rewriter.operation(root.id), [terms.reduce((total, term) => a.addi(total, term))]);
  }

  /** What additions in one block add up, nothing else reading the sums between. */
  #leaves(root: Operation): readonly ValueId[] {
    const rewriter = this.#rewriter;
    const leaves: ValueId[] = [];
    const open = [...root.operands].reverse();
    while (open.length > 0) {
      const value = open.pop()!;
      const op = rewriter.definition(value);
      const isInner = op?.name === arith.addi.name && op.parent === root.parent && rewriter.useCount(value) === 1;
      if (isInner) open.push(...[...op.operands].reverse());
      else leaves.push(value);
    }
    return leaves;
  }

  #product(leaf: ValueId): Product | undefined {
    const op = this.#rewriter.definition(leaf);
    if (op?.name !== arith.muli.name || this.#rewriter.useCount(leaf) !== 1) return undefined;
    const [left, right] = [this.#factor(op.operands[0]!), this.#factor(op.operands[1]!)];
    if (!left || !right || left.place !== right.place) return undefined;
    return { leaf, factors: left.word < right.word ? [left, right] : [right, left] };
  }

  /** One product for each place of the words. */
  #whole(products: readonly Product[]): readonly Product[] | undefined {
    const byPlace = new Map(products.map((product) => [product.factors[0].place, product]));
    return byPlace.size === perWord ? [...byPlace.values()] : undefined;
  }

  #factor(value: ValueId): Factor | undefined {
    const op = this.#rewriter.definition(value);
    const difference = arith.subi.match(this.#rewriter, op)?.operands;
    if (!difference) return byteOf(this.#rewriter, value);
    const byte = byteOf(this.#rewriter, difference.lhs);
    return byte && { ...byte, offset: difference.rhs };
  }

  /** Σ (x - p)·(y - q) = Σ x·y - p·Σ y - q·Σ x + 4·p·q. */
  #dot(a: LaneArithmetic, left: Factor, right: Factor): ValueId {
    const isUnsigned = left.isUnsigned && right.isUnsigned;
    const [x, y] = [left, right].map((factor) => (isUnsigned ? factor : signed(a, factor))) as [Factor, Factor];
    const dot = (lhs: ValueId, rhs: ValueId): ValueId =>
      weft.packed_dot.build(this.#rewriter, { lhs, rhs }, { is_unsigned: isUnsigned }).result;
    const ones = a.i32(0x01010101);
    let total = dot(x.word, y.word);
    if (x.offset !== undefined) total = a.subi(total, a.muli(x.offset, dot(y.word, ones)));
    if (y.offset !== undefined) total = a.subi(total, a.muli(y.offset, dot(x.word, ones)));
    if (x.offset !== undefined && y.offset !== undefined)
      total = a.addi(total, a.muli(a.muli(x.offset, y.offset), a.i32(perWord)));
    return total;
  }
}

/** A factor whose byte is read as signed: an unsigned byte is the signed one with its sign bit flipped, plus 128. */
function signed(a: LaneArithmetic, factor: Factor): Factor {
  if (!factor.isUnsigned) return factor;
  const { word, offset, place } = factor;
  const shifted = offset === undefined ? a.i32(-128) : a.subi(offset, a.i32(128));
  return { word: a.xori(word, a.i32(0x80808080 | 0)), place, isUnsigned: false, offset: shifted };
}

function numberIn(reader: IrReader, value: ValueId): number | undefined {
  const constant = constantInteger(reader, value);
  return constant === undefined ? undefined : Number(constant);
}

/** A byte of a word: `(w << 24 - 8·place) >> 24`, or `w >> 8·place & 255`. */
function byteOf(reader: IrReader, value: ValueId): Factor | undefined {
  const op = reader.definition(value);
  const amount = op?.operands[1] === undefined ? undefined : numberIn(reader, op.operands[1]);
  const source = op?.operands[0];
  if (op === undefined || source === undefined || reader.typeOf(value) !== i32) return undefined;
  const of = (word: ValueId, bits: number, isUnsigned: boolean): Factor | undefined =>
    bits % byteBits === 0 && bits >= 0 && bits <= lastByte
      ? { word, place: bits / byteBits, isUnsigned, offset: undefined }
      : undefined;
  if (op.name === arith.shrsi.name && amount === lastByte) {
    const raised = arith.shli.match(reader, reader.definition(source))?.operands;
    const up = raised && numberIn(reader, raised.rhs);
    return up === undefined ? of(source, lastByte, false) : of(raised!.lhs, lastByte - up, false);
  }
  if (op.name === arith.shrui.name && amount === lastByte) return of(source, lastByte, true);
  if (op.name !== arith.andi.name || amount !== 2 ** byteBits - 1) return undefined;
  const lowered = arith.shrui.match(reader, reader.definition(source))?.operands;
  const down = lowered && numberIn(reader, lowered.rhs);
  return down === undefined ? of(source, 0, true) : of(lowered!.lhs, down, true);
}

/** On devices that prefer it, four products of bytes in a sum become one operation on the words that the bytes are of. */
export const formPackedDots = pass({
  name: "wgsl-form-packed-dots",
  summary: "multiply the bytes of two words at once where sums do so one by one",
  anchors: ["builtin.module"],
  statistics: { dots: "dot products formed" },
  run(module: Module, _options, context) {
    if (!webGpuTargetOf(module).preferences.packedDots) return module;
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel)) {
      const former = new DotFormer(rewriter);
      // From the last addition of a sum to the first.
      for (const { id, name } of Array.from(walk(rewriter, kernel.id)).toReversed())
        if (
          name === arith.addi.name &&
          rewriter.exists(id) &&
          rewriter.typeOf(rewriter.operation(id).results[0]!) === i32
        )
          former.sum(rewriter.operation(id));
      context.count("dots", former.count);
    }
    return context.commit(rewriter);
  },
});
