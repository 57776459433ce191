import type { Module } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { ProgramIndex } from "./program-index.ts";

/** Something that may make a module smaller. It does nothing where another edit took away what it is about. */
export type Edit = (rewriter: Rewriter) => void;

/** One way of making a module smaller. */
export interface Strategy {
  /** Completes "12 → 8 operations: …". */
  readonly name: string;
  /** Edits that do not depend on each other: any of them may be made together, in this order. */
  readonly edits: (index: ProgramIndex) => readonly Edit[];
}

/** A change of the whole module at once, such as a pass. */
export interface WholeStep {
  readonly name: string;
  /** The changed module; the same one where there is nothing to do. */
  readonly run: (module: Module, registry: Registry) => Module;
}
