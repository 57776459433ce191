import { describe, expect, test } from "vitest";
import { compileModule, runPasses } from "../../../src/backends/compile-model.ts";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { runEntry } from "../../../src/interpreter/entry.ts";

import { registry } from "../../../src/ir/dialects/index.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { loadArtifact } from "../../../src/runtime/webgpu/index.ts";
import { type HostTensor, tensorFromNumbers, toNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { checkedShaders, deviceModule } from "./device-programs.ts";

type Byte = "i8" | "ui8";
const least: Readonly<Record<Byte, number>> = { i8: -128, ui8: 0 };

/** Numbers from all over a type's range, both ends included. */
function values(type: Byte, count: number, seed: number): readonly number[] {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Array.from({ length: count }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return least[type] + (index === 0 ? 0 : index === 1 ? 255 : (state >>> 8) % 256);
  });
}

interface Product {
  readonly types: readonly [Byte, Byte];
  readonly sizes: readonly [m: number, k: number, n: number];
}

/** A matrix by a constant one, with zero points that are inputs. */
function program({ types: [a, b], sizes: [m, k, n] }: Product, weights: readonly number[]): string {
  const rows = Array.from({ length: k }, (_, row) => `[${weights.slice(row * n, (row + 1) * n).join(", ")}]`);
  const port = (name: string, type: string): string =>
    `%${name}: tensor<${type}> {weft.name = "${name}", weft.element = "${type.split("x").at(-1)}"}`;
  return `module {
  func.func @main(${port("a", `${m}x${k}x${a}`)}, ${port("za", a)}, ${port("zb", b)}) -> (tensor<${m}x${n}xi32> {weft.name = "y", weft.element = "i32"}) attributes {weft.entry_point} {
    %b = arith.constant dense<[${rows.join(", ")}]> : tensor<${k}x${n}x${b}>
    %y = "onnx.MatMulInteger"(%a, %b, %za, %zb) <{operandSegmentSizes = array<i32: 1, 1, 1, 1>}>
      : (tensor<${m}x${k}x${a}>, tensor<${k}x${n}x${b}>, tensor<${a}>, tensor<${b}>) -> tensor<${m}x${n}xi32>
    return %y : tensor<${m}x${n}xi32>
  }
}`;
}

const packing = { ...defaultWebGpuTarget, preferences: { ...defaultWebGpuTarget.preferences, packedDots: true } };

interface Case {
  readonly text: string;
  readonly inputs: ReadonlyMap<string, HostTensor>;
  /** By the definition of MatMulInteger. */
  readonly expected: readonly number[];
}
function caseOf(product: Product): Case {
  const {
    types: [typeA, typeB],
    sizes: [m, k, n],
  } = product;
  const [a, b] = [values(typeA, m * k, m + k), values(typeB, k * n, k + n)];
  const [zeroA, zeroB] = [least[typeA] + 3, least[typeB] + 200];
  const inputs = new Map<string, HostTensor>([
    ["a", tensorFromNumbers(typeA, [m, k], a)],
    ["za", tensorFromNumbers(typeA, [], [zeroA])],
    ["zb", tensorFromNumbers(typeB, [], [zeroB])],
  ]);
  const expected = Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let step = 0; step < k; step++) sum += (a[row * k + step]! - zeroA) * (b[step * n + column]! - zeroB);
    return sum;
  });
  return { text: program(product, b), inputs, expected };
}

const signs: readonly (readonly [Byte, Byte])[] = [
  ["ui8", "ui8"],
  ["i8", "i8"],
  ["ui8", "i8"],
  ["i8", "ui8"],
];
const products = signs.flatMap((types) =>
  (
    [
      [3, 16, 5],
      [4, 64, 8],
      [1, 20, 3],
      [9, 8, 1],
    ] as const
  ).map((sizes): Product => ({ types, sizes })),
);
const named = (list: readonly Product[]) =>
  list.map((product) => [`${product.types.join(" by ")}, ${product.sizes.join("×")}`, product] as const);

async function runOnDevice({ text, inputs }: Case) {
  const { artifact } = compileModule(withWebGpuTarget(deviceModule(text), packing), { target: "wgsl" });
  const shaders = await checkedShaders(artifact);
  const { languageFeatures } = (artifact.manifest as WebGpuManifest).required;
  const model = await loadArtifact(artifact);
  try {
    return {
      languageFeatures,
      shaders: shaders.join("\n"),
      found: Array.from(toNumbers((await model.run(inputs)).get("y")!)),
    };
  } finally {
    model.dispose();
  }
}

describe("products of bytes, four at once", () => {
  test.each(named(products))("%s", async (_, product) => {
    const made = caseOf(product);
    const { languageFeatures, shaders, found } = await runOnDevice(made);
    expect(languageFeatures).toEqual(["packed_4x8_integer_dot_product"]);
    expect(shaders).toMatch(/^requires packed_4x8_integer_dot_product;$/m);
    expect(shaders).toContain(product.types.includes("i8") ? "dot4I8Packed(" : "dot4U8Packed(");
    expect(found).toEqual(made.expected);
  });

  test.each(named([{ types: ["i8", "i8"], sizes: [3, 6, 5] }]))(
    "not where sums are no whole words: %s",
    async (_, product) => {
      const made = caseOf(product);
      const { shaders, found } = await runOnDevice(made);
      expect(shaders).not.toContain("dot4");
      expect(found).toEqual(made.expected);
    },
  );

  test("not on a device that does not prefer it", () => {
    const { text } = caseOf(products[0]!);
    const { artifact } = compileModule(deviceModule(text), { target: "wgsl" });
    for (const content of artifact.files.values()) expect(String(content)).not.toContain("dot4");
  });
});

describe("pack-reduction-words", () => {
  test.each(named(products))("keeps results: %s", (_, product) => {
    const { text, inputs, expected } = caseOf(product);
    const module = withWebGpuTarget(deviceModule(text), packing);
    const lowered = runPasses(module, "builtin.module(lower-onnx,canonicalize,cse)").module;
    const packed = runPasses(lowered, "builtin.module(pack-reduction-words)").module;
    const [, k, n] = product.sizes;
    expect(printModule(packed, registry)).toContain(`tensor<${k / 4}x${n}x4xi8>`);
    expect(Array.from(toNumbers(runEntry(packed, inputs).get("y")!))).toEqual(expected);
  });
});
