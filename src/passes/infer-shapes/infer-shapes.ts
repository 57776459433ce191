import { inferShapes as infer } from "../lower-onnx/lower-onnx.ts";
import { pass } from "../pass.ts";

export const inferShapes = pass({
  name: "infer-shapes",
  summary: "give every value of the onnx level the static type that its lowering computes",
  anchors: ["builtin.module"],
  run: (module) => infer(module),
});
