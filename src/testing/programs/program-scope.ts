import { floatAttribute, integerAttribute, boolAttribute } from "../../ir/attributes.ts";
import type { Builder } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/index.ts";
import type { ValueId } from "../../ir/module.ts";
import { type FunctionType, i1, indexType, type TensorType, type Type } from "../../ir/types.ts";

/** One random decision: which rule is applied, to which values, and how. Rules take numbers modulo what there is to choose from. */
export interface Step {
  readonly rule: number;
  readonly picks: readonly number[];
  readonly body: readonly Step[];
}

/** A function that later code may call. */
export interface Callable {
  readonly name: string;
  readonly type: FunctionType;
}

export const isTensor = (type: Type): type is TensorType => type.kind === "tensor";
export const isFloat = (type: Type): boolean => type.kind === "float";
/** Signless integers with several bits. */
export const isInteger = (type: Type): boolean => type.kind === "integer" && type.width > 1;
export const sizes = (type: Type): readonly number[] => (type as TensorType).shape as readonly number[];
export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Largest tensor a rule makes, in elements. */
export const elementLimit = 128;

/** The values in sight at one place of a program that is being generated. */
export class ProgramScope {
  readonly builder: Builder;
  readonly callables: readonly Callable[];
  /** How many loops, branches and bodies are around. */
  readonly depth: number;
  readonly #values: ValueId[];

  constructor(builder: Builder, values: readonly ValueId[], callables: readonly Callable[], depth = 0) {
    this.builder = builder;
    this.callables = callables;
    this.depth = depth;
    this.#values = [...values];
  }

  /** The scope of a region: it sees all of this one's values. */
  nested(values: readonly ValueId[]): ProgramScope {
    return new ProgramScope(this.builder, [...this.#values, ...values], this.callables, this.depth + 1);
  }
  get values(): readonly ValueId[] {
    return this.#values;
  }
  typeOf(value: ValueId): Type {
    return this.builder.typeOf(value);
  }
  add(...values: readonly ValueId[]): void {
    this.#values.push(...values);
  }

  /** One of the values whose type fits; undefined when there is none. */
  find(fits: (type: Type) => boolean, pick: number): ValueId | undefined {
    const candidates = this.#values.filter((value) => fits(this.typeOf(value)));
    // Late values first, so that small picks make long chains.
    return candidates.length === 0 ? undefined : candidates[candidates.length - 1 - (pick % candidates.length)];
  }
  /** A value of this scalar type: one in sight, or a constant. */
  scalar(type: Type, pick: number): ValueId {
    return this.find((other) => other === type, pick) ?? this.constant(type, (pick % 7) - 3);
  }
  index(value: number): ValueId {
    return this.constant(indexType, value);
  }
  constant(type: Type, value: number): ValueId {
    const attribute =
      type === i1
        ? boolAttribute(value % 2 !== 0)
        : type.kind === "float"
          ? floatAttribute(value / 2, type)
          : integerAttribute(
              type.kind === "index" ? Math.abs(value) : value,
              type.kind === "index" ? indexType : (type as never),
            );
    return arith.constant.build(this.builder, {}, { value: attribute }, { resultTypes: [type] }).result;
  }
}

/** Adds to a scope what it makes, or nothing where it does not apply. */
export type Rule = (scope: ProgramScope, step: Step) => void;

/** Applies rules to steps, each choosing its rule by number. */
export function runSteps(scope: ProgramScope, steps: readonly Step[], rules: readonly Rule[]): void {
  for (const step of steps) rules[step.rule % rules.length]!(scope, step);
}
