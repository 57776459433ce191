import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { ModuleReader, walk } from "../../src/ir/module.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import { generalPasses } from "../passes/general-passes.ts";
import { parsePipeline } from "../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../src/passes/pass-manager.ts";
import { choices } from "../passes/buffer-programs.ts";
import { scalarProgram } from "./scalar-programs.ts";

const floats = fc.oneof(
  fc.float({ noNaN: false }),
  fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 2 ** -149, -(2 ** -126)),
);
const inputs = fc.tuple(
  floats,
  floats,
  fc.oneof(fc.double(), fc.constantFrom(0, -0, 5e-324)),
  fc.integer(),
  fc.integer({ min: -2, max: 2 }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer({ min: -128, max: 127 }),
  fc.integer({ min: 0, max: 1 }),
  fc.integer({ min: 0, max: 2 ** 20 }),
);

test.each(["canonicalize", "cse", "constant-fold", "dce", "canonicalize,cse,constant-fold,canonicalize"])(
  "%s keeps every bit of what scalar programs compute, NaN payloads aside",
  (text) => {
    const pipeline = parsePipeline(text, generalPasses);
    fc.assert(
      fc.property(choices, inputs, (made, values) => {
        const module = scalarProgram(made);
        const result = runPipeline(module, pipeline);
        expect(result.diagnostics).toEqual([]);
        expect(verifyModule(result.module, registry)).toEqual([]);
        const [expected, actual] = [module, result.module].map((program) => interpretFunction(program, "main", values));
        actual!.forEach((value, index) => {
          if (!Object.is(value, expected![index]))
            throw new Error(`result ${index} is ${value}, not ${expected![index]}\n${printModule(module, registry)}`);
        });
      }),
      { numRuns: 1000 },
    );
  },
);

test("canonical programs have no operation on constants alone", () => {
  fc.assert(
    fc.property(choices, (made) => {
      const { module } = runPipeline(scalarProgram(made), parsePipeline("canonicalize", generalPasses));
      const reader = new ModuleReader(module);
      for (const op of walk(reader)) {
        if (!op.name.startsWith("arith.") || op.operands.length === 0) continue;
        // As upstream, a truncation stays that does not keep the number as it is.
        if (op.name === "arith.truncf") continue;
        const constants = op.operands.filter((operand) => reader.definition(operand)?.name === "arith.constant");
        expect(constants.length === op.operands.length, printModule(module, registry)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});
