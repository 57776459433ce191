import type { Module } from "../ir/module.ts";
import type { OptionSpecs } from "../passes/pass-options.ts";
import type { Pipeline } from "../passes/pipeline.ts";
import type { Artifact } from "./artifact.ts";

/** What one pass of the compilation did, for the report. */
export interface PassRecord {
  readonly name: string;
  readonly milliseconds: number;
  /** Counters by name, such as `fused: 12`. */
  readonly statistics: Readonly<Record<string, number>>;
}

/** What is known of a compilation beyond its module: shown in the report, never decisive. */
export interface CompilationRecord {
  /** The model's name, as a person knows it. Hostile text is fine. */
  readonly modelName?: string;
  readonly passes?: readonly PassRecord[];
  /** The least working memory that any plan could need, in bytes. */
  readonly arenaLowerBound?: number;
}

/** A code generator: legalization passes and a printer that decides nothing. */
export interface Backend {
  /** As `--target` names it. */
  readonly name: string;
  readonly summary: string;
  readonly options: OptionSpecs;
  /**
   * A module that says in its attributes what the passes are to know of the target; the module itself where they need nothing.
   * @throws CompileError for a target that cannot be described
   */
  describeTarget(module: Module, given?: Readonly<Record<string, unknown>>): Module;
  /** The text of the pipeline from the onnx level to the level that `compile` takes. */
  pipeline(given?: Readonly<Record<string, unknown>>): string;
  /** The passes that make such a module legal for the printer; `compile` runs them itself. */
  legalization(given?: Readonly<Record<string, unknown>>): Pipeline;
  /**
   * Compiles a module of the level that `pipeline` ends at.
   * @param given option values by name, typed or as a command line's texts; absent ones take their defaults
   * @throws CompileError for what the backend cannot express, at the operation's location, and for wrong options
   */
  compile(module: Module, given?: Readonly<Record<string, unknown>>, record?: CompilationRecord): Artifact;
}
