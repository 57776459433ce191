import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, type Operation, walk } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { programs, textModules } from "../../../src/testing/generators.ts";
import { operationCount, reduceModule } from "../../../src/testing/reduce/reduce.ts";
import { isSmaller, sizeOf } from "../../../src/testing/reduce/size.ts";

const parse = (text: string): Module =>
  parseModule(text, { file: "input.mlir", registry, allowUnregisteredDialects: true });
const operationsOf = (module: Module): readonly Operation[] => [...walk(new ModuleReader(module))];
const countOf = (module: Module, name: string): number => operationsOf(module).filter((op) => op.name === name).length;

/** Whether an operation of this name ends a block. */
function isEnd(module: Module, name: string): boolean {
  const reader = new ModuleReader(module);
  return operationsOf(module).some(
    (op) => op.name === name && op.parent !== undefined && reader.block(op.parent).operations.at(-1) === op.id,
  );
}

/** Reduces to what has `wanted` operations of one name, that of the operation picked. */
function reduceToSome(module: Module, pick: number, wanted: number) {
  const operations = operationsOf(module).slice(1);
  const { name } = operations[pick % operations.length]!;
  const least = Math.min(wanted, countOf(module, name));
  const isInteresting = (candidate: Module): boolean => countOf(candidate, name) >= least;
  let asked = 0;
  const reduction = reduceModule(module, (candidate) => {
    asked++;
    return isInteresting(candidate);
  });
  return { ...reduction, name, least, asked, isInteresting };
}

const sources: readonly (readonly [string, fc.Arbitrary<Module>, number])[] = [
  ["programs", programs({ size: 12 }).map(({ module }) => module), 40],
  [
    "modules of unknown operations",
    textModules().filter((module) => operationCount(module) > 0 && verifyModule(module, registry).length === 0),
    60,
  ],
];

describe.each(sources)("%s", (_, modules, numRuns) => {
  test("the result is valid, interesting, not larger, and minimal", () => {
    fc.assert(
      fc.property(modules, fc.nat(10_000), fc.integer({ min: 1, max: 2 }), (module, pick, wanted) => {
        const {
          module: reduced,
          minimal,
          tests,
          asked,
          isInteresting,
          name,
          least,
        } = reduceToSome(module, pick, wanted);
        expect(verifyModule(reduced, registry)).toEqual([]);
        expect(isInteresting(reduced)).toBe(true);
        expect(isSmaller(sizeOf(module), sizeOf(reduced))).toBe(false);
        expect(minimal).toBe(true);
        expect(tests).toBe(asked);
        // How many ends blocks need is not for the reduction to say.
        if (!isEnd(module, name)) expect(countOf(reduced, name)).toBe(least);
        // Nothing more can be taken away, so reducing again takes nothing away.
        expect(reduceModule(reduced, isInteresting).module).toBe(reduced);
        parse(printModule(reduced, registry, { debugInfo: true }));
      }),
      { numRuns },
    );
  });

  test("is the same each time, and stops where it is told to", () => {
    fc.assert(
      fc.property(modules, fc.nat(10_000), fc.integer({ min: 1, max: 6 }), (module, pick, maxTests) => {
        const first = reduceToSome(module, pick, 1);
        expect(printModule(reduceToSome(module, pick, 1).module, registry)).toBe(printModule(first.module, registry));
        const limited = reduceModule(module, first.isInteresting, { maxTests });
        expect(limited.tests).toBeLessThanOrEqual(maxTests);
        expect(limited.minimal && limited.tests === maxTests).toBe(false);
        expect(first.isInteresting(limited.module)).toBe(true);
      }),
      { numRuns: numRuns / 4 },
    );
  });
});

const contains = (text: string) => (module: Module) => printModule(module, registry).includes(text);

/** What is left of a text when its reduced form must contain another one. */
const reduced = (text: string, kept: string): string =>
  printModule(reduceModule(parse(text), contains(kept)).module, registry);

test.each<[string, string, string, string]>([
  [
    "functions that are not needed",
    'func.func @a() { call @b() : () -> () return }\nfunc.func @b() { return }\nfunc.func @c() { "x.y"() : () -> () return }',
    "call @b",
    "module {\n  func.call @b() : () -> ()\n  func.func private @b()\n}\n",
  ],
  [
    "what an operation stands on",
    "func.func @a(%x: i32, %y: i32) -> i32 { %0 = arith.addi %x, %y : i32 %1 = arith.muli %0, %y : i32 %2 = arith.subi %1, %x : i32 return %2 : i32 }",
    "arith.muli",
    "module {\n  %c0_i32 = arith.constant 0 : i32\n  %0 = arith.muli %c0_i32, %c0_i32 : i32\n}\n",
  ],
  [
    "loops around it",
    'func.func @a(%n: index) { %c = arith.constant 1 : index scf.for %i = %c to %n step %c { scf.for %j = %c to %i step %c { "x.y"(%j) : (index) -> () } } return }',
    "x.y",
    'module {\n  "x.y"() : () -> ()\n}\n',
  ],
  [
    "blocks and what they are given",
    'func.func @a(%p: i1, %v: i32) -> i32 { cf.cond_br %p, ^bb1(%v : i32), ^bb2(%v, %p : i32, i1)\n^bb1(%w: i32): cf.br ^bb2(%w, %p : i32, i1)\n^bb2(%u: i32, %q: i1): "x.y"(%u) {a = 1} : (i32) -> () return %u : i32 }',
    "x.y",
    'module {\n  "x.y"() : () -> ()\n}\n',
  ],
  [
    "elements of constants",
    '"x.y"() {a = dense<[1, 2, 3]> : tensor<3xi32>, b = [1, [2, 3], {c = "d"}]} : () -> ()',
    '"d"',
    'module {\n  "x.y"() {b = [{c = "d"}]} : () -> ()\n}\n',
  ],
  [
    "results and operands of unknown operations",
    '%0:3 = "x.a"() : () -> (i1, i2, i3)\n%1 = "x.b"(%0#2, %0#1) : (i3, i2) -> f32\n"x.y"(%1, %0#1) ({\n^bb0(%z: i8):\n  "x.z"(%z) : (i8) -> ()\n}) : (f32, i2) -> ()',
    "i2) -> ()",
    'module {\n  %0 = "x.a"() : () -> i2\n  "x.y"(%0) : (i2) -> ()\n}\n',
  ],
])("drops %s", (_, text, kept, expected) => {
  expect(reduced(text, kept)).toBe(expected);
});

test("an input that is not interesting is an error", () => {
  expect(() => reduceModule(parse("module {}"), () => false)).toThrow(CompileError);
});

test("candidates that do not verify are tried only when they may be", () => {
  const module = parse("func.func @f(%x: i32) -> i32 {\n  return %x : i32\n}\n");
  const verified = (candidate: Module): boolean => verifyModule(candidate, registry).length === 0;
  const tried: boolean[] = [];
  reduceModule(module, (candidate) => tried.push(verified(candidate)) > 0 && contains("return")(candidate));
  expect(tried).not.toContain(false);
  const unverified: boolean[] = [];
  reduceModule(module, (candidate) => unverified.push(verified(candidate)) > 0 && contains("return")(candidate), {
    verify: false,
  });
  expect(unverified).toContain(false);
});

test("a large module is reduced in few steps", () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `  %${index + 1} = arith.addi %${index}, %${index} : i32`);
  const text = `func.func @f(%0: i32) -> i32 {\n${lines.join("\n")}\n  %last = arith.muli %2000, %0 : i32\n  return %last : i32\n}\n`;
  const { module, tests } = reduceModule(parse(text), contains("arith.muli"));
  expect(operationCount(module)).toBe(2);
  expect(tests).toBeLessThan(100);
});
