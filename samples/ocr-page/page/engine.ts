import type { Model, Weft } from "../../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import { createEngineStore, type EngineStore, networkNames, type Tensor } from "../../ocr/engine.ts";
import type { PageNetworks } from "./files.ts";

/** The page's three networks on one device. */
export interface LoadedNetworks {
  readonly engines: EngineStore;
  /** What the device is, for people. */
  readonly adapter: string;
  readonly dispatches: number;
}

/** Loads the networks from the folders beside the page's script. */
export async function loadNetworks(
  { shapes }: PageNetworks,
  progress: (text: string) => void,
): Promise<LoadedNetworks> {
  const { device, name } = await requestDevice();
  const models = new Map<string, Model>();
  for (const network of networkNames) {
    progress(`Loading the ${network}…`);
    const folder = new URL(`${network}/`, document.baseURI);
    // Each artifact has the loader; one is enough.
    loader ??= (await import(new URL("weft-webgpu.js", folder).href)) as { readonly Weft: typeof Weft };
    models.set(network, await loader.Weft.load(folder, { device }));
  }
  return {
    adapter: name,
    dispatches: [...models.values()].reduce((sum, { dispatches }) => sum + dispatches, 0),
    engines: createEngineStore(async (network, inputShape) => {
      const model = models.get(network)!;
      if (inputShape.join() !== shapes[network].join())
        throw new Error(`the ${network} is not there for ${inputShape}`);
      return {
        async run(inputs) {
          const given = Object.entries(inputs).map(([input, { data }]) => [input, data] as const);
          const results = await model.run(Object.fromEntries(given));
          return model.outputs.map(({ name, shape }): Tensor => ({ shape, data: results[name] as Float32Array }));
        },
      };
    }),
  };
}

let loader: { readonly Weft: typeof Weft } | undefined;

/** One device for the three networks, with all that its adapter has. */
async function requestDevice(): Promise<{ readonly device: GPUDevice; readonly name: string }> {
  if (!("gpu" in navigator)) throw new Error("this browser has no WebGPU, or not for pages from this address");
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("this browser has WebGPU, but no adapter for it");
  const requiredLimits: Record<string, number> = {};
  for (const limit in adapter.limits) {
    const value: unknown = Reflect.get(adapter.limits, limit);
    if (typeof value === "number") requiredLimits[limit] = value;
  }
  const device = await adapter.requestDevice({
    requiredFeatures: [...adapter.features] as GPUFeatureName[],
    requiredLimits,
  });
  const { vendor, architecture, description } = adapter.info;
  const known = (description === "" ? [vendor, architecture] : [description]).filter((text) => text !== "");
  return { device, name: known.length === 0 ? "unknown adapter" : known.join(" ") };
}
