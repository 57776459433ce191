import type { Module } from "../ir/module.ts";

type Options = Readonly<Record<string, unknown>>;

/** The value of the WGSL backend's option `deviceProfile` that stands for this machine's adapter. */
const liveAdapter = "adapter";

/** Options for what runs on this machine: it is compiled for the adapter here unless a profile says otherwise. */
export function optionsForRunning({ deviceProfile, ...others }: Options): Options {
  return deviceProfile === undefined || deviceProfile === liveAdapter ? others : { deviceProfile, ...others };
}

/**
 * What `--device-profile adapter` asks for: a module that says what this machine's WebGPU adapter is, and the other options. All else
 * stays as it is.
 * @throws CompileError `webgpu/no-adapter`
 */
export async function forLiveAdapter(
  module: Module,
  options: Options,
): Promise<{ readonly module: Module; readonly options: Options }> {
  const { deviceProfile, ...others } = options;
  if (deviceProfile !== liveAdapter) return { module, options };
  // Dawn is large: only who needs it loads it.
  const { adapterLimits } = await import("../runtime/webgpu/index.ts");
  const { withWebGpuTarget } = await import("../targets/webgpu.ts");
  return { module: withWebGpuTarget(module, await adapterLimits()), options: others };
}
