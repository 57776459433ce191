import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What placement tells. Codes are stable. */
export const placeDiagnostics = defineDiagnostics("place", {
  "beyond-limit": {
    severity: "error",
    message: message`${"operation"} needs a buffer of ${"bytes"} bytes, and the device's ${"limit"} is ${"given"}`,
    help: "compile for the device that will run it, with --device-profile, or for smaller shapes",
  },
  "doubles-as-floats": {
    severity: "warning",
    message: message`${"count"} values of f64 are computed as f32${"ports"}`,
    help: "compile without --f64 f32 to compute them exactly, on the host",
  },
  "double-bits": {
    severity: "error",
    message: message`${"operation"} works on the bits of an f64, which an f32 does not have`,
    help: "compile without --f64 f32",
  },
});
