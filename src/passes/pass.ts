import type { Module, OpId } from "../ir/module.ts";
import type { Pattern } from "../ir/pattern.ts";
import type { Registry } from "../ir/registry.ts";
import type { Rewriter } from "../ir/rewriter.ts";
import type { Diagnostic } from "../support/diagnostic.ts";
import type { OptionSpecs, OptionValues } from "./pass-options.ts";

/** Operations that a pass may be run on. */
export type Anchor = "builtin.module" | "func.func";

/** What a pass may use beside the module and its options. */
export interface PassContext {
  /** The operation the pass is run on: it changes nothing outside it. */
  readonly root: OpId;
  readonly registry: Registry;
  /** The canonicalization patterns of every dialect. */
  readonly canonicalizationPatterns: readonly Pattern[];
  /** Adds to one of the pass's statistics. */
  count(statistic: string, by?: number): void;
  /** Tells the user something. An error makes the pass fail: its result is dropped. */
  report(diagnostic: Diagnostic): void;
  /** Commits edits and keeps immer's patches for the pipeline's history. The same module when nothing was edited. */
  commit(rewriter: Rewriter): Module;
}

/**
 * A pass: a pure function from module to module. The same object returned means that nothing changed. It may throw a
 * `CompileError`; whatever it throws, the module it was given is still what it was.
 */
export interface Pass<S extends OptionSpecs = OptionSpecs> {
  /** Verb-noun, as written in pipelines. */
  readonly name: string;
  /** One line for `--help` and the documentation. */
  readonly summary: string;
  readonly options: S;
  /** What the pass may be run on. */
  readonly anchors: readonly Anchor[];
  /** What its statistics count, by name. */
  readonly statistics: Readonly<Record<string, string>>;
  readonly run: (module: Module, options: OptionValues<S>, context: PassContext) => Module;
}

interface PassDeclaration<S extends OptionSpecs> extends Pick<Pass<S>, "name" | "summary" | "run"> {
  readonly options?: S;
  /** Modules and functions when absent. */
  readonly anchors?: readonly Anchor[];
  readonly statistics?: Readonly<Record<string, string>>;
}

/** Writes down a pass. */
export const pass = <const S extends OptionSpecs = Readonly<Record<never, never>>>(
  declaration: PassDeclaration<S>,
): Pass<S> => ({
  anchors: ["builtin.module", "func.func"],
  statistics: {},
  ...declaration,
  options: declaration.options ?? ({} as S),
});

// A pass's options are both read and given, so only `any` admits every pass in one list.
export type AnyPass = Pass<any>; // oxlint-disable-line typescript/no-explicit-any
