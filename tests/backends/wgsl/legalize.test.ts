import { describe, expect, test } from "vitest";
import { linearizeAccesses } from "../../../src/backends/wgsl/legalize/linearize-accesses.ts";
import { packNarrowBuffers } from "../../../src/backends/wgsl/legalize/pack-narrow-buffers.ts";
import { refuseDoubles } from "../../../src/backends/wgsl/legalize/refuse-doubles.ts";
import { scalarizeUnsupportedVectors } from "../../../src/backends/wgsl/legalize/scalarize-unsupported-vectors.ts";
import { simplifyExtensions } from "../../../src/backends/wgsl/legalize/simplify-extensions.ts";
import { storeIndicesAsI64 } from "../../../src/backends/wgsl/legalize/store-indices-as-i64.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { cse } from "../../../src/passes/cse/cse.ts";
import { dce } from "../../../src/passes/dce/dce.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { type Pipeline, pipeline, type PipelineElement, step } from "../../../src/passes/pipeline.ts";
import { deviceModule } from "./device-programs.ts";

/** The lines of a kernel's body after passes, constants left out. */
function bodyAfter(parameters: string, body: string, ...elements: readonly PipelineElement[]): readonly string[] {
  const module = deviceModule(`gpu.module @kernels {
  gpu.func @kernel(${parameters}) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
${body}
    gpu.return
  }
}`);
  const passes: Pipeline = pipeline("builtin.module", ...elements, step(cse), step(dce));
  const result = runPipeline(module, passes, { verify: verifyModule });
  expect(result.diagnostics).toEqual([]);
  const lines = printModule(result.module, registry)
    .split("\n")
    .map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith("gpu.func"));
  const last = lines.indexOf("gpu.return");
  return [
    /\((.*?)\) kernel/.exec(lines[first]!)![1]!,
    ...lines.slice(first + 1, last).filter((line) => !line.includes("arith.constant")),
  ];
}

describe("accesses of whole buffers with one index", () => {
  test("windows and shapes become sums; what comes from outside a loop comes first", () => {
    const lines = bodyAfter(
      "%x: memref<4x6xf32>, %y: memref<2x3xf32>",
      `    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %i = gpu.block_id x
    %w = memref.subview %x[%i, 1] [2, 3] [1, 2] : memref<4x6xf32> to memref<2x3xf32, strided<[6, 2], offset: ?>>
    scf.for %j = %c0 to %c3 step %c1 {
      %v = memref.load %w[%c1, %j] : memref<2x3xf32, strided<[6, 2], offset: ?>>
      memref.store %v, %y[%i, %j] : memref<2x3xf32>
    }`,
      step(linearizeAccesses),
    );
    expect(lines).toEqual([
      "%arg0: memref<24xf32>, %arg1: memref<6xf32>",
      "%block_id_x = gpu.block_id  x",
      "scf.for %arg2 = %c0 to %c3 step %c1 {",
      // 6·i from the window's row and 2·j from its column; the row after the first and the column after it are 7.
      "%0 = arith.muli %block_id_x, %c6 : index",
      "%1 = arith.muli %arg2, %c2 : index",
      "%2 = arith.addi %0, %1 : index",
      "%3 = arith.addi %2, %c7 : index",
      "%4 = memref.load %arg0[%3] : memref<24xf32>",
      "%5 = arith.muli %block_id_x, %c3 : index",
      "%6 = arith.addi %5, %arg2 : index",
      "memref.store %4, %arg1[%6] : memref<6xf32>",
      "}",
    ]);
  });

  test("a quotient and its remainder are what they were made of", () => {
    const lines = bodyAfter(
      "%x: memref<4x3xf32>, %y: memref<4x3xf32>",
      `    %c3 = arith.constant 3 : index
    %t = gpu.thread_id x
    %i = arith.divui %t, %c3 : index
    %j = arith.remui %t, %c3 : index
    %v = memref.load %x[%i, %j] : memref<4x3xf32>
    memref.store %v, %y[%i, %j] : memref<4x3xf32>`,
      step(linearizeAccesses),
    );
    expect(lines.slice(2)).toEqual([
      "%0 = memref.load %arg0[%thread_id_x] : memref<12xf32>",
      "memref.store %0, %arg1[%thread_id_x] : memref<12xf32>",
    ]);
  });
});

describe("elements narrower than a word", () => {
  test("are cut out of words", () => {
    const lines = bodyAfter(
      "%x: memref<10xi8>, %y: memref<10xi32>",
      `    %t = gpu.thread_id x
    %v = memref.load %x[%t] : memref<10xi8>
    %w = arith.extsi %v : i8 to i32
    memref.store %w, %y[%t] : memref<10xi32>`,
      step(packNarrowBuffers),
    );
    expect(lines).toEqual([
      "%arg0: memref<3xi32>, %arg1: memref<10xi32>",
      "%thread_id_x = gpu.thread_id  x",
      "%0 = arith.divui %thread_id_x, %c4 : index",
      "%1 = arith.remui %thread_id_x, %c4 : index",
      "%2 = arith.muli %1, %c8 : index",
      "%3 = arith.index_cast %2 : index to i32",
      "%4 = memref.load %arg0[%0] : memref<3xi32>",
      "%5 = arith.shrui %4, %3 : i32",
      "%6 = arith.trunci %5 : i32 to i8",
      "%7 = arith.extsi %6 : i8 to i32",
      "memref.store %7, %arg1[%thread_id_x] : memref<10xi32>",
    ]);
  });

  test("are stored as one word where all of it is", () => {
    const lines = bodyAfter(
      "%a: i16, %b: i16, %y: memref<64xi16>",
      `    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %t = gpu.thread_id x
    %i = arith.muli %t, %c2 : index
    %j = arith.addi %i, %c1 : index
    memref.store %a, %y[%i] : memref<64xi16>
    memref.store %b, %y[%j] : memref<64xi16>`,
      step(packNarrowBuffers),
    );
    expect(lines.filter((line) => line.includes("memref."))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^memref\.store %\d+, %arg2\[%\S+\] : memref<32xi32>$/);
  });
});

test("indices are 64 bits wide in buffers", () => {
  const lines = bodyAfter(
    "%x: memref<4xindex>, %y: memref<4xindex>",
    `    %t = gpu.thread_id x
    %v = memref.load %x[%t] : memref<4xindex>
    memref.store %v, %y[%t] : memref<4xindex>`,
    step(storeIndicesAsI64),
  );
  expect(lines).toEqual([
    "%arg0: memref<4xi64>, %arg1: memref<4xi64>",
    "%thread_id_x = gpu.thread_id  x",
    "%0 = memref.load %arg0[%thread_id_x] : memref<4xi64>",
    "%1 = arith.index_cast %0 : i64 to index",
    "%2 = arith.index_cast %1 : index to i64",
    "memref.store %2, %arg1[%thread_id_x] : memref<4xi64>",
  ]);
});

test("low bits need no extended sign, others do", () => {
  const lines = bodyAfter(
    "%x: i32, %y: memref<2xi32>",
    `    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %k = arith.constant 24 : i32
    %low = arith.constant 255 : i32
    %more = arith.constant 256 : i32
    %up = arith.shli %x, %k : i32
    %down = arith.shrsi %up, %k : i32
    %a = arith.andi %down, %low : i32
    %b = arith.andi %down, %more : i32
    memref.store %a, %y[%c0] : memref<2xi32>
    memref.store %b, %y[%c1] : memref<2xi32>`,
    step(simplifyExtensions),
  );
  expect(lines.filter((line) => line.includes("andi"))).toEqual([
    "%2 = arith.andi %arg0, %c255_i32 : i32",
    "%3 = arith.andi %1, %c256_i32 : i32",
  ]);
});

test("vectors that WGSL has stay, in kernels of their own", () => {
  const lines = (lanes: number) =>
    bodyAfter(
      "%x: memref<8xf32>",
      `    %c0 = arith.constant 0 : index
    %v = vector.load %x[%c0] : memref<8xf32>, vector<${lanes}xf32>
    %w = arith.addf %v, %v : vector<${lanes}xf32>
    vector.store %w, %x[%c0] : memref<8xf32>, vector<${lanes}xf32>`,
      step(scalarizeUnsupportedVectors),
    ).join("\n");
  expect(lines(4)).toContain("vector<4xf32>");
  expect(lines(5)).not.toContain("vector");
  expect(lines(5).match(/memref\.store/g)).toHaveLength(5);
});

test("doubles are told of, each where it is", () => {
  const module = deviceModule(`gpu.module @kernels {
  gpu.func @kernel(%x: memref<2xf64>) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
    %c0 = arith.constant 0 : index
    %v = memref.load %x[%c0] : memref<2xf64>
    memref.store %v, %x[%c0] : memref<2xf64>
    gpu.return
  }
}`);
  const { diagnostics } = runPipeline(module, pipeline("builtin.module", step(refuseDoubles)));
  expect(diagnostics.map(({ code, location }) => `${code} ${location.kind === "file" ? location.line : ""}`)).toEqual([
    "wgsl/no-double 4",
    "wgsl/no-double 5",
    "passes/failed 0",
  ]);
});
