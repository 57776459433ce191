import { controlFlowRules, type ControlSyntax, parallelLoopRule } from "../../printing/control-flow.ts";
import { type Expression, operand } from "../../printing/expression.ts";
import type { PrintingRule } from "../../printing/rule.ts";
import type { HostScope } from "./scope.ts";

const syntax: ControlSyntax<HostScope, Expression> = {
  counterName: (scope) => scope.freshName("i"),
  countingHead(_scope, { counter, lower, upper, step }) {
    const next = step.literal === 1 ? `${counter}++` : `${counter} += ${step.text}`;
    return `for (let ${counter} = ${lower.text}; ${counter} < ${operand(upper)}; ${next})`;
  },
  endlessHead: "for (;;)",
  breakUnless: (condition) => [`if (!${operand(condition)}) break;`],
  savingLine: (_scope, _value, name, text) => `const ${name} = ${text};`,
  condition: (scope, condition) => scope.constant(condition),
};

/** Loops and branches of the `scf` dialect. */
export const controlRules: readonly PrintingRule<HostScope, Expression>[] = [
  ...controlFlowRules(syntax),
  parallelLoopRule(syntax),
];
