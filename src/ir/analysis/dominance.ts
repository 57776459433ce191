import type { BlockId, IrReader, OpId, Operation, ValueId } from "../module.ts";
import { DominatorTree } from "./dominator-tree.ts";

/** What decides whether a definition is seen by a use. */
export type Visibility =
  | { readonly kind: "visible" }
  | { readonly kind: "not-dominating" }
  | { readonly kind: "isolated"; readonly by: Operation };

const visible: Visibility = { kind: "visible" };
const notDominating: Visibility = { kind: "not-dominating" };

/** Which definitions reach which uses, in a module that does not change meanwhile. Computed as it is asked for. */
export class Dominance {
  readonly #reader: IrReader;
  readonly #isIsolated: (op: Operation) => boolean;
  readonly #isUnordered: (op: Operation) => boolean;
  readonly #trees = new Map<OpId, DominatorTree[]>();
  /** Positions of operations in their blocks, of those blocks that are in `#ordered`. */
  #positions = new Int32Array(0);
  readonly #ordered = new Set<BlockId>();

  /**
   * @param isIsolated whether the operation's regions see nothing from outside
   * @param isUnordered whether operations in the operation's regions may use values that are defined later
   */
  constructor(reader: IrReader, isIsolated: (op: Operation) => boolean, isUnordered: (op: Operation) => boolean) {
    this.#reader = reader;
    this.#isIsolated = isIsolated;
    this.#isUnordered = isUnordered;
  }

  /** Whether `user` may read `value`. */
  visibility(value: ValueId, user: Operation): Visibility {
    const reader = this.#reader;
    const definition = reader.value(value);
    const block = definition.kind === "argument" ? definition.block : reader.operation(definition.op).parent;
    if (block === undefined) return notDominating;
    const home = reader.block(block);
    // Moves up to the operation that holds the use and stands in the definition's own region.
    let op = user;
    for (;;) {
      if (op.parent === undefined) return notDominating;
      const around = reader.block(op.parent);
      if (around.parent === home.parent && around.regionIndex === home.regionIndex) break;
      const outer = reader.operation(around.parent);
      if (this.#isIsolated(outer)) return { kind: "isolated", by: outer };
      op = outer;
    }
    if (this.#isUnordered(reader.operation(home.parent)) || !this.isReachable(op.parent)) return visible;
    if (op.parent !== block) return this.blockDominates(block, op.parent!) ? visible : notDominating;
    if (definition.kind === "argument") return visible;
    this.#order(block);
    return this.#positions[definition.op]! < this.#positions[op.id]! ? visible : notDominating;
  }

  /** Whether every way from the region's entry to `block` passes `dominator`; true of unreachable blocks. Both are in one region. */
  blockDominates(dominator: BlockId, block: BlockId): boolean {
    const { parent, regionIndex } = this.#reader.block(block);
    if (!this.isReachable(block)) return true;
    return this.#tree(parent, regionIndex).dominates(dominator, block);
  }

  /** Whether a way leads from the region's entry to the block. */
  isReachable(block: BlockId): boolean {
    const { parent, regionIndex } = this.#reader.block(block);
    if (this.#reader.operation(parent).regions[regionIndex]![0] === block) return true;
    return this.#tree(parent, regionIndex).isReachable(block);
  }

  #order(block: BlockId): void {
    if (this.#ordered.has(block)) return;
    this.#ordered.add(block);
    const { operations } = this.#reader.block(block);
    let largest = 0;
    for (const id of operations) if (id > largest) largest = id;
    if (largest >= this.#positions.length) {
      const before = this.#positions;
      this.#positions = new Int32Array(Math.max(largest + 1, before.length * 2));
      this.#positions.set(before);
    }
    for (let index = 0; index < operations.length; index++) this.#positions[operations[index]!] = index;
  }

  #tree(op: OpId, regionIndex: number): DominatorTree {
    let trees = this.#trees.get(op);
    if (trees === undefined) this.#trees.set(op, (trees = []));
    return (trees[regionIndex] ??= new DominatorTree(this.#reader, this.#reader.operation(op).regions[regionIndex]!));
  }
}
