import type { BlockId, Operation, ValueId } from "../ir/module.ts";
import type { NameRole, ParseObserver, TextRange } from "../ir/text/parse-observer.ts";
import type { Type } from "../ir/types.ts";
import { partitionPoint } from "../support/partition-point.ts";

/** One place where a name stands. */
export interface Occurrence {
  readonly range: TextRange;
  readonly role: NameRole;
}
/** A value, and every place where the text names it. */
export interface IndexedValue {
  readonly kind: "value";
  readonly id: ValueId;
  readonly type: Type;
  readonly occurrences: readonly Occurrence[];
}
/** A block, its label and the branches to it. */
export interface IndexedBlock {
  readonly kind: "block";
  readonly id: BlockId;
  readonly occurrences: readonly Occurrence[];
}
/** An operation as the text has it. */
export interface IndexedOperation {
  readonly op: Operation;
  readonly nameRange: TextRange;
  /** From its first result's name to its end, regions included. */
  readonly range: TextRange;
}
type Named = IndexedValue | IndexedBlock;

/** An operation and the one around it. */
interface NestedOperation {
  readonly operation: IndexedOperation;
  readonly parent: NestedOperation | undefined;
}
/** The operations by where they begin. */
function nestedOperations(operations: readonly IndexedOperation[]): readonly NestedOperation[] {
  let around: NestedOperation | undefined;
  return operations
    .toSorted(({ range: a }, { range: b }) => a.start - b.start || b.end - a.end)
    .map((operation) => {
      while (around !== undefined && around.operation.range.end <= operation.range.start) around = around.parent;
      return (around = { operation, parent: around });
    });
}

/** Whether an offset lies in a range or directly behind it, as a cursor does. */
export const touches = ({ start, end }: TextRange, offset: number): boolean => start <= offset && offset <= end;

/** Where the values, blocks and operations of a text stand: filled by the parser, asked by an editor's requests. */
export class TextIndex implements ParseObserver {
  readonly #values = new Map<ValueId, IndexedValue & { readonly occurrences: Occurrence[] }>();
  readonly #blocks = new Map<BlockId, IndexedBlock & { readonly occurrences: Occurrence[] }>();
  readonly #operations: IndexedOperation[] = [];
  /** Every occurrence in the text's order; made when it is first asked for. */
  #places: readonly { readonly range: TextRange; readonly named: Named }[] | undefined;
  #nested: readonly NestedOperation[] | undefined;

  value(id: ValueId, range: TextRange, role: NameRole, type: Type): void {
    const known = this.#values.get(id);
    if (known) known.occurrences.push({ range, role });
    else this.#values.set(id, { kind: "value", id, type, occurrences: [{ range, role }] });
  }
  block(id: BlockId, range: TextRange, role: NameRole): void {
    const known = this.#blocks.get(id);
    if (known) known.occurrences.push({ range, role });
    else this.#blocks.set(id, { kind: "block", id, occurrences: [{ range, role }] });
  }
  operation(op: Operation, nameRange: TextRange, range: TextRange): void {
    this.#operations.push({ op, nameRange, range });
  }

  get values(): Iterable<IndexedValue> {
    return this.#values.values();
  }
  /** The type of a value that the text names. */
  typeOf(id: ValueId): Type | undefined {
    return this.#values.get(id)?.type;
  }
  get operations(): readonly IndexedOperation[] {
    return this.#operations;
  }
  /** The value or block whose name an offset touches. */
  nameAt(offset: number): Named | undefined {
    this.#places ??= [...this.#values.values(), ...this.#blocks.values()]
      .flatMap((named) => named.occurrences.map(({ range }) => ({ range, named })))
      .toSorted((a, b) => a.range.start - b.range.start);
    const places = this.#places;
    const place = places[partitionPoint(places.length, (position) => places[position]!.range.end < offset)];
    return place !== undefined && touches(place.range, offset) ? place.named : undefined;
  }
  /** The operations around an offset, innermost first. */
  operationsAround(offset: number): readonly IndexedOperation[] {
    const nested = (this.#nested ??= nestedOperations(this.#operations));
    const around: IndexedOperation[] = [];
    // Whatever is around the offset is around the last operation that begins before it.
    let last =
      nested[partitionPoint(nested.length, (position) => nested[position]!.operation.range.start <= offset) - 1];
    for (; last !== undefined; last = last.parent)
      if (touches(last.operation.range, offset)) around.push(last.operation);
    return around;
  }
}

/** Where a value or block is defined, as far as the text says. */
export const definitionOf = (named: Named): Occurrence | undefined =>
  named.occurrences.find(({ role }) => role === "definition");
