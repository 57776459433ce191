import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resourceAttribute } from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith, registry } from "../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { f32, tensorType } from "../../../src/ir/types.ts";
import { reproducerPipeline, withoutReproducer } from "../../../src/passes/instrumentation/reproducer.ts";
import { statisticsReport, timingReport } from "../../../src/passes/instrumentation/reports.ts";
import { traceEvents } from "../../../src/passes/instrumentation/trace-events.ts";
import { parsePipeline } from "../../../src/passes/parse-pipeline.ts";
import { type PipelineOptions, runPipeline } from "../../../src/passes/pass-manager.ts";
import { examplePasses, sums } from "./example-passes.ts";

const run = (module: Module, text: string, options: PipelineOptions = {}) =>
  runPipeline(module, parsePipeline(text, examplePasses), options);
const namesIn = (module: Module): readonly string[] =>
  [...walk(new ModuleReader(module))].map((op) => op.name).filter((name) => /arith\.(add|sub|mul)f/.test(name));

describe("a pipeline runs its passes", () => {
  test("on the module", () => {
    const module = sums(3);
    const { module: result, history, failure } = run(module, "negate-sums{max-ops=2},only-modules");
    expect(namesIn(result)).toEqual(["arith.subf", "arith.subf", "arith.addf"]);
    expect(namesIn(module)).toEqual(["arith.addf", "arith.addf", "arith.addf"]);
    expect(history.map(({ pass, changed }) => [pass.name, changed])).toEqual([
      ["negate-sums", true],
      ["only-modules", false],
    ]);
    expect(failure).toBeUndefined();
  });

  test("on each function", () => {
    const { module: result, history, statistics } = run(sums(3), "func.func(negate-sums{max-ops=1})");
    expect(namesIn(result)).toEqual(["arith.subf", "arith.subf", "arith.subf"]);
    expect(history.map(({ symbol }) => symbol)).toEqual(["f0", "f1", "f2"]);
    expect(statistics.map(({ counts }) => counts)).toEqual([{ negated: 3 }]);
  });

  test("and gives the same object back when nothing changes", () => {
    const module = sums(2);
    expect(run(module, "only-modules,negate-sums{max-ops=0}").module).toBe(module);
  });
});

describe.each(["crash", "diagnose", "report", "break"])("a pass that fails (%s)", (how) => {
  const module = sums(2);
  const before = printModule(module, registry);
  const text = `negate-sums{max-ops=1},func.func(failing{how=${how}})`;

  test("leaves nothing behind", () => {
    const result = run(module, text, { verifyEach: true });
    expect(result.module).toBe(module);
    expect(printModule(module, registry)).toBe(before);
    expect(result.failure?.pass.name).toBe("failing");
    expect(namesIn(result.failure!.before)).toEqual(["arith.subf", "arith.addf"]);
    expect(
      result.diagnostics.some(({ severity, message }) => severity === "error" && message.includes('"failing"')),
    ).toBe(true);
  });

  test("writes a reproducer that fails again", () => {
    const folder = mkdtempSync(join(tmpdir(), "weft-reproducer-"));
    try {
      const file = join(folder, "failure.mlir");
      const { diagnostics } = run(module, text, { verifyEach: true, reproducer: file });
      expect(diagnostics.at(-1)!.message).toContain(`weft opt --run-reproducer ${file}`);
      const written = readFileSync(file, "utf8");
      const pipeline = reproducerPipeline(written)!;
      expect(pipeline).toBe(
        how === "crash" ? "builtin.module(func.func(failing))" : `builtin.module(func.func(failing{how=${how}}))`,
      );
      const again = run(parseModule(written, { file, registry }), pipeline, { verifyEach: true });
      expect(again.failure?.pass.name).toBe("failing");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("a reproducer keeps the module's resources", () => {
  const module = createModule((r) => {
    createFunction(r, "f", [f32], (b, [x]) => {
      const type = tensorType([2], f32);
      const value = resourceAttribute(r.addResource(Uint8Array.from([0, 0, 128, 63, 0, 0, 0, 64])), type);
      arith.constant.build(b, {}, { value }, { resultTypes: [type] });
      return [arith.addf.build(b, { lhs: x!, rhs: x! }, {}).result];
    });
  });
  const { failure } = run(module, "failing");
  expect(reproducerPipeline(failure!.reproducer)).toBe("builtin.module(failing)");
  const again = parseModule(failure!.reproducer, { file: "reproducer.mlir", registry });
  expect(printModule(withoutReproducer(again), registry)).toBe(printModule(module, registry));
});

test("a result that does not verify passes unseen only when nobody asked", () => {
  expect(run(sums(1), "failing{how=break}").failure).toBeUndefined();
});

test("a reproducer that cannot be written is said so", () => {
  const { diagnostics } = run(sums(1), "failing", { reproducer: "/nowhere/at/all.mlir" });
  expect(diagnostics.at(-1)!.message).toContain("no reproducer could be written");
});

describe("instrumentation", () => {
  const ticking = () => {
    let now = 0;
    return () => (now += 1);
  };

  test("prints the module around passes, and what changed", () => {
    const texts: string[] = [];
    run(sums(1), "only-modules,negate-sums", {
      printIrBefore: ["negate-sums"],
      printIrAfter: "all",
      printIrAfterChange: true,
      write: (text) => texts.push(text),
    });
    const headings = texts.map((text) => text.split("\n")[0]);
    expect(headings).toEqual([
      "// -----// IR Dump After OnlyModules (only-modules) //----- //",
      "// -----// IR Dump Before NegateSums (negate-sums) //----- //",
      "// -----// IR Dump After NegateSums (negate-sums) //----- //",
      "// -----// IR Dump After NegateSums (negate-sums) //----- //",
    ]);
    const changed = texts
      .at(-1)!
      .split("\n")
      .filter((line) => /^[-+] /.test(line));
    expect(changed).toHaveLength(2);
    expect(changed[0]).toMatch(/^- .*arith\.addf/);
    expect(changed[1]).toMatch(/^\+ .*arith\.subf/);
  });

  test("prints the function that a pass runs on, or the module around it", () => {
    const dumps = (printIrModuleScope: boolean): readonly string[] => {
      const texts: string[] = [];
      const write = (text: string): void => void texts.push(text);
      run(sums(2), "func.func(negate-sums)", { printIrAfter: "all", printIrModuleScope, write });
      return texts;
    };
    const [alone] = dumps(false);
    expect(alone).toMatch(
      /^\/\/ -----\/\/ IR Dump After NegateSums \(negate-sums\) \/\/----- \/\/\nfunc\.func @[^]*\n}\n\n$/,
    );
    const [whole] = dumps(true);
    expect(whole).toMatch(
      /^.* IR Dump After NegateSums \(negate-sums\) \('func\.func' operation: @\w+\) .*\nmodule \{[^]*\n}\n\n\n$/,
    );
  });

  test("prints only what changed, when that is wanted", () => {
    const texts: string[] = [];
    run(sums(1), "only-modules,negate-sums", {
      printIrAfter: "all",
      printIrOnlyWhenChanged: true,
      write: (text) => texts.push(text),
    });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("NegateSums");
  });

  test("times every pass", () => {
    const { timing } = run(sums(2), "only-modules,func.func(negate-sums)", { clock: ticking() });
    expect(timing.name).toBe("Total");
    expect(timing.children.map(({ name }) => name)).toEqual(["only-modules", "'func.func' Pipeline", "Rest"]);
    const sum = timing.children.reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(sum).toBe(timing.milliseconds);
    const report = timingReport(timing);
    expect(report).toContain("... Execution time report ...");
    expect(report).toMatch(/\(100\.0%\) {2}Total\n$/);
  });

  test("reports statistics", () => {
    const pipeline = parsePipeline("func.func(negate-sums)", examplePasses);
    const { statistics } = runPipeline(sums(2), pipeline);
    expect(statisticsReport(pipeline, statistics)).toContain("(S) 2 negated - sums negated");
  });

  test("writes Chrome trace events", () => {
    const { history } = run(sums(2), "func.func(negate-sums)", { clock: ticking(), verifyEach: true });
    const { traceEvents: events } = JSON.parse(traceEvents(history)) as {
      readonly traceEvents: readonly Readonly<Record<string, unknown>>[];
    };
    expect(events.map(({ name, ph, cat }) => [name, ph, cat])).toEqual([
      ["negate-sums", "X", "pass"],
      ["verify", "X", "verify"],
      ["negate-sums", "X", "pass"],
      ["verify", "X", "verify"],
    ]);
    expect(events[0]!["args"]).toMatchObject({ function: "f0", changed: true, negated: 1 });
    const ends = events.map(({ ts, dur }) => [ts as number, (ts as number) + (dur as number)] as const);
    for (let index = 1; index < ends.length; index++)
      expect(ends[index]![0]).toBeGreaterThanOrEqual(ends[index - 1]![1]);
  });
});
