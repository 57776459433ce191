import { enablePatches, type Patch, produceWithPatches } from "immer";
import { BlockOrder, OrderLinks } from "./block-order.ts";
import {
  type Block,
  type BlockId,
  type IrReader,
  type Module,
  type OpId,
  type Operation,
  type Region,
  type Resource,
  ownUsesIn,
  slotCount,
  type Use,
  usesIn,
  usesOf,
  type Value,
  type ValueId,
} from "./module.ts";
import { type OpName, opName } from "./op-name.ts";
import { TableOverlay } from "./table-overlay.ts";
import type { Type } from "./types.ts";
import type { UseLists } from "./use-lists.ts";

enablePatches();

/** What a commit returns: the new module (the same object when nothing changed) and immer's patches both ways. */
export interface Commit {
  readonly module: Module;
  readonly patches: readonly Patch[];
  readonly inversePatches: readonly Patch[];
}

const unknownMaker = 0;
const noMaker = -1;

const missing = (what: string, id: number): never => {
  throw new Error(`${what} ${id} was erased or never made`);
};

/**
 * A module under edit, beside its frozen tables: reads see the base with the edits so far and uses stay exact. What may be edited,
 * and how, is the rewriter's.
 */
export class ModuleOverlay implements IrReader {
  readonly base: Module;
  protected readonly operations: TableOverlay<Operation>;
  protected readonly values: TableOverlay<Value>;
  protected readonly blocks: TableOverlay<Block>;
  protected readonly resources = new Map<string, Resource>();
  protected rootId: OpId;
  protected isEdited = false;
  readonly #orders = new Map<BlockId, BlockOrder>();
  #links: OrderLinks | undefined;
  /** The base's own lists until the first edit of a use. */
  #uses: UseLists | undefined;
  #hasOwnUses = false;
  /** The name of the operation that makes each value, for `definitionNamed`. */
  #makers = new Int32Array(0);

  constructor(module: Module) {
    this.base = module;
    this.operations = new TableOverlay(module.operations);
    this.values = new TableOverlay(module.values);
    this.blocks = new TableOverlay(module.blocks);
    this.rootId = module.root;
  }

  get root(): OpId {
    return this.rootId;
  }
  /** Whether anything was edited. */
  get edited(): boolean {
    return this.isEdited;
  }
  operation(id: OpId): Operation {
    return this.operations.get(id) ?? missing("operation", id);
  }
  /** Whether the operation is still there. */
  exists(id: OpId): boolean {
    return this.operations.get(id) !== undefined;
  }
  value(id: ValueId): Value {
    return this.values.get(id) ?? missing("value", id);
  }
  /** The block, its operations in their present order. */
  block(id: BlockId): Block {
    const block = this.blockRecord(id);
    const order = this.#orders.get(id);
    return order === undefined ? block : { ...block, operations: order.list() };
  }
  /** The block without asking for the present order of its operations. */
  protected blockRecord(id: BlockId): Block {
    return this.blocks.get(id) ?? missing("block", id);
  }
  /** The operation whose region holds the block. */
  holderOf(id: BlockId): OpId {
    return this.blockRecord(id).parent;
  }
  /** The first operation of a block, without listing the others. */
  firstOperation(id: BlockId): OpId | undefined {
    const order = this.#orders.get(id);
    return order === undefined ? this.blockRecord(id).operations[0] : order.first;
  }
  typeOf(id: ValueId): Type {
    return this.value(id).type;
  }
  definition(id: ValueId): Operation | undefined {
    const value = this.value(id);
    return value.kind === "result" ? this.operation(value.op) : undefined;
  }
  /** The operation of this name that makes the value. Patterns ask again and again; from the second time on, a number answers. */
  definitionNamed(id: ValueId, name: OpName): Operation | undefined {
    const known = id < this.#makers.length ? this.#makers[id]! : unknownMaker;
    const maker = known === unknownMaker ? this.#makerOf(id) : known;
    return maker === name ? this.definition(id) : undefined;
  }
  /** Keeps in mind what makes an operation's results: for those who come to every operation before `definitionNamed` is asked. */
  noteResults(op: Operation): void {
    const maker = opName(op.name);
    for (const result of op.results) {
      if (result >= this.#makers.length) this.#makerOf(result);
      else this.#makers[result] = maker;
    }
  }
  #makerOf(id: ValueId): number {
    const value = this.value(id);
    const maker = value.kind === "argument" ? noMaker : opName(this.operation(value.op).name);
    if (id >= this.#makers.length) {
      const before = this.#makers;
      this.#makers = new Int32Array(Math.max(id + 1, this.values.size, before.length * 2));
      this.#makers.set(before);
    }
    this.#makers[id] = maker;
    return maker;
  }
  /** An operation is to be named otherwise. */
  protected forgetMaker(op: Operation): void {
    for (const result of op.results) if (result < this.#makers.length) this.#makers[result] = unknownMaker;
  }
  uses(id: ValueId): readonly Use[] {
    return usesOf(this.useLists(), id);
  }
  /** How many operands read the value. */
  useCount(id: ValueId): number {
    return this.useLists().count(id);
  }
  /** Whether exactly one operand reads the value. */
  hasOneUse(id: ValueId): boolean {
    return this.useCount(id) === 1;
  }
  resource(key: string): Resource | undefined {
    return this.resources.get(key) ?? this.base.resources[key];
  }

  // --- what edits go through -------------------------------------------------------------------------------------------------

  /** The uses as they are, not to be changed. */
  protected useLists(): UseLists {
    return (this.#uses ??= usesIn(this.base));
  }
  /** The uses, to be changed. */
  protected ownUses(): UseLists {
    if (!this.#hasOwnUses) {
      this.#uses = ownUsesIn(this.base);
      this.#hasOwnUses = true;
    }
    return this.#uses!;
  }
  /** The order of a block's operations, to be changed. */
  protected order(id: BlockId): BlockOrder {
    this.isEdited = true;
    let order = this.#orders.get(id);
    if (order === undefined) {
      this.#links ??= new OrderLinks(slotCount(this.base.operations));
      this.#orders.set(id, (order = new BlockOrder(this.#links, this.blockRecord(id).operations)));
    }
    return order;
  }
  protected dropBlock(id: BlockId): void {
    for (const argument of this.blockRecord(id).arguments) this.values.set(argument, undefined);
    this.#orders.delete(id);
    this.blocks.set(id, undefined);
    this.isEdited = true;
  }

  /** The new module, made in one immer step that assigns whole frozen pages. The same object as `base` when nothing was edited. */
  commit(): Commit {
    if (!this.isEdited) return { module: this.base, patches: [], inversePatches: [] };
    for (const [id, order] of this.#orders) {
      const record = this.blockRecord(id);
      const operations = order.list();
      if (operations !== record.operations) this.blocks.set(id, { ...record, operations });
    }
    const operations = this.operations.freeze(sealOperation);
    const values = this.values.freeze(Object.freeze);
    const blocks = this.blocks.freeze(sealBlock);
    const [module, patches, inversePatches] = produceWithPatches(this.base, (draft) => {
      assignPages(draft.operations as unknown[], operations);
      assignPages(draft.values as unknown[], values);
      assignPages(draft.blocks as unknown[], blocks);
      if (this.rootId !== this.base.root) draft.root = this.rootId;
      for (const [key, resource] of this.resources) (draft.resources as Record<string, Resource>)[key] = resource;
    });
    return { module, patches, inversePatches };
  }
}

// Records are frozen when they are committed: most of those that a pass makes on the way are never seen outside it.
function sealOperation(op: Operation): void {
  Object.freeze(op.operands);
  Object.freeze(op.results);
  Object.freeze(op.successors);
  if (!Object.isFrozen(op.regions)) {
    op.regions.forEach((region: Region) => Object.freeze(region));
    Object.freeze(op.regions);
  }
  Object.freeze(op);
}
function sealBlock(block: Block): void {
  Object.freeze(block.arguments);
  Object.freeze(block.operations);
  Object.freeze(block);
}

function assignPages(target: unknown[], pages: readonly (readonly [number: number, page: unknown])[]): void {
  for (const [number, page] of pages) target[number] = page;
}
