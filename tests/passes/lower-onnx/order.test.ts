import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HostTensor, tensorFromNumbers, tensorFromStrings } from "../../../src/support/numeric/host-tensor.ts";
import { f32, i64, int, ints, node } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runKnown,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";

const onlyKnown = true;
/** Numbers without a pattern, many of them equal. */
const repeated = (shape: readonly number[], distinct = 7): HostTensor =>
  f32(
    shape,
    ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) =>
      Math.round(Math.sin(index * 1.7 + 0.3) * distinct),
    ),
  );
const ties = f32([2, 6], 1, 3, 3, -2, 3, 1, 0, -0, 5, 5, -1, 0);

describe("TopK, as in ONNX Runtime", () => {
  const top = (name: string, x: HostTensor, k: number, attributes: Parameters<typeof node>[3] = {}): OperatorCase => ({
    name,
    nodes: [node("TopK", "x k", "y i", attributes)],
    inputs: { x },
    constants: { k: i64([1], k) },
    outputs: ["y", "i"],
  });
  testAgainstOnnxRuntime([
    top("a few", ties, 2),
    top("a few of the smallest", ties, 4, { largest: int(0) }),
    top("all", ties, 6),
    top("all of the smallest", ties, 6, { largest: int(0) }),
    top("along the first axis", repeated([20, 3, 2]), 11, { axis: int(0) }),
    top("along a middle axis", repeated([2, 13, 3]), 3, { axis: int(-2) }),
    top("a long row", repeated([1, 300], 50), 300),
    top("some of a long row", repeated([3, 700], 300), 40),
    top("some of the smallest of a long row", repeated([2, 700], 5), 100, { largest: int(0) }),
    top("some of many integers", tensorFromNumbers("i32", [1, 600], Array.from({ length: 600 }, (_, i) => ((i * 7919) % 601) - 300)), 60), // prettier-ignore
    top("one", repeated([3, 5]), 1),
    top("doubles", tensorFromNumbers("f64", [4], [1e-300, -1e300, 2e-300, 0]), 3),
    top("64-bit integers", tensorFromNumbers("i64", [4], [2n ** 60n, 2n ** 60n + 1n, -(2n ** 60n), 0n]), 3),
  ]);
  test("NaN is greater than any number", () => {
    const x = f32([5], 1, NaN, 3, NaN, -Infinity);
    const indices = (k: number, largest: number) => [
      ...(runUnknown(top("", x, k, { largest: int(largest) }))[1]!.data as BigInt64Array),
    ];
    expect(indices(5, 1)).toEqual([1n, 3n, 2n, 0n, 4n]);
    expect(indices(5, 0)).toEqual([4n, 0n, 2n, 1n, 3n]);
    expect(indices(2, 1)).toEqual([1n, 3n]);
    expect(indices(4, 0)).toEqual([4n, 0n, 2n, 1n]);
  });
  test("K beyond the axis is an error of the model", () => {
    expect(refusalOf(() => runUnknown(top("", ties, 7)))).toMatch(/^onnx\/invalid: .*K is 7, but axis 1 has size 6/);
  });
  test("sorts as a stable sort does", () => {
    const numbers = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (values, part, largest) => {
        const k = Math.round(part * values.length);
        const order = values.map((_, index) => index);
        order.sort((a, b) => (largest ? values[b]! - values[a]! : values[a]! - values[b]!) || a - b);
        const [, indices] = runUnknown(top("", f32([values.length], ...values), k, { largest: int(Number(largest)) }));
        expect(Array.from(indices!.data as BigInt64Array, Number)).toEqual(order.slice(0, k));
      }),
    );
  });
});

describe("what is selected by value, as in ONNX Runtime", () => {
  const unique = (
    name: string,
    x: HostTensor,
    attributes: Parameters<typeof node>[3],
  ): OperatorCase & { onlyKnown: true } => ({
    onlyKnown,
    name,
    nodes: [node("Unique", "x", "y i r c", attributes)],
    inputs: { x },
    outputs: ["y", "i", "r", "c"],
  });
  const matrix = f32([4, 3], 1, 0, 0, 1, 0, 0, 2, 3, 4, 0, 9, 9);
  testAgainstOnnxRuntime([
    unique("Unique of everything", repeated([3, 4]), {}),
    unique("Unique in order of appearance", repeated([3, 4]), { sorted: int(0) }),
    unique("Unique rows", matrix, { axis: int(0) }),
    unique("Unique columns in order of appearance", matrix, { axis: int(-1), sorted: int(0) }),
    unique("Unique strings", tensorFromStrings([5], ["b", "a", "b", "", "ä"]), {}),
    {
      onlyKnown,
      name: "NonZero",
      nodes: [node("NonZero", "x", "y")],
      inputs: { x: f32([2, 3], 0, 1, -0, -2, 0, NaN) },
    },
    {
      name: "Compress along an axis",
      nodes: [node("Compress", "x c", "y", { axis: int(-1) })],
      inputs: { x: repeated([2, 3]) },
      constants: { c: tensorFromNumbers("i1", [2], [0, 1]) },
    },
    {
      name: "Compress of everything",
      nodes: [node("Compress", "x c", "y")],
      inputs: { x: repeated([2, 3]) },
      constants: { c: tensorFromNumbers("i1", [5], [0, 1, 1, 0, 1]) },
    },
  ]);
  test("a shape that depends on unknown values is refused", () => {
    const example = { name: "", nodes: [node("NonZero", "x", "y")], inputs: { x: f32([2], 0, 1) } };
    expect(refusalOf(() => runUnknown(example))).toMatch(/^onnx\/unsupported: .*X must be known at compile time/);
  });
});

describe("running sums and rearrangements, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    ...[0, 1].flatMap((exclusive) =>
      [0, 1].map((reverse): OperatorCase => ({
        name: `CumSum${exclusive ? ", exclusive" : ""}${reverse ? ", reverse" : ""}`,
        nodes: [node("CumSum", "x a", "y", { exclusive: int(exclusive), reverse: int(reverse) })],
        inputs: { x: repeated([2, 4, 3]) },
        constants: { a: i64([], -2) },
      })),
    ),
    {
      name: "CumSum of slices, exclusive, reverse",
      nodes: [node("CumSum", "x a", "y", { exclusive: int(1), reverse: int(1) })],
      inputs: { x: repeated([3, 4, 9]) },
      constants: { a: i64([], 1) },
    },
    {
      name: "CumSum along an axis known at run time",
      nodes: [node("CumSum", "x a", "y")],
      inputs: { x: repeated([2, 4, 3]), a: i64([], -1) },
    },
    {
      name: "ReverseSequence",
      nodes: [node("ReverseSequence", "x n", "y", { batch_axis: int(0), time_axis: int(1) })],
      inputs: { x: repeated([3, 4, 2]), n: i64([3], 1, 4, 2) },
    },
    {
      name: "CenterCropPad",
      nodes: [node("CenterCropPad", "x s", "y", { axes: ints(-1, 0) })],
      inputs: { x: repeated([3, 4, 5]) },
      constants: { s: i64([2], 2, 6) },
    },
  ]);
  test("CumProd", () => {
    const product = (attributes: Parameters<typeof node>[3]): OperatorCase => ({
      name: "",
      opset: 26,
      nodes: [node("CumProd", "x a", "y", attributes)],
      inputs: { x: f32([4], 2, 3, -1, 5), a: tensorFromNumbers("i32", [], [0]) },
    });
    checkCase(product({}), [{ shape: [4], values: [2, 6, -6, -30] }]);
    checkCase(product({ exclusive: int(1), reverse: int(1) }), [{ shape: [4], values: [-15, -5, 5, 1] }]);
    expect(runKnown(product({ reverse: int(1) }))[0]!.data).toEqual(new Float32Array([-30, -15, -5, 5]));
  });
});
