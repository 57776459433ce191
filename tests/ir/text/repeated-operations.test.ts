import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generateModule } from "../../../benchmarks/ir/generate-module.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { type Module, readPage } from "../../../src/ir/module.ts";
import { tokenize } from "../../../src/ir/text/lexer.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { CompileError, type Diagnostic } from "../../../src/support/diagnostic.ts";
import { programs, textModules } from "../../../src/testing/generators.ts";
import { sharedFolder } from "../../support/shared-data.ts";

/** What becomes of a text: the module, down to the numbers of its values, or the errors. */
function read(text: string, grammarOnly: boolean): Module | readonly Diagnostic[] {
  try {
    return parseModule(text, { file: "text.mlir", registry, allowUnregisteredDialects: true, grammarOnly });
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
}
const expectSame = (text: string, name = text): void => {
  const [direct, grammar] = [read(text, false), read(text, true)];
  if (!isDeepStrictEqual(direct, grammar)) expect(direct, name).toEqual(grammar);
};

const folder = join(sharedFolder, "mlir-corpus", "generic");
const files = readdirSync(folder).filter((_, index) => index % 41 === 0);

test("upstream's texts are read alike, and so are texts that hold everything twice", () => {
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    expectSame(text, file);
    expectSame(text + text, file);
    expectSame(text + text.replaceAll(/= (-?[0-9]+)(\.[0-9]*)? :/g, "= $10$2 :"), file);
    expectSame(text.replaceAll("\n", " "), file);
  }
});

test("damaged texts give the same errors", () => {
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8")).filter((text) => text.length < 3000);
  const words = [
    "%0",
    "%1",
    "%0#0",
    "i32",
    "i64",
    "loc(unknown)",
    "loc(#none)",
    "=",
    ")",
    "}",
    '"test.op"',
    ": () -> ()",
  ];
  const edit = fc.record({ place: fc.nat(10_000), drop: fc.nat(2), word: fc.constantFrom("", ...words) });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
      let damaged = text;
      for (const { place, drop, word } of edits) {
        const { count, starts, ends } = tokenize(damaged);
        const first = place % count;
        const last = Math.min(count - 1, first + drop);
        damaged = `${damaged.slice(0, starts[first])} ${word} ${damaged.slice(drop === 0 ? starts[first] : ends[last])}`;
      }
      expectSame(damaged);
    }),
    { numRuns: 500 },
  );
});

test("generated programs are read alike, with locations and without", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        programs().map(({ module }) => module),
        textModules(),
      ),
      fc.boolean(),
      (module, debugInfo) => expectSame(printModule(module, registry, { generic: true, debugInfo })),
    ),
    { numRuns: 40 },
  );
});

test("operations that are written alike share their attributes", () => {
  const text = generateModule(2000);
  const module = read(text, false) as Module;
  expect(isDeepStrictEqual(module, read(text, true))).toBe(true);
  expect(printModule(module, registry, { generic: true })).toBe(text);
  const properties = new Set(
    Array.from({ length: 2000 }, (_, id) => readPage(module.operations, id)).flatMap((op) =>
      op?.name === "arith.addi" ? [op.properties] : [],
    ),
  );
  expect(properties.size).toBe(1);
});

const make = `%0 = "t.make"() : () -> i32\n%1 = "t.make"() : () -> i32\n`;
const use = `"t.use"(%0) : (i32) -> ()\n`;
test.each([
  ["a name that is taken", `${make}%1 = "t.make"() : () -> i32`],
  [
    "another type than the value has",
    `%0 = "t.f"() : () -> i64\n"t.use"(%0) : (i64) -> ()\n%1 = "t.make"() : () -> i32\n${use}"t.use"(%1) : (i64) -> ()`,
  ],
  ["uses before the definition", `${use}${use}%0 = "t.make"() : () -> i32\n"t.use"(%9) : (i32) -> ()\n`],
  ["a definition after uses of another type", `${make}"t.use"(%2) : (i64) -> ()\n%2 = "t.make"() : () -> i32`],
  [
    "results of a pack",
    `%0:2 = "t.two"() : () -> (i32, i32)\n%1:2 = "t.two"() : () -> (i32, i32)\n${use}"t.use"(%0#0) : (i32) -> ()\n"t.use"(%0#1) : (i32) -> ()\n"t.use"(%1#2) : (i32) -> ()`,
  ],
  [
    "more or fewer names than results",
    `%0:2 = "t.two"() : () -> (i32, i32)\n%1 = "t.two"() : () -> (i32, i32)\n"t.two"() : () -> (i32, i32)`,
  ],
  ["a name that is a result's number", `${make}%2#0 = "t.make"() : () -> i32\n"t.use"(%2) : (i32) -> ()`],
  [
    "numbers that are spelled differently",
    `${make}${use}%00 = "t.make"() : () -> i32\n"t.use"(%00) : (i32) -> ()\n"t.use"(%000) : (i32) -> ()`,
  ],
  [
    "large numbers",
    `%99999999999 = "t.make"() : () -> i32\n%9999999 = "t.make"() : () -> i32\n"t.use"(%99999999999, %9999999) : (i32, i32) -> ()`,
  ],
  ["too few operands", `${make}"t.use"(%0, %1) : (i32, i32) -> ()\n"t.use"(%0) : (i32, i32) -> ()`],
  [
    "locations",
    `${make}${use}"t.use"(%0) : (i32) -> () loc("a":1:2)\n"t.use"(%0) : (i32) -> () loc(#l)\n"t.use"(%0) : (i32) -> () loc(#m)\n#l = loc("b")`,
  ],
  [
    "other numbers",
    [
      "1 : i8",
      "2 : i8",
      "-3 : i8",
      "-4 : i8",
      "0x10 : i8",
      "300 : i8",
      "1.5 : f32",
      "2.5 : f32",
      "-2.5 : f32",
      "0x7FC00000 : f32",
      "3 : f32",
      "1 : i1",
      "0 : i1",
      "2 : i1",
      "4",
      "5",
      "6 : !t.t",
      "7 : index",
    ]
      .flatMap((value) => [
        `"t.c"() <{value = ${value}, a = 1 : i8}> : () -> ()`,
        `"t.c"() {b = ${value}} : () -> ()`,
        `"t.c"() {a = {b = ${value}}} : () -> ()`,
      ])
      .join("\n"),
  ],
  [
    "other numbers in declared operations",
    [0, 1, 7, 7, -1, 9]
      .map(
        (value, index) =>
          `%${index} = "arith.constant"() <{value = ${value} : i64}> : () -> i64\n"arith.addi"(%${index}, %${index}) <{overflowFlags = ${value} : i32}> : (i64, i64) -> i64\n"arith.cmpi"(%${index}, %${index}) {predicate = ${value} : i64} : (i64, i64) -> i1`,
      )
      .join("\n"),
  ],
  [
    "packs",
    `%0:2 = "t.two"() : () -> (i32, i32)\n%1:2 = "t.two"() : () -> (i32, i32)\n%2:0 = "t.two"() : () -> (i32, i32)\n%3:3 = "t.two"() : () -> (i32, i32)\n%a:2 = "t.two"() : () -> (i32, i32)\n"t.use"(%a#1) : (i32) -> ()\n"t.use"(%1#1) : (i32) -> ()\n"t.use"(%3#0) : (i32) -> ()\n%a:2 = "t.two"() : () -> (i32, i32)`,
  ],
  [
    "kinds of locations",
    `${make}${use}${[`unknown`, `"a\\22":1:2`, `#l`, `#n`, `#l1`, `"a":1:2 to 3:4`, `"n"`, `callsite("a" at "b")`, `#d.x<1>`, `#l`].map((location) => `"t.use"(%0) : (i32) -> () loc(${location})\n`).join("")}#l = loc("b":3:4)\n#l1 = 4 : i32\n`,
  ],
  [
    "a location that breaks off",
    `${make}${use}"t.use"(%0) : (i32) -> () loc("a":)\n%1 = "t.make"() : () -> i32 loc(\n"t.use"(%1) : (i32) -> ()`,
  ],
  [
    "an operation that goes on on another line",
    `${make}${use}"t.use"(%0) :\n (i32) -> ()\n"t.use"(%0) :\n (i32) -> ()`,
  ],
  ["comments", `${make}"t.use"(%0) : (i32) -> () // : (i32)\n"t.use"(%0) : (i32) -> () // more\n`],
  ["aliases", `#a = 1 : i32\n!t = i32\n${make}"t.use"(%0) {a = #a} : (!t) -> ()\n"t.use"(%1) {a = #a} : (!t) -> ()`],
  ["an alias that is not defined", `${make}"t.use"(%0) {a = #b.c} : (!t) -> ()\n"t.use"(%0) {a = #b.c} : (!t) -> ()`],
  [
    "regions and successors",
    `"t.r"() ({\n${make}${use}"t.br"()[^bb1] : () -> ()\n^bb1:\n${use}"t.br"()[^bb1] : () -> ()\n}) : () -> ()\n"t.r"() ({}) : () -> ()`,
  ],
  [
    "names of isolated regions",
    `${make}"func.func"() <{function_type = () -> (), sym_name = "f"}> ({\n%0 = "t.make"() : () -> i32\n${use}"t.use"(%1) : (i32) -> ()\n}) : () -> ()\n${use}%2 = "t.make"() : () -> i32`,
  ],
  [
    "names of regions that are closed",
    `"t.r"() ({\n${make}${use}}) : () -> ()\n${use}"t.r"() ({\n${make}${use}}) : () -> ()`,
  ],
])("%s", (_, text) => {
  expectSame(text);
  expectSame(`"builtin.module"() ({\n${text}\n}) : () -> ()`);
});
