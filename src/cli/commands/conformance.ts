import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Outcome } from "../../testing/conformance/outcome.ts";
import { conformanceTargets, runConformance } from "../../testing/conformance/run.ts";
import { type ConformanceTest, filterTests, findTests } from "../../testing/conformance/suite.ts";
import { givenBackendOptions, withBackendOptions } from "../backend-options.ts";
import { optionsForRunning } from "../live-adapter.ts";
import { Progress } from "../progress.ts";
import { printable, table } from "../table.ts";

interface ConformanceOptions {
  readonly target: string;
  readonly filter?: string;
  readonly json?: string;
  readonly reasons: boolean;
}

/** `weft conformance`: ONNX backend tests on a target. */
export function addConformanceCommand(program: Command): void {
  const command = program
    .command("conformance")
    .argument("<folder>", "ONNX backend tests: CATEGORY/TEST/model.onnx with test_data_set_0")
    .description("run ONNX backend tests and count what passes, fails and is unsupported")
    .addOption(
      new Option("--target <name>", "where to run them").choices([...conformanceTargets]).default("interpreter"),
    )
    .option("--filter <regexp>", "only tests whose name matches")
    .option("--json <file>", "write every test's outcome there")
    .option("--reasons", "list unsupported tests too, each with its reason", false);
  withBackendOptions(command).action(async (folder: string, options: ConformanceOptions) => {
    const tests = filterTests(findTests(folder), options.filter ?? "");
    const progress = new Progress();
    const say = (text: string): void => progress.update(text);
    const outcomes = await runConformance(options.target, tests, say, optionsForRunning(givenBackendOptions(options)));
    progress.done();
    process.stdout.write(`${report(tests, outcomes, options.reasons)}\n`);
    if (options.json !== undefined) writeFileSync(options.json, jsonReport(options.target, tests, outcomes));
    if (outcomes.some((outcome) => outcome.kind === "failed")) process.exitCode = 1;
  });
}

const count = (outcomes: readonly Outcome[], kind: Outcome["kind"]): number =>
  outcomes.filter((outcome) => outcome.kind === kind).length;

function report(tests: readonly ConformanceTest[], outcomes: readonly Outcome[], reasons: boolean): string {
  const listed = tests.flatMap((test, index) => {
    const outcome = outcomes[index]!;
    if (outcome.kind === "passed" || (outcome.kind === "unsupported" && !reasons)) return [];
    return [`${outcome.kind} ${test.category}/${printable(test.name)}: ${printable(outcome.reason)}`];
  });
  const byCategory = Map.groupBy(outcomes.keys(), (index) => tests[index]!.category);
  const rows = [...byCategory].map(([category, indices]) => {
    const own = [...indices].map((index) => outcomes[index]!);
    return [category, ...(["passed", "failed", "unsupported"] as const).map((kind) => String(count(own, kind)))];
  });
  const total =
    `${count(outcomes, "passed")} passed, ${count(outcomes, "failed")} failed, ` +
    `${count(outcomes, "unsupported")} unsupported${placements(outcomes)}`;
  return [...listed, table(["category", "passed", "failed", "unsupported"], rows), total].join("\n");
}

/** How many of the tests that passed ran on the device alone, for targets that have one. */
function placements(outcomes: readonly Outcome[]): string {
  const placed = outcomes.flatMap((outcome) => (outcome.kind === "passed" ? [outcome.placement] : []));
  if (placed.every((placement) => placement === undefined)) return "";
  const alone = placed.filter((placement) => placement === "device").length;
  return `; of those that passed, ${alone} all on the device, ${placed.length - alone} with host parts`;
}

function jsonReport(target: string, tests: readonly ConformanceTest[], outcomes: readonly Outcome[]): string {
  const entries = tests.map((test, index) => {
    const outcome = outcomes[index]!;
    return {
      name: test.name,
      category: test.category,
      outcome: outcome.kind,
      ...("reason" in outcome ? { reason: outcome.reason } : {}),
      ...("placement" in outcome ? { placement: outcome.placement } : {}),
    };
  });
  return `${JSON.stringify({ target, tests: entries }, undefined, 1)}\n`;
}
