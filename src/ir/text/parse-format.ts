import type { FormatAssembly, OperationParser, ParsedOperation, ParsedRegion, UnresolvedOperand } from "../assembly.ts";
import { type Attribute, type Attributes, i32ArrayAttribute, i64ArrayAttribute, unitAttribute } from "../attributes.ts";
import { type AnyOpDefinition, decodeAttributes, needsSegments } from "../define.ts";
import type { BlockId, Operation, ValueId } from "../module.ts";
import type { FunctionType, Type } from "../types.ts";
import type { AssemblyFormat, FormatElement, TypeSource } from "./assembly-format.ts";
import { atForm, parseForm } from "./attribute-form.ts";

const dynamicEntry = -(2 ** 63);

/** Reads what follows an operation's name as its declarative format says. */
export function parseFormat(
  definition: AnyOpDefinition,
  format: AssemblyFormat,
  infer: FormatAssembly["infer"],
  parser: OperationParser,
): ParsedOperation {
  const reader = new FormatParser(definition, parser);
  reader.read(format.elements);
  return reader.finish(infer);
}

type Specs = AnyOpDefinition["operands"];

class FormatParser {
  readonly #definition: AnyOpDefinition;
  readonly #parser: OperationParser;
  readonly #operands = new Map<string, readonly UnresolvedOperand[]>();
  readonly #operandTypes = new Map<string, readonly Type[]>();
  readonly #resultTypes = new Map<string, readonly Type[]>();
  readonly #attributes = new Map<string, Attribute>();
  readonly #regions = new Map<number, ParsedRegion>();
  readonly #successors: BlockId[] = [];
  #allOperands: readonly UnresolvedOperand[] | undefined;
  #allOperandTypes: readonly Type[] | undefined;
  #allResultTypes: readonly Type[] | undefined;

  constructor(definition: AnyOpDefinition, parser: OperationParser) {
    this.#definition = definition;
    this.#parser = parser;
  }

  read(elements: readonly FormatElement[]): void {
    for (const element of elements) this.#element(element);
  }

  #element(element: FormatElement): void {
    const parser = this.#parser;
    switch (element.kind) {
      case "literal":
        if (element.text !== "") parser.expect(element.text);
        return;
      case "blank":
        return;
      case "operand":
        this.#operands.set(element.name, this.#operand(element.name));
        return;
      case "operands":
        this.#allOperands = parser.operands();
        return;
      case "successors":
        this.#successors.push(parser.successor());
        while (parser.optional(",")) this.#successors.push(parser.successor());
        return;
      case "attribute": {
        const spec = this.#definition.attributes[element.name]!;
        const isUnit = spec.codec.description === "unit attribute";
        this.#attributes.set(element.name, isUnit ? unitAttribute : parseForm(spec, parser));
        return;
      }
      case "region":
        this.#regions.set(element.index, parser.region());
        return;
      case "type":
        this.#setTypes(element.of, this.#typeList(element.of));
        return;
      case "functional-type": {
        const type = parser.type();
        if (type.kind !== "function") parser.fail("expected a function type");
        const { inputs, results } = type as FunctionType;
        this.#setTypes(element.inputs, inputs);
        this.#setTypes(element.results, results);
        return;
      }
      case "attribute-dictionary":
        for (const [name, attribute] of Object.entries(parser.attributeDictionary()))
          this.#attributes.set(name, attribute);
        return;
      case "index-list":
        this.#indexList(element.operand, element.attribute);
        return;
      case "optional":
        if (this.#isNext(element.elements[0]!)) {
          this.read(element.elements);
          if (element.anchor.kind === "attribute") this.#presence(element.anchor.name);
        } else this.read(element.otherwise);
    }
  }

  /** A unit attribute is set by its group's presence. */
  #presence(name: string): void {
    const isUnit = this.#definition.attributes[name]!.codec.description === "unit attribute";
    if (isUnit) this.#attributes.set(name, unitAttribute);
  }

  #operand(name: string): readonly UnresolvedOperand[] {
    const { arity } = this.#definition.operands[name]!;
    if (arity === "one") return [this.#parser.operand()];
    if (arity === "variadic") return this.#parser.operands();
    return this.#parser.atOperand() ? [this.#parser.operand()] : [];
  }

  /** One type for a single value, a list (possibly empty) for a variadic one. */
  #typeList(source: TypeSource): readonly Type[] {
    const parser = this.#parser;
    if (source.kind === "operands" || source.kind === "results") {
      const specs = Object.values(this.#definition[source.kind]);
      if (source.kind === "operands" && this.#allOperands?.length === 0) return [];
      return specs.length === 0 ? [] : parser.types();
    }
    const spec = (source.kind === "operand" ? this.#definition.operands : this.#definition.results)[source.name]!;
    if (spec.arity === "one") return [parser.type()];
    return source.kind === "operand" && this.#operands.get(source.name)?.length === 0 ? [] : parser.types();
  }

  #setTypes(source: TypeSource, types: readonly Type[]): void {
    if (source.kind === "operands") this.#allOperandTypes = types;
    else if (source.kind === "results") this.#allResultTypes = types;
    else (source.kind === "operand" ? this.#operandTypes : this.#resultTypes).set(source.name, types);
  }

  #indexList(operand: string, attribute: string): void {
    const parser = this.#parser;
    const operands: UnresolvedOperand[] = [];
    const entries = parser.list("[", "]", () => {
      if (!parser.atOperand()) return Number(parser.integer());
      operands.push(parser.operand());
      return dynamicEntry;
    });
    this.#operands.set(operand, operands);
    this.#attributes.set(attribute, i64ArrayAttribute(entries));
  }

  #isNext(element: FormatElement): boolean {
    const parser = this.#parser;
    switch (element.kind) {
      case "literal":
        return element.text !== "" && parser.at(element.text);
      case "operand":
      case "operands":
        return parser.atOperand();
      case "attribute":
        return atForm(this.#definition.attributes[element.name]!, parser);
      case "region":
        return parser.at("{");
      case "index-list":
        return parser.at("[");
      default:
        return false;
    }
  }

  // --- types that the text leaves out --------------------------------------------------------------------------------------------

  finish(infer: FormatAssembly["infer"]): ParsedOperation {
    const definition = this.#definition;
    const operandSpecs = definition.operands;
    const groups = this.#operandGroups();
    const types = this.#knownTypes(infer, groups);
    const operands: ValueId[] = [];
    for (const name of Object.keys(operandSpecs)) {
      const group = groups.get(name) ?? [];
      operands.push(...this.#parser.resolveAll(group, this.#typesOf(types, name, group.length)));
    }
    if (needsSegments(operandSpecs))
      this.#attributes.set(
        "operandSegmentSizes",
        i32ArrayAttribute(Object.keys(operandSpecs).map((name) => groups.get(name)?.length ?? 0)),
      );
    const attributes: Attributes = Object.fromEntries(this.#attributes);
    const regions = (definition.regions ?? []).map(
      (_, index) => this.#regions.get(index) ?? this.#parser.emptyRegion(),
    );
    return {
      operands,
      resultTypes: this.#results(types, groups, attributes),
      attributes,
      regions,
      successors: this.#successors,
    };
  }

  /** Operands by name, also where the text has them in one list. */
  #operandGroups(): ReadonlyMap<string, readonly UnresolvedOperand[]> {
    if (this.#allOperands === undefined) {
      this.#splitTypes(this.#definition.operands, this.#allOperandTypes, this.#operandTypes);
      return this.#operands;
    }
    const groups = new Map<string, readonly UnresolvedOperand[]>();
    split(this.#definition.operands, this.#allOperands, groups, () => this.#parser.fail("wrong number of operands"));
    this.#splitTypes(this.#definition.operands, this.#allOperandTypes, this.#operandTypes);
    return groups;
  }

  #splitTypes(specs: Specs, types: readonly Type[] | undefined, into: Map<string, readonly Type[]>): void {
    if (types === undefined) return;
    const sizes = this.#allOperands === undefined && specs === this.#definition.operands ? this.#operands : undefined;
    split(specs, types, into, () => this.#parser.fail("wrong number of types"), sizes);
  }

  /** Single types by name: written ones, those the declaration fixes, and those that are the same as others. */
  #knownTypes(
    infer: FormatAssembly["infer"],
    groups: ReadonlyMap<string, readonly UnresolvedOperand[]>,
  ): Map<string, readonly Type[]> {
    const { operands, results, traits } = this.#definition;
    if (this.#allResultTypes !== undefined)
      split(results, this.#allResultTypes, this.#resultTypes, () => this.#parser.fail("wrong number of result types"));
    const known = new Map([...this.#operandTypes, ...this.#resultTypes]);
    for (const [name, spec] of [...Object.entries(operands), ...Object.entries(results)])
      if (!known.has(name) && spec.constraint.only !== undefined) {
        const count = name in operands ? (groups.get(name)?.length ?? 0) : 1;
        const { only } = spec.constraint;
        known.set(
          name,
          Array.from({ length: count }, () => only),
        );
      }
    for (const [name, compute] of Object.entries(infer)) {
      if (known.has(name)) continue;
      const type = compute(Object.fromEntries([...known].map(([key, list]) => [key, list[0]])));
      const count = name in operands ? (groups.get(name)?.length ?? 0) : 1;
      if (type !== undefined)
        known.set(
          name,
          Array.from({ length: count }, () => type),
        );
    }
    const same = traits?.includes("same-operands-and-result-type") ?? false;
    if (same || traits?.includes("same-operands-type")) {
      const names = same ? [...Object.keys(operands), ...Object.keys(results)] : Object.keys(operands);
      const shared = names.map((name) => known.get(name)?.[0]).find((type) => type !== undefined);
      if (shared !== undefined) for (const name of names) if (!known.has(name)) known.set(name, [shared]);
    }
    return known;
  }

  #typesOf(types: ReadonlyMap<string, readonly Type[]>, name: string, count: number): readonly Type[] {
    const known = types.get(name);
    if (known === undefined) return count === 0 ? [] : this.#parser.fail(`the type of operand ${name} is not known`);
    return known;
  }

  #results(
    types: ReadonlyMap<string, readonly Type[]>,
    groups: ReadonlyMap<string, readonly UnresolvedOperand[]>,
    attributes: Attributes,
  ): readonly Type[] {
    const { results, operands, infer } = this.#definition;
    const names = Object.keys(results);
    if (names.every((name) => types.has(name))) return names.flatMap((name) => types.get(name)!);
    if (infer === undefined) return this.#parser.fail("the result types are not known");
    const named = Object.fromEntries(
      Object.entries(operands).map(([name, spec]) => {
        const group = this.#typesOf(types, name, groups.get(name)?.length ?? 0);
        return [name, spec.arity === "variadic" ? group : group[0]];
      }),
    );
    const decoded = decodeAttributes(this.#definition.attributes, {
      properties: attributes,
      attributes: {},
    } as Operation);
    const inferred = infer({ types: named as never, attributes: decoded as never });
    return names.flatMap((name) => inferred[name] as Type | readonly Type[]);
  }
}

/** Divides a list among declared names: by the sizes of known groups, or so that one name takes what the others leave. */
function split<T>(
  specs: Specs,
  values: readonly T[],
  into: Map<string, readonly T[]>,
  wrong: () => never,
  sizes?: ReadonlyMap<string, readonly unknown[]>,
): void {
  const names = Object.keys(specs);
  const flexible = names.filter((name) => specs[name]!.arity !== "one");
  const rest = values.length - (names.length - flexible.length);
  if (sizes === undefined && (rest < 0 || flexible.length > 1 || (flexible.length === 0 && rest !== 0))) wrong();
  let start = 0;
  for (const name of names) {
    const size = sizes?.get(name)?.length ?? (specs[name]!.arity === "one" ? 1 : rest);
    into.set(name, values.slice(start, (start += size)));
  }
  if (start !== values.length) wrong();
}
