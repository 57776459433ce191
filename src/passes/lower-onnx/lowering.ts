import type { AttributeSpecs } from "../../ir/attribute-codecs.ts";
import type { AttributeValues, ByName, OpDefinition } from "../../ir/define.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import type { Dimension, Type } from "../../ir/types.ts";
import type { ValueSpecs } from "../../ir/value-specs.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** What a value of a graph becomes. Sequences and optionals exist at compile time only: their structure is always known. */
export type Lowered = Tensor | LoweredSequence | LoweredOptional;
export interface LoweredSequence {
  readonly kind: "sequence";
  readonly elements: readonly Lowered[];
}
export interface LoweredOptional {
  readonly kind: "optional";
  readonly value: Lowered | undefined;
}

/** A subgraph, to be lowered at the present insertion point as often as its operator needs. */
export interface LoweredRegion {
  /** How many inputs it takes. */
  readonly arity: number;
  /** Whether the model gives it; an optional one may be left out. */
  readonly isGiven: boolean;
  /** Element types its inputs are declared with, where they are; for carried values whose type the operands do not tell. */
  readonly argumentElements: readonly (Type | undefined)[];
  /** The shapes its inputs are declared with, as far as they are. */
  readonly argumentShapes: readonly (readonly Dimension[] | undefined)[];
  run(inputs: readonly Lowered[]): readonly Lowered[];
  /** `run`, but undefined (and nothing reported) when an operator of the subgraph cannot be lowered with these inputs. */
  attempt(inputs: readonly Lowered[]): readonly Lowered[] | undefined;
}

/** What a lowering rule sees of one operator. */
export interface LoweringView<
  O extends ValueSpecs = ValueSpecs,
  A extends AttributeSpecs = AttributeSpecs,
  G extends string = string,
> {
  /** Builds the tensor-level operations. */
  readonly t: TensorBuilder;
  /** Operands that are tensors, by name; asking for one that is a sequence or optional is an error of the model. */
  readonly inputs: ByName<O, Tensor>;
  /** Operands of any kind, by name. */
  readonly values: ByName<O, Lowered>;
  readonly attributes: AttributeValues<A>;
  readonly regions: { readonly [K in G]: LoweredRegion };
  /** How many results the operator has here; trailing optional ones may be absent. */
  readonly resultCount: number;
  /** Whether anything reads result `index`. */
  isUsed(index: number): boolean;
  /** The shape that the model declares for a result; undefined where it leaves it open. */
  declaredShape(index: number): readonly number[] | undefined;
  /** The elements of an operand that must be known at compile time; reports the operator as unsupported when they are not. */
  known(operand: Tensor, name: string): HostTensor;
  /** `known`, as plain integers. */
  integers(operand: Tensor, name: string): readonly number[];
  /** Tells the user something that compilation had to assume. */
  warn(text: string): void;
  /** Ends the rule: the operator is right but Weft cannot do this case. `reason` completes "because …". */
  unsupported(reason: string): never;
  /** Ends the rule: the model breaks the operator's specification. */
  invalid(problem: string): never;
}

/** A rule for one operator: returns what its results become, in order. */
export interface Lowering {
  readonly name: string;
  readonly rule: (view: LoweringView) => readonly Lowered[];
}

/** Writes down the lowering of one operator. */
export const lowering = <O extends ValueSpecs, A extends AttributeSpecs, R extends ValueSpecs, G extends string>(
  definition: OpDefinition<O, A, R, G>,
  rule: (view: LoweringView<O, A, G>) => readonly Lowered[],
): Lowering => ({ name: definition.name, rule: rule as never });

/** Thrown by `unsupported` and `invalid`; the driver turns it into a diagnostic. */
export class LoweringRefused extends Error {
  readonly reason: { readonly kind: "unsupported" | "invalid"; readonly text: string };

  constructor(kind: "unsupported" | "invalid", text: string) {
    super(text);
    this.reason = { kind, text };
  }
}

/** A negative axis counted from the end; undefined when out of range. */
export function normalizeAxis(axis: number, rank: number): number | undefined {
  const normalized = axis < 0 ? axis + rank : axis;
  return normalized >= 0 && normalized < rank ? normalized : undefined;
}

/** `normalizeAxis` that ends the rule on a bad axis. */
export function axisOf(view: Pick<LoweringView, "invalid">, axis: number, rank: number): number {
  return normalizeAxis(axis, rank) ?? view.invalid(`axis ${axis} is out of range for rank ${rank}`);
}
