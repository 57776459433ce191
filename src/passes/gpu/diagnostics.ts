import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What mapping to kernels reports. */
export const gpuDiagnostics = defineDiagnostics("gpu", {
  "malformed-schedule": {
    severity: "error",
    message: message`the attribute weft.schedule is not a mapping: ${"what"}`,
    help: "remove the attribute, or write it as the pass map-to-gpu reads it",
  },
  "unmapped-value": {
    severity: "error",
    message: message`a kernel needs a value of ${"operation"}, which is made outside it`,
    help: "only buffers, constants and scalars that kernels compute can go from one kernel to another",
  },
});
