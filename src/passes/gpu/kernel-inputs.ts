import { isPure } from "../../ir/analysis/effects.ts";
import type { BlockId, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { freeValues, readInstead } from "../structured/free-values.ts";
import { gpuDiagnostics } from "./diagnostics.ts";
import { isStableLoad } from "./stable-loads.ts";

/** Operations that make a buffer which a launch is given whole. */
const buffers: ReadonlySet<string> = new Set(["memref.alloc", "memref.get_global", "memref.view"]);

/** What a kernel needs from outside: values it is given, operations it makes again, and scalars it loads. */
export interface KernelInputs {
  readonly parameters: readonly ValueId[];
  /** In an order in which each comes after what it reads. */
  readonly remade: readonly (
    | { readonly kind: "operation"; readonly op: Operation }
    /** The scalar `value`, which an earlier kernel left in `buffer`. */
    | { readonly kind: "spilled"; readonly value: ValueId; readonly buffer: ValueId }
  )[];
}

/**
 * Sorts what operations read from outside: whole buffers and loop indices become parameters; views, constants and scalar arithmetic
 * are made again inside.
 * @param others values that are needed beside what the operations read
 * @param spills where scalars that other kernels computed lie
 * @param entry the entry point's block
 * @throws CompileError `gpu/unmapped-value` for a value that cannot come into a kernel
 */
export function kernelInputs(
  rewriter: Rewriter,
  registry: Registry,
  ops: readonly Operation[],
  others: readonly ValueId[],
  spills: ReadonlyMap<ValueId, ValueId>,
  entry: BlockId,
): KernelInputs {
  const parameters = new Set<ValueId>();
  const remade: KernelInputs["remade"][number][] = [];
  const seen = new Set<ValueId>();
  const visit = (value: ValueId): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const buffer = spills.get(value);
    if (buffer !== undefined) {
      parameters.add(buffer);
      remade.push({ kind: "spilled", value, buffer });
      return;
    }
    const definition = rewriter.definition(value);
    if (definition === undefined || buffers.has(definition.name)) return void parameters.add(value);
    if (!isPure(rewriter, registry, definition) && !isStableLoad(rewriter, definition, entry))
      throw new CompileError([gpuDiagnostics.at("unmapped-value", ops[0]!.location, { operation: definition.name })]);
    for (const operand of freeValues(rewriter, [definition])) visit(operand);
    for (const result of definition.results) seen.add(result);
    remade.push({ kind: "operation", op: definition });
  };
  for (const value of [...freeValues(rewriter, ops), ...others]) visit(value);
  return { parameters: [...parameters], remade };
}

/** Moves operations into a block, after remaking there what they need; `values` are the parameters inside. Returns what is what there. */
export function moveInto(
  rewriter: Rewriter,
  block: BlockId,
  ops: readonly Operation[],
  inputs: KernelInputs,
  values: readonly ValueId[],
  load: (buffer: ValueId) => ValueId,
): ReadonlyMap<ValueId, ValueId> {
  const mapping = new Map(inputs.parameters.map((value, index) => [value, values[index]!]));
  for (const input of inputs.remade)
    if (input.kind === "operation") rewriter.clone(input.op, mapping);
    else mapping.set(input.value, load(mapping.get(input.buffer)!));
  for (const op of ops) {
    rewriter.moveToEnd(op, block);
    readInstead(rewriter, op, mapping);
  }
  return mapping;
}
