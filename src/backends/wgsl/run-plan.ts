import { arith, device, func, gpu, memref, scf } from "../../ir/dialects/index.ts";
import type { Side } from "../../ir/dialects/device.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../../ir/module.ts";
import { type MemRefType, staticShape, hostElementType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { elementCount } from "../../support/numeric/host-tensor.ts";
import { roundUp } from "../../support/numeric/round-up.ts";
import type { EntryFunction } from "../entry-point.ts";
import type { DeviceBuffers, Place } from "./device-buffers.ts";
import { notLegal } from "./not-legal.ts";

/** A whole buffer of the IR, in the device's memory. Sizes are a multiple of 4 bytes. */
export interface Slice extends Place {
  readonly size: number;
  /** For names: the model's, a constant's, or nothing for a temporary. */
  readonly hint?: string;
}
/** A scalar argument's 32 bits. */
export type Argument = Slice | number;
/** Whether an argument is (a part of) a buffer. */
export const isSlice = (argument: Argument): argument is Slice => typeof argument === "object";

/** One thing that a run does, with the operation that it comes from. */
export type RunStep =
  | {
      readonly kind: "launch";
      readonly op: Operation;
      readonly kernel: string;
      readonly arguments: readonly Argument[];
      readonly workgroups: readonly [number, number, number];
    }
  | { readonly kind: "host"; readonly op: Operation; readonly callee: string; readonly arguments: readonly Slice[] }
  | { readonly kind: "transfer"; readonly op: Operation; readonly slice: Slice; readonly to: Side }
  | { readonly kind: "copy"; readonly op: Operation; readonly from: Slice; readonly to: Slice };

const folds: Readonly<Record<string, (left: number, right: number) => number>> = {
  [arith.addi.name]: (left, right) => left + right,
  [arith.subi.name]: (left, right) => left - right,
  [arith.muli.name]: (left, right) => left * right,
  [arith.divui.name]: (left, right) => Math.trunc(left / right),
  [arith.divsi.name]: (left, right) => Math.trunc(left / right),
  [arith.remui.name]: (left, right) => left % right,
  [arith.remsi.name]: (left, right) => left % right,
  [arith.minsi.name]: Math.min,
  [arith.maxsi.name]: Math.max,
};

/** More launches than this are no program, but a mistake in one. */
const mostSteps = 1_000_000;

/** Bytes that a buffer's elements take. */
export function bufferBytes(type: MemRefType, op: Operation): number {
  const shape = staticShape(type);
  const element = hostElementType(type.element);
  if (shape === undefined || element === undefined || element === "string")
    throw notLegal(op.name, `the size of ${type.text} is not known`, op.location);
  return elementCount(shape) * storageBytes(element);
}

/** Runs the entry function at compile time: its loops are written out, its buffers placed. */
export class RunPlanner {
  readonly #reader: IrReader;
  readonly #buffers: DeviceBuffers;
  readonly #values = new Map<ValueId, Argument>();
  readonly steps: RunStep[] = [];

  constructor(reader: IrReader, buffers: DeviceBuffers) {
    this.#reader = reader;
    this.#buffers = buffers;
  }

  /** Runs the function. @returns the buffer of each of its parameters */
  run(entry: EntryFunction): readonly number[] {
    const { op, parameters } = entry;
    const values = this.#reader.block(op.regions[0]![0]!).arguments;
    const placed = parameters.map((parameter, index) => {
      const isArena = parameter.role === "arena";
      const bytes = isArena ? parameter.bytes : parameter.tensor.bytes;
      const hint = isArena ? undefined : parameter.tensor.name;
      const buffer = this.#buffers.add(hint ?? "arena", parameter.role, bytes, op.location);
      const size = Math.max(4, roundUp(bytes, 4));
      this.#values.set(values[index]!, { buffer, offset: 0, size, ...(hint === undefined ? {} : { hint }) });
      return buffer;
    });
    for (const inner of bodyOf(this.#reader, op)) this.#operation(inner);
    return placed;
  }

  #number(op: Operation, value: ValueId): number {
    const known = this.#values.get(value);
    if (typeof known !== "number")
      throw notLegal(op.name, "it needs a number that is known at compile time", op.location);
    return known;
  }
  #slice(op: Operation, value: ValueId): Slice {
    const known = this.#values.get(value);
    if (known === undefined || !isSlice(known))
      throw notLegal(op.name, "it needs a buffer that is known at compile time", op.location);
    return known;
  }

  #operation(op: Operation): void {
    if (this.steps.length > mostSteps)
      throw notLegal(op.name, `its loops make more than ${mostSteps} steps of a run`, op.location);
    const rule = this.#rules[op.name];
    if (rule) return rule(op);
    const fold = folds[op.name];
    if (fold === undefined)
      throw notLegal(op.name, "the entry function only launches kernels and calls host functions", op.location);
    const [left, right] = op.operands.map((operand) => this.#number(op, operand));
    this.#values.set(op.results[0]!, fold(left!, right!));
  }

  readonly #rules: Readonly<Record<string, (op: Operation) => void>> = {
    [arith.constant.name]: (op) => this.#constant(op),
    [arith.index_cast.name]: (op) => void this.#values.set(op.results[0]!, this.#number(op, op.operands[0]!)),
    [memref.get_global.name]: (op) => {
      const { name } = memref.get_global.match(this.#reader, op)!.attributes;
      const bytes = bufferBytes(this.#reader.typeOf(op.results[0]!) as MemRefType, op);
      const size = Math.max(4, roundUp(bytes, 4));
      this.#values.set(op.results[0]!, { ...this.#buffers.global(name, op), size, hint: name });
    },
    [memref.view.name]: (op) => {
      const view = memref.view.match(this.#reader, op)!;
      const source = this.#slice(op, view.operands.source);
      const shift = this.#number(op, view.operands.byte_shift);
      const bytes = bufferBytes(this.#reader.typeOf(op.results[0]!) as MemRefType, op);
      const size = Math.max(4, roundUp(bytes, 4));
      this.#values.set(op.results[0]!, { buffer: source.buffer, offset: source.offset + shift, size });
    },
    [memref.alloc.name]: (op) => {
      const bytes = bufferBytes(this.#reader.typeOf(op.results[0]!) as MemRefType, op);
      const buffer = this.#buffers.add("scratch", "scratch", bytes, op.location);
      this.#values.set(op.results[0]!, { buffer, offset: 0, size: Math.max(4, roundUp(bytes, 4)) });
    },
    [memref.dealloc.name]: () => {},
    [memref.cast.name]: (op) => this.#alias(op),
    [memref.expand_shape.name]: (op) => this.#alias(op),
    [memref.collapse_shape.name]: (op) => this.#alias(op),
    [memref.copy.name]: (op) => {
      const [from, to] = op.operands.map((operand) => this.#slice(op, operand));
      this.steps.push({ kind: "copy", op, from: from!, to: to! });
    },
    [scf.for.name]: (op) => this.#loop(op),
    [scf.yield.name]: () => {},
    [func.return.name]: () => {},
    [func.call.name]: (op) => {
      const call = func.call.match(this.#reader, op)!;
      const slices = call.operands.operands.map((operand) => this.#slice(op, operand));
      this.steps.push({ kind: "host", op, callee: call.attributes.callee, arguments: slices });
    },
    [device.transfer.name]: (op) => {
      const view = device.transfer.match(this.#reader, op)!;
      this.steps.push({ kind: "transfer", op, slice: this.#slice(op, view.operands.buffer), to: view.attributes.to });
    },
    [gpu.launch_func.name]: (op) => this.#launch(op),
  };

  #alias(op: Operation): void {
    this.#values.set(op.results[0]!, this.#slice(op, op.operands[0]!));
  }

  #constant(op: Operation): void {
    const value = arith.constant.match(this.#reader, op)!.attributes.value;
    if (value.kind === "integer") this.#values.set(op.results[0]!, Number(value.value));
    else if (value.kind === "bool") this.#values.set(op.results[0]!, value.value ? 1 : 0);
    else if (value.kind === "float")
      this.#values.set(op.results[0]!, new Int32Array(Float32Array.of(value.value).buffer)[0]!);
    else throw notLegal(op.name, "only numbers are constants of the entry function", op.location);
  }

  #loop(op: Operation): void {
    const loop = scf.for.match(this.#reader, op)!;
    if (op.results.length > 0) throw notLegal(op.name, "its loops carry no values", op.location);
    const [lower, upper, step] = [loop.operands.lowerBound, loop.operands.upperBound, loop.operands.step].map((value) =>
      this.#number(op, value),
    ) as [number, number, number];
    if (step <= 0) throw notLegal(op.name, "its step must be positive", op.location);
    const block = this.#reader.block(loop.regions.region[0]!);
    for (let counter = lower; counter < upper; counter += step) {
      this.#values.set(block.arguments[0]!, counter);
      for (const id of block.operations) this.#operation(this.#reader.operation(id));
    }
  }

  #launch(op: Operation): void {
    const { operands, attributes } = gpu.launch_func.match(this.#reader, op)!;
    const workgroups = [operands.gridSizeX, operands.gridSizeY, operands.gridSizeZ].map((value) =>
      this.#number(op, value),
    );
    const given = operands.kernelOperands.map((value) => {
      const known = this.#values.get(value);
      return known ?? this.#number(op, value);
    });
    // A grid without blocks computes nothing.
    if (workgroups.includes(0)) return;
    const [x, y, z] = workgroups as [number, number, number];
    this.steps.push({ kind: "launch", op, kernel: attributes.kernel.at(-1)!, arguments: given, workgroups: [x, y, z] });
  }
}
