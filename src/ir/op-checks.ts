import type { AttributeCodec } from "./attribute-codecs.ts";
import type { TypeConstraint } from "./constraints.ts";
import type { AnyOpDefinition } from "./define.ts";
import type { Registry } from "./registry.ts";
import type { Type } from "./types.ts";
import { isPositional, type ValueSpec } from "./value-specs.ts";

/** A constraint that remembers what it said of each type. Types are interned, so most modules ask about a handful. */
class RememberedConstraint {
  readonly description: string;
  readonly #constraint: TypeConstraint;
  readonly #answers = new WeakMap<Type, boolean>();
  #lastAccepted: Type | undefined;

  constructor(constraint: TypeConstraint) {
    this.description = constraint.description;
    this.#constraint = constraint;
  }
  accepts(type: Type): boolean {
    if (type === this.#lastAccepted) return true;
    let answer = this.#answers.get(type);
    if (answer === undefined) this.#answers.set(type, (answer = this.#constraint.accepts(type)));
    if (answer) this.#lastAccepted = type;
    return answer;
  }
}

/** What is checked of an operation's operands or results. */
export interface ValueChecks {
  readonly specs: Readonly<Record<string, ValueSpec>>;
  /** One for each declared name. */
  readonly constraints: readonly RememberedConstraint[];
  /** Whether every name stands for exactly one value. */
  readonly isPlain: boolean;
  /** Whether values stand for names in order, absent ones as a value of type `none`. */
  readonly isPositional: boolean;
  /** For each declared name whether `none` stands for its absence. */
  readonly mayBeNone: readonly boolean[];
}

/** A declaration as the verifier asks for it: worked out once, so that checking an operation makes no objects. */
export interface OpChecks {
  readonly definition: AnyOpDefinition;
  readonly operands: ValueChecks;
  readonly results: ValueChecks;
  readonly attributes: readonly {
    readonly name: string;
    readonly isRequired: boolean;
    readonly codec: AttributeCodec<unknown>;
  }[];
  readonly regions: number;
  readonly isTerminator: boolean;
  readonly isIsolated: boolean;
  readonly isSymbol: boolean;
  readonly isSymbolTable: boolean;
  readonly isSingleBlock: boolean;
  readonly needsNoTerminator: boolean;
  /** All operands and results have one type. */
  readonly isOfOneType: boolean;
  /** All operands have one type. */
  readonly readsOneType: boolean;
  /** Whether there are rules that look at the typed view. */
  readonly needsView: boolean;
}

const remembered = new WeakMap<TypeConstraint, RememberedConstraint>();
function remember(constraint: TypeConstraint): RememberedConstraint {
  let known = remembered.get(constraint);
  if (known === undefined) remembered.set(constraint, (known = new RememberedConstraint(constraint)));
  return known;
}

const valueChecks = (specs: Readonly<Record<string, ValueSpec>>, isPositional: boolean): ValueChecks => ({
  specs,
  isPositional,
  mayBeNone: Object.values(specs).map((spec) => isPositional && spec.arity === "optional"),
  constraints: Object.values(specs).map((spec) => remember(spec.constraint)),
  isPlain: Object.values(specs).every((spec) => spec.arity === "one"),
});

function checksOf(definition: AnyOpDefinition): OpChecks {
  const traits = new Set(definition.traits ?? []);
  return {
    definition,
    operands: valueChecks(definition.operands, isPositional(definition)),
    results: valueChecks(definition.results, isPositional(definition)),
    attributes: Object.entries(definition.attributes).map(([name, { presence, codec }]) => ({
      name,
      isRequired: presence === "required",
      codec,
    })),
    regions: definition.regions?.length ?? 0,
    isTerminator: traits.has("terminator"),
    isIsolated: traits.has("isolated-from-above"),
    isSymbol: traits.has("symbol"),
    isSymbolTable: traits.has("symbol-table"),
    isSingleBlock: traits.has("single-block"),
    needsNoTerminator: traits.has("no-terminator"),
    isOfOneType: traits.has("same-operands-and-result-type"),
    readsOneType: traits.has("same-operands-type"),
    needsView: definition.relations !== undefined || definition.infer !== undefined || definition.verify !== undefined,
  };
}

const tables = new WeakMap<Registry, Map<string, OpChecks | undefined>>();

/** The checks of a registry's operations, by their full names; undefined for those it does not declare. */
export function opChecksOf(registry: Registry): (name: string) => OpChecks | undefined {
  let table = tables.get(registry);
  if (table === undefined) tables.set(registry, (table = new Map()));
  const known = table;
  return (name) => {
    const found = known.get(name);
    if (found !== undefined || known.has(name)) return found;
    const definition = registry.definition(name);
    const checks = definition && checksOf(definition);
    known.set(name, checks);
    return checks;
  };
}
