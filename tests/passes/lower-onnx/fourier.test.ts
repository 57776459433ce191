import { describe, expect, test } from "vitest";
import { f32, i64, int, node } from "../../frontends/onnx/support/model-writer.ts";
import {
  checkCase,
  type OperatorCase,
  refusalOf,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { mixed, positive } from "./support/values.ts";

const dft = (
  name: string,
  x: readonly number[],
  options: { readonly length?: number; readonly axis?: number; readonly inverse?: 1; readonly onesided?: 1 } = {},
): OperatorCase => ({
  name,
  opset: 20,
  nodes: [
    node("DFT", `x ${options.length === undefined ? "_" : "n"} ${options.axis === undefined ? "" : "a"}`, "y", {
      inverse: int(options.inverse ?? 0),
      onesided: int(options.onesided ?? 0),
    }),
  ],
  inputs: { x: mixed(x) },
  constants: {
    ...(options.length === undefined ? {} : { n: i64([], options.length) }),
    ...(options.axis === undefined ? {} : { a: i64([], options.axis) }),
  },
});

describe("DFT and STFT, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    dft("real", [2, 8, 1]),
    dft("real, an odd length", [2, 7, 1]),
    dft("complex", [2, 6, 2]),
    dft("one side", [2, 9, 1], { onesided: 1 }),
    dft("inverse", [2, 6, 2], { inverse: 1 }),
    dft("another axis", [2, 5, 3, 2], { axis: 1 }),
    dft("padded", [1, 5, 1], { length: 8 }),
    dft("cut", [1, 9, 2], { length: 4 }),
    { ...dft("long", [1, 256, 1]), relative: 1e-4 },
    {
      name: "STFT with a window",
      nodes: [node("STFT", "x step w n", "y")],
      inputs: { x: mixed([2, 40, 1]), w: positive([16]) },
      constants: { step: i64([], 5), n: i64([], 16) },
    },
    {
      name: "STFT, all frequencies",
      nodes: [node("STFT", "x step _ n", "y", { onesided: int(0) })],
      inputs: { x: mixed([1, 33, 1]) },
      constants: { step: i64([], 4), n: i64([], 9) },
    },
  ]);

  /** A transform by its definition, in doubles: of real samples, or of pairs. */
  function byDefinition(samples: readonly number[], parts: 1 | 2, frequencies: number, sign: 1 | -1): number[] {
    const length = samples.length / parts;
    return Array.from({ length: frequencies }, (_, k) => {
      let [real, imaginary] = [0, 0];
      for (let n = 0; n < length; n++) {
        const angle = (sign * 2 * Math.PI * ((k * n) % length)) / length;
        const [x, y] = [samples[n * parts]!, parts === 2 ? samples[n * parts + 1]! : 0];
        real += x * Math.cos(angle) - y * Math.sin(angle);
        imaginary += x * Math.sin(angle) + y * Math.cos(angle);
      }
      return [real, imaginary];
    }).flat();
  }

  test.each([2, 3, 9, 10, 30, 48, 98, 121, 128])("%i points, forwards and back", (length) => {
    const x = mixed([1, length, 2]);
    const samples = [...(x.data as Float32Array)];
    checkCase(
      { ...dft("", [1, length, 2]), inputs: { x } },
      [{ shape: [1, length, 2], values: byDefinition(samples, 2, length, -1) }],
      { relative: 2e-5 },
    );
    checkCase({ ...dft("", [1, length, 2], { inverse: 1 }), inputs: { x } }, [
      { shape: [1, length, 2], values: byDefinition(samples, 2, length, 1).map((value) => value / length) },
    ]);
  });

  test.each([
    ["with factors", 2100],
    ["a prime whose table would be too large", 2111],
  ])("a long signal: %s", (_, length) => {
    const frequencies = Math.floor(length / 2) + 1;
    const x = mixed([1, length, 1]);
    const expected = byDefinition([...(x.data as Float32Array)], 1, frequencies, -1);
    const [result] = runUnknown({ ...dft("", [1, length, 1], { onesided: 1 }), inputs: { x } });
    expect(result!.shape).toEqual([1, frequencies, 2]);
    (result!.data as Float32Array).forEach((value, index) =>
      expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-2),
    );
  });

  test("half of a spectrum gives the real signal that it came from", () => {
    const signal = mixed([1, 8, 1]);
    const [spectrum] = runUnknown({ ...dft("", [1, 8, 1], { onesided: 1 }), inputs: { x: signal } });
    checkCase({ ...dft("", [1, 5, 2], { onesided: 1, inverse: 1 }), inputs: { x: spectrum! } }, [
      { shape: [1, 8, 1], values: [...(signal.data as Float32Array)] },
    ]);
  });

  test("the axis of real and imaginary parts is refused", () => {
    expect(refusalOf(() => runUnknown(dft("", [2, 6, 2], { axis: 2 })))).toContain("along axis 2");
  });
});

describe("MelWeightMatrix, as in ONNX Runtime", () => {
  const operands = { bins: i64([], 8), n: i64([], 64), rate: i64([], 8192), low: f32([], 20), high: f32([], 4000) };
  testAgainstOnnxRuntime([
    {
      name: "filters of a spectrum",
      nodes: [node("MelWeightMatrix", "bins n rate low high", "m"), node("Mul", "m x", "y")],
      inputs: { x: f32([], 1) },
      constants: operands,
    },
  ]);
  test("edges beyond the spectrum are refused", () => {
    const example: OperatorCase = {
      name: "",
      nodes: [node("MelWeightMatrix", "bins n rate low high", "m"), node("Mul", "m x", "y")],
      inputs: { x: f32([], 1) },
      constants: { ...operands, high: f32([], 9000) },
    };
    expect(refusalOf(() => runUnknown(example))).toContain("no part of a spectrum");
  });
});
