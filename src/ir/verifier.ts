import type { Diagnostic } from "../support/diagnostic.ts";
import { Dominance } from "./analysis/dominance.ts";
import { type AnyOpDefinition, fitsRegions, isPositional, segmentSizes, type Trait, type ValueSpec } from "./define.ts";
import { type BlockId, type Module, ModuleReader, type Operation, parentOf, type ValueId, walk } from "./module.ts";
import type { Registry } from "./registry.ts";
import { symbolNameOf } from "./symbols.ts";
import { areCompatible } from "./type-compatibility.ts";
import type { Type } from "./types.ts";
import { malformed, verifyDiagnostics } from "./verify-diagnostics.ts";
import { verifyStructure } from "./verify-structure.ts";

/**
 * Checks a module against the rules of its structure and of the operations the registry declares. Operations it does not know are
 * only held to what holds for all. Findings come in program order; none means that the module is valid.
 */
export function verifyModule(module: Module, registry: Registry): readonly Diagnostic[] {
  const structure = verifyStructure(module);
  // Nothing else can be asked of tables that disagree with each other.
  if (structure.length > 0) return structure;
  return new Verifier(new ModuleReader(module), registry).run();
}

/** How upstream says what number of regions is wanted. */
const regionCount = (count: number): string =>
  count === 0 ? "requires zero regions" : count === 1 ? "requires one region" : `expected ${count} regions`;

class Verifier {
  readonly #reader: ModuleReader;
  readonly #registry: Registry;
  readonly #dominance: Dominance;
  readonly #found: Diagnostic[] = [];

  constructor(reader: ModuleReader, registry: Registry) {
    this.#reader = reader;
    this.#registry = registry;
    this.#dominance = new Dominance(
      reader,
      (op) => registry.hasTrait(op, "isolated-from-above"),
      (op) => registry.definition(op.name) === undefined || registry.hasTrait(op, "no-terminator"),
    );
  }

  run(): readonly Diagnostic[] {
    for (const op of walk(this.#reader)) {
      const definition = this.#registry.definition(op.name);
      this.#operands(op);
      this.#terminators(op, definition);
      this.#symbols(op, definition);
      if (definition !== undefined) this.#declared(op, definition);
    }
    return this.#found;
  }

  #operands(op: Operation): void {
    op.operands.forEach((operand, index) => {
      const visibility = this.#dominance.visibility(operand, op);
      if (visibility.kind === "visible") return;
      const value = this.#reader.value(operand);
      const location = value.kind === "argument" ? value.location : this.#reader.operation(value.op).location;
      const notes = [{ message: "operand defined here", location }];
      this.#found.push(
        visibility.kind === "isolated"
          ? verifyDiagnostics.at("isolation", op.location, { op: op.name, isolated: visibility.by.name }, notes)
          : verifyDiagnostics.at("dominance", op.location, { op: op.name, index }, notes),
      );
    });
  }

  // --- regions, blocks and terminators -----------------------------------------------------------------------------------------

  #terminators(op: Operation, definition: AnyOpDefinition | undefined): void {
    const isTerminator = definition?.traits?.includes("terminator") ?? false;
    const parent = op.parent === undefined ? undefined : this.#reader.block(op.parent);
    const isLast = parent?.operations.at(-1) === op.id;
    if (!isLast && (isTerminator || op.successors.length > 0))
      this.#found.push(malformed("terminator", op, "must be the last operation in the parent block"));
    for (const successor of op.successors) {
      const block = this.#reader.block(successor);
      if (block.parent !== parent?.parent || block.regionIndex !== parent?.regionIndex)
        this.#found.push(malformed("terminator", op, "branches to a block of a different region"));
    }
    op.regions.forEach((region, index) => {
      if (region.length > 1 && definition?.traits?.includes("single-block"))
        this.#found.push(malformed("region", op, `expects region #${index} to have 0 or 1 blocks`));
      const mayEndAnyhow =
        region.length === 1 && (definition === undefined || definition.traits?.includes("no-terminator"));
      if (!mayEndAnyhow) for (const block of region) this.#blockEnd(op, block);
    });
  }

  #blockEnd(op: Operation, id: BlockId): void {
    const last = this.#reader.block(id).operations.at(-1);
    if (last === undefined) {
      this.#found.push(malformed("terminator", op, "has an empty block: expect at least a terminator"));
      return;
    }
    const ending = this.#reader.operation(last);
    const definition = this.#registry.definition(ending.name);
    // An unknown operation may be a terminator.
    if (definition !== undefined && !definition.traits?.includes("terminator"))
      this.#found.push(malformed("terminator", ending, "is at the end of a block but is no terminator"));
  }

  // --- symbols -----------------------------------------------------------------------------------------------------------------

  #symbols(op: Operation, definition: AnyOpDefinition | undefined): void {
    const name = symbolNameOf(op);
    if (definition?.traits?.includes("symbol") && name !== undefined && op.parent !== undefined) {
      const parent = parentOf(this.#reader, op)!;
      const known = this.#registry.definition(parent.name);
      if (known !== undefined && !known.traits?.includes("symbol-table"))
        this.#found.push(malformed("symbol", op, "symbol's parent must have the SymbolTable trait"));
    }
    if (!definition?.traits?.includes("symbol-table")) return;
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
            this.#found.push(
              verifyDiagnostics.at("symbol-redefinition", symbol.location, { name: defined }, [
                { message: "see existing symbol definition here", location: existing.location },
              ]),
            );
        }
  }

  // --- what the declaration says -----------------------------------------------------------------------------------------------

  #declared(op: Operation, definition: AnyOpDefinition): void {
    const before = this.#found.length;
    const positional = isPositional(definition);
    this.#values(op, "operand", definition.operands, op.operands, "operandSegmentSizes", positional);
    this.#values(op, "result", definition.results, op.results, "resultSegmentSizes", positional);
    this.#attributes(op, definition);
    const regions = definition.regions?.length ?? 0;
    if (!fitsRegions(definition, op.regions.length)) this.#found.push(malformed("region", op, regionCount(regions)));
    if (this.#found.length > before) return;
    this.#traits(op, definition.traits ?? []);
    const view = definition.match(this.#reader, op);
    if (view === undefined) return;
    this.#inferred(op, definition, view);
    if (definition.verify !== undefined) this.#found.push(...definition.verify(view as never));
  }

  #values(
    op: Operation,
    what: "operand" | "result",
    specs: Readonly<Record<string, ValueSpec>>,
    values: readonly ValueId[],
    segments: string,
    positional: boolean,
  ): void {
    const category = what === "operand" ? "operands" : "results";
    const sizes = segmentSizes(specs, values.length, op.properties[segments], positional);
    if (sizes === undefined) {
      const names = Object.entries(specs).map(([name, { arity }]) => (arity === "one" ? name : `${name} (${arity})`));
      const wanted = names.length === 0 ? "none" : names.join(", ");
      this.#found.push(
        malformed(category, op, `has ${values.length} ${what}s, which do not fit its ${what}s: ${wanted}`),
      );
      return;
    }
    let index = 0;
    Object.values(specs).forEach(({ constraint, arity }, position) => {
      for (let count = sizes[position]!; count > 0; count--, index++) {
        const type = this.#reader.typeOf(values[index]!);
        const isAbsent = positional && arity === "optional" && type.kind === "none";
        if (!isAbsent && !constraint.accepts(type))
          this.#found.push(
            malformed(category, op, `${what} #${index} must be ${constraint.description}, but got '${type.text}'`),
          );
      }
    });
  }

  #attributes(op: Operation, definition: AnyOpDefinition): void {
    for (const [name, { presence, codec }] of Object.entries(definition.attributes)) {
      const written = op.properties[name] ?? op.attributes[name];
      if (written === undefined) {
        if (presence === "required") this.#found.push(malformed("attribute", op, `requires attribute '${name}'`));
      } else if (codec.decode(written) === undefined)
        this.#found.push(
          malformed("attribute", op, `attribute '${name}' failed to satisfy constraint: ${codec.description}`),
        );
    }
  }

  #traits(op: Operation, traits: readonly Trait[]): void {
    const types = (values: readonly ValueId[]): readonly Type[] => values.map((value) => this.#reader.typeOf(value));
    const differ = (list: readonly Type[]): boolean => list.some((type) => !areCompatible(type, list[0]!));
    if (traits.includes("same-operands-and-result-type") && differ([...types(op.operands), ...types(op.results)]))
      this.#found.push(malformed("operands", op, "requires the same type for all operands and results"));
    if (traits.includes("same-operands-type") && differ(types(op.operands)))
      this.#found.push(malformed("operands", op, "requires all operands to have the same type"));
  }

  #inferred(op: Operation, definition: AnyOpDefinition, view: NonNullable<ReturnType<AnyOpDefinition["match"]>>): void {
    if (definition.infer === undefined) return;
    const { types, attributes } = view;
    const expected = Object.values(definition.infer({ types: types as never, attributes: attributes as never }))
      .flat()
      .filter((type): type is Type => type !== undefined);
    const found = op.results.map((result) => this.#reader.typeOf(result));
    if (expected.length === found.length && expected.every((type, index) => areCompatible(type, found[index]!))) return;
    const list = (all: readonly Type[]): string => all.map((type) => `'${type.text}'`).join(", ");
    this.#found.push(
      malformed(
        "results",
        op,
        `inferred type(s) ${list(expected)} are incompatible with return type(s) of operation ${list(found)}`,
      ),
    );
  }
}
