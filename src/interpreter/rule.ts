import type { IrReader, Operation } from "../ir/module.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";
import type { Type } from "../ir/types.ts";
import type { Invocation } from "./launch/invocation.ts";
import type { BufferView, RuntimeValue, Scalar } from "./values.ts";

/** A running program, as rules see it. */
export interface Execution {
  readonly reader: IrReader;
  /** Runs a region's block on arguments; returns the operands of its terminator. */
  runRegion(op: Operation, region: number, values: readonly RuntimeValue[]): readonly RuntimeValue[];
  /** Runs a function of the module. */
  call(op: Operation, callee: string, values: readonly RuntimeValue[]): readonly RuntimeValue[];
  /** The buffer of a `memref.global`: one per run unless it is constant. */
  global(op: Operation, name: string): BufferView;
  /** A tensor that `op` may overwrite, with the contents of its operand: the operand itself when nothing else can see it. */
  take(op: Operation, operand: number, value: RuntimeValue): RuntimeValue;
  /** Runs a kernel for every invocation of every block that `op` launches. */
  launch(op: Operation, operands: readonly RuntimeValue[]): void;
  /** Which invocation of a kernel this is; undefined where it is none. */
  readonly invocation: Invocation | undefined;
  /** The present position of each structured operation that runs, innermost last. */
  readonly loopPositions: (readonly number[])[];
  /** Counts work against the step limit. */
  count(op: Operation, steps: number): void;
}

/** A function of scalars; several results come as a list. */
export type ScalarFunction = (...values: never[]) => Scalar | readonly Scalar[];

/** An operation on scalars that applies to each element of vectors and tensors. Types are element types. */
export interface ScalarRule {
  readonly kind: "scalar";
  /** The operation's function for its types; undefined when it has none for them. */
  readonly specialize: (
    op: Operation,
    operands: readonly Type[],
    results: readonly Type[],
    reader: IrReader,
  ) => ScalarFunction | undefined;
}
/**
 * What an operation's results depend on, and what it changes:
 * - `value`: on its operands (and what its regions capture), nothing changes;
 * - `context`: nothing changes, but the results are open or depend on where the operation stands;
 * - `effect`: on memory, or memory changes.
 */
export type Purity = "value" | "context" | "effect";
/** Any other operation. */
export interface OperationRule {
  readonly kind: "operation";
  readonly purity: Purity;
  readonly evaluate: (
    execution: Execution,
    op: Operation,
    operands: readonly RuntimeValue[],
  ) => readonly RuntimeValue[];
}
/** The end of a region; its operands are the region's values. */
export interface TerminatorRule {
  readonly kind: "terminator";
}
export type Rule = ScalarRule | OperationRule | TerminatorRule;
/** The rules of one dialect by the operation's name without the dialect. */
export type DialectRules = Readonly<Record<string, Rule>>;

export const terminator: TerminatorRule = { kind: "terminator" };
const operation =
  (purity: Purity) =>
  (evaluate: OperationRule["evaluate"]): OperationRule => ({ kind: "operation", purity, evaluate });
export const pure = operation("value");
export const contextual = operation("context");
export const effect = operation("effect");
export const scalar = (specialize: ScalarRule["specialize"]): ScalarRule => ({ kind: "scalar", specialize });

export const asTensor = (value: RuntimeValue): HostTensor => value as HostTensor;
export const asBuffer = (value: RuntimeValue): BufferView => value as BufferView;
