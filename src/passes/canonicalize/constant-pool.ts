import { attributeKey } from "../../ir/analysis/attribute-key.ts";
import { type Attribute, sameAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith, builtin } from "../../ir/dialects/index.ts";
import type { BlockId, OpId, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { Type } from "../../ir/types.ts";
import { unknownLocation } from "../../support/location.ts";

/** Keeps one constant for each value at the start of the body of each isolated operation, as upstream's folder does. */
export class ConstantPool {
  readonly #rewriter: Rewriter;
  readonly #registry: Registry;
  readonly #pools = new Map<BlockId, Map<string, OpId>>();

  constructor(rewriter: Rewriter, registry: Registry) {
    this.#rewriter = rewriter;
    this.#registry = registry;
  }

  /** Merges a constant with its equal, or makes it the one that others are merged with. True when anything changed. */
  adopt(op: Operation): boolean {
    const attribute = arith.constant.match(this.#rewriter, op)?.attributes.value;
    const block = this.#poolBlock(op);
    if (attribute === undefined || block === undefined) return false;
    const pool = this.#pool(block);
    const key = this.#key(attribute, this.#rewriter.typeOf(op.results[0]!));
    const known = pool.get(key);
    if (known === op.id) return false;
    if (known !== undefined && this.#rewriter.exists(known)) {
      const other = this.#rewriter.operation(known);
      if (!sameAttribute(arith.constant.match(this.#rewriter, other)!.attributes.value, attribute)) return false;
      this.#rewriter.replace(op, other.results);
      return true;
    }
    pool.set(key, op.id);
    const first = this.#rewriter.firstOperation(block);
    if (first === undefined || first === op.id || this.#isAmongConstants(op, block)) return false;
    this.#rewriter.moveBefore(op, first);
    return true;
  }

  /** The constant of a value, for use at an operation. */
  constant(attribute: Attribute, type: Type, user: Operation): ValueId | undefined {
    const block = this.#poolBlock(user);
    if (block === undefined) return undefined;
    const pool = this.#pool(block);
    const key = this.#key(attribute, type);
    const known = pool.get(key);
    if (known !== undefined && this.#rewriter.exists(known)) return this.#rewriter.operation(known).results[0]!;
    const first = this.#rewriter.firstOperation(block)!;
    const made = at(this.#rewriter, { kind: "before", op: first }, () =>
      arith.constant.build(
        this.#rewriter,
        {},
        { value: attribute },
        { resultTypes: [type], location: unknownLocation },
      ),
    );
    pool.set(key, made.op.id);
    return made.result;
  }

  /** Whether a constant is in the pool's block before everything that is not a constant. */
  #isAmongConstants(op: Operation, block: BlockId): boolean {
    if (op.parent !== block) return false;
    return this.#leading(block).has(op.id);
  }

  readonly #leadingConstants = new Map<BlockId, ReadonlySet<OpId>>();
  /** The constants that a block began with when it was first asked about. */
  #leading(block: BlockId): ReadonlySet<OpId> {
    let leading = this.#leadingConstants.get(block);
    if (!leading) {
      const found = new Set<OpId>();
      for (const id of this.#rewriter.block(block).operations) {
        if (this.#rewriter.operation(id).name !== arith.constant.name) break;
        found.add(id);
      }
      this.#leadingConstants.set(block, (leading = found));
    }
    return leading;
  }

  #key(attribute: Attribute, type: Type): string {
    return `${attributeKey(attribute)} ${type.text}`;
  }

  #pool(block: BlockId): Map<string, OpId> {
    let pool = this.#pools.get(block);
    if (!pool) this.#pools.set(block, (pool = new Map()));
    return pool;
  }

  readonly #poolBlocks = new Map<BlockId, BlockId | undefined>();
  /** The entry block of the innermost isolated region around an operation; undefined directly in a module. */
  #poolBlock(op: Operation): BlockId | undefined {
    if (op.parent === undefined) return undefined;
    if (this.#poolBlocks.has(op.parent)) return this.#poolBlocks.get(op.parent);
    const block = this.#rewriter.block(op.parent);
    const holder = this.#rewriter.operation(block.parent);
    const isolated = this.#registry.hasTrait(holder, "isolated-from-above");
    const entry = holder.name === builtin.module.name ? undefined : holder.regions[block.regionIndex]![0];
    const found = isolated ? entry : this.#poolBlock(holder);
    this.#poolBlocks.set(op.parent, found);
    return found;
  }
}
