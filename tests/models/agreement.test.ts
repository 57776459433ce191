import { describe, expect, test } from "vitest";
import { isWithin } from "../../src/runtime/compare-runs.ts";
import type { Port } from "../../src/runtime/executor.ts";
import { randomSource, randomTensor } from "../../src/runtime/random-tensor.ts";
import { verifyModel } from "../../src/runtime/verify-model.ts";
import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";
import { realModels } from "./real-models.ts";

/** Fresh random inputs of a step. */
function inputsOf(ports: readonly Port[], step: number): ReadonlyMap<string, HostTensor> {
  const random = randomSource(step + 1);
  return new Map(ports.map((port) => [port.name, randomTensor(port, random)]));
}

describe("real networks agree with ONNX Runtime", () => {
  test.each(realModels.map((model) => [model.name, model] as const))(
    "%s",
    async (_, model) => {
      const { outputs } = await verifyModel({
        path: model.path,
        choices: {
          bind: new Map(Object.entries(model.bind)),
          shapes: new Map(Object.entries(model.shapes)),
          constants: new Map(Object.entries(model.constants)),
        },
        targets: ["interpreter", "c"],
        againstOnnxRuntime: true,
        steps: model.steps,
        feedback: model.feedback,
        tolerance: model.tolerance,
        inputs: inputsOf,
      });
      expect(outputs.length).toBeGreaterThanOrEqual(3 * model.steps);
      expect(outputs.filter((output) => !isWithin(output.comparison))).toEqual([]);
    },
    300_000,
  );
});
