import { entryPointOf } from "../../../ir/analysis/entry-point.ts";
import { gpu } from "../../../ir/dialects/gpu.ts";
import { type BlockId, bodyOf, type OpId, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { symbolNameOf } from "../../../ir/symbols.ts";
import { type WebGpuTarget, webGpuTargetOf } from "../../../targets/webgpu.ts";
import { EntryConstants } from "../../loops/index-arithmetic.ts";
import { pass } from "../../pass.ts";
import { int } from "../../pass-options.ts";
import { regionsMeet } from "../written-regions.ts";
import { blocksOf, type Launch, readLaunch } from "./launches.ts";
import { mergeLaunches } from "./merge-kernels.ts";

/** Operations between launches that do nothing to buffers. */
const neutral: ReadonlySet<string> = new Set(["memref.alloc", "memref.get_global", "memref.view", "arith.constant"]);

/**
 * Makes one launch of several that do not depend on each other, so that small ones cost no dispatch of their own: the borders that
 * are filled around a result and the kernel that computes it, branches of a network that are small by themselves.
 */
export const fuseLaunches = pass({
  name: "fuse-launches",
  summary: "launch small independent kernels together",
  anchors: ["builtin.module"],
  options: { most: int.default(8).summary("kernels in one launch") },
  statistics: { fused: "launches that became part of another one" },
  run(module, { most }, context) {
    const rewriter = new Rewriter(module);
    const target = webGpuTargetOf(module);
    const functions = bodyOf(rewriter, rewriter.operation(rewriter.root));
    const kernels = new Map<string, Operation>();
    for (const holder of functions)
      if (holder.name === gpu.module.name)
        for (const kernel of bodyOf(rewriter, holder)) kernels.set(symbolNameOf(kernel) ?? "", kernel);
    const entry = entryPointOf(rewriter);
    if (!entry) return module;
    const constants = new EntryConstants(rewriter, entry.regions[0]![0]!);
    const blocks = Array.from(walk(rewriter, entry.id)).flatMap((op) => op.regions.flat());
    const fusion = new Fusion(rewriter, target, kernels, constants, most);
    for (const block of blocks) context.count("fused", fusion.fuseBlock(block));
    eraseUnlaunched(rewriter, kernels, entry.id);
    return context.commit(rewriter);
  },
});

class Fusion {
  readonly #rewriter: Rewriter;
  readonly #target: WebGpuTarget;
  readonly #kernels: ReadonlyMap<string, Operation>;
  readonly #constants: EntryConstants;
  readonly #most: number;
  readonly #names: Set<string>;

  constructor(
    rewriter: Rewriter,
    target: WebGpuTarget,
    kernels: ReadonlyMap<string, Operation>,
    constants: EntryConstants,
    most: number,
  ) {
    this.#rewriter = rewriter;
    this.#target = target;
    this.#kernels = kernels;
    this.#constants = constants;
    this.#most = most;
    this.#names = new Set(kernels.keys());
  }

  /** Fuses the launches of one block; returns how many went. */
  fuseBlock(block: BlockId): number {
    let count = 0;
    let groups: Launch[][] = [];
    const flush = (): void => {
      for (const group of groups) if (group.length > 1) count += this.#merge(group);
      groups = [];
    };
    const positions = new Map(this.#rewriter.block(block).operations.map((id, index) => [id, index]));
    for (const id of this.#rewriter.block(block).operations.slice()) {
      const op = this.#rewriter.operation(id);
      if (neutral.has(op.name)) continue;
      const launch = readLaunch(this.#rewriter, op, this.#kernels);
      if (!launch) flush();
      else this.#join(groups, launch, positions);
    }
    flush();
    return count;
  }

  /** Puts a launch into the latest group that takes it, if nothing after that group is in its way; or begins a group. */
  #join(groups: Launch[][], launch: Launch, positions: ReadonlyMap<OpId, number>): void {
    for (let index = groups.length - 1; index >= Math.max(0, groups.length - furthest); index--) {
      const group = groups[index]!;
      const isFree = group.every((other) => !conflicts(other, launch));
      if (isFree && this.#fits(group, launch, positions)) return void group.push(launch);
      if (!isFree) break;
    }
    groups.push([launch]);
  }

  #fits(group: readonly Launch[], launch: Launch, positions: ReadonlyMap<OpId, number>): boolean {
    const members = [...group, launch];
    if (members.length > this.#most) return false;
    const buffers = new Set(members.flatMap(({ effects }) => [...effects.keys()]));
    const { limits, preferences } = this.#target;
    if (buffers.size > limits.maxStorageBuffersPerShaderStage) return false;
    // The group's launch stands at its first member's place, where everything must be known.
    const place = positions.get(group[0]!.op)!;
    if (!launch.operands.every((operand) => this.#isKnownAt(operand, place, positions))) return false;
    const invocations = (of: Launch): number => blocksOf(of) * of.threads;
    const isSmall = (of: Launch): boolean => invocations(of) <= preferences.invocationsToFill;
    const isCheap = (of: Launch): boolean => of.isShort && invocations(of) <= mostCheapInvocations;
    const larger = members.filter((member) => !isCheap(member));
    // Processors take every workgroup through the code of all members, with what it writes masked.
    if (this.#target.kind === "cpu") {
      const blocks = members.reduce((sum, member) => sum + blocksOf(member), 0);
      if (larger.some((member) => blocks > mostMasked * blocksOf(member))) return false;
    }
    return larger.length <= 1 || larger.every(isSmall);
  }

  #isKnownAt(value: ValueId, place: number, positions: ReadonlyMap<OpId, number>): boolean {
    const definition = this.#rewriter.definition(value);
    const position = definition && positions.get(definition.id);
    return position === undefined || position < place;
  }

  #merge(group: readonly Launch[]): number {
    // The kernel with the most work goes first: its workgroups have the fewest comparisons before them.
    const ordered = group.toSorted((left, right) => weightOf(right) - weightOf(left));
    const name = this.#nameFor(ordered[0]!.name, group.length - 1);
    mergeLaunches(this.#rewriter, ordered, name, group[0]!.op, this.#constants, this.#target.limits);
    return group.length - 1;
  }

  #nameFor(first: string, others: number): string {
    const stem = `${first}_and_${others}`;
    let name = stem;
    for (let number = 2; this.#names.has(name); number++) name = `${stem}_${number}`;
    this.#names.add(name);
    return name;
  }
}

/** A launch joins one of so many before it: what is computed long before it is read takes up memory meanwhile. */
const furthest = 3;
/** On processors, how many times as many workgroups as its own a kernel's code may be taken through. */
const mostMasked = 1.5;
/** Kernels without loops are cheap up to so many invocations. */
const mostCheapInvocations = 1 << 16;

const weightOf = (launch: Launch): number => blocksOf(launch) * launch.threads * (launch.isShort ? 1 : 100);

/** Whether one of two launches writes what the other touches. */
function conflicts(left: Launch, right: Launch): boolean {
  for (const [buffer, effect] of left.effects) {
    const other = right.effects.get(buffer);
    if (other === undefined || !(effect.isWritten || other.isWritten)) continue;
    if (effect.isRead || other.isRead || !effect.region || !other.region) return true;
    if (regionsMeet(effect.region, other.region)) return true;
  }
  return false;
}

/** Erases kernels that nothing launches any more. */
function eraseUnlaunched(rewriter: Rewriter, kernels: ReadonlyMap<string, Operation>, entry: OpId): void {
  const launched = new Set<string>();
  for (const op of walk(rewriter, entry)) {
    const name = gpu.launch_func.match(rewriter, op)?.attributes.kernel.at(-1);
    if (name !== undefined) launched.add(name);
  }
  for (const [name, kernel] of kernels) if (!launched.has(name)) rewriter.erase(kernel);
}
