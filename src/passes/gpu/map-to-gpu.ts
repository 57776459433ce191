import { entryPointOf } from "../../ir/analysis/entry-point.ts";
import { isPure } from "../../ir/analysis/effects.ts";
import { type BlockId, bodyOf, type OpId, type Operation } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { webGpuTargetOf } from "../../targets/webgpu.ts";
import { readGroup } from "../kernels/group.ts";
import { pass, type PassContext } from "../pass.ts";
import { hoistAllocations, sinkTemporaries } from "./hoist-allocations.ts";
import { KernelModule } from "./kernel-module.ts";
import { staysAsLoop } from "./launch-loops.ts";
import type { Mapping, MappingContext } from "./mapping.ts";
import { mappings } from "./mappings.ts";
import { findPaddedBuffers, type PaddedBuffer } from "./padding/padded-buffers.ts";
import { mappingNameOf } from "./schedule-attribute.ts";
import { mappableRows } from "./rows/rows.ts";
import { sequential } from "./sequential.ts";
import { Spills } from "./spills.ts";
import { isStableLoad } from "./stable-loads.ts";
import { structureCopies } from "./structure-copies.ts";

/**
 * From the buffer level to the device level: each operation of the entry point that computes becomes a kernel and its launch. How an
 * operation is spread over invocations is told by its `weft.schedule`, or by the first mapping of the table that fits it.
 */
export const mapToGpu = pass({
  name: "map-to-gpu",
  summary: "turn the entry point's operations into kernels of a device and launches",
  anchors: ["builtin.module"],
  statistics: {
    kernels: "kernels made",
    sequential: "kernels that one invocation runs",
    paddings: "buffers whose borders are not filled, since readers know what is there",
  },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    const entry = entryPointOf(rewriter);
    if (entry) new Mapper(rewriter, context, entry).run();
    return context.commit(rewriter);
  },
});

/** Operations of the entry point that stay there. */
const kept: ReadonlySet<string> = new Set([
  "memref.alloc",
  "memref.get_global",
  "memref.view",
  "func.call",
  "device.transfer",
  "gpu.launch_func",
]);

class Mapper {
  readonly #rewriter: Rewriter;
  readonly #registry: Registry;
  readonly #count: PassContext["count"];
  readonly #context: MappingContext;
  readonly #entry: BlockId;
  readonly #spills: Spills;
  readonly #kernels: KernelModule;
  /** The padded buffers that operations read. */
  readonly #paddings = new Map<OpId, readonly PaddedBuffer[]>();

  constructor(rewriter: Rewriter, { registry, count }: PassContext, entry: Operation) {
    this.#rewriter = rewriter;
    this.#registry = registry;
    this.#count = count;
    this.#context = { reader: rewriter, target: webGpuTargetOf(rewriter) };
    this.#entry = entry.regions[0]![0]!;
    this.#spills = new Spills(rewriter, this.#entry);
    this.#kernels = new KernelModule(rewriter, registry, this.#context.target, entry, this.#spills);
  }

  run(): void {
    const rewriter = this.#rewriter;
    const entry = rewriter.operation(rewriter.holderOf(this.#entry));
    structureCopies(rewriter, entry.id);
    dissolveUnreadableGroups(rewriter, this.#entry);
    sinkTemporaries(rewriter, this.#entry);
    this.#takePaddings();
    this.#mapBlock(this.#entry);
    eraseDead(rewriter, this.#registry, this.#entry);
  }

  /** Drops what fills buffers around what is computed, where the operations that read them can take the value themselves. */
  #takePaddings(): void {
    const rewriter = this.#rewriter;
    const canRead = (op: Operation): boolean => !this.#stays(op) && this.#planFor(op).mapping.readsPadding === true;
    for (const padded of findPaddedBuffers(rewriter, this.#entry, canRead)) {
      for (const op of padded.needless) rewriter.erase(op);
      for (const reader of padded.readers) this.#paddings.set(reader, [...(this.#paddings.get(reader) ?? []), padded]);
      this.#count("paddings");
    }
  }

  #mapBlock(block: BlockId): void {
    const rewriter = this.#rewriter;
    for (const id of rewriter.block(block).operations.slice()) {
      const op = rewriter.operation(id);
      if (this.#stays(op)) continue;
      if (computesNothing(rewriter, op)) rewriter.erase(op);
      else if (staysAsLoop(rewriter, op, this.#context.target, (inner) => this.#stays(inner))) this.#mapLoop(op);
      else this.#mapOperation(op);
    }
  }

  #mapLoop(op: Operation): void {
    const body = op.regions[0]![0]!;
    dissolveUnreadableGroups(this.#rewriter, body);
    sinkTemporaries(this.#rewriter, body);
    for (const inner of bodyOf(this.#rewriter, op))
      if (inner.name === "memref.alloc") hoistAllocations(this.#rewriter, inner.id, this.#entry);
    this.#mapBlock(body);
    eraseDead(this.#rewriter, this.#registry, body);
  }

  #stays(op: Operation): boolean {
    return (
      kept.has(op.name) ||
      op.attributes["weft.device"] !== undefined ||
      this.#registry.hasTrait(op, "terminator") ||
      isStableLoad(this.#rewriter, op, this.#entry) ||
      isPure(this.#rewriter, this.#registry, op)
    );
  }

  #mapOperation(op: Operation): void {
    const rewriter = this.#rewriter;
    const { mapping, build } = this.#planFor(op);
    if (mapping === sequential) hoistAllocations(rewriter, op.id, this.#entry);
    const paddings = this.#paddings.get(op.id) ?? [];
    this.#kernels.launch({ ops: [op, ...this.#spills.spill(op)], kind: kindOf(op), build, paddings });
    this.#count("kernels");
    if (mapping === sequential) this.#count("sequential");
  }

  #planFor(op: Operation): { readonly mapping: Mapping; readonly build: NonNullable<ReturnType<Mapping["plan"]>> } {
    const asked = mappingNameOf(op);
    const first = mappings.filter(({ name }) => name === asked);
    for (const mapping of [...first, ...mappings]) {
      const build = mapping.plan(this.#context, op);
      if (build) return { mapping, build };
    }
    throw new Error(`no mapping for ${op.name}`);
  }
}

/** The last part of an operation's name. */
const kindOf = (op: Operation): string => op.name.slice(op.name.indexOf(".") + 1).replace(/\W/g, "_");

/** Whether an operation's loops never run. */
const computesNothing = (rewriter: Rewriter, op: Operation): boolean =>
  op.results.length === 0 && readGroup(rewriter, op)?.bounds.includes(0) === true;

/** Takes apart fusion groups that are no single loop nest, so that each member is mapped by itself. */
function dissolveUnreadableGroups(rewriter: Rewriter, block: BlockId): void {
  for (const id of rewriter.block(block).operations.slice()) {
    const op = rewriter.operation(id);
    if (op.name !== "weft.kernel" || readGroup(rewriter, op) || mappableRows(rewriter, op)) continue;
    for (const member of bodyOf(rewriter, op)) if (member.name !== "weft.yield") rewriter.moveBefore(member, op.id);
    rewriter.erase(op);
  }
}

/** Erases views and scalar arithmetic that only kernels needed. */
function eraseDead(rewriter: Rewriter, registry: Registry, block: BlockId): void {
  for (const id of rewriter.block(block).operations.toReversed()) {
    const op = rewriter.operation(id);
    const isUnused = op.results.every((result) => rewriter.useCount(result) === 0);
    if (!isUnused || registry.hasTrait(op, "terminator")) continue;
    if (op.name === "memref.alloc" || op.name === "memref.load" || isPure(rewriter, registry, op)) rewriter.erase(op);
  }
}
