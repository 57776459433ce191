import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { i64 } from "../../../src/ir/types.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { canonicalize } from "../../../src/passes/canonicalize/canonicalize.ts";
import { emulateWideIntegers, narrowWideIntegers } from "../../../src/passes/legalize/index.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { pipeline, type PipelineElement, step } from "../../../src/passes/pipeline.ts";
import { parseWide, runWide, wideInputs, wideKernel } from "./wide-programs.ts";

function apply(module: Module, ...steps: readonly PipelineElement[]): Module {
  const { module: result, diagnostics } = runPipeline(module, pipeline("builtin.module", ...steps));
  expect(diagnostics).toEqual([]);
  expect(verifyModule(result, registry)).toEqual([]);
  return result;
}

/** One step of a random computation: an operation on two of the values so far. */
interface Step {
  readonly operation: number;
  readonly picks: readonly [number, number, number];
  readonly constant: number;
}
const step_: fc.Arbitrary<Step> = fc.record({
  operation: fc.nat(1000),
  picks: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)),
  constant: fc.oneof(
    fc.integer({ min: -9, max: 40 }),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, -(2 ** 33), 65535, 65536, 31, 32, 33, 63, 64),
  ),
});
const named = ["addi", "subi", "muli", "andi", "ori", "xori", "minsi", "maxsi", "minui", "maxui"] as const;
const shifts = ["shli", "shrsi", "shrui"] as const;
const divisions = ["divsi", "remsi", "floordivsi", "ceildivsi", "divui", "remui", "ceildivui"] as const;
const predicates = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"] as const;

/** The text of a computation on `%a` and `%b`, of which short numbers are taken too; it ends with `%r` and `%g`. */
function computation(steps: readonly Step[]): string {
  const lines: string[] = [];
  const values = ["%a", "%b"];
  const define = (name: string, code: string): void => {
    lines.push(`${name} = ${code}`);
    values.push(name);
  };
  for (const [index, width] of [8, 16, 1, 32].entries()) {
    lines.push(`%short${index} = arith.trunci ${values[index % 2]!} : i64 to i${width}`);
    define(`%s${index}`, `arith.${index === 1 ? "extui" : "extsi"} %short${index} : i${width} to i64`);
  }
  define("%place64", "arith.index_cast %place : index to i64");
  steps.forEach(({ operation, picks, constant }, index) => {
    const name = `%v${index}`;
    const [x, y, z] = picks.map((pick) => values[pick % values.length]!);
    lines.push(`%k${index} = arith.constant ${constant} : i64`);
    const other = picks[1] % 3 === 0 ? `%k${index}` : y!;
    switch (operation % 8) {
      case 0:
      case 1:
      case 2:
        return define(name, `arith.${named[operation % named.length]!} ${x}, ${other} : i64`);
      case 3:
        return define(name, `arith.${shifts[operation % shifts.length]!} ${x}, ${other} : i64`);
      case 4: {
        const divisor = constant === 0 ? 1 : constant;
        lines.push(`%d${index} = arith.constant ${divisor} : i64`);
        return define(name, `arith.${divisions[operation % divisions.length]!} ${x}, %d${index} : i64`);
      }
      case 5:
        lines.push(`%c${index} = arith.cmpi ${predicates[operation % predicates.length]!}, ${x}, ${other} : i64`);
        return define(name, `arith.select %c${index}, ${y}, ${z} : i64`);
      case 6:
        lines.push(`%c${index} = arith.cmpi ${predicates[operation % predicates.length]!}, ${x}, ${other} : i64`);
        lines.push(`%i${index} = scf.if %c${index} -> (i64) {`, `scf.yield ${y} : i64`, "} else {");
        lines.push(`%e${index} = arith.addi ${z}, %k${index} : i64`, `scf.yield %e${index} : i64`, "}");
        return define(name, `math.absi %i${index} : i64`);
      default:
        lines.push(
          `%n${index} = arith.constant ${Math.abs(constant) % 7} : index`,
          `%z${index} = arith.constant 0 : index`,
          `%o${index} = arith.constant 1 : index`,
          `%l${index}:2 = scf.for %i = %z${index} to %n${index} step %o${index} iter_args(%p = ${x}, %q = ${y}) -> (i64, i64) {`,
          "%i64 = arith.index_cast %i : index to i64",
          `%w0 = arith.addi %p, %i64 : i64`,
          `%w1 = arith.maxsi %q, %i64 : i64`,
          `%w2 = arith.minsi %w1, %k${index} : i64`,
          `scf.yield %w0, %w2 : i64, i64`,
          "}",
        );
        return define(name, `arith.xori %l${index}#0, %l${index}#1 : i64`);
    }
  });
  const all = values.slice(2);
  lines.push(`%r0 = arith.constant 0 : i64`);
  all.forEach((value, index) => lines.push(`%r${index + 1} = arith.addi %r${index}, ${value} : i64`));
  lines.push(`%last = arith.remsi ${values.at(-1)!}, %million : i64`);
  const million = "%million = arith.constant 1000000 : i64";
  return [million, ...lines, `%r = arith.addi %r${all.length}, %a : i64`, "%g = arith.sitofp %last : i64 to f32"].join(
    "\n",
  );
}

test("random computations give the same, narrowed, and narrowed and emulated", () => {
  fc.assert(
    fc.property(fc.array(step_, { minLength: 1, maxLength: 14 }), wideInputs, (steps, inputs) => {
      const module = parseWide(wideKernel(computation(steps)));
      const narrowed = apply(module, step(narrowWideIntegers));
      const expected = runWide(module, inputs);
      expect(runWide(narrowed, inputs)).toEqual(expected);
      expect(runWide(apply(narrowed, step(emulateWideIntegers)), inputs)).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

/** Operations in kernels that give long integers, by name. */
function longOperations(body: string): readonly string[] {
  const module = apply(parseWide(wideKernel(body)), step(narrowWideIntegers), step(canonicalize));
  const reader = new ModuleReader(module);
  return [...walk(reader)]
    .filter((op) => op.results.some((result) => reader.typeOf(result) === i64) && op.name !== "memref.load")
    .map((op) => op.name);
}

describe("what is known to fit is computed in words", () => {
  test("places of loops and invocations", () => {
    const body = `%c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c9 = arith.constant 9 : index
      %k7 = arith.constant 7 : i64
      %k3 = arith.constant 3 : i64
      %k0 = arith.constant 0 : i64
      %p = arith.index_cast %place : index to i64
      %f0 = arith.constant 0.0 : f32
      %best:2 = scf.for %i = %c0 to %c9 step %c1 iter_args(%at = %k0, %sum = %f0) -> (i64, f32) {
        %i64 = arith.index_cast %i : index to i64
        %scaled = arith.muli %i64, %k7 : i64
        %less = arith.cmpi slt, %scaled, %k3 : i64
        %next = arith.select %less, %at, %i64 : i64
        %t = arith.sitofp %scaled : i64 to f32
        %s = arith.addf %sum, %t : f32
        scf.yield %next, %s : i64, f32
      }
      %rest = arith.remsi %best#0, %k3 : i64
      %j = arith.index_cast %rest : i64 to index
      %r = memref.load %A[%j] : memref<16xi64>
      %g = arith.addf %best#1, %f : f32`;
    expect(longOperations(body)).toEqual([]);
  });

  test("sums that may grow beyond a word stay long", () => {
    const body = `%c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c9 = arith.constant 9 : index
      %k0 = arith.constant 0 : i64
      %s8 = arith.trunci %a : i64 to i8
      %s = arith.extsi %s8 : i8 to i64
      %r = scf.for %i = %c0 to %c9 step %c1 iter_args(%sum = %k0) -> (i64) {
        %next = arith.addi %sum, %s : i64
        scf.yield %next : i64
      }
      %g = arith.constant 0.0 : f32`;
    expect(longOperations(body)).toContain("arith.addi");
  });
});
