import { controlFlowRules } from "../../printing/control-flow.ts";
import { operand } from "../../printing/expression.ts";
import type { Expression } from "../expression.ts";
import type { PrintingRule, Scope } from "../scope.ts";

/** What reads memory is read once, before the loop, or before what follows writes. */
const readNow = (scope: Scope, value: Expression): Expression => (value.reads ? scope.named(value) : value);

/** Loops and branches. */
export const scfRules: readonly PrintingRule[] = controlFlowRules<Scope, Expression>({
  counterName: (scope) => scope.counterName(),
  countingHead: (scope, { counter, type, lower, upper, step }) =>
    `for (var ${counter}: ${scope.typeName(type)} = ${lower.text}; ${counter} < ${operand(upper)}; ` +
    `${counter} = ${counter} + ${operand(step)})`,
  endlessHead: "loop",
  breakUnless: (condition) => [`if (!${operand(condition)}) {`, "  break;", "}"],
  savingLine: (_scope, _value, name, text) => `let ${name} = ${text};`,
  bound: readNow,
  condition: readNow,
  beforeAssignments: (scope) => scope.settle(),
});
