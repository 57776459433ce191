import type { BlockId, IrReader, OpId, Operation, Region, ValueId } from "../module.ts";

/** What decides whether a definition is seen by a use. */
export type Visibility =
  | { readonly kind: "visible" }
  | { readonly kind: "not-dominating" }
  | { readonly kind: "isolated"; readonly by: Operation };

const visible: Visibility = { kind: "visible" };
const notDominating: Visibility = { kind: "not-dominating" };

/** Immediate dominators of a region's blocks, by position; -1 for blocks that no way from the entry reaches. */
interface DominatorTree {
  readonly positions: ReadonlyMap<BlockId, number>;
  readonly immediate: readonly number[];
}

/** Which definitions reach which uses, in a module that does not change meanwhile. Computed as it is asked for. */
export class Dominance {
  readonly #reader: IrReader;
  readonly #isIsolated: (op: Operation) => boolean;
  readonly #isUnordered: (op: Operation) => boolean;
  readonly #trees = new Map<string, DominatorTree>();
  readonly #orders = new Map<BlockId, ReadonlyMap<OpId, number>>();

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
    const order = this.#orderOf(block);
    return order.get(definition.op)! < order.get(op.id)! ? visible : notDominating;
  }

  /** Whether every way from the region's entry to `block` passes `dominator`; true of unreachable blocks. Both are in one region. */
  blockDominates(dominator: BlockId, block: BlockId): boolean {
    const { parent, regionIndex } = this.#reader.block(block);
    if (!this.isReachable(block)) return true;
    const { positions, immediate } = this.#tree(parent, regionIndex);
    const wanted = positions.get(dominator)!;
    let position = positions.get(block)!;
    while (position !== wanted && position !== 0) position = immediate[position]!;
    return position === wanted;
  }

  /** Whether a way leads from the region's entry to the block. */
  isReachable(block: BlockId): boolean {
    const { parent, regionIndex } = this.#reader.block(block);
    if (this.#reader.operation(parent).regions[regionIndex]![0] === block) return true;
    const { positions, immediate } = this.#tree(parent, regionIndex);
    return immediate[positions.get(block)!] !== -1;
  }

  #orderOf(block: BlockId): ReadonlyMap<OpId, number> {
    let order = this.#orders.get(block);
    if (order === undefined)
      this.#orders.set(block, (order = new Map(this.#reader.block(block).operations.map((id, index) => [id, index]))));
    return order;
  }

  #tree(op: OpId, regionIndex: number): DominatorTree {
    const key = `${op}/${regionIndex}`;
    let tree = this.#trees.get(key);
    if (tree === undefined)
      this.#trees.set(key, (tree = dominatorTree(this.#reader, this.#reader.operation(op).regions[regionIndex]!)));
    return tree;
  }
}

/** Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
function dominatorTree(reader: IrReader, region: Region): DominatorTree {
  const positions = new Map(region.map((block, index) => [block, index] as const));
  const successors = region.map((block) => successorsOf(reader, block).flatMap((next) => positions.get(next) ?? []));
  const postorder = postorderOf(successors);
  const number = new Map(postorder.map((block, index) => [block, index] as const));
  const predecessors: number[][] = region.map(() => []);
  successors.forEach((list, from) => list.forEach((to) => predecessors[to]!.push(from)));
  const immediate = region.map(() => -1);
  immediate[0] = 0;
  const intersect = (left: number, right: number): number => {
    while (left !== right) {
      while (number.get(left)! < number.get(right)!) left = immediate[left]!;
      while (number.get(right)! < number.get(left)!) right = immediate[right]!;
    }
    return left;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let index = postorder.length - 1; index >= 0; index--) {
      const block = postorder[index]!;
      if (block === 0) continue;
      const known = predecessors[block]!.filter((predecessor) => immediate[predecessor] !== -1);
      const dominator = known.reduce(intersect);
      if (immediate[block] === dominator) continue;
      immediate[block] = dominator;
      changed = true;
    }
  }
  return { positions, immediate };
}

function successorsOf(reader: IrReader, block: BlockId): readonly BlockId[] {
  const last = reader.block(block).operations.at(-1);
  return last === undefined ? [] : reader.operation(last).successors;
}

/** Blocks that the entry reaches, each after those it leads to. */
function postorderOf(successors: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const seen = new Set<number>([0]);
  const stack: { readonly block: number; next: number }[] = successors.length === 0 ? [] : [{ block: 0, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = successors[top.block]![top.next++];
    if (successor === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(successor)) {
      seen.add(successor);
      stack.push({ block: successor, next: 0 });
    }
  }
  return order;
}
