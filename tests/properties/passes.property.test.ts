import { applyPatches } from "immer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import type { Module } from "../../src/ir/module.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { generalPasses } from "../passes/general-passes.ts";
import { parsePipeline } from "../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../src/passes/pass-manager.ts";
import { choices, expectSame, runOnTensors, smallIntegers } from "../passes/buffer-programs.ts";
import { inputShapes, tensorProgram } from "../passes/tensor-programs.ts";
import { graphInputs, tensorGraph } from "./tensor-graphs.ts";

const runs = 200;

/** Every general pass by itself, and together as they are used. `exact` says whether results keep their bits. */
const pipelines: readonly { readonly text: string; readonly exact: boolean }[] = [
  { text: "canonicalize", exact: true },
  { text: "func.func(cse)", exact: true },
  { text: "dce", exact: true },
  { text: "constant-fold", exact: true },
  { text: "inline", exact: true },
  { text: "fuse-elementwise", exact: true },
  { text: "form-kernels", exact: true },
  { text: "fuse-rows", exact: true },
  { text: "fuse-elementwise,fold-scale-into-weights", exact: false },
  { text: "canonicalize,cse,constant-fold,fuse-elementwise,canonicalize,cse,form-kernels,dce", exact: true },
  { text: "fuse-elementwise,canonicalize,cse,fuse-rows,form-kernels,dce", exact: true },
];

const programs: readonly {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly make: (made: readonly (readonly number[])[]) => Module;
}[] = [
  { name: "lowered graphs", shapes: graphInputs, make: tensorGraph },
  { name: "structured programs", shapes: inputShapes, make: tensorProgram },
];

describe.each(programs)("on $name", ({ shapes, make }) => {
  const inputs = shapes.map((shape, index) => smallIntegers(shape, index + 1));

  test.each(pipelines)("$text keeps programs valid and their results", ({ text, exact }) => {
    const pipeline = parsePipeline(text, generalPasses);
    fc.assert(
      fc.property(choices, (made) => {
        const module = make(made);
        const result = runPipeline(module, pipeline, { verify: verifyModule, verifyEach: true });
        expect(result.diagnostics).toEqual([]);
        expect(verifyModule(result.module, registry)).toEqual([]);
        const expected = runOnTensors(module, inputs);
        expectSame(runOnTensors(result.module, inputs), expected, result.module, exact ? 0 : 1e-5);
      }),
      { numRuns: runs },
    );
  });

  test("the patches of each pass lead to its result and back", () => {
    const pipeline = parsePipeline(pipelines.at(-1)!.text, generalPasses);
    fc.assert(
      fc.property(choices, (made) => {
        let before = make(made);
        for (const run of runPipeline(before, pipeline).history) {
          expect(run.changed).toBe(run.module !== before);
          expect(applyPatches(before, run.patches)).toEqual(run.module);
          expect(applyPatches(run.module, run.inversePatches)).toEqual(before);
          before = run.module;
        }
      }),
      { numRuns: runs },
    );
  });

  test("a second canonicalization finds nothing", () => {
    const pipeline = parsePipeline("canonicalize,canonicalize", generalPasses);
    fc.assert(
      fc.property(choices, (made) => {
        const { history } = runPipeline(make(made), pipeline);
        expect(history[1]!.changed).toBe(false);
      }),
      { numRuns: runs },
    );
  });
});
