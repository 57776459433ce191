import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { bodyOf, type Module, ModuleReader } from "../../../src/ir/module.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { passes } from "../../../src/passes/index.ts";
import { normalized } from "../../../src/passes/kernels/normalize-accesses.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { choices, expectSame, runOnBuffers, runOnTensors, smallIntegers } from "../buffer-programs.ts";
import { convolutionModule, type ConvolutionCase, outputSize, weightShape } from "../convolutions.ts";
import { inputShapes, tensorProgram } from "../tensor-programs.ts";
import { withMapping, withRandomBlocks } from "./random-blocks.ts";

function run(module: Module, pipeline: string): Module {
  const result = runPipeline(module, parsePipeline(`builtin.module(${pipeline})`, passes), { verify: verifyModule });
  if (result.failure) throw result.failure.cause;
  return result.module;
}

/** Fails when the entry point still computes something itself. */
function expectOnlyLaunches(module: Module): void {
  const reader = new ModuleReader(module);
  const entry = bodyOf(reader, reader.operation(module.root)).find((op) => op.attributes["weft.entry_point"])!;
  const left = bodyOf(reader, entry).filter((op) => !registry.hasTrait(op, "pure") && op.name !== "memref.alloc");
  expect(
    left.filter(({ name }) => !["gpu.launch_func", "scf.for", "func.return"].includes(name)).map(({ name }) => name),
  ).toEqual([]);
}

const inputs = inputShapes.map((shape, index) => smallIntegers(shape, index + 1));

test("kernels compute what the tensors did, however loops are spread over invocations", () => {
  fc.assert(
    fc.property(choices, fc.nat(1000), fc.boolean(), (made, seed, normalize) => {
      const module = tensorProgram(made);
      const expected = runOnTensors(module, inputs);
      const buffered = normalize ? normalized(bufferize(module)) : bufferize(module);
      const mapped = run(withRandomBlocks(buffered, seed), "map-to-gpu");
      expectOnlyLaunches(mapped);
      expectSame(runOnBuffers(mapped, inputs), expected, mapped);
      const fused = run(mapped, "fuse-launches,cse,dce");
      expectSame(runOnBuffers(fused, inputs), expected, fused);
      const planned = run(fused, "plan-memory");
      expectSame(runOnBuffers(planned, inputs), expected, planned);
    }),
    { numRuns: 100 },
  );
});

const convolutions: fc.Arbitrary<ConvolutionCase> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 3, max: 7 }),
    width: fc.integer({ min: 3, max: 9 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
    depthwise: fc.boolean(),
    follow: fc.constantFrom("nothing" as const, "bias-activation" as const, "residual" as const),
  })
  .filter((spec) => outputSize(spec).every((size) => size > 0));

test("convolutions with padding, bias and activations compute the same as kernels", () => {
  fc.assert(
    fc.property(convolutions, fc.nat(1000), (spec, seed) => {
      const weights = smallIntegers(weightShape(spec), 3);
      const module = convolutionModule(spec, weights);
      const given = inputsOf(module);
      const expected = runOnTensors(module, given);
      const mapped = run(withRandomBlocks(normalized(bufferize(module)), seed), "map-to-gpu,fuse-launches,cse,dce");
      expectSame(runOnBuffers(mapped, given), expected, mapped);
    }),
    { numRuns: 60 },
  );
});

/** Grids of tiles and of everything else are folded at once. */
const target = {
  ...defaultWebGpuTarget,
  limits: { ...defaultWebGpuTarget.limits, maxComputeWorkgroupsPerDimension: 3 },
};

test.each(["tiles", "tree"])("contractions and reductions compute the same as %s in workgroup memory", (mapping) => {
  fc.assert(
    fc.property(convolutions, choices, (spec, made) => {
      const convolution = convolutionModule(spec, smallIntegers(weightShape(spec), 3));
      for (const module of [convolution, tensorProgram(made.slice(0, 4))]) {
        const given = module === convolution ? inputsOf(module) : inputs;
        const expected = runOnTensors(module, given);
        const wanted = withMapping(normalized(bufferize(module)), mapping);
        const mapped = run(withWebGpuTarget(wanted, target), "map-to-gpu,fuse-launches,cse,dce");
        expectSame(runOnBuffers(mapped, given), expected, mapped);
      }
    }),
    { numRuns: 25 },
  );
});

function inputsOf(module: Module) {
  const reader = new ModuleReader(module);
  const fn = bodyOf(reader, reader.operation(module.root)).find(({ name }) => name === "func.func")!;
  return reader.block(fn.regions[0]![0]!).arguments.map((argument, index) => {
    const type = reader.typeOf(argument);
    return smallIntegers(type.kind === "tensor" ? (type.shape as readonly number[]) : [], index + 1);
  });
}
