import { enumeration, type OptionValues, string } from "../../passes/pass-options.ts";

/** The WGSL backend's options. */
export const wgslOptions = {
  name: string.default("model").summary("the model's name in the manifest and the page; made an identifier"),
  deviceProfile: string
    .default("")
    .summary(
      "a YAML file that describes the device, or `adapter` for this machine's; without one, what every device can do",
    ),
  f64: enumeration("host", "f32")
    .default("host")
    .summary("where doubles are computed, which the device does not have: on the host, or on the device as f32"),
} as const;
/** The values of the options. */
export type WgslOptions = OptionValues<typeof wgslOptions>;
