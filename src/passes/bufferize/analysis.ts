import type { IrReader, OpId, Operation, Use, ValueId } from "../../ir/module.ts";
import { bodyOf } from "../../ir/module.ts";
import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { staticSizes } from "../../ir/analysis/memref-layout.ts";
import { projectedDimensions } from "../../ir/affine.ts";
import { inputCount, isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { tensor } from "../../ir/dialects/tensor.ts";
import type { MemRefType, TensorType } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { bufferizeDiagnostics } from "./diagnostics.ts";
import { ProgramOrder, yieldOf } from "./program-order.ts";
import { Placer } from "./placement.ts";
import { type Place, Storage, type Target } from "./storage.ts";
import { viewType } from "./tensor-views.ts";

/** Operations whose result lies in a buffer of its own. */
const makers: ReadonlySet<string> = new Set([
  "tensor.empty",
  "tensor.generate",
  "tensor.from_elements",
  "tensor.splat",
  "func.call",
  "weft.online_attention",
]);
/** When a tensor is computed inside its padded form. */
export interface PaddingPolicy {
  /** From this many elements on, */
  readonly elements: number;
  /** and rows of this length. */
  readonly row: number;
}
export const defaultPadding: PaddingPolicy = { elements: 1 << 17, row: 64 };

const views: ReadonlySet<string> = new Set([
  "tensor.extract_slice",
  "tensor.collapse_shape",
  "tensor.expand_shape",
  "tensor.reshape",
  "tensor.cast",
]);

/**
 * Decides where every tensor value of a function lies. Operations are visited in program order; each may update a buffer in place
 * when nothing that runs later reads what it overwrites. The conflict rule is that of destination-passing bufferization: a write
 * conflicts with a read of the old contents that may run after it.
 */
export class BufferizationAnalysis {
  readonly storage = new Storage();
  readonly #reader: IrReader;
  readonly #order: ProgramOrder;
  readonly #function: Operation;
  readonly #placer: Placer;

  readonly #padding: PaddingPolicy;

  constructor(reader: IrReader, fn: Operation, padding: PaddingPolicy = defaultPadding) {
    this.#reader = reader;
    this.#padding = padding;
    this.#function = fn;
    this.#placer = new Placer(reader, this.storage);
    this.#order = new ProgramOrder(reader, fn);
    const entry = reader.block(fn.regions[0]![0]!);
    for (const argument of entry.arguments) if (this.#isTensor(argument)) this.#define(argument, { kind: "argument" });
    this.#region(fn, 0);
    this.#placeResults();
  }

  #isTensor(value: ValueId): boolean {
    return this.#reader.typeOf(value).kind === "tensor";
  }
  #tensor(value: ValueId): TensorType {
    return this.#reader.typeOf(value) as TensorType;
  }
  #define(value: ValueId, place: Place): void {
    const type = this.#tensor(value);
    if (!type.shape.every((size) => size !== "?")) {
      const location = this.#reader.definition(value)?.location ?? this.#function.location;
      throw new CompileError([bufferizeDiagnostics.at("dynamic-shape", location, { type: type.text })]);
    }
    this.storage.define(value, place);
  }

  #region(op: Operation, region: number): void {
    for (const inner of bodyOf(this.#reader, op, region)) this.#operation(inner);
  }

  #operation(op: Operation): void {
    const tensors = op.results.filter((result) => this.#isTensor(result));
    if (views.has(op.name)) this.#view(op);
    else if (op.name === "scf.for") this.#for(op);
    else if (op.name === "scf.while") this.#while(op);
    else if (op.name === "scf.if") this.#if(op);
    else if (op.name === "weft.kernel") this.#kernel(op);
    else if (isStructured(op)) this.#linalg(op);
    else if (op.name === "tensor.insert" || op.name === "tensor.insert_slice")
      this.#define(tensors[0]!, this.#destinationPlace(op, 1));
    else if (op.name === "arith.constant" && tensors.length > 0) this.#define(tensors[0]!, { kind: "constant" });
    else if (op.name === "tensor.concat") this.#concat(op);
    else if (op.name === "tensor.pad") this.#pad(op);
    else if (makers.has(op.name)) for (const result of tensors) this.#define(result, { kind: "fresh" });
    else if (tensors.length > 0 || !this.#knownReader(op))
      throw new CompileError([bufferizeDiagnostics.at("unsupported-op", op.location, { op: op.name })]);
    else op.regions.forEach((_, region) => this.#region(op, region));
  }

  /** Whether an operation without tensor results may stand as it is: it has no tensor operands, or only reads them. */
  #knownReader(op: Operation): boolean {
    if (!op.operands.some((operand) => this.#isTensor(operand))) return true;
    return [
      "tensor.extract",
      "tensor.dim",
      "func.return",
      "scf.yield",
      "scf.condition",
      "weft.yield",
      "linalg.yield",
    ].includes(op.name);
  }

  // --- conflicts -------------------------------------------------------------------------------------------------------------

  /** Whether what an output operand holds before matters to the operation. */
  needsContents(op: Operation, index: number): boolean {
    return this.#reads({ op: op.id, index });
  }

  /** Whether an operand's elements are looked at; sizes alone do not count. */
  #reads({ op: id, index }: Use): boolean {
    const op = this.#reader.operation(id);
    if (op.name === "tensor.dim" || op.name === "weft.kernel") return false;
    if (op.name === "linalg.fill" || op.name === "linalg.copy") return index === 0;
    if (!isStructured(op)) return true;
    const argument = this.#reader.block(op.regions[0]![0]!).arguments[index]!;
    if (this.#reader.uses(argument).length > 0) return true;
    return index >= inputCount(op)! && !this.#overwrites(op, index);
  }

  /** Whether a structured operation writes every element of its output operand. */
  #overwrites(op: Operation, operand: number): boolean {
    const space = iterationSpace(this.#reader, op);
    if (space.bounds.includes(0)) return false;
    const output = space.outputs[operand - space.inputs.length]!;
    const positions = projectedDimensions(output.map);
    const shape = staticSizes(this.#tensor(output.value));
    return (
      positions !== undefined &&
      new Set(positions).size === positions.length &&
      positions.every((position, dimension) => space.bounds[position] === shape[dimension])
    );
  }

  /** Whether writing into the memory of `value` in `writer` destroys something that is read later; `allowed` are the writer's own uses. */
  #conflicts(writer: Operation, value: ValueId, allowed: (use: Use, member: ValueId) => boolean): boolean {
    if (!this.storage.writable(value)) return true;
    for (const member of this.storage.members(value))
      for (const use of this.#reader.uses(member)) {
        if (!this.#reads(use)) continue;
        if (use.op === writer.id && !allowed(use, member)) return true;
        if (this.#order.mayFollow(use, writer, member)) return true;
      }
    return false;
  }

  #isEmpty(value: ValueId): boolean {
    return this.#reader.definition(value)?.name === "tensor.empty";
  }

  /** Where an operation that changes its operand `index` puts its result: in place, or in a buffer of its own. */
  #destinationPlace(op: Operation, index: number): Place {
    const destination = op.operands[index]!;
    if (this.#isEmpty(destination)) return { kind: "fresh" };
    const conflict = this.#conflicts(op, destination, (use) => use.index === index);
    return conflict ? { kind: "fresh" } : { kind: "same", as: destination };
  }

  // --- operations ------------------------------------------------------------------------------------------------------------

  #linalg(op: Operation): void {
    if (op.results.length === 0) return;
    const inputs = op.operands.length - op.results.length;
    const reused = new Set<ValueId>();
    op.results.forEach((result, position) => {
      const index = inputs + position;
      if (this.needsContents(op, index)) return this.#define(result, this.#destinationPlace(op, index));
      const dying = this.#reusableInput(op, position, reused);
      if (dying !== undefined) reused.add(dying);
      this.#define(result, dying === undefined ? { kind: "fresh" } : { kind: "same", as: dying });
    });
    for (const inner of bodyOf(this.#reader, op)) this.#operation(inner);
  }

  /** An input of an elementwise operation that ends there and whose buffer the result can take: element by element, read before written. */
  #reusableInput(op: Operation, position: number, taken: ReadonlySet<ValueId>): ValueId | undefined {
    if (op.name === "linalg.fill" || op.name === "linalg.copy") return undefined;
    const space = iterationSpace(this.#reader, op);
    if (space.iterators.some((iterator) => iterator !== "parallel")) return undefined;
    const output = space.outputs[position]!;
    const positions = projectedDimensions(output.map);
    if (!positions || new Set(positions).size !== space.bounds.length) return undefined;
    const type = this.#tensor(op.results[position]!);
    const sameMap = (index: number): boolean => space.inputs[index]?.map.text === output.map.text;
    const candidates = space.inputs
      .filter((input, index) => this.#reader.typeOf(input.value) === type && sameMap(index) && !taken.has(input.value))
      .map((input) => input.value)
      .filter((value) => this.storage.root(value).whole && !this.#isEmpty(value))
      .filter((value) => !this.#conflicts(op, value, (use, member) => member === value && sameMap(use.index)));
    // The youngest: most likely still in the cache, and inside a fusion group the group's own intermediate result.
    return candidates.sort((left, right) => right - left)[0];
  }

  #view(op: Operation): void {
    const [source, result] = [op.operands[0]!, op.results[0]!];
    const whole = op.name !== "tensor.extract_slice";
    const possible = viewType(this.#reader, op, this.#placer.typeOf(source)) !== undefined;
    this.#define(result, possible ? { kind: "view", source, whole } : { kind: "fresh" });
  }

  #concat(op: Operation): void {
    const result = op.results[0]!;
    this.#define(result, { kind: "fresh" });
    const { dim } = tensor.concat.match(this.#reader, op)!.attributes;
    let offset = 0;
    for (const input of op.operands) {
      const offsets = staticSizes(this.#tensor(input)).map((_, position) => (position === dim ? offset : 0));
      const target: Target = { kind: "window", of: result, offsets };
      if (this.#owner(op) === this.#ownerOfRoot(input)) this.#placer.tryPlace(input, target);
      offset += staticSizes(this.#tensor(input))[dim]!;
    }
  }

  /**
   * A large tensor is computed inside its padded form, so that only the borders are written for the padding. Where rows are short, or
   * everything is in the cache anyway, what makes the tensor is better off with whole rows without gaps.
   */
  #pad(op: Operation): void {
    const result = op.results[0]!;
    this.#define(result, { kind: "fresh" });
    const { operands, attributes } = tensor.pad.match(this.#reader, op)!;
    const sizes = staticSizes(this.#tensor(operands.source));
    const elements = sizes.reduce((product, size) => product * size, 1);
    const simple = this.#reader
      .block(op.regions[0]![0]!)
      .arguments.every((index) => this.#reader.uses(index).length === 0);
    if (!simple || elements < this.#padding.elements || (sizes.at(-1) ?? 0) < this.#padding.row) return;
    const target: Target = { kind: "window", of: result, offsets: attributes.static_low };
    if (this.#owner(op) === this.#ownerOfRoot(operands.source)) this.#placer.tryPlace(operands.source, target);
  }

  /** The operation whose region makes the buffer that holds a value. */
  #ownerOfRoot(value: ValueId): Operation | undefined {
    const root = this.#reader.value(this.storage.root(value).value);
    const maker = root.kind === "result" ? root.op : this.#reader.block(root.block).parent;
    return this.#owner(this.#reader.operation(maker));
  }

  /** The operation around `op`; fusion groups do not count, for they run once. */
  #owner(op: Operation): Operation | undefined {
    return this.#order.ancestors(op).find((ancestor) => ancestor.op.name !== "weft.kernel")?.op;
  }

  #kernel(op: Operation): void {
    this.#region(op, 0);
    const yielded = yieldOf(this.#reader, op).operands;
    op.results.forEach((result, index) => this.#define(result, { kind: "same", as: yielded[index]! }));
  }

  #for(op: Operation): void {
    const inits = op.operands.slice(3);
    const [, ...carried] = this.#reader.block(op.regions[0]![0]!).arguments;
    carried.forEach((argument, index) => {
      if (this.#isTensor(argument)) this.#define(argument, this.#carriedPlace(op, inits, index));
    });
    this.#region(op, 0);
    op.results.forEach((result, index) => {
      if (this.#isTensor(result)) this.#define(result, { kind: "same", as: carried[index]! });
    });
  }

  /** A loop may work on the buffer it starts from when that buffer is not read otherwise, nor given to it twice. */
  #carriedPlace(op: Operation, inits: readonly ValueId[], index: number): Place {
    const init = inits[index]!;
    const twice = inits.some((other, at) => at !== index && this.#isTensor(other) && this.storage.shares(other, init));
    if (this.#isEmpty(init) || twice) return { kind: "fresh" };
    return this.#conflicts(op, init, () => true) ? { kind: "fresh" } : { kind: "same", as: init };
  }

  #while(op: Operation): void {
    const before = this.#reader.block(op.regions[0]![0]!).arguments;
    before.forEach((argument, index) => {
      if (this.#isTensor(argument)) this.#define(argument, this.#carriedPlace(op, op.operands, index));
    });
    this.#region(op, 0);
    const forwarded = yieldOf(this.#reader, op, 0).operands.slice(1);
    const carried = new Set(
      before.filter((argument) => this.#isTensor(argument)).map((argument) => this.storage.named(argument)),
    );
    this.#reader.block(op.regions[1]![0]!).arguments.forEach((argument, index) => {
      if (!this.#isTensor(argument)) return;
      const value = forwarded[index]!;
      const inPlace = carried.has(this.storage.named(value));
      this.#define(argument, inPlace ? { kind: "same", as: value } : { kind: "fresh" });
      this.#define(op.results[index]!, { kind: "same", as: argument });
    });
    this.#region(op, 1);
  }

  #if(op: Operation): void {
    this.#region(op, 0);
    if (op.regions[1]!.length > 0) this.#region(op, 1);
    op.results.forEach((result, index) => {
      if (!this.#isTensor(result)) return;
      const yielded = [0, 1].map((region) => yieldOf(this.#reader, op, region).operands[index]!);
      if (this.storage.named(yielded[0]!) === this.storage.named(yielded[1]!))
        return this.#define(result, { kind: "same", as: yielded[0]! });
      this.#define(result, { kind: "fresh" });
      for (const value of yielded)
        if (this.#ownerOfRoot(value) === op) this.#placer.tryPlace(value, { kind: "whole", of: result });
    });
  }

  // --- placement -------------------------------------------------------------------------------------------------------------

  #placeResults(): void {
    const last = yieldOf(this.#reader, this.#function);
    last.operands.forEach((value, index) => {
      if (this.#isTensor(value)) this.#placer.tryPlace(value, { kind: "output", index });
    });
  }

  /** The loops, innermost first, in each round of which a value is made anew. */
  loopsAroundDefinition(value: ValueId): ReadonlySet<OpId> {
    return this.#order.loopsAroundDefinition(value);
  }
  /** The loops around an operation, innermost first. */
  loopsAround(op: Operation): ReadonlySet<OpId> {
    return this.#order.loopsAround(op);
  }

  /** The type of the buffer that holds a value, as far as is decided. */
  typeOf(value: ValueId): MemRefType {
    return this.#placer.typeOf(value);
  }
}
