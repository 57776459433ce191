import fc from "fast-check";
import { expect, test } from "vitest";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { f32, tensorType } from "../../../src/ir/types.ts";
import { entryBuilder } from "../../../src/passes/lower-onnx/driver.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { generalPasses } from "../general-passes.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { expectSame, runOnTensors, smallIntegers } from "../buffer-programs.ts";

const [rows, depth, columns] = [3, 4, 5];
/** Whether a step's constant is one number or one for each column, which operation it is, and the numbers. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("add", "subtract", "subtract-from", "multiply", "divide"),
    numbers: fc.oneof(
      fc.array(fc.constantFrom(-3, -1, 0.5, 2, 4), { minLength: columns, maxLength: columns }),
      fc.constantFrom([2], [-0.25]),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);
const pipeline = parsePipeline("fuse-elementwise,canonicalize,fold-scale-into-weights,canonicalize", generalPasses);

test("a product followed by any sums and products with constants gives the same, each constant multiplication gone", () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.integer({ min: 0, max: 99 }), (made, activates, seed) => {
      const weights = smallIntegers([depth, columns], seed);
      const module = createModule((r) => {
        createFunction(r, "main", [tensorType([rows, depth], f32)], (b, [x]) => {
          if (b.insertionPoint?.kind !== "end") throw new Error("a function's body is built at its end");
          const t = entryBuilder(r, b.insertionPoint.block, { resources: true });
          let y = t.matmul(t.wrap(x!), t.constant(weights));
          for (const { kind, numbers } of made)
            y = t.elementwise([y, t.numbers(numbers, f32)], f32, (s, value, constant) => {
              if (kind === "subtract-from") return s.sub(constant!, value!);
              const operation = { add: s.add, subtract: s.sub, multiply: s.mul, divide: s.div }[kind];
              return operation.call(s, value!, constant!);
            });
          return [(activates ? t.map(y, (s, value) => s.max(value, s.constant(0, f32))) : y).value];
        });
      });
      const { module: folded, diagnostics } = runPipeline(module, pipeline, { verifyEach: true });
      expect(diagnostics).toEqual([]);
      const inputs = [smallIntegers([rows, depth], seed + 1)];
      expectSame(runOnTensors(folded, inputs), runOnTensors(module, inputs), folded, 1e-5);
      // The product's own multiplication is all that is left.
      const names = [...walk(new ModuleReader(folded))].map(({ name }) => name);
      expect(names.filter((name) => name === "arith.mulf" || name === "arith.divf")).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
