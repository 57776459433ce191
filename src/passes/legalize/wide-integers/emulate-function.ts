import { isTriviallyDead } from "../../../ir/analysis/effects.ts";
import { typeAttribute } from "../../../ir/attributes.ts";
import { at, type InsertionPoint } from "../../../ir/builder.ts";
import { arith, func, gpu, memref, scf, vector } from "../../../ir/dialects/index.ts";
import { type BlockId, type Operation, type OpId, type ValueId, walk } from "../../../ir/module.ts";
import type { Registry } from "../../../ir/registry.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { functionType, i32, i64, indexType, type Type, vectorType, withElement } from "../../../ir/types.ts";
import { CompileError } from "../../../support/diagnostic.ts";
import { wideDiagnostics } from "./diagnostics.ts";
import type { Pair } from "./pair.ts";
import { wideRules } from "./rules.ts";
import { Words } from "./words.ts";

/** A long integer as one value. */
const pairType = vectorType([2], i32);
/** The type that takes the place of another. */
export const storedType = (type: Type): Type =>
  type === i64 ? pairType : type.kind === "memref" && type.element === i64 ? withElement(type, pairType) : type;

/** Operations that hand values on as they are, whatever their type. */
const handsOn: ReadonlySet<string> = new Set(
  [scf.for, scf.if, scf.while, scf.condition, scf.yield, scf.index_switch, scf.execute_region]
    .map(({ name }) => name)
    .concat([memref.load, memref.store, func.call, func.return, gpu.return].map(({ name }) => name)),
);
/** The first operand that is a place, of operations that access memory. */
const firstPlace: Readonly<Record<string, number>> = {
  [memref.load.name]: 1,
  [memref.store.name]: 2,
  [vector.load.name]: 1,
  [vector.store.name]: 2,
};
/** Sums and products of places are places. */
const ofPlaces: ReadonlySet<string> = new Set([arith.addi.name, arith.subi.name, arith.muli.name]);

/** Whether an index is read as a place of accesses only, perhaps in sums and products. */
function isPlaceOnly(rewriter: Rewriter, index: ValueId, depth = 8): boolean {
  return rewriter.uses(index).every((use) => {
    const op = rewriter.operation(use.op);
    const first = firstPlace[op.name];
    if (first !== undefined) return use.index >= first;
    return depth > 0 && ofPlaces.has(op.name) && isPlaceOnly(rewriter, op.results[0]!, depth - 1);
  });
}

/** Makes long integers in one function pairs of words. @returns how many operations were rewritten */
export function emulateFunction(rewriter: Rewriter, fn: Operation, registry: Registry): number {
  const emulator = new FunctionEmulator(rewriter);
  const count = emulator.run(fn);
  if (count > 0) eraseDead(rewriter, fn, registry);
  return count;
}

class FunctionEmulator {
  readonly #rewriter: Rewriter;
  readonly #words: Words;
  /** Values that are or were long integers. */
  readonly #wide = new Set<ValueId>();
  readonly #pairs = new Map<ValueId, Pair>();

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
    this.#words = new Words(rewriter);
  }

  run(fn: Operation): number {
    const ids = Array.from(walk(this.#rewriter, fn.id), ({ id }) => id);
    for (const id of ids) this.#changeTypes(this.#rewriter.operation(id));
    let count = 0;
    for (const id of ids) if (id !== fn.id && this.#rewrite(this.#rewriter.operation(id))) count++;
    return count;
  }

  #changeTypes(op: Operation): void {
    const rewriter = this.#rewriter;
    const change = (value: ValueId): void => {
      const type = rewriter.typeOf(value);
      if (type === i64) this.#wide.add(value);
      else if (type.kind === "vector" && type.element === i64) this.#refuse(op, type);
      rewriter.setType(value, storedType(type));
    };
    op.results.forEach(change);
    for (const region of op.regions) for (const block of region) rewriter.block(block).arguments.forEach(change);
    const type = op.properties["function_type"];
    if (type?.kind !== "type" || type.type.kind !== "function") return;
    const changed = functionType(type.type.inputs.map(storedType), type.type.results.map(storedType));
    rewriter.update(op.id, { properties: { ...op.properties, function_type: typeAttribute(changed) } });
  }

  #refuse(op: Operation, type: Type = i64): never {
    throw new CompileError([wideDiagnostics.at("operation", op.location, { name: op.name, type: type.text })]);
  }

  /** Whether the operation computed on long integers. */
  #rewrite(op: Operation): boolean {
    const rewriter = this.#rewriter;
    const isWide = (value: ValueId): boolean => this.#wide.has(value);
    if (!op.operands.some(isWide) && !op.results.some(isWide)) return false;
    if (handsOn.has(op.name)) {
      if (op.name === scf.for.name && op.operands.slice(0, 3).some(isWide)) this.#refuse(op);
      return true;
    }
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const [result] = op.results;
    const made =
      result === undefined || op.results.length > 1
        ? undefined
        : wideRules.get(op.name)?.({
            op,
            w: this.#words,
            isWide,
            pair: (value) => this.#pair(value),
            result: isWide(result) ? i64 : rewriter.typeOf(result),
            mayWrapIndex: rewriter.typeOf(result) === indexType && isPlaceOnly(rewriter, result),
          });
    if (made === undefined) return this.#refuse(op);
    rewriter.replace(op, [typeof made === "object" ? this.#joined(made) : made]);
    return true;
  }

  #joined(pair: Pair): ValueId {
    const value = vector.from_elements.build(
      this.#rewriter,
      { elements: [pair.low, pair.high] },
      {},
      { resultTypes: [pairType] },
    ).dest;
    this.#wide.add(value);
    this.#pairs.set(value, pair);
    return value;
  }

  /** The words of a long integer: those it was made of, or else taken from it where it comes to be. */
  #pair(value: ValueId): Pair {
    const known = this.#pairs.get(value);
    if (known !== undefined) return known;
    const rewriter = this.#rewriter;
    const word = (position: number): ValueId =>
      vector.extract.build(rewriter, { source: value }, { static_position: [position] }, { resultTypes: [i32] }).result;
    const pair = at(rewriter, this.#after(value), () => ({ low: word(0), high: word(1) }));
    this.#pairs.set(value, pair);
    return pair;
  }
  #after(value: ValueId): InsertionPoint {
    const rewriter = this.#rewriter;
    const definition = rewriter.definition(value);
    const made = rewriter.value(value);
    const block = (made.kind === "argument" ? made.block : definition?.parent) as BlockId;
    const { operations } = rewriter.block(block);
    const position = definition === undefined ? 0 : operations.indexOf(definition.id) + 1;
    const next: OpId | undefined = operations[position];
    return next === undefined ? { kind: "end", block } : { kind: "before", op: next };
  }
}

/** Drops words that nothing reads. */
function eraseDead(rewriter: Rewriter, fn: Operation, registry: Registry): void {
  for (const { id } of Array.from(walk(rewriter, fn.id)).reverse()) {
    const op = rewriter.operation(id);
    const isArithmetic = op.regions.length === 0 && op.results.length > 0;
    if (isArithmetic && isTriviallyDead(rewriter, registry, op)) rewriter.erase(op);
  }
}
