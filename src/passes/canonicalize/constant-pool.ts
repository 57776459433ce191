import { attributeKey } from "../../ir/analysis/attribute-key.ts";
import { type Attribute, boolAttribute, integerAttribute, sameAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/index.ts";
import type { BlockId, OpId, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { i1, type IndexType, type IntegerType, type Type } from "../../ir/types.ts";
import { unknownLocation } from "../../support/location.ts";

/** The constants of one isolated region. Integers, which most are, have no key to be made. */
class Pool {
  readonly block: BlockId;
  /** The constants that the pool keeps at the start of its block. */
  readonly owned = new Set<OpId>();
  readonly #integers = new Map<Type, Map<bigint, OpId>>();
  readonly #others = new Map<string, OpId>();

  constructor(block: BlockId) {
    this.block = block;
  }
  get(attribute: Attribute, type: Type): OpId | undefined {
    if (attribute.kind === "integer" && attribute.type === type) return this.integer(attribute.value, type);
    return this.#others.get(keyOf(attribute, type));
  }
  integer(value: bigint, type: Type): OpId | undefined {
    return this.#integers.get(type)?.get(value);
  }
  set(attribute: Attribute, type: Type, op: OpId): void {
    this.owned.add(op);
    if (attribute.kind === "integer" && attribute.type === type) {
      let values = this.#integers.get(type);
      if (values === undefined) this.#integers.set(type, (values = new Map()));
      values.set(attribute.value, op);
    } else this.#others.set(keyOf(attribute, type), op);
  }
}
const keyOf = (attribute: Attribute, type: Type): string => `${attributeKey(attribute)} ${type.text}`;
const truth = [boolAttribute(false), boolAttribute(true)] as const;

/** Keeps one constant for each value at the start of the body of each isolated operation, as upstream's folder does. */
export class ConstantPool {
  readonly #rewriter: Rewriter;
  readonly #registry: Registry;
  readonly #pools = new Map<BlockId, Pool>();

  constructor(rewriter: Rewriter, registry: Registry) {
    this.#rewriter = rewriter;
    this.#registry = registry;
  }

  /** Whether the constant is one that others are merged with. */
  owns(op: Operation): boolean {
    return this.#poolOf(op)?.owned.has(op.id) ?? false;
  }

  /**
   * Merges a constant with its equal, or makes it the one that others are merged with; then it goes to the block's start, unless it
   * is there already or directly after such a constant, `previous`.
   */
  adopt(op: Operation, previous: OpId | undefined): "merged" | "moved" | "kept" {
    const attribute = op.properties["value"] ?? op.attributes["value"];
    const pool = this.#poolOf(op);
    if (attribute === undefined || pool === undefined || pool.owned.has(op.id)) return "kept";
    const type = this.#rewriter.typeOf(op.results[0]!);
    const known = pool.get(attribute, type);
    if (known !== undefined && this.#rewriter.exists(known)) {
      const other = this.#rewriter.operation(known);
      if (!sameAttribute((other.properties["value"] ?? other.attributes["value"])!, attribute)) return "kept";
      this.#rewriter.replace(op, other.results);
      return "merged";
    }
    pool.set(attribute, type, op.id);
    const first = this.#rewriter.firstOperation(pool.block);
    const isInPlace = first === op.id || (previous !== undefined && pool.owned.has(previous));
    if (first === undefined || (op.parent === pool.block && isInPlace)) return "kept";
    this.#rewriter.moveBefore(op, first);
    return "moved";
  }

  /** The constant of a value, for use at an operation. */
  constant(attribute: Attribute, type: Type, user: Operation): ValueId | undefined {
    const pool = this.#poolOf(user);
    if (pool === undefined) return undefined;
    const known = pool.get(attribute, type);
    if (known !== undefined && this.#rewriter.exists(known)) {
      const op = this.#rewriter.operation(known);
      // Keys hold hashes of large constants.
      if (sameAttribute((op.properties["value"] ?? op.attributes["value"])!, attribute)) return op.results[0]!;
    }
    return this.#make(pool, attribute, type);
  }
  /** The constant of a signed reading of an integer of this scalar type, for use at an operation. */
  integer(value: bigint, type: Type, user: Operation): ValueId | undefined {
    if (type === i1) return this.constant(truth[value === 0n ? 0 : 1], type, user);
    const pool = this.#poolOf(user);
    if (pool === undefined) return undefined;
    const known = pool.integer(value, type);
    if (known !== undefined && this.#rewriter.exists(known)) return this.#rewriter.operation(known).results[0]!;
    return this.#make(pool, integerAttribute(value, type as IntegerType | IndexType), type);
  }

  #make(pool: Pool, attribute: Attribute, type: Type): ValueId {
    const first = this.#rewriter.firstOperation(pool.block)!;
    const made = at(this.#rewriter, { kind: "before", op: first }, () =>
      this.#rewriter.create({
        name: arith.constant.name,
        resultTypes: [type],
        properties: { value: attribute },
        location: unknownLocation,
      }),
    );
    pool.set(attribute, type, made.id);
    return made.results[0]!;
  }

  readonly #byBlock = new Map<BlockId, Pool | undefined>();
  /** The pool of the innermost isolated region around an operation; undefined for the module itself. */
  #poolOf(op: Operation): Pool | undefined {
    const { parent } = op;
    if (parent === undefined) return undefined;
    const known = this.#byBlock.get(parent);
    if (known !== undefined || this.#byBlock.has(parent)) return known;
    const { parent: holderId, regionIndex } = this.#rewriter.block(parent);
    const holder = this.#rewriter.operation(holderId);
    const isIsolated = holder.parent === undefined || this.#registry.hasTrait(holder, "isolated-from-above");
    const found = isIsolated ? this.#pool(holder.regions[regionIndex]![0]!) : this.#poolOf(holder);
    this.#byBlock.set(parent, found);
    return found;
  }
  #pool(block: BlockId): Pool {
    let pool = this.#pools.get(block);
    if (pool === undefined) this.#pools.set(block, (pool = new Pool(block)));
    return pool;
  }
}
