import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { compileModule, modelNameOf, readModel } from "../../backends/compile-model.ts";
import { contentBytes } from "../../backends/artifact.ts";
import { backends, findBackend } from "../../backends/index.ts";
import { writeArtifact } from "../../backends/write-artifact.ts";
import { passes } from "../../passes/index.ts";
import { statisticsReport, timingReport } from "../../passes/instrumentation/reports.ts";
import { traceEvents } from "../../passes/instrumentation/trace-events.ts";
import { parsePipeline } from "../../passes/parse-pipeline.ts";
import { instrumentationOf, type InstrumentationOptions, withInstrumentation } from "../instrumentation-options.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { bytesText, table, timeText } from "../table.ts";

interface CompileOptions extends ModelOptions, InstrumentationOptions {
  readonly target: string;
  readonly output: string;
  readonly name?: string;
  readonly cDialect?: string;
  readonly threads?: string;
  readonly embedWeights?: boolean;
  readonly passPipeline?: string;
}

/** `weft compile`: a model to a folder of code. */
export function addCompileCommand(program: Command): void {
  const command = program
    .command("compile")
    .argument("<model>", "an .onnx model, or .mlir text")
    .description("compile a model to a folder of code")
    .option("--target <name>", `backend: ${backends.map((backend) => backend.name).join(", ")}`, "c")
    .option("-o, --output <folder>", "folder to write; replaced only if Weft wrote it", "out")
    .option("--name <name>", "prefix of files and symbols (the model's name)")
    .option("--c-dialect <dialect>", "gnu11 (vectors) or c99 (plain)")
    .option("--threads <count>", "OpenMP threads for parallel loops")
    .option("--embed-weights", "put the weights into the code")
    .option("--pass-pipeline <text>", "passes instead of the standard ones");
  withInstrumentation(withModelOptions(command), false).action((path: string, options: CompileOptions) => {
    const started = performance.now();
    const module = readModel(path, modelChoices(options));
    const {
      artifact,
      passes: result,
      memory,
    } = compileModule(module, {
      target: options.target,
      modelName: modelNameOf(path),
      ...(options.passPipeline === undefined ? {} : { pipeline: options.passPipeline }),
      options: {
        name: options.name ?? modelNameOf(path),
        cDialect: options.cDialect,
        threads: options.threads,
        embedWeights: options.embedWeights,
      },
      instrumentation: instrumentationOf(options),
    });
    writeArtifact(artifact, options.output);
    const files = [...artifact.files].map(([name, content]) => [name, bytesText(contentBytes(content))]);
    process.stdout.write(`${table(["file", "size"], files)}\n\n`);
    const bound =
      memory && memory.lowerBoundBytes > 0
        ? ` (${(memory.arenaBytes / memory.lowerBoundBytes).toFixed(3)} × the lower bound)`
        : "";
    process.stdout.write(`arena ${bytesText(artifact.manifest.arenaBytes)}${bound}\n`);
    process.stdout.write(
      `compiled in ${timeText(performance.now() - started)}, peak memory ${bytesText(process.resourceUsage().maxRSS * 1024)}\n`,
    );
    process.stdout.write(`${options.output}: build it with make, or read report.html\n`);
    if (options.timing) process.stderr.write(timingReport(result.timing));
    if (options.statistics)
      process.stderr.write(
        statisticsReport(
          parsePipeline(options.passPipeline ?? findBackend(options.target).pipeline(), passes),
          result.statistics,
        ),
      );
    if (options.trace !== undefined) writeFileSync(options.trace, traceEvents(result.history));
  });
}
