import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What bufferization can refuse. */
export const bufferizeDiagnostics = defineDiagnostics("bufferize", {
  "unsupported-op": {
    severity: "error",
    message: message`${"op"} has tensor operands or results and no rule for buffers`,
    help: "lower the operation to linalg, tensor or scf operations first",
  },
  "dynamic-shape": {
    severity: "error",
    message: message`${"type"} has a size that is only known at run time`,
    help: "bind the model's dimensions when it is imported",
  },
  "negative-padding": {
    severity: "error",
    message: message`tensor.pad by a negative amount`,
    help: "take a slice with tensor.extract_slice instead",
  },
});
