import { statSync } from "node:fs";
import { type Command, Option } from "commander";
import { type CompileRequest, modelNameOf, readModel } from "../../backends/compile-model.ts";
import type { Module } from "../../ir/module.ts";
import { type Contender, measureInTurns, usualMeasure } from "../../runtime/measure.ts";
import { nativeExecutor, type Port } from "../../runtime/executor.ts";
import { OnnxRuntimeModel } from "../../runtime/onnxruntime.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { givenBackendOptions, withBackendOptions } from "../backend-options.ts";
import { optionsForRunning } from "../live-adapter.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { Progress } from "../progress.ts";
import { bytesText, table, timeText } from "../table.ts";
import { readInputs } from "../tensor-input.ts";

interface BenchOptions extends ModelOptions {
  readonly target: string;
  readonly against?: string;
  readonly input: readonly string[];
  readonly seed: string;
  readonly budget: string;
  readonly threads?: string;
}

type Values = ReadonlyMap<string, HostTensor>;

/** What is measured. */
interface Subject {
  readonly inputs: readonly Port[];
  /** A run on these inputs, from the host's memory to the host's memory. */
  prepare(inputs: Values): Contender;
  /** What else is to be said of it, a line each. */
  readonly facts: readonly string[];
  dispose(): void;
}

/** How a target's models are measured. */
const subjects: Readonly<Record<string, (module: Module, request: CompileRequest) => Promise<Subject>>> = {
  async c(module, request) {
    const executor = await nativeExecutor(module, request);
    const { arenaBytes, weightsBytes } = executor.compiled.artifact.manifest;
    return {
      inputs: executor.inputs,
      prepare(inputs) {
        const prepared = executor.native.prepare(inputs);
        return { name: "weft", run: () => prepared.run() };
      },
      facts: [
        `arena ${bytesText(arenaBytes)}, weights ${bytesText(weightsBytes)}, ` +
          `machine code ${bytesText(statSync(executor.library).size)}`,
        `compiled in ${timeText(executor.compileMilliseconds)}, C compiler ${timeText(executor.buildMilliseconds)}`,
      ],
      dispose: () => executor.dispose(),
    };
  },
  async wgsl(module, request) {
    // Dawn is large: only who needs it loads it.
    const { webGpuExecutor } = await import("../../runtime/webgpu/executor.ts");
    const executor = await webGpuExecutor(module, request);
    const { arenaBytes, weightsBytes } = executor.compiled.artifact.manifest;
    const { dispatches, hostCalls } = executor.webGpu.model;
    return {
      inputs: executor.inputs,
      prepare: (inputs) => ({ name: "weft", run: async () => void (await executor.run(inputs)) }),
      facts: [
        `arena ${bytesText(arenaBytes)}, weights ${bytesText(weightsBytes)}, ${dispatches} dispatches, ${hostCalls} calls on the host`,
        `compiled in ${timeText(executor.compileMilliseconds)}, loaded in ${timeText(executor.loadMilliseconds)}`,
      ],
      dispose: () => executor.dispose(),
    };
  },
};

/** `weft bench`: how fast a compiled model is, beside ONNX Runtime in the same process. */
export function addBenchCommand(program: Command): void {
  const command = program
    .command("bench")
    .argument("<model>", "an .onnx model")
    .description("measure a compiled model: median, p10, p90, memory and code size")
    .addOption(new Option("--target <name>", "what to compile it to").choices(Object.keys(subjects)).default("c"))
    .addOption(
      new Option("--against <peer>", "measure this in turns with it, on the CPU, with as many threads").choices([
        "onnxruntime",
      ]),
    )
    .option(
      "--input <name=file>",
      "as for run (repeatable)",
      (text: string, earlier: readonly string[]) => [...earlier, text],
      [],
    )
    .option("--seed <number>", "seed of random inputs", "1")
    .option("--budget <milliseconds>", "time to spend on each", String(usualMeasure.budget));
  withBackendOptions(withModelOptions(command)).action(async (path: string, options: BenchOptions) => {
    const progress = new Progress();
    const module = readModel(path, modelChoices(options));
    progress.update("compiling");
    const subject = await subjects[options.target]!(module, {
      target: options.target,
      modelName: modelNameOf(path),
      options: optionsForRunning(givenBackendOptions(options, options.target)),
    });
    const inputs = readInputs(options.input, subject.inputs, Number(options.seed));
    const contenders: Contender[] = [subject.prepare(inputs)];
    let runtime: OnnxRuntimeModel | undefined;
    if (options.against !== undefined) {
      runtime = await OnnxRuntimeModel.load(path, Number(options.threads ?? 1));
      const feeds = runtime.feeds(inputs);
      const peer = runtime;
      contenders.push({ name: "onnxruntime", run: async () => void (await peer.runFeeds(feeds)) });
    }
    progress.update("measuring");
    const measured = await measureInTurns(contenders, { ...usualMeasure, budget: Number(options.budget) });
    progress.done();
    const rows = measured.map(({ name, runs, median, p10, p90 }) => [
      name,
      String(runs),
      timeText(median),
      timeText(p10),
      timeText(p90),
    ]);
    process.stdout.write(`${table(["", "turns", "median", "p10", "p90"], rows)}\n\n`);
    if (measured.length > 1)
      process.stdout.write(`time ratio to onnxruntime: ${(measured[0]!.median / measured[1]!.median).toFixed(2)}\n`);
    for (const fact of subject.facts) process.stdout.write(`${fact}\n`);
    await runtime?.dispose();
    subject.dispose();
  });
}
