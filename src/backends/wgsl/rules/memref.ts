import { memref } from "../../../ir/dialects/index.ts";
import type { MemRefType } from "../../../ir/types.ts";
import { type PrintingRule, type Scope, statementRule, expressionRule } from "../scope.ts";

/** What an assignment may write: atomics are stored to by a function. */
export const store = (scope: Scope, target: string, value: string): void => {
  scope.settle();
  scope.line(`${target} = ${value};`);
};

export const memrefRules: readonly PrintingRule[] = [
  expressionRule(memref.load, ({ operands }, scope) => ({
    ...scope.element(operands.memref, operands.indices),
    reads: true,
  })),
  statementRule(memref.store, ({ operands }, scope) => {
    const value = scope.use(operands.value).text;
    const target = scope.element(operands.memref, operands.indices).text;
    store(scope, target, value);
  }),
  statementRule(memref.alloca, ({ op }, scope) => {
    const result = op.results[0]!;
    scope.declarePrivate(result, scope.typeOf(result) as MemRefType);
  }),
];
