import { registry as allDialects } from "../../ir/dialects/index.ts";
import { type Module, ModuleReader, walk } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { verifyModule } from "../../ir/verifier.ts";
import { defineDiagnostics, CompileError, message } from "../../support/diagnostic.ts";
import { ProgramIndex } from "./program-index.ts";
import { isSmaller, type Size, sizeOf } from "./size.ts";
import { strategies, wholeSteps } from "./strategies/index.ts";
import type { Edit, Strategy } from "./strategy.ts";

/** How a module is reduced. */
export interface ReduceOptions {
  /** The dialects in use; all of the compiler's when absent. */
  readonly registry?: Registry;
  /** Whether every candidate must verify; true when absent. */
  readonly verify?: boolean;
  /** Candidates that are tried at most. */
  readonly maxTests?: number;
  /** Asked before each candidate; true ends the reduction with what was found. */
  readonly shouldStop?: () => boolean;
  /** Told of every smaller module. */
  readonly onProgress?: (progress: ReductionProgress) => void;
}

/** A smaller module that is still interesting. */
export interface ReductionProgress {
  readonly module: Module;
  /** Operations before and after, the root not counted. */
  readonly before: number;
  readonly after: number;
  /** What was done. */
  readonly step: string;
  /** Candidates tried so far. */
  readonly tests: number;
}

/** What became of a module. */
export interface Reduction {
  readonly module: Module;
  readonly tests: number;
  /** Whether nothing more can be taken away; false where a limit came first. */
  readonly minimal: boolean;
}

const reduceDiagnostics = defineDiagnostics("reduce", {
  "not-interesting": {
    severity: "error",
    message: message`the input itself is not interesting, so there is nothing to keep while it shrinks`,
    help: "check that the test succeeds on the input as it is (with the command: that it fails as the options say)",
  },
});

/** Operations of a module, the root not counted. */
export const operationCount = (module: Module): number => [...walk(new ModuleReader(module))].length - 1;

/**
 * The smallest module that can be found by taking things away while it stays interesting: symbols, operations, regions, blocks,
 * arguments, results, operands, attributes and places, first many together, then fewer, down to one. Nothing that was taken away
 * comes back, every candidate verifies, and the same input and answers give the same result.
 *
 * @param isInteresting must answer the same for the same module
 * @throws CompileError `reduce/not-interesting` when the input is not
 */
export function reduceModule(
  module: Module,
  isInteresting: (candidate: Module) => boolean,
  options: ReduceOptions = {},
): Reduction {
  const candidates = reductionCandidates(module, options);
  let next = candidates.next();
  while (!next.done) next = candidates.next(isInteresting(next.value));
  return next.value;
}

/**
 * The same for tests that take their time: yields candidates, the first of them the input, and is told whether each is interesting.
 * What `onProgress` was told last is the best so far.
 */
export function* reductionCandidates(
  module: Module,
  options: ReduceOptions = {},
): Generator<Module, Reduction, boolean> {
  const search = new Search(module, options);
  if (!(yield module)) throw new CompileError([reduceDiagnostics.at("not-interesting", rootLocation(module), {})]);
  search.tests++;
  return yield* search.run();
}

const rootLocation = (module: Module) => new ModuleReader(module).operation(module.root).location;

class Search {
  tests = 0;
  #module: Module;
  #size: Size;
  readonly #options: ReduceOptions;
  readonly #registry: Registry;

  constructor(module: Module, options: ReduceOptions) {
    this.#module = module;
    this.#size = sizeOf(module);
    this.#options = options;
    this.#registry = options.registry ?? allDialects;
  }

  *run(): Generator<Module, Reduction, boolean> {
    for (let before: Module | undefined; before !== this.#module && !this.#atLimit();) {
      before = this.#module;
      for (const strategy of strategies) yield* this.#halves(strategy);
      for (const { name, run } of wholeSteps) yield* this.#try(run(this.#module, this.#registry), name);
    }
    return { module: this.#module, tests: this.tests, minimal: !this.#atLimit() };
  }

  #atLimit(): boolean {
    return this.tests >= (this.#options.maxTests ?? Infinity) || (this.#options.shouldStop?.() ?? false);
  }

  /** Makes all edits of a strategy at once, then halves of them, quarters, down to each by itself. */
  *#halves(strategy: Strategy): Generator<Module, void, boolean> {
    const edits = [...strategy.edits(new ProgramIndex(this.#module, this.#registry))];
    for (let count = edits.length; count > 0; count = count === 1 ? 0 : Math.ceil(count / 2))
      for (let start = 0; start < edits.length;) {
        if (this.#atLimit()) return;
        const candidate = this.#edited(edits.slice(start, start + count));
        if (yield* this.#try(candidate, strategy.name)) edits.splice(start, count);
        else start += count;
      }
  }

  #edited(edits: readonly Edit[]): Module {
    const rewriter = new Rewriter(this.#module);
    for (const edit of edits) edit(rewriter);
    return rewriter.commit().module;
  }

  /** Asks about a candidate, and goes on from it if it is smaller, valid and interesting. */
  *#try(candidate: Module, step: string): Generator<Module, boolean, boolean> {
    if (candidate === this.#module || this.#atLimit()) return false;
    const size = sizeOf(candidate);
    if (!isSmaller(size, this.#size) || !this.#isValid(candidate)) return false;
    this.tests++;
    if (!(yield candidate)) return false;
    const before = this.#size[0]! - 1;
    this.#module = candidate;
    this.#size = size;
    this.#options.onProgress?.({ module: candidate, before, after: size[0]! - 1, step, tests: this.tests });
    return true;
  }

  #isValid(candidate: Module): boolean {
    if (this.#options.verify === false) return true;
    return !verifyModule(candidate, this.#registry).some(({ severity }) => severity === "error");
  }
}
