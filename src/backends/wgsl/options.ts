import { enumeration, type OptionValues, string } from "../../passes/pass-options.ts";

/** The WGSL backend's options. */
export const wgslOptions = {
  name: string.default("model").summary("the model's name in the manifest and the page; made an identifier"),
  deviceProfile: string
    .default("")
    .summary("a YAML file that describes the device; without one, what every WebGPU device can do"),
  f64: enumeration("refuse", "f32")
    .default("refuse")
    .summary("doubles on the device, which has none: refuse them, or compute and store them as f32"),
} as const;
export type WgslOptions = OptionValues<typeof wgslOptions>;
