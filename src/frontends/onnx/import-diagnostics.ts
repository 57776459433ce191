import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What can be wrong with a valid ONNX model from the compiler's point of view. Texts from the model are quoted. */
export const importDiagnostics = defineDiagnostics("onnx", {
  "unsupported-op": {
    severity: "error",
    message: message`the operator ${"opType"} of operator set ${"domain"} ${"version"} is not supported (its operands: ${"operands"})`,
    help: "replace the operator by supported ones, or define it as a function in the model",
  },
  "bad-node": {
    severity: "error",
    message: message`the ${"opType"} node is not valid: ${"problem"}`,
    help: "make the node fit its operator's definition; export the model again",
  },
  "unsupported-type": {
    severity: "error",
    message: message`${"what"} ${"name"} is ${"type"}, which is not supported`,
    help: "give it a tensor, sequence, optional or map type",
  },
});
