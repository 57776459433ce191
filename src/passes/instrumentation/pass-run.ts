import type { Patch } from "immer";
import type { Module } from "../../ir/module.ts";
import type { AnyPass } from "../pass.ts";
import type { PipelineElement } from "../pipeline.ts";

/** One run of one pass on one operation: what the reports, the trace and the history are made of. */
export interface PassRun {
  readonly pass: AnyPass;
  readonly element: PipelineElement;
  /** The symbol name of the function it ran on; undefined on the module. */
  readonly symbol: string | undefined;
  /** Milliseconds since the pipeline began. */
  readonly start: number;
  readonly milliseconds: number;
  readonly verifyMilliseconds: number;
  readonly statistics: ReadonlyMap<string, number>;
  readonly changed: boolean;
  /** The module after the run; it shares every page that the pass left alone. */
  readonly module: Module;
  /** What the pass changed, in order, and how to take it back (to be applied in this order). */
  readonly patches: readonly Patch[];
  readonly inversePatches: readonly Patch[];
}
