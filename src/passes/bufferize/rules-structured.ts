import type { Operation } from "../../ir/module.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { weft } from "../../ir/dialects/weft.ts";
import type { BufferizationRules, FunctionContext } from "./function-context.ts";

/** Rules of structured operations and fusion groups. */
export const structuredRules: BufferizationRules = {
  ...Object.fromEntries(linalg.dialect.operations.filter(isStructured).map(({ name }) => [name, bufferizeLinalg])),
  "weft.kernel": bufferizeKernel,
  "weft.online_attention": bufferizeAttention,
  "weft.yield": (context, op) =>
    void weft.yield.build(context.rewriter, { values: context.mapAll(context.scalarsOf(op.operands)) }, {}),
};

function bufferizeLinalg(context: FunctionContext, op: Operation): void {
  const tensors = op.results.length;
  const inputs = op.operands.length - tensors;
  const operands = op.operands.map((operand, index) => {
    if (index < inputs || tensors === 0) return context.map(operand);
    const result = op.results[index - inputs]!;
    return context.analysis.needsContents(op, index) ? context.prepare(operand, result) : context.buffers.of(result);
  });
  context.rebuild(op, operands);
}

function bufferizeAttention(context: FunctionContext, op: Operation): void {
  const [result] = op.results;
  const inputs = context.mapAll(op.operands.slice(0, -1));
  const output = result === undefined ? context.map(op.operands.at(-1)!) : context.buffers.of(result);
  context.rebuild(op, [...inputs, output]);
}

function bufferizeKernel(context: FunctionContext, op: Operation): void {
  const view = weft.kernel.match(context.source, op)!;
  const made = view.operands.inputs.filter((input) => context.source.definition(input)?.name !== "tensor.empty");
  weft.kernel.build(
    context.rewriter,
    { inputs: context.mapAll(made), outputs: op.results.map((result) => context.buffers.of(result)) },
    {},
    { resultTypes: [], regions: { body: context.regionOf(op, 0) }, extra: op.attributes },
  );
}
