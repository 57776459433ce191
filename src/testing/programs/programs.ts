import fc from "fast-check";
import type { Builder } from "../../ir/builder.ts";
import { createFunction, createModule } from "../../ir/create-module.ts";
import type { Module, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import {
  f32,
  f64,
  type FunctionType,
  functionType,
  hostElementType,
  i1,
  i32,
  i64,
  i8,
  type TensorType,
  tensorType,
  type Type,
} from "../../ir/types.ts";
import { elementCount, type HostTensor, tensorFromNumbers } from "../../support/numeric/host-tensor.ts";
import { controlRules } from "./control-rules.ts";
import { type Callable, ProgramScope, type Rule, runSteps, type Step } from "./program-scope.ts";
import { exactScalarRules, inexactScalarRules } from "./scalar-rules.ts";
import { structuredRules } from "./structured-rules.ts";
import { tensorRules } from "./tensor-rules.ts";

/** A program that can be run: its entry function `@main` takes tensors and returns tensors and scalars. */
export interface Program {
  readonly module: Module;
  /** Arguments of `@main`. */
  readonly inputs: readonly HostTensor[];
}

/** What programs are made of. */
export interface ProgramOptions {
  /** Steps of the entry function at most; loops and bodies have a few of their own. 20 when absent. */
  readonly size?: number;
  /** Only operations whose results are the same to the last bit everywhere. True when absent. */
  readonly exact?: boolean;
  /** Loops, branches and calls. True when absent. */
  readonly control?: boolean;
  /** Structured operations. True when absent. */
  readonly structured?: boolean;
}

const stepOf = (depth: number): fc.Arbitrary<Step> =>
  fc.record({
    rule: fc.nat(10_000),
    picks: fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
    body: depth === 0 ? fc.constant([]) : fc.array(stepOf(depth - 1), { maxLength: 4 }),
  });

const argumentTypes: readonly TensorType[] = [
  tensorType([4], f32),
  tensorType([2, 3], f32),
  tensorType([3, 2], i32),
  tensorType([2, 2, 2], f32),
  tensorType([5], i8),
  tensorType([3], i64),
  tensorType([1, 4], f64),
  tensorType([2], i1),
];

interface Recipe {
  readonly helpers: readonly (readonly Step[])[];
  readonly main: readonly Step[];
  readonly inputs: readonly number[];
  readonly numbers: readonly number[];
  readonly results: number;
}

/**
 * Programs over small tensors whose evaluation is defined: no division by zero, no index out of bounds, no shift beyond the width,
 * no conversion out of range, nothing read that was not written. Floats may become infinite or NaN.
 */
export function programs(options: ProgramOptions = {}): fc.Arbitrary<Program> {
  const rules = rulesOf(options);
  return fc
    .record<Recipe>({
      helpers: fc.array(fc.array(stepOf(1), { maxLength: 5 }), { maxLength: options.control === false ? 0 : 2 }),
      main: fc.array(stepOf(2), { minLength: 1, maxLength: options.size ?? 20 }),
      inputs: fc.array(fc.nat(argumentTypes.length - 1), { minLength: 1, maxLength: 4 }),
      numbers: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 7 }),
      results: fc.nat(255),
    })
    .map((recipe) => programOf(recipe, rules));
}

function rulesOf({ exact = true, control = true, structured = true }: ProgramOptions): readonly Rule[] {
  const rules: Rule[] = [...exactScalarRules, ...tensorRules, ...tensorRules];
  if (!exact) rules.push(...inexactScalarRules);
  if (structured) rules.push(...structuredRules, ...structuredRules);
  if (control) rules.push(...controlRules(() => rules));
  return rules;
}

const helperTypes: readonly Type[] = [tensorType([4], f32), i32];

function programOf(recipe: Recipe, rules: readonly Rule[]): Program {
  const types = recipe.inputs.map((index) => argumentTypes[index]!);
  const module = createModule((rewriter) => {
    const callables: Callable[] = [];
    for (const [index, steps] of recipe.helpers.entries()) {
      const name = `helper_${index}`;
      const type = addFunction(rewriter, name, helperTypes, steps, rules, callables, index);
      callables.push({ name, type });
    }
    addFunction(rewriter, "main", types, recipe.main, rules, callables, recipe.results);
  });
  return { module, inputs: types.map((type, index) => inputOf(type, recipe.numbers, index)) };
}

function addFunction(
  rewriter: Rewriter,
  name: string,
  inputs: readonly Type[],
  steps: readonly Step[],
  rules: readonly Rule[],
  callables: readonly Callable[],
  pick: number,
): FunctionType {
  let results: readonly Type[] = [];
  createFunction(rewriter, name, inputs, (builder: Builder, values: readonly ValueId[]) => {
    const scope = new ProgramScope(builder, values, callables);
    runSteps(scope, steps, rules);
    const returned = scope.values.slice(-1 - (pick % 4));
    results = returned.map((value) => scope.typeOf(value));
    return returned;
  });
  return functionType(inputs, results);
}

/** A tensor filled from a few numbers; floats are halves, so that they are exact in every format. */
function inputOf(type: TensorType, numbers: readonly number[], seed: number): HostTensor {
  const shape = type.shape as readonly number[];
  const scale = type.element.kind === "float" ? 0.5 : 1;
  const values = Array.from(
    { length: elementCount(shape) },
    (_, index) => numbers[(index * 3 + seed) % numbers.length]! * scale,
  );
  return tensorFromNumbers(hostElementType(type.element)!, shape, values);
}
