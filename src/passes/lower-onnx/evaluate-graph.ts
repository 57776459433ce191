import { type IrReader, type Module, ModuleReader, type Operation } from "../../ir/module.ts";
import { createModule } from "../../ir/create-module.ts";
import { typeOfElement } from "../../ir/types.ts";
import { CompileError, throwOnErrors } from "../../support/diagnostic.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { entryBuilder, LoweringDriver } from "./driver.ts";
import type { Lowered } from "./lowering.ts";
import { loweringRules } from "./rules/index.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** A value of a graph with its elements: what goes into and comes out of an ONNX model. */
export type GraphValue =
  | { readonly kind: "tensor"; readonly tensor: HostTensor }
  | { readonly kind: "sequence"; readonly elements: readonly GraphValue[] }
  | { readonly kind: "optional"; readonly value: GraphValue | undefined };

/**
 * Runs an onnx-level function on known inputs: each operator is lowered for the shapes and values it meets and run by the
 * interpreter. This is what makes operators whose result shape depends on data runnable.
 *
 * @param observe told of every value that was computed, in order.
 * @throws CompileError with all operators that could not be run.
 */
export function evaluateGraph(
  module: Module,
  entry: Operation,
  inputs: readonly GraphValue[],
  observe?: (value: number, computed: GraphValue) => void,
): readonly GraphValue[] {
  const reader: IrReader = new ModuleReader(module);
  const block = reader.block(entry.regions[0]![0]!);
  let results: readonly GraphValue[] = [];
  createModule((rewriter) => {
    const point = rewriter.insertionPoint!;
    if (point.kind !== "end") throw new Error("a module is built at its end");
    const t = entryBuilder(rewriter, point.block, { resources: false });
    const driver = new LoweringDriver(reader, {
      rules: loweringRules,
      onLowered(value, lowered) {
        const computed = observe && graphValueOf(lowered);
        if (computed) observe?.(value, computed);
      },
    });
    block.arguments.forEach((argument, index) => driver.bind(argument, loweredOf(t, inputs[index]!)));
    const terminator = driver.lowerBlock(t, block.id);
    throwOnErrors(driver.diagnostics);
    results = terminator.operands.map((operand) => {
      const lowered = driver.lookup(t, operand);
      const value = lowered && graphValueOf(lowered);
      if (!value) throw new CompileError(driver.diagnostics);
      return value;
    });
  });
  return results;
}

function loweredOf(t: TensorBuilder, value: GraphValue): Lowered {
  if (value.kind === "tensor") return t.constant(value.tensor, typeOfElement(value.tensor.elementType));
  if (value.kind === "sequence")
    return { kind: "sequence", elements: value.elements.map((element) => loweredOf(t, element)) };
  return { kind: "optional", value: value.value && loweredOf(t, value.value) };
}

function graphValueOf(lowered: Lowered): GraphValue | undefined {
  if (lowered.kind === "tensor") return lowered.constant && { kind: "tensor", tensor: lowered.constant };
  if (lowered.kind === "optional") return { kind: "optional", value: lowered.value && graphValueOf(lowered.value) };
  const elements = lowered.elements.map(graphValueOf);
  return elements.every((element) => element !== undefined) ? { kind: "sequence", elements } : undefined;
}
