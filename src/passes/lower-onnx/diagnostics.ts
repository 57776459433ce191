import { defineDiagnostics, message } from "../../support/diagnostic.ts";

export const lowerOnnxDiagnostics = defineDiagnostics("onnx", {
  unsupported: {
    severity: "error",
    message: message`${"op"} of (${"types"}) is not supported, because ${"text"}`,
    help: "replace the operator in the model, or ask for this case to be added",
  },
  invalid: {
    severity: "error",
    message: message`${"op"} of (${"types"}) breaks its specification: ${"text"}`,
    help: "check how the model was exported",
  },
  assumption: {
    severity: "warning",
    message: message`${"op"}: ${"text"}`,
    help: "bind the model's dimensions as the inputs will really have them",
  },
  "dynamic-input": {
    severity: "error",
    message: message`an input has type ${"type"}, but compiled code needs tensors of static shape`,
    help: "bind the model's dimensions with --bind NAME=VALUE or --shape INPUT=1x3x…",
  },
  "structured-result": {
    severity: "error",
    message: message`an output is a ${"kind"}, but compiled code gives tensors only`,
    help: "run the model on the interpreter, or make the model return its tensors",
  },
});
