import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { i64ArrayAttribute } from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { onnx, onnxMicrosoft, onnxMl, registry } from "../../../src/ir/dialects/index.ts";
import { onnxDialect, onnxOperation } from "../../../src/ir/dialects/onnx/index.ts";
import { floatTensor, tensorOf } from "../../../src/ir/dialects/onnx/constraints.ts";
import {
  containerType,
  mapType,
  optionalElement,
  optionalType,
  sequenceElement,
  sequenceType,
  unknownType,
} from "../../../src/ir/dialects/onnx/types.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import type { Builder } from "../../../src/ir/builder.ts";
import {
  dialectType,
  f16,
  f32,
  i1,
  i64,
  integerType,
  stringType,
  tensorType,
  unrankedTensorType,
} from "../../../src/ir/types.ts";

const shared = process.env["WEFT_SHARED"] ?? join(import.meta.dirname, "../../../../shared");

/** The operations of a function whose body `fill` builds. */
function built(fill: (builder: Builder) => void) {
  const module = createModule((rewriter) => {
    createFunction(rewriter, "main", [], (builder) => {
      fill(builder);
      return [];
    });
  });
  const reader = new ModuleReader(module);
  return { reader, operations: [...walk(reader)] };
}
const tensor = tensorType([2, 3], f32);
const value = (builder: Builder) => builder.create({ name: "test.value", resultTypes: [tensor] }).results[0]!;

describe("declarations", () => {
  test("every operator of ONNX's backend tests is declared, but for those that version upgrades replace", () => {
    const manifest = JSON.parse(readFileSync(join(shared, "onnx-backend-tests/MANIFEST.json"), "utf8")) as readonly {
      readonly ops: readonly string[];
    }[];
    const operators = new Set(manifest.flatMap(({ ops }) => ops));
    const undeclared = [...operators].filter((name) => {
      const [operator, domain = ""] = name.split("::").reverse();
      return onnxOperation(domain, operator!) === undefined;
    });
    expect(operators.size).toBeGreaterThan(180);
    expect(undeclared.sort()).toEqual(["Scatter", "Upsample"]);
  });

  test("Conv is declared as Operators.md defines it", () => {
    expect(onnx.Conv.name).toBe("onnx.Conv");
    expect(Object.entries(onnx.Conv.operands).map(([name, { arity }]) => [name, arity])).toEqual([
      ["X", "one"],
      ["W", "one"],
      ["B", "optional"],
    ]);
    expect(onnx.Conv.attributes.group).toMatchObject({ presence: "defaulted", default: 1 });
    expect(onnx.Conv.attributes.auto_pad).toMatchObject({ presence: "defaulted", default: "NOTSET" });
    expect(onnx.Conv.attributes.pads.presence).toBe("optional");
    expect(onnx.Conv.results.Y.constraint.accepts(tensorType([1, 1, 2, 2], f16))).toBe(true);
    expect(onnx.Conv.results.Y.constraint.accepts(tensorType([1, 1, 2, 2], i64))).toBe(false);
  });

  test("variadic operands have a least number, graphs are regions, defaults of floats are binary32 numbers", () => {
    expect(onnx.Concat.operands.inputs.minimum).toBe(1);
    expect(onnx.Loop.operands.v_initial.minimum).toBe(0);
    expect(onnx.If.regions).toEqual(["then_branch", "else_branch"]);
    expect(onnx.LeakyRelu.attributes.alpha.default).toBe(Math.fround(0.01));
    expect(onnx.RNN.attributes.activations.default).toEqual(["Tanh", "Tanh"]);
    expect(onnxMl.LabelEncoder.attributes.default_int64.default).toBe(-1n);
    expect(Object.is(onnxMl.LabelEncoder.attributes.default_float.default, -0)).toBe(true);
  });

  test("random operators are not pure; control flow is as pure as its graphs", () => {
    for (const random of [onnx.RandomNormal, onnx.RandomUniformLike, onnx.Bernoulli, onnx.Multinomial])
      expect(random.traits ?? []).not.toContain("pure");
    for (const control of [onnx.If, onnx.Loop, onnx.Scan]) expect(control.traits).toContain("recursively-pure");
  });

  test("operators are found by domain, and all are in the registry under one dialect", () => {
    expect(onnxOperation("", "Conv")?.name).toBe("onnx.Conv");
    expect(onnxOperation("ai.onnx.ml", "LabelEncoder")?.name).toBe("onnx.ml.LabelEncoder");
    expect(onnxOperation("com.microsoft", "QLinearSoftmax")?.name).toBe(onnxMicrosoft.QLinearSoftmax.name);
    expect(onnxOperation("ai.onnx.preview.training", "Adam")?.name).toBe("onnx.training.Adam");
    expect(onnxOperation("", "Yield")).toBeUndefined();
    expect(onnxOperation("", "ml.LabelEncoder")).toBeUndefined();
    expect(onnxOperation("my.domain", "Conv")).toBeUndefined();
    for (const { name } of onnxDialect.operations) expect(registry.definition(name)?.name).toBe(name);
  });
});

describe("building and matching", () => {
  test("optional operands are told apart by segment sizes", () => {
    const { reader, operations } = built((builder) => {
      const x = value(builder);
      onnx.Clip.build(builder, { input: x, max: x }, {}, { resultTypes: [tensor] });
    });
    const clip = operations.map((op) => onnx.Clip.match(reader, op)).find((view) => view !== undefined)!;
    expect(clip.op.properties["operandSegmentSizes"]).toMatchObject({ values: [1, 0, 1] });
    expect(clip.operands.min).toBeUndefined();
    expect(clip.operands.max).toBe(clip.operands.input);
  });

  test("optional results are told apart by segment sizes", () => {
    const { reader, operations } = built((builder) => {
      const x = value(builder);
      const lstm = onnx.LSTM.build(builder, { X: x, W: x, R: x }, {}, { resultTypes: { Y: tensor, Y_c: tensor } });
      expect(lstm.Y_h).toBeUndefined();
      expect(lstm.Y_c).toBe(lstm.op.results[1]);
    });
    const lstm = operations.map((op) => onnx.LSTM.match(reader, op)).find((view) => view !== undefined)!;
    expect(lstm.op.properties["resultSegmentSizes"]).toMatchObject({ values: [1, 0, 1] });
    expect(lstm.results.Y_h).toBeUndefined();
    expect(lstm.results.Y_c).toBe(lstm.op.results[1]);
    expect(lstm.attributes.direction).toBe("forward");
  });

  test("result types in order are refused where they could be for different results", () => {
    built((builder) => {
      const x = value(builder);
      expect(() => onnx.LSTM.build(builder, { X: x, W: x, R: x }, {}, { resultTypes: [tensor] })).toThrow(/by name/);
      expect(onnx.MaxPool.build(builder, { X: x }, { kernel_shape: [2] }, { resultTypes: [tensor] }).Indices).toBe(
        undefined,
      );
    });
  });

  test("attributes are seen as values, and absent ones as their defaults", () => {
    const { reader, operations } = built((builder) => {
      const x = value(builder);
      onnx.Conv.build(builder, { X: x, W: x }, { pads: [1, 1, 1, 1] }, { resultTypes: [tensor] });
    });
    const conv = operations.map((op) => onnx.Conv.match(reader, op)).find((view) => view !== undefined)!;
    expect(conv.attributes).toMatchObject({ group: 1, pads: [1, 1, 1, 1], auto_pad: "NOTSET", strides: undefined });
    expect(conv.op.properties["pads"]).toEqual(i64ArrayAttribute([1, 1, 1, 1]));
  });
});

describe("types", () => {
  test("containers say what they hold, also when they come from text", () => {
    expect(sequenceType(tensor).text).toBe("!onnx.Seq<tensor<2x3xf32>>");
    expect(sequenceElement(sequenceType(tensor))).toBe(tensor);
    expect(optionalElement(optionalType(sequenceType(tensor)))).toBe(sequenceType(tensor));
    expect(containerType(mapType(i64, f32))).toEqual({ kind: "map", key: i64, value: f32 });
    expect(sequenceElement(dialectType("onnx", "Seq<tensor<?x*xf32>>"))).toBeUndefined();
    expect(sequenceElement(dialectType("onnx", "Seq<tensor<4x?xui8>>"))).toBe(
      tensorType([4, "?"], integerType(8, "unsigned")),
    );
    expect(sequenceElement(dialectType("onnx", "Seq<tensor<*x!onnx.String>>"))).toBe(unrankedTensorType(stringType));
    expect(optionalElement(dialectType("onnx", "Opt<!onnx.Seq<tensor<i1>>>"))).toBe(sequenceType(tensorType([], i1)));
    expect(containerType(dialectType("onnx", "Map<!onnx.String, f32>"))).toEqual({
      kind: "map",
      key: stringType,
      value: f32,
    });
    expect(containerType(stringType)).toBeUndefined();
    expect(containerType(f32)).toBeUndefined();
  });

  test("constraints accept their elements, and values of which nothing is known yet", () => {
    expect(floatTensor.accepts(unrankedTensorType(f16))).toBe(true);
    expect(floatTensor.accepts(f32)).toBe(false);
    expect(floatTensor.accepts(unknownType)).toBe(true);
    expect(tensorOf("bool", "string").accepts(tensorType([], stringType))).toBe(true);
    expect(tensorOf("bool", "string").accepts(tensorType([], i64))).toBe(false);
  });
});
