import { enablePatches, type Patch, produceWithPatches } from "immer";
import { contentHash } from "../support/hash.ts";
import { type Location, unknownLocation } from "../support/location.ts";
import { type Attributes, noAttributes } from "./attributes.ts";
import { BlockOrder } from "./block-order.ts";
import type { BlockSpec, Builder, InsertionPoint, OperationSpec } from "./builder.ts";
import {
  type Block,
  type BlockId,
  type IrReader,
  type Module,
  ModuleReader,
  type OpId,
  type Operation,
  pageMask,
  pageBits,
  type Pages,
  readPage,
  type Region,
  type Resource,
  slotCount,
  type Use,
  type Value,
  type ValueId,
} from "./module.ts";
import type { Type } from "./types.ts";

enablePatches();

/** What a commit returns: the new module (the same object when nothing changed) and immer's patches both ways. */
export interface Commit {
  readonly module: Module;
  readonly patches: readonly Patch[];
  readonly inversePatches: readonly Patch[];
}

/** Called as operations come, go and change, so that a driver can keep its worklist. */
export interface RewriteListener {
  created?(op: Operation): void;
  erased?(op: Operation): void;
  changed?(op: Operation): void;
}

const emptyList: readonly never[] = Object.freeze([]);
const frozenList = <T>(values: readonly T[]): readonly T[] =>
  values.length === 0 ? emptyList : Object.isFrozen(values) ? values : Object.freeze([...values]);
const frozenAttributes = (attributes: Attributes): Attributes =>
  Object.isFrozen(attributes) ? attributes : Object.freeze({ ...attributes });

/** The uses of one value by their key, so that dropping one of ten thousand costs the same as one of two. */
type UseSet = Map<number, Use>;
const maximumOperands = 2 ** 20;
const useKey = ({ op, index }: Use): number => op * maximumOperands + index;

/** A table of edits that reads through to the frozen pages below it. */
class TableOverlay<T extends { readonly id: number }> {
  readonly #base: Pages<T>;
  readonly #edits = new Map<number, T | undefined>();
  #next: number;

  constructor(base: Pages<T>) {
    this.#base = base;
    this.#next = slotCount(base);
  }
  get(id: number): T | undefined {
    // Many passes change nothing: reading must then cost what it costs without a rewriter.
    if (this.#edits.size === 0) return readPage(this.#base, id);
    const edited = this.#edits.get(id);
    if (edited !== undefined) return edited;
    return this.#edits.has(id) ? undefined : readPage(this.#base, id);
  }
  set(id: number, entity: T | undefined): void {
    this.#edits.set(id, entity);
  }
  reserve(): number {
    return this.#next++;
  }
  /** Frozen pages that differ from the base, by page number. */
  changedPages(): Map<number, readonly (T | undefined)[]> {
    const pages = new Map<number, (T | undefined)[]>();
    for (const [id, entity] of this.#edits) {
      const number = id >> pageBits;
      let page = pages.get(number);
      if (!page) pages.set(number, (page = this.#base[number]?.slice() ?? []));
      const slot = id & pageMask;
      while (page.length < slot) page.push(undefined);
      page[slot] = entity;
    }
    for (const page of pages.values()) Object.freeze(page);
    return pages;
  }
}

/**
 * Edits a module beside its frozen tables: reads see the base with the edits so far, uses stay exact, and `commit` makes the new
 * module in one immer step that assigns whole frozen pages. Nothing is visible outside before `commit`.
 */
export class Rewriter implements Builder {
  readonly base: Module;
  readonly listener: RewriteListener;
  location: Location = unknownLocation;
  insertionPoint: InsertionPoint | undefined;
  readonly #reader: ModuleReader;
  readonly #operations: TableOverlay<Operation>;
  readonly #values: TableOverlay<Value>;
  readonly #blocks: TableOverlay<Block>;
  readonly #orders = new Map<BlockId, BlockOrder>();
  readonly #uses = new Map<ValueId, UseSet>();
  readonly #resources = new Map<string, Resource>();
  readonly #firstNewValue: number;
  #root: OpId;
  #edited = false;

  constructor(module: Module, listener: RewriteListener = {}) {
    this.base = module;
    this.listener = listener;
    this.#reader = new ModuleReader(module);
    this.#operations = new TableOverlay(module.operations);
    this.#values = new TableOverlay(module.values);
    this.#blocks = new TableOverlay(module.blocks);
    this.#firstNewValue = slotCount(module.values);
    this.#root = module.root;
  }

  // --- reading -------------------------------------------------------------------------------------------------------------

  get root(): OpId {
    return this.#root;
  }
  /** Whether anything was edited. */
  get edited(): boolean {
    return this.#edited;
  }
  operation(id: OpId): Operation {
    const op = this.#operations.get(id);
    if (op === undefined) throw new Error(`operation ${id} was erased or never made`);
    return op;
  }
  /** Whether the operation is still there. */
  exists(id: OpId): boolean {
    return this.#operations.get(id) !== undefined;
  }
  value(id: ValueId): Value {
    const value = this.#values.get(id);
    if (value === undefined) throw new Error(`value ${id} was erased or never made`);
    return value;
  }
  /** The block, its operations in their present order. */
  block(id: BlockId): Block {
    const block = this.#blocks.get(id);
    if (block === undefined) throw new Error(`block ${id} was erased or never made`);
    const order = this.#orders.get(id);
    return order === undefined ? block : { ...block, operations: order.list() };
  }
  /** The first operation of a block, without listing the others. */
  firstOperation(id: BlockId): OpId | undefined {
    const order = this.#orders.get(id);
    return order === undefined ? this.#blockRecord(id).operations[0] : order.first;
  }
  typeOf(id: ValueId): Type {
    return this.value(id).type;
  }
  definition(id: ValueId): Operation | undefined {
    const value = this.value(id);
    return value.kind === "result" ? this.operation(value.op) : undefined;
  }
  uses(id: ValueId): readonly Use[] {
    const edited = this.#uses.get(id);
    if (edited !== undefined) return [...edited.values()];
    return id < this.#firstNewValue ? this.#reader.uses(id) : emptyList;
  }
  /** How many operands read the value. */
  useCount(id: ValueId): number {
    return this.#uses.get(id)?.size ?? (id < this.#firstNewValue ? this.#reader.useCount(id) : 0);
  }
  /** Whether exactly one operand reads the value. */
  hasOneUse(id: ValueId): boolean {
    return this.useCount(id) === 1;
  }
  resource(key: string): Resource | undefined {
    return this.#resources.get(key) ?? this.#reader.resource(key);
  }

  // --- making ----------------------------------------------------------------------------------------------------------------

  create(spec: OperationSpec): Operation {
    const point = this.insertionPoint;
    if (point === undefined) throw new Error(`no insertion point for ${spec.name}`);
    const parent = point.kind === "end" ? point.block : this.operation(point.op).parent;
    if (parent === undefined) throw new Error(`cannot insert ${spec.name} beside the root`);
    const op = this.#make(spec, parent);
    const order = this.#order(parent);
    if (point.kind === "end") order.append(op.id);
    else order.insertBefore(op.id, point.op);
    this.listener.created?.(op);
    return this.operation(op.id);
  }

  /** Makes the root operation of a module that has none; see `createModule`. */
  createRoot(spec: OperationSpec): Operation {
    const op = this.#make(spec, undefined);
    this.#root = op.id;
    return this.operation(op.id);
  }

  #make(spec: OperationSpec, parent: BlockId | undefined): Operation {
    this.#edited = true;
    const id = this.#operations.reserve() as OpId;
    const operands = frozenList(spec.operands ?? emptyList);
    const results = frozenList(
      (spec.resultTypes ?? emptyList).map((type, index) => {
        const value = this.#values.reserve() as ValueId;
        this.#values.set(value, Object.freeze({ id: value, type, kind: "result", op: id, index }));
        return value;
      }),
    );
    const op: Operation = Object.freeze({
      id,
      name: spec.name,
      operands,
      results,
      properties: frozenAttributes(spec.properties ?? noAttributes),
      attributes: frozenAttributes(spec.attributes ?? noAttributes),
      regions: emptyList,
      successors: frozenList(spec.successors ?? emptyList),
      parent,
      location: spec.location ?? this.location,
    });
    this.#operations.set(id, op);
    operands.forEach((operand, index) => this.#addUse(operand, { op: id, index }));
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
    this.#operations.set(
      id,
      Object.freeze({ ...this.operation(id), regions: Object.freeze(regions.map((region) => frozenList(region))) }),
    );
  }

  /** Adds a block at the end of a region (regions up to `region` are made as needed) and fills it. */
  appendBlock(op: OpId, region: number, spec: BlockSpec): BlockId {
    this.#edited = true;
    const id = this.#blocks.reserve() as BlockId;
    const values = spec.arguments.map((type, index) =>
      this.#makeArgument(id, type, index, spec.argumentLocations?.[index]),
    );
    this.#blocks.set(
      id,
      Object.freeze({
        id,
        arguments: frozenList(values),
        operations: emptyList,
        parent: op,
        regionIndex: region,
      }),
    );
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
    const id = this.#values.reserve() as ValueId;
    this.#values.set(
      id,
      Object.freeze({ id, type, kind: "argument", block, index, location: location ?? this.location }),
    );
    return id;
  }

  /** Adds an argument at the end of a block's arguments. */
  appendArgument(block: BlockId, type: Type, location?: Location): ValueId {
    const record = this.#blockRecord(block);
    const id = this.#makeArgument(block, type, record.arguments.length, location);
    this.#blocks.set(block, Object.freeze({ ...record, arguments: Object.freeze([...record.arguments, id]) }));
    this.#edited = true;
    return id;
  }

  /** Removes block arguments that nothing uses; the others are renumbered. */
  eraseArguments(block: BlockId, indices: ReadonlySet<number>): void {
    const record = this.#blockRecord(block);
    const kept = record.arguments.filter((argument, index) => {
      if (!indices.has(index)) return true;
      if (this.uses(argument).length > 0) throw new Error(`block argument ${index} still has uses`);
      this.#values.set(argument, undefined);
      return false;
    });
    kept.forEach((argument, index) => this.#values.set(argument, Object.freeze({ ...this.value(argument), index })));
    this.#blocks.set(block, Object.freeze({ ...record, arguments: Object.freeze(kept) }));
    this.#edited = true;
  }

  addResource(bytes: Uint8Array): string {
    const key = `weft_${contentHash(bytes)}`;
    if (this.resource(key) === undefined) {
      this.#resources.set(key, Object.freeze({ key, bytes }));
      this.#edited = true;
    }
    return key;
  }
  /** Registers bytes under a key of the caller's choice, as a parser must. */
  setResource(key: string, bytes: Uint8Array, alignment?: number): void {
    this.#resources.set(key, Object.freeze(alignment === undefined ? { key, bytes } : { key, bytes, alignment }));
    this.#edited = true;
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
    this.replaceUsesIf(from, to, () => true);
  }

  /** Makes those readers of `from` for which `condition` holds read `to`. */
  replaceUsesIf(from: ValueId, to: ValueId, condition: (use: Use) => boolean): void {
    if (from === to) return;
    for (const use of this.uses(from)) if (condition(use)) this.setOperand(use.op, use.index, to);
  }

  /** Changes one operand. */
  setOperand(id: OpId, index: number, value: ValueId): void {
    const op = this.operation(id);
    if (op.operands[index] === value) return;
    this.#usesForEdit(op.operands[index]!).delete(useKey({ op: id, index }));
    this.#addUse(value, { op: id, index });
    this.#update(Object.freeze({ ...op, operands: Object.freeze(op.operands.with(index, value)) }));
  }

  /** Changes all operands. */
  setOperands(id: OpId, operands: readonly ValueId[]): void {
    const op = this.operation(id);
    this.#dropUses(op);
    operands.forEach((operand, index) => this.#addUse(operand, { op: id, index }));
    this.#update(Object.freeze({ ...op, operands: frozenList(operands) }));
  }

  /** Changes inherent attributes, discardable attributes, successors or the location. */
  update(
    id: OpId,
    change: Partial<Pick<Operation, "properties" | "attributes" | "successors" | "location" | "name">>,
  ): void {
    const op = this.operation(id);
    this.#update(
      Object.freeze({
        ...op,
        ...change,
        properties: frozenAttributes(change.properties ?? op.properties),
        attributes: frozenAttributes(change.attributes ?? op.attributes),
        successors: frozenList(change.successors ?? op.successors),
      }),
    );
  }

  /** Gives a value another type; whoever calls sees to it that its users agree. */
  setType(id: ValueId, type: Type): void {
    const value = this.value(id);
    if (value.type === type) return;
    this.#values.set(id, Object.freeze({ ...value, type }));
    this.#edited = true;
    for (const use of this.uses(id)) this.listener.changed?.(this.operation(use.op));
  }

  #update(op: Operation): void {
    this.#operations.set(op.id, op);
    this.#edited = true;
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
    if (present.parent !== undefined) this.#order(present.parent).remove(present.id);
    this.#eraseTree(present);
  }

  #eraseTree(op: Operation): void {
    this.listener.erased?.(op);
    for (const region of op.regions)
      for (const id of region) {
        const block = this.block(id);
        // Later operations go first, so that uses are gone before definitions are.
        for (let index = block.operations.length - 1; index >= 0; index--)
          this.#eraseTree(this.operation(block.operations[index]!));
        for (const argument of block.arguments) this.#values.set(argument, undefined);
        this.#orders.delete(id);
        this.#blocks.set(id, undefined);
      }
    this.#dropUses(op);
    for (const result of op.results) this.#values.set(result, undefined);
    this.#operations.set(op.id, undefined);
    this.#edited = true;
  }

  /** Erases a block whose arguments and results have no uses outside it. */
  eraseBlock(id: BlockId): void {
    const block = this.block(id);
    for (let index = block.operations.length - 1; index >= 0; index--)
      this.erase(this.operation(block.operations[index]!));
    for (const argument of block.arguments) this.#values.set(argument, undefined);
    const parent = this.operation(block.parent);
    this.#setRegions(
      parent.id,
      parent.regions.map((region) => region.filter((other) => other !== id)),
    );
    this.#orders.delete(id);
    this.#blocks.set(id, undefined);
    this.#edited = true;
  }

  /** Moves an operation before another one, possibly into another block. */
  moveBefore(op: Operation, before: OpId): void {
    if (op.id === before) return;
    const target = this.operation(before).parent!;
    this.#order(this.operation(op.id).parent!).remove(op.id);
    this.#order(target).insertBefore(op.id, before);
    this.#reparent(op.id, target);
  }

  /** Moves an operation to the end of a block. */
  moveToEnd(op: Operation, block: BlockId): void {
    this.#order(this.operation(op.id).parent!).remove(op.id);
    this.#order(block).append(op.id);
    this.#reparent(op.id, block);
  }

  #reparent(id: OpId, parent: BlockId): void {
    this.#operations.set(id, Object.freeze({ ...this.operation(id), parent }));
    this.#edited = true;
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
    for (const id of moved)
      this.#blocks.set(id, Object.freeze({ ...this.#blockRecord(id), parent: to, regionIndex: toRegion }));
    this.#edited = true;
  }

  /** Copies an operation (of this module, or of `source`) with its regions to the insertion point; `mapping` maps values and is extended. */
  clone(op: Operation, mapping: Map<ValueId, ValueId> = new Map(), source: IrReader = this): Operation {
    const blockMapping = new Map<BlockId, BlockId>();
    return this.#clone(op, mapping, blockMapping, source);
  }

  #clone(
    op: Operation,
    mapping: Map<ValueId, ValueId>,
    blockMapping: Map<BlockId, BlockId>,
    source: IrReader,
  ): Operation {
    const copy = this.create({
      name: op.name,
      operands: op.operands.map((operand) => mapping.get(operand) ?? operand),
      resultTypes: op.results.map((result) => source.typeOf(result)),
      properties: op.properties,
      attributes: op.attributes,
      successors: op.successors.map((successor) => blockMapping.get(successor) ?? successor),
      location: op.location,
    });
    op.results.forEach((result, index) => mapping.set(result, copy.results[index]!));
    op.regions.forEach((region, regionIndex) => {
      this.#setRegions(copy.id, [...this.operation(copy.id).regions, emptyList]);
      // All blocks first: a branch may go forward.
      for (const id of region) {
        const block = source.block(id);
        const made = this.appendBlock(copy.id, regionIndex, {
          arguments: block.arguments.map((argument) => source.typeOf(argument)),
          body: () => {},
        });
        blockMapping.set(id, made);
        block.arguments.forEach((argument, index) => mapping.set(argument, this.block(made).arguments[index]!));
      }
      for (const id of region) {
        const before = this.insertionPoint;
        this.insertionPoint = { kind: "end", block: blockMapping.get(id)! };
        for (const inner of source.block(id).operations)
          this.#clone(source.operation(inner), mapping, blockMapping, source);
        this.insertionPoint = before;
      }
    });
    return this.operation(copy.id);
  }

  // --- bookkeeping -----------------------------------------------------------------------------------------------------------

  #blockRecord(id: BlockId): Block {
    const block = this.#blocks.get(id);
    if (block === undefined) throw new Error(`block ${id} was erased or never made`);
    return block;
  }

  #order(id: BlockId): BlockOrder {
    let order = this.#orders.get(id);
    if (!order) this.#orders.set(id, (order = new BlockOrder(this.#blockRecord(id).operations)));
    this.#edited = true;
    return order;
  }

  #usesForEdit(id: ValueId): UseSet {
    let uses = this.#uses.get(id);
    if (!uses) this.#uses.set(id, (uses = new Map(this.uses(id).map((use) => [useKey(use), use]))));
    return uses;
  }

  #addUse(id: ValueId, use: Use): void {
    this.#usesForEdit(id).set(useKey(use), use);
  }

  #dropUses(op: Operation): void {
    op.operands.forEach((operand, index) => this.#usesForEdit(operand).delete(useKey({ op: op.id, index })));
  }

  /** The new module. The same object as `base` when nothing was edited. */
  commit(): Commit {
    if (!this.#edited) return { module: this.base, patches: [], inversePatches: [] };
    for (const [id, order] of this.#orders) {
      const record = this.#blockRecord(id);
      this.#blocks.set(id, Object.freeze({ ...record, operations: frozenList(order.list()) }));
    }
    const operations = this.#operations.changedPages();
    const values = this.#values.changedPages();
    const blocks = this.#blocks.changedPages();
    const [module, patches, inversePatches] = produceWithPatches(this.base, (draft) => {
      assignPages(draft.operations as unknown[], operations);
      assignPages(draft.values as unknown[], values);
      assignPages(draft.blocks as unknown[], blocks);
      if (this.#root !== this.base.root) draft.root = this.#root;
      for (const [key, resource] of this.#resources) (draft.resources as Record<string, Resource>)[key] = resource;
    });
    return { module, patches, inversePatches };
  }
}

function assignPages(target: unknown[], pages: ReadonlyMap<number, unknown>): void {
  for (const [number, page] of [...pages].sort(([left], [right]) => left - right)) target[number] = page;
}
