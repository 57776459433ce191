import { memref } from "../../../ir/dialects/index.ts";
import type { MemRefType } from "../../../ir/types.ts";
import { call, type Expression, expressionOf } from "../expression.ts";
import { expressionRule, type PrintingRule, statementRule } from "../scope.ts";

/** Functions that combine a value with an element at once. Those on unsigned integers would need another type of buffer. */
const atomicFunctions: Readonly<Record<string, string>> = {
  addi: "atomicAdd",
  andi: "atomicAnd",
  ori: "atomicOr",
  xori: "atomicXor",
  maxs: "atomicMax",
  mins: "atomicMin",
  assign: "atomicExchange",
};

const pointer = (element: Expression): Expression => expressionOf(`&${element.text}`, [element]);

/** Operations of the `memref` dialect. */
export const memrefRules: readonly PrintingRule[] = [
  expressionRule(memref.load, ({ operands }, scope) => {
    const element = scope.element(operands.memref, operands.indices);
    return { ...(scope.isAtomic(operands.memref) ? call("atomicLoad", pointer(element)) : element), reads: true };
  }),
  statementRule(memref.store, ({ operands }, scope) => {
    const value = scope.use(operands.value);
    const target = scope.element(operands.memref, operands.indices);
    scope.settle();
    if (scope.isAtomic(operands.memref)) scope.line(`atomicStore(&${target.text}, ${value.text});`);
    else scope.line(`${target.text} = ${value.text};`);
  }),
  statementRule(memref.atomic_rmw, ({ op, operands, attributes }, scope) => {
    const name = atomicFunctions[attributes.kind];
    if (name === undefined || scope.typeOf(operands.value).text !== "i32")
      return scope.reject(op, `WGSL has no atomic ${attributes.kind} of ${scope.typeOf(operands.value).text}`);
    const value = scope.use(operands.value);
    const target = scope.element(operands.memref, operands.indices);
    scope.settle();
    const text = `${name}(&${target.text}, ${value.text})`;
    const result = op.results[0]!;
    if (!scope.isUsed(result)) return scope.line(`${text};`);
    const before = scope.freshName("before");
    scope.line(`let ${before} = ${text};`);
    scope.bind(result, before);
  }),
  statementRule(memref.alloca, ({ op }, scope) => {
    const result = op.results[0]!;
    scope.declarePrivate(result, scope.typeOf(result) as MemRefType);
  }),
];
