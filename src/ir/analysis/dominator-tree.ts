import type { BlockId, IrReader, Region } from "../module.ts";

const unreachable = -1;

/** Which blocks of a region every way to another block passes. Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
export class DominatorTree {
  readonly #region: Region;
  readonly #positions: ReadonlyMap<BlockId, number>;
  /** Immediate dominators of the blocks, by position; negative for blocks that no way from the entry reaches. */
  readonly #immediate: Int32Array;
  readonly #children: readonly (readonly number[])[];
  /** When a walk down the tree comes to a block, and when it leaves it: a block dominates those that it spans. */
  readonly #entered: Int32Array;
  readonly #left: Int32Array;

  constructor(reader: IrReader, region: Region) {
    this.#region = region;
    this.#positions = new Map(region.map((block, index) => [block, index] as const));
    const successors = region.map((block) =>
      successorsOf(reader, block).flatMap((next) => this.#positions.get(next) ?? []),
    );
    this.#immediate = immediateDominators(successors);
    const children: number[][] = region.map(() => []);
    for (let block = 1; block < region.length; block++)
      if (this.#immediate[block]! !== unreachable) children[this.#immediate[block]!]!.push(block);
    this.#children = children;
    this.#entered = new Int32Array(region.length);
    this.#left = new Int32Array(region.length);
    this.#number();
  }

  /** Whether a way leads from the region's entry to the block. */
  isReachable(block: BlockId): boolean {
    return this.#immediate[this.#positions.get(block)!] !== unreachable;
  }
  /** Whether every way from the entry to `block`, which is reachable, passes `dominator`. */
  dominates(dominator: BlockId, block: BlockId): boolean {
    const above = this.#positions.get(dominator)!;
    if (this.#immediate[above] === unreachable) return false;
    const below = this.#positions.get(block)!;
    return this.#entered[above]! <= this.#entered[below]! && this.#left[below]! <= this.#left[above]!;
  }
  /** The blocks whose immediate dominator this one is. */
  children(block: BlockId): readonly BlockId[] {
    return this.#children[this.#positions.get(block)!]!.map((position) => this.#region[position]!);
  }

  #number(): void {
    if (this.#region.length === 0) return;
    const next = new Int32Array(this.#region.length);
    const stack = [0];
    let time = 0;
    this.#entered[0] = time++;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = this.#children[top]![next[top]!++];
      if (child === undefined) {
        this.#left[top] = time++;
        stack.pop();
      } else {
        this.#entered[child] = time++;
        stack.push(child);
      }
    }
  }
}

function immediateDominators(successors: readonly (readonly number[])[]): Int32Array {
  const postorder = postorderOf(successors);
  const number = new Int32Array(successors.length).fill(unreachable);
  postorder.forEach((block, index) => (number[block] = index));
  const predecessors: number[][] = successors.map(() => []);
  successors.forEach((list, from) => list.forEach((to) => predecessors[to]!.push(from)));
  const immediate = new Int32Array(successors.length).fill(unreachable);
  if (successors.length === 0) return immediate;
  immediate[0] = 0;
  const intersect = (left: number, right: number): number => {
    while (left !== right) {
      while (number[left]! < number[right]!) left = immediate[left]!;
      while (number[right]! < number[left]!) right = immediate[right]!;
    }
    return left;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let index = postorder.length - 1; index >= 0; index--) {
      const block = postorder[index]!;
      if (block === 0) continue;
      const known = predecessors[block]!.filter((predecessor) => immediate[predecessor] !== unreachable);
      const dominator = known.reduce(intersect);
      if (immediate[block] === dominator) continue;
      immediate[block] = dominator;
      changed = true;
    }
  }
  return immediate;
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
