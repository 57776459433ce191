import { describe, expect, test } from "vitest";
import {
  AttributeProto_AttributeType as Kind,
  TensorProto_DataType as DataType,
} from "../../../src/frontends/onnx/protobuf/onnx_pb.ts";
import {
  f32,
  float,
  type Function,
  type Graph,
  graphAttribute,
  initializer,
  int,
  ints,
  type ModelParts,
  named,
  node,
  reference,
  text,
  type Tensor,
  untyped,
  value,
  writeModel,
} from "../../frontends/onnx/support/model-writer.ts";
import { codesAndPlaces, refusalOf } from "./support/refusal.ts";

const x = value("x", "f32", [2]);
const y = value("y", "f32", [2]);
const refused = (parts: ModelParts) => refusalOf(writeModel(parts));
const places = (graph: Graph, more: Partial<ModelParts> = {}) => codesAndPlaces(refused({ opset: 13, graph, ...more }));

describe("graphs", () => {
  test("a node that reads its own output", () => {
    const diagnostics = refused({ opset: 13, graph: { output: [y], node: [node("Neg", "y", "y")] } });
    expect(codesAndPlaces(diagnostics)).toEqual(["onnx/cycle @ bad.onnx: graph/Neg_0"]);
    expect(diagnostics[0]!.message).toBe("the graph has a cycle: graph/Neg_0 → graph/Neg_0");
  });
  test("a long cycle", () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, index) => node("Neg", `v${index}`, `v${(index + 1) % length}`));
    const diagnostics = refused({ opset: 13, graph: { output: [untyped("v0")], node: chain } });
    expect(diagnostics.map(({ code }) => code)).toEqual(["onnx/cycle"]);
    expect(diagnostics[0]!.message.length).toBeLessThan(300);
  });
  test("a cycle through a subgraph", () => {
    const branch = (name: string): Graph => ({ output: [untyped(name)], node: [node("Neg", "z", name)] });
    const graph: Graph = {
      input: [value("c", "i1", [])],
      output: [y],
      node: [
        node("If", "c", "y", { then_branch: graphAttribute(branch("t")), else_branch: graphAttribute(branch("e")) }),
        node("Neg", "y", "z"),
      ],
    };
    expect(places(graph)).toEqual(["onnx/cycle @ bad.onnx: graph/If_0"]);
  });
  test("names that nothing defines", () => {
    const graph: Graph = { input: [x], output: [y, untyped("w")], node: [node("Add", "x nowhere", "y")] };
    expect(places(graph)).toEqual([
      "onnx/undefined-name @ bad.onnx: graph/Add_0",
      "onnx/undefined-output @ bad.onnx: graph",
    ]);
  });
  test("an inner name is not visible outside its subgraph", () => {
    const branch = (name: string): Graph => ({ output: [untyped(name)], node: [node("Neg", "x", name)] });
    const graph: Graph = {
      input: [x, value("c", "i1", [])],
      output: [y],
      node: [
        node("If", "c", "z", { then_branch: graphAttribute(branch("t")), else_branch: graphAttribute(branch("e")) }),
        node("Add", "z t", "y"),
      ],
    };
    expect(places(graph)).toEqual(["onnx/undefined-name @ bad.onnx: graph/Add_1"]);
  });
  test.each<readonly [string, Graph]>([
    ["two nodes", { input: [x], output: [y], node: [node("Neg", "x", "y"), node("Abs", "x", "y")] }],
    ["a node and an input", { input: [x, y], output: [y], node: [node("Neg", "x", "y")] }],
    [
      "a node and an initializer",
      { input: [x], output: [y], node: [node("Neg", "x", "y")], initializer: [initializer("y", f32([2], 1, 2))] },
    ],
    ["two inputs", { input: [x, x], output: [y], node: [node("Neg", "x", "y")] }],
    [
      "two initializers",
      {
        output: [y],
        node: [node("Neg", "w", "y")],
        initializer: [initializer("w", f32([1], 1)), initializer("w", f32([1], 1))],
      },
    ],
    [
      "a subgraph and the graph around it",
      {
        input: [x, value("c", "i1", [])],
        output: [y],
        node: [
          node("If", "c", "y", {
            then_branch: graphAttribute({ output: [untyped("x")], node: [node("Neg", "c", "x")] }),
            else_branch: graphAttribute({ output: [untyped("c")] }),
          }),
        ],
      },
    ],
  ])("a name defined by %s", (_, graph) => {
    const diagnostics = refused({ opset: 13, graph });
    expect(diagnostics.map(({ code }) => code)).toEqual(["onnx/duplicate-name"]);
    expect(diagnostics[0]!.message).toContain("is defined twice");
  });
  test("all problems at once, in the file's order", () => {
    const bad: Tensor = { name: "w", dataType: DataType.FLOAT, dims: [3n], floatData: [1] };
    const graph: Graph = {
      input: [x],
      output: [y, untyped("q")],
      initializer: [bad],
      node: [node("", "x", "a"), node("Add", "x b", "y"), node("Foo", "x w", "z", {}, { domain: "org.foo" })],
    };
    expect(places(graph)).toEqual([
      "onnx/tensor-data-size @ bad.onnx: graph.w",
      "onnx/op-type-missing @ bad.onnx: graph/_0",
      "onnx/undefined-name @ bad.onnx: graph/Add_1",
      "onnx/opset-missing @ bad.onnx: graph/Foo_2",
      "onnx/undefined-output @ bad.onnx: graph",
    ]);
  });
  test("more problems than anybody reads", () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node("Neg", `u${index}`, `v${index}`));
    const diagnostics = refused({ opset: 13, graph: { node: nodes } });
    expect(diagnostics).toHaveLength(1001);
    expect(diagnostics.at(-1)!.code).toBe("onnx/too-many-problems");
  });
  test("values without names", () => {
    expect(places({ input: [value("", "f32")], output: [untyped("")] })).toEqual([
      "onnx/empty-name @ bad.onnx: graph",
      "onnx/empty-name @ bad.onnx: graph",
    ]);
  });
  test("no graph", () => {
    expect(codesAndPlaces(refusalOf(Uint8Array.from([8, 8])))).toEqual(["onnx/graph-missing @ bad.onnx"]);
  });
  test("hostile names are escaped", () => {
    const diagnostics = refused({ opset: 13, graph: { output: [untyped("\u001b[31m\u202e")] } });
    expect(diagnostics[0]!.message).toBe("the graph's output '\\u{1b}[31m\\u{202e}' is never computed");
  });
});

describe("operator sets", () => {
  const graph: Graph = { input: [x], output: [y], node: [node("Neg", "x", "y")] };
  test("none for the operators used", () => {
    expect(codesAndPlaces(refused({ graph }))).toEqual(["onnx/opset-missing @ bad.onnx: graph/Neg_0"]);
  });
  test("one twice, in different versions", () => {
    expect(places(graph, { domains: { "ai.onnx": 12 } })).toEqual(["onnx/opset-conflict @ bad.onnx"]);
  });
  test("a version of another domain that is none", () => {
    expect(places(graph, { domains: { "org.foo": 0 } })).toEqual(["onnx/opset-version @ bad.onnx"]);
  });
});

describe("types", () => {
  const withInput = (input: NonNullable<Graph["input"]>[number]) => places({ input: [input] });
  test("negative dimensions", () => {
    expect(withInput(value("x", "f32", [-1]))).toEqual(["onnx/type-invalid @ bad.onnx: graph"]);
  });
  test("unknown element types", () => {
    const type = { value: { case: "tensorType", value: { elemType: 99 } } } as const;
    expect(withInput({ name: "x", type })).toEqual(["onnx/type-invalid @ bad.onnx: graph"]);
  });
});

describe("tensors", () => {
  const withTensor = (tensor: Tensor) => refused({ opset: 13, graph: { initializer: [{ name: "w", ...tensor }] } });
  const raw = (length: number) => new Uint8Array(length);
  test.each<readonly [string, Tensor, string]>([
    ["a negative dimension", { dataType: DataType.FLOAT, dims: [-2n], rawData: raw(8) }, "tensor-negative-dimension"],
    ["more raw bytes than elements", { dataType: DataType.FLOAT, dims: [1n], rawData: raw(8) }, "tensor-data-size"],
    ["fewer values than elements", { dataType: DataType.FLOAT, dims: [3n], floatData: [1] }, "tensor-data-size"],
    ["no data", { dataType: DataType.FLOAT, dims: [3n] }, "tensor-data-missing"],
    ["data in the wrong field", { dataType: DataType.FLOAT, dims: [1n], int32Data: [1] }, "tensor-several-data"],
    [
      "data in two fields",
      { dataType: DataType.FLOAT, dims: [1n], floatData: [1], rawData: raw(4) },
      "tensor-several-data",
    ],
    ["strings as raw data", { dataType: DataType.STRING, dims: [1n], rawData: raw(4) }, "tensor-several-data"],
    [
      "more elements than memory",
      { dataType: DataType.INT8, dims: [2n ** 40n, 2n ** 40n], rawData: raw(4) },
      "tensor-too-large",
    ],
    ["a trillion elements without data", { dataType: DataType.INT8, dims: [2n ** 40n] }, "tensor-data-missing"],
    ["no element type", { dims: [1n], floatData: [1] }, "tensor-type"],
    ["complex numbers", { dataType: DataType.COMPLEX64, dims: [1n], floatData: [1, 2] }, "tensor-type"],
    [
      "segments",
      { dataType: DataType.FLOAT, dims: [1n], floatData: [1], segment: { begin: 0n, end: 1n } },
      "tensor-segment",
    ],
    ["a boolean of value 2", { dataType: DataType.BOOL, dims: [1n], rawData: Uint8Array.from([2]) }, "tensor-value"],
    ["a byte of value 256", { dataType: DataType.UINT8, dims: [1n], int32Data: [256] }, "tensor-value"],
    ["a half of seventeen bits", { dataType: DataType.FLOAT16, dims: [1n], int32Data: [0x1_0000] }, "tensor-value"],
    ["an int4 pair of nine bits", { dataType: DataType.INT4, dims: [2n], int32Data: [256] }, "tensor-value"],
  ])("%s", (_, tensor, code) => {
    expect(codesAndPlaces(withTensor(tensor))).toEqual([`onnx/${code} @ bad.onnx: graph.w`]);
  });

  const sparse = (indices: Tensor, dims = [2n, 3n]) =>
    refused({
      opset: 13,
      graph: {
        sparseInitializer: [
          {
            dims,
            values: { name: "s", dataType: DataType.FLOAT, dims: [2n], floatData: [1, 2] },
            indices: { dataType: DataType.INT64, ...indices },
          },
        ],
      },
    });
  test.each<readonly [string, Tensor]>([
    ["outside the shape", { dims: [2n], int64Data: [0n, 6n] }],
    ["negative", { dims: [2n], int64Data: [-1n, 0n] }],
    ["twice the same", { dims: [2n], int64Data: [1n, 1n] }],
    ["descending", { dims: [2n, 2n], int64Data: [1n, 0n, 0n, 2n] }],
    ["outside one dimension", { dims: [2n, 2n], int64Data: [0n, 0n, 0n, 3n] }],
    ["too few", { dims: [1n], int64Data: [1n] }],
  ])("sparse indices %s", (_, indices) => {
    expect(codesAndPlaces(sparse(indices))).toEqual(["onnx/sparse-invalid @ bad.onnx: graph.s"]);
  });
  test("a sparse tensor that would expand to terabytes", () => {
    const diagnostics = sparse({ dims: [2n], int64Data: [0n, 1n] }, [1_000_000n, 1_000_000n]);
    expect(codesAndPlaces(diagnostics)).toEqual(["onnx/tensor-too-large @ bad.onnx: graph.s"]);
  });
});

describe("attributes", () => {
  test("given twice", () => {
    const graph: Graph = {
      input: [x],
      output: [y],
      node: [node("Flatten", "x", "y", {}, { attribute: [named("axis", int(1)), named("axis", int(1))] })],
    };
    expect(places(graph)).toEqual(["onnx/attribute-duplicate @ bad.onnx: graph/Flatten_0"]);
  });
  test("of a type without its value", () => {
    const graph: Graph = {
      input: [x],
      output: [y],
      node: [node("If", "x", "y", { then_branch: { type: Kind.GRAPH } })],
    };
    expect(places(graph)).toEqual(["onnx/attribute-invalid @ bad.onnx: graph/If_0.then_branch"]);
  });
  test("a Constant without a value, and with two", () => {
    expect(places({ output: [y], node: [node("Constant", "", "y")] })).toEqual([
      "onnx/attribute-invalid @ bad.onnx: graph/Constant_0",
    ]);
    expect(
      places({ output: [y], node: [node("Constant", "", "y", { value_int: int(1), value_float: float(1) })] }),
    ).toEqual(["onnx/attribute-invalid @ bad.onnx: graph/Constant_0"]);
  });
  test("a reference outside of functions", () => {
    const graph: Graph = {
      input: [x],
      output: [y],
      node: [node("Elu", "x", "y", { alpha: reference("a", Kind.FLOAT) })],
    };
    expect(places(graph)).toEqual(["onnx/reference-outside-function @ bad.onnx: graph/Elu_0"]);
  });
});

describe("functions", () => {
  const local = { domain: "local" };
  const fn = (name: string, nodes: NonNullable<Function["node"]>): Function => ({
    domain: "local",
    name,
    input: ["a"],
    output: ["b"],
    opsetImport: [
      { domain: "", version: 13n },
      { domain: "local", version: 1n },
    ],
    node: nodes,
  });
  const calling = (functions: readonly Function[], call = node(functions[0]!.name!, "x", "y", {}, local)) =>
    codesAndPlaces(
      refused({ opset: 13, domains: { local: 1 }, functions, graph: { input: [x], output: [y], node: [call] } }),
    );
  test("that call themselves through others", () => {
    const functions = [fn("F", [node("G", "a", "b", {}, local)]), fn("G", [node("F", "a", "b", {}, local)])];
    expect(calling(functions)).toEqual(["onnx/function-recursion @ bad.onnx: function F"]);
  });
  test("defined twice", () => {
    const f = fn("F", [node("Neg", "a", "b")]);
    expect(calling([f, f])).toEqual(["onnx/function-duplicate @ bad.onnx: function F"]);
  });
  test("called with what they do not have", () => {
    const f = fn("F", [node("Neg", "a", "b")]);
    for (const call of [
      node("F", "x x", "y", {}, local),
      node("F", "x", "y z", {}, local),
      node("F", "x", "y", { alpha: float(1) }, local),
    ]) {
      expect(calling([f], call)).toEqual(["onnx/function-call @ bad.onnx: graph/F_0"]);
    }
  });
  test("that read what they do not define", () => {
    expect(calling([fn("F", [node("Add", "a x", "b")])])).toEqual(["onnx/undefined-name @ bad.onnx: Add_0"]);
  });
  test("that grow exponentially", () => {
    // Each level calls the next one ten times.
    const levels = Array.from({ length: 12 }, (_, level) => {
      const calls = Array.from({ length: 10 }, (_, index) =>
        node(
          level === 11 ? "Neg" : `F${level + 1}`,
          index === 0 ? "a" : `v${index}`,
          index === 9 ? "b" : `v${index + 1}`,
          {},
          level === 11 ? {} : local,
        ),
      );
      return fn(`F${level}`, calls);
    });
    expect(calling(levels)[0]).toMatch(/^onnx\/function-expansion/);
  }, 30_000);
  test("nested a thousand deep", () => {
    const levels = Array.from({ length: 1000 }, (_, level) =>
      fn(`F${level}`, [level === 999 ? node("Neg", "a", "b") : node(`F${level + 1}`, "a", "b", {}, local)]),
    );
    expect(calling(levels)[0]).toMatch(/^onnx\/function-depth/);
  });
});

describe("operators without a newest form", () => {
  test.each<readonly [string, number, Graph]>([
    [
      "training outputs",
      9,
      {
        input: [x, value("w", "f32", [2])],
        output: [y, untyped("saved")],
        node: [node("BatchNormalization", "x w w w w", "y m v saved")],
      },
    ],
    [
      "batches of different lengths",
      8,
      {
        input: [x],
        output: [y],
        node: [node("Scan", "x x x", "y", { num_scan_inputs: int(1), body: graphAttribute({}) })],
      },
    ],
    ["a fractional order", 1, { input: [x], output: [y], node: [node("LpPool", "x", "y", { p: float(1.5) })] }],
    ["an unknown type name", 1, { input: [x], output: [y], node: [node("Cast", "x", "y", { to: text("FANCY") })] }],
  ])("%s", (_, opset, graph) => {
    const [first] = refused({ opset, graph });
    expect(first!.code).toBe("onnx/upgrade-impossible");
    expect(codesAndPlaces([first!])[0]).toMatch(/bad\.onnx: graph\/\w+_0$/);
  });
  test("missing and wrong attributes of old operators", () => {
    expect(
      codesAndPlaces(refused({ opset: 9, graph: { input: [x], output: [y], node: [node("TopK", "x", "y")] } })),
    ).toEqual(["onnx/attribute-invalid @ bad.onnx: graph/TopK_0"]);
    const graph: Graph = {
      input: [x],
      output: [y],
      node: [node("Slice", "x", "y", { starts: int(1), ends: ints(1) })],
    };
    expect(codesAndPlaces(refused({ opset: 9, graph }))).toEqual(["onnx/attribute-invalid @ bad.onnx: graph/Slice_0"]);
  });
});
