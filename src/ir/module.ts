import type { Location } from "../support/location.ts";
import type { Attributes } from "./attributes.ts";
import type { Type } from "./types.ts";
import { UseLists } from "./use-lists.ts";

declare const brand: unique symbol;
/** Integer references into a module's tables. */
export type OpId = number & { readonly [brand]: "operation" };
export type ValueId = number & { readonly [brand]: "value" };
export type BlockId = number & { readonly [brand]: "block" };

/** A region is the list of its blocks; the first is the entry. */
export type Region = readonly BlockId[];

/** One operation, frozen. */
export interface Operation {
  readonly id: OpId;
  /** `dialect.name`. */
  readonly name: string;
  readonly operands: readonly ValueId[];
  readonly results: readonly ValueId[];
  /** Attributes that belong to the operation's definition: `<{…}>` in the generic form. */
  readonly properties: Attributes;
  /** Attributes anyone may add: `{…}` in the generic form. */
  readonly attributes: Attributes;
  readonly regions: readonly Region[];
  readonly successors: readonly BlockId[];
  /** The block that holds the operation; undefined only for the module's root. */
  readonly parent: BlockId | undefined;
  readonly location: Location;
}

/** One SSA value: a result of an operation or an argument of a block. */
export type Value =
  | { readonly id: ValueId; readonly type: Type; readonly kind: "result"; readonly op: OpId; readonly index: number }
  | {
      readonly id: ValueId;
      readonly type: Type;
      readonly kind: "argument";
      readonly block: BlockId;
      readonly index: number;
      readonly location: Location;
    };

/** One basic block: its arguments and the order of its operations. */
export interface Block {
  readonly id: BlockId;
  readonly arguments: readonly ValueId[];
  readonly operations: readonly OpId[];
  /** The operation whose region holds the block. */
  readonly parent: OpId;
  readonly regionIndex: number;
}

/** Bytes of a large constant, shared between modules and never copied; `key` carries the content's hash. */
export interface Resource {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Bytes that the address of the first one is a multiple of; 64 when absent. */
  readonly alignment?: number;
}

/** An entity table in pages of 256: an edit copies one page and the page index, never the table. Erased slots are undefined. */
export type Pages<T> = readonly (readonly (T | undefined)[])[];

/** A whole program, immutable. The root is a `builtin.module`. */
export interface Module {
  readonly operations: Pages<Operation>;
  readonly values: Pages<Value>;
  readonly blocks: Pages<Block>;
  readonly root: OpId;
  /** Bytes that `dense_resource` attributes refer to, by key. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** The resources that are not ours to read, as text: by section and owner (`external_resources/tool`), then by key. */
  readonly otherResources?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const pageBits = 8;
export const pageSize = 1 << pageBits;
export const pageMask = pageSize - 1;

/** The entity in a slot; undefined when erased or never made. */
export const readPage = <T>(pages: Pages<T>, id: number): T | undefined => pages[id >> pageBits]?.[id & pageMask];
/** One past the highest slot. */
export const slotCount = <T>(pages: Pages<T>): number =>
  pages.length === 0 ? 0 : (pages.length - 1) * pageSize + pages[pages.length - 1]!.length;

/** One use of a value: the operation and the position among its operands. */
export interface Use {
  readonly op: OpId;
  readonly index: number;
}

/** What reading code asks for; a frozen module and a rewriter's overlay both answer it. */
export interface IrReader {
  /** The root operation. */
  readonly root: OpId;
  operation(id: OpId): Operation;
  value(id: ValueId): Value;
  block(id: BlockId): Block;
  typeOf(id: ValueId): Type;
  /** The operation whose result the value is; undefined for block arguments. */
  definition(id: ValueId): Operation | undefined;
  uses(id: ValueId): readonly Use[];
  /** How many operands read the value, without listing them. */
  useCount(id: ValueId): number;
  resource(key: string): Resource | undefined;
}

const missing = (what: string, id: number): never => {
  throw new Error(`no ${what} ${id} in this module`);
};

const useLists = new WeakMap<Module, UseLists>();

const collectUses = (module: Module): UseLists =>
  UseLists.of(module.operations, slotCount(module.operations), slotCount(module.values));

/** Exact uses of every value of a module: computed once, not to be changed. */
export function usesIn(module: Module): UseLists {
  let lists = useLists.get(module);
  if (lists === undefined) useLists.set(module, (lists = collectUses(module)));
  return lists;
}
/** The same, for a caller that changes them. */
export const ownUsesIn = (module: Module): UseLists => useLists.get(module)?.copy() ?? collectUses(module);
/** Hands over the uses of a module that its maker collected, in the order in which `UseLists.of` would. */
export const keepUses = (module: Module, lists: UseLists): void => void useLists.set(module, lists);

/** The uses of one value as objects. */
export function usesOf(lists: UseLists, id: ValueId): readonly Use[] {
  const found: Use[] = [];
  for (let slot = lists.first(id); slot >= 0; slot = lists.after(slot, id))
    found.push({ op: lists.operation(slot) as OpId, index: lists.position(slot) });
  return found;
}

/** Reads a frozen module. */
export class ModuleReader implements IrReader {
  readonly module: Module;

  constructor(module: Module) {
    this.module = module;
  }
  get root(): OpId {
    return this.module.root;
  }
  operation(id: OpId): Operation {
    return readPage(this.module.operations, id) ?? missing("operation", id);
  }
  value(id: ValueId): Value {
    return readPage(this.module.values, id) ?? missing("value", id);
  }
  block(id: BlockId): Block {
    return readPage(this.module.blocks, id) ?? missing("block", id);
  }
  typeOf(id: ValueId): Type {
    return this.value(id).type;
  }
  definition(id: ValueId): Operation | undefined {
    const value = this.value(id);
    return value.kind === "result" ? this.operation(value.op) : undefined;
  }
  uses(id: ValueId): readonly Use[] {
    return usesOf(usesIn(this.module), id);
  }
  useCount(id: ValueId): number {
    return usesIn(this.module).count(id);
  }
  resource(key: string): Resource | undefined {
    return this.module.resources[key];
  }
}

/** Every operation below `root` (itself included), outermost first, in program order. */
export function* walk(reader: IrReader, root: OpId = reader.root): Generator<Operation> {
  const stack: OpId[] = [root];
  while (stack.length > 0) {
    const op = reader.operation(stack.pop()!);
    yield op;
    for (let region = op.regions.length - 1; region >= 0; region--) {
      const blocks = op.regions[region]!;
      for (let block = blocks.length - 1; block >= 0; block--) {
        const { operations } = reader.block(blocks[block]!);
        for (let index = operations.length - 1; index >= 0; index--) stack.push(operations[index]!);
      }
    }
  }
}

/** The operations of the entry block of one of `op`'s regions; empty when the region is. */
export function bodyOf(reader: IrReader, op: Operation, region = 0): readonly Operation[] {
  const entry = op.regions[region]?.[0];
  return entry === undefined ? [] : reader.block(entry).operations.map((id) => reader.operation(id));
}

/** The operation whose region holds `op`; undefined for the root. */
export function parentOf(reader: IrReader, op: Operation): Operation | undefined {
  return op.parent === undefined ? undefined : reader.operation(reader.block(op.parent).parent);
}

/** The last operation of a block; undefined when it is empty. */
export function terminatorOf(reader: IrReader, block: BlockId): Operation | undefined {
  const last = reader.block(block).operations.at(-1);
  return last === undefined ? undefined : reader.operation(last);
}

/** An attribute by name, whether it is inherent or added. */
export const attributeOf = (op: Operation, name: string) => op.properties[name] ?? op.attributes[name];
