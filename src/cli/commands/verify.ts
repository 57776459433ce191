import type { Command } from "commander";
import { modelNameOf, readModel } from "../../backends/compile-model.ts";
import type { Module } from "../../ir/module.ts";
import { bisect } from "../../runtime/bisect.ts";
import {
  compareOutputs,
  type Feedback,
  isWithin,
  type OutputComparison,
  withFeedback,
} from "../../runtime/compare-runs.ts";
import { type Executor, executorFor } from "../../runtime/executor.ts";
import { hasOnnxRuntime, OnnxRuntimeModel } from "../../runtime/onnxruntime.ts";
import { describeLocation } from "../../support/location.ts";
import type { Tolerance } from "../../support/numeric/compare.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { dimensionChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { Progress } from "../progress.ts";
import { printable, table } from "../table.ts";
import { readInputs } from "../tensor-input.ts";

interface VerifyOptions extends ModelOptions {
  readonly target: string;
  readonly input: readonly string[];
  readonly seed: string;
  readonly steps: string;
  readonly feedBack: readonly string[];
  readonly atol: string;
  readonly rtol: string;
  readonly bisect: boolean;
}

type Outputs = ReadonlyMap<string, HostTensor>;
interface Reference {
  readonly name: string;
  run(inputs: Outputs): Promise<Outputs> | Outputs;
}

const collect = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

/** `weft verify`: every target against the interpreter and ONNX Runtime. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .argument("<model>", "an .onnx model")
    .description("run a model on several targets and compare their outputs with ONNX Runtime's and the interpreter's")
    .option("--target <names>", "targets, separated by commas", "interpreter,c")
    .option("--input <name=file>", "as for run (repeatable)", collect, [])
    .option("--seed <number>", "seed of random inputs", "1")
    .option("--steps <count>", "run this many times, with new random inputs each time", "1")
    .option(
      "--feed-back <output:input>",
      "use an output of each step as an input of the next (repeatable)",
      collect,
      [],
    )
    .option("--atol <number>", "absolute tolerance", "1e-4")
    .option("--rtol <number>", "relative tolerance: |x - y| ≤ atol + rtol·|y|", "1e-3")
    .option("--bisect", "find the first node whose results differ between a target and the interpreter", false);
  withModelOptions(command).action(async (path: string, options: VerifyOptions) => {
    const module = readModel(path, dimensionChoices(options));
    if (!(await verify(path, module, options))) process.exitCode = 1;
  });
}

async function verify(path: string, module: Module, options: VerifyOptions): Promise<boolean> {
  const progress = new Progress();
  const tolerance: Tolerance = { absolute: Number(options.atol), relative: Number(options.rtol) };
  const feedback = options.feedBack.map(readFeedback);
  const executors: Executor[] = [];
  for (const target of options.target.split(",")) {
    progress.update(`compiling for ${target}`);
    executors.push(await executorFor(module, { target, modelName: modelNameOf(path) }));
  }
  const references = await referencesFor(path, executors);
  const rows: Row[] = [];
  const last = new Map<string, Outputs>();
  for (let step = 0; step < Number(options.steps); step++) {
    progress.update(`step ${step + 1} of ${options.steps}`);
    const fresh = readInputs(options.input, executors[0]!.inputs, Number(options.seed) + step);
    const run = async (who: string, runner: Reference): Promise<Outputs> => {
      const outputs = await runner.run(withFeedback(fresh, last.get(who), feedback));
      last.set(who, outputs);
      return outputs;
    };
    const own = new Map<string, Outputs>();
    for (const executor of executors)
      own.set(
        executor.target,
        await run(executor.target, { name: executor.target, run: (inputs) => executor.run(inputs) }),
      );
    for (const reference of references) {
      const expected = own.get(reference.name) ?? (await run(reference.name, reference));
      for (const [target, outputs] of own)
        if (target !== reference.name)
          for (const comparison of compareOutputs(outputs, expected, tolerance))
            rows.push({ step, target, reference: reference.name, comparison });
    }
  }
  progress.done();
  process.stdout.write(`${report(rows, tolerance)}\n`);
  const failed = rows.filter((row) => !isWithin(row.comparison));
  if (options.bisect && failed.length > 0) await reportBisection(module, options, executors);
  for (const executor of executors) executor.dispose();
  process.stdout.write(failed.length === 0 ? "all outputs agree\n" : `${failed.length} comparisons differ\n`);
  return failed.length === 0;
}

interface Row {
  readonly step: number;
  readonly target: string;
  readonly reference: string;
  readonly comparison: OutputComparison;
}

function readFeedback(text: string): Feedback {
  const colon = text.lastIndexOf(":");
  return { output: text.slice(0, colon), input: text.slice(colon + 1) };
}

async function referencesFor(path: string, executors: readonly Executor[]): Promise<readonly Reference[]> {
  const references: Reference[] = [];
  if (path.endsWith(".onnx") && (await hasOnnxRuntime())) {
    const runtime = await OnnxRuntimeModel.load(path);
    references.push({ name: "onnxruntime", run: (inputs) => runtime.run(inputs) });
  } else process.stderr.write("note: ONNX Runtime is not installed; comparing with the interpreter only\n");
  const interpreter = executors.find((executor) => executor.target === "interpreter");
  if (interpreter) references.push({ name: "interpreter", run: (inputs) => interpreter.run(inputs) });
  return references;
}

/** One line for each output, target and reference: the worst over all steps. */
function report(rows: readonly Row[], tolerance: Tolerance): string {
  const grouped = Map.groupBy(rows, (row) => `${row.target}\n${row.reference}\n${row.comparison.name}`);
  const lines = [...grouped.values()].map((group) => {
    const { target, reference, comparison } = group[0]!;
    const worst = group.map((row) => row.comparison.comparison);
    const absolute = worst.map((entry) => ("maxAbsoluteError" in entry ? entry.maxAbsoluteError : 0));
    const relative = group.map((row) => row.comparison.relativeError);
    const broken = worst.find((entry) => !["equal", "close"].includes(entry.kind));
    const tops = group.map((row) => row.comparison.sameTop).filter((top) => top !== undefined);
    return [
      target,
      reference,
      printable(comparison.name),
      String(group.length),
      Math.max(...absolute).toExponential(2),
      Math.max(...relative).toExponential(2),
      tops.length === 0 ? "" : tops.every(Boolean) ? "same" : "DIFFERS",
      broken ? broken.kind : "ok",
    ];
  });
  const heading = ["target", "reference", "output", "runs", "max abs", "max rel", "top-1", "verdict"];
  return `${table(heading, lines)}\n(ok: |x - y| ≤ ${tolerance.absolute} + ${tolerance.relative}·|y|; max rel is over elements with |y| ≥ ${tolerance.absolute})`;
}

async function reportBisection(module: Module, options: VerifyOptions, executors: readonly Executor[]): Promise<void> {
  const inputs = readInputs(options.input, executors[0]!.inputs, Number(options.seed));
  const tolerance: Tolerance = { absolute: Number(options.atol), relative: Number(options.rtol) };
  const progress = new Progress();
  for (const { target } of executors.filter((executor) => executor.target !== "interpreter")) {
    const found = await bisect(module, target, inputs, tolerance, (text) => progress.update(text));
    progress.done();
    process.stdout.write(
      found
        ? `first node that differs on ${target}: ${found.op} at ${printable(describeLocation(found.location))} (${found.detail})\n`
        : `no node of the graph differs between ${target} and the interpreter on these inputs\n`,
    );
  }
}
