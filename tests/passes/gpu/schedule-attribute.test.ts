import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { passes } from "../../../src/passes/index.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";

/** Maps a sum over the rows of a matrix with a schedule; returns the text, or what was reported. */
function mapped(schedule: string): string {
  const module = parseModule(
    `func.func @main(%x: memref<6x8xf32>, %y: memref<8xf32> {weft.output}) attributes {weft.entry_point} {
       linalg.generic {indexing_maps = [affine_map<(j, i) -> (i, j)>, affine_map<(j, i) -> (j)>],
           iterator_types = ["parallel", "reduction"]}
         ins(%x : memref<6x8xf32>) outs(%y : memref<8xf32>) attrs = {weft.schedule = ${schedule}} {
       ^bb0(%a: f32, %b: f32):
         %s = arith.addf %b, %a : f32
         linalg.yield %s : f32
       }
       return
     }`,
    { file: "rows.mlir", registry },
  );
  const result = runPipeline(module, parsePipeline("builtin.module(map-to-gpu)", passes));
  const [error] = result.diagnostics;
  return error ? `${error.code}: ${error.message}` : printModule(result.module, registry);
}

describe("schedules that cannot be followed are errors", () => {
  const prefix = "gpu/malformed-schedule: the attribute weft.schedule is not a mapping: ";
  test.each([
    ["1 : i64", "it is no dictionary"],
    ['{mapping = "blocked", lane_loop = 2 : i64}', "loop 2 cannot be the lane loop"],
    ['{mapping = "blocked", lane_loop = 1 : i64}', "loop 1 cannot be the lane loop"],
    ['{mapping = "blocked", factors = array<i64: 2>}', "factors has not one number for each loop"],
    ['{mapping = "blocked", factors = array<i64: 2, 0>}', "the factor of loop 1 is 0"],
    ['{mapping = "blocked", factors = "all"}', "factors is no array"],
    ['{mapping = "blocked", unroll = array<i64: 0>}', "loop 0 cannot be in unroll"],
    ['{mapping = "blocked", spread = array<i64: 7>}', "there is no loop 7"],
    ['{mapping = "blocked", workgroup = array<i64: 0, 1, 1>}', "a workgroup of 0 invocations"],
  ])("%s", (schedule, what) => expect(mapped(schedule)).toBe(prefix + what));
});

test("factors larger than their loops are whole loops", () => {
  expect(mapped('{mapping = "blocked", lane_loop = 0 : i64, factors = array<i64: 100, 100>}')).toMatch(
    /blocks in \(%c1, %c1, %c1\) threads in \(%c1, %c1, %c1\)/,
  );
});

test("a mapping that does not fit leaves the choice to the table", () => {
  expect(mapped('{mapping = "rows"}')).toContain("gpu.launch_func");
  expect(mapped('{mapping = "tiles"}')).not.toContain("gpu.barrier");
});
