import { describe, expect, test } from "vitest";
import type { ElementType } from "../../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import {
  f32,
  i64,
  int,
  ints,
  node,
  tensor as tensorAttribute,
  text,
} from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";

const tensor = (type: ElementType, shape: readonly number[], ...values: readonly (number | bigint)[]): HostTensor =>
  tensorFromNumbers(type, shape, values);
/** 1, 2, 3, … in the shape. */
const ramp = (...shape: readonly number[]): HostTensor =>
  f32(shape, ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index + 1));
const mixed = (...shape: readonly number[]): HostTensor =>
  f32(shape, ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.fround(Math.sin(index * 1.7 + 0.3) * 3))); // prettier-ignore
type Attributes = Parameters<typeof node>[3];

/** An operator whose result's size depends on operands known at run time only, with the type that the model declares. */
interface DeclaredSizes {
  readonly opType: string;
  readonly inputs: Readonly<Record<string, HostTensor>>;
  readonly type: readonly [ElementType, readonly number[]];
  readonly values: readonly number[];
  readonly attributes?: Attributes;
}

/** An operator over x and operands that only constants can be. */
const shaped = (
  name: string,
  opType: string,
  x: HostTensor,
  constants: Readonly<Record<string, HostTensor>> = {},
  attributes: Attributes = {},
  outputs = "y",
): OperatorCase => ({
  name,
  nodes: [node(opType, ["x", ...Object.keys(constants)].join(" "), outputs, attributes)],
  inputs: { x },
  constants,
  outputs: outputs.split(" "),
});

describe("shapes, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    shaped("Reshape with 0 and -1", "Reshape", ramp(2, 3, 4), { s: i64([3], 0, -1, 2) }),
    shaped("Reshape to nothing", "Reshape", f32([0, 3]), { s: i64([2], 3, 0) }, { allowzero: int(1) }),
    shaped("Reshape to a scalar", "Reshape", ramp(1, 1), { s: i64([0]) }),
    shaped("Flatten", "Flatten", ramp(2, 3, 4), {}, { axis: int(-1) }),
    shaped("Flatten at the end", "Flatten", ramp(2, 3), {}, { axis: int(2) }),
    shaped("Squeeze some", "Squeeze", ramp(1, 3, 1, 2), { a: i64([1], -2) }),
    shaped("Squeeze all", "Squeeze", ramp(1, 3, 1, 2)),
    shaped("Unsqueeze", "Unsqueeze", ramp(3), { a: i64([3], 0, -1, 1) }),
    shaped("Transpose", "Transpose", ramp(2, 3, 4), {}, { perm: ints(2, 0, 1) }),
    shaped("Transpose backwards", "Transpose", ramp(2, 3, 4)),
    shaped("Split evenly but for the last", "Split", ramp(2, 7), {}, { axis: int(1), num_outputs: int(3) }, "a b c"),
    shaped("Split as told", "Split", ramp(5, 2), { s: i64([3], 1, 0, 4) }, {}, "a b c"),
    shaped("Slice with steps", "Slice", ramp(4, 5), { s: i64([2], 1, -1), e: i64([2], 4, -6), a: i64([2], 0, -1), t: i64([2], 2, -2) }), // prettier-ignore
    shaped("Slice beyond the ends", "Slice", ramp(4), { s: i64([1], -9), e: i64([1], 99) }),
    shaped("Slice of nothing", "Slice", ramp(4), { s: i64([1], 3), e: i64([1], 1) }),
    shaped("Slice backwards beyond the ends", "Slice", ramp(4), { s: i64([1], 99), e: i64([1], -99), a: i64([1], 0), t: i64([1], -3) }), // prettier-ignore
    shaped("Expand both ways", "Expand", ramp(3, 1), { s: i64([3], 2, 1, 4) }),
    shaped("Tile", "Tile", ramp(2, 3), { r: i64([2], 2, 3) }),
    shaped("Tile to nothing", "Tile", ramp(2, 3), { r: i64([2], 0, 1) }),
    shaped("DepthToSpace", "DepthToSpace", ramp(1, 8, 2, 3), {}, { blocksize: int(2) }),
    shaped("DepthToSpace by columns", "DepthToSpace", ramp(1, 8, 2, 3), {}, { blocksize: int(2), mode: text("CRD") }),
    shaped("SpaceToDepth", "SpaceToDepth", ramp(1, 2, 4, 6), {}, { blocksize: int(2) }),
    shaped("Trilu below", "Trilu", ramp(2, 3, 4), { k: i64([], 1) }, { upper: int(0) }),
    shaped("Trilu above", "Trilu", ramp(3, 3), { k: i64([], -5) }),
    shaped("Shape from the end", "Shape", ramp(2, 3, 4), {}, { start: int(-2) }),
    shaped("Size", "Size", ramp(2, 3, 4)),
    {
      name: "Concat with an empty part",
      nodes: [node("Concat", "a b c", "y", { axis: int(-1) })],
      inputs: { a: ramp(2, 1), b: f32([2, 0]), c: ramp(2, 2) },
    },
    {
      name: "Trilu with a diagonal known at run time",
      nodes: [node("Trilu", "x k", "y")],
      inputs: { x: ramp(3, 4), k: i64([], 2) },
    },
    shaped("OneHot", "OneHot", tensor("i64", [2, 2], 1, -1, 9, 0), { d: i64([], 3), v: f32([2], 0.5, 2) }, { axis: int(1) }), // prettier-ignore
    shaped("EyeLike", "EyeLike", ramp(3, 4), {}, { k: int(-1) }),
    {
      name: "ConstantOfShape",
      nodes: [node("ConstantOfShape", "s", "y", { value: tensorAttribute(tensor("i32", [1], 7)) })],
      constants: { s: i64([2], 2, 3) },
    },
    { name: "Range down", nodes: [node("Range", "a b c", "y")], constants: { a: f32([], 5), b: f32([], 1), c: f32([], -1.5) } }, // prettier-ignore
    { name: "Range of nothing", nodes: [node("Range", "a b c", "y")], constants: { a: i64([], 5), b: i64([], 1), c: i64([], 1) } }, // prettier-ignore
  ]);

  test.each<DeclaredSizes>([
    {
      opType: "Reshape",
      inputs: { x: ramp(2, 3), s: i64([2], 3, 2) },
      type: ["f32", [3, 2]],
      values: [1, 2, 3, 4, 5, 6],
    },
    { opType: "Unsqueeze", inputs: { x: ramp(2), a: i64([1], -1) }, type: ["f32", [2, 1]], values: [1, 2] },
    {
      opType: "Expand",
      inputs: { x: ramp(2, 1), s: i64([2], 1, 3) },
      type: ["f32", [2, 3]],
      values: [1, 1, 1, 2, 2, 2],
    },
    {
      opType: "Tile",
      inputs: { x: ramp(1, 2), r: i64([2], 2, 2) },
      type: ["f32", [2, 4]],
      values: [1, 2, 1, 2, 1, 2, 1, 2],
    },
    {
      opType: "Slice",
      inputs: { x: ramp(3, 4), s: i64([1], -1), e: i64([1], 0), a: i64([1], 1), t: i64([1], -2) },
      type: ["f32", [3, 2]],
      values: [4, 2, 8, 6, 12, 10],
    },
    {
      opType: "ReduceSum",
      inputs: { x: ramp(2, 2, 3), a: i64([1], -2) },
      type: ["f32", [2, 3]],
      values: [5, 7, 9, 17, 19, 21],
      attributes: { keepdims: int(0) },
    },
    {
      opType: "ReduceSum",
      inputs: { x: ramp(2, 2, 3), a: i64([1], 0) },
      type: ["f32", [2, 3]],
      values: [8, 10, 12, 14, 16, 18],
      attributes: { keepdims: int(0) },
    },
    { opType: "ReduceMax", inputs: { x: ramp(2, 1, 3), a: i64([2], 2, 1) }, type: ["f32", [2, 1, 1]], values: [3, 6] },
    {
      opType: "Range",
      inputs: { a: i64([], 7), b: i64([], 0), c: i64([], -3) },
      type: ["i64", [3]],
      values: [7, 4, 1],
    },
    {
      opType: "OneHot",
      inputs: { x: tensor("i64", [2], -1, 0), d: i64([], 3), v: f32([2], 0, 1) },
      type: ["f32", [2, 3]],
      values: [0, 0, 1, 1, 0, 0],
    },
    { opType: "ConstantOfShape", inputs: { s: i64([1], 2) }, type: ["f32", [2]], values: [0, 0] },
  ])("$opType takes sizes that only the model's declarations tell", ({ opType, inputs, type, values, attributes }) => {
    const example: OperatorCase = {
      name: opType,
      nodes: [node(opType, Object.keys(inputs).join(" "), "y", attributes)],
      inputs,
      types: { y: type },
    };
    checkCase(example, [{ shape: type[1], values }]);
    expect(refusalOf(() => runUnknown({ ...example, types: {} }))).toMatch(/must be known at compile time/);
  });

  test("bad shapes are errors of the model", () => {
    const refusal = (example: OperatorCase) => refusalOf(() => runUnknown(example));
    const invalid = /^onnx\/invalid/;
    expect(refusal(shaped("", "Reshape", ramp(2, 3), { s: i64([1], 5) }))).toMatch(invalid);
    expect(refusal(shaped("", "Tile", ramp(2), { r: i64([1], -1) }))).toMatch(invalid);
    expect(refusal(shaped("", "Expand", ramp(2), { s: i64([1], -3) }))).toMatch(invalid);
    expect(refusal(shaped("", "Split", ramp(3), { s: i64([2], 4, -1) }, {}, "a b"))).toMatch(invalid);
    expect(refusal(shaped("", "DepthToSpace", ramp(1, 4, 1, 1), {}, { blocksize: int(0) }))).toMatch(invalid);
  });
});

describe("gathering and scattering, as in ONNX Runtime", () => {
  const data = ramp(3, 4);
  testAgainstOnnxRuntime([
    { name: "Gather with negative indices", nodes: [node("Gather", "x i", "y", { axis: int(1) })], inputs: { x: data, i: i64([2, 2], 0, -1, 3, -4) } }, // prettier-ignore
    { name: "Gather by constant indices", nodes: [node("Gather", "x i", "y")], inputs: { x: data }, constants: { i: tensor("i32", [], -1) } }, // prettier-ignore
    { name: "GatherElements", nodes: [node("GatherElements", "x i", "y", { axis: int(-1) })], inputs: { x: data, i: i64([2, 3], 0, -1, 3, 1, 1, -2) } }, // prettier-ignore
    { name: "GatherND", nodes: [node("GatherND", "x i", "y")], inputs: { x: ramp(2, 3, 4), i: i64([2, 2], 1, 0, -1, 2) } }, // prettier-ignore
    { name: "GatherND by batch", nodes: [node("GatherND", "x i", "y", { batch_dims: int(1) })], inputs: { x: ramp(2, 3, 4), i: i64([2, 1], 2, -3) } }, // prettier-ignore
    ...["none", "add", "mul", "max", "min"].flatMap((reduction): OperatorCase[] => [
      {
        name: `ScatterElements, ${reduction}`,
        opset: 18,
        nodes: [node("ScatterElements", "x i u", "y", { axis: int(1), reduction: text(reduction) })],
        // Repeated places only where their order does not matter.
        inputs: { x: mixed(2, 4), i: i64([2, 2], ...(reduction === "none" ? [0, -1, 2, 1] : [0, 0, -1, 3])), u: mixed(2, 2) }, // prettier-ignore
      },
      {
        name: `ScatterND, ${reduction}`,
        opset: 18,
        nodes: [node("ScatterND", "x i u", "y", { reduction: text(reduction) })],
        inputs: { x: mixed(3, 2), i: i64([2, 1], ...(reduction === "none" ? [2, -3] : [1, 1])), u: ramp(2, 2) },
      },
    ]),
    { name: "ScatterElements of integers", nodes: [node("ScatterElements", "x i u", "y", { reduction: text("add") })], inputs: { x: tensor("i64", [3], 1, 2, 3), i: i64([2], 1, 1), u: tensor("i64", [2], 10, 20) } }, // prettier-ignore
  ]);
  test("a known index out of range is an error of the model", () => {
    const example: OperatorCase = {
      name: "",
      nodes: [node("Gather", "x i", "y")],
      inputs: { x: data },
      constants: { i: i64([], 3) },
    };
    expect(refusalOf(() => runUnknown(example))).toMatch(/^onnx\/invalid: .*out of range for an axis of size 3/);
  });
});

describe("reductions, as in ONNX Runtime", () => {
  const names = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"]; // prettier-ignore
  testAgainstOnnxRuntime([
    ...names.flatMap((opType) => [
      { ...shaped(`${opType} over two axes`, opType, mixed(2, 3, 4), { a: i64([2], -1, 0) }), opset: 18 },
      { ...shaped(`${opType} over everything`, opType, mixed(2, 3), {}, { keepdims: int(0) }), opset: 18 },
      { ...shaped(`${opType} over nothing`, opType, mixed(2, 3), { a: i64([0]) }, { noop_with_empty_axes: int(1) }), opset: 18 }, // prettier-ignore
    ]),
    ...["ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd"].map((opType) => ({
      ...shaped(`${opType} of integers`, opType, tensor("i32", [2, 3], 1, -2, 3, 4, 5, -6), { a: i64([1], 1) }),
      opset: 18,
    })),
    { ...shaped("ReduceLogSumExp of large numbers", "ReduceLogSumExp", f32([1, 3], 1000, 1001, 999)), opset: 18 },
    shaped("ReduceLogSum", "ReduceLogSum", ramp(2, 3), { a: i64([1], 0) }),
    { ...shaped("ReduceSum of nothing", "ReduceSum", f32([2, 0]), { a: i64([1], 1) }), opset: 18 },
    ...["ArgMax", "ArgMin"].flatMap((opType) =>
      [0, 1].map(
        (last) =>
        shaped(`${opType}, ${last ? "last" : "first"} of equals`, opType, f32([2, 4], 1, 3, 3, 1, 2, 2, 2, 2), {}, { axis: int(-1), select_last_index: int(last), keepdims: int(last) }), // prettier-ignore
      ),
    ),
  ]);
  // ONNX's rule for empty sets: the neutral element of the reduction.
  test.each([
    ["ReduceMax", -Infinity],
    ["ReduceMin", Infinity],
    ["ReduceProd", 1],
    ["ReduceL1", 0],
    ["ReduceL2", 0],
    ["ReduceLogSum", -Infinity],
    ["ReduceLogSumExp", -Infinity],
    ["ReduceSumSquare", 0],
  ])("%s of nothing is %d", (opType, value) => {
    const example = { ...shaped("", opType, f32([2, 0]), { a: i64([1], 1) }, { keepdims: int(0) }), opset: 20 };
    checkCase(example, [{ shape: [2], values: [value, value] }]);
  });
});
