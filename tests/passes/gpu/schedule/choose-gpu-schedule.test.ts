import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { bufferize } from "../../../../src/passes/bufferize/bufferize.ts";
import { blockedScheduleOf, mappingNameOf } from "../../../../src/passes/gpu/schedule-attribute.ts";
import { passes } from "../../../../src/passes/index.ts";
import { loopsOf, readGroup } from "../../../../src/passes/kernels/group.ts";
import { normalized } from "../../../../src/passes/kernels/normalize-accesses.ts";
import { parsePipeline } from "../../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../../src/passes/pass-manager.ts";
import {
  defaultWebGpuTarget,
  usualPreferences,
  type WebGpuTarget,
  withWebGpuTarget,
} from "../../../../src/targets/webgpu.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../../buffer-programs.ts";
import { inputShapes, tensorProgram } from "../../tensor-programs.ts";

const targets: readonly WebGpuTarget[] = (["cpu", "gpu"] as const).map((kind) => ({
  ...defaultWebGpuTarget,
  kind,
  preferences: usualPreferences[kind],
}));

function run(module: Module, pipeline: string): Module {
  const result = runPipeline(module, parsePipeline(`builtin.module(${pipeline})`, passes), {});
  if (result.failure) throw result.failure.cause;
  return result.module;
}

test("kernels compute what the tensors did with the schedules that are chosen", () => {
  const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));
  fc.assert(
    fc.property(choices, fc.constantFrom(...targets), (made, target) => {
      const module = tensorProgram(made);
      const buffers = withWebGpuTarget(normalized(bufferize(module)), target);
      const mapped = run(buffers, "choose-gpu-schedule,map-to-gpu");
      expectSame(runOnBuffers(mapped, inputs), runOnTensors(module, inputs), mapped);
    }),
    { numRuns: 50 },
  );
});

const matmul = (m: number, n: number, k: number): Module =>
  parseModule(
    `func.func @main(%a: memref<${m}x${k}xf32>, %b: memref<${k}x${n}xf32>, %c: memref<${m}x${n}xf32>)
         attributes {weft.entry_point} {
       linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
         affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
         ins(%a, %b : memref<${m}x${k}xf32>, memref<${k}x${n}xf32>) outs(%c : memref<${m}x${n}xf32>) {
       ^bb0(%x: f32, %y: f32, %z: f32):
         %p = arith.mulf %x, %y : f32
         %s = arith.addf %z, %p : f32
         linalg.yield %s : f32
       }
       return
     }`,
    { file: "matmul.mlir", registry },
  );

function scheduledFor(module: Module, target: WebGpuTarget) {
  const scheduled = new ModuleReader(run(withWebGpuTarget(module, target), "choose-gpu-schedule"));
  return { scheduled, op: [...walk(scheduled)].find(({ name }) => name === "linalg.generic")! };
}

/** What is chosen where workgroup memory does not pay. */
function chosenFor(module: Module, target: WebGpuTarget) {
  const preferences = { ...target.preferences, workgroupMemory: false };
  const { scheduled, op } = scheduledFor(module, { ...target, preferences });
  const group = readGroup(scheduled, op)!;
  expect(mappingNameOf(op)).toBe("blocked");
  return blockedScheduleOf(op, group.bounds, (loop) => loopsOf(group, "parallel").includes(loop))!;
}

describe.each(targets)("on a $kind", (target) => {
  const { registerBlock, workgroupSize, invocationsToFill } = target.preferences;

  test.each([
    [256, 256, 256],
    [1024, 1024, 1024],
    [1, 1000, 2048],
    [7, 13, 3],
  ])("the block of a product %i x %i over %i fits the device", (m, n, k) => {
    const { factors, workgroup, laneLoop } = chosenFor(matmul(m, n, k), target);
    expect(factors[0]! * factors[1]!).toBeLessThanOrEqual(registerBlock.rows * registerBlock.columns);
    expect(workgroup).toBeLessThanOrEqual(workgroupSize);
    expect(laneLoop).toBe(1);
  });

  test("large products share loads in both directions", () => {
    const { factors } = chosenFor(matmul(1024, 1024, 1024), target);
    expect(Math.min(factors[0]!, factors[1]!)).toBeGreaterThan(1);
  });

  test("what cannot fill the device anyway is not made into fewer invocations", () => {
    const { factors } = chosenFor(matmul(1, invocationsToFill / 4, 64), target);
    expect(factors[0]! * factors[1]!).toBe(1);
  });
});

test.each([
  ["tiles", "a large product", matmul(1024, 1024, 256)],
  ["blocked", "a product of few rows", matmul(4, 1024, 256)],
  ["tree", "a few long sums", matmul(2, 3, 4096)],
])("%s for %s where workgroup memory pays", (mapping, _, module) => {
  const target = targets.find(({ kind }) => kind === "gpu")!;
  const preferences = { ...target.preferences, workgroupMemory: true };
  expect(mappingNameOf(scheduledFor(module, { ...target, preferences }).op)).toBe(mapping);
});

test("a schedule that is written already stays", () => {
  const written = run(withWebGpuTarget(matmul(64, 64, 64), targets[0]!), "choose-gpu-schedule");
  expect(run(written, "choose-gpu-schedule")).toBe(written);
});

/** Windows of 3 × 3 × 3 over one buffer, what `body` makes of each element added up. */
const windows = (body: string): Module =>
  parseModule(
    `func.func @main(%a: memref<34x34x34xf32>, %w: memref<3x3x3xf32>, %c: memref<32x32x32xf32>)
         attributes {weft.entry_point} {
       linalg.generic {indexing_maps = [affine_map<(i, j, k, x, y, z) -> (i + x, j + y, k + z)>,
         affine_map<(i, j, k, x, y, z) -> (x, y, z)>, affine_map<(i, j, k, x, y, z) -> (i, j, k)>],
         iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
         ins(%a, %w : memref<34x34x34xf32>, memref<3x3x3xf32>) outs(%c : memref<32x32x32xf32>) {
       ^bb0(%x: f32, %y: f32, %z: f32):
         %p = ${body} : f32
         %s = arith.addf %z, %p : f32
         linalg.yield %s : f32
       }
       return
     }`,
    { file: "windows.mlir", registry },
  );

test("where compiling code costs, less is written out of what shaders have to bring functions for", () => {
  const target = targets.find(({ kind }) => kind === "cpu")!;
  const codeOf = (body: string): number => {
    const { factors, unroll } = chosenFor(windows(body), target);
    return factors.slice(0, 3).reduce((product, factor) => product * factor, 1) * 3 ** unroll.length;
  };
  expect(codeOf("math.powf %x, %y")).toBeLessThan(codeOf("arith.mulf %x, %y"));
});
