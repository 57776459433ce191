import { describe, expect, test } from "vitest";
import type { OnnxGraph } from "../../../src/frontends/onnx/graph.ts";
import { loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import { AttributeProto_AttributeType as Kind } from "../../../src/frontends/onnx/protobuf/onnx_pb.ts";
import { serializeModel } from "../../../src/frontends/onnx/serialize.ts";
import { subgraphsOf } from "../../../src/frontends/onnx/subgraphs.ts";
import {
  f32,
  float,
  floats,
  type Function,
  type Graph,
  graphAttribute,
  i64,
  initializer,
  int,
  ints,
  type ModelParts,
  named,
  node,
  reference,
  tensor,
  text,
  texts,
  untyped,
  value,
  writeModel,
} from "./support/model-writer.ts";
import { runInOnnxRuntime } from "./support/onnxruntime.ts";

const load = (parts: ModelParts) => loadOnnxModelFromBytes(writeModel(parts), { file: "m.onnx", folder: undefined });
const opTypes = (graph: OnnxGraph) => graph.nodes.map(({ opType }) => opType);

const x = value("x", "f32", [2]);
const y = value("y", "f32", [2]);

describe("graphs", () => {
  test("what is already sorted keeps its order, what is not is sorted as little as possible", () => {
    const graph: Graph = {
      input: [x],
      output: [y],
      node: [
        node("Exp", "b", "c"),
        node("Neg", "x", "a"),
        node("Abs", "a", "b"),
        node("Sqrt", "x", "d"),
        node("Add", "c d", "y"),
      ],
    };
    const { graph: sorted } = load({ opset: 13, graph });
    expect(opTypes(sorted)).toEqual(["Neg", "Abs", "Exp", "Sqrt", "Add"]);
    // Paths count the file's order.
    expect(sorted.nodes.map(({ path }) => path)).toEqual([
      "graph/Neg_1",
      "graph/Abs_2",
      "graph/Exp_0",
      "graph/Sqrt_3",
      "graph/Add_4",
    ]);
  });

  test("a node waits for what its subgraphs read", () => {
    const branch = (name: string): Graph => ({ output: [untyped(name)], node: [node("Neg", "late", name)] });
    const { graph } = load({
      opset: 13,
      graph: {
        input: [x, value("c", "i1", [])],
        output: [y],
        node: [
          node("If", "c", "y", { then_branch: graphAttribute(branch("t")), else_branch: graphAttribute(branch("e")) }),
          node("Exp", "x", "late"),
        ],
      },
    });
    expect(opTypes(graph)).toEqual(["Exp", "If"]);
    expect(subgraphsOf(graph.nodes[1]!)[0]!.nodes[0]!.path).toBe("graph/If_0.then_branch/Neg_0");
  });

  test("inputs with initializers are constants", () => {
    const { graph } = load({
      opset: 13,
      graph: {
        input: [x, value("w", "f32", [2])],
        output: [y],
        initializer: [initializer("w", f32([2], 1, 2))],
        node: [node("Add", "x w", "y")],
      },
    });
    expect(graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(graph.initializers.get("w")).toEqual(f32([2], 1, 2));
  });

  test("types are symbols, numbers and unknown sizes", () => {
    const { graph } = load({
      opset: 13,
      graph: {
        input: [value("x", "f16", ["N", 3, undefined]), value("z", "i1")],
        output: [y],
        node: [node("Cast", "x", "y", { to: int(1) })],
      },
    });
    expect(graph.inputs).toEqual([
      { name: "x", type: { kind: "tensor", elementType: "f16", shape: ["N", 3, undefined] } },
      { name: "z", type: { kind: "tensor", elementType: "i1", shape: undefined } },
    ]);
  });
});

test("constants become initializers, in subgraphs too", () => {
  const constants = [
    node("Constant", "", "t", { value: tensor(i64([1], 5)) }),
    node("Constant", "", "i", { value_int: int(-3) }),
    node("Constant", "", "is", { value_ints: ints(1, 2) }),
    node("Constant", "", "f", { value_float: float(0.5) }),
    node("Constant", "", "fs", { value_floats: floats(0.5, 1) }),
    node("Constant", "", "s", { value_string: text("a") }),
    node("Constant", "", "ss", { value_strings: texts("a", "b") }),
  ];
  const inner: Graph = { output: [untyped("k")], node: [node("Constant", "", "k", { value_float: float(1) })] };
  const other: Graph = { output: [untyped("l")], node: [node("Constant", "", "l", { value_float: float(2) })] };
  const { graph } = load({
    opset: 13,
    graph: {
      input: [value("c", "i1", [])],
      output: [untyped("y")],
      node: [
        ...constants,
        node("If", "c", "y", { then_branch: graphAttribute(inner), else_branch: graphAttribute(other) }),
      ],
    },
  });
  expect(opTypes(graph)).toEqual(["If"]);
  const values = Object.fromEntries(
    [...graph.initializers].map(([name, { shape, data }]) => [name, [shape, [...data]]]),
  );
  expect(values).toEqual({
    t: [[1], [5n]],
    i: [[], [-3n]],
    is: [[2], [1n, 2n]],
    f: [[], [0.5]],
    fs: [[2], [0.5, 1]],
    s: [[], ["a"]],
    ss: [[2], ["a", "b"]],
  });
  expect(subgraphsOf(graph.nodes[0]!).map(({ initializers }) => [...initializers.keys()])).toEqual([["k"], ["l"]]);
});

describe("functions", () => {
  const scaled: Function = {
    domain: "local",
    name: "Scaled",
    input: ["v"],
    output: ["w"],
    attribute: ["by"],
    attributeProto: [named("power", float(2))],
    opsetImport: [{ domain: "", version: 13n }],
    node: [
      node("Constant", "", "factor", { value_float: reference("by", Kind.FLOAT) }),
      node("Constant", "", "exponent", { value_float: reference("power", Kind.FLOAT) }),
      node("Pow", "v exponent", "p"),
      node("Mul", "p factor", "w"),
    ],
  };
  const twice: Function = {
    domain: "local",
    name: "Twice",
    input: ["v"],
    output: ["w", "same"],
    opsetImport: [
      { domain: "", version: 13n },
      { domain: "local", version: 1n },
    ],
    // The inner name is one that the caller uses, too.
    node: [
      node("Scaled", "v", "x", { by: float(3) }, { domain: "local" }),
      node("Scaled", "x", "w", { by: float(1), power: float(1) }, { domain: "local" }),
      node("Identity", "v", "same"),
    ],
  };
  const call = (inputs: string, outputs: string) => node("Twice", inputs, outputs, {}, { domain: "local" });
  const parts: ModelParts = {
    opset: 13,
    domains: { local: 1 },
    functions: [twice, scaled],
    graph: {
      input: [x],
      output: [y, value("z", "f32", [2])],
      node: [call("x", "y"), call("y", "_ z")],
    },
  };

  test("nested calls are inlined with their attributes, under names of their own", async () => {
    const model = load(parts);
    expect(opTypes(model.graph)).toEqual([
      "Pow",
      "Mul",
      "Pow",
      "Mul",
      "Identity",
      "Pow",
      "Mul",
      "Pow",
      "Mul",
      "Identity",
    ]);
    expect(model.graph.nodes[0]!.path).toBe("graph/Twice_0/Scaled_0/Pow_2");
    const results = await runInOnnxRuntime(serializeModel(model), { x: f32([2], 1, 2) });
    // 3 x² and, passed through, the first result.
    expect(results["y"]!.values).toEqual([3, 12]);
    expect(results["z"]!.values).toEqual([3, 12]);
  });

  test("an output that is an input is copied, an attribute without a value vanishes", async () => {
    const pass: Function = {
      domain: "local",
      name: "Pass",
      input: ["v"],
      output: ["v", "n"],
      attribute: ["alpha"],
      opsetImport: [{ domain: "", version: 13n }],
      node: [node("LeakyRelu", "v", "n", { alpha: reference("alpha", Kind.FLOAT) })],
    };
    const model = load({
      opset: 13,
      domains: { local: 1 },
      functions: [pass],
      graph: {
        input: [x],
        output: [y, value("z", "f32", [2])],
        node: [node("Pass", "x", "y z", {}, { domain: "local" })],
      },
    });
    expect(opTypes(model.graph)).toEqual(["LeakyRelu", "Identity"]);
    expect(model.graph.nodes[0]!.attributes.size).toBe(0);
    const results = await runInOnnxRuntime(serializeModel(model), { x: f32([2], 1, -100) });
    expect(results["y"]!.values).toEqual([1, -100]);
    expect(results["z"]!.values[1]).toBeCloseTo(-1);
  });

  test("functions are of the operator sets that they import themselves", () => {
    const old: Function = {
      domain: "local",
      name: "Old",
      input: ["v"],
      output: ["w"],
      opsetImport: [{ domain: "", version: 11n }],
      node: [node("Unsqueeze", "v", "w", { axes: ints(0) })],
    };
    const model = load({
      opset: 18,
      domains: { local: 1 },
      functions: [old],
      graph: { input: [x], output: [untyped("y")], node: [node("Old", "x", "y", {}, { domain: "local" })] },
    });
    expect(model.graph.nodes[0]!.inputs).toHaveLength(2);
    expect(model.fileOpset).toBe(18);
  });

  test("subgraphs of functions get names of their own", async () => {
    const choose: Function = {
      domain: "local",
      name: "Choose",
      input: ["c", "v"],
      output: ["w"],
      opsetImport: [{ domain: "", version: 13n }],
      node: [
        node("Exp", "v", "e"),
        node("If", "c", "w", {
          then_branch: graphAttribute({ name: "t", output: [untyped("x")], node: [node("Neg", "e", "x")] }),
          else_branch: graphAttribute({ name: "e", output: [untyped("y")], node: [node("Identity", "v", "y")] }),
        }),
      ],
    };
    const model = load({
      opset: 13,
      domains: { local: 1 },
      functions: [choose],
      graph: {
        input: [x, value("c", "i1", [])],
        output: [y],
        node: [
          node("Choose", "c x", "a", {}, { domain: "local" }),
          node("Not", "c", "n"),
          node("Choose", "n a", "y", {}, { domain: "local" }),
        ],
      },
    });
    const run = async (c: number) =>
      (
        await runInOnnxRuntime(serializeModel(model), {
          x: f32([2], 0, 0),
          c: { elementType: "i1", shape: [], data: new Uint8Array([c]) },
        })
      )["y"]!.values;
    expect(await run(1)).toEqual([-1, -1]);
    expect(await run(0)).toEqual([-1, -1]);
  });
});

test("nodes of other domains pass through as they are", () => {
  const model = load({
    opset: 11,
    domains: { "com.microsoft": 1 },
    graph: { input: [x], output: [y], node: [node("Gelu", "x", "y", { keep: int(1) }, { domain: "com.microsoft" })] },
  });
  expect(model.graph.nodes[0]).toMatchObject({
    domain: "com.microsoft",
    opType: "Gelu",
    version: 1,
    path: "graph/Gelu_0",
  });
  expect(model.opsets).toEqual(
    new Map([
      ["", 27],
      ["com.microsoft", 1],
    ]),
  );
});

test("ai.onnx is a spelling of the default domain", () => {
  const model = load({
    domains: { "ai.onnx": 13 },
    graph: { input: [x], output: [y], node: [node("Neg", "x", "y", {}, { domain: "ai.onnx" })] },
  });
  expect(model.graph.nodes[0]!.domain).toBe("");
});
