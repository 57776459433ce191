import { tensorFromNumbers } from "../../../../../src/support/numeric/host-tensor.ts";
import { f32, float, int, ints, node, text } from "../model-writer.ts";
import { mixed, ramp, type UpgradeCase } from "./case.ts";

/** Old forms of operators that work element by element. */
export const elementwiseCases: readonly UpgradeCase[] = [
  ...(["Add", "Sub", "Mul", "Div"] as const).flatMap((opType): UpgradeCase[] => {
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
  ...(["Greater", "Less", "Equal"] as const).map((opType): UpgradeCase => ({
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
  ...(["And", "Or", "Xor"] as const).map((opType): UpgradeCase => ({
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
];
