import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { passesOf, pipeline, type PipelineElement, printPipeline, step } from "../../../src/passes/pipeline.ts";
import { diagnosticsOf, examplePasses, negateSums, onlyModules } from "./example-passes.ts";

const parse = (text: string) => parsePipeline(text, examplePasses);
const errorsOf = (text: string) => diagnosticsOf(() => parse(text));

describe("pipelines are read and written", () => {
  test.each([
    ["negate-sums", "builtin.module(negate-sums)"],
    ["negate-sums,func.func(negate-sums)", "builtin.module(negate-sums,func.func(negate-sums))"],
    ["builtin.module(only-modules)", "builtin.module(only-modules)"],
    [" builtin.module ( only-modules , negate-sums ) ", "builtin.module(only-modules,negate-sums)"],
    ["func.func()", "builtin.module(func.func())"],
    ["", "builtin.module()"],
    ["negate-sums{}", "builtin.module(negate-sums)"],
    ["negate-sums{max-ops=32}", "builtin.module(negate-sums)"],
    ["negate-sums{max-ops=-3 quick mode=last}", "builtin.module(negate-sums{max-ops=-3 quick=true mode=last})"],
    ["negate-sums{label='a b, c'}", 'builtin.module(negate-sums{label="a b, c"})'],
    ["negate-sums{sizes=1,2,3 quick=false}", "builtin.module(negate-sums{sizes=1,2,3})"],
    ["negate-sums{sizes={4, 5}}", "builtin.module(negate-sums{sizes=4,5})"],
  ])("%j is %j", (text, canonical) => {
    expect(printPipeline(parse(text))).toBe(canonical);
    expect(printPipeline(parse(canonical))).toBe(canonical);
  });

  test("options have their values", () => {
    const [only] = parse("negate-sums{max-ops=7 sizes=1,2}").elements;
    expect(only).toMatchObject({ kind: "pass", pass: negateSums });
    const options = { maxOps: 7, quick: false, mode: "first", label: undefined, sizes: [1, 2] };
    expect(only?.kind === "pass" && only.options).toEqual(options);
    expect(step(negateSums, { maxOps: 7, sizes: [1, 2] })).toEqual(only);
  });

  test("what is written reads back as it was", () => {
    const passStep: fc.Arbitrary<PipelineElement> = fc.oneof(
      fc.constant(step(onlyModules)),
      fc
        .record({
          maxOps: fc.integer(),
          quick: fc.boolean(),
          mode: fc.constantFrom("first" as const, "last" as const),
          label: fc.stringMatching(/^[ -!#-~]*$/),
          sizes: fc.array(fc.integer()),
        })
        .map((options) => step(negateSums, options)),
    );
    const onFunctions = fc
      .array(passStep)
      .map((steps) => steps.filter((each) => [...passesOf(each)][0] === negateSums));
    const nested = onFunctions.map((steps) => pipeline("func.func", ...steps));
    fc.assert(
      fc.property(fc.array(fc.oneof(passStep, nested)), (elements) => {
        const made = pipeline("builtin.module", ...elements);
        expect(parse(printPipeline(made))).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

describe("mistakes are named with their column", () => {
  test.each([
    ["negate-sum", ['passes/unknown-pass: there is no pass "negate-sum"; did you mean "negate-sums"? at 1:1']],
    ["x-y-z", ['passes/unknown-pass: there is no pass "x-y-z" at 1:1']],
    [
      "negate-sums,func.fun(negate-sums)",
      ['passes/unknown-pass: there is no pass "func.fun"; did you mean "func.func"? at 1:13'],
    ],
    [
      "negate-sums{max-op=3}",
      ['passes/unknown-option: pass "negate-sums" has no option "max-op"; did you mean "max-ops"? at 1:13'],
    ],
    [
      "negate-sums{max-ops=3.5}",
      ['passes/bad-option: option "max-ops" of pass "negate-sums" must be an integer, but is "3.5" at 1:13'],
    ],
    [
      "negate-sums{mode=middle}",
      ['passes/bad-option: option "mode" of pass "negate-sums" must be one of first, last, but is "middle" at 1:13'],
    ],
    [
      "negate-sums{quick quick=false}",
      ['passes/repeated-option: option "quick" of pass "negate-sums" is given twice at 1:19'],
    ],
    [
      "func.func(only-modules)",
      ['passes/wrong-anchor: pass "only-modules" cannot run on func.func, only on builtin.module at 1:11'],
    ],
    ["func.func(func.func(negate-sums))", ["passes/wrong-nesting: func.func cannot be nested in func.func at 1:11"]],
    [
      "negate-sums\n only-modules",
      ['passes/syntax: pipeline: expected the end of the pipeline but found "only-modules" at 2:2'],
    ],
    ["negate-sums,", ["passes/syntax: pipeline: expected a pass or an anchor but found the end of the text at 1:13"]],
    ["func.func(negate-sums", ['passes/syntax: pipeline: expected "," or ")" but found the end of the text at 1:22']],
    ["negate-sums)", ['passes/syntax: pipeline: expected the end of the pipeline but found ")" at 1:12']],
    [
      "negate-sums{max-ops=3",
      ['passes/syntax: pipeline: expected an option or "}" but found the end of the text at 1:22'],
    ],
  ])("%j", (text, errors) => {
    expect(errorsOf(text)).toEqual(errors);
  });

  test("all of them at once", () => {
    expect(errorsOf("nagate-sums{zig},negate-sums{zag},func.func(only-modules)")).toHaveLength(3);
  });

  test("whatever is written, the answer is a pipeline or a diagnostic", () => {
    const pieces = fc.constantFrom(
      "negate-sums",
      "func.func",
      "builtin.module",
      "(",
      ")",
      "{",
      "}",
      "=",
      ",",
      "'",
      '"',
      " ",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join("")),
        ),
        (text) => {
          expect(errorsOf(text).every((error) => error.startsWith("passes/"))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(errorsOf("func.func(".repeat(100_000))[0]).toMatch(/^passes\//);
  });
});
