import { describe, expect, test } from "vitest";
import { float, int, node } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { mixed, tensor } from "./support/values.ts";

const attention = (
  name: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  attributes: Parameters<typeof node>[3] = {},
  outputs = "y",
): OperatorCase => {
  const order = ["q", "k", "v", "mask", "pk", "pv"];
  const last = order.findLastIndex((operand) => operand in shapes);
  return {
    name,
    opset: 23,
    nodes: [
      node(
        "Attention",
        order
          .slice(0, last + 1)
          .map((operand) => (operand in shapes ? operand : "_"))
          .join(" "),
        outputs,
        attributes,
      ),
    ],
    inputs: Object.fromEntries(
      Object.entries(shapes).map(([operand, shape], index) => [
        operand,
        operand === "mask" && attributes["qk_matmul_output_mode"] === undefined
          ? tensor("i1", shape, ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 3 ? 1 : 0)))
          : mixed(shape, 1, index),
      ]),
    ),
    outputs: outputs.split(" "),
  };
};
const four = { q: [2, 4, 3, 8], k: [2, 4, 5, 8], v: [2, 4, 5, 6] };
const grouped = { q: [2, 4, 3, 8], k: [2, 2, 5, 8], v: [2, 2, 5, 6] };
const flat = { q: [2, 3, 32], k: [2, 5, 16], v: [2, 5, 12] };
const heads = { q_num_heads: int(4), kv_num_heads: int(2) };
const cached = { pk: [2, 4, 2, 8], pv: [2, 4, 2, 6] };

describe("Attention, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    attention("rank 4", four),
    attention("a scale and a soft cap", four, { scale: float(0.2), softcap: float(1.5) }),
    attention("rank 3, several query heads for a key head", flat, heads),
    attention("a mask of truth values", { ...four, mask: [3, 5] }),
    attention("a mask for every head", { ...four, mask: [2, 4, 3, 5] }),
    attention("a cache", { ...four, ...cached }, {}, "y pk2 pv2"),
    attention("a cache and a mask", { ...four, mask: [2, 1, 3, 7], ...cached }, {}, "y pk2 pv2"),
    attention("causal", { q: [1, 2, 4, 8], k: [1, 2, 4, 8], v: [1, 2, 4, 8] }, { is_causal: int(1) }),
    attention("scores as they are", { ...four, mask: [3, 5] }, { qk_matmul_output_mode: int(0) }, "y pk2 pv2 scores"),
    attention("probabilities", { ...four, mask: [3, 5] }, { qk_matmul_output_mode: int(3) }, "y pk2 pv2 scores"),
  ]);
});

/** Rotation of pairs by angles, and attention by its definition, in doubles. */
describe("by definition", () => {
  test("query heads share key heads: the same as keys and values repeated", () => {
    const repeated = (x: ReturnType<typeof mixed>): ReturnType<typeof mixed> => {
      const [batch, count, rows, width] = x.shape as [number, number, number, number];
      const size = rows * width;
      const data = Array.from({ length: batch * count * 2 * size }, (_, index) => {
        const head = Math.floor(index / size);
        return x.data[Math.floor(head / 2) * size + (index % size)] as number;
      });
      return tensor("f32", [batch, count * 2, rows, width], ...data);
    };
    const shared = attention("", grouped);
    const { q, k, v } = shared.inputs!;
    const [expected] = runUnknown({ ...shared, inputs: { q: q!, k: repeated(k!), v: repeated(v!) } });
    checkCase(shared, [{ shape: expected!.shape, values: [...(expected!.data as Float32Array)] }]);
  });

  test("a row that sees no key is zero", () => {
    const example = attention("", { q: [1, 1, 2, 4], k: [1, 1, 3, 4], v: [1, 1, 3, 2], mask: [2, 3] });
    const inputs: OperatorCase["inputs"] = { ...example.inputs, mask: tensor("i1", [2, 3], 0, 0, 0, 1, 0, 0) };
    const values = example.inputs!["v"]!.data as Float32Array;
    checkCase({ ...example, inputs }, [{ shape: [1, 1, 2, 2], values: [0, 0, values[0]!, values[1]!] }]);
  });

  test("a window sees the keys around the query", () => {
    const example: OperatorCase = {
      ...attention(
        "",
        { q: [1, 1, 4, 4], k: [1, 1, 4, 4], v: [1, 1, 4, 4] },
        { left_window_size: int(1), right_window_size: int(0), scale: float(0) },
      ),
      opset: 25,
    };
    // With a scale of zero every visible key has the same weight.
    const v = [...(example.inputs!["v"]!.data as Float32Array)];
    const rows = [0, 1, 2, 3].map((row) => v.slice(row * 4, row * 4 + 4));
    const mean = (a: number[], b: number[]): number[] => a.map((x, index) => (x + b[index]!) / 2);
    checkCase(example, [
      { shape: [1, 1, 4, 4], values: [...rows[0]!, ...[1, 2, 3].flatMap((row) => mean(rows[row - 1]!, rows[row]!))] },
    ]);
  });

  test.each([0, 1])("RotaryEmbedding, interleaved %s", (interleaved) => {
    const [batch, heads, length, width] = [2, 3, 4, 6];
    const x = mixed([batch, heads, length, width]);
    const angles = Array.from({ length: 8 * 2 }, (_, index) => index * 0.37);
    const positions = [3, 0, 5, 1, 2, 2, 7, 4];
    const values = [...(x.data as Float32Array)];
    const expected = values.map((value, index) => {
      const channel = index % width;
      if (channel >= 4) return value;
      const row = Math.floor(index / width) % length;
      const sample = Math.floor(index / (heads * length * width));
      const pair = interleaved ? channel >> 1 : channel % 2;
      const angle = angles[positions[sample * length + row]! * 2 + pair]!;
      const isFirst = interleaved ? channel % 2 === 0 : channel < 2;
      const other = values[index + (isFirst ? 1 : -1) * (interleaved ? 1 : 2)]!;
      return isFirst
        ? value * Math.cos(angle) - other * Math.sin(angle)
        : other * Math.sin(angle) + value * Math.cos(angle);
    });
    const example: OperatorCase = {
      name: "",
      opset: 23,
      nodes: [node("RotaryEmbedding", "x c s p", "y", { interleaved: int(interleaved), rotary_embedding_dim: int(4) })],
      inputs: { x, p: tensor("i64", [2, 4], ...positions.map(BigInt)) },
      constants: {
        c: tensor("f32", [8, 2], ...angles.map(Math.cos)),
        s: tensor("f32", [8, 2], ...angles.map(Math.sin)),
      },
    };
    checkCase(example, [{ shape: x.shape, values: expected }]);
  });

  test.each([
    [{ q: [2, 3, 32], k: [2, 5, 16], v: [2, 5, 16] }, "q_num_heads is needed"],
    [{ q: [2, 3, 3, 8], k: [2, 2, 5, 8], v: [2, 2, 5, 8] }, "cannot share"],
    [{ q: [2, 4, 3, 8], k: [2, 4, 5, 6], v: [2, 4, 5, 8] }, "do not fit"],
    [{ ...four, mask: [4, 5] }, "cannot be broadcast"],
  ])("%j is refused", (shapes, problem) => {
    expect(refusalOf(() => runUnknown(attention("", shapes)))).toContain(problem);
  });
});
