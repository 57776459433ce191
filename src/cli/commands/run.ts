import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { modelNameOf, readModel } from "../../backends/compile-model.ts";
import { executorFor } from "../../runtime/executor.ts";
import { type HostTensor, readElement } from "../../support/numeric/host-tensor.ts";
import { writeNpy } from "../../support/numeric/npy.ts";
import { givenBackendOptions, runTargets, withBackendOptions } from "../backend-options.ts";
import { optionsForRunning } from "../live-adapter.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { Progress } from "../progress.ts";
import { printable } from "../table.ts";
import { readInputs } from "../tensor-input.ts";

interface RunOptions extends ModelOptions {
  readonly target: string;
  readonly input: readonly string[];
  readonly seed: string;
  readonly save?: string;
}

/** Elements that are shown of an output. */
const shownElements = 8;

/** `weft run`: a model on a target, once. */
export function addRunCommand(program: Command): void {
  const command = program
    .command("run")
    .argument("<model>", "an .onnx model, or .mlir text")
    .description("run a model once and print its outputs")
    .option("--target <name>", runTargets.join(", "), "c")
    .option(
      "--input <name=file>",
      "an input: NAME=FILE (.npy, .pb or raw bytes), NAME=random, or random (repeatable)",
      (text: string, earlier: readonly string[]) => [...earlier, text],
      [],
    )
    .option("--seed <number>", "seed of random inputs", "1")
    .option("--save <folder>", "write every output there as .npy");
  withBackendOptions(withModelOptions(command)).action(async (path: string, options: RunOptions) => {
    const progress = new Progress();
    const module = readModel(path, modelChoices(options));
    progress.update("compiling");
    const executor = await executorFor(module, {
      target: options.target,
      modelName: modelNameOf(path),
      options: optionsForRunning(givenBackendOptions(options)),
    });
    progress.update("running");
    const outputs = await executor.run(readInputs(options.input, executor.inputs, Number(options.seed)));
    progress.done();
    for (const [name, tensor] of outputs) process.stdout.write(`${describeTensor(name, tensor)}\n`);
    if (options.save !== undefined) saveOutputs(options.save, outputs);
    executor.dispose();
  });
}

function describeTensor(name: string, tensor: HostTensor): string {
  const count = tensor.data.length;
  const values = Array.from({ length: Math.min(count, shownElements) }, (_, index) => {
    const value = readElement(tensor, index);
    return typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(6) : printable(String(value));
  });
  const more = count > shownElements ? `, … (${count} elements)` : "";
  return `${printable(name)}: ${tensor.elementType}[${tensor.shape.join(", ")}] = ${values.join(", ")}${more}`;
}

function saveOutputs(folder: string, outputs: ReadonlyMap<string, HostTensor>): void {
  mkdirSync(folder, { recursive: true });
  const used = new Set<string>();
  for (const [name, tensor] of outputs) {
    // A name from a model may be anything, also a path.
    const safe = name.replace(/[^A-Za-z0-9_.-]/g, "_").replace(/^\.+/, "_") || "output";
    let file = safe;
    for (let copy = 2; used.has(file); copy++) file = `${safe}_${copy}`;
    used.add(file);
    writeFileSync(join(folder, `${file}.npy`), writeNpy(tensor));
    process.stdout.write(`wrote ${join(folder, `${file}.npy`)}\n`);
  }
}
