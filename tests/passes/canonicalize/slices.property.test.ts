import fc from "fast-check";
import { expect, test } from "vitest";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { tensor } from "../../../src/ir/dialects/index.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { f32, tensorType } from "../../../src/ir/types.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { generalPasses } from "../general-passes.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { expectSame, runOnTensors, smallIntegers } from "../buffer-programs.ts";

const shape = [13, 17];
const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
/** Where a slice begins, its stride, and how much of what is left it takes, for each axis. */
const slices = fc.array(
  fc.array(fc.record({ begin: fraction, stride: fc.integer({ min: 1, max: 3 }), amount: fraction }), {
    minLength: shape.length,
    maxLength: shape.length,
  }),
  { minLength: 1, maxLength: 4 },
);

test("slices of slices are one slice of the same elements", () => {
  fc.assert(
    fc.property(slices, (made) => {
      const module = createModule((r) => {
        createFunction(r, "main", [tensorType(shape, f32)], (b, [x]) => {
          let [value, sizes] = [x!, shape];
          for (const axes of made) {
            const offsets = axes.map(({ begin }, axis) => Math.floor(begin * sizes[axis]!));
            const left = sizes.map((size, axis) => Math.ceil((size - offsets[axis]!) / axes[axis]!.stride));
            const taken = left.map((size, axis) => 1 + Math.floor(axes[axis]!.amount * size));
            value = tensor.extract_slice.build(
              b,
              { source: value },
              { static_offsets: offsets, static_sizes: taken, static_strides: axes.map(({ stride }) => stride) },
              { resultTypes: [tensorType(taken, f32)] },
            ).result;
            sizes = taken;
          }
          return [value];
        });
      });
      const { module: result } = runPipeline(module, parsePipeline("canonicalize", generalPasses), {
        verifyEach: true,
      });
      const inputs = [smallIntegers(shape, 3)];
      expectSame(runOnTensors(result, inputs), runOnTensors(module, inputs), result);
      const left = [...walk(new ModuleReader(result))].filter(({ name }) => name === tensor.extract_slice.name);
      expect(left.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});
