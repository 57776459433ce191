import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What running on WebGPU reports. */
export const webGpuDiagnostics = defineDiagnostics("webgpu", {
  "no-adapter": {
    severity: "error",
    message: message`there is no WebGPU adapter: ${"cause"}`,
    help: "install a Vulkan driver and its loader (Debian: apt-get install libvulkan1, and chromium for SwiftShader, which needs no GPU)",
  },
  "load-failed": {
    severity: "error",
    message: message`${"model"} cannot be loaded on the device (${"code"}): ${"cause"}`,
    help: "compile the model for this device: without a profile, the compiler asks the adapter",
  },
  "run-failed": {
    severity: "error",
    message: message`${"model"} failed on the device (${"code"}): ${"cause"}`,
    help: "run it again, and report this with the model if it fails again",
  },
});
