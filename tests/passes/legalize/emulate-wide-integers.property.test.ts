import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { elementOf, i64 } from "../../../src/ir/types.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { emulateWideIntegers } from "../../../src/passes/legalize/index.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { pipeline, step } from "../../../src/passes/pipeline.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { parseWide, runWide, wideInputs, wideKernel } from "./wide-programs.ts";

/** The program without long integers in kernels, which is what is promised. */
function emulated(module: Module): Module {
  const { module: result, diagnostics } = runPipeline(module, pipeline("builtin.module", step(emulateWideIntegers)));
  if (diagnostics.length > 0) throw new CompileError(diagnostics);
  expect(verifyModule(result, registry)).toEqual([]);
  const reader = new ModuleReader(result);
  const kernels = [...walk(reader)].filter((op) => op.name === "gpu.func" || op.name === "func.func");
  const inKernels = kernels
    .filter((op) => reader.operation(reader.block(op.parent!).parent).name === "gpu.module")
    .flatMap((op) => [...walk(reader, op.id)])
    .flatMap((op) => [...op.results, ...op.regions.flat().flatMap((block) => reader.block(block).arguments)]);
  expect(inKernels.filter((value) => elementOf(reader.typeOf(value)) === i64)).toEqual([]);
  return result;
}

/** A kernel gives the same with and without long integers. */
function holds(text: string, runs = 40): void {
  const module = parseWide(text);
  const without = emulated(module);
  fc.assert(
    fc.property(wideInputs, (inputs) => {
      expect(runWide(without, inputs)).toEqual(runWide(module, inputs));
    }),
    { numRuns: runs },
  );
}

const zero = "%g = arith.constant 0.0 : f32\n";
const binary = ["addi", "subi", "muli", "andi", "ori", "xori", "minsi", "maxsi", "minui", "maxui"];
const shifts = ["shli", "shrui", "shrsi"];
const divisions = ["divsi", "divui", "remsi", "remui", "floordivsi", "ceildivsi", "ceildivui"];
const predicates = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"];

describe("one operation", () => {
  test.each(binary)("arith.%s", (name) => holds(wideKernel(`%r = arith.${name} %a, %b : i64\n${zero}`)));

  test.each(shifts)("arith.%s by any amount, and by amounts within the width", (name) => {
    holds(wideKernel(`%r = arith.${name} %a, %b : i64\n${zero}`));
    holds(
      wideKernel(`%mask = arith.constant 63 : i64
      %n = arith.andi %b, %mask : i64
      %r = arith.${name} %a, %n : i64\n${zero}`),
    );
  });

  test.each(divisions)("arith.%s", (name) => {
    holds(
      wideKernel(`%one = arith.constant 1 : i64
      %d = arith.ori %b, %one : i64
      %r = arith.${name} %a, %d : i64\n${zero}`),
    );
  });

  test.each(
    divisions.flatMap((name) =>
      ["1", "3", "-7", "64", "65535", "-65536", "4294967296", "1000000007", "-9223372036854775808"].map(
        (by) => [name, by] as const,
      ),
    ),
  )("arith.%s by %s", (name, by) => {
    holds(
      wideKernel(`%d = arith.constant ${by} : i64
        %r = arith.${name} %a, %d : i64\n${zero}`),
      15,
    );
  });

  test.each(predicates)("arith.cmpi %s", (predicate) => {
    holds(
      wideKernel(`%c = arith.cmpi ${predicate}, %a, %b : i64
      %zero = arith.constant 0 : i64
      %one = arith.constant 1 : i64
      %d = arith.cmpi ${predicate}, %a, %zero : i64
      %e = arith.cmpi ${predicate}, %a, %a : i64
      %n0 = arith.extui %c : i1 to i64
      %n1 = arith.extsi %d : i1 to i64
      %n2 = arith.select %e, %n0, %one : i64
      %r = arith.subi %n2, %n1 : i64\n${zero}`),
    );
  });

  test.each(["absi", "ctpop", "ctlz", "cttz"])("math.%s", (name) =>
    holds(wideKernel(`%r = math.${name} %a : i64\n${zero}`)),
  );

  test("math.ipowi", () => {
    holds(
      wideKernel(`%one = arith.constant 1 : i64
      %base = arith.ori %a, %one : i64
      %r = math.ipowi %base, %b : i64\n${zero}`),
      20,
    );
  });

  test.each(["i1", "i8", "i16", "i32"])("to and from %s", (type) => {
    holds(
      wideKernel(`%s = arith.trunci %a : i64 to ${type}
      %t = arith.trunci %b : i64 to ${type}
      %x = arith.extsi %s : ${type} to i64
      %y = arith.extui %t : ${type} to i64
      %r = arith.addi %x, %y : i64\n${zero}`),
    );
  });

  test.each(["sitofp", "uitofp"])("arith.%s to f32, bf16 and f16", (name) => {
    holds(wideKernel(`%g = arith.${name} %a : i64 to f32\n%r = arith.addi %a, %b : i64`), 200);
    for (const type of ["bf16", "f16"])
      holds(
        wideKernel(
          `%h = arith.${name} %a : i64 to ${type}\n%g = arith.extf %h : ${type} to f32\n%r = arith.addi %a, %b : i64`,
        ),
      );
  });

  test.each(["fptosi", "fptoui"])("arith.%s", (name) => {
    holds(wideKernel(`%r = arith.${name} %f : f32 to i64\n${zero}`), 200);
    holds(wideKernel(`%h = arith.truncf %f : f32 to f16\n%r = arith.${name} %h : f16 to i64\n${zero}`));
  });
});

describe("control flow and memory", () => {
  test("loops and branches carry long integers", () => {
    holds(
      wideKernel(`%c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c5 = arith.constant 5 : index
      %less = arith.cmpi slt, %a, %b : i64
      %start = scf.if %less -> (i64) {
        scf.yield %b : i64
      } else {
        %t = arith.subi %a, %b : i64
        scf.yield %t : i64
      }
      %sum = scf.for %i = %c0 to %c5 step %c1 iter_args(%acc = %start) -> (i64) {
        %n = arith.index_cast %i : index to i64
        %m = arith.muli %n, %a : i64
        %next = arith.addi %acc, %m : i64
        scf.yield %next : i64
      }
      %zero = arith.constant 0 : i64
      %one = arith.constant 1 : i64
      %bits:2 = scf.while (%x = %sum, %n = %zero) : (i64, i64) -> (i64, i64) {
        %more = arith.cmpi ne, %x, %zero : i64
        scf.condition(%more) %x, %n : i64, i64
      } do {
      ^bb0(%x: i64, %n: i64):
        %y = arith.shrui %x, %one : i64
        %k = arith.addi %n, %one : i64
        scf.yield %y, %k : i64, i64
      }
      %r = arith.addi %bits#1, %sum : i64\n${zero}`),
    );
  });

  test("functions, private buffers and views", () => {
    const helper = `func.func private @twice(%x: i64, %i: index) -> i64 {
      %j = arith.index_cast %i : index to i64
      %y = arith.addi %x, %x : i64
      %z = arith.xori %y, %j : i64
      return %z : i64
    }`;
    holds(
      wideKernel(
        `%c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %own = memref.alloca() : memref<2x2xi64>
        %row = memref.subview %own[1, 0] [1, 2] [1, 1] : memref<2x2xi64> to memref<2xi64, strided<[1], offset: 2>>
        memref.store %a, %own[%c1, %c1] : memref<2x2xi64>
        memref.store %b, %row[%c0] : memref<2xi64, strided<[1], offset: 2>>
        %x = memref.load %row[%c1] : memref<2xi64, strided<[1], offset: 2>>
        %y = memref.load %own[%c1, %c0] : memref<2x2xi64>
        %t = func.call @twice(%y, %c1) : (i64, index) -> i64
        %r = arith.subi %x, %t : i64\n${zero}`,
        helper,
      ),
    );
  });

  test("an index beyond 32 bits is the nearest that is a word, where bounds are held against it", () => {
    const text = wideKernel(`%c3 = arith.constant 3 : index
      %cm2 = arith.constant -2 : index
      %i = arith.index_cast %a : i64 to index
      %above = arith.minsi %i, %c3 : index
      %inside = arith.maxsi %above, %cm2 : index
      %r = arith.index_cast %inside : index to i64\n${zero}`);
    const without = emulated(parseWide(text));
    fc.assert(
      fc.property(wideInputs, (inputs) => {
        const clamped = inputs.a.map((value) => (value > 3n ? 3n : value < -2n ? -2n : value));
        expect(runWide(without, inputs).r).toEqual(clamped);
      }),
      { numRuns: 40 },
    );
  });

  test("what there is no way for is refused", () => {
    const bits = wideKernel(
      `%g0 = arith.bitcast %a : i64 to f64\n%g = arith.truncf %g0 : f64 to f32\n%r = arith.addi %a, %b : i64`,
    );
    expect(() => emulated(parseWide(bits))).toThrow("wide-integers/operation");
  });
});
