import type { IrReader, Operation } from "../module.ts";
import type { Registry } from "../registry.ts";

/**
 * Whether an operation does nothing but give its results, so that it may be dropped, repeated and merged with its equals.
 * Structured operations on buffers are pure in their traits' sense only where they work on tensors.
 */
export function isPure(reader: IrReader, registry: Registry, op: Operation): boolean {
  const traits = registry.definition(op.name)?.traits;
  if (!traits) return false;
  if (traits.includes("pure")) return true;
  if (traits.includes("terminator")) return op.successors.length === 0;
  if (!traits.includes("recursively-pure")) return false;
  const writesBuffers = op.name.startsWith("linalg.") && op.results.length === 0;
  if (writesBuffers) return false;
  return op.regions.every((region) =>
    region.every((block) =>
      reader.block(block).operations.every((id) => isPure(reader, registry, reader.operation(id))),
    ),
  );
}

/** Whether nothing would be missed if the operation were gone. */
export const isTriviallyDead = (reader: IrReader, registry: Registry, op: Operation): boolean =>
  op.parent !== undefined &&
  op.results.every((result) => reader.useCount(result) === 0) &&
  !registry.hasTrait(op, "terminator") &&
  !registry.hasTrait(op, "symbol") &&
  isPure(reader, registry, op);
