import { describe, expect, test } from "vitest";
import {
  describeOrigin,
  fileLocation,
  fusedLocation,
  nameLocation,
  unknownLocation,
} from "../../src/support/location.ts";

describe("describeOrigin names what something was made from, without the paths of files", () => {
  const file = fileLocation("/home/someone/models/net.onnx");
  const node = (name: string) => nameLocation(`graph/${name}`, file);
  test.each([
    ["nothing known", unknownLocation, ""],
    ["a node", node("Conv_3"), "graph/Conv_3"],
    ["a place in a text", fileLocation("/home/someone/net.mlir", 3, 7), "net.mlir:3:7"],
    ["a place on another system", fileLocation(String.raw`C:\models\net.mlir`, 3, 7), "net.mlir:3:7"],
    [
      "nodes fused again and again, each once",
      fusedLocation("b", [fusedLocation("a", [node("Conv_3"), node("Relu_4")]), node("Conv_3"), node("Add_5")]),
      "graph/Conv_3 + graph/Relu_4 + graph/Add_5",
    ],
    ["many", fusedLocation("a", ["A", "B", "C", "D", "E"].map(node)), "graph/A + graph/B + graph/C + graph/D + …"],
    ["a call", { kind: "callsite", callee: node("Exp"), caller: node("Main") } as const, "graph/Exp"],
  ])("%s", (_, location, text) => {
    expect(describeOrigin(location)).toBe(text);
  });
});
