import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clamp } from "../../samples/clamp/dialect.ts";
import { lowerClamps, mergeClamps } from "../../samples/clamp/passes.ts";
import { runEntry } from "../../src/interpreter/entry.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { allDialects } from "../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../src/ir/module.ts";
import { Registry } from "../../src/ir/registry.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { f32, tensorType } from "../../src/ir/types.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import type { AnyPass } from "../../src/passes/pass.ts";
import { runPipeline } from "../../src/passes/pass-manager.ts";
import { pipeline, step } from "../../src/passes/pipeline.ts";
import { tensorFromNumbers, toNumbers } from "../../src/support/numeric/host-tensor.ts";

const registry = new Registry([...allDialects, clamp.dialect]);
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A program that clamps its four inputs to each of the bounds in turn. */
const program = (bounds: readonly Bounds[]): Module =>
  createModule((rewriter) => {
    createFunction(rewriter, "main", [tensorType([4], f32)], (builder, [x]) => [
      bounds.reduce((value, each) => clamp.range.build(builder, { x: value }, each).y, x!),
    ]);
  });
const after = (module: Module, ...passes: readonly AnyPass[]): Module => {
  const steps = pipeline("builtin.module", ...passes.map((each) => step(each)));
  const { module: result, diagnostics } = runPipeline(module, steps, {
    registry,
    verifyEach: true,
    verify: verifyModule,
  });
  expect(diagnostics).toEqual([]);
  return result;
};
const countOf = (module: Module, name: string): number =>
  [...walk(new ModuleReader(module))].filter((op) => op.name === name).length;

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const bounds = fc.tuple(float, float).map(([a, b]): Bounds => ({ low: Math.min(a, b), high: Math.max(a, b) }));

describe("the sample dialect", () => {
  test("its passes keep what the program computes: each number goes to the nearest one within each bounds in turn", () => {
    const inputs = fc.tuple(float, float, float, fc.constant(NaN));
    fc.assert(
      fc.property(fc.array(bounds, { minLength: 1, maxLength: 4 }), inputs, (ranges, values) => {
        const merged = after(program(ranges), mergeClamps);
        expect(countOf(merged, clamp.range.name)).toBe(1);
        const expected = values.map((value) =>
          ranges.reduce((x, { low, high }) => (x < low ? low : x > high ? high : x), value),
        );
        for (const module of [after(merged, lowerClamps), after(program(ranges), lowerClamps)]) {
          const x = tensorFromNumbers("f32", [4], values);
          const [result] = runEntry(module, new Map([["arg0", x]])).values();
          // Adding 0 makes one zero of both: which of two equal bounds wins is nobody's business.
          expect(Array.from(toNumbers(result!), (value) => value + 0)).toEqual(expected.map((value) => value + 0));
        }
      }),
    );
  });

  test("its text is what the declaration says, and reads back", () => {
    const text = readFileSync(new URL("../../samples/clamp/program.mlir", import.meta.url), "utf8");
    const module = parseModule(text, { file: "program.mlir", registry });
    expect(verifyModule(module, registry)).toEqual([]);
    const printed = printModule(module, registry);
    expect(printed).toContain("clamp.range %arg0 to 0.000000e+00, 6.000000e+00 : tensor<4xf32>");
    expect(printModule(parseModule(printed, { file: "printed", registry }), registry)).toBe(printed);
  });

  test("bounds that hold no number are an error", () => {
    const codes = verifyModule(program([{ low: 2, high: 1 }]), registry).map(({ code }) => code);
    expect(codes).toEqual(["clamp/empty-range"]);
  });
});
