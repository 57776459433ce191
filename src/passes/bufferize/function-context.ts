import type { BlockSpec } from "../../ir/builder.ts";
import { bodyOf, type IrReader, ModuleReader, type Operation, type ValueId } from "../../ir/module.ts";
import { builtin } from "../../ir/dialects/builtin.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { BufferizationAnalysis, type PaddingPolicy } from "./analysis.ts";
import type { Buffers } from "./buffers.ts";
import { bufferizeDiagnostics } from "./diagnostics.ts";
import { copyBuffer } from "./emit-tensor.ts";
import type { Target } from "./storage.ts";

/** Makes the buffer form of one operation at the insertion point. */
export type BufferizationRule = (context: FunctionContext, op: Operation) => void;
export type BufferizationRules = Readonly<Record<string, BufferizationRule>>;

/** One function while its buffer form is built beside its tensor form: what rules read, map and build with. */
export class FunctionContext {
  readonly rewriter: Rewriter;
  /** The module as it was. */
  readonly source: IrReader;
  readonly analysis: BufferizationAnalysis;
  /** New scalars by old ones. */
  readonly scalars = new Map<ValueId, ValueId>();
  /** The buffers of the function's results by their numbers. */
  outputs: readonly ValueId[] = [];
  buffers!: Buffers;
  readonly #rules: BufferizationRules;

  constructor(rewriter: Rewriter, fn: Operation, padding: PaddingPolicy, rules: BufferizationRules) {
    this.rewriter = rewriter;
    this.source = new ModuleReader(rewriter.base);
    this.analysis = new BufferizationAnalysis(this.source, fn, padding);
    this.#rules = rules;
  }

  isTensor(value: ValueId): boolean {
    return this.source.typeOf(value).kind === "tensor";
  }

  /** The new value of an old scalar, or the buffer of an old tensor. */
  map(value: ValueId): ValueId {
    if (this.isTensor(value)) return this.buffers.of(value);
    const made = this.scalars.get(value);
    if (made === undefined) throw new Error(`value ${value} is used before it is defined`);
    return made;
  }

  mapAll(values: readonly ValueId[]): readonly ValueId[] {
    return values.map((value) => this.map(value));
  }

  scalarsOf(values: readonly ValueId[]): readonly ValueId[] {
    return values.filter((value) => !this.isTensor(value));
  }

  /** A buffer for something that ends with `op`. */
  temporary(op: Operation, type: MemRefType): ValueId {
    return this.buffers.temporary(type, this.analysis.loopsAround(op));
  }

  /** Marks the start of a block while it is built. */
  marker(): Operation {
    return builtin.unrealized_conversion_cast.build(this.rewriter, {}, {}, { resultTypes: [] }).op;
  }

  block(op: Operation, region: number): void {
    for (const inner of bodyOf(this.source, op, region)) {
      this.rewriter.location = inner.location;
      this.operation(inner);
    }
  }

  /** A region whose block keeps its non-tensor arguments. */
  regionOf(op: Operation, region: number): readonly BlockSpec[] {
    return op.regions[region]!.map((block) => {
      const parameters = this.scalarsOf(this.source.block(block).arguments);
      return {
        arguments: parameters.map((parameter) => this.source.typeOf(parameter)),
        body: (_, values) => {
          parameters.forEach((parameter, index) => this.scalars.set(parameter, values[index]!));
          this.block(op, region);
        },
      };
    });
  }

  /** The same operation over mapped operands, its tensor results gone. */
  rebuild(op: Operation, operands: readonly ValueId[]): void {
    const results = this.scalarsOf(op.results);
    const made = this.rewriter.create({
      name: op.name,
      operands,
      resultTypes: results.map((result) => this.source.typeOf(result)),
      properties: op.properties,
      attributes: op.attributes,
      location: op.location,
      regions: op.regions.map((_, region) => this.regionOf(op, region)),
    });
    results.forEach((result, index) => this.scalars.set(result, made.results[index]!));
  }

  /** Copies what an operation updates into its own buffer, unless it works in place or the contents do not matter. */
  prepare(destination: ValueId, result: ValueId): ValueId {
    const buffer = this.buffers.of(result);
    const isEmpty = this.source.definition(destination)?.name === "tensor.empty";
    if (!isEmpty && this.analysis.storage.place(result).kind === "fresh")
      copyBuffer(this.rewriter, this.buffers.of(destination), buffer);
    return buffer;
  }

  operation(op: Operation): void {
    const rule = this.#rules[op.name];
    if (rule) return rule(this, op);
    if (op.results.some((result) => this.isTensor(result)))
      throw new CompileError([bufferizeDiagnostics.at("unsupported-op", op.location, { op: op.name })]);
    this.rebuild(op, this.mapAll(op.operands));
  }

  /** Whether a value already lies at a target. */
  isPlaced(value: ValueId, target: Target): boolean {
    const { storage } = this.analysis;
    const placement = storage.placements.get(storage.root(value).value);
    if (!placement || storage.named(placement.through) !== storage.named(value)) return false;
    const placed = placement.target;
    if (placed.kind === "output") return target.kind === "output" && target.index === placed.index;
    if (target.kind === "output" || placed.of !== target.of || placed.kind !== target.kind) return false;
    return (
      placed.kind !== "window" ||
      target.kind !== "window" ||
      placed.offsets.every((offset, at) => offset === target.offsets[at])
    );
  }

  /** The operations of a region but the last, which `finish` replaces. */
  regionBody(op: Operation, region: number, finish: (last: Operation) => void): void {
    const operations = bodyOf(this.source, op, region);
    for (const inner of operations.slice(0, -1)) {
      this.rewriter.location = inner.location;
      this.operation(inner);
    }
    this.rewriter.location = op.location;
    finish(operations.at(-1)!);
  }

  /** One round of a loop: buffers whose contents live in it are allocated at its start. */
  loopBody(op: Operation, region: number, finish: (last: Operation) => void): void {
    const start = this.marker();
    this.buffers.enterLoop(op.id, start.id);
    this.regionBody(op, region, finish);
    this.rewriter.erase(start);
  }

  bindResults(op: Operation, made: Operation): void {
    this.scalarsOf(op.results).forEach((result, index) => this.scalars.set(result, made.results[index]!));
  }
}
