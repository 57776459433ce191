import { arith, func, scf } from "../../ir/dialects/index.ts";
import type { ValueId } from "../../ir/module.ts";
import { i1, indexType, type Type } from "../../ir/types.ts";
import { type ProgramScope, type Rule, runSteps, type Step } from "./program-scope.ts";

/** Loops and branches nest this deeply at most. */
const depthLimit = 3;

/** Values that a loop carries or a branch gives: some of those in sight. */
function carriedValues(scope: ProgramScope, step: Step): readonly ValueId[] {
  const count = step.picks[0]! % 3;
  const chosen = Array.from({ length: count }, (_, index) => scope.find(() => true, step.picks[index + 1]!));
  return chosen.filter((value) => value !== undefined);
}

/** A value of each type for the end of a region: the last in sight. */
const yieldedValues = (scope: ProgramScope, types: readonly Type[], step: Step): readonly ValueId[] =>
  types.map((type, index) => scope.find((other) => other === type, step.picks[(index + 2) % step.picks.length]! % 2)!);

/** Rules for loops, branches and calls; `rules` are those their regions are made with. */
export function controlRules(rules: () => readonly Rule[]): readonly Rule[] {
  const loop: Rule = (scope, step) => {
    if (scope.depth >= depthLimit) return;
    const { builder } = scope;
    const initArgs = carriedValues(scope, step);
    const types = initArgs.map((value) => scope.typeOf(value));
    const bounds = {
      lowerBound: scope.index(step.picks[1]! % 2),
      upperBound: scope.index(step.picks[2]! % 5),
      step: scope.index(1 + (step.picks[3]! % 2)),
    };
    const region = [
      {
        arguments: [indexType, ...types],
        body: (_: unknown, values: readonly ValueId[]) => {
          const inner = scope.nested(values);
          runSteps(inner, step.body, rules());
          scf.yield.build(builder, { results: yieldedValues(inner, types, step) }, {});
        },
      },
    ];
    scope.add(...scf.for.build(builder, { ...bounds, initArgs }, {}, { regions: { region } }).results);
  };

  const branch: Rule = (scope, step) => {
    if (scope.depth >= depthLimit) return;
    const { builder } = scope;
    const types = carriedValues(scope, step).map((value) => scope.typeOf(value));
    const condition = scope.scalar(i1, step.picks[3]!);
    const region = (steps: readonly Step[]) => [
      {
        arguments: [],
        body: () => {
          const inner = scope.nested([]);
          runSteps(inner, steps, rules());
          scf.yield.build(builder, { results: yieldedValues(inner, types, step) }, {});
        },
      },
    ];
    const half = Math.ceil(step.body.length / 2);
    const regions = {
      thenRegion: region(step.body.slice(0, half)),
      // Without results the second region may be left out.
      elseRegion: types.length > 0 || step.picks[1]! % 2 === 0 ? region(step.body.slice(half)) : [],
    };
    scope.add(...scf.if.build(builder, { condition }, {}, { resultTypes: types, regions }).results);
  };

  /** A loop that counts up to a bound in its condition. */
  const countingLoop: Rule = (scope, step) => {
    if (scope.depth >= depthLimit) return;
    const { builder } = scope;
    const carried = carriedValues(scope, step);
    const types = [indexType, ...carried.map((value) => scope.typeOf(value))];
    const inits = [scope.index(0), ...carried];
    const limit = scope.index(step.picks[1]! % 4);
    const one = scope.index(1);
    const before = [
      {
        arguments: types,
        body: (_: unknown, values: readonly ValueId[]) => {
          const operands = { lhs: values[0]!, rhs: limit };
          const condition = arith.cmpi.build(builder, operands, { predicate: "ult" }).result;
          scf.condition.build(builder, { condition, args: values }, {});
        },
      },
    ];
    const after = [
      {
        arguments: types,
        body: (_: unknown, values: readonly ValueId[]) => {
          const inner = scope.nested(values.slice(1));
          runSteps(inner, step.body, rules());
          const next = arith.addi.build(builder, { lhs: values[0]!, rhs: one }, {}).result;
          scf.yield.build(builder, { results: [next, ...yieldedValues(inner, types.slice(1), step)] }, {});
        },
      },
    ];
    const options = { resultTypes: types, regions: { before, after } };
    scope.add(...scf.while.build(builder, { inits }, {}, options).results);
  };

  /** A call of a function that was made before; its arguments are values in sight of the right types. */
  const call: Rule = (scope, step) => {
    const callee = scope.callables[step.picks[0]! % Math.max(1, scope.callables.length)];
    if (callee === undefined) return;
    const operands = callee.type.inputs.map((type, index) =>
      scope.find((other) => other === type, step.picks[index % step.picks.length]!),
    );
    if (operands.some((operand) => operand === undefined)) return;
    const options = { resultTypes: callee.type.results };
    const made = func.call.build(scope.builder, { operands: operands as ValueId[] }, { callee: callee.name }, options);
    scope.add(...made.results);
  };

  return [loop, branch, countingLoop, call];
}
