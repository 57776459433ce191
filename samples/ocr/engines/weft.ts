import { modelNameOf, readModel } from "../../../src/backends/compile-model.ts";
import { nativeExecutor } from "../../../src/runtime/executor.ts";
import type { EngineFactory, Tensor } from "../engine.ts";
import { modelPath } from "../models.ts";

/** Compiles a network to C for one input shape, builds it with the C compiler and loads it. */
export const createWeftEngine: EngineFactory = async (network, inputShape) => {
  const path = modelPath(network);
  const module = readModel(path, { bind: new Map(), shapes: new Map([["x", inputShape]]) });
  const executor = await nativeExecutor(module, { target: "c", modelName: modelNameOf(path) });
  return {
    run(inputs) {
      const given = Object.entries(inputs).map(
        ([name, { shape, data }]) => [name, { elementType: "f32", shape, data }] as const,
      );
      const outputs = executor.run(new Map(given));
      return Promise.resolve(
        [...outputs.values()].map(({ shape, data }): Tensor => ({ shape, data: data as Float32Array })),
      );
    },
  };
};
