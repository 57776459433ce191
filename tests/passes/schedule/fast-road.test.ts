import { describe, expect, test } from "vitest";
import { vector } from "../../../src/ir/dialects/vector.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { normalized } from "../../../src/passes/kernels/normalize-accesses.ts";
import { lowerToLoops } from "../../../src/passes/loops/lower-to-loops.ts";
import { planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";
import { chooseSchedules } from "../../../src/passes/schedule/choose-schedule.ts";
import { tile } from "../../../src/passes/tile/tile.ts";
import { vectorize } from "../../../src/passes/vectorize/vectorize.ts";
import { avx2, avx512, type CpuTarget, neon } from "../../../src/targets/cpu.ts";
import { runOnBuffers, smallIntegers } from "../buffer-programs.ts";
import { type ConvolutionCase, convolutionModule, convolveDirectly, outputSize, weightShape } from "../convolutions.ts";

const fastRoad = (module: Module, target: CpuTarget, threads = false): Module =>
  planMemory(lowerToLoops(vectorize(tile(chooseSchedules(normalized(bufferize(module)), { target, threads })))));

/** A cache so small that inputs are copied in bands. */
const smallCache: CpuTarget = { ...avx512, name: "small-cache", l2Bytes: 16 * 1024 };

const opsOf = (module: Module): ReadonlySet<string> =>
  new Set([...walk(new ModuleReader(module))].map(({ name }) => name));

const shapes: Readonly<Record<string, Omit<ConvolutionCase, "follow">>> = {
  "1x1": { inputs: 5, outputs: 11, height: 7, width: 9, kernel: [1, 1], stride: [1, 1], padding: [0, 0] },
  "1x1 of one pixel": { inputs: 24, outputs: 37, height: 1, width: 1, kernel: [1, 1], stride: [1, 1], padding: [0, 0] },
  "1x1 with stride": { inputs: 3, outputs: 6, height: 9, width: 13, kernel: [1, 1], stride: [2, 2], padding: [0, 0] },
  "3x3": { inputs: 4, outputs: 10, height: 8, width: 21, kernel: [3, 3], stride: [1, 1], padding: [1, 1] },
  "3x3 with stride": { inputs: 3, outputs: 9, height: 12, width: 37, kernel: [3, 3], stride: [2, 2], padding: [1, 1] },
  "3x3 on a large map": {
    inputs: 4,
    outputs: 3,
    height: 20,
    width: 104,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
  },
  "1x3": { inputs: 3, outputs: 5, height: 1, width: 19, kernel: [1, 3], stride: [1, 1], padding: [0, 1] },
  "narrow map": { inputs: 3, outputs: 5, height: 6, width: 3, kernel: [3, 3], stride: [1, 1], padding: [1, 1] },
  depthwise: {
    inputs: 6,
    outputs: 6,
    height: 11,
    width: 20,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    depthwise: true,
  },
  "depthwise 5x5": {
    inputs: 3,
    outputs: 3,
    height: 6,
    width: 24,
    kernel: [5, 5],
    stride: [1, 1],
    padding: [2, 2],
    depthwise: true,
  },
  "depthwise with stride": {
    inputs: 4,
    outputs: 4,
    height: 9,
    width: 33,
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1],
    depthwise: true,
  },
};

describe.each(Object.entries(shapes))("convolution %s", (_, shape) => {
  test.each(["nothing", "bias-activation", "residual"] as const)("followed by %s", (follow) => {
    const spec: ConvolutionCase = { ...shape, follow };
    const [oh, ow] = outputSize(spec);
    const channels = spec.depthwise ? spec.inputs : spec.outputs;
    const image = smallIntegers([1, spec.inputs, spec.height, spec.width], 1);
    const bias = smallIntegers([channels], 2);
    const residual = smallIntegers([1, channels, oh, ow], 3);
    const weights = smallIntegers(weightShape(spec), 4);
    const expected = convolveDirectly(spec, image, bias, residual, weights);
    const constant = fastRoad(convolutionModule(spec, weights), avx512);
    const [result] = runOnBuffers(constant, [image, bias, residual]);
    for (const [at, value] of expected.entries()) expect((result!.data as Float32Array)[at]).toBeCloseTo(value, 2);
    expect(opsOf(constant)).not.toContain("linalg.generic");
    expect(opsOf(constant)).not.toContain("memref.alloc");
    // The other targets, and weights that are only known at run time, give the very same sums.
    const others = [avx2, neon, smallCache].map((target) =>
      runOnBuffers(fastRoad(convolutionModule(spec, weights), target), [image, bias, residual]),
    );
    const given = runOnBuffers(fastRoad(convolutionModule(spec), avx512), [image, bias, residual, weights]);
    const threaded = runOnBuffers(fastRoad(convolutionModule(spec, weights), avx512, true), [image, bias, residual]);
    for (const [other] of [...others, given, threaded]) expect(other!.data).toEqual(result!.data);
  });
});

test("a 1x1 convolution keeps its accumulators in vector registers and fetches its weights side by side", () => {
  const spec: ConvolutionCase = {
    ...shapes["1x1"]!,
    inputs: 16,
    outputs: 16,
    height: 16,
    width: 16,
    follow: "nothing",
  };
  const module = fastRoad(convolutionModule(spec, smallIntegers(weightShape(spec), 4)), avx512);
  const reader = new ModuleReader(module);
  const loops = [...walk(reader)].filter((op) => op.name === "scf.for" && op.results.length >= 16);
  expect(loops.length).toBeGreaterThan(0);
  for (const loop of loops)
    for (const carried of loop.results) expect(reader.typeOf(carried).text).toBe("vector<16xf32>");
  expect([...walk(reader)].some((op) => vector.load.match(reader, op))).toBe(true);
});
