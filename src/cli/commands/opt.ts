import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { readModel, readText, runPasses } from "../../backends/compile-model.ts";
import { registry } from "../../ir/dialects/index.ts";
import { printModule } from "../../ir/text/print.ts";
import { passes } from "../../passes/index.ts";
import { statisticsReport, timingReport } from "../../passes/instrumentation/reports.ts";
import { traceEvents } from "../../passes/instrumentation/trace-events.ts";
import { parsePipeline } from "../../passes/parse-pipeline.ts";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import { instrumentationOf, type InstrumentationOptions, withInstrumentation } from "../instrumentation-options.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { table } from "../table.ts";

interface OptOptions extends ModelOptions, InstrumentationOptions {
  readonly passPipeline: string;
  readonly generic: boolean;
  readonly output?: string;
  readonly elide?: string;
  readonly listPasses: boolean;
  readonly runReproducer: boolean;
}

/** `weft opt`: text (or a model) in, a pipeline, text out. */
export function addOptCommand(program: Command): void {
  const command = program
    .command("opt")
    .argument("[file]", "an .mlir file or an .onnx model")
    .description("run passes on IR and print the result")
    .option(
      "--pass-pipeline <text>",
      "passes to run, e.g. 'builtin.module(canonicalize,func.func(cse))'",
      "builtin.module()",
    )
    .option("--generic", "print the generic form", false)
    .option("--elide <elements>", "leave out constants with more elements")
    .option("--run-reproducer", "run the pipeline that the file itself names, as a failed pass left it", false)
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--list-passes", "list every pass with its options and stop", false);
  withInstrumentation(withModelOptions(command)).action((file: string | undefined, options: OptOptions) => {
    if (options.listPasses) return void process.stdout.write(`${passList()}\n`);
    if (file === undefined) return command.error("error: a file is needed (or --list-passes)");
    const module = readModel(file, modelChoices(options));
    const pipeline = options.runReproducer ? reproducedPipeline(file) : options.passPipeline;
    const result = runPasses(module, pipeline, instrumentationOf(options));
    const elide =
      options.elide === undefined
        ? {}
        : { elideLargerThan: Number(options.elide), elideResourcesLargerThan: Number(options.elide) };
    const text = printModule(result.module, registry, { generic: options.generic, ...elide });
    if (options.output === undefined) process.stdout.write(text);
    else writeFileSync(options.output, text);
    if (options.timing) process.stderr.write(timingReport(result.timing));
    if (options.statistics) process.stderr.write(statisticsReport(parsePipeline(pipeline, passes), result.statistics));
    if (options.trace !== undefined) writeFileSync(options.trace, traceEvents(result.history));
  });
}

/** The pipeline that a reproducer carries, as upstream writes it: `mlir_reproducer: { pipeline: "…" }`. */
function reproducedPipeline(file: string): string {
  const quoted = /mlir_reproducer\s*:\s*\{[^}]*?pipeline\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(readText(file))?.[1];
  if (quoted === undefined) throw new CompileError([optDiagnostics.at("no-reproducer", fileLocation(file), { file })]);
  return quoted.replace(/\\(.)/g, "$1");
}

const optDiagnostics = defineDiagnostics("opt", {
  "no-reproducer": {
    severity: "error",
    message: message`${"file"} names no pipeline to run again`,
    help: "give the file that --reproducer wrote, or --pass-pipeline",
  },
});

const passList = (): string =>
  table(
    ["pass", "options", "what it does"],
    passes.passes.map((pass) => [pass.name, Object.keys(pass.options as object).join(" "), pass.summary]),
  );
