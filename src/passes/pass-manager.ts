import { writeFileSync } from "node:fs";
import type { Patch } from "immer";
import { func, registry as allDialects } from "../ir/dialects/index.ts";
import { bodyOf, type Module, ModuleReader, type OpId, type Operation } from "../ir/module.ts";
import type { Pattern } from "../ir/pattern.ts";
import type { Registry } from "../ir/registry.ts";
import { printModule } from "../ir/text/print.ts";
import { verifyModule } from "../ir/verifier.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { canonicalizationPatterns } from "./canonicalize/patterns/index.ts";
import { passDiagnostics } from "./diagnostics.ts";
import { IrPrinting, type IrPrintingOptions } from "./instrumentation/ir-printing.ts";
import type { PassRun } from "./instrumentation/pass-run.ts";
import { collectStatistics, type PassStatistics, type TimingNode, timingTree } from "./instrumentation/reports.ts";
import { reproducerText } from "./instrumentation/reproducer.ts";
import type { AnyPass, PassContext } from "./pass.ts";
import { pipeline as makePipeline, type Pipeline, type PipelineElement } from "./pipeline.ts";

/** What is watched while a pipeline runs, and with what. */
export interface PipelineOptions extends IrPrintingOptions {
  /** The dialects in use; all of the compiler's when absent. */
  readonly registry?: Registry;
  readonly canonicalizationPatterns?: readonly Pattern[];
  /** Check the module after every pass that changed it. */
  readonly verifyEach?: boolean;
  /** What `verifyEach` checks with; the verifier when absent. */
  readonly verify?: (module: Module, registry: Registry) => readonly Diagnostic[];
  /** The file that is written when a pass fails: the module before it and the pipeline from it on. */
  readonly reproducer?: string;
  /** Milliseconds from any fixed time. */
  readonly clock?: () => number;
}

/** The pass that failed, and what is needed to see it fail again. */
export interface PassFailure {
  readonly pass: AnyPass;
  /** The module that the pass was given. */
  readonly before: Module;
  /** The text of a reproducer: the module before the pass, with the pipeline that fails on it. */
  readonly reproducer: string;
  /** What was thrown, if anything was. */
  readonly cause: unknown;
}

/** What became of a module. */
export interface PipelineResult {
  /** The module after the last pass; after a failure, the very module that the pipeline was given. */
  readonly module: Module;
  readonly failure: PassFailure | undefined;
  readonly statistics: readonly PassStatistics[];
  readonly timing: TimingNode;
  /** Errors, warnings and notes of all passes, in order. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every run of a pass, in order, with the module after it. */
  readonly history: readonly PassRun[];
}

/** Runs a pipeline. Never throws for what a pass does: `failure` and `diagnostics` tell. */
export function runPipeline(module: Module, pipeline: Pipeline, options: PipelineOptions = {}): PipelineResult {
  const execution = new PipelineExecution(options);
  const result = execution.run(module, pipeline);
  return {
    module: execution.failure ? module : result,
    failure: execution.failure,
    statistics: collectStatistics(pipeline, execution.runs),
    timing: timingTree(pipeline, execution.runs, execution.elapsed()),
    diagnostics: execution.diagnostics,
    history: execution.runs,
  };
}

class PipelineExecution {
  readonly runs: PassRun[] = [];
  readonly diagnostics: Diagnostic[] = [];
  failure: PassFailure | undefined;
  readonly #options: PipelineOptions;
  readonly #registry: Registry;
  readonly #printing: IrPrinting;
  readonly #clock: () => number;
  readonly #began: number;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#registry = options.registry ?? allDialects;
    this.#printing = new IrPrinting(options, this.#registry);
    this.#clock = options.clock ?? (() => performance.now());
    this.#began = this.#clock();
  }

  elapsed(): number {
    return this.#clock() - this.#began;
  }

  /** The module after the pipeline, or after the last pass that did not fail. */
  run(module: Module, pipeline: Pipeline): Module {
    return this.#elements(module, pipeline.elements, module.root);
  }

  #elements(module: Module, elements: readonly PipelineElement[], root: OpId): Module {
    for (const element of elements) {
      if (this.failure) return module;
      module = element.kind === "pass" ? this.#pass(module, element, root) : this.#nest(module, element);
    }
    return module;
  }

  #nest(module: Module, nest: Pipeline): Module {
    for (const op of functionsWithBody(new ModuleReader(module))) {
      if (this.failure) return module;
      module = this.#elements(module, nest.elements, op.id);
    }
    return module;
  }

  #pass(module: Module, element: PipelineElement & { kind: "pass" }, root: OpId): Module {
    const { pass, options } = element;
    const symbol = symbolOf(new ModuleReader(module).operation(root));
    this.#printing.before(pass, { root, symbol }, module);
    const observed = new PassObservations(root, this.#registry, this.#options.canonicalizationPatterns);
    const start = this.elapsed();
    let result: Module;
    try {
      result = pass.run(module, options, observed.context);
    } catch (cause) {
      this.diagnostics.push(...observed.diagnostics);
      this.#fail(module, element, root, cause);
      return module;
    }
    const milliseconds = this.elapsed() - start;
    this.diagnostics.push(...observed.diagnostics);
    if (observed.diagnostics.some((diagnostic) => diagnostic.severity === "error")) {
      this.#fail(module, element, root, undefined);
      return module;
    }
    const changed = result !== module;
    if (changed && !this.#verifies(result, module, element, root)) return module;
    const verifyMilliseconds = this.#options.verifyEach && changed ? this.elapsed() - start - milliseconds : 0;
    this.#printing.after(pass, { root, symbol }, module, result);
    const { statistics, patches, inversePatches } = observed;
    const timed = { symbol, start, milliseconds, verifyMilliseconds };
    this.runs.push({ pass, element, ...timed, statistics, changed, module: result, patches, inversePatches });
    return result;
  }

  #verifies(result: Module, before: Module, element: PipelineElement & { kind: "pass" }, root: OpId): boolean {
    if (!this.#options.verifyEach) return true;
    const found = (this.#options.verify ?? verifyModule)(result, this.#registry);
    if (!found.some((diagnostic) => diagnostic.severity === "error")) return true;
    this.diagnostics.push(...found);
    this.#fail(before, element, root, undefined, "invalid-result");
    return false;
  }

  #fail(
    before: Module,
    element: PipelineElement & { kind: "pass" },
    root: OpId,
    cause: unknown,
    code: "failed" | "invalid-result" = "failed",
  ): void {
    const { pass } = element;
    const op = new ModuleReader(before).operation(root);
    const failing = makePipeline("builtin.module", root === before.root ? element : makePipeline("func.func", element));
    const text = reproducerText(printModule(before, this.#registry), failing);
    const reproducer = this.#writeReproducer(text);
    if (cause instanceof CompileError) this.diagnostics.push(...cause.diagnostics);
    if (cause !== undefined && !(cause instanceof CompileError)) {
      const what = cause instanceof Error ? cause.message : String(cause);
      this.diagnostics.push(passDiagnostics.at("crashed", op.location, { pass: pass.name, what, reproducer }));
    } else this.diagnostics.push(passDiagnostics.at(code, op.location, { pass: pass.name, reproducer }));
    this.failure = { pass, before, reproducer: text, cause };
    this.#printing.failed(pass, { root, symbol: symbolOf(op) }, before);
  }

  /** Completes "pass … failed". */
  #writeReproducer(text: string): string {
    const file = this.#options.reproducer;
    if (file === undefined) return "";
    try {
      writeFileSync(file, text);
      return `; run it again with \`weft opt --run-reproducer ${file}\``;
    } catch (error) {
      return `; no reproducer could be written to ${file} (${error instanceof Error ? error.message : String(error)})`;
    }
  }
}

/** What one run of a pass counts, reports and commits. */
class PassObservations {
  readonly statistics = new Map<string, number>();
  readonly diagnostics: Diagnostic[] = [];
  readonly patches: Patch[] = [];
  readonly inversePatches: Patch[] = [];
  readonly context: PassContext;

  constructor(root: OpId, registry: Registry, patterns: readonly Pattern[] = canonicalizationPatterns) {
    this.context = {
      root,
      registry,
      canonicalizationPatterns: patterns,
      count: (name, by = 1) => void this.statistics.set(name, (this.statistics.get(name) ?? 0) + by),
      report: (diagnostic) => void this.diagnostics.push(diagnostic),
      commit: (rewriter) => {
        const { module, patches, inversePatches } = rewriter.commit();
        this.patches.push(...patches);
        this.inversePatches.unshift(...inversePatches);
        return module;
      },
    };
  }
}

/** The functions of a module that have a body, in order. */
const functionsWithBody = (reader: ModuleReader): readonly Operation[] =>
  bodyOf(reader, reader.operation(reader.root)).filter(
    (op) => op.name === func.func.name && (op.regions[0]?.length ?? 0) > 0,
  );

const symbolOf = (op: Operation): string | undefined => {
  const name = op.properties["sym_name"];
  return name?.kind === "string" ? name.value : undefined;
};
