import { isStructured } from "../ir/dialects/linalg/structured-view.ts";
import type { BlockId, IrReader, Operation, OpId, ValueId } from "../ir/module.ts";

/*
 * Tensors are values: an operation that changes one gives a new one. Copying at every insertion would make a loop over n elements
 * cost n², so an operation may overwrite its operand when nothing can tell: when the tensor's storage is seen through this value
 * alone, and this is the last use of the value.
 */

/** Regions of these run at most once each time the operation does. */
const runOnce: ReadonlySet<string> = new Set(["scf.if", "weft.kernel"]);
/** Results of these are in storage of their own. */
const fresh: ReadonlySet<string> = new Set([
  "tensor.empty",
  "tensor.insert",
  "tensor.insert_slice",
  "tensor.extract_slice",
  "tensor.generate",
  "tensor.pad",
  "tensor.splat",
  "tensor.from_elements",
  "tensor.concat",
  "linalg.pack",
  "linalg.unpack",
  "linalg.softmax",
  "scf.for",
  "scf.if",
  "scf.while",
]);
/** Results of these are their first operand under another type. */
const renaming: ReadonlySet<string> = new Set([
  "tensor.cast",
  "tensor.expand_shape",
  "tensor.collapse_shape",
  "tensor.reshape",
]);
/** What these loops hand to their block's arguments is copied unless it is theirs to take. */
const carrying: ReadonlySet<string> = new Set(["scf.for", "scf.while"]);

/** Answers, for one program that does not change, which operations may overwrite their operands. */
export class Ownership {
  readonly #reader: IrReader;
  readonly #positions = new Map<BlockId, ReadonlyMap<OpId, number>>();
  readonly #answers = new Map<string, boolean>();

  constructor(reader: IrReader) {
    this.#reader = reader;
  }

  /** Whether the operation may overwrite (or keep) the tensor that is its operand. */
  mayTake(op: Operation, operand: number): boolean {
    const key = `${op.id}:${operand}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      const value = op.operands[operand]!;
      answer = this.#ownsStorage(value) && this.#isLastUse(value, op);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** Whether no other value shows the same storage. */
  #ownsStorage(id: ValueId): boolean {
    const value = this.#reader.value(id);
    if (value.kind === "argument")
      return carrying.has(this.#reader.operation(this.#reader.block(value.block).parent).name);
    const definition = this.#reader.operation(value.op);
    if (fresh.has(definition.name) || isStructured(definition)) return true;
    return renaming.has(definition.name) && this.mayTake(definition, 0);
  }

  /** Whether, each time `op` runs, nothing reads the value afterwards. */
  #isLastUse(id: ValueId, op: Operation): boolean {
    const reader = this.#reader;
    const value = reader.value(id);
    const home = value.kind === "argument" ? value.block : reader.operation(value.op).parent!;
    const path = this.#pathFrom(home, op);
    // Between the value's block and the operation, nothing may repeat.
    if (!path || path.slice(0, -1).some((outer) => !runOnce.has(outer.name))) return false;
    // Another name of the tensor, given by a reshape before, must not be read later either.
    const names: ValueId[] = [id];
    for (const name of names)
      for (const use of reader.uses(name)) {
        const user = reader.operation(use.op);
        if (use.op === op.id) {
          if (name !== id || op.operands.indexOf(id) !== op.operands.lastIndexOf(id)) return false;
          continue;
        }
        const other = this.#pathFrom(home, user);
        if (other === undefined || !this.#isOver(path, other)) return false;
        if (renaming.has(user.name) && use.index === 0) names.push(user.results[0]!);
      }
    return true;
  }

  /** Whether what is at the end of `other` can only run before what is at the end of `path`, or instead of it. */
  #isOver(path: readonly Operation[], other: readonly Operation[]): boolean {
    for (let level = 0; level < path.length && level < other.length; level++) {
      const [here, there] = [path[level]!, other[level]!];
      if (here.id === there.id) continue;
      if (here.parent !== there.parent) return level > 0 && path[level - 1]!.name === "scf.if";
      return this.#position(there) < this.#position(here);
    }
    return false;
  }

  /** The operations that hold `op`, from the one in `home` down to `op` itself; undefined when `home` does not hold it. */
  #pathFrom(home: BlockId, op: Operation): readonly Operation[] | undefined {
    const path: Operation[] = [op];
    for (let at = op; at.parent !== home; path.unshift(at)) {
      if (at.parent === undefined) return undefined;
      at = this.#reader.operation(this.#reader.block(at.parent).parent);
    }
    return path;
  }

  #position(op: Operation): number {
    let positions = this.#positions.get(op.parent!);
    if (!positions) {
      positions = new Map(this.#reader.block(op.parent!).operations.map((id, index) => [id, index]));
      this.#positions.set(op.parent!, positions);
    }
    return positions.get(op.id)!;
  }
}
