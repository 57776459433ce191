import type { Command } from "commander";
import { bisect } from "../../runtime/bisect.ts";
import { type Feedback, isWithin } from "../../runtime/compare-runs.ts";
import { hasOnnxRuntime } from "../../runtime/onnxruntime.ts";
import { type Verification, type VerifiedOutput, verifyModel, type VerifyRequest } from "../../runtime/verify-model.ts";
import { describeLocation } from "../../support/location.ts";
import type { Tolerance } from "../../support/numeric/compare.ts";
import { givenBackendOptions, runTargets, withBackendOptions } from "../backend-options.ts";
import { optionsForRunning } from "../live-adapter.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
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

const collect = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

/** `weft verify`: every target against the interpreter and ONNX Runtime. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .argument("<model>", "an .onnx model")
    .description("run a model on several targets and compare their outputs with ONNX Runtime's and the interpreter's")
    .option("--target <names>", `targets, separated by commas: ${runTargets.join(", ")}`, "interpreter,c")
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
  withBackendOptions(withModelOptions(command)).action(async (path: string, options: VerifyOptions) => {
    const progress = new Progress();
    const isOnnx = path.endsWith(".onnx");
    const againstOnnxRuntime = isOnnx && (await hasOnnxRuntime());
    if (!againstOnnxRuntime)
      process.stderr.write(
        `note: ${isOnnx ? "ONNX Runtime is not installed" : "this is no ONNX model"}; comparing with the interpreter only\n`,
      );
    const request: VerifyRequest = {
      path,
      choices: modelChoices(options),
      targets: options.target.split(","),
      options: (target) => optionsForRunning(givenBackendOptions(options, target)),
      againstOnnxRuntime,
      steps: Number(options.steps),
      feedback: options.feedBack.map(readFeedback),
      tolerance: { absolute: Number(options.atol), relative: Number(options.rtol) },
      inputs: (ports, step) => readInputs(options.input, ports, Number(options.seed) + step),
      progress: (text) => progress.update(text),
    };
    const verification = await verifyModel(request);
    progress.done();
    process.stdout.write(`${report(verification.outputs, request.tolerance)}\n`);
    const failed = verification.outputs.filter((output) => !isWithin(output.comparison));
    if (options.bisect && failed.length > 0) await reportBisection(verification, request);
    process.stdout.write(failed.length === 0 ? "all outputs agree\n" : `${failed.length} comparisons differ\n`);
    if (failed.length > 0) process.exitCode = 1;
  });
}

function readFeedback(text: string): Feedback {
  const colon = text.lastIndexOf(":");
  return { output: text.slice(0, colon), input: text.slice(colon + 1) };
}

/** One line for each output, target and reference: the worst over all steps. */
function report(rows: readonly VerifiedOutput[], tolerance: Tolerance): string {
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

async function reportBisection({ module, ports }: Verification, request: VerifyRequest): Promise<void> {
  const progress = new Progress();
  for (const target of request.targets.filter((name) => name !== "interpreter")) {
    const found = await bisect(module, target, request.inputs(ports, 0), request.tolerance, (text) =>
      progress.update(text),
    );
    progress.done();
    process.stdout.write(
      found
        ? `first node that differs on ${target}: ${found.op} at ${printable(describeLocation(found.location))} (${found.detail})\n`
        : `no node of the graph differs between ${target} and the interpreter on these inputs\n`,
    );
  }
}
