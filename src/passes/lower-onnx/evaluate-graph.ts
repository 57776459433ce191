import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { type IrReader, type Module, ModuleReader, type Operation } from "../../ir/module.ts";
import { createModule } from "../../ir/create-module.ts";
import { typeOfElement } from "../../ir/types.ts";
import { CompileError, throwOnErrors } from "../../support/diagnostic.ts";
import { entryBuilder, LoweringDriver } from "./driver.ts";
import type { Lowered } from "./lowering.ts";
import { loweringRules } from "./rules/index.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

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
  inputs: readonly OnnxValue[],
  observe?: (value: number, computed: OnnxValue) => void,
): readonly OnnxValue[] {
  const reader: IrReader = new ModuleReader(module);
  const block = reader.block(entry.regions[0]![0]!);
  let results: readonly OnnxValue[] = [];
  createModule((rewriter) => {
    const point = rewriter.insertionPoint!;
    if (point.kind !== "end") throw new Error("a module is built at its end");
    const t = entryBuilder(rewriter, point.block, { resources: false });
    const driver = new LoweringDriver(reader, {
      rules: loweringRules,
      evaluatesAll: true,
      onLowered(value, lowered) {
        const computed = observe && valueOfLowered(lowered);
        if (computed) observe?.(value, computed);
      },
    });
    block.arguments.forEach((argument, index) => driver.bind(argument, loweredOf(t, inputs[index]!)));
    const terminator = driver.lowerBlock(t, block.id);
    throwOnErrors(driver.diagnostics);
    results = terminator.operands.map((operand) => {
      const lowered = driver.lookup(t, operand);
      const value = lowered && valueOfLowered(lowered);
      if (!value) throw new CompileError(driver.diagnostics);
      return value;
    });
  });
  return results;
}

function loweredOf(t: TensorBuilder, value: OnnxValue): Lowered {
  if (value.kind === "tensor") return t.constant(value.tensor, typeOfElement(value.tensor.elementType));
  if (value.kind === "sequence")
    return { kind: "sequence", elements: value.elements.map((element) => loweredOf(t, element)) };
  return { kind: "optional", value: value.value && loweredOf(t, value.value) };
}

function valueOfLowered(lowered: Lowered): OnnxValue | undefined {
  if (lowered.kind === "tensor") return lowered.constant && { kind: "tensor", tensor: lowered.constant };
  if (lowered.kind === "optional") return { kind: "optional", value: lowered.value && valueOfLowered(lowered.value) };
  const elements = lowered.elements.map(valueOfLowered);
  return elements.every((element) => element !== undefined) ? { kind: "sequence", elements } : undefined;
}
