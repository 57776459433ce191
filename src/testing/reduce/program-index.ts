import type { Attribute } from "../../ir/attributes.ts";
import {
  type BlockId,
  ModuleReader,
  type Module,
  type OpId,
  type Operation,
  type ValueId,
  walk,
} from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { attributeText } from "../../ir/text/print-attribute.ts";
import type { Type } from "../../ir/types.ts";

/** Operations before another one whose results are looked at as substitutes. */
const substituteWindow = 32;

interface Ranked {
  readonly value: ValueId;
  readonly rank: number;
}

/** What edits need to know of the module they are planned for. */
export class ProgramIndex {
  readonly module: Module;
  readonly reader: ModuleReader;
  readonly registry: Registry;
  /** Every operation but the root, in program order. */
  readonly operations: readonly Operation[];
  readonly #positions = new Map<OpId, number>();
  readonly #ranks = new Map<OpId, number>();
  #firstOfType: Map<BlockId, Map<Type, Ranked>> | undefined;
  #symbolUsers: ReadonlyMap<string, readonly OpId[]> | undefined;

  constructor(module: Module, registry: Registry) {
    this.module = module;
    this.reader = new ModuleReader(module);
    this.registry = registry;
    this.operations = [...walk(this.reader)].filter((op) => op.parent !== undefined);
    this.operations.forEach((op, rank) => {
      this.#ranks.set(op.id, rank);
      for (const region of op.regions) this.#number(region);
    });
    for (const region of this.reader.operation(module.root).regions) this.#number(region);
  }

  #number(region: readonly BlockId[]): void {
    for (const id of region)
      this.reader.block(id).operations.forEach((op, position) => this.#positions.set(op, position));
  }

  isIsolated(op: Operation): boolean {
    return op.parent === undefined || this.registry.hasTrait(op, "isolated-from-above");
  }

  /** Whether the operation may be the end that its block needs. */
  isTerminator(op: Operation): boolean {
    if (op.successors.length > 0 || this.registry.hasTrait(op, "terminator")) return true;
    if (op.parent === undefined || this.registry.definition(op.name) !== undefined) return false;
    const block = this.reader.block(op.parent);
    if (block.operations.at(-1) !== op.id) return false;
    const parent = this.reader.operation(block.parent);
    const definition = this.registry.definition(parent.name);
    const mayEndAnyhow = definition === undefined || (definition.traits?.includes("no-terminator") ?? false);
    return !mayEndAnyhow || parent.regions[block.regionIndex]!.length > 1;
  }

  /** Blocks around an operation, innermost first, as far out as its operands may reach. */
  *enclosingBlocks(op: Operation): Generator<{ readonly block: BlockId; readonly child: OpId }> {
    let child = op;
    while (child.parent !== undefined) {
      yield { block: child.parent, child: child.id };
      child = this.reader.operation(this.reader.block(child.parent).parent);
      if (this.isIsolated(child)) return;
    }
  }

  /**
   * A value of a type that may be read wherever the operation's results are, other than those: one of its operands, an argument of
   * a block around it, or a result shortly before it.
   */
  substitute(rewriter: Rewriter, op: Operation, type: Type): ValueId | undefined {
    const own = new Set(op.results);
    const fits = (value: ValueId): boolean => !own.has(value) && rewriter.typeOf(value) === type;
    const operand = rewriter.operation(op.id).operands.find(fits);
    if (operand !== undefined) return operand;
    for (const { block, child } of this.enclosingBlocks(op)) {
      if (!hasBlock(rewriter, block)) return undefined;
      const argument = rewriter.block(block).arguments.find(fits);
      if (argument !== undefined) return argument;
      const { operations } = this.reader.block(block);
      const end = this.#positions.get(child)!;
      for (let index = end - 1; index >= Math.max(0, end - substituteWindow); index--) {
        if (!rewriter.exists(operations[index]!)) continue;
        const result = rewriter.operation(operations[index]!).results.find(fits);
        if (result !== undefined) return result;
      }
    }
    return undefined;
  }

  /** The first value of the type in the program that the operation may read, if it comes before `than`. */
  earliest(op: Operation, type: Type, than: ValueId): ValueId | undefined {
    const tables = (this.#firstOfType ??= this.#findFirst());
    const outermostFirst = [...this.enclosingBlocks(op)].reverse();
    for (const { block, child } of outermostFirst) {
      const { parent, regionIndex } = this.reader.block(block);
      const entry = this.reader.operation(parent).regions[regionIndex]![0]!;
      const found = tables.get(entry)?.get(type) ?? tables.get(block)?.get(type);
      if (found === undefined) continue;
      if (found.value === than) return undefined;
      if (found.rank < this.#ranks.get(child)!) return found.value;
    }
    return undefined;
  }

  #findFirst(): Map<BlockId, Map<Type, Ranked>> {
    const tables = new Map<BlockId, Map<Type, Ranked>>();
    const add = (block: BlockId, value: ValueId, rank: number): void => {
      let table = tables.get(block);
      if (table === undefined) tables.set(block, (table = new Map()));
      const type = this.reader.typeOf(value);
      if (!table.has(type)) table.set(type, { value, rank });
    };
    for (const op of walk(this.reader)) {
      for (const region of op.regions)
        for (const block of region) for (const argument of this.reader.block(block).arguments) add(block, argument, -1);
      if (op.parent !== undefined) for (const result of op.results) add(op.parent, result, this.#ranks.get(op.id)!);
    }
    return tables;
  }

  /** Operations whose attributes mention a symbol. */
  usersOf(symbol: string): readonly OpId[] {
    this.#symbolUsers ??= this.#findSymbolUsers();
    return this.#symbolUsers.get(symbol) ?? [];
  }

  #findSymbolUsers(): ReadonlyMap<string, readonly OpId[]> {
    const users = new Map<string, OpId[]>();
    for (const op of this.operations)
      for (const attribute of [...Object.values(op.properties), ...Object.values(op.attributes)])
        for (const name of mentionedSymbols(attribute)) {
          const known = users.get(name);
          if (known === undefined) users.set(name, [op.id]);
          else known.push(op.id);
        }
    return users;
  }
}

function* mentionedSymbols(attribute: Attribute): Generator<string> {
  switch (attribute.kind) {
    case "symbol":
      yield attribute.root;
      yield* attribute.nested;
      return;
    case "array":
      for (const element of attribute.elements) yield* mentionedSymbols(element);
      return;
    case "dictionary":
      for (const entry of Object.values(attribute.entries)) yield* mentionedSymbols(entry);
      return;
    case "dialect":
    case "verbatim":
      for (const [, bare, text] of attributeText(attribute).matchAll(/@(?:([\w$.]+)|"((?:[^"\\]|\\.)*)")/g))
        yield bare ?? text!;
      return;
    default:
  }
}

/** Whether the block is still there. */
export function hasBlock(rewriter: Rewriter, id: BlockId): boolean {
  try {
    rewriter.block(id);
    return true;
  } catch {
    return false;
  }
}
