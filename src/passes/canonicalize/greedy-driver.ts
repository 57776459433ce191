import type { Attribute } from "../../ir/attributes.ts";
import { isTriviallyDead } from "../../ir/analysis/effects.ts";
import { type BlockId, type Module, type OpId, type Operation, slotCount, type ValueId } from "../../ir/module.ts";
import type { Pattern } from "../../ir/pattern.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { ConstantPool } from "./constant-pool.ts";
import { foldScalars } from "./fold-scalars.ts";
import { constantAttributeOf, isConstant, type FoldedValue, type Folding } from "./folds/fold.ts";
import { foldByTraits } from "./folds/traits.ts";
import { type OpRules, OpRuleTable } from "./op-rules.ts";
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
  /** Called with the name of each pattern that was applied, `dce`, `fold` and `constants`, and how often it was. */
  readonly applied: (name: string, times: number) => void;
}

/** The edited module's rewriter, and whether a fixed point was reached. */
export interface GreedyResult {
  readonly rewriter: Rewriter;
  readonly converged: boolean;
}

/**
 * Applies patterns until none applies: operations are looked at in program order, and again when they or what makes their operands
 * change. Dead pure operations go, operations are folded where that is possible, and constants are kept once, at the start of
 * their function.
 */
export function rewriteGreedily(module: Module, patterns: readonly Pattern[], options: GreedyOptions): GreedyResult {
  const driver = new GreedyDriver(module, patterns, options);
  const converged = driver.run();
  for (const [name, times] of driver.applied) options.applied(name, times);
  return { rewriter: driver.rewriter, converged };
}

/** A block on the way through the program. */
interface Frame {
  readonly operations: readonly OpId[];
  next: number;
  /** The operation that stands before the next one, as far as it was come to. */
  previous: OpId | undefined;
}

/** The one folding that all folds are given. */
class PresentFolding implements Folding {
  readonly rewriter: Rewriter;
  op!: Operation;
  readonly constants: (Attribute | undefined)[] = [];

  constructor(rewriter: Rewriter) {
    this.rewriter = rewriter;
  }
  set(op: Operation): void {
    this.op = op;
    const { operands } = op;
    this.constants.length = operands.length;
    for (let index = 0; index < operands.length; index++)
      this.constants[index] = constantAttributeOf(this.rewriter, operands[index]!);
  }
}

class GreedyDriver {
  readonly rewriter: Rewriter;
  readonly applied = new Map<string, number>();
  readonly #options: GreedyOptions;
  readonly #rules: OpRuleTable;
  readonly #worklist: Worklist;
  readonly #constants: ConstantPool;
  readonly #folding: PresentFolding;
  readonly #size: number;
  /** Operations that were made or changed in this round, some more than once. */
  #changed: OpId[] = [];
  /** The operations that all rules must look at; undefined while that is every operation. Others are left to rules that look far. */
  #affected: Set<OpId> | undefined;
  #rewrites = 0;

  constructor(module: Module, patterns: readonly Pattern[], options: GreedyOptions) {
    this.#options = options;
    this.#rules = new OpRuleTable(patterns, options.registry);
    this.#size = slotCount(module.operations);
    this.#worklist = new Worklist(this.#size);
    this.rewriter = new Rewriter(module, {
      created: (op) => this.#push(op),
      changed: (op) => this.#push(op),
      // It may be dead now; the next round sees to it.
      released: (id) => {
        const value = this.rewriter.value(id);
        if (value.kind === "result") this.#changed.push(value.op);
      },
      erased: (op) => {
        this.#worklist.remove(op.id);
        this.#pushMakers(op);
      },
    });
    this.#folding = new PresentFolding(this.rewriter);
    this.#constants = new ConstantPool(this.rewriter, options.registry);
  }

  /** True when nothing is left to do. */
  run(): boolean {
    for (let round = 0; round < this.#options.maxRounds; round++) {
      const before = this.#rewrites;
      const order = this.#collect();
      for (let index = order.length - 1; index >= 0; index--) this.#worklist.push(order[index]!);
      if (!this.#drain()) return false;
      if (this.#rewrites === before) return true;
      this.#affected = this.#affectedByRound();
    }
    return false;
  }

  /** The operations whose near surroundings were changed in this round. */
  #affectedByRound(): Set<OpId> | undefined {
    const changed = this.#changed;
    this.#changed = [];
    // Finding out costs as much as looking where much was changed.
    if (changed.length > this.#size / 16) return undefined;
    const near = new Set<OpId>(changed);
    let front = changed;
    for (let distance = 0; distance < 2; distance++) {
      const users: OpId[] = [];
      for (const id of front)
        if (this.rewriter.exists(id))
          for (const result of this.rewriter.operation(id).results)
            for (const { op } of this.rewriter.uses(result))
              if (!near.has(op)) {
                near.add(op);
                users.push(op);
              }
      front = users;
    }
    return near;
  }

  /** The operations to look at below the root, in program order. Constants that are met are merged with their equals or kept in front. */
  #collect(): readonly OpId[] {
    const order: OpId[] = [];
    const frames: Frame[] = [];
    this.#enter(this.rewriter.operation(this.#options.root), frames);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (frame.next === frame.operations.length) {
        frames.pop();
        continue;
      }
      const op = this.rewriter.operation(frame.operations[frame.next++]!);
      const rules = this.#rules.of(op.name);
      if (this.#affected === undefined) this.rewriter.noteResults(op);
      if (rules.isConstant) {
        const became = this.#constants.adopt(op, frame.previous);
        if (became !== "kept") this.#count("constants");
        if (became === "merged") continue;
        if (became === "kept") frame.previous = op.id;
      } else frame.previous = op.id;
      if (!rules.isInert && (rules.looksFar || (this.#affected?.has(op.id) ?? true))) order.push(op.id);
      if (op.regions.length > 0) this.#enter(op, frames);
    }
    return order;
  }
  #enter(op: Operation, frames: Frame[]): void {
    for (let region = op.regions.length - 1; region >= 0; region--) {
      const blocks = op.regions[region]!;
      for (let index = blocks.length - 1; index >= 0; index--)
        frames.push({ operations: this.rewriter.block(blocks[index]!).operations, next: 0, previous: undefined });
    }
  }

  #drain(): boolean {
    for (let id = this.#worklist.pop(); id !== undefined; id = this.#worklist.pop()) {
      if (!this.rewriter.exists(id)) continue;
      const applied = this.#visit(this.rewriter.operation(id));
      if (applied === undefined) continue;
      this.#count(applied);
      if (this.#rewrites >= this.#options.maxRewrites) return false;
    }
    return true;
  }
  #count(name: string): void {
    this.applied.set(name, (this.applied.get(name) ?? 0) + 1);
    this.#rewrites++;
  }

  /** The name of what was done, if anything was. */
  #visit(op: Operation): string | undefined {
    const rules = this.#rules.of(op.name);
    const isAffected = this.#affected?.has(op.id) ?? true;
    if (!isAffected && rules.removal !== "if-pure") return this.#apply(rules.farPatterns, op);
    if (this.#isDead(op, rules)) {
      this.rewriter.erase(op);
      return "dce";
    }
    if (rules.isConstant)
      return this.#constants.owns(op) || this.#constants.adopt(op, undefined) === "kept" ? undefined : "constants";
    return this.#fold(op, rules) ? "fold" : this.#apply(rules.patterns, op);
  }
  #apply(patterns: readonly Pattern[], op: Operation): string | undefined {
    if (patterns.length === 0) return undefined;
    this.rewriter.insertionPoint = { kind: "before", op: op.id };
    this.rewriter.location = op.location;
    for (const pattern of patterns) if (pattern.rewrite(op, this.rewriter)) return pattern.name;
    return undefined;
  }

  #isDead(op: Operation, { removal }: OpRules): boolean {
    if (removal === "never" || op.parent === undefined) return false;
    for (const result of op.results) if (this.rewriter.useCount(result) > 0) return false;
    return removal === "always" || isTriviallyDead(this.rewriter, this.#options.registry, op);
  }

  #fold(op: Operation, rules: OpRules): boolean {
    if (rules.isEvaluated && foldScalars(this.rewriter, this.#options.registry, this.#constants, op)) return true;
    const hasTraits = rules.isCommutative || rules.isIdempotent || rules.isInvolution;
    if (rules.fold === undefined && !hasTraits) return false;
    const folding = this.#folding;
    folding.set(op);
    let found = rules.fold?.(folding);
    if (found === undefined && hasTraits) found = foldByTraits(folding, rules);
    if (found === undefined) return false;
    if (found === "changed") return true;
    const values = this.#materialize(op, typeof found === "object" && Array.isArray(found) ? found : [found]);
    if (values === undefined) return false;
    this.rewriter.replace(op, values);
    return true;
  }
  #materialize(op: Operation, found: readonly FoldedValue[]): readonly ValueId[] | undefined {
    const values: ValueId[] = [];
    for (let index = 0; index < found.length; index++) {
      const result = found[index]!;
      const type = this.rewriter.typeOf(op.results[index]!);
      const value =
        typeof result === "number"
          ? result
          : typeof result === "bigint"
            ? this.#constants.integer(result, type, op)
            : this.#constants.constant(result, type, op);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  /** An operation is looked at (again), and those around it, whose rules may look into them. */
  #push(op: Operation): void {
    this.#changed.push(op.id);
    this.#pushAffected(op.id);
    for (let block: BlockId | undefined = op.parent; block !== undefined;) {
      const holder = this.rewriter.operation(this.rewriter.holderOf(block));
      if (holder.id === this.#options.root) return;
      if (!this.#rules.of(holder.name).isInert) this.#pushAffected(holder.id);
      block = holder.parent;
    }
  }
  /** What made an erased operation's operands may be dead now, or have one user only. */
  #pushMakers(op: Operation): void {
    for (const operand of op.operands) {
      // Some of the uses may be this operation's own. Whether a constant has one user or two is the same to everyone.
      const count = this.rewriter.useCount(operand);
      if (count > op.operands.length && (count > 2 || isConstant(this.rewriter, operand))) continue;
      const value = this.rewriter.value(operand);
      if (value.kind === "result") this.#pushAffected(value.op);
    }
  }
  #pushAffected(id: OpId): void {
    this.#affected?.add(id);
    this.#worklist.push(id);
  }
}
