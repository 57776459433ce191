import { isPure } from "../../ir/analysis/effects.ts";
import { arrayAttribute, type Attributes, dictionaryAttribute, stringAttribute } from "../../ir/attributes.ts";
import { at, type Builder } from "../../ir/builder.ts";
import { locationOf } from "../../ir/create-module.ts";
import { device } from "../../ir/dialects/device.ts";
import { func } from "../../ir/dialects/func.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { type BlockId, type OpId, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { functionType } from "../../ir/types.ts";
import { freeValues, readInstead } from "../structured/free-values.ts";
import { EntryConstants, IndexArithmetic } from "../loops/index-arithmetic.ts";
import { lowerOperations } from "../loops/lower-to-loops.ts";
import { pass } from "../pass.ts";
import { placementAttribute, type PlacedEntry, readEntry, reasonAttribute } from "./entry.ts";
import { type HostPart, planHostParts, type Transfer } from "./transfers.ts";

/**
 * Puts each stretch of operations marked `weft.device = "host"` into a private function of plain loops, called in their place, with
 * transfers of what it reads that the device computed, and of what it writes that the device reads, or the caller there.
 */
export const outlineHostFunctions = pass({
  name: "outline-host-functions",
  summary: "make functions of what runs on the host, and transfer what they read and write",
  anchors: ["builtin.module"],
  statistics: {
    functions: "functions made",
    transfers: "transfers between host and device",
    bytes: "bytes transferred in a run",
  },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    const entry = readEntry(rewriter, context.registry);
    if (!entry) return module;
    const parts = planHostParts(entry.accesses, (unit) => entry.units[unit]!.some(isOnHost), entry.interface);
    if (parts.length === 0) return module;
    parts.forEach((part, index) => {
      outline(rewriter, entry, part, `host_${index}`);
      for (const { bytes } of [...part.before, ...part.after]) {
        context.count("transfers");
        context.count("bytes", bytes);
      }
    });
    context.count("functions", parts.length);
    eraseUnused(rewriter, context.registry, entry.op.regions[0]![0]!);
    return context.commit(rewriter);
  },
});

const isOnHost = (op: Operation): boolean => {
  const side = op.attributes[placementAttribute];
  return side?.kind === "string" && side.value === "host";
};

/** Operations that make a buffer which a function is given. */
const buffers: ReadonlySet<string> = new Set(["memref.alloc", "memref.alloca", "memref.get_global", "memref.view"]);

/** What a function reads from outside. */
interface Inputs {
  readonly given: readonly ValueId[];
  /** Buffers that only the function uses. */
  readonly own: readonly ValueId[];
}

function inputsOf(rewriter: Rewriter, ops: readonly Operation[]): Inputs {
  const inside = new Set<OpId>();
  for (const op of ops) for (const inner of walk(rewriter, op.id)) inside.add(inner.id);
  const [given, own] = [new Set<ValueId>(), new Set<ValueId>()];
  const seen = new Set<ValueId>();
  const visit = (value: ValueId): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const definition = rewriter.definition(value);
    if (definition !== undefined && inside.has(definition.id)) return;
    if (definition === undefined || buffers.has(definition.name)) {
      const isOwn = definition?.name === memref.alloc.name && isUsedOnlyIn(rewriter, value, inside);
      (isOwn ? own : given).add(value);
    } else for (const operand of freeValues(rewriter, [definition])) visit(operand);
  };
  for (const value of freeValues(rewriter, ops)) visit(value);
  return { given: [...given], own: [...own] };
}

/** Whether every use of a buffer, by way of views of it too, is in one of these operations. */
function isUsedOnlyIn(rewriter: Rewriter, buffer: ValueId, inside: ReadonlySet<OpId>): boolean {
  return rewriter.uses(buffer).every(({ op }) => {
    if (inside.has(op)) return true;
    const { results } = rewriter.operation(op);
    const isView = results.length > 0 && results.every((result) => rewriter.typeOf(result).kind === "memref");
    return isView && results.every((result) => isUsedOnlyIn(rewriter, result, inside));
  });
}

/** Makes the function of one part, with its transfers and its call. */
function outline(rewriter: Rewriter, entry: PlacedEntry, part: HostPart, name: string): void {
  const ops = entry.units.slice(part.first, part.last + 1).flat();
  const { given, own } = inputsOf(rewriter, ops);
  rewriter.location = locationOf("outline-host-functions", ...ops);
  rewriter.insertionPoint = { kind: "before", op: ops.at(-1)!.id };
  insertTransfers(rewriter, part.before);
  const call = func.call.build(rewriter, { operands: given }, { callee: name }, { resultTypes: [] });
  rewriter.update(call.op.id, { attributes: { [reasonAttribute]: stringAttribute(reasonsOf(ops)) } });
  insertTransfers(rewriter, part.after);
  const types = given.map((value) => rewriter.typeOf(value));
  const hints = given.map((value) => dictionaryAttribute(hintOf(rewriter, entry.op, value)));
  rewriter.insertionPoint = { kind: "before", op: entry.op.id };
  const body = (builder: Builder, values: readonly ValueId[], block: BlockId): void => {
    const mapping = new Map(given.map((value, index) => [value, values[index]!]));
    for (const buffer of own) {
      const resultTypes = [rewriter.typeOf(buffer)] as const;
      mapping.set(buffer, memref.alloca.build(builder, {}, {}, { resultTypes }).memref);
    }
    for (const op of ops) moveInto(rewriter, op, block, mapping);
    func.return.build(builder, {}, {});
  };
  const { op } = func.func.build(
    rewriter,
    {},
    { sym_name: name, function_type: functionType(types, []), sym_visibility: "private" },
    { regions: { body: [{ arguments: types, body }] } },
  );
  rewriter.update(op.id, { properties: { ...rewriter.operation(op.id).properties, arg_attrs: arrayAttribute(hints) } });
  const block = op.regions[0]![0]!;
  const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, block));
  lowerOperations(rewriter, arithmetic, rewriter.block(block).operations.slice());
}

function insertTransfers(rewriter: Rewriter, transfers: readonly Transfer[]): void {
  for (const { value, to } of transfers) device.transfer.build(rewriter, { buffer: value }, { to });
}

/** Moves an operation to the end of a block; views, constants and scalar arithmetic that it needs are made again before it. */
function moveInto(rewriter: Rewriter, op: Operation, block: BlockId, mapping: Map<ValueId, ValueId>): void {
  const remake = (value: ValueId): void => {
    const definition = rewriter.definition(value);
    // What was moved before keeps its values.
    if (mapping.has(value) || definition === undefined || definition.parent === block) return;
    for (const operand of freeValues(rewriter, [definition])) remake(operand);
    rewriter.clone(definition, mapping);
  };
  for (const value of freeValues(rewriter, [op])) remake(value);
  rewriter.moveToEnd(op, block);
  readInstead(rewriter, op, mapping);
  const { [placementAttribute]: _side, [reasonAttribute]: _reason, ...attributes } = op.attributes;
  rewriter.update(op.id, { attributes });
  for (const inner of [...walk(rewriter, op.id)]) if (inner.name === memref.alloc.name) makeLocal(rewriter, inner);
}

/** A temporary of a host function is its own: the device's memory has no place for it. */
function makeLocal(rewriter: Rewriter, allocation: Operation): void {
  const resultTypes = [rewriter.typeOf(allocation.results[0]!)] as const;
  const local = at(rewriter, { kind: "before", op: allocation.id }, () =>
    memref.alloca.build(rewriter, { dynamicSizes: allocation.operands }, {}, { resultTypes }),
  );
  rewriter.replace(allocation, [local.memref]);
}

/** The reasons of a part's operations, each once. */
function reasonsOf(ops: readonly Operation[]): string {
  const reasons = ops.flatMap((op) => {
    const reason = op.attributes[reasonAttribute];
    return reason?.kind === "string" ? [reason.value] : [];
  });
  return [...new Set(reasons)].join("; ");
}

/** The model's name of a buffer, where it has one. */
function hintOf(rewriter: Rewriter, entry: Operation, value: ValueId): Attributes {
  const described = rewriter.value(value);
  if (described.kind === "argument") {
    const name = func.func.match(rewriter, entry)?.attributes.arg_attrs?.[described.index]?.["weft.name"];
    return name === undefined ? {} : { "weft.name": name };
  }
  const global = memref.get_global.match(rewriter, rewriter.operation(described.op));
  return global ? { "weft.name": stringAttribute(global.attributes.name) } : {};
}

/** Erases buffers, views and scalar arithmetic that only moved operations needed. */
function eraseUnused(rewriter: Rewriter, registry: Registry, block: BlockId): void {
  for (const id of rewriter.block(block).operations.toReversed()) {
    const op = rewriter.operation(id);
    const isUnused = op.results.length > 0 && op.results.every((result) => rewriter.useCount(result) === 0);
    if (isUnused && (op.name === memref.alloc.name || isPure(rewriter, registry, op))) rewriter.erase(op);
  }
}
