import { defineDiagnostics, message } from "../../../support/diagnostic.ts";

/** What cannot be computed without 64-bit integers. */
export const wideDiagnostics = defineDiagnostics("wide-integers", {
  operation: {
    severity: "error",
    message: message`"${"name"}" on ${"type"} cannot be computed with 32-bit integers`,
    help: "compute it in 32 bits, or run the operation on the host",
  },
  parameter: {
    severity: "error",
    message: message`a kernel cannot take a 64-bit integer as argument ${"index"}`,
    help: "pass it in a buffer",
  },
});
