import { sameAttributes } from "../../ir/attributes.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { OpId, Operation, ValueId } from "../../ir/module.ts";
import { opName } from "../../ir/op-name.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { AttributeNumbers } from "./attribute-numbers.ts";
import { contentKey, structuralKey } from "./structural-key.ts";

const emptyName = opName(tensor.empty.name);
const fillName = opName(linalg.fill.name);

/** One more number in a hash: Murmur3's step. */
function mixed(hash: number, value: number): number {
  let bits = Math.imul(value, 0xcc9e2d51);
  bits = Math.imul((bits << 15) | (bits >>> 17), 0x1b873593);
  const sum = hash ^ bits;
  return (Math.imul((sum << 13) | (sum >>> 19), 5) + 0xe6546b64) | 0;
}

/** An operation that is available, under its hash; the next is older. */
interface Entry {
  op: OpId;
  /** The isolated region it is in: nothing outside it may read it. */
  readonly isolation: number;
  /** What the caller keeps with it. */
  note: number;
  readonly next: Entry | undefined;
}

/**
 * The operations whose results may be read at the present place, found by what they compute: name, operands, attributes, result types
 * and regions. New tensors of unspecified contents, and tensors filled with one scalar, count by what is in them: each user has its
 * own, since it will write there.
 */
export class AvailableOperations {
  readonly #rewriter: Rewriter;
  readonly #isCommutative: (name: string) => boolean;
  readonly #entries = new Map<number, Entry>();
  /** The hashes of entries in the order they came; scopes are parts of it. */
  readonly #added: number[] = [];
  readonly #attributes = new AttributeNumbers();
  readonly #contents = new Map<string, number>();
  /** The keys of operations with regions, whose hash is their number. */
  readonly #keys = new Map<string, number>();

  constructor(rewriter: Rewriter, isCommutative: (name: string) => boolean) {
    this.#rewriter = rewriter;
    this.#isCommutative = isCommutative;
  }

  /** A mark of what is available now. */
  get mark(): number {
    return this.#added.length;
  }
  /** What came after the mark is no longer available. */
  release(mark: number): void {
    while (this.#added.length > mark) {
      const hash = this.#added.pop()!;
      const next = this.#entries.get(hash)!.next;
      if (next === undefined) this.#entries.delete(hash);
      else this.#entries.set(hash, next);
    }
  }

  /** The available operation that computes the same; without one, the operation is available from now on, with the note. */
  find(op: Operation, isolation: number, note: number): Entry | undefined {
    const commutes = op.operands.length === 2 && this.#isCommutative(op.name);
    const hash = this.#hash(op, commutes);
    const first = this.#entries.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next)
      if (entry.isolation === isolation && this.#isEqual(this.#rewriter.operation(entry.op), op, commutes))
        return entry;
    this.#entries.set(hash, { op: op.id, isolation, note, next: first });
    this.#added.push(hash);
    return undefined;
  }

  #hash(op: Operation, commutes: boolean): number {
    if (op.regions.length > 0) return this.#keyNumber(op);
    let hash = mixed(opName(op.name), this.#attributes.of(op.properties));
    hash = mixed(hash, this.#attributes.of(op.attributes));
    const { operands } = op;
    if (commutes) {
      const [left, right] = [this.#content(operands[0]!), this.#content(operands[1]!)];
      return mixed(mixed(hash, Math.min(left, right)), Math.max(left, right));
    }
    for (let index = 0; index < operands.length; index++) hash = mixed(hash, this.#content(operands[index]!));
    return hash;
  }

  #isEqual(known: Operation, op: Operation, commutes: boolean): boolean {
    if (known.name !== op.name || known.results.length !== op.results.length) return false;
    for (let index = 0; index < op.results.length; index++)
      if (this.#rewriter.typeOf(known.results[index]!) !== this.#rewriter.typeOf(op.results[index]!)) return false;
    if (!this.#readSame(known, op, false) && !(commutes && this.#readSame(known, op, true))) return false;
    // Numbers of attributes come from hashes of large constants.
    if (!sameAttributes(known.properties, op.properties) || !sameAttributes(known.attributes, op.attributes))
      return false;
    if (known.regions.length === 0 && op.regions.length === 0) return true;
    return this.#keyNumber(known) === this.#keyNumber(op);
  }
  #readSame(known: Operation, op: Operation, isSwapped: boolean): boolean {
    const count = op.operands.length;
    if (known.operands.length !== count) return false;
    for (let index = 0; index < count; index++) {
      const [left, right] = [known.operands[isSwapped ? count - 1 - index : index]!, op.operands[index]!];
      if (left !== right && this.#content(left) !== this.#content(right)) return false;
    }
    return true;
  }

  #keyNumber(op: Operation): number {
    const key = structuralKey(this.#rewriter, op);
    let number = this.#keys.get(key);
    if (number === undefined) this.#keys.set(key, (number = this.#keys.size));
    return number;
  }
  /** A number for what a value holds: its own, or a negative one that tensors of the same contents share. */
  #content(value: ValueId): number {
    const rewriter = this.#rewriter;
    if (!rewriter.definitionNamed(value, emptyName) && !rewriter.definitionNamed(value, fillName)) return value;
    const key = contentKey(rewriter, value);
    let number = this.#contents.get(key);
    if (number === undefined) this.#contents.set(key, (number = -1 - this.#contents.size));
    return number;
  }
}
