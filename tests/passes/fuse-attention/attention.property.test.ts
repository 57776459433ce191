import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { compareTensors } from "../../../src/support/numeric/compare.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { defaultWebGpuTarget, usualPreferences, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";

/** Sizes of an attention: batch, heads, queries, keys, channels of queries and keys, channels of values. */
interface Sizes {
  readonly b: number;
  readonly h: number;
  readonly s: number;
  readonly t: number;
  readonly d: number;
  readonly e: number;
}
const shapesOf = ({ b, h, s, t, d, e }: Sizes) => [
  [b, h, s, d],
  [b, t, h, d],
  [b, h, t, e],
  [s, t],
];
const typeOf = (shape: readonly number[]): string => `tensor<${shape.join("x")}xf32>`;

/** Keys have their positions before their heads; results their heads behind positions, where `turned`. */
function program(sizes: Sizes, zeroIfMasked: boolean, turned: boolean): string {
  const { b, h, s, e } = sizes;
  const [q, k, v, m] = shapesOf(sizes).map(typeOf);
  const result = typeOf(turned ? [b, s, h, e] : [b, h, s, e]);
  return `
    #q = affine_map<(b, h, s, t, d, e) -> (b, h, s, d)>
    #k = affine_map<(b, h, s, t, d, e) -> (b, t, h, d)>
    #v = affine_map<(b, h, s, t, d, e) -> (b, h, t, e)>
    #m = affine_map<(b, h, s, t, d, e) -> (s, t)>
    #o = affine_map<(b, h, s, t, d, e) -> (${turned ? "b, s, h, e" : "b, h, s, e"})>
    func.func @main(%q: ${q}, %k: ${k}, %v: ${v}, %m: ${m}) -> ${result} attributes {weft.entry_point} {
      %scale = arith.constant 0.25 : f32
      %low = arith.constant 0xFF800000 : f32
      %init = tensor.empty() : ${result}
      %r = weft.online_attention ins(%q, %k, %v, %m : ${q}, ${k}, ${v}, ${m}) outs(%init : ${result})
        attributes {indexing_maps = [#q, #k, #v, #m, #o]${zeroIfMasked ? ", zero_if_masked" : ""}} {
      ^bb0(%x: f32, %mask: f32, %i: index, %j: index, %row: index, %key: index):
        %y = arith.mulf %x, %scale : f32
        %z = arith.addf %y, %mask : f32
        %c = arith.cmpi ugt, %key, %i : index
        %one = arith.addf %z, %scale : f32
        %w = arith.select %c, %one, %z : f32
        weft.yield %w : f32
      } -> ${result}
      return %r : ${result}
    }`;
}

/** What the program computes, by its definition, in double precision. */
function expectedOf(sizes: Sizes, inputs: readonly HostTensor[], zeroIfMasked: boolean, turned: boolean): HostTensor {
  const { b, h, s, t, d, e } = sizes;
  const [q, k, v, m] = inputs.map(({ data }) => data as Float32Array) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const out = new Float32Array(b * h * s * e);
  for (let i = 0; i < b; i++)
    for (let j = 0; j < h; j++)
      for (let row = 0; row < s; row++) {
        const scores = Array.from({ length: t }, (_, key) => {
          let sum = 0;
          for (let c = 0; c < d; c++) sum += q[((i * h + j) * s + row) * d + c]! * k[((i * t + key) * h + j) * d + c]!;
          return sum * 0.25 + m[row * t + key]! + (key > i ? 0.25 : 0);
        });
        const top = Math.max(...scores);
        const powers = scores.map((score) => Math.exp(score - top));
        const total = powers.reduce((left, right) => left + right, 0);
        for (let c = 0; c < e; c++) {
          let mean = 0;
          for (let key = 0; key < t; key++) mean += (powers[key]! / total) * v[((i * h + j) * t + key) * e + c]!;
          const at = turned ? ((i * s + row) * h + j) * e + c : ((i * h + j) * s + row) * e + c;
          out[at] = zeroIfMasked && top === -Infinity ? 0 : mean;
        }
      }
  return { elementType: "f32", shape: turned ? [b, s, h, e] : [b, h, s, e], data: out };
}

const cases = fc.record({
  sizes: fc.record({
    b: fc.integer({ min: 1, max: 2 }),
    h: fc.integer({ min: 1, max: 3 }),
    s: fc.constantFrom(1, 2, 5, 17, 70),
    t: fc.constantFrom(1, 3, 8, 11, 16),
    d: fc.constantFrom(1, 4, 17),
    e: fc.constantFrom(1, 2, 5, 66),
  }),
  zeroIfMasked: fc.boolean(),
  turned: fc.boolean(),
  masked: fc.array(fc.nat(), { maxLength: 30 }),
  maskedRow: fc.option(fc.nat()),
});

/** Small numbers; masks of zeros and -∞, perhaps everywhere in a row. */
function inputsOf(sizes: Sizes, masked: readonly number[], maskedRow: number | null): readonly HostTensor[] {
  const shapes = shapesOf(sizes);
  const [q, k, v] = shapes.slice(0, 3).map((shape, index) => smallIntegers(shape, index + 1));
  const mask = new Float32Array(sizes.s * sizes.t);
  for (const place of masked) mask[place % mask.length] = -Infinity;
  if (maskedRow !== null) {
    const start = (maskedRow % sizes.s) * sizes.t;
    mask.fill(-Infinity, start, start + sizes.t);
  }
  return [q!, k!, v!, { elementType: "f32", shape: shapes[3]!, data: mask }];
}

const targets = {
  cpu: { ...defaultWebGpuTarget, kind: "cpu", preferences: usualPreferences.cpu },
  gpu: { ...defaultWebGpuTarget, kind: "gpu", preferences: usualPreferences.gpu },
} as const;

describe("online attention", () => {
  const expectClose = (actual: readonly HostTensor[], expected: HostTensor): void => {
    const { kind } = compareTensors(actual[0]!, expected, { absolute: 1e-5, relative: 1e-5 });
    expect(["equal", "close"]).toContain(kind);
  };

  test.each(["interpreted", "loops", "cpu", "gpu"] as const)("is what its definition says: %s", (way) => {
    fc.assert(
      fc.property(cases, ({ sizes, zeroIfMasked, turned, masked, maskedRow }) => {
        const inputs = inputsOf(sizes, masked, maskedRow);
        const expected = expectedOf(sizes, inputs, zeroIfMasked, turned);
        const module = parseModule(program(sizes, zeroIfMasked, turned), { file: "attention.mlir", registry });
        expect(verifyModule(module, registry)).toEqual([]);
        if (way === "interpreted") return expectClose(runOnTensors(module, inputs), expected);
        const targeted = way === "loops" ? module : withWebGpuTarget(module, targets[way]);
        const road = way === "loops" ? "bufferize,lower-to-loops" : "bufferize,map-to-gpu";
        const result = runPipeline(targeted, parsePipeline(road, passes), { verify: verifyModule, verifyEach: true });
        expect(result.diagnostics).toEqual([]);
        expectClose(runOnBuffers(result.module, inputs), expected);
      }),
      { numRuns: 40 },
    );
  });
});
