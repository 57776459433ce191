import fc from "fast-check";
import { expect, test } from "vitest";
import { printHostFunctions } from "../../../../src/backends/wgsl/host/host-file.ts";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { bufferize } from "../../../../src/passes/bufferize/bufferize.ts";
import { passes } from "../../../../src/passes/index.ts";
import { parsePipeline } from "../../../../src/passes/parse-pipeline.ts";
import { runPipeline } from "../../../../src/passes/pass-manager.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";
import { choices, smallIntegers } from "../../../passes/buffer-programs.ts";
import { withHostOperations } from "../../../passes/place/two-memories.ts";
import { inputShapes, tensorProgram } from "../../../passes/tensor-programs.ts";
import { hostModule, loadHostFile, runBoth } from "./run-host.ts";

const outlined = (module: Module): Module =>
  runPipeline(
    withHostOperations(module, () => true),
    parsePipeline("builtin.module(outline-host-functions)", passes),
  ).module;

test("generated programs compute the same in JavaScript", async () => {
  await fc.assert(
    fc.asyncProperty(choices, async (made) => {
      const module = outlined(bufferize(tensorProgram(made)));
      fc.pre(printHostFunctions(new ModuleReader(module)) !== undefined);
      const { printed, interpreted } = await runBoth(module, (parameter, bytes) => {
        const { data } = smallIntegers([bytes / 4], parameter % inputShapes.length);
        return new Uint8Array((data as Float32Array).slice().buffer);
      });
      expect(printed).toEqual(interpreted);
    }),
    { numRuns: 60 },
  );
});

const counting = (_: number, bytes: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: bytes / 4 }, (_, index) => index + 1).buffer);

test("views, copies, loops that carry values, branches and local buffers", async () => {
  const module = hostModule(
    ["memref<4x6xf32>", "memref<3x2xf32>", "memref<12xf32>", "memref<2xf32>"],
    `  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %limit = arith.constant 20.0 : f32
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %local = memref.alloca() : memref<6xf32>
  %square = memref.expand_shape %local [[0, 1]] output_shape [3, 2] : memref<6xf32> into memref<3x2xf32>
  scf.for %i = %c0 to %c3 step %c1 {
    %window = memref.subview %a[%i, 2] [1, 2] [1, 2] : memref<4x6xf32> to memref<2xf32, strided<[2], offset: ?>>
    %x = memref.load %window[%c1] : memref<2xf32, strided<[2], offset: ?>>
    memref.store %x, %square[%i, %c1] : memref<3x2xf32>
  }
  memref.copy %square, %b : memref<3x2xf32> to memref<3x2xf32>
  %flat = memref.collapse_shape %a [[0, 1]] : memref<4x6xf32> into memref<24xf32>
  %tail = memref.subview %flat[12] [12] [1] : memref<24xf32> to memref<12xf32, strided<[1], offset: 12>>
  memref.copy %tail, %c : memref<12xf32, strided<[1], offset: 12>> to memref<12xf32>
  %sum, %swapped = scf.for %i = %c0 to %c3 step %c1 iter_args(%p = %zero, %q = %one) -> (f32, f32) {
    %x = memref.load %c[%i] : memref<12xf32>
    %s = arith.addf %q, %x : f32
    scf.yield %q, %s : f32, f32
  }
  %picked = arith.cmpf ogt, %sum, %limit : f32
  %chosen = scf.if %picked -> (f32) {
    scf.yield %sum : f32
  } else {
    scf.yield %swapped : f32
  }
  memref.store %chosen, %d[%c0] : memref<2xf32>
  %grown = scf.while (%v = %one) : (f32) -> f32 {
    %more = arith.cmpf olt, %v, %limit : f32
    scf.condition(%more) %v : f32
  } do {
  ^bb0(%v: f32):
    %w = arith.addf %v, %v : f32
    scf.yield %w : f32
  }
  memref.store %grown, %d[%c1] : memref<2xf32>`,
  );
  const { printed, interpreted } = await runBoth(module, counting);
  expect(printed).toEqual(interpreted);
});

test("names of models get into the file only as identifiers and comments", async () => {
  const name = '*/`${x}</script>\\u2028"\\n; while(1);//';
  const text = `func.func private @"class"(%a: memref<2xf32> {weft.name = "${name.replaceAll("\\", "\\\\").replaceAll('"', "\\22")}"}, %b: memref<2xf32> {weft.name = "return"}) {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0] : memref<2xf32>
  memref.store %x, %b[%c0] : memref<2xf32> loc("alert(1)\\0Aalert(2)\\E2\\80\\A8alert(3)")
  return
}
func.func @main(%a: memref<2xf32>, %b: memref<2xf32>) attributes {weft.entry_point} {
  call @"class"(%a, %b) : (memref<2xf32>, memref<2xf32>) -> ()
  return
}`;
  const { file, functions } = await loadHostFile(parseModule(text, { file: "hostile.mlir", registry }));
  expect(file.functions.get("class")).toEqual({
    name: "x_class",
    elementTypes: ["f32", "f32"],
    origin: expect.any(String),
  });
  expect(file.text).not.toMatch(/<\/script|\u2028|`|^\s*alert/m);
  const [a, b] = [Float32Array.of(3, 4), new Float32Array(2)];
  functions["x_class"]!(a, b);
  expect([...b]).toEqual([3, 0]);
});

test("what has no rule is an error at its place", () => {
  const module = hostModule(
    ["memref<4xf32>"],
    `  %c0 = arith.constant 0 : index
  %v = vector.load %a[%c0] : memref<4xf32>, vector<4xf32>`,
  );
  expect(() => printHostFunctions(new ModuleReader(module))).toThrow(CompileError);
  expect(() => printHostFunctions(new ModuleReader(module))).toThrow(/vector\.load on the host: no printing rule/);
});

test("a module without host functions has no host file", () => {
  const module = parseModule("func.func @main() attributes {weft.entry_point} {\n  return\n}", {
    file: "m.mlir",
    registry,
  });
  expect(printHostFunctions(new ModuleReader(module))).toBeUndefined();
});
