import type { Diagnostic } from "../support/diagnostic.ts";
import { Dominance } from "./analysis/dominance.ts";
import { fitsRegions } from "./define.ts";
import {
  type BlockId,
  type Module,
  ModuleReader,
  type OpId,
  type Operation,
  parentOf,
  readPage,
  slotCount,
  type ValueId,
} from "./module.ts";
import { type OpChecks, opChecksOf, type ValueChecks } from "./op-checks.ts";
import type { Registry } from "./registry.ts";
import { symbolNameOf } from "./symbols.ts";
import { areCompatible } from "./type-compatibility.ts";
import type { Type } from "./types.ts";
import { segmentSizes, type ValueSpec } from "./value-specs.ts";
import { broken, malformed, verifyDiagnostics } from "./verify-diagnostics.ts";
import { verifyStructure } from "./verify-structure.ts";

/**
 * Checks a module against the rules of its structure and of the operations the registry declares. Operations of dialects it does not
 * know are only held to what holds for all. Findings come in program order; none means that the module is valid.
 */
export function verifyModule(module: Module, registry: Registry): readonly Diagnostic[] {
  const verifier = new Verifier(new ModuleReader(module), registry);
  try {
    if (verifier.run()) return verifier.found;
  } catch (cause) {
    // A rule may have followed a link that leads nowhere, before the walk came there.
    const structure = verifyStructure(module);
    if (structure.length > 0) return structure;
    throw cause;
  }
  // Nothing else can be asked of tables that disagree with each other.
  return verifyStructure(module);
}

/** A block that is being walked. */
interface Frame {
  readonly block: BlockId;
  readonly operations: readonly OpId[];
  next: number;
}

/** How upstream says what number of regions is wanted. */
const regionCount = (count: number): string =>
  count === 0 ? "requires zero regions" : count === 1 ? "requires one region" : `expected ${count} regions`;

const visibilities: readonly string[] = ["public", "private", "nested"];

/** How upstream says what number of operands or results is wanted. */
function valueCount(what: "operand" | "result", specs: Readonly<Record<string, ValueSpec>>, found: number): string {
  const all = Object.values(specs);
  const least = all.reduce((sum, { arity, minimum = 0 }) => sum + (arity === "one" ? 1 : minimum), 0);
  const isExact = all.every(({ arity }) => arity === "one");
  const tail = what === "operand" ? `, but found ${found}` : "";
  if (!isExact) {
    const names = Object.entries(specs).map(([name, { arity }]) => (arity === "one" ? name : `${name} (${arity})`));
    return `expected ${least} or more ${what}s, but found ${found}; they are ${names.join(", ")}`;
  }
  if (least === 0) return `requires zero ${what}s`;
  if (least === 1) return what === "operand" ? "requires a single operand" : "requires one result";
  return `expected ${least} ${what}s${tail}`;
}

function segmentSum(
  what: "operand" | "result",
  count: number,
  { values }: { readonly values: readonly (number | bigint)[] },
): string {
  const sum = values.reduce<number>((total, size) => total + Number(size), 0);
  const name = `${what}SegmentSizes`;
  if (sum === count)
    return `'${name}' attribute for specifying ${what} segments must have one element for each of them`;
  return `${what} count (${count}) does not match with the total size (${sum}) specified in attribute '${name}'`;
}

const nowhere = -1;

/** Goes over the program once, so that each record is looked at while it is at hand. */
class Verifier {
  readonly found: Diagnostic[] = [];
  readonly #reader: ModuleReader;
  readonly #registry: Registry;
  readonly #checksOf: (name: string) => OpChecks | undefined;
  readonly #dominance: Dominance;
  /** The block of each operation that was come to, and its place there. */
  readonly #homes: Int32Array;
  readonly #places: Int32Array;
  readonly #seenBlocks: Uint8Array;
  readonly #frames: Frame[] = [];
  /** First blocks of regions that something goes to. */
  readonly #reentered = new Set<BlockId>();

  constructor(reader: ModuleReader, registry: Registry) {
    this.#reader = reader;
    this.#registry = registry;
    this.#checksOf = opChecksOf(registry);
    const operations = slotCount(reader.module.operations);
    this.#homes = new Int32Array(operations).fill(nowhere);
    this.#places = new Int32Array(operations);
    this.#seenBlocks = new Uint8Array(slotCount(reader.module.blocks));
    this.#dominance = new Dominance(
      reader,
      (op) => this.#checksOf(op.name)?.isIsolated ?? false,
      (op) => this.#checksOf(op.name)?.needsNoTerminator ?? true,
    );
  }

  /** False when the module's tables disagree: then `verifyStructure` says how. */
  run(): boolean {
    const { operations, root } = this.#reader.module;
    const module = readPage(operations, root);
    if (module === undefined || module.parent !== undefined || !this.#visit(module)) return false;
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.next === frame.operations.length) {
        this.#frames.pop();
        continue;
      }
      const place = frame.next++;
      const op = readPage(operations, frame.operations[place]!);
      if (op === undefined || op.parent !== frame.block || this.#homes[op.id] !== nowhere) return false;
      this.#homes[op.id] = frame.block;
      this.#places[op.id] = place;
      if (!this.#visit(op)) return false;
    }
    return true;
  }

  #visit(op: Operation): boolean {
    const checks = this.#checksOf(op.name);
    if (!this.#areLinked(op) || !this.#operands(op)) return false;
    if (op.successors.length > 0 || checks?.isTerminator) this.#terminator(op);
    if (op.regions.length > 0) this.#regions(op, checks);
    if (checks?.isSymbol) this.#symbol(op);
    if (checks?.isSymbolTable) this.#symbolTable(op);
    if (checks !== undefined) this.#declared(op, checks);
    else this.#undeclared(op);
    return true;
  }

  #undeclared(op: Operation): void {
    const dialect = op.name.slice(0, Math.max(0, op.name.indexOf(".")));
    if (this.#registry.dialects.get(dialect)?.isOpen === false)
      this.found.push(verifyDiagnostics.at("unknown-operation", op.location, { op: op.name, dialect }));
  }

  /** Whether results, successors and blocks lead back to the operation; the walk goes on in the blocks. */
  #areLinked(op: Operation): boolean {
    const { values, blocks } = this.#reader.module;
    for (let index = 0; index < op.results.length; index++) {
      const value = readPage(values, op.results[index]!);
      if (value?.kind !== "result" || value.op !== op.id || value.index !== index) return false;
    }
    for (const successor of op.successors) if (readPage(blocks, successor) === undefined) return false;
    const first = this.#frames.length;
    for (let index = 0; index < op.regions.length; index++)
      for (const id of op.regions[index]!) {
        const block = readPage(blocks, id);
        if (block === undefined || block.parent !== op.id || block.regionIndex !== index) return false;
        if (this.#seenBlocks[id] === 1) return false;
        this.#seenBlocks[id] = 1;
        for (let position = 0; position < block.arguments.length; position++) {
          const value = readPage(values, block.arguments[position]!);
          if (value?.kind !== "argument" || value.block !== id || value.index !== position) return false;
        }
        this.#frames.push({ block: id, operations: block.operations, next: 0 });
      }
    // The last frame is walked first.
    if (this.#frames.length > first + 1) this.#frames.push(...this.#frames.splice(first).reverse());
    return true;
  }

  /** False when an operand has no definition. */
  #operands(op: Operation): boolean {
    const { operands, parent } = op;
    for (let index = 0; index < operands.length; index++) {
      const value = readPage(this.#reader.module.values, operands[index]!);
      if (value === undefined) return false;
      // Nearly all operands are defined in the block that reads them, before.
      if (value.kind === "argument") {
        if (value.block === parent) continue;
        if (readPage(this.#reader.module.blocks, value.block) === undefined) return false;
      } else {
        if (this.#homes[value.op] === parent && this.#places[value.op]! < this.#places[op.id]!) continue;
        if (readPage(this.#reader.module.operations, value.op) === undefined) return false;
      }
      const visibility = this.#dominance.visibility(operands[index]!, op);
      if (visibility.kind === "visible") continue;
      const location = value.kind === "argument" ? value.location : this.#reader.operation(value.op).location;
      const notes = [{ message: "operand defined here", location }];
      this.found.push(
        visibility.kind === "isolated"
          ? verifyDiagnostics.at("isolation", op.location, { op: op.name, isolated: visibility.by.name }, notes)
          : verifyDiagnostics.at("dominance", op.location, { op: op.name, index }, notes),
      );
    }
    return true;
  }

  // --- regions, blocks and terminators -----------------------------------------------------------------------------------------

  #terminator(op: Operation): void {
    const parent = op.parent === undefined ? undefined : this.#reader.block(op.parent);
    if (parent?.operations.at(-1) !== op.id)
      this.found.push(
        malformed(
          "terminator",
          op,
          op.successors.length > 0
            ? "operation with block successors must terminate its parent block"
            : "must be the last operation in the parent block",
        ),
      );
    for (const successor of op.successors) {
      const block = this.#reader.block(successor);
      const holder = this.#reader.operation(block.parent);
      if (holder.regions[block.regionIndex]![0] === successor && !this.#reentered.has(successor)) {
        this.#reentered.add(successor);
        this.found.push(malformed("region", holder, "entry block of region may not have predecessors"));
      }
      if (block.parent !== parent?.parent || block.regionIndex !== parent?.regionIndex)
        this.found.push(malformed("terminator", op, "branches to a block of a different region"));
    }
  }

  #regions(op: Operation, checks: OpChecks | undefined): void {
    for (let index = 0; index < op.regions.length; index++) {
      const region = op.regions[index]!;
      if (region.length > 1 && checks?.isSingleBlock)
        this.found.push(malformed("region", op, `expects region #${index} to have 0 or 1 blocks`));
      const mayEndAnyhow = region.length === 1 && (checks === undefined || checks.needsNoTerminator);
      if (!mayEndAnyhow) for (const block of region) this.#blockEnd(op, block);
    }
  }

  #blockEnd(op: Operation, id: BlockId): void {
    const last = this.#reader.block(id).operations.at(-1);
    if (last === undefined) {
      this.found.push(malformed("terminator", op, "has an empty block: expect at least a terminator"));
      return;
    }
    const ending = this.#reader.operation(last);
    // An unknown operation may be a terminator.
    if (this.#checksOf(ending.name)?.isTerminator === false)
      this.found.push(verifyDiagnostics.at("no-terminator", ending.location, { op: ending.name }));
  }

  // --- symbols -----------------------------------------------------------------------------------------------------------------

  #symbol(op: Operation): void {
    const visibility = op.properties["sym_visibility"];
    if (visibility?.kind === "string" && !visibilities.includes(visibility.value)) {
      const known = visibilities.map((name) => JSON.stringify(name)).join(", ");
      const found = JSON.stringify(visibility.value);
      this.found.push(malformed("symbol", op, `visibility expected to be one of [${known}], but got ${found}`));
    }
    if (symbolNameOf(op) === undefined || op.parent === undefined) return;
    if (this.#checksOf(parentOf(this.#reader, op)!.name)?.isSymbolTable === false)
      this.found.push(malformed("symbol", op, "symbol's parent must have the SymbolTable trait"));
  }

  #symbolTable(op: Operation): void {
    const seen = new Map<string, Operation>();
    for (const region of op.regions)
      for (const block of region)
        for (const id of this.#reader.block(block).operations) {
          const symbol = this.#reader.operation(id);
          const defined = symbolNameOf(symbol);
          if (defined === undefined) continue;
          const existing = seen.get(defined);
          if (existing === undefined) seen.set(defined, symbol);
          else
            this.found.push(
              verifyDiagnostics.at("symbol-redefinition", symbol.location, { name: defined }, [
                { message: "see existing symbol definition here", location: existing.location },
              ]),
            );
        }
  }

  // --- what the declaration says -----------------------------------------------------------------------------------------------

  #declared(op: Operation, checks: OpChecks): void {
    const before = this.found.length;
    this.#values(op, "operand", checks.operands, op.operands, "operandSegmentSizes");
    this.#values(op, "result", checks.results, op.results, "resultSegmentSizes");
    this.#attributes(op, checks);
    const { definition } = checks;
    if (op.regions.length !== checks.regions && !fitsRegions(definition, op.regions.length))
      this.found.push(malformed("region", op, regionCount(checks.regions)));
    if (this.found.length > before) return;
    if (checks.isOfOneType && this.#differ(op.operands, op.results))
      this.found.push(malformed("operands", op, "requires the same type for all operands and results"));
    if (checks.readsOneType && this.#differ(op.operands, []))
      this.found.push(malformed("operands", op, "requires all operands to have the same type"));
    if (!checks.needsView) return;
    const view = definition.match(this.#reader, op);
    if (view === undefined) return;
    for (const relation of definition.relations ?? [])
      if (!relation.holds(view)) {
        this.found.push(broken(op, `failed to verify that ${relation.description}`));
        return;
      }
    this.#inferred(op, checks, view);
    if (this.found.length > before) return;
    if (definition.verify !== undefined) this.found.push(...definition.verify(view as never));
  }

  #values(
    op: Operation,
    what: "operand" | "result",
    checks: ValueChecks,
    values: readonly ValueId[],
    segments: string,
  ): void {
    if (checks.isPlain && values.length === checks.constraints.length) {
      for (let index = 0; index < values.length; index++) this.#value(op, what, checks, index, values[index]!, index);
      return;
    }
    const sizes = segmentSizes(checks.specs, values.length, op.properties[segments], checks.isPositional);
    if (sizes === undefined) {
      this.#wrongCount(op, what, checks.specs, values.length);
      return;
    }
    let index = 0;
    for (let position = 0; position < sizes.length; position++)
      for (let count = sizes[position]!; count > 0; count--, index++)
        this.#value(op, what, checks, position, values[index]!, index);
  }

  #value(
    op: Operation,
    what: "operand" | "result",
    checks: ValueChecks,
    position: number,
    value: ValueId,
    index: number,
  ): void {
    const type = this.#reader.value(value).type;
    const constraint = checks.constraints[position]!;
    if (constraint.accepts(type) || (type.kind === "none" && checks.mayBeNone[position])) return;
    const many = Object.values(checks.specs)[position]!.arity === "variadic" ? "variadic of " : "";
    const text = `${what} #${index} must be ${many}${constraint.description}, but got '${type.text}'`;
    this.found.push(malformed(what === "operand" ? "operands" : "results", op, text));
  }

  #wrongCount(
    op: Operation,
    what: "operand" | "result",
    specs: Readonly<Record<string, ValueSpec>>,
    count: number,
  ): void {
    const segments = op.properties[what === "operand" ? "operandSegmentSizes" : "resultSegmentSizes"];
    const text = segments?.kind === "dense-array" ? segmentSum(what, count, segments) : valueCount(what, specs, count);
    this.found.push(malformed(what === "operand" ? "operands" : "results", op, text));
  }

  #attributes(op: Operation, checks: OpChecks): void {
    for (const { name, isRequired, codec } of checks.attributes) {
      const written = op.properties[name] ?? op.attributes[name];
      if (written === undefined) {
        if (isRequired) this.found.push(malformed("attribute", op, `requires attribute '${name}'`));
      } else if (codec.decode(written) === undefined)
        this.found.push(
          malformed("attribute", op, `attribute '${name}' failed to satisfy constraint: ${codec.description}`),
        );
    }
  }

  /** Whether any two of these values cannot have one type. */
  #differ(...lists: readonly (readonly ValueId[])[]): boolean {
    let first: Type | undefined;
    for (const list of lists)
      for (const value of list) {
        const type = this.#reader.value(value).type;
        first ??= type;
        if (type !== first && !areCompatible(type, first)) return true;
      }
    return false;
  }

  #inferred(op: Operation, { definition }: OpChecks, view: NonNullable<ReturnType<typeof definition.match>>): void {
    if (definition.infer === undefined || definition.traits?.includes("destination-style")) return;
    const { types, attributes } = view;
    const expected = Object.values(definition.infer({ types: types as never, attributes: attributes as never }))
      .flat()
      .filter((type): type is Type => type !== undefined);
    const found = op.results.map((result) => this.#reader.typeOf(result));
    if (expected.length === found.length && expected.every((type, index) => areCompatible(type, found[index]!))) return;
    const list = (all: readonly Type[]): string => all.map((type) => `'${type.text}'`).join(", ");
    this.found.push(
      malformed(
        "results",
        op,
        `inferred type(s) ${list(expected)} are incompatible with return type(s) of operation ${list(found)}`,
      ),
    );
  }
}
