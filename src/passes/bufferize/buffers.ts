import { at } from "../../ir/builder.ts";
import type { OpId, ValueId } from "../../ir/module.ts";
import { staticSizes } from "../../ir/analysis/memref-layout.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { memref } from "../../ir/dialects/memref.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType, TensorType } from "../../ir/types.ts";
import type { BufferizationAnalysis } from "./analysis.ts";
import { sourceOfView, staticSubview } from "./buffer-views.ts";
import type { Globals } from "./globals.ts";
import type { Target } from "./storage.ts";
import { ownType } from "./tensor-views.ts";

/**
 * The buffers of one function's tensor values. Constants are made at the function's start, allocations at the start of the innermost
 * loop round (or the function) in which their contents live: a buffer allocated in a loop holds nothing from one round to the next.
 */
export class Buffers {
  readonly #rewriter: Rewriter;
  readonly #analysis: BufferizationAnalysis;
  readonly #globals: Globals;
  readonly #start: OpId;
  readonly #loopStarts = new Map<OpId, OpId>();
  readonly #outputs: readonly ValueId[];
  readonly #known = new Map<ValueId, ValueId>();
  readonly #constants = new Map<string, ValueId>();

  /** New buffers go before the operation `start`; `outputs` are the buffers of the function's results by number. */
  constructor(
    rewriter: Rewriter,
    analysis: BufferizationAnalysis,
    globals: Globals,
    start: OpId,
    outputs: readonly ValueId[],
  ) {
    this.#rewriter = rewriter;
    this.#analysis = analysis;
    this.#globals = globals;
    this.#start = start;
    this.#outputs = outputs;
  }

  /** Records the buffer of a value that is not an allocation: an argument, or a view made where its operation stands. */
  set(value: ValueId, buffer: ValueId): void {
    this.#known.set(value, buffer);
  }

  /** The buffer of a tensor value. */
  of(value: ValueId): ValueId {
    const named = this.#analysis.storage.named(value);
    let buffer = this.#known.get(named);
    if (buffer === undefined) this.#known.set(named, (buffer = this.#make(named)));
    return buffer;
  }

  /** Says that what lives in one round of a loop is allocated before the operation `start`. */
  enterLoop(loop: OpId, start: OpId): void {
    this.#loopStarts.set(loop, start);
  }

  /** A buffer that no tensor value names, whose contents live in one round of the innermost of these loops. */
  temporary(type: MemRefType, loops: ReadonlySet<OpId>): ValueId {
    return this.#atStart(
      loops,
      () => memref.alloc.build(this.#rewriter, {}, { alignment: 64 }, { resultTypes: [type] }).memref,
    );
  }

  #atStart<T>(loops: ReadonlySet<OpId>, make: () => T): T {
    // Loops are listed innermost first; those that are bodies of structured operations hold no buffers.
    const start = [...loops].map((loop) => this.#loopStarts.get(loop)).find((found) => found !== undefined);
    return at(this.#rewriter, { kind: "before", op: start ?? this.#start }, make);
  }

  #make(value: ValueId): ValueId {
    const place = this.#analysis.storage.place(value);
    const type = ownType(this.#rewriter.typeOf(value) as TensorType);
    if (place.kind === "constant") return this.#constant(value, type);
    if (place.kind !== "fresh") throw new Error(`the buffer of a ${place.kind} is not known yet`);
    const placement = this.#analysis.storage.placements.get(value);
    const loops = this.#analysis.loopsAroundDefinition(value);
    if (!placement) return this.temporary(type, loops);
    return this.#atStart(loops, () => {
      let buffer = this.#target(placement.target, this.#rewriter.typeOf(placement.through) as TensorType);
      // From the value that must be at the target back to the buffer it is a view of.
      for (let through = placement.through; through !== value;) {
        const step = this.#analysis.storage.place(through);
        if (step.kind === "same") through = step.as;
        else if (step.kind === "view") {
          buffer = sourceOfView(this.#rewriter, this.#rewriter.definition(through)!, buffer);
          through = step.source;
        } else throw new Error("a placed value does not lead to its buffer");
      }
      return buffer;
    });
  }

  #target(target: Target, type: TensorType): ValueId {
    if (target.kind === "output") return this.#outputs[target.index]!;
    const holder = this.of(target.of);
    if (target.kind === "whole") return holder;
    return staticSubview(this.#rewriter, holder, target.offsets, staticSizes(type));
  }

  #constant(value: ValueId, type: MemRefType): ValueId {
    const constant = arith.constant.match(this.#rewriter, this.#rewriter.definition(value))!;
    const name = this.#globals.nameOf(constant.attributes.value, type);
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    const made = this.#atStart(
      new Set(),
      () => memref.get_global.build(this.#rewriter, {}, { name }, { resultTypes: [type] }).result,
    );
    this.#constants.set(name, made);
    return made;
  }
}
