import type { IrReader, Operation } from "../module.ts";
import type { Registry } from "../registry.ts";

/** What operations of one name do beside giving results, as their traits say. */
export interface OpEffects {
  /** Nothing; what is done in their regions; reading memory only; or anything. */
  readonly kind: "none" | "of-regions" | "reads" | "any";
  readonly isTerminator: boolean;
  readonly isSymbol: boolean;
  readonly isIsolated: boolean;
  readonly isCommutative: boolean;
}

function effectsFrom(name: string, registry: Registry): OpEffects {
  const traits = new Set(registry.definition(name)?.traits ?? []);
  const readsOnly = traits.has("reads-memory") && !traits.has("writes-memory") && !traits.has("allocates");
  return {
    kind: traits.has("pure") ? "none" : traits.has("recursively-pure") ? "of-regions" : readsOnly ? "reads" : "any",
    isTerminator: traits.has("terminator"),
    isSymbol: traits.has("symbol"),
    isIsolated: traits.has("isolated-from-above"),
    isCommutative: traits.has("commutative"),
  };
}

const tables = new WeakMap<Registry, Map<string, OpEffects>>();

/** The effects of operations by name, worked out once for each. */
export function effectsIn(registry: Registry): (name: string) => OpEffects {
  let table = tables.get(registry);
  if (table === undefined) tables.set(registry, (table = new Map()));
  const known = table;
  return (name) => {
    let effects = known.get(name);
    if (effects === undefined) known.set(name, (effects = effectsFrom(name, registry)));
    return effects;
  };
}

/**
 * Whether an operation does nothing but give its results, so that it may be dropped, repeated and merged with its equals.
 * Structured operations on buffers are pure in their traits' sense only where they work on tensors.
 */
export function isPure(reader: IrReader, registry: Registry, op: Operation): boolean {
  const { kind, isTerminator } = effectsIn(registry)(op.name);
  if (kind === "none") return true;
  if (isTerminator) return op.successors.length === 0;
  return kind === "of-regions" && isPureInside(reader, registry, op);
}
function isPureInside(reader: IrReader, registry: Registry, op: Operation): boolean {
  const writesBuffers =
    op.results.length === 0 &&
    (op.name.startsWith("linalg.") || op.operands.some((operand) => reader.typeOf(operand).kind === "memref"));
  if (writesBuffers) return false;
  return op.regions.every((region) =>
    region.every((block) =>
      reader.block(block).operations.every((id) => isPure(reader, registry, reader.operation(id))),
    ),
  );
}

/** Whether nothing would be missed if the operation were gone: what it reads is not missed either. */
export function isTriviallyDead(reader: IrReader, registry: Registry, op: Operation): boolean {
  if (op.parent === undefined) return false;
  for (const result of op.results) if (reader.useCount(result) > 0) return false;
  const { kind, isTerminator, isSymbol } = effectsIn(registry)(op.name);
  if (isTerminator || isSymbol || kind === "any") return false;
  return kind !== "of-regions" || isPureInside(reader, registry, op);
}
