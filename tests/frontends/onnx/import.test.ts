import { describe, expect, test } from "vitest";
import type { DimensionChoices } from "../../../src/frontends/onnx/dimensions.ts";
import type { OnnxModel } from "../../../src/frontends/onnx/graph.ts";
import { importOnnx } from "../../../src/frontends/onnx/import.ts";
import { loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import type { Attribute, Attributes } from "../../../src/ir/attributes.ts";
import { arith, func, onnx } from "../../../src/ir/dialects/index.ts";
import { unknownType } from "../../../src/ir/dialects/onnx/types.ts";
import { bodyOf, type Module, ModuleReader, type Operation, terminatorOf } from "../../../src/ir/module.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { describeLocation } from "../../../src/support/location.ts";
import { allocateTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import {
  f32,
  float,
  type Graph,
  graphAttribute,
  i64,
  initializer,
  int,
  ints,
  type ModelParts,
  node,
  text,
  untyped,
  value,
  writeModel,
} from "./support/model-writer.ts";

const noChoices: DimensionChoices = { bind: new Map(), shapes: new Map() };

const load = (parts: ModelParts): OnnxModel =>
  loadOnnxModelFromBytes(writeModel(parts), { file: "m.onnx", folder: undefined });
const imported = (graph: Graph, choices: DimensionChoices = noChoices, more: Partial<ModelParts> = {}): Module =>
  importOnnx(load({ opset: 27, graph, ...more }), choices);

/** The operations of `@main`, in order, with what is needed to look at them. */
function mainOf(module: Module) {
  const reader = new ModuleReader(module);
  const main = bodyOf(reader, reader.operation(reader.root))[0]!;
  const operations = bodyOf(reader, main);
  const view = func.func.match(reader, main)!;
  return {
    reader,
    main,
    view,
    operations,
    named: (name: string): readonly Operation[] => operations.filter((op) => op.name === name),
    arguments: reader.block(main.regions[0]![0]!).arguments,
  };
}

/** The codes and messages that an import fails with. */
function failures(
  action: () => unknown,
): readonly { readonly code: string; readonly message: string; readonly place: string }[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.map(({ code, message, location }) => ({
      code,
      message,
      place: describeLocation(location),
    }));
  }
  return [];
}

describe("the function", () => {
  const graph: Graph = {
    node: [node("Add", "x b", "y", {}, { name: "sum" })],
    input: [value("x", "f32", ["batch", 2]), value("b", "f32", [2])],
    output: [value("y", "f32", ["batch", 2])],
  };

  test("has the model's names and element types, static arguments, and is the entry point", () => {
    const {
      reader,
      main,
      view,
      arguments: inputs,
    } = mainOf(imported(graph, { ...noChoices, bind: new Map([["batch", 4]]) }));
    expect(view.attributes.sym_name).toBe("main");
    expect(main.attributes["weft.entry_point"]).toEqual({ kind: "unit" });
    expect(inputs.map((id) => reader.typeOf(id).text)).toEqual(["tensor<4x2xf32>", "tensor<2xf32>"]);
    expect(view.attributes.function_type.text).toBe("(tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>");
    const textOf = (attribute: Attribute | undefined): string | undefined =>
      attribute?.kind === "string" ? attribute.value : undefined;
    const names = (ports: readonly Attributes[] | undefined) =>
      ports?.map((port) => [textOf(port["weft.name"]), textOf(port["weft.element"])]);
    expect(names(view.attributes.arg_attrs)).toEqual([
      ["x", "f32"],
      ["b", "f32"],
    ]);
    expect(names(view.attributes.res_attrs)).toEqual([["y", "f32"]]);
  });

  test("unbound dimensions are refused", () => {
    expect(failures(() => imported(graph)).map(({ code }) => code)).toEqual(["onnx/dimension-unbound"]);
  });

  test("nodes know their place in the model", () => {
    const { named } = mainOf(imported(graph, { ...noChoices, bind: new Map([["batch", 4]]) }));
    expect(named("onnx.Add").map(({ location }) => describeLocation(location))).toEqual(["m.onnx: graph/Add_0"]);
  });

  test("a value has its declared type when that is static, a tensor without a shape when not, or no known type", () => {
    const { reader, named } = mainOf(
      imported({
        node: [node("Relu", "x", "a"), node("Relu", "a", "b"), node("Relu", "b", "c"), node("Relu", "c", "y")],
        input: [value("x", "f32", [2, 3])],
        valueInfo: [value("a", "f32", [2, 3]), value("b", "f32", ["N", 3])],
        output: [value("y", "f32")],
      }),
    );
    expect(named("onnx.Relu").map((op) => reader.typeOf(op.results[0]!).text)).toEqual([
      "tensor<2x3xf32>",
      "tensor<*xf32>",
      unknownType.text,
      "tensor<*xf32>",
    ]);
  });
});

describe("constants", () => {
  const weights = (data: Float32Array) => ({ elementType: "f32" as const, shape: [data.length], data });
  const ramp = (length: number) => weights(Float32Array.from({ length }, (_, index) => index));

  test("are inline below 1024 bytes and resources above, unless all elements are equal", () => {
    const module = imported({
      node: [node("Sum", "small large splat", "y")],
      initializer: [
        initializer("small", ramp(255)),
        initializer("large", ramp(256)),
        initializer("splat", tensorFromNumbers("f32", [4096], new Float32Array(4096).fill(2))),
      ],
      output: [untyped("y")],
    });
    const { reader, named } = mainOf(module);
    const values = named("arith.constant").map((op) => arith.constant.match(reader, op)!.attributes.value);
    expect(values.map(({ kind }) => kind)).toEqual(["dense", "resource", "dense"]);
    const [key] = Object.keys(module.resources);
    expect([...new Float32Array(module.resources[key!]!.bytes.slice().buffer)]).toEqual([...ramp(256).data]);
  });

  test("share the memory of the model's tensors", () => {
    const model = load({
      opset: 27,
      graph: { node: [node("Relu", "w", "y")], initializer: [initializer("w", ramp(1000))], output: [untyped("y")] },
    });
    const module = importOnnx(model, noChoices);
    const [resource] = Object.values(module.resources);
    expect(resource!.bytes.buffer).toBe((model.graph.initializers.get("w")!.data as Float32Array).buffer);
  });

  test("equal tensors share one; the same bytes in another shape or type do not", () => {
    const { named, reader } = mainOf(
      imported({
        node: [node("Sum", "a b", "s"), node("Identity", "c", "t"), node("Identity", "d", "u")],
        initializer: [
          initializer("a", f32([2], 1, 2)),
          initializer("b", f32([2], 1, 2)),
          initializer("c", f32([2, 1], 1, 2)),
          initializer("d", tensorFromNumbers("i32", [2], [0x3f800000, 0x40000000])),
        ],
        output: [untyped("s"), untyped("t"), untyped("u")],
      }),
    );
    expect(named("arith.constant").map((op) => reader.typeOf(op.results[0]!).text)).toEqual([
      "tensor<2xf32>",
      "tensor<2x1xf32>",
      "tensor<2xi32>",
    ]);
    const [sum] = named("onnx.Sum");
    expect(sum!.operands[0]).toBe(sum!.operands[1]);
  });

  test("strings and empty tensors are constants too, unused ones are left out", () => {
    const { named, reader } = mainOf(
      imported({
        node: [node("Identity", "words", "y")],
        initializer: [
          initializer("words", { elementType: "string", shape: [2], data: ["a", "b"] }),
          initializer("empty", allocateTensor("f32", [0, 3])),
          initializer("unused", ramp(1000)),
        ],
        output: [untyped("y"), untyped("empty")],
      }),
    );
    expect(named("arith.constant").map((op) => reader.typeOf(op.results[0]!).text)).toEqual([
      "tensor<2x!onnx.String>",
      "tensor<0x3xf32>",
    ]);
  });

  test("an input with an initializer is a constant", () => {
    const { arguments: inputs, named } = mainOf(
      imported({
        node: [node("Add", "x w", "y")],
        input: [value("x", "f32", [2]), value("w", "f32", [2])],
        initializer: [initializer("w", f32([2], 1, 2))],
        output: [untyped("y")],
      }),
    );
    expect(inputs.length).toBe(1);
    expect(named("arith.constant").length).toBe(1);
  });
});

describe("operands, results and attributes", () => {
  test("absent operands are left out and told by segment sizes", () => {
    const { reader, named } = mainOf(
      imported({
        node: [node("Clip", "x _ high", "y")],
        input: [value("x", "f32", [2]), value("high", "f32", [])],
        output: [untyped("y")],
      }),
    );
    const clip = onnx.Clip.match(reader, named("onnx.Clip")[0])!;
    expect(clip.operands.min).toBeUndefined();
    expect(clip.operands.max).toBe(clip.op.operands[1]);
  });

  test("optional results are made where they are wanted", () => {
    const lstm = (outputs: string) => {
      const { reader, named } = mainOf(
        imported({
          node: [node("LSTM", "x w r", outputs, { hidden_size: int(4) })],
          input: [value("x", "f32", [5, 1, 3]), value("w", "f32", [1, 16, 3]), value("r", "f32", [1, 16, 4])],
          output: [untyped("out")],
        }),
      );
      const { results } = onnx.LSTM.match(reader, named("onnx.LSTM")[0])!;
      return [results.Y, results.Y_h, results.Y_c].map((result) => result !== undefined);
    };
    expect(lstm("out")).toEqual([true, false, false]);
    expect(lstm("_ out")).toEqual([false, true, false]);
    expect(lstm("a _ out")).toEqual([true, false, true]);
  });

  test("attributes are as written, and absent ones stay absent", () => {
    const { reader, named } = mainOf(
      imported({
        node: [node("Conv", "x w", "y", { pads: ints(1, 1, 1, 1), auto_pad: text("NOTSET") })],
        input: [value("x", "f32", [1, 1, 8, 8]), value("w", "f32", [1, 1, 3, 3])],
        output: [untyped("y")],
      }),
    );
    const conv = onnx.Conv.match(reader, named("onnx.Conv")[0])!;
    expect(Object.keys(conv.op.properties).sort()).toEqual(["auto_pad", "pads"]);
    expect(conv.attributes).toMatchObject({ pads: [1, 1, 1, 1], group: 1, strides: undefined });
  });
});

describe("graphs as regions", () => {
  const branch = (constant: number): Graph => ({
    name: "branch",
    node: [node("Add", "x k", "sum")],
    initializer: [initializer("k", f32([], constant))],
    output: [untyped("sum")],
  });

  test("branches use outer values directly, keep their own names apart and end with a Yield", () => {
    const {
      reader,
      named,
      arguments: inputs,
    } = mainOf(
      imported({
        node: [
          node("If", "c", "y", { else_branch: graphAttribute(branch(2)), then_branch: graphAttribute(branch(1)) }),
        ],
        input: [value("c", "i1", []), value("x", "f32", [2])],
        output: [untyped("y")],
      }),
    );
    const constants = named("arith.constant").map((op) => arith.constant.match(reader, op)!);
    const op = named("onnx.If")[0]!;
    expect(onnx.If.match(reader, op)).toBeDefined();
    op.regions.forEach((region, index) => {
      const add = bodyOf(reader, op, index)[0]!;
      expect(add.operands[0]).toBe(inputs[1]);
      const constant = constants.find(({ results }) => results.result === add.operands[1])!;
      expect(constant.attributes.value).toMatchObject({ kind: "dense", data: Float32Array.of(index + 1) });
      const end = terminatorOf(reader, region[0]!)!;
      expect(onnx.Yield.match(reader, end)!.operands.values).toEqual(add.results);
    });
  });

  const loopBody = (outputs: readonly string[]): Graph => ({
    name: "body",
    node: [node("Identity", "going", "more"), node("Add", "carried i", "next"), node("Identity", "carried", "scanned")],
    input: [value("i", "i64", []), value("going", "i1", []), value("carried", "i64", [])],
    output: outputs.map(untyped),
  });

  test("a Loop's results are as many as its body gives, wanted or not", () => {
    const { reader, named } = mainOf(
      imported({
        node: [node("Loop", "n _ start", "last", { body: graphAttribute(loopBody(["more", "next", "scanned"])) })],
        input: [value("n", "i64", []), value("start", "i64", [])],
        output: [untyped("last")],
      }),
    );
    const loop = onnx.Loop.match(reader, named("onnx.Loop")[0])!;
    expect(loop.operands.cond).toBeUndefined();
    expect(loop.operands.v_initial.length).toBe(1);
    expect(loop.results.v_final_and_scan_outputs.length).toBe(2);
    const block = reader.block(loop.regions.body[0]!);
    expect(block.arguments.map((id) => reader.typeOf(id).text)).toEqual(["tensor<i64>", "tensor<i1>", "tensor<i64>"]);
  });

  test("graphs that do not fit the node are reported", () => {
    const found = failures(() =>
      imported({
        node: [
          node("Loop", "n _ start start", "a b", { body: graphAttribute(loopBody(["more"])) }, { name: "l" }),
          node("If", "c", "d", { then_branch: graphAttribute(loopBody(["more"])) }),
        ],
        input: [value("n", "i64", []), value("start", "i64", []), value("c", "i1", [])],
        output: [untyped("a")],
      }),
    );
    expect(found.map(({ code, place }) => [code, place])).toEqual([
      ["onnx/bad-node", "m.onnx: graph/Loop_0"],
      ["onnx/bad-node", "m.onnx: graph/Loop_0"],
      ["onnx/bad-node", "m.onnx: graph/Loop_0"],
      ["onnx/bad-node", "m.onnx: graph/If_1"],
      ["onnx/bad-node", "m.onnx: graph/If_1"],
    ]);
    expect(found[0]!.message).toContain("takes 3 values, but it is given 4");
    expect(found[1]!.message).toContain("gives 1 values, but it must give 3");
    expect(found[2]!.message).toContain("has 2 outputs 'v_final_and_scan_outputs', but its graphs give 0");
    expect(found[3]!.message).toContain("its graph 'else_branch' is missing");
  });
});

describe("what cannot be imported", () => {
  test("all unsupported operators are reported at once, those of subgraphs too", () => {
    const found = failures(() =>
      imported(
        {
          node: [
            node("Mystery", "x _", "a", {}, { domain: "my.domain" }),
            node("Nonsense", "a w", "b"),
            node("If", "c", "y", {
              then_branch: graphAttribute({ name: "t", node: [node("Yield", "b", "z")], output: [untyped("z")] }),
              else_branch: graphAttribute({ name: "e", node: [node("Identity", "b", "z")], output: [untyped("z")] }),
            }),
          ],
          input: [value("x", "f32", ["N"]), value("c", "i1", [])],
          initializer: [initializer("w", i64([2], 1, 2))],
          output: [untyped("y")],
        },
        { ...noChoices, bind: new Map([["N", 3]]) },
        { domains: { "my.domain": 5 } },
      ),
    );
    expect(found).toEqual([
      {
        code: "onnx/unsupported-op",
        message: "the operator 'Mystery' of operator set 'my.domain' 5 is not supported (its operands: tensor<3xf32>)",
        place: "m.onnx: graph/Mystery_0",
      },
      {
        code: "onnx/unsupported-op",
        message:
          "the operator 'Nonsense' of operator set 'ai.onnx' 27 is not supported (its operands: of unknown type, tensor<2xi64>)",
        place: "m.onnx: graph/Nonsense_1",
      },
      {
        code: "onnx/unsupported-op",
        message: "the operator 'Yield' of operator set 'ai.onnx' 27 is not supported (its operands: of unknown type)",
        place: "m.onnx: graph/If_2.then_branch/Yield_0",
      },
    ]);
  });

  test("all nodes that do not fit their operators are reported at once", () => {
    const found = failures(() =>
      imported({
        node: [
          node("Conv", "x", "a", { group: float(1), kernel: ints(3) }),
          node("Concat", "x x", "b"),
          node("Relu", "x x x", "c"),
          node("Sum", "", "d"),
          node("Sum", "x _ x", "e"),
          node("Relu", "x", "f g"),
          node("Add", "_ x", "h", { constructor: int(1) }),
        ],
        input: [value("x", "f32", [1, 1, 4, 4])],
        output: [untyped("a")],
      }),
    );
    expect(found.map(({ message }) => message)).toEqual([
      "the 'Conv' node is not valid: its attribute 'group' is of kind float; expected 64-bit integer attribute",
      "the 'Conv' node is not valid: the operator has no attribute 'kernel'",
      "the 'Conv' node is not valid: its operand 'W' is missing",
      "the 'Concat' node is not valid: its attribute 'axis' is missing",
      "the 'Relu' node is not valid: it has 3 operands, but the operator has 1",
      "the 'Sum' node is not valid: it needs at least 1 operands 'data_0' and has 0",
      "the 'Sum' node is not valid: one of its operands 'data_0' is missing",
      "the 'Relu' node is not valid: it has 2 outputs, but the operator has 1",
      "the 'Add' node is not valid: the operator has no attribute 'constructor'",
      "the 'Add' node is not valid: its operand 'A' is missing",
    ]);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["onnx/bad-node"]));
  });

  test("hostile names are escaped", () => {
    const found = failures(() =>
      imported({
        node: [node("\u001b[31mRelu\u202e", "x", "y")],
        input: [value("x", "f32", [1])],
        output: [untyped("y")],
      }),
    );
    expect(found[0]!.message).toContain("'\\u{1b}[31mRelu\\u{202e}'");
  });
});
