import fc from "fast-check";
import { expect, test } from "vitest";
import { interpretFunction } from "../../../src/interpreter/interpret.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { bodyOf, ModuleReader } from "../../../src/ir/module.ts";
import { tensorType, typeOfElement } from "../../../src/ir/types.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { reinterpret, signless } from "../../../src/passes/lower-onnx/element-types.ts";
import { evaluateGraph } from "../../../src/passes/lower-onnx/evaluate-graph.ts";
import { lowerOnnx } from "../../../src/passes/lower-onnx/lower-onnx.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { compareTensors } from "../../../src/support/numeric/compare.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { moduleOf, type RandomOperator, randomOperator } from "./support/random-operators.ts";

/** The results, or undefined for a refusal, which must say why. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    expect(error.diagnostics.length).toBeGreaterThan(0);
    return undefined;
  }
}

function evaluate(operator: RandomOperator): readonly HostTensor[] | undefined {
  const module = moduleOf(operator);
  const reader = new ModuleReader(module);
  const inputs = operator.operands.map((tensor) => ({ kind: "tensor", tensor }) as const);
  const results = attempt(() => evaluateGraph(module, bodyOf(reader, reader.operation(reader.root))[0]!, inputs));
  const tensors = results?.flatMap((result) => (result.kind === "tensor" ? [result.tensor] : []));
  return tensors?.length === results?.length ? tensors : undefined;
}

test("any operator is lowered or refused, and means the same whether its operands are known or not", () => {
  fc.assert(
    fc.property(randomOperator, (operator) => {
      const known = evaluate(operator);
      const types = known?.map(({ shape, elementType }) => tensorType(shape, typeOfElement(elementType)));
      const lowered = attempt(() => lowerOnnx(moduleOf(operator, types)));
      if (lowered) expect(verifyModule(lowered, registry)).toEqual([]);
      if (!lowered || operator.operands.some(({ elementType }) => elementType === "string")) return;
      const inputs = operator.operands.map((tensor) =>
        reinterpret(tensor, signless(typeOfElement(tensor.elementType))),
      );
      const unknown = attempt(() => interpretFunction(lowered, "main", inputs) as readonly HostTensor[]);
      if (!known || !unknown) return;
      unknown.forEach((result, index) => {
        const expected = known[index]!;
        if (expected.elementType === "string") return;
        const actual = reinterpret(result, typeOfElement(expected.elementType));
        const compared = compareTensors(actual, expected, { absolute: 1e-6, relative: 1e-4 });
        expect(compared.kind, JSON.stringify(compared)).toMatch(/^(equal|close)$/);
      });
    }),
    // Drawn operators do not shrink well.
    { numRuns: 2000, endOnFailure: true },
  );
});
