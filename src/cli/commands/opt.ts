import type { Command } from "commander";
import { registry } from "../../ir/dialects/index.ts";
import { type OptOptions, passList, withOptOptions } from "../opt/options.ts";
import { processStreams, runOpt, type Streams } from "../opt/run-opt.ts";

/** `weft opt`: text (or a model) in, a pipeline, text out, as `mlir-opt` does it. */
export function addOptCommand(program: Command, streams: Streams = processStreams): void {
  const elements: string[] = [];
  const command = program
    .command("opt")
    .argument("[file]", "MLIR text, or an .onnx model; standard input when it is - or left out")
    .description("run passes on IR and print the result; options have mlir-opt's names, and shorter ones");
  withOptOptions(command, (element) => elements.push(element)).action(
    (file: string | undefined, options: OptOptions) => {
      if (options.listPasses) streams.output(passList());
      else if (options.showDialects)
        streams.output(`Available Dialects: ${[...registry.dialects.keys()].sort().join(",")}\n`);
      else if (!runOpt(file ?? "-", options, elements, streams)) streams.fail();
    },
  );
}
