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
  /** The passes that make a kernel-level module legal for the printer; `compile` runs them itself. */
  legalization(given?: Readonly<Record<string, unknown>>): Pipeline;
  /**
   * Compiles a module at the kernel level.
   * @param given option values by name, typed or as a command line's texts; absent ones take their defaults
   * @throws CompileError for what the backend cannot express, at the operation's location, and for wrong options
   */
  compile(module: Module, given?: Readonly<Record<string, unknown>>, record?: CompilationRecord): Artifact;
}
