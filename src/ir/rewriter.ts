import { contentHash } from "../support/hash.ts";
import { type Location, unknownLocation } from "../support/location.ts";
import { type Attributes, noAttributes } from "./attributes.ts";
import { at, type BlockSpec, type Builder, type InsertionPoint, type OperationSpec } from "./builder.ts";
import { ModuleOverlay } from "./module-overlay.ts";
import type { BlockId, IrReader, Module, OpId, Operation, Region, Use, ValueId } from "./module.ts";
import type { Type } from "./types.ts";

export type { Commit } from "./module-overlay.ts";

/** Called as operations come, go and change, so that a driver can keep its worklist. */
export interface RewriteListener {
  created?(op: Operation): void;
  erased?(op: Operation): void;
  changed?(op: Operation): void;
  /** An operation that stays no longer reads the value, which has one reader left or none. */
  released?(value: ValueId): void;
}

const emptyList: readonly never[] = Object.freeze([]);
/** A list of the rewriter's own, which nobody changes. */
const ownList = <T>(values: readonly T[]): readonly T[] =>
  values.length === 0 ? emptyList : Object.isFrozen(values) ? values : values.slice();
const ownAttributes = (attributes: Attributes): Attributes =>
  Object.isFrozen(attributes) ? attributes : Object.freeze({ ...attributes });

/** A list with one element changed. Short lists are spelled out: copying a frozen array costs V8 many times as much. */
function withElement<T>(list: readonly T[], index: number, element: T): readonly T[] {
  if (list.length === 1) return [element];
  if (list.length === 2) return index === 0 ? [element, list[1]!] : [list[0]!, element];
  const copy: T[] = [];
  for (const other of list) copy.push(other);
  copy[index] = element;
  return copy;
}

/** The operation with other operands. Field by field, so that all operations have one hidden class. */
const withOperands = (op: Operation, operands: readonly ValueId[]): Operation => ({
  id: op.id,
  name: op.name,
  operands,
  results: op.results,
  properties: op.properties,
  attributes: op.attributes,
  regions: op.regions,
  successors: op.successors,
  parent: op.parent,
  location: op.location,
});

/**
 * Edits a module beside its frozen tables: reads see the base with the edits so far, uses stay exact, and `commit` makes the new
 * module. Nothing is visible outside before `commit`.
 */
export class Rewriter extends ModuleOverlay implements Builder {
  readonly listener: RewriteListener;
  location: Location = unknownLocation;
  insertionPoint: InsertionPoint | undefined;

  constructor(module: Module, listener: RewriteListener = {}) {
    super(module);
    this.listener = listener;
  }

  // --- making ----------------------------------------------------------------------------------------------------------------

  create(spec: OperationSpec): Operation {
    const point = this.insertionPoint;
    if (point === undefined) throw new Error(`no insertion point for ${spec.name}`);
    const parent = point.kind === "end" ? point.block : this.operation(point.op).parent;
    if (parent === undefined) throw new Error(`cannot insert ${spec.name} beside the root`);
    const op = this.#make(spec, parent);
    const order = this.order(parent);
    if (point.kind === "end") order.append(op.id);
    else order.insertBefore(op.id, point.op);
    this.listener.created?.(op);
    return this.operation(op.id);
  }

  /** Makes the root operation of a module that has none; see `createModule`. */
  createRoot(spec: OperationSpec): Operation {
    const op = this.#make(spec, undefined);
    this.rootId = op.id;
    return this.operation(op.id);
  }

  #make(spec: OperationSpec, parent: BlockId | undefined): Operation {
    this.isEdited = true;
    const id = this.operations.reserve() as OpId;
    const operands = ownList(spec.operands ?? emptyList);
    const results = ownList(
      (spec.resultTypes ?? emptyList).map((type, index) => {
        const value = this.values.reserve() as ValueId;
        this.values.set(value, { id: value, type, kind: "result", op: id, index });
        return value;
      }),
    );
    const op: Operation = {
      id,
      name: spec.name,
      operands,
      results,
      properties: ownAttributes(spec.properties ?? noAttributes),
      attributes: ownAttributes(spec.attributes ?? noAttributes),
      regions: emptyList,
      successors: ownList(spec.successors ?? emptyList),
      parent,
      location: spec.location ?? this.location,
    };
    this.operations.set(id, op);
    this.ownUses().addAll(id, operands);
    if (spec.regions !== undefined && spec.regions.length > 0) {
      this.#setRegions(
        id,
        spec.regions.map(() => emptyList),
      );
      spec.regions.forEach((blocks, region) => blocks.forEach((block) => this.appendBlock(id, region, block)));
    }
    return this.operation(id);
  }

  #setRegions(id: OpId, regions: readonly Region[]): void {
    this.operations.set(id, { ...this.operation(id), regions: regions.map((region) => ownList(region)) });
  }

  /** Adds a block at the end of a region (regions up to `region` are made as needed) and fills it. */
  appendBlock(op: OpId, region: number, spec: BlockSpec): BlockId {
    this.isEdited = true;
    const id = this.blocks.reserve() as BlockId;
    const values = spec.arguments.map((type, index) =>
      this.#makeArgument(id, type, index, spec.argumentLocations?.[index]),
    );
    this.blocks.set(id, { id, arguments: ownList(values), operations: emptyList, parent: op, regionIndex: region });
    const regions = this.operation(op).regions.slice();
    while (regions.length <= region) regions.push(emptyList);
    regions[region] = [...regions[region]!, id];
    this.#setRegions(op, regions);
    const before = this.insertionPoint;
    this.insertionPoint = { kind: "end", block: id };
    try {
      spec.body(this, values, id);
    } finally {
      this.insertionPoint = before;
    }
    return id;
  }

  #makeArgument(block: BlockId, type: Type, index: number, location?: Location): ValueId {
    const id = this.values.reserve() as ValueId;
    this.values.set(id, { id, type, kind: "argument", block, index, location: location ?? this.location });
    return id;
  }

  /** Adds an argument at the end of a block's arguments. */
  appendArgument(block: BlockId, type: Type, location?: Location): ValueId {
    const record = this.blockRecord(block);
    const id = this.#makeArgument(block, type, record.arguments.length, location);
    this.blocks.set(block, { ...record, arguments: [...record.arguments, id] });
    this.isEdited = true;
    return id;
  }

  /** Removes block arguments that nothing uses; the others are renumbered. */
  eraseArguments(block: BlockId, indices: ReadonlySet<number>): void {
    const record = this.blockRecord(block);
    const kept = record.arguments.filter((argument, index) => {
      if (!indices.has(index)) return true;
      if (this.useCount(argument) > 0) throw new Error(`block argument ${index} still has uses`);
      this.values.set(argument, undefined);
      return false;
    });
    kept.forEach((argument, index) => this.values.set(argument, { ...this.value(argument), index }));
    this.blocks.set(block, { ...record, arguments: kept });
    this.isEdited = true;
  }

  addResource(bytes: Uint8Array): string {
    const key = `weft_${contentHash(bytes)}`;
    if (this.resource(key) === undefined) {
      this.resources.set(key, Object.freeze({ key, bytes }));
      this.isEdited = true;
    }
    return key;
  }
  /** Registers bytes under a key of the caller's choice, as a parser must. */
  setResource(key: string, bytes: Uint8Array, alignment?: number): void {
    this.resources.set(key, Object.freeze(alignment === undefined ? { key, bytes } : { key, bytes, alignment }));
    this.isEdited = true;
  }

  // --- changing --------------------------------------------------------------------------------------------------------------

  /** Replaces an operation's results by other values and erases it. */
  replace(op: Operation, values: readonly ValueId[]): void {
    const present = this.operation(op.id);
    present.results.forEach((result, index) => this.replaceAllUses(result, values[index]!));
    this.erase(present);
  }

  /** Makes every reader of `from` read `to`. */
  replaceAllUses(from: ValueId, to: ValueId): void {
    if (from === to) return;
    const uses = this.ownUses();
    for (let slot = uses.first(from); slot >= 0; slot = uses.first(from))
      this.setOperand(uses.operation(slot) as OpId, uses.position(slot), to);
  }

  /** Makes those readers of `from` for which `condition` holds read `to`. */
  replaceUsesIf(from: ValueId, to: ValueId, condition: (use: Use) => boolean): void {
    if (from === to) return;
    for (const use of this.uses(from)) if (condition(use)) this.setOperand(use.op, use.index, to);
  }

  /** Changes one operand. */
  setOperand(id: OpId, index: number, value: ValueId): void {
    const op = this.operation(id);
    const before = op.operands[index]!;
    if (before === value) return;
    const uses = this.ownUses();
    uses.change(id, index, before, value);
    this.#update(withOperands(op, withElement(op.operands, index, value)));
    if (uses.count(before) <= 1) this.listener.released?.(before);
  }

  /** Changes all operands. */
  setOperands(id: OpId, operands: readonly ValueId[]): void {
    const op = this.operation(id);
    const uses = this.ownUses();
    uses.dropAll(id, op.operands);
    uses.addAll(id, operands);
    this.#update(withOperands(op, ownList(operands)));
    if (this.listener.released)
      for (const before of op.operands) if (uses.count(before) <= 1) this.listener.released(before);
  }

  /** Changes inherent attributes, discardable attributes, successors or the location. */
  update(
    id: OpId,
    change: Partial<Pick<Operation, "properties" | "attributes" | "successors" | "location" | "name">>,
  ): void {
    const op = this.operation(id);
    if (change.name !== undefined) this.forgetMaker(op);
    this.#update({
      ...op,
      ...change,
      properties: ownAttributes(change.properties ?? op.properties),
      attributes: ownAttributes(change.attributes ?? op.attributes),
      successors: change.successors === undefined ? op.successors : ownList(change.successors),
    });
  }

  /** Gives a value another type; whoever calls sees to it that its users agree. */
  setType(id: ValueId, type: Type): void {
    const value = this.value(id);
    if (value.type === type) return;
    this.values.set(id, { ...value, type });
    this.isEdited = true;
    for (const use of this.uses(id)) this.listener.changed?.(this.operation(use.op));
  }

  #update(op: Operation): void {
    this.operations.set(op.id, op);
    this.isEdited = true;
    this.listener.changed?.(op);
  }

  /** Erases an operation without uses, with all its regions. */
  erase(op: Operation): void {
    const present = this.operation(op.id);
    for (const result of present.results)
      if (this.useCount(result) > 0)
        throw new Error(
          `cannot erase ${present.name}: its result is still used by ${this.operation(this.uses(result)[0]!.op).name}`,
        );
    if (present.parent !== undefined) this.order(present.parent).remove(present.id);
    this.#eraseTree(present);
  }

  #eraseTree(op: Operation): void {
    this.listener.erased?.(op);
    for (const region of op.regions)
      for (const id of region) {
        const { operations } = this.block(id);
        // Later operations go first, so that uses are gone before definitions are.
        for (let index = operations.length - 1; index >= 0; index--)
          this.#eraseTree(this.operation(operations[index]!));
        this.dropBlock(id);
      }
    this.ownUses().dropAll(op.id, op.operands);
    for (const result of op.results) this.values.set(result, undefined);
    this.operations.set(op.id, undefined);
    this.isEdited = true;
  }

  /** Erases a block whose arguments and results have no uses outside it. */
  eraseBlock(id: BlockId): void {
    const block = this.block(id);
    for (let index = block.operations.length - 1; index >= 0; index--)
      this.erase(this.operation(block.operations[index]!));
    const parent = this.operation(block.parent);
    this.#setRegions(
      parent.id,
      parent.regions.map((region) => region.filter((other) => other !== id)),
    );
    this.dropBlock(id);
  }

  /** Moves an operation before another one, possibly into another block. */
  moveBefore(op: Operation, before: OpId): void {
    if (op.id === before) return;
    const target = this.operation(before).parent!;
    this.order(this.operation(op.id).parent!).remove(op.id);
    this.order(target).insertBefore(op.id, before);
    this.#reparent(op.id, target);
  }

  /** Moves an operation to the end of a block. */
  moveToEnd(op: Operation, block: BlockId): void {
    this.order(this.operation(op.id).parent!).remove(op.id);
    this.order(block).append(op.id);
    this.#reparent(op.id, block);
  }

  #reparent(id: OpId, parent: BlockId): void {
    this.operations.set(id, { ...this.operation(id), parent });
    this.isEdited = true;
  }

  /** Moves all operations of `from` (its arguments replaced by `values`) before `op`, and erases `from`. */
  inlineBlockBefore(from: BlockId, op: OpId, values: readonly ValueId[]): void {
    const block = this.block(from);
    block.arguments.forEach((argument, index) => this.replaceAllUses(argument, values[index]!));
    for (const id of block.operations.slice()) this.moveBefore(this.operation(id), op);
    this.eraseBlock(from);
  }

  /** Moves a region's blocks to a (new, empty) region of another operation. */
  moveRegion(from: OpId, fromRegion: number, to: OpId, toRegion: number): void {
    const source = this.operation(from);
    const moved = source.regions[fromRegion]!;
    this.#setRegions(
      from,
      source.regions.map((region, index) => (index === fromRegion ? emptyList : region)),
    );
    const target = this.operation(to).regions.slice();
    while (target.length <= toRegion) target.push(emptyList);
    target[toRegion] = moved;
    this.#setRegions(to, target);
    for (const id of moved) this.blocks.set(id, { ...this.blockRecord(id), parent: to, regionIndex: toRegion });
    this.isEdited = true;
  }

  /** Copies an operation (of this module, or of `source`) with its regions to the insertion point; `mapping` maps values and is extended. */
  clone(op: Operation, mapping: Map<ValueId, ValueId> = new Map(), source: IrReader = this): Operation {
    return cloneOperation(this, op, mapping, new Map(), source);
  }
}

function cloneOperation(
  rewriter: Rewriter,
  op: Operation,
  mapping: Map<ValueId, ValueId>,
  blockMapping: Map<BlockId, BlockId>,
  source: IrReader,
): Operation {
  const copy = rewriter.create({
    name: op.name,
    operands: op.operands.map((operand) => mapping.get(operand) ?? operand),
    resultTypes: op.results.map((result) => source.typeOf(result)),
    properties: op.properties,
    attributes: op.attributes,
    regions: op.regions.map(() => []),
    successors: op.successors.map((successor) => blockMapping.get(successor) ?? successor),
    location: op.location,
  });
  op.results.forEach((result, index) => mapping.set(result, copy.results[index]!));
  op.regions.forEach((region, regionIndex) => {
    // All blocks first: a branch may go forward.
    for (const id of region) {
      const block = source.block(id);
      const made = rewriter.appendBlock(copy.id, regionIndex, {
        arguments: block.arguments.map((argument) => source.typeOf(argument)),
        body: (_, values) => block.arguments.forEach((argument, index) => mapping.set(argument, values[index]!)),
      });
      blockMapping.set(id, made);
    }
    for (const id of region)
      at(rewriter, { kind: "end", block: blockMapping.get(id)! }, () => {
        for (const inner of source.block(id).operations)
          cloneOperation(rewriter, source.operation(inner), mapping, blockMapping, source);
      });
  });
  return rewriter.operation(copy.id);
}
