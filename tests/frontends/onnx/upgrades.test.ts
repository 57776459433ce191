import { describe, expect, test } from "vitest";
import { newestOpset } from "../../../src/frontends/onnx/graph.ts";
import { loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import { serializeModel } from "../../../src/frontends/onnx/serialize.ts";
import { upgrades } from "../../../src/frontends/onnx/upgrades/upgrade.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import {
  f32,
  float,
  floats,
  type Graph,
  graphAttribute,
  i64,
  initializer,
  int,
  ints,
  type Node,
  node,
  text,
  untyped,
  value,
  writeModel,
} from "./support/model-writer.ts";
import { runInOnnxRuntime } from "./support/onnxruntime.ts";

/**
 * A model of an old operator set. ONNX Runtime runs the upgraded model; the outputs must be those that it gives for the old
 * one or, where it has no such old operator any more, `expected`, worked out from the old specification.
 */
interface Case {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly Node[];
  readonly inputs?: Readonly<Record<string, HostTensor>>;
  readonly constants?: Readonly<Record<string, HostTensor>>;
  readonly outputs?: readonly string[];
  /** Shape and values of each output. */
  readonly expected?: readonly (readonly [readonly number[], readonly number[]])[];
  /** Inputs get no declared shape, so that no rewrite can rely on ranks. */
  readonly openRanks?: boolean;
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** 1, 2, 3, … in the shape. */
const ramp = (...shape: number[]): HostTensor =>
  f32(shape, ...Array.from({ length: count(shape) }, (_, index) => index + 1));
/** Numbers of both signs without a pattern. */
const mixed = (...shape: number[]): HostTensor =>
  f32(shape, ...Array.from({ length: count(shape) }, (_, index) => Math.fround(Math.sin(index * 1.7 + 0.3) * 3)));

function build(example: Case): Uint8Array {
  const inputs = Object.entries(example.inputs ?? {});
  const constants = Object.entries(example.constants ?? {});
  const graph: Graph = {
    node: [...example.nodes],
    input: [
      ...inputs.map(([name, tensor]) =>
        value(name, tensor.elementType, example.openRanks === true ? undefined : tensor.shape),
      ),
      // IR version 3 wants every initializer among the inputs.
      ...constants.map(([name, tensor]) => value(name, tensor.elementType, tensor.shape)),
    ],
    output: (example.outputs ?? ["y"]).map(untyped),
    initializer: constants.map(([name, tensor]) => initializer(name, tensor)),
  };
  return writeModel({ opset: example.opset, irVersion: 3, graph });
}

const cases: readonly Case[] = [
  ...(["Add", "Sub", "Mul", "Div"] as const).flatMap((opType): Case[] => {
    const apply = { Add: (a: number, b: number) => a + b, Sub: (a: number, b: number) => a - b }[opType as "Add"];
    const operation =
      apply ?? (opType === "Mul" ? (a: number, b: number) => a * b : (a: number, b: number) => Math.fround(a / b));
    const a = ramp(2, 3, 4);
    const expected = [...(a.data as Float32Array)].map((x, index) => operation(x, (Math.floor(index / 4) % 3) + 1));
    const common = {
      opset: 6,
      nodes: [node(opType, "a b", "y", { broadcast: int(1), axis: int(1) })],
      expected: [[[2, 3, 4], expected] as const],
    };
    return [
      { ...common, name: `${opType}-6 broadcasts from an axis`, inputs: { a, b: ramp(3) } },
      { ...common, name: `${opType}-6 broadcasts a constant from an axis`, inputs: { a }, constants: { b: ramp(3) } },
      {
        ...common,
        name: `${opType}-6 broadcasts from an axis of operands of unknown rank`,
        inputs: { a, b: ramp(3) },
        openRanks: true,
      },
      {
        ...common,
        name: `${opType}-6 broadcasts from an axis counted from the end`,
        inputs: { a, b: ramp(3) },
        openRanks: true,
        nodes: [node(opType, "a b", "y", { broadcast: int(1), axis: int(-2) })],
      },
    ];
  }),
  {
    name: "Add-1 with consumed_inputs broadcasts the last dimensions",
    opset: 1,
    nodes: [node("Add", "a b", "y", { broadcast: int(1), consumed_inputs: ints(0, 0) })],
    inputs: { a: ramp(2, 2), b: ramp(2) },
    expected: [
      [
        [2, 2],
        [2, 4, 4, 6],
      ],
    ],
  },
  {
    name: "Pow-1 broadcasts from an axis",
    opset: 1,
    nodes: [node("Pow", "a b", "y", { broadcast: int(1), axis: int(0) })],
    inputs: { a: ramp(2, 2), b: ramp(2) },
    expected: [
      [
        [2, 2],
        [1, 2, 9, 16],
      ],
    ],
  },
  ...(["Greater", "Less", "Equal"] as const).map((opType): Case => ({
    name: `${opType}-1 broadcasts from an axis`,
    opset: 1,
    nodes: [
      node("Cast", "a", "ai", { to: text("INT32") }),
      node("Cast", "b", "bi", { to: text("INT32") }),
      opType === "Equal"
        ? node("Equal", "ai bi", "y", { broadcast: int(1), axis: int(0) })
        : node(opType, "a b", "y", { broadcast: int(1), axis: int(0) }),
    ],
    inputs: { a: ramp(2, 2), b: f32([2], 2, 3) },
    expected: [[[2, 2], { Greater: [0, 0, 0, 1], Less: [1, 0, 0, 0], Equal: [0, 1, 1, 0] }[opType]]],
  })),
  ...(["And", "Or", "Xor"] as const).map((opType): Case => ({
    name: `${opType}-1 broadcasts from an axis`,
    opset: 1,
    nodes: [node(opType, "a b", "y", { broadcast: int(1), axis: int(0) })],
    inputs: { a: tensorFromNumbers("i1", [2, 2], [0, 1, 0, 1]), b: tensorFromNumbers("i1", [2], [0, 1]) },
    expected: [[[2, 2], { And: [0, 0, 0, 1], Or: [0, 1, 1, 1], Xor: [0, 1, 1, 0] }[opType]]],
  })),
  {
    name: "PRelu-6 has a slope for each channel",
    opset: 6,
    nodes: [node("PRelu", "x s", "y")],
    inputs: { x: f32([1, 2, 2], -1, 2, -3, -4) },
    constants: { s: f32([2], 10, 100) },
    expected: [
      [
        [1, 2, 2],
        [-10, 2, -300, -400],
      ],
    ],
  },
  {
    name: "PRelu-1 shares a single slope",
    opset: 1,
    nodes: [node("PRelu", "x s", "y", { consumed_inputs: ints(0, 0) })],
    inputs: { x: f32([1, 2, 2], -1, 2, -3, -4), s: f32([1], 10) },
    expected: [
      [
        [1, 2, 2],
        [-10, 2, -30, -40],
      ],
    ],
  },
  {
    name: "Relu-1 drops consumed_inputs",
    opset: 1,
    nodes: [node("Relu", "x", "y", { consumed_inputs: ints(0) })],
    inputs: { x: f32([2], -1, 1) },
    expected: [[[2], [0, 1]]],
  },
  {
    name: "Clip-6 has its bounds as attributes",
    opset: 6,
    nodes: [node("Clip", "x", "y", { min: float(-1), max: float(2) })],
    inputs: { x: mixed(7) },
  },
  {
    name: "Clip-6 without an upper bound, of a value of unknown type",
    opset: 6,
    nodes: [node("Neg", "x", "n"), node("Clip", "n", "y", { min: float(0.5) })],
    inputs: { x: mixed(7) },
  },
  {
    name: "Clip-1 without a lower bound",
    opset: 1,
    nodes: [node("Clip", "x", "y", { max: float(0.5), consumed_inputs: ints(0) })],
    inputs: { x: f32([3], -1, 0, 1) },
    expected: [[[3], [-1, 0, 0.5]]],
  },
  {
    name: "Cast-1 names the type",
    opset: 1,
    nodes: [node("Cast", "x", "y", { to: text("INT64") })],
    inputs: { x: f32([2], 1.5, -2.5) },
    expected: [[[2], [1, -2]]],
  },
  {
    name: "Selu-1 has less exact defaults",
    opset: 1,
    nodes: [node("Selu", "x", "y")],
    inputs: { x: f32([2], 1, -1) },
    expected: [[[2], [1.0507, 1.0507 * 1.6732 * (Math.exp(-1) - 1)]]],
  },
  {
    name: "Dropout-6 in test mode passes its input on",
    opset: 6,
    nodes: [node("Dropout", "x", "y", { is_test: int(1), ratio: float(0.9) })],
    inputs: { x: ramp(4) },
    expected: [[[4], [1, 2, 3, 4]]],
  },
  { name: "Dropout-7", opset: 7, nodes: [node("Dropout", "x", "y", { ratio: float(0.9) })], inputs: { x: ramp(4) } },
  {
    name: "Dropout-7 has a mask of the data's type",
    opset: 7,
    nodes: [node("Dropout", "x", "y mask", { ratio: float(0.9) })],
    inputs: { x: ramp(4) },
    outputs: ["y", "mask"],
    expected: [
      [[4], [1, 2, 3, 4]],
      [[4], [1, 1, 1, 1]],
    ],
  },
  {
    name: "Dropout-10 has a boolean mask",
    opset: 10,
    nodes: [node("Dropout", "x", "y mask")],
    inputs: { x: ramp(4) },
    outputs: ["y"],
  },
  {
    name: "Reshape-1 has its shape as an attribute",
    opset: 1,
    nodes: [node("Reshape", "x", "y", { shape: ints(0, -1), consumed_inputs: ints(0) })],
    inputs: { x: ramp(2, 3, 2) },
    expected: [[[2, 6], Array.from({ length: 12 }, (_, index) => index + 1)]],
  },
  {
    name: "Squeeze-11 and Unsqueeze-11 have their axes as attributes",
    opset: 11,
    nodes: [node("Unsqueeze", "x", "u", { axes: ints(0, -1) }), node("Squeeze", "u", "y", { axes: ints(-1) })],
    inputs: { x: ramp(2, 3) },
  },
  {
    name: "Squeeze-1 without axes",
    opset: 1,
    nodes: [node("Squeeze", "x", "y")],
    inputs: { x: ramp(1, 3, 1) },
    expected: [[[3], [1, 2, 3]]],
  },
  ...[
    "ReduceL1",
    "ReduceL2",
    "ReduceLogSumExp",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceProd",
    "ReduceSum",
    "ReduceSumSquare",
  ].flatMap((opType): Case[] => [
    {
      name: `${opType}-11 has its axes as an attribute`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axes: ints(-1, 0), keepdims: int(0) })],
      inputs: { x: mixed(2, 3, 2) },
    },
    {
      name: `${opType}-13 without axes reduces all`,
      opset: 13,
      nodes: [node(opType, "x", "y")],
      inputs: { x: mixed(2, 3) },
    },
  ]),
  {
    name: "ReduceLogSum-11 has its axes as an attribute",
    opset: 11,
    nodes: [node("ReduceLogSum", "x", "y", { axes: ints(0) })],
    inputs: { x: ramp(2, 3) },
  },
  {
    name: "Split-2 into stated sizes",
    opset: 2,
    nodes: [node("Split", "x", "a b", { axis: int(1), split: ints(1, 2) })],
    inputs: { x: ramp(2, 3) },
    outputs: ["a", "b"],
    expected: [
      [
        [2, 1],
        [1, 4],
      ],
      [
        [2, 2],
        [2, 3, 5, 6],
      ],
    ],
  },
  {
    name: "Split-11 into equal parts",
    opset: 11,
    nodes: [node("Split", "x", "a b", { axis: int(-1) })],
    inputs: { x: ramp(2, 4) },
    outputs: ["a", "b"],
  },
  {
    name: "Split-13 with an input",
    opset: 13,
    nodes: [node("Split", "x s", "a b")],
    inputs: { x: ramp(3) },
    constants: { s: i64([2], 1, 2) },
    outputs: ["a", "b"],
  },
  {
    name: "Split-1 takes sizes as an input of the data's type",
    opset: 1,
    nodes: [node("Split", "x s", "a b", { axis: int(0) })],
    inputs: { x: ramp(3), s: f32([2], 1, 2) },
    outputs: ["a", "b"],
    expected: [
      [[1], [1]],
      [[2], [2, 3]],
    ],
  },
  {
    name: "Slice-1 has its bounds as attributes",
    opset: 9,
    nodes: [node("Slice", "x", "y", { starts: ints(1, -3), ends: ints(2, 9999), axes: ints(0, 1) })],
    inputs: { x: ramp(3, 4) },
  },
  {
    name: "Slice-1 without axes",
    opset: 9,
    nodes: [node("Slice", "x", "y", { starts: ints(1), ends: ints(-1) })],
    inputs: { x: ramp(4, 2) },
  },
  {
    name: "Pad-1 calls its attribute paddings",
    opset: 1,
    nodes: [node("Pad", "x", "y", { paddings: ints(0, 1, 0, 0), value: float(9) })],
    inputs: { x: ramp(1, 2) },
    expected: [
      [
        [1, 3],
        [9, 1, 2],
      ],
    ],
  },
  ...["constant", "reflect", "edge"].map((mode): Case => ({
    name: `Pad-2 in mode ${mode} has pads and value as attributes`,
    opset: 10,
    nodes: [node("Pad", "x", "y", { mode: text(mode), pads: ints(0, 2, 1, 1), value: float(1.5) })],
    inputs: { x: ramp(2, 3) },
  })),
  {
    name: "Tile-1 repeats one axis",
    opset: 1,
    nodes: [node("Tile", "x n axis", "y")],
    inputs: { x: ramp(2, 2), n: f32([], 2), axis: f32([], 1) },
    expected: [
      [
        [2, 4],
        [1, 2, 1, 2, 3, 4, 3, 4],
      ],
    ],
  },
  {
    name: "Tile-1 repeats a constant axis a constant time",
    opset: 1,
    nodes: [node("Tile", "x n axis", "y")],
    inputs: { x: ramp(2, 2) },
    constants: { n: f32([], 2), axis: f32([], 0) },
    expected: [
      [
        [4, 2],
        [1, 2, 3, 4, 1, 2, 3, 4],
      ],
    ],
  },
  {
    name: "TopK-1 has k as an attribute",
    opset: 9,
    nodes: [node("TopK", "x", "y at", { k: int(2), axis: int(1) })],
    inputs: { x: mixed(2, 5) },
    outputs: ["y", "at"],
  },
  {
    name: "Concat-1 has a default axis",
    opset: 1,
    nodes: [node("Concat", "a b", "y")],
    inputs: { a: ramp(2, 1), b: ramp(2, 2) },
    expected: [
      [
        [2, 3],
        [1, 1, 2, 2, 3, 4],
      ],
    ],
  },
  {
    name: "Scatter-9 is ScatterElements",
    opset: 9,
    nodes: [node("Scatter", "x at u", "y", { axis: int(1) })],
    inputs: { x: ramp(2, 3), at: i64([2, 1], 2, 0), u: f32([2, 1], -1, -2) },
  },
  {
    name: "OneHot-9 has no negative indices",
    opset: 9,
    nodes: [node("OneHot", "at depth values", "y")],
    inputs: { at: i64([3], 1, -1, 3), depth: i64([], 3), values: f32([2], 0, 1) },
    expected: [
      [
        [3, 3],
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
      ],
    ],
  },
  {
    name: "OneHot-9 with constant indices",
    opset: 9,
    nodes: [node("OneHot", "at depth values", "y", { axis: int(0) })],
    inputs: { depth: i64([], 3), values: f32([2], 5, 1) },
    constants: { at: i64([2], 1, 2) },
  },
  {
    name: "DFT-17 has its axis as an attribute",
    opset: 17,
    nodes: [node("DFT", "x", "y", { axis: int(2) })],
    inputs: { x: mixed(1, 2, 4, 1) },
  },
  {
    name: "DFT-17 has the default axis 1",
    opset: 17,
    nodes: [node("DFT", "x", "y")],
    inputs: { x: mixed(1, 4, 2, 1) },
  },
  ...["Softmax", "LogSoftmax", "Hardmax"].flatMap((opType): Case[] => [
    {
      name: `${opType}-1 has the default axis 1`,
      opset: 9,
      nodes: [node(opType, "x", "y")],
      inputs: { x: mixed(2, 3, 4) },
    },
    {
      name: `${opType}-11 flattens behind its axis`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axis: int(-2) })],
      inputs: { x: mixed(2, 3, 4) },
    },
    {
      name: `${opType}-11 flattens behind its axis of a value of unknown rank`,
      opset: 11,
      nodes: [node(opType, "x", "y", { axis: int(0) })],
      inputs: { x: mixed(2, 3) },
      openRanks: true,
    },
    {
      name: `${opType}-12 along the last axis`,
      opset: 12,
      nodes: [node(opType, "x", "y", { axis: int(2) })],
      inputs: { x: mixed(2, 3, 4) },
    },
  ]),
  {
    name: "Softmax-11 of an empty tensor",
    opset: 11,
    nodes: [node("Softmax", "x", "y")],
    inputs: { x: mixed(2, 0, 4) },
    openRanks: true,
    expected: [[[2, 0, 4], []]],
  },
  ...[6, 7, 9].map((opset): Case => ({
    name: `BatchNormalization-${opset} in test mode`,
    opset,
    nodes: [
      node("BatchNormalization", "x s b m v", "y", {
        epsilon: float(0.5),
        ...(opset === 6 ? { is_test: int(1) } : {}),
      }),
    ],
    inputs: { x: f32([1, 2, 2], 1, 2, 3, 4) },
    constants: { s: f32([2], 1, 2), b: f32([2], 0, 1), m: f32([2], 1, 3), v: f32([2], 3.5, 0.5) },
    // (x - m) / sqrt(v + 0.5) * s + b with sqrt(4) and sqrt(1).
    expected: [
      [
        [1, 2, 2],
        [0, 0.5, 1, 3],
      ],
    ],
  })),
  {
    name: "BatchNormalization-7 without spatial",
    opset: 7,
    nodes: [node("BatchNormalization", "x s b m v", "y", { epsilon: float(0.5), spatial: int(0) })],
    inputs: { x: f32([2, 1, 2], 1, 2, 3, 4) },
    constants: { s: f32([1, 2], 1, 2), b: f32([1, 2], 0, 1), m: f32([1, 2], 1, 2), v: f32([1, 2], 3.5, 0.5) },
    expected: [
      [
        [2, 1, 2],
        [0, 1, 1, 5],
      ],
    ],
  },
  {
    name: "BatchNormalization-9 in training mode",
    opset: 9,
    nodes: [node("BatchNormalization", "x s b m v", "y nm nv", { epsilon: float(0), momentum: float(0.5) })],
    inputs: { x: f32([2, 1, 2], 1, 3, 1, 3) },
    constants: { s: f32([1], 1), b: f32([1], 0), m: f32([1], 0), v: f32([1], 3) },
    outputs: ["y", "nm", "nv"],
    // The batch has mean 2 and variance 1.
    expected: [
      [
        [2, 1, 2],
        [-1, 1, -1, 1],
      ],
      [[1], [1]],
      [[1], [2]],
    ],
  },
  {
    name: "GroupNormalization-18 has a scale for each group",
    opset: 18,
    nodes: [node("GroupNormalization", "x s b", "y", { num_groups: int(2), epsilon: float(0) })],
    inputs: { x: f32([1, 4, 1], 1, 3, 5, 9), s: f32([2], 10, 100), b: f32([2], 0.5, 0.25) },
    // Each group has two elements, normalized to -1 and 1.
    expected: [
      [
        [1, 4, 1],
        [-9.5, 10.5, -99.75, 100.25],
      ],
    ],
  },
  {
    name: "Gemm-6 broadcasts on demand",
    opset: 6,
    nodes: [node("Gemm", "a b c", "y", { broadcast: int(1), transB: int(1) })],
    inputs: { a: ramp(2, 2), b: ramp(3, 2), c: ramp(3) },
    expected: [
      [
        [2, 3],
        [6, 13, 20, 12, 27, 42],
      ],
    ],
  },
  ...(["RNN", "GRU", "LSTM"] as const).map((opType): Case => {
    const gates = { RNN: 1, GRU: 3, LSTM: 4 }[opType];
    return {
      name: `${opType}-7`,
      opset: 7,
      nodes: [node(opType, "x w r", "y last", { hidden_size: int(2) })],
      inputs: { x: mixed(3, 1, 2) },
      constants: { w: mixed(1, gates * 2, 2), r: mixed(1, gates * 2, 2) },
      outputs: ["y", "last"],
    };
  }),
  ...(["RNN", "GRU", "LSTM"] as const).map((opType): Case => {
    const gates = { RNN: 1, GRU: 3, LSTM: 4 }[opType];
    return {
      name: `${opType}-6 has output_sequence`,
      opset: 6,
      nodes: [node(opType, "x w r", "y", { hidden_size: int(1), output_sequence: int(1) })],
      inputs: { x: f32([1, 1, 1], 0) },
      constants: { w: mixed(1, gates, 1), r: mixed(1, gates, 1) },
      // No input and no state: the new state stays 0.
      expected: [[[1, 1, 1, 1], [0]]],
    };
  }),
  {
    name: "LpPool-1 has a float order",
    opset: 1,
    nodes: [node("LpPool", "x", "y", { p: float(2), kernel_shape: ints(2) })],
    inputs: { x: f32([1, 1, 3], 3, 4, 3) },
    expected: [
      [
        [1, 1, 2],
        [5, 5],
      ],
    ],
  },
  {
    name: "GlobalLpPool-1 has a float order",
    opset: 1,
    nodes: [node("GlobalLpPool", "x", "y", { p: float(1) })],
    inputs: { x: f32([1, 1, 3], 3, -4, 3) },
    expected: [[[1, 1, 1], [10]]],
  },
  ...["avg", "max"].map((mode): Case => ({
    name: `RoiAlign-10 in mode ${mode} does not shift by half a pixel`,
    opset: 10,
    nodes: [
      node("RoiAlign", "x rois at", "y", {
        mode: text(mode),
        output_height: int(2),
        output_width: int(2),
        sampling_ratio: int(2),
      }),
    ],
    inputs: { x: mixed(1, 1, 6, 6), rois: f32([1, 4], 0.5, 1, 4, 5), at: i64([1], 0) },
  })),
  {
    name: "Upsample-1 scales height and width",
    opset: 1,
    nodes: [node("Upsample", "x", "y", { height_scale: float(2), width_scale: float(1), mode: text("nearest") })],
    inputs: { x: ramp(1, 1, 2, 2) },
    expected: [
      [
        [1, 1, 4, 2],
        [1, 2, 1, 2, 3, 4, 3, 4],
      ],
    ],
  },
  ...["nearest", "linear"].flatMap((mode): Case[] => [
    {
      name: `Upsample-7 in mode ${mode}`,
      opset: 7,
      nodes: [node("Upsample", "x", "y", { scales: floats(1, 1, 2, 3), mode: text(mode) })],
      inputs: { x: mixed(1, 1, 2, 3) },
    },
    {
      name: `Upsample-9 in mode ${mode}, by a fraction`,
      opset: 9,
      nodes: [node("Upsample", "x s", "y", { mode: text(mode) })],
      inputs: { x: mixed(1, 1, 4, 3) },
      constants: { s: f32([4], 1, 1, 1.5, 2) },
    },
    ...(
      [
        ["grows", [1, 1, 1.7, 2.5]],
        ["shrinks", [1, 1, 0.6, 0.4]],
        ["shrinks one axis and grows another", [1, 1, 0.6, 1.7]],
      ] as const
    ).flatMap(([what, scales]): Case[] => [
      {
        name: `Resize-10 in mode ${mode} ${what}`,
        opset: 10,
        nodes: [node("Resize", "x s", "y", { mode: text(mode) })],
        inputs: { x: mixed(1, 1, 5, 7) },
        constants: { s: f32([4], ...scales) },
      },
      {
        name: `Resize-10 in mode ${mode} ${what}, scales computed`,
        opset: 10,
        nodes: [node("Resize", "x s", "y", { mode: text(mode) })],
        inputs: { x: mixed(1, 1, 5, 7), s: f32([4], ...scales) },
      },
    ]),
  ]),
  {
    name: "Resize-11 has empty tensors for absent inputs",
    opset: 11,
    nodes: [node("Resize", "x roi scales sizes", "y", { mode: text("nearest") })],
    inputs: { x: mixed(1, 1, 4, 3) },
    constants: { roi: f32([0]), scales: f32([0]), sizes: i64([4], 1, 1, 6, 2) },
  },
  ...["bilinear", "bicubic", "nearest"].map((mode): Case => ({
    name: `GridSample-16 calls its mode ${mode}`,
    opset: 16,
    nodes: [node("GridSample", "x grid", "y", { mode: text(mode) })],
    inputs: { x: mixed(1, 1, 4, 4), grid: f32([1, 1, 2, 2], 0.1, -0.3, 0.7, 0.45) },
  })),
  {
    name: "GridSample-16 is bilinear by default",
    opset: 16,
    nodes: [node("GridSample", "x grid", "y")],
    inputs: { x: mixed(1, 1, 4, 4), grid: f32([1, 1, 2, 2], 0.1, -0.3, 0.7, 0.45) },
  },
  {
    name: "Scan-8 runs once for each sample",
    opset: 8,
    nodes: [
      node("Scan", "_ initial x", "final y", {
        num_scan_inputs: int(1),
        directions: ints(1),
        body: graphAttribute({
          name: "sum",
          input: [value("state", "f32", [1]), value("element", "f32", [1])],
          output: [value("next", "f32", [1]), value("out", "f32", [1])],
          node: [node("Add", "state element", "next"), node("Identity", "next", "out")],
        }),
      }),
    ],
    inputs: { initial: f32([2, 1], 0, 100), x: f32([2, 3, 1], 1, 2, 3, 4, 5, 6) },
    outputs: ["final", "y"],
    // Backwards: the sums of 3, 2, 1 and of 6, 5, 4; outputs are in order of iteration.
    expected: [
      [
        [2, 1],
        [6, 115],
      ],
      [
        [2, 3, 1],
        [3, 5, 6, 106, 111, 115],
      ],
    ],
  },
];

describe("upgraded models mean the same", () => {
  test.each(cases)("$name", async (example) => {
    const original = build(example);
    const model = loadOnnxModelFromBytes(original, { file: "old.onnx", folder: undefined });
    for (const { domain, version } of model.graph.nodes) if (domain === "") expect(version).toBe(newestOpset);
    const inputs = example.inputs ?? {};
    const outputs = example.outputs ?? ["y"];
    const actual = await runInOnnxRuntime(serializeModel(model), inputs);
    const reference = example.expected === undefined ? await runInOnnxRuntime(original, inputs) : undefined;
    for (const [index, name] of outputs.entries()) {
      const [shape, values] = example.expected?.[index] ?? [reference![name]!.shape, reference![name]!.values];
      expect(actual[name]!.shape).toEqual([...shape]);
      const numbers = actual[name]!.values.map(Number);
      expect(numbers).toHaveLength(values.length);
      for (const [at, expected] of values.entries()) expect(numbers[at]).toBeCloseTo(Number(expected), 5);
    }
  });
});

test("Split into equal parts counts the outputs that nobody wants", () => {
  // ONNX Runtime crashes on outputs that are left out.
  const bytes = build({
    name: "",
    opset: 13,
    nodes: [node("Split", "x", "a b _")],
    inputs: { x: ramp(6) },
    outputs: ["a", "b"],
  });
  const [split] = loadOnnxModelFromBytes(bytes, { file: "old.onnx", folder: undefined }).graph.nodes;
  expect(split!.attributes.get("num_outputs")).toEqual({ kind: "int", value: 3n });
});

test("every entry of the table is exercised by a model above", () => {
  const written = (opType: string, low: number, high: number) =>
    cases.some(
      ({ opset, nodes }) => opset > low && opset <= high && nodes.some((candidate) => candidate.opType === opType),
    );
  const missing: string[] = [];
  for (const { opType, through } of upgrades) {
    const below = upgrades
      .filter((other) => other.opType === opType && other.through < through)
      .map((other) => other.through);
    // The entry also sees what older entries produce.
    if (!written(opType, 0, through)) missing.push(`${opType} through ${through} (above ${Math.max(0, ...below)})`);
  }
  // Their only change is a dropped attribute, as of Relu above.
  const onlyDropped =
    /^(Abs|Ceil|Elu|Exp|Floor|HardSigmoid|InstanceNormalization|LeakyRelu|Log|Max|Mean|Min|Neg|Reciprocal|Sigmoid|Sqrt|Sum|Tanh|BatchNormalization|Sub|Mul|Div|Clip) through 5 /;
  expect(missing.filter((entry) => !onlyDropped.test(entry))).toEqual([]);
});
