import { modelNameOf, readModel } from "../../../src/backends/compile-model.ts";
import { executorFor } from "../../../src/runtime/executor.ts";
import { type EngineFactory, inputName, type Tensor } from "../engine.ts";
import { modelPath } from "../models.ts";

/** Compiles a network for one input shape to what `target` names, and makes it ready to run in this process. */
const weftEngine =
  (target: string): EngineFactory =>
  async (network, inputShape) => {
    const path = modelPath(network);
    const module = readModel(path, { bind: new Map(), shapes: new Map([[inputName, inputShape]]) });
    const executor = await executorFor(module, { target, modelName: modelNameOf(path) });
    return {
      async run(inputs) {
        const given = Object.entries(inputs).map(
          ([name, { shape, data }]) => [name, { elementType: "f32", shape, data }] as const,
        );
        const outputs = await executor.run(new Map(given));
        return [...outputs.values()].map(({ shape, data }): Tensor => ({ shape, data: data as Float32Array }));
      },
    };
  };

/** Compiles to C, builds it with the C compiler and loads it. */
export const createWeftEngine = weftEngine("c");

/** Compiles to WGSL, for the WebGPU adapter of this machine. */
export const createWebGpuEngine = weftEngine("wgsl");
