import { statSync } from "node:fs";
import { type Command, Option } from "commander";
import { modelNameOf, readModel } from "../../backends/compile-model.ts";
import { type Contender, measureInTurns, usualMeasure } from "../../runtime/measure.ts";
import { nativeExecutor } from "../../runtime/executor.ts";
import { OnnxRuntimeModel } from "../../runtime/onnxruntime.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { Progress } from "../progress.ts";
import { bytesText, table, timeText } from "../table.ts";
import { readInputs } from "../tensor-input.ts";

interface BenchOptions extends ModelOptions {
  readonly against?: string;
  readonly input: readonly string[];
  readonly seed: string;
  readonly budget: string;
  readonly threads: string;
}

/** `weft bench`: how fast a compiled model is, beside ONNX Runtime in the same process. */
export function addBenchCommand(program: Command): void {
  const command = program
    .command("bench")
    .argument("<model>", "an .onnx model")
    .description("measure a compiled model: median, p10, p90, arena and code size")
    .addOption(new Option("--against <peer>", "measure this in turns with it").choices(["onnxruntime"]))
    .option(
      "--input <name=file>",
      "as for run (repeatable)",
      (text: string, earlier: readonly string[]) => [...earlier, text],
      [],
    )
    .option("--seed <number>", "seed of random inputs", "1")
    .option("--budget <milliseconds>", "time to spend on each", String(usualMeasure.budget))
    .option("--threads <count>", "threads for both", "1");
  withModelOptions(command).action(async (path: string, options: BenchOptions) => {
    const progress = new Progress();
    const module = readModel(path, modelChoices(options));
    progress.update("compiling");
    const executor = await nativeExecutor(module, {
      target: "c",
      modelName: modelNameOf(path),
      options: { threads: options.threads },
    });
    const inputs = readInputs(options.input, executor.inputs, Number(options.seed));
    const prepared = executor.native.prepare(inputs);
    const contenders: Contender[] = [{ name: "weft", run: () => prepared.run() }];
    let runtime: OnnxRuntimeModel | undefined;
    if (options.against !== undefined) {
      runtime = await OnnxRuntimeModel.load(path, Number(options.threads));
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
    const { manifest } = executor.compiled.artifact;
    process.stdout.write(`${table(["", "turns", "median", "p10", "p90"], rows)}\n\n`);
    if (measured.length > 1)
      process.stdout.write(`time ratio to onnxruntime: ${(measured[0]!.median / measured[1]!.median).toFixed(2)}\n`);
    process.stdout.write(
      `arena ${bytesText(manifest.arenaBytes)}, weights ${bytesText(manifest.weightsBytes)}, ` +
        `machine code ${bytesText(statSync(executor.library).size)}\n` +
        `compiled in ${timeText(executor.compileMilliseconds)}, C compiler ${timeText(executor.buildMilliseconds)}\n`,
    );
    await runtime?.dispose();
    executor.dispose();
  });
}
