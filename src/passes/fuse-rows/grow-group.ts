import { type BlockId, type IrReader, type OpId, type Operation, type ValueId } from "../../ir/module.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import { type IndexedOperand, isElementwise, readStructured, type StructuredOp } from "../structured/generic.ts";
import { anchorOf } from "../structured/reuse.ts";
import {
  asRowMember,
  canLead,
  capturedValues,
  innerLoops,
  pointsInRow,
  rowDimensionsOf,
  type RowDimensions,
  type RowMember,
  rowsOfReduction,
  sharesOperands,
} from "./row-member.ts";

/** What a row group may be. */
export interface RowLimits {
  readonly maxMembers: number;
  /** Tensors that a group reads or writes. */
  readonly maxTensors: number;
  /** Points of one row's loops, where there are few rows. */
  readonly maxRow: number;
}

/** Operations that share their rows, in program order, and where they can all be: before `before`. */
export interface RowGroup {
  readonly rows: readonly number[];
  readonly members: readonly RowMember[];
  readonly before: OpId;
}

/** Where the operations of a block stand. */
export type Positions = ReadonlyMap<OpId, number>;

/** This many rows keep a machine busy: with fewer, a row must not be long. */
const enoughRows = 8;

/** The group of operations around a reduction that do everything row by row; undefined when there is none worth the name. */
export function growGroup(
  reader: IrReader,
  seed: StructuredOp,
  positions: Positions,
  limits: RowLimits,
): RowGroup | undefined {
  const first = rowsOfReduction(seed);
  if (!first) return undefined;
  const group = new GrowingGroup(reader, first, positions, limits);
  if (!group.admits(first)) return undefined;
  group.growForward();
  group.growBackward();
  return group.finish();
}

class GrowingGroup {
  readonly #reader: IrReader;
  readonly #positions: Positions;
  readonly #limits: RowLimits;
  readonly #block: BlockId;
  readonly #rows: readonly number[];
  readonly #members = new Map<OpId, RowMember>();
  readonly #values = new Map<ValueId, RowDimensions>();
  /** The first operation outside that reads what the group makes. */
  #barrier: { readonly op: OpId; readonly position: number } | undefined;

  constructor(reader: IrReader, first: RowMember, positions: Positions, limits: RowLimits) {
    this.#reader = reader;
    this.#positions = positions;
    this.#limits = limits;
    this.#block = first.structured.op.parent!;
    this.#rows = first.rowLoops.map((loop) => first.structured.bounds[loop]!);
    this.#add(first);
  }

  /** Takes in operations that read what the group makes, in program order. */
  growForward(): void {
    const rejected = new Set<OpId>();
    for (;;) {
      const next = this.#nextReader(rejected);
      if (!next) return;
      const member = this.#asFollower(next.op);
      if (member) this.#add(member);
      else {
        rejected.add(next.op.id);
        if (!this.#barrier || next.position < this.#barrier.position)
          this.#barrier = { op: next.op.id, position: next.position };
      }
    }
  }

  /** Takes in operations whose results only the group reads. */
  growBackward(): void {
    for (let found = true; found;) {
      found = false;
      for (const { structured } of [...this.#members.values()])
        for (const { value } of structured.inputs) {
          const producer = this.#asProducer(value);
          if (!producer) continue;
          this.#add(producer);
          found = true;
        }
    }
  }

  /** The group, where at least two of its operations go through the rows. */
  finish(): RowGroup | undefined {
    const members = [...this.#members.values()].sort((left, right) => this.#positionOf(left) - this.#positionOf(right));
    if (members.filter((member) => innerLoops(member).length > 0).length < 2) return undefined;
    const last = members.at(-1)!;
    const before =
      this.#barrier && this.#barrier.position < this.#positionOf(last) ? this.#barrier.op : last.structured.op.id;
    return { rows: this.#rows, members, before };
  }

  /** Whether an operation can be in the group, and is no loss where a row is computed in order. */
  admits(member: RowMember): boolean {
    const rows = this.#rows.reduce((product, size) => product * size, 1);
    if (!canLead(this.#reader, member)) return false;
    return pointsInRow(member) <= this.#limits.maxRow * Math.max(1, rows / enoughRows);
  }

  #positionOf({ structured }: RowMember): number {
    return this.#positions.get(structured.op.id)!;
  }

  #add(member: RowMember): void {
    const { op, outputs } = member.structured;
    this.#members.set(op.id, member);
    op.results.forEach((result, position) =>
      this.#values.set(result, rowDimensionsOf(outputs[position]!.map, member.rowLoops)!),
    );
  }

  /** The operation of the group's block that holds another one. */
  #holder(id: OpId): Operation | undefined {
    let op = this.#reader.operation(id);
    while (op.parent !== this.#block) {
      if (op.parent === undefined) return undefined;
      op = this.#reader.operation(this.#reader.block(op.parent).parent);
    }
    return op;
  }

  #nextReader(rejected: ReadonlySet<OpId>): { readonly op: Operation; readonly position: number } | undefined {
    let next: { readonly op: Operation; readonly position: number } | undefined;
    for (const value of this.#values.keys())
      for (const use of this.#reader.uses(value)) {
        const op = this.#holder(use.op);
        if (!op || this.#members.has(op.id) || rejected.has(op.id)) continue;
        const position = this.#positions.get(op.id) ?? Infinity;
        if (!next || position < next.position) next = { op, position };
      }
    return next;
  }

  #asFollower(op: Operation): RowMember | undefined {
    const structured = readStructured(this.#reader, op);
    if (!structured || !this.#mayJoin(structured)) return undefined;
    const operands = [...structured.inputs, ...structured.outputs].flatMap((operand) => {
      const dimensions = this.#values.get(operand.value);
      return dimensions ? [{ operand, dimensions }] : [];
    });
    // What follows a reduction outside is finished there, while it is in a register.
    const anchor = anchorOf(this.#reader, structured);
    if (anchor && !this.#members.has(anchor.op.id)) return undefined;
    const member = asRowMember(structured, operands, this.#rows);
    return member && this.admits(member) && this.#isAvailable(structured) ? member : undefined;
  }

  #asProducer(value: ValueId): RowMember | undefined {
    const op = this.#reader.definition(value);
    if (!op || this.#members.has(op.id) || op.parent !== this.#block) return undefined;
    const structured = readStructured(this.#reader, op);
    if (!structured || structured.outputs.length !== 1 || !this.#mayJoin(structured)) return undefined;
    if (isElementwise(this.#reader, structured) && anchorOf(this.#reader, structured)) return undefined;
    const uses = this.#reader.uses(value);
    let dimensions: RowDimensions | undefined;
    for (const use of uses) {
      const user = this.#members.get(use.op);
      const operand = user && [...user.structured.inputs, ...user.structured.outputs][use.index];
      const seen = operand && rowDimensionsOf(operand.map, user.rowLoops);
      if (!seen || (dimensions && seen.join() !== dimensions.join())) return undefined;
      dimensions = seen;
    }
    const member = dimensions && asRowMember(structured, [{ operand: structured.outputs[0]!, dimensions }], this.#rows);
    return member && this.admits(member) && this.#isAvailable(structured) ? member : undefined;
  }

  #mayJoin(structured: StructuredOp): boolean {
    if (this.#members.size >= this.#limits.maxMembers || sharesOperands(structured)) return false;
    const captured = capturedValues(this.#reader, structured);
    if ([...this.#values.keys()].some((value) => captured.has(value))) return false;
    const touched = new Set(
      [...[...this.#members.values()].map((member) => member.structured), structured].flatMap(({ inputs }) =>
        inputs.map(({ value }) => value),
      ),
    );
    const outside = [...touched].filter((value) => !this.#values.has(value) && !structured.op.results.includes(value));
    return outside.length < this.#limits.maxTensors;
  }

  /** Whether all that an operation needs from outside is there before the first reader outside. */
  #isAvailable(structured: StructuredOp): boolean {
    if (!this.#barrier) return true;
    const needed = [
      ...structured.inputs.map(({ value }) => value),
      ...structured.outputs.flatMap((output) => initialOf(this.#reader, output)),
      ...capturedValues(this.#reader, structured),
    ];
    return needed.every((value) => this.#isBefore(value, this.#barrier!.position));
  }

  #isBefore(value: ValueId, position: number): boolean {
    const op = this.#reader.definition(value);
    if (!op || this.#members.has(op.id) || op.parent !== this.#block) return true;
    if (tensor.empty.match(this.#reader, op)) return true;
    return (this.#positions.get(op.id) ?? Infinity) < position;
  }
}

/** What an output starts from; for a fill, which goes where the operation goes, what that needs. */
function initialOf(reader: IrReader, { value }: IndexedOperand): readonly ValueId[] {
  return linalg.fill.match(reader, reader.definition(value))?.op.operands ?? [value];
}
