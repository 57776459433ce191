import { effectsIn } from "../../../ir/analysis/effects.ts";
import { isKernel, kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { memref } from "../../../ir/dialects/index.ts";
import { type BlockId, type Module, type Operation, type OpId, type ValueId, walk } from "../../../ir/module.ts";
import type { Registry } from "../../../ir/registry.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { i32, type IntegerType, type MemRefType, memRefType } from "../../../ir/types.ts";
import { EntryConstants, IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";
import { LaneArithmetic } from "../../../passes/legalize/lane-arithmetic.ts";
import { pass } from "../../../passes/pass.ts";
import { notLegal } from "../not-legal.ts";
import { SharedWords } from "./shared-words.ts";
import { retype } from "./linearize-accesses.ts";
import { wordPosition, writePosition } from "./word-position.ts";

/** Kernels in which no two invocations store parts of one word: one invocation alone, or each the words that are its own. */
const exclusive = ["weft.sequential", "weft.owns_words"] as const;

const wordBits = 32;

/** Elements narrower than a word, that a word holds several of. */
const packedElement = (type: MemRefType): IntegerType | undefined =>
  type.element.kind === "integer" && (type.element.width === 8 || type.element.width === 16) ? type.element : undefined;

/** Stores to parts of one word, by part. */
type WordStores = Map<number, Operation>;

/** Makes one buffer of a kernel a buffer of words. */
class Packer {
  readonly #rewriter: Rewriter;
  readonly #effects: ReturnType<typeof effectsIn>;
  readonly #arithmetic: IndexArithmetic;
  readonly #isExclusive: boolean;
  readonly #kernel: OpId;
  readonly #buffer: ValueId;
  readonly #width: number;
  readonly #perWord: number;
  readonly #element: IntegerType;

  constructor(rewriter: Rewriter, registry: Registry, kernel: Operation, buffer: ValueId, element: IntegerType) {
    this.#rewriter = rewriter;
    this.#effects = effectsIn(registry);
    this.#arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, kernel.regions[0]![0]!));
    this.#isExclusive = exclusive.some((name) => kernel.attributes[name] !== undefined);
    this.#kernel = kernel.id;
    this.#buffer = buffer;
    this.#element = element;
    this.#width = element.width;
    this.#perWord = wordBits / element.width;
  }

  /** @returns how many accesses were rewritten */
  run(): number {
    const rewriter = this.#rewriter;
    const used = new Set(rewriter.uses(this.#buffer).map(({ op }) => op));
    // In program order, so that a word that was read is there for what comes after.
    const users = Array.from(walk(rewriter, this.#kernel), ({ id }) => id).filter((id) => used.has(id));
    const isWritten = users.some((id) => rewriter.operation(id).name === memref.store.name);
    this.#shareWords(users.map((id) => rewriter.operation(id)));
    this.#storeWholeWords(users.filter((id) => rewriter.exists(id)));
    const loaded = new Map<string, ValueId>();
    for (const id of users) {
      if (!rewriter.exists(id)) continue;
      const op = rewriter.operation(id);
      if (op.name === memref.load.name) this.#load(op, isWritten ? new Map() : loaded);
      else if (op.name === memref.store.name) this.#store(op);
      else throw notLegal(op.name, "narrow elements are loaded and stored one by one by now", op.location);
    }
    const type = rewriter.typeOf(this.#buffer) as MemRefType;
    const words = Math.ceil((type.shape[0] as number) / this.#perWord);
    rewriter.setType(this.#buffer, memRefType([words], i32, undefined, type.memorySpace));
    return users.length;
  }

  #at(op: Operation): LaneArithmetic {
    this.#rewriter.insertionPoint = { kind: "before", op: op.id };
    this.#rewriter.location = op.location;
    return new LaneArithmetic(this.#rewriter, i32);
  }

  /** Neighbouring elements share the loads and stores of their words. */
  #shareWords(users: readonly Operation[]): void {
    const named = (name: string): readonly Operation[] => users.filter((op) => op.name === name);
    const shared = new SharedWords(this.#rewriter, this.#arithmetic, this.#buffer, this.#element);
    shared.stores(named(memref.store.name));
    const loads = named(memref.load.name);
    shared.loads(loads, loads.length === users.length);
  }

  /** Where all parts of a word are stored one after another, the word is. */
  #storeWholeWords(users: readonly OpId[]): void {
    const blocks = new Set(users.map((id) => this.#rewriter.operation(id).parent!));
    for (const block of blocks) this.#storeWordsOf(block);
  }
  #storeWordsOf(block: BlockId): void {
    const rewriter = this.#rewriter;
    const open = new Map<string, WordStores>();
    for (const id of rewriter.block(block).operations.slice()) {
      const op = rewriter.operation(id);
      const store = memref.store.match(rewriter, op);
      if (store && store.operands.memref !== this.#buffer) continue;
      if (!store) {
        const { kind } = this.#effects(op.name);
        const isRead = op.operands.includes(this.#buffer);
        if (isRead || op.regions.length > 0 || kind === "any") open.clear();
        continue;
      }
      const position = wordPosition(this.#arithmetic, store.operands.indices[0]!, this.#perWord);
      if (position.kind === "computed") {
        open.clear();
        continue;
      }
      const parts: WordStores = open.get(position.key) ?? new Map();
      open.set(position.key, parts);
      // What was stored there before is stored over, unread.
      const before = parts.get(position.lane);
      if (before !== undefined) rewriter.erase(rewriter.operation(before.id));
      parts.set(position.lane, op);
      if (parts.size < this.#perWord) continue;
      this.#storeWord(op, parts);
      open.delete(position.key);
    }
  }
  #storeWord(last: Operation, parts: WordStores): void {
    const rewriter = this.#rewriter;
    const a = this.#at(last);
    const { word } = writePosition(
      this.#arithmetic,
      wordPosition(this.#arithmetic, last.operands[2]!, this.#perWord),
      this.#width,
      this.#perWord,
    );
    let value: ValueId | undefined;
    for (const [lane, { operands }] of [...parts].toSorted(([left], [right]) => left - right)) {
      const part = a.extui(operands[0]!, i32);
      const placed = lane === 0 ? part : a.shli(part, a.i32(lane * this.#width));
      value = value === undefined ? placed : a.ori(value, placed);
    }
    rewriter.create({ name: memref.store.name, operands: [value!, this.#buffer, word] });
    for (const op of parts.values()) rewriter.erase(rewriter.operation(op.id));
  }

  /** @param loaded words that were read already, by block and key */
  #load(op: Operation, loaded: Map<string, ValueId>): void {
    const rewriter = this.#rewriter;
    const a = this.#at(op);
    const position = wordPosition(this.#arithmetic, op.operands[1]!, this.#perWord);
    const { word, shift } = writePosition(this.#arithmetic, position, this.#width, this.#perWord);
    const key = position.kind === "fixed" ? `${op.parent} ${position.key}` : undefined;
    let read = key === undefined ? undefined : loaded.get(key);
    if (read === undefined) {
      read = rewriter.create({ name: op.name, operands: [this.#buffer, word], resultTypes: [i32] }).results[0]!;
      if (key !== undefined) loaded.set(key, read);
    }
    rewriter.replace(op, [a.trunci(a.shrui(read, shift), this.#element)]);
  }

  #store(op: Operation): void {
    const rewriter = this.#rewriter;
    const a = this.#at(op);
    const position = wordPosition(this.#arithmetic, op.operands[2]!, this.#perWord);
    const { word, shift } = writePosition(this.#arithmetic, position, this.#width, this.#perWord);
    const placed = a.shli(a.extui(op.operands[0]!, i32), shift);
    const others = a.xori(a.shli(a.i32(2 ** this.#width - 1), shift), a.i32(-1));
    if (this.#isExclusive) {
      const read = rewriter.create({ name: memref.load.name, operands: [this.#buffer, word], resultTypes: [i32] });
      const value = a.ori(a.andi(read.results[0]!, others), placed);
      rewriter.create({ name: memref.store.name, operands: [value, this.#buffer, word] });
    } else {
      // Others may be at the same word: its other bits stay, at every moment. Only this element's own are zero in between.
      const target = { memref: this.#buffer, indices: [word] };
      memref.atomic_rmw.build(rewriter, { value: others, ...target }, { kind: "andi" });
      memref.atomic_rmw.build(rewriter, { value: placed, ...target }, { kind: "ori" });
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
      for (const value of kernelValues(rewriter, kernel).inputs) {
        const type = rewriter.typeOf(value);
        const element = type.kind === "memref" ? packedElement(type) : undefined;
        if (element === undefined) continue;
        context.count("accesses", new Packer(rewriter, context.registry, kernel, value, element).run());
      }
      retype(rewriter, kernel);
    }
    return context.commit(rewriter);
  },
});
