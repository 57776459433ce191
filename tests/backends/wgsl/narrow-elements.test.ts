import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../../src/backends/compile-model.ts";
import { loadArtifact } from "../../../src/runtime/webgpu/index.ts";
import { type HostTensor, tensorFromNumbers, toNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { checkedShaders, deviceModule } from "./device-programs.ts";

type Narrow = "i8" | "ui8" | "i16" | "ui16";
const least: Readonly<Record<Narrow, number>> = { i8: -128, ui8: 0, i16: -32768, ui16: 0 };
const bits: Readonly<Record<Narrow, number>> = { i8: 8, ui8: 8, i16: 16, ui16: 16 };

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Numbers from all over a type's range, both ends included. */
function values(type: Narrow, shape: readonly number[], seed: number): readonly number[] {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const range = 2 ** bits[type];
    return least[type] + (index === 0 ? 0 : index === 1 ? range - 1 : (state >>> 8) % range);
  });
}

interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}
const typeText = ({ shape, type }: Port): string => `tensor<${[...shape, type].join("x")}>`;

const portText = ({ name, type }: Port): string => `weft.name = "${name}", weft.element = "${type}"`;

/** One ONNX operation, compiled, checked by both compilers, and run on the device. */
async function runOperation(
  name: string,
  inputs: readonly Port[],
  output: Port,
  attributes: string,
  given: readonly HostTensor[],
): Promise<readonly number[]> {
  const declared = inputs.map((port, index) => `%${index}: ${typeText(port)} {${portText(port)}}`);
  const operands = inputs.map((_, index) => `%${index}`).join(", ");
  const types = inputs.map(typeText).join(", ");
  const module = deviceModule(`module {
  func.func @main(${declared.join(", ")}) -> (${typeText(output)} {${portText(output)}}) attributes {weft.entry_point} {
    %r = "onnx.${name}"(${operands}) <{${attributes}}> : (${types}) -> ${typeText(output)}
    return %r : ${typeText(output)}
  }
}`);
  const { artifact } = compileModule(module, { target: "wgsl" });
  await checkedShaders(artifact);
  const model = await loadArtifact(artifact);
  try {
    const outputs = await model.run(new Map(inputs.map((port, index) => [port.name, given[index]!])));
    return Array.from(toNumbers(outputs.get(output.name)!));
  } finally {
    model.dispose();
  }
}

const tensor = (type: Narrow, shape: readonly number[], numbers: readonly number[]): HostTensor =>
  tensorFromNumbers(type, shape, numbers);

describe("products of 8-bit matrices, by the definition of MatMulInteger", () => {
  // Rows and columns that are whole words, and not; a product's elements are 32 bits wide.
  const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
    [4, 16, 8],
    [3, 7, 5],
    [1, 480, 32],
    [5, 6, 12],
    [8, 9, 1],
  ];
  const types: readonly (readonly [Narrow, Narrow])[] = [
    ["ui8", "ui8"],
    ["i8", "i8"],
    ["ui8", "i8"],
    ["i8", "ui8"],
  ];
  test.each(types.flatMap(([a, b]) => sizes.map(([m, k, n]) => [a, b, m, k, n] as const)))(
    "%s by %s, %i×%i×%i",
    async (typeA, typeB, m, k, n) => {
      const [a, b] = [values(typeA, [m, k], m + k), values(typeB, [k, n], k + n)];
      const [zeroA, zeroB] = [least[typeA] + 3, least[typeB] + 200];
      const found = await runOperation(
        "MatMulInteger",
        [
          { name: "a", type: typeA, shape: [m, k] },
          { name: "b", type: typeB, shape: [k, n] },
          { name: "za", type: typeA, shape: [] },
          { name: "zb", type: typeB, shape: [] },
        ],
        { name: "y", type: "i32", shape: [m, n] },
        "operandSegmentSizes = array<i32: 1, 1, 1, 1>",
        [tensor(typeA, [m, k], a), tensor(typeB, [k, n], b), tensor(typeA, [], [zeroA]), tensor(typeB, [], [zeroB])],
      );
      const expected = Array.from({ length: m * n }, (_, at) => {
        const [row, column] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let step = 0; step < k; step++) sum += (a[row * k + step]! - zeroA) * (b[step * n + column]! - zeroB);
        return sum;
      });
      expect(found).toEqual(expected);
    },
  );
});

describe("windows of neighbouring 8-bit elements, by the definition of ConvInteger", () => {
  const cases: readonly (readonly [width: number, kernel: number, stride: number, padding: number])[] = [
    [16, 4, 1, 0],
    [17, 5, 1, 2],
    [23, 8, 2, 3],
    [11, 3, 2, 1],
    [12, 1, 1, 0],
  ];
  test.each(cases)("width %i, kernel %i, stride %i, padding %i", async (width, kernel, stride, padding) => {
    const [channels, outputs] = [3, 2];
    const x = values("ui8", [1, channels, width], width);
    const w = values("i8", [outputs, channels, kernel], kernel);
    const count = Math.floor((width + 2 * padding - kernel) / stride) + 1;
    const zero = 128;
    const found = await runOperation(
      "ConvInteger",
      [
        { name: "x", type: "ui8", shape: [1, channels, width] },
        { name: "w", type: "i8", shape: [outputs, channels, kernel] },
        { name: "zx", type: "ui8", shape: [] },
      ],
      { name: "y", type: "i32", shape: [1, outputs, count] },
      `operandSegmentSizes = array<i32: 1, 1, 1, 0>, pads = array<i64: ${padding}, ${padding}>, strides = array<i64: ${stride}>`,
      [tensor("ui8", [1, channels, width], x), tensor("i8", [outputs, channels, kernel], w), tensor("ui8", [], [zero])],
    );
    const expected = Array.from({ length: outputs * count }, (_, at) => {
      const [output, position] = [Math.floor(at / count), at % count];
      let sum = 0;
      for (let channel = 0; channel < channels; channel++)
        for (let tap = 0; tap < kernel; tap++) {
          const from = position * stride + tap - padding;
          // What is outside is the zero point.
          if (from < 0 || from >= width) continue;
          sum += (x[channel * width + from]! - zero) * w[(output * channels + channel) * kernel + tap]!;
        }
      return sum;
    });
    expect(found).toEqual(expected);
  });
});

describe("narrow results are stored whole, each element in its place", () => {
  const transposed = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    order: fc.infiniteStream(fc.nat(100)).map((stream) => Array.from({ length: 4 }, () => stream.next().value!)),
    type: fc.constantFrom<Narrow>("i8", "ui8", "i16", "ui16"),
  });
  test("Transpose of any shape", async () => {
    await fc.assert(
      fc.asyncProperty(transposed, async ({ shape, order, type }) => {
        const perm = shape.map((_, axis) => axis).toSorted((a, b) => order[a]! - order[b]! || a - b);
        const x = values(type, shape, sizeOf(shape));
        const resultShape = perm.map((axis) => shape[axis]!);
        const found = await runOperation(
          "Transpose",
          [{ name: "x", type, shape }],
          { name: "y", type, shape: resultShape },
          `perm = array<i64: ${perm.join(", ")}>`,
          [tensor(type, shape, x)],
        );
        const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
        const expected = x.map((_, at) => {
          let [rest, from] = [at, 0];
          resultShape.forEach((_, axis) => {
            const stride = sizeOf(resultShape.slice(axis + 1));
            from += Math.floor(rest / stride) * strides[perm[axis]!]!;
            rest %= stride;
          });
          return x[from]!;
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});
