import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type CompiledModel, compileModule, modelNameOf, readModel } from "../../backends/compile-model.ts";
import { contentBytes } from "../../backends/artifact.ts";
import { backends, findBackend } from "../../backends/index.ts";
import { writeArtifact } from "../../backends/write-artifact.ts";
import { passes } from "../../passes/index.ts";
import { statisticsReport, timingReport } from "../../passes/instrumentation/reports.ts";
import { traceEvents } from "../../passes/instrumentation/trace-events.ts";
import { parsePipeline } from "../../passes/parse-pipeline.ts";
import type { PipelineResult } from "../../passes/pass-manager.ts";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";
import { renderDiagnostics } from "../../support/render-diagnostics.ts";
import { unknownLocation } from "../../support/location.ts";
import { givenBackendOptions, namedAs, withBackendOptions } from "../backend-options.ts";
import { instrumentationOf, type InstrumentationOptions, withInstrumentation } from "../instrumentation-options.ts";
import { forLiveAdapter } from "../live-adapter.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { serveFolder } from "../serve-folder.ts";
import { bytesText, table, timeText } from "../table.ts";

interface CompileOptions extends ModelOptions, InstrumentationOptions {
  readonly target: string;
  readonly output: string;
  readonly passPipeline?: string;
  readonly serve: boolean;
  readonly port: string;
}

/** The page that an artifact may have. */
const pageFile = "index.html";

const servingDiagnostics = defineDiagnostics("serve", {
  "no-page": {
    severity: "error",
    message: message`the target ${"target"} makes no page that could be served`,
    help: "leave --serve out, or compile with --target wgsl",
  },
});

/** `weft compile`: a model to a folder of code. */
export function addCompileCommand(program: Command): void {
  const command = program
    .command("compile")
    .argument("<model>", "an .onnx model, or .mlir text")
    .description("compile a model to a folder of code")
    .option("--target <name>", `backend: ${backends.map((backend) => backend.name).join(", ")}`, "c")
    .option("-o, --output <folder>", "folder to write; replaced only if Weft wrote it", "out")
    .option("--pass-pipeline <text>", "passes instead of the standard ones")
    .option("--serve", "then serve the folder to browsers on this machine, for targets that make a page", false)
    .option("--port <number>", "where to serve it; 0 for any port that is free", "8080");
  withInstrumentation(withBackendOptions(withModelOptions(command)), false).action(compile);
}

async function compile(path: string, options: CompileOptions): Promise<void> {
  const started = performance.now();
  const { module, options: given } = await forLiveAdapter(
    readModel(path, modelChoices(options)),
    givenBackendOptions(options),
  );
  const compiled = compileModule(module, {
    target: options.target,
    modelName: modelNameOf(path),
    ...(options.passPipeline === undefined ? {} : { pipeline: options.passPipeline }),
    options: { ...namedAs(options.target, modelNameOf(path)), ...given },
    instrumentation: instrumentationOf(options),
  });
  const { files } = compiled.artifact;
  if (options.serve && !files.has(pageFile))
    throw new CompileError([servingDiagnostics.at("no-page", unknownLocation, { target: options.target })]);
  const warnings = compiled.passes.diagnostics.filter(({ severity }) => severity === "warning");
  if (warnings.length > 0) process.stderr.write(`${renderDiagnostics(warnings)}\n`);
  writeArtifact(compiled.artifact, options.output);
  process.stdout.write(artifactReport(compiled));
  process.stdout.write(
    `compiled in ${timeText(performance.now() - started)}, peak memory ${bytesText(process.resourceUsage().maxRSS * 1024)}\n`,
  );
  reportPasses(compiled.passes, options);
  const next = files.has(pageFile)
    ? `open ${pageFile} from a server of files (--serve is one)`
    : "build it with make, or read report.html";
  process.stdout.write(`${options.output}: ${next}\n`);
  if (!options.serve) return;
  const { url } = await serveFolder(options.output, Number(options.port));
  process.stdout.write(`open ${url} (Ctrl+C ends it)\n`);
}

/** The artifact's files and its working memory. */
function artifactReport({ artifact, memory }: CompiledModel): string {
  const files = [...artifact.files].map(([name, content]) => [name, bytesText(contentBytes(content))]);
  const bound =
    memory && memory.lowerBoundBytes > 0
      ? ` (${(memory.arenaBytes / memory.lowerBoundBytes).toFixed(3)} × the lower bound)`
      : "";
  return `${table(["file", "size"], files)}\n\narena ${bytesText(artifact.manifest.arenaBytes)}${bound}\n`;
}

function reportPasses(result: PipelineResult, options: CompileOptions): void {
  if (options.timing) process.stderr.write(timingReport(result.timing));
  if (options.statistics) {
    const pipeline = options.passPipeline ?? findBackend(options.target).pipeline(givenBackendOptions(options));
    process.stderr.write(statisticsReport(parsePipeline(pipeline, passes), result.statistics));
  }
  if (options.trace !== undefined) writeFileSync(options.trace, traceEvents(result.history));
}
