import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What the WGSL backend reports beside what all backends do. Codes are stable. */
export const wgslDiagnostics = defineDiagnostics("wgsl", {
  "limit-exceeded": {
    severity: "error",
    message: message`${"what"} needs ${"asked"} where the device's ${"limit"} is ${"given"}`,
    help: "compile for a device profile with larger limits, or for smaller shapes",
  },
  "missing-feature": {
    severity: "error",
    message: message`the kernels need ${"features"}, which the device ${"device"} does not have`,
    help: "compile for the device: --device-profile says what it has, and mappings keep to that",
  },
  "no-double": {
    severity: "error",
    message: message`${"what"} computes with f64 in a kernel, and no WebGPU device has f64`,
    help: "run place-operations first, which leaves doubles to the host, or demote-doubles, which computes them as f32",
  },
  "unreadable-profile": {
    severity: "error",
    message: message`the device profile ${"path"} cannot be read: ${"cause"}`,
    help: "give the path of a profile, such as those in samples/targets",
  },
});
