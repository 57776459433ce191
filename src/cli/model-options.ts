import { type Command, Option } from "commander";
import type { ModelChoices } from "../backends/compile-model.ts";
import { parseDimensionBindings, parseInputShapes } from "../frontends/onnx/dimensions.ts";

/** The options by which a command line binds a model's open dimensions. */
export interface ModelOptions {
  readonly bind: readonly string[];
  readonly shape: readonly string[];
  readonly constant: readonly string[];
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** Adds `--bind`, `--shape` and `--constant` to a command. */
export const withModelOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--bind <name=value,…>", "give symbolic dimensions their sizes, e.g. batch=1,H=48 (repeatable)")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--shape <input=1x3x48x192>", "give an input its shape, and its symbols their sizes (repeatable)")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--constant <input=value>", "make an input a constant: NAME=16000, NAME=1,2,3 or NAME=@file.npy")
        .argParser(collect)
        .default([], "none"),
    );

const constantsOf = (texts: readonly string[]): ReadonlyMap<string, string> =>
  new Map(texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));

/** What the user chose for the model. @throws CompileError for malformed texts */
export const modelChoices = (options: ModelOptions): ModelChoices => ({
  bind: parseDimensionBindings(...options.bind),
  shapes: parseInputShapes(...options.shape),
  constants: constantsOf(options.constant),
});
