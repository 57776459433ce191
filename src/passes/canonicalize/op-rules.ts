import { effectsIn } from "../../ir/analysis/effects.ts";
import { arith } from "../../ir/dialects/index.ts";
import type { Pattern } from "../../ir/pattern.ts";
import type { Registry } from "../../ir/registry.ts";
import { folds } from "./folds/index.ts";
import type { Fold } from "./folds/fold.ts";

/** What the driver does with operations of one name. */
export interface OpRules {
  readonly isConstant: boolean;
  /** When an operation without readers goes: whatever is in it, or if what is in it may go. */
  readonly removal: "always" | "if-pure" | "never";
  readonly fold: Fold | undefined;
  /** Whether the interpreter may compute it where all operands are constants. */
  readonly isEvaluated: boolean;
  readonly isCommutative: boolean;
  readonly isIdempotent: boolean;
  readonly isInvolution: boolean;
  readonly patterns: readonly Pattern[];
  /** Those that do not only look near: see `Pattern.looksNear`. */
  readonly farPatterns: readonly Pattern[];
  /** Whether there are such patterns, or the operation may go because of what is in its regions. */
  readonly looksFar: boolean;
  /** Nothing is ever done with it. */
  readonly isInert: boolean;
}

/** Operations whose folds leave some constants to the interpreter: it knows the bits of floats. */
const evaluatedToo: ReadonlySet<string> = new Set([arith.bitcast.name]);

function rulesFor(name: string, patterns: readonly Pattern[], registry: Registry): OpRules {
  const traits = registry.definition(name)?.traits ?? [];
  const { kind, isTerminator, isSymbol, isCommutative } = effectsIn(registry)(name);
  const stays = isTerminator || isSymbol || kind === "any";
  const removal = stays ? "never" : kind === "of-regions" ? "if-pure" : "always";
  const farPatterns = patterns.filter((pattern) => !pattern.looksNear);
  const fold = folds.get(name);
  const isConstant = name === arith.constant.name;
  const isEvaluated = !isConstant && (fold === undefined || evaluatedToo.has(name)) && kind === "none";
  return {
    isConstant,
    removal,
    fold,
    isEvaluated,
    isCommutative,
    isIdempotent: traits.includes("idempotent"),
    isInvolution: traits.includes("involution"),
    patterns,
    farPatterns,
    looksFar: removal === "if-pure" || farPatterns.length > 0,
    isInert: removal === "never" && fold === undefined && !isEvaluated && patterns.length === 0,
  };
}

/** The rules of operations by name, worked out when a name is first asked for. */
export class OpRuleTable {
  readonly #registry: Registry;
  readonly #byRoot: ReadonlyMap<string | undefined, readonly Pattern[]>;
  readonly #known = new Map<string, OpRules>();

  constructor(patterns: readonly Pattern[], registry: Registry) {
    this.#registry = registry;
    this.#byRoot = Map.groupBy(patterns, (pattern) => pattern.root);
  }
  of(name: string): OpRules {
    let rules = this.#known.get(name);
    if (rules === undefined) {
      const patterns = [...(this.#byRoot.get(name) ?? []), ...(this.#byRoot.get(undefined) ?? [])];
      this.#known.set(name, (rules = rulesFor(name, patterns, this.#registry)));
    }
    return rules;
  }
}
