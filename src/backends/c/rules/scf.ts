import { controlFlowRules, type ControlSyntax, parallelLoopRule } from "../../printing/control-flow.ts";
import { type Expression, operand } from "../../printing/expression.ts";
import type { PrintingRule, Scope } from "../scope.ts";

const syntax: ControlSyntax<Scope, Expression> = {
  counterName: (scope) => scope.freshName(`i${scope.nextNumber()}`),
  countingHead: (scope, { counter, type, lower, upper, step }) =>
    `for (${scope.cType(type)} ${counter} = ${lower.text}; ${counter} < ${operand(upper)}; ${counter} += ${step.text})`,
  endlessHead: "for (;;)",
  breakUnless: (condition) => [`if (!${operand(condition)}) break;`],
  savingLine(scope, value, name, text) {
    const type = scope.typeOf(value);
    const declared = type.kind === "memref" ? scope.pointerType(value) : `const ${scope.cType(type)} `;
    return `${declared}${name} = ${text};`;
  },
  mayBeUnread: (scope, name) => scope.line(`(void)${name};`),
  parallel(scope, dimensions, loops) {
    if (scope.threads === 1 || !scope.enterParallel()) return loops();
    const collapse = dimensions > 1 ? ` collapse(${dimensions})` : "";
    scope.line(`WEFT_PARALLEL(omp parallel for num_threads(${scope.threads}) schedule(dynamic)${collapse})`);
    loops();
    scope.leaveParallel();
  },
};

/** Loops and branches. */
export const scfRules: readonly PrintingRule[] = [...controlFlowRules(syntax), parallelLoopRule(syntax)];
