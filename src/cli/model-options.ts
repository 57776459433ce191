import { type Command, Option } from "commander";
import { type DimensionChoices, parseDimensionBindings, parseInputShapes } from "../frontends/onnx/dimensions.ts";

/** The options by which a command line binds a model's open dimensions. */
export interface ModelOptions {
  readonly bind: readonly string[];
  readonly shape: readonly string[];
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** Adds `--bind` and `--shape` to a command. */
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
    );

/** What the user chose for the model's dimensions. @throws CompileError for malformed texts */
export const dimensionChoices = (options: ModelOptions): DimensionChoices => ({
  bind: parseDimensionBindings(...options.bind),
  shapes: parseInputShapes(...options.shape),
});
