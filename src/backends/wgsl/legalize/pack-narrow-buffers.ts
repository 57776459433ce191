import { isKernel, kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { arith, memref } from "../../../ir/dialects/index.ts";
import { type Module, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { i32, type IntegerType, type MemRefType, memRefType } from "../../../ir/types.ts";
import { EntryConstants, IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { pass } from "../../../passes/pass.ts";
import { notLegal } from "../not-legal.ts";
import { SharedWords } from "./shared-words.ts";
import { retype } from "./linearize-accesses.ts";

/** Kernels in which no two invocations store parts of one word: one invocation alone, or each the words that are its own. */
const exclusive = ["weft.sequential", "weft.owns_words"] as const;

const wordBits = 32;

/** Elements narrower than a word, that a word holds several of. */
const packedElement = (type: MemRefType): IntegerType | undefined =>
  type.element.kind === "integer" && (type.element.width === 8 || type.element.width === 16) ? type.element : undefined;

class Packer {
  readonly #rewriter: Rewriter;
  readonly #arithmetic: IndexArithmetic;
  readonly #isExclusive: boolean;
  count = 0;

  constructor(rewriter: Rewriter, kernel: Operation) {
    this.#rewriter = rewriter;
    this.#arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, kernel.regions[0]![0]!));
    this.#isExclusive = exclusive.some((name) => kernel.attributes[name] !== undefined);
  }

  pack(buffer: ValueId): void {
    const rewriter = this.#rewriter;
    const type = rewriter.typeOf(buffer) as MemRefType;
    const element = packedElement(type);
    if (element === undefined) return;
    const perWord = wordBits / element.width;
    const users = Array.from(rewriter.uses(buffer), ({ op }) => rewriter.operation(op));
    const named = (name: string): readonly Operation[] => users.filter((op) => op.name === name);
    const shared = new SharedWords(rewriter, this.#arithmetic, buffer, element);
    const stored = shared.stores(named(memref.store.name));
    const loads = named(memref.load.name);
    const loaded = shared.loads(loads, loads.length === users.length);
    this.count += stored.size + loaded.size;
    for (const op of users) {
      if (stored.has(op.id) || loaded.has(op.id)) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      this.count++;
      if (op.name === memref.load.name) this.#load(op, element, perWord);
      else if (op.name === memref.store.name) this.#store(op, element, perWord);
      else throw notLegal(op.name, `elements of ${type.text} are loaded and stored one by one by now`, op.location);
    }
    const words = Math.ceil((type.shape[0] as number) / perWord);
    rewriter.setType(buffer, memRefType([words], i32, undefined, type.memorySpace));
  }

  /** The word that an element is in, and how far up in it. */
  #position(index: ValueId, width: number, perWord: number): { readonly word: ValueId; readonly shift: ValueId } {
    const { builder } = this.#arithmetic;
    const divisor = this.#arithmetic.constant(perWord);
    const word = arith.divui.build(builder, { lhs: index, rhs: divisor }, {}).result;
    const within = arith.remui.build(builder, { lhs: index, rhs: divisor }, {}).result;
    const bits = this.#arithmetic.multiply(within, this.#arithmetic.constant(width));
    return { word, shift: arith.index_cast.build(builder, { in: bits }, {}, { resultTypes: [i32] }).out };
  }

  #load(op: Operation, element: IntegerType, perWord: number): void {
    const { operands } = memref.load.match(this.#rewriter, op)!;
    const { word, shift } = this.#position(operands.indices[0]!, element.width, perWord);
    const a = new LaneArithmetic(this.#rewriter, i32);
    const read = this.#rewriter.create({
      name: memref.load.name,
      operands: [operands.memref, word],
      resultTypes: [i32],
    }).results[0]!;
    this.#rewriter.replace(op, [a.trunci(a.shrui(read, shift), element)]);
  }

  #store(op: Operation, element: IntegerType, perWord: number): void {
    const rewriter = this.#rewriter;
    const { operands } = memref.store.match(rewriter, op)!;
    const { word, shift } = this.#position(operands.indices[0]!, element.width, perWord);
    const a = new LaneArithmetic(rewriter, i32);
    const placed = a.shli(a.extui(operands.value, i32), shift);
    const mask = a.shli(a.i32(2 ** element.width - 1), shift);
    const others = a.xori(mask, a.i32(-1));
    const indices = [word];
    if (this.#isExclusive) {
      const read = rewriter.create({ name: memref.load.name, operands: [operands.memref, word], resultTypes: [i32] });
      const value = a.ori(a.andi(read.results[0]!, others), placed);
      rewriter.create({ name: memref.store.name, operands: [value, operands.memref, word] });
    } else {
      // Others may be at the same word: its other bits stay, at every moment. Only this element's own are zero in between.
      memref.atomic_rmw.build(rewriter, { value: others, memref: operands.memref, indices }, { kind: "andi" });
      memref.atomic_rmw.build(rewriter, { value: placed, memref: operands.memref, indices }, { kind: "ori" });
    }
    rewriter.erase(rewriter.operation(op.id));
  }
}

/** Kernels' buffers of 8 and 16-bit elements become buffers of 32-bit words, which is all that WGSL has in storage. */
export const packNarrowBuffers = pass({
  name: "wgsl-pack-narrow-buffers",
  summary: "load and store elements of 8 and 16 bits as parts of 32-bit words",
  anchors: ["builtin.module"],
  statistics: { accesses: "loads and stores rewritten" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel)) {
      const packer = new Packer(rewriter, kernel);
      for (const value of kernelValues(rewriter, kernel).inputs)
        if (rewriter.typeOf(value).kind === "memref") packer.pack(value);
      retype(rewriter, kernel);
      context.count("accesses", packer.count);
    }
    return context.commit(rewriter);
  },
});
