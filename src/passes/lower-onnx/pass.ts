import { pass } from "../pass.ts";
import { lowerOnnx as lower } from "./lower-onnx.ts";

export const lowerOnnx = pass({
  name: "lower-onnx",
  summary: "replace every ONNX operator by operations of the tensor level",
  anchors: ["builtin.module"],
  run: (module, _, context) => lower(module, (diagnostic) => context.report(diagnostic)),
});
