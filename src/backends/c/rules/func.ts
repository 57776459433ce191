import { func } from "../../../ir/dialects/index.ts";
import { call } from "../../printing/expression.ts";
import { type PrintingRule, statementRule } from "../scope.ts";

export const funcRules: readonly PrintingRule[] = [
  statementRule(func.call, ({ op, operands, attributes }, scope) => {
    const called = call(scope.functionName(attributes.callee), ...operands.operands.map((value) => scope.use(value)));
    const [result] = op.results;
    if (op.results.length > 1) scope.reject(op, "C functions give one result at most");
    if (result === undefined) scope.line(`${called.text};`);
    else if (scope.isUsed(result)) scope.declareMutable(result, called);
    else scope.line(`(void)${called.text};`);
  }),
];
