import type { Command } from "commander";
import { readModel } from "../../backends/compile-model.ts";
import { explainGraph } from "../../passes/lower-onnx/explain.ts";
import { describeLocation } from "../../support/location.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { printable, table } from "../table.ts";

/** `weft explain`: for each node, where it runs and why it cannot run elsewhere. */
export function addExplainCommand(program: Command): void {
  const command = program
    .command("explain")
    .argument("<model>", "an .onnx model")
    .description("list, for each node, the target it was given and why others refused it");
  withModelOptions(command).action((path: string, options: ModelOptions) => {
    const nodes = explainGraph(readModel(path, modelChoices(options)));
    const rows = nodes.map(({ location, op, results, fate }) => [
      printable(describeLocation(location)).replace(/^.*: /, ""),
      op,
      results.join(", "),
      fate.kind === "refused" ? "refused" : fate.kind === "folded" ? "compile time" : "c",
      fate.kind === "refused" ? printable(fate.reason) : fate.kind === "folded" ? "every operand is known" : "",
    ]);
    process.stdout.write(`${table(["node", "operator", "results", "runs", "why"], rows)}\n`);
    const count = (kind: string): number => nodes.filter(({ fate }) => fate.kind === kind).length;
    process.stdout.write(
      `\n${count("compiled")} nodes compiled to c, ${count("folded")} computed at compile time, ${count("refused")} refused\n`,
    );
    if (count("refused") > 0) process.exitCode = 1;
  });
}
