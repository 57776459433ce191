import type { Operation, ValueId } from "../../ir/module.ts";
import { elementOf, hostElementType, type Type, type VectorType } from "../../ir/types.ts";
import type { NumericElementType } from "../../support/numeric/element-type.ts";
import type { LaunchShape } from "../launch/invocation.ts";
import type { Program } from "../program.ts";

/*
 * Code is generated from numbers alone: locals are numbered in the order they are made, and whatever else the code needs is bound as a
 * constant. So no text of a program gets into the code, and equal loops give equal code.
 */

/** A scalar: a local or a literal. Number-held integers lie between `low` and `high`. */
export interface EmittedScalar {
  readonly kind: "scalar";
  readonly code: string;
  readonly type: Type;
  readonly low: number;
  readonly high: number;
}
/** A vector: an array of its lanes, or one scalar for all of them. */
export interface EmittedVector {
  readonly kind: "vector";
  readonly type: VectorType;
  readonly lanes: number;
  readonly source:
    { readonly kind: "array"; readonly code: string } | { readonly kind: "splat"; readonly code: string };
}
/** A tensor: a local that holds the host tensor, and one that holds its data. */
export interface EmittedTensor {
  readonly kind: "tensor";
  readonly code: string;
  readonly data: string;
  readonly type: Type;
  readonly shape: readonly string[];
}
/** A buffer: its data, offset and strides; `boxed` is the buffer view itself where there is one. */
export interface EmittedBuffer {
  readonly kind: "buffer";
  readonly type: Type;
  readonly data: string;
  readonly offset: string;
  readonly shape: readonly string[];
  readonly strides: readonly string[];
  /** An expression of the view on which this one was made. */
  readonly base: string;
  readonly boxed: boolean;
}
/** Anything else, such as a string. */
export interface EmittedOther {
  readonly kind: "other";
  readonly code: string;
  readonly type: Type;
}
export type Emitted = EmittedScalar | EmittedVector | EmittedTensor | EmittedBuffer | EmittedOther;

/** Thrown when an operation has to be left to its rule. */
export class NotCompilable extends Error {
  override readonly name = "NotCompilable";
}

/** The largest exact integer of a double: `index` values are taken to be below it. */
const exact = 2 ** 53;

/** The values that a number-held integer type can have; everything for other types. */
export function rangeOfType(type: Type): readonly [number, number] {
  if (type.kind === "index") return [-exact, exact];
  if (type.kind !== "integer" || type.width > 32 || type.signedness !== "signless") return [-Infinity, Infinity];
  if (type.width === 1) return [0, 1];
  return [-(2 ** (type.width - 1)), 2 ** (type.width - 1) - 1];
}

/** The array in which compiled code keeps the lanes of a vector: floats as numbers, whatever their storage. */
export function laneArray(element: Type): string {
  if (element.kind === "float") return element.format === "f32" ? "Float32Array" : "Float64Array";
  if (element.kind === "index") return "Float64Array";
  if (element.kind === "integer" && element.width <= 32) return "Int32Array";
  if (element.kind === "integer" && element.width === 64) return "BigInt64Array";
  throw new NotCompilable(element.text);
}

/** The storage type of elements; strings and types without storage are left to rules. */
export function elementStorage(type: Type): NumericElementType {
  const element = hostElementType(elementOf(type));
  if (element === undefined || element === "string") throw new NotCompilable(type.text);
  return element;
}

/** Emits one operation; false when its rule has to be called. */
export type OperationEmitter = (emitter: Emitter, op: Operation) => boolean;
/** Emits a region's block, whose arguments must be set, up to its terminator; gives what that hands on. */
export type RegionEmitter = (emitter: Emitter, op: Operation, region: number) => readonly Emitted[];

/** The locals that tell one invocation of a kernel apart. */
export interface EmittedInvocation {
  readonly shape: LaunchShape;
  readonly blockId: readonly EmittedScalar[];
  readonly threadId: readonly EmittedScalar[];
  /** Whether the function is a generator, which stops where invocations wait for each other. */
  readonly advances: boolean;
}

/** One function in the making. */
export class Emitter {
  readonly program: Program;
  /** The operation that the function runs. */
  readonly root: Operation;
  /** The loop variables of the structured operation that is being emitted. */
  positions: readonly EmittedScalar[] | undefined;
  /** The invocation that is being emitted, in kernels. */
  invocation: EmittedInvocation | undefined;
  readonly #region: RegionEmitter;
  readonly constants: unknown[] = [];
  readonly #bound = new Map<unknown, string>();
  readonly #lines: string[] = [];
  readonly #beforehand: string[] = [];
  readonly #values = new Map<ValueId, Emitted>();
  /** Arrays that vectors must be computed into: see `coalesce`. */
  readonly targets = new Map<ValueId, string>();
  #next = 0;

  constructor(program: Program, root: Operation, region: RegionEmitter) {
    this.program = program;
    this.root = root;
    this.#region = region;
  }

  region(op: Operation, region: number): readonly Emitted[] {
    return this.#region(this, op, region);
  }

  fresh(prefix: string): string {
    return `${prefix}${this.#next++}`;
  }
  line(code: string): void {
    this.#lines.push(code);
  }
  /** A line before all others, which runs once each time the function does. */
  beforehand(code: string): void {
    this.#beforehand.push(code);
  }
  /** The name of a constant that the code may use. */
  bind(value: unknown): string {
    let name = this.#bound.get(value);
    if (name === undefined) {
      name = `k${this.constants.length}`;
      this.constants.push(value);
      this.#bound.set(value, name);
    }
    return name;
  }
  /** An array of lanes, made once each time the function runs. */
  lanes(element: Type, count: number): string {
    const name = this.fresh("w");
    this.beforehand(`const ${name} = new ${laneArray(element)}(${count});`);
    return name;
  }

  set(id: ValueId, value: Emitted): void {
    this.#values.set(id, value);
  }
  get(id: ValueId): Emitted {
    const value = this.#values.get(id);
    if (!value) throw new NotCompilable(`value ${id}`);
    return value;
  }
  has(id: ValueId): boolean {
    return this.#values.has(id);
  }
  scalar(id: ValueId): EmittedScalar {
    const value = this.get(id);
    if (value.kind !== "scalar") throw new NotCompilable("scalar expected");
    return value;
  }
  vector(id: ValueId): EmittedVector {
    const value = this.get(id);
    if (value.kind !== "vector") throw new NotCompilable("vector expected");
    return value;
  }
  buffer(id: ValueId): EmittedBuffer {
    const value = this.get(id);
    if (value.kind !== "buffer") throw new NotCompilable("buffer expected");
    return value;
  }

  /** A local for an expression of scalar type. */
  define(type: Type, code: string, low?: number, high?: number): EmittedScalar {
    const [least, greatest] = rangeOfType(type);
    const name = this.fresh("s");
    this.line(`const ${name} = ${code};`);
    return {
      kind: "scalar",
      code: name,
      type,
      low: Math.max(low ?? least, least),
      high: Math.min(high ?? greatest, greatest),
    };
  }
  /** What is known of one lane of a vector with such elements. */
  laneValue(element: Type): Omit<EmittedScalar, "code"> {
    const [low, high] = rangeOfType(element);
    return { kind: "scalar", type: element, low, high };
  }
  /** A new vector; `write` emits the code that fills the array it is given. */
  defineVector(id: ValueId, type: VectorType, write: (array: string) => void): void {
    const lanes = type.shape.reduce((product, size) => product * size, 1);
    const array = this.targets.get(id) ?? this.lanes(type.element, lanes);
    write(array);
    this.set(id, { kind: "vector", type, lanes, source: { kind: "array", code: array } });
  }
  typeOf(id: ValueId): Type {
    return this.program.reader.typeOf(id);
  }
  operandTypes(op: Operation): readonly Type[] {
    return op.operands.map((operand) => this.typeOf(operand));
  }

  /** The function's text: takes the bound constants, gives the function (or generator) of a machine and a list of values. */
  source(results: string, keyword: "function" | "function*" = "function"): string {
    const constants = this.constants.map((_, index) => `const k${index} = k[${index}];`);
    return [
      '"use strict";',
      ...constants,
      `return ${keyword} (x, v) {`,
      ...this.#beforehand,
      ...this.#lines,
      `return ${results};`,
      "};",
    ].join("\n");
  }
}

/** The code of one lane of a vector. */
export const laneCode = (vector: EmittedVector, lane: string): string =>
  vector.source.kind === "splat" ? vector.source.code : `${vector.source.code}[${lane}]`;
