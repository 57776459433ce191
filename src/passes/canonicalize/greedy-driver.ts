import { isTriviallyDead } from "../../ir/analysis/effects.ts";
import { arith } from "../../ir/dialects/index.ts";
import { type Module, type OpId, type Operation, walk } from "../../ir/module.ts";
import type { Pattern } from "../../ir/pattern.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { ConstantPool } from "./constant-pool.ts";
import { foldScalars } from "./fold-scalars.ts";
import { Worklist } from "./worklist.ts";

/** How a module is rewritten, and who is told. */
export interface GreedyOptions {
  readonly registry: Registry;
  /** Only operations below this one are looked at. */
  readonly root: OpId;
  /** Sweeps over all operations before giving up on a fixed point. */
  readonly maxRounds: number;
  /** Rewrites before giving up on a fixed point. */
  readonly maxRewrites: number;
  /** Called with the name of each pattern that was applied, `dce`, `fold` and `constants`. */
  readonly applied: (name: string) => void;
}

/** The edited module's rewriter, and whether a fixed point was reached. */
export interface GreedyResult {
  readonly rewriter: Rewriter;
  readonly converged: boolean;
}

/**
 * Applies patterns until none applies: operations are looked at in program order, and again when they, their operands or their
 * users change. Dead pure operations go, operations on scalar constants are folded, and constants are kept once, at the start of
 * their function.
 */
export function rewriteGreedily(module: Module, patterns: readonly Pattern[], options: GreedyOptions): GreedyResult {
  const driver = new GreedyDriver(module, patterns, options);
  return { rewriter: driver.rewriter, converged: driver.run() };
}

class GreedyDriver {
  readonly rewriter: Rewriter;
  readonly #options: GreedyOptions;
  readonly #byRoot: ReadonlyMap<string | undefined, readonly Pattern[]>;
  readonly #worklist = new Worklist();
  readonly #constants: ConstantPool;
  #rewrites = 0;

  constructor(module: Module, patterns: readonly Pattern[], options: GreedyOptions) {
    this.#options = options;
    this.#byRoot = Map.groupBy(patterns, (pattern) => pattern.root);
    this.rewriter = new Rewriter(module, {
      created: (op) => this.#worklist.push(op.id),
      changed: (op) => {
        this.#worklist.push(op.id);
        this.#pushUsers(op);
      },
      erased: (op) => {
        this.#worklist.remove(op.id);
        this.#pushMakers(op);
      },
    });
    this.#constants = new ConstantPool(this.rewriter, options.registry);
  }

  /** True when nothing is left to do. */
  run(): boolean {
    for (let round = 0; round < this.#options.maxRounds; round++) {
      const before = this.#rewrites;
      const operations = Array.from(walk(this.rewriter, this.#options.root));
      for (const op of operations.reverse()) if (op.id !== this.#options.root) this.#worklist.push(op.id);
      if (!this.#drain()) return false;
      if (this.#rewrites === before) return true;
    }
    return false;
  }

  #drain(): boolean {
    for (let id = this.#worklist.pop(); id !== undefined; id = this.#worklist.pop()) {
      if (!this.rewriter.exists(id)) continue;
      const applied = this.#visit(this.rewriter.operation(id));
      if (applied === undefined) continue;
      this.#options.applied(applied);
      if (++this.#rewrites >= this.#options.maxRewrites) return false;
    }
    return true;
  }

  /** The name of what was done, if anything was. */
  #visit(op: Operation): string | undefined {
    if (isTriviallyDead(this.rewriter, this.#options.registry, op)) {
      this.rewriter.erase(op);
      return "dce";
    }
    if (op.name === arith.constant.name) return this.#constants.adopt(op) ? "constants" : undefined;
    if (foldScalars(this.rewriter, this.#options.registry, this.#constants, op)) return "fold";
    for (const root of [op.name, undefined])
      for (const pattern of this.#byRoot.get(root) ?? []) {
        this.rewriter.insertionPoint = { kind: "before", op: op.id };
        this.rewriter.location = op.location;
        if (pattern.rewrite(op, this.rewriter)) return pattern.name;
      }
    return undefined;
  }

  #pushUsers(op: Operation): void {
    for (const result of op.results) for (const use of this.rewriter.uses(result)) this.#worklist.push(use.op);
  }
  /** What made an erased operation's operands may be dead now, or have one user only. */
  #pushMakers(op: Operation): void {
    for (const operand of op.operands) {
      const maker = this.rewriter.definition(operand);
      if (maker) this.#worklist.push(maker.id);
    }
  }
}
