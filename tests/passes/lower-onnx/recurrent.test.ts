import { describe, expect, test } from "vitest";
import { float, floats, int, node, text, texts } from "../../frontends/onnx/support/model-writer.ts";
import { type OperatorCase, refusalOf, runUnknown, testAgainstOnnxRuntime } from "./support/operator-case.ts";
import { mixed, tensor } from "./support/values.ts";

const sizes = { steps: 6, batch: 3, input: 4, hidden: 5 };
const gateCount = { LSTM: 4, GRU: 3, RNN: 1 } as const;

interface Layer {
  readonly operator: keyof typeof gateCount;
  readonly attributes?: Parameters<typeof node>[3];
  readonly directions?: 1 | 2;
  readonly steps?: number;
  /** Beyond the weights: b bias, l lengths, h and c initial states, p peepholes. */
  readonly operands?: string;
  readonly lengths?: readonly number[];
  readonly outputs?: string;
}

function layer(name: string, spec: Layer): OperatorCase {
  const { operator, attributes = {}, directions = 1, steps = sizes.steps, operands = "", lengths = [6, 2, 4] } = spec;
  const { batch, input, hidden } = sizes;
  const gates = gateCount[operator];
  const optional = {
    b: mixed([directions, 2 * gates * hidden], 0.5, 3),
    l: tensor("i32", [batch], ...lengths),
    h: mixed([directions, batch, hidden], 1, 4),
    c: mixed([directions, batch, hidden], 1, 5),
    p: mixed([directions, 3 * hidden], 1, 6),
  };
  const order = (operator === "LSTM" ? "blhcp" : "blh").split("");
  const used = order.filter((letter) => operands.includes(letter)) as (keyof typeof optional)[];
  const listed = order.map((letter) => (operands.includes(letter) ? letter : "_")).join(" ");
  const results = spec.outputs ?? (operator === "LSTM" ? "y yh yc" : "y yh");
  return {
    name: `${operator}, ${name}`,
    nodes: [
      node(operator, `x w r ${listed}`, results, {
        hidden_size: int(hidden),
        direction: text(directions === 2 ? "bidirectional" : "forward"),
        ...attributes,
      }),
    ],
    inputs: {
      x: mixed([steps, batch, input]),
      w: mixed([directions, gates * hidden, input], 1, 1),
      r: mixed([directions, gates * hidden, hidden], 0.7, 2),
      ...Object.fromEntries(used.map((letter) => [letter, optional[letter]])),
    },
    outputs: results.split(" ").filter((result) => result !== "_"),
  };
}

describe("recurrent layers, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    layer("a loop over steps", { operator: "LSTM" }),
    layer("few steps, written out", { operator: "LSTM", steps: 3, operands: "bhc" }),
    layer("peepholes", { operator: "LSTM", operands: "bhcp" }),
    layer("backward", { operator: "LSTM", operands: "b", attributes: { direction: text("reverse") } }),
    layer("both directions", { operator: "LSTM", operands: "bhcp", directions: 2 }),
    layer("sequences that end early, both directions", { operator: "LSTM", operands: "blhc", directions: 2 }),
    layer("coupled gates", { operator: "LSTM", operands: "b", attributes: { input_forget: int(1) } }),
    layer("clipped", { operator: "LSTM", operands: "bhc", attributes: { clip: float(0.4) } }),
    layer("only the last states", { operator: "LSTM", operands: "b", outputs: "_ yh yc" }),
    layer("other activations", {
      operator: "LSTM",
      operands: "b",
      attributes: {
        activations: texts("HardSigmoid", "ScaledTanh", "LeakyRelu"),
        activation_alpha: floats(0.3, 0.8, 0.05),
        activation_beta: floats(0.4, 1.2),
      },
    }),
    layer("a loop over steps", { operator: "GRU" }),
    layer("bias and initial state, few steps", { operator: "GRU", steps: 2, operands: "bh" }),
    layer("linear before reset", { operator: "GRU", operands: "bh", attributes: { linear_before_reset: int(1) } }),
    layer("linear before reset without bias", { operator: "GRU", attributes: { linear_before_reset: int(1) } }),
    layer("both directions, early ends", { operator: "GRU", operands: "blh", directions: 2 }),
    layer("backward, few steps", {
      operator: "GRU",
      steps: 4,
      operands: "b",
      attributes: { direction: text("reverse") },
    }),
    layer("other activations", {
      operator: "GRU",
      operands: "b",
      attributes: { activations: texts("Softsign", "Elu"), activation_alpha: floats(0.7) },
    }),
    layer("a loop over steps", { operator: "RNN", operands: "bh" }),
    layer("both directions, early ends", {
      operator: "RNN",
      operands: "blh",
      directions: 2,
      attributes: {
        activations: texts("Affine", "Softplus"),
        activation_alpha: floats(0.5),
        activation_beta: floats(0.1),
      },
    }),
    layer("thresholds", {
      operator: "RNN",
      attributes: { activations: texts("ThresholdedRelu"), activation_alpha: floats(0.2) },
    }),
  ]);

  test("batch first gives the same numbers in another order", () => {
    const usual = layer("", { operator: "GRU", operands: "b" });
    const swapped = { ...usual.inputs!, x: swapFirst(usual.inputs!["x"]!) };
    const batchFirst = layer("", { operator: "GRU", operands: "b", attributes: { layout: int(1) } });
    const [y, yh] = runUnknown(usual);
    const [z, zh] = runUnknown({ ...batchFirst, inputs: swapped });
    const { steps, batch, hidden } = sizes;
    expect(z!.shape).toEqual([batch, steps, 1, hidden]);
    expect(zh!.shape).toEqual([batch, 1, hidden]);
    expect([...(zh!.data as Float32Array)]).toEqual([...(yh!.data as Float32Array)]);
    expect([...(swapFirst({ ...z!, shape: [batch, steps, hidden] }).data as Float32Array)]).toEqual([
      ...(y!.data as Float32Array),
    ]);
  });
  test("unknown activations are refused", () => {
    const example = layer("", { operator: "RNN", attributes: { activations: texts("Gaussian") } });
    expect(refusalOf(() => runUnknown(example))).toContain("no activation named Gaussian");
  });
  test("weights of the wrong size are refused", () => {
    const example = layer("", { operator: "GRU" });
    const inputs = { ...example.inputs!, r: mixed([1, 12, 5]) };
    expect(refusalOf(() => runUnknown({ ...example, inputs }))).toContain("do not fit");
  });
});

/** [a, b, c] with the first two axes exchanged. */
function swapFirst(x: ReturnType<typeof mixed>): ReturnType<typeof mixed> {
  const [a, b, c] = x.shape as [number, number, number];
  const values = Array.from({ length: a * b * c }, (_, index) => {
    const [row, rest] = [Math.floor(index / (a * c)), index % (a * c)];
    return x.data[(Math.floor(rest / c) * b + row) * c + (rest % c)] as number;
  });
  return tensor("f32", [b, a, c], ...values);
}
