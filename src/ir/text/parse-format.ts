import {
  type FormatResults,
  MalformedOperation,
  type OperationParser,
  type ParsedOperation,
  type ParsedRegion,
  type UnresolvedOperand,
} from "../assembly.ts";
import { type Attribute, type Attributes, i32ArrayAttribute, noAttributes, unitAttribute } from "../attributes.ts";
import type { BlockId, ValueId } from "../module.ts";
import type { FunctionType, Type } from "../types.ts";
import { needsSegments, segmentSizes, type ValueSpec } from "../value-specs.ts";
import {
  type AssemblyFormat,
  type AttributeElement,
  type FormatElement,
  type OptionalElement,
  type TypeSource,
  variableNamed,
} from "./assembly-format.ts";
import { atForm, parseForm } from "./attribute-form.ts";
import { completeOperandTypes, completeResultTypes, type KnownTypes } from "./infer-types.ts";

/** Reads what follows an operation's name as its declarative format says. */
export function parseFormat(format: AssemblyFormat, parser: OperationParser): ParsedOperation {
  const reader = new FormatParser(format, parser);
  for (const element of format.elements) reader.read(element);
  return reader.finish();
}

const noOperands: readonly UnresolvedOperand[] = [];

class FormatParser implements FormatResults {
  readonly #format: AssemblyFormat;
  readonly #parser: OperationParser;
  readonly #operands: (readonly UnresolvedOperand[] | undefined)[] = [];
  readonly #types: (readonly Type[] | undefined)[] = [];
  #attributes: Attributes = noAttributes;
  readonly #named: [string, Attribute][] = [];
  readonly #regions: ParsedRegion[] = [];
  readonly #successors: (readonly BlockId[])[] = [];
  #allOperands: readonly UnresolvedOperand[] | undefined;
  #allOperandTypes: readonly Type[] | undefined;
  #allResultTypes: readonly Type[] | undefined;

  constructor(format: AssemblyFormat, parser: OperationParser) {
    this.#format = format;
    this.#parser = parser;
  }

  // --- elements ------------------------------------------------------------------------------------------------------------------

  read(element: FormatElement): void {
    const parser = this.#parser;
    switch (element.kind) {
      case "literal":
        if (element.text !== "") parser.expect(element.text);
        return;
      case "blank":
      case "newline":
        return;
      case "operand":
        this.#operands[element.slot] =
          element.arity === "variadic"
            ? parser.operands()
            : element.arity === "one" || parser.atOperand()
              ? [parser.operand()]
              : noOperands;
        return;
      case "operands":
        this.#allOperands = parser.operands();
        return;
      case "attribute":
        return this.#readAttribute(element);
      case "region":
        if (element.isVariadic) this.#regions.push(...this.#regionList());
        else this.#regions[element.index] = this.#region();
        return;
      case "regions":
        this.#regions.push(...this.#regionList());
        return;
      case "successor":
        this.#successors[element.index] = element.isVariadic ? this.#successorList() : [parser.successor()];
        return;
      case "successors":
        this.#successors[0] = this.#successorList();
        return;
      case "type":
        return this.#setTypes(element.of, this.#typeList(element.of));
      case "functional-type": {
        const type = parser.type();
        if (type.kind !== "function") parser.fail("requires a functional type");
        const { inputs, results } = type as FunctionType;
        this.#setTypes(element.inputs, inputs);
        this.#setTypes(element.results, results);
        return;
      }
      case "attribute-dictionary":
        if (!element.withKeyword || parser.optional("attributes")) this.#attributes = parser.attributeDictionary();
        return;
      case "property-dictionary":
        this.#named.push(...Object.entries(parser.propertyDictionary()));
        return;
      case "directive":
        return element.directive.parse(this, element.names, parser);
      case "optional":
        if (this.#isNext(element.first)) this.#readGroup(element);
        else for (const other of element.otherwise) this.read(other);
        return;
      case "clauses":
        return this.#readClauses(element.clauses);
    }
  }

  #readGroup({ elements, anchors }: OptionalElement): void {
    for (const element of elements) this.read(element);
    for (const anchor of anchors)
      if (anchor.kind === "attribute" && this.#isUnit(anchor.name)) this.setAttribute(anchor.name, unitAttribute);
  }
  #isUnit(name: string): boolean {
    return this.#format.definition.attributes[name]!.codec.description === "unit attribute";
  }

  #readClauses(clauses: readonly OptionalElement[]): void {
    const read = new Set<OptionalElement>();
    for (;;) {
      const clause = clauses.find(({ first }) => this.#isNext(first));
      if (clause === undefined) return;
      if (read.has(clause)) this.#parser.fail("has the same clause twice");
      read.add(clause);
      this.#readGroup(clause);
    }
  }

  #readAttribute({ name, spec, isUnit, isQualified }: AttributeElement): void {
    const attribute = isUnit
      ? unitAttribute
      : isQualified
        ? this.#parser.attribute()
        : parseForm(spec, this.#parser, name);
    this.setAttribute(name, attribute);
  }

  #region(): ParsedRegion {
    // A region of one block has it even where nothing is written in it.
    const isSingle = this.#format.definition.traits?.includes("single-block") ?? false;
    const region = isSingle ? this.#parser.region([]) : this.#parser.region();
    const { terminator } = this.#format.assembly;
    if (terminator !== undefined) this.#parser.ensureTerminator(region, terminator);
    return region;
  }
  #regionList(): readonly ParsedRegion[] {
    const regions: ParsedRegion[] = [];
    if (!this.#parser.at("{")) return regions;
    do regions.push(this.#region());
    while (this.#parser.optional(","));
    return regions;
  }
  #successorList(): readonly BlockId[] {
    const successors = [this.#parser.successor()];
    while (this.#parser.optional(",")) successors.push(this.#parser.successor());
    return successors;
  }

  /** One type for a single value, a list (possibly empty) for several. */
  #typeList(source: TypeSource): readonly Type[] {
    const parser = this.#parser;
    if (source.kind === "slot") {
      if (source.arity === "one") return [this.#typeOfSlot(source.slot)];
      return this.#operands[source.slot]?.length === 0 ? [] : parser.types();
    }
    if (source.kind === "operands" && this.#allOperands?.length === 0) return [];
    const { operandCount, names } = this.#format;
    const declared = source.kind === "operands" ? operandCount : names.length - operandCount;
    return declared === 0 ? [] : parser.types();
  }
  #typeOfSlot(slot: number): Type {
    const place = this.#parser.place();
    const type = this.#parser.type();
    const { kinds } = this.#format.specs[slot]!.constraint;
    if (kinds === undefined || kinds.accepted.includes(type.kind)) return type;
    const expected = kinds.name === undefined ? "" : `: expected ${kinds.name}, but found '${type.text}'`;
    return this.#parser.fail(`invalid kind of type specified${expected}`, place);
  }
  #setTypes(source: TypeSource, types: readonly Type[]): void {
    if (source.kind === "operands") this.#allOperandTypes = types;
    else if (source.kind === "results") this.#allResultTypes = types;
    else this.#types[source.slot] = types;
  }

  /** Whether the text goes on with the element that a group begins with. */
  #isNext(element: FormatElement): boolean {
    const parser = this.#parser;
    switch (element.kind) {
      case "literal":
        return parser.at(element.text);
      case "operand":
      case "operands":
        return parser.atOperand();
      case "attribute":
        return element.isQualified || atForm(element.spec, parser);
      case "region":
      case "regions":
        return parser.at("{");
      case "successor":
      case "successors":
        return parser.atSuccessor();
      case "directive":
        return element.directive.begins?.(parser) ?? false;
      default:
        return false;
    }
  }

  // --- what directives read and write --------------------------------------------------------------------------------------------

  #slot(name: string): number {
    return this.#format.names.indexOf(name);
  }
  operands(name: string): readonly UnresolvedOperand[] {
    return this.#operands[this.#slot(name)] ?? noOperands;
  }
  setOperands(name: string, operands: readonly UnresolvedOperand[]): void {
    this.#operands[this.#slot(name)] = operands;
  }
  types(name: string): readonly Type[] | undefined {
    return this.#types[this.#slot(name)];
  }
  setTypes(name: string, types: readonly Type[]): void {
    this.#types[this.#slot(name)] = types;
  }
  attribute(name: string): Attribute | undefined {
    return this.#named.find(([known]) => known === name)?.[1] ?? this.#attributes[name];
  }
  setAttribute(name: string, attribute: Attribute): void {
    this.#named.push([name, attribute]);
  }
  setRegions(name: string, regions: readonly ParsedRegion[]): void {
    const variable = variableNamed(this.#format.definition, name);
    if (variable.kind !== "region") throw new MalformedOperation(`$${name} is no region`);
    regions.forEach((region, index) => (this.#regions[variable.index + index] = region));
  }
  setSuccessors(name: string, successors: readonly BlockId[]): void {
    const variable = variableNamed(this.#format.definition, name);
    if (variable.kind !== "successor") throw new MalformedOperation(`$${name} is no successor`);
    this.#successors[variable.index] = successors;
  }

  // --- the whole -----------------------------------------------------------------------------------------------------------------

  finish(): ParsedOperation {
    const { definition, operandCount, names } = this.#format;
    this.#divideValues();
    if (this.#allOperands === undefined && needsSegments(definition.operands))
      this.setAttribute("operandSegmentSizes", this.#sizes(0, operandCount, this.#operands));
    const known: KnownTypes = {
      format: this.#format,
      types: this.#types,
      counts: Array.from({ length: operandCount }, (_, slot) => this.#operands[slot]?.length ?? 0),
      attributes: this.#allAttributes(),
    };
    completeOperandTypes(known);
    const operands = this.#resolve();
    const resultTypes = completeResultTypes(known) ?? this.#parser.fail("does not tell the types of its results");
    const hasResultSegments = needsSegments(definition.results) && known.attributes["resultSegmentSizes"] === undefined;
    if (hasResultSegments)
      this.setAttribute("resultSegmentSizes", this.#sizes(operandCount, names.length, this.#types));
    const declaredRegions = definition.regions?.length ?? 0;
    for (let index = 0; index < declaredRegions; index++) this.#regions[index] ??= this.#parser.emptyRegion();
    return {
      operands,
      resultTypes,
      attributes: hasResultSegments ? this.#allAttributes() : known.attributes,
      regions: this.#regions,
      successors: this.#successors.length === 0 ? [] : this.#successors.flat(),
    };
  }

  #sizes(start: number, end: number, groups: readonly (readonly unknown[] | undefined)[]): Attribute {
    return i32ArrayAttribute(Array.from({ length: end - start }, (_, index) => groups[start + index]?.length ?? 0));
  }

  #allAttributes(): Attributes {
    if (this.#named.length === 0) return this.#attributes;
    return Object.fromEntries([...Object.entries(this.#attributes), ...this.#named]);
  }

  /** Gives what stands in one list in the text to its names. */
  #divideValues(): void {
    const { specs, operandCount } = this.#format;
    const [operands, results] = [specs.slice(0, operandCount), specs.slice(operandCount)];
    const wrong = (): never => this.#parser.fail("has a number of values that does not fit its names");
    if (this.#allOperands !== undefined) {
      const groups = divide(operands, this.#allOperands, this.#attributes["operandSegmentSizes"]) ?? wrong();
      groups.forEach((group, slot) => (this.#operands[slot] = group));
    }
    if (this.#allOperandTypes !== undefined) {
      let next = 0;
      for (let slot = 0; slot < operandCount; slot++) {
        const count = this.#operands[slot]?.length ?? 0;
        this.#types[slot] = this.#allOperandTypes.slice(next, (next += count));
      }
      if (next !== this.#allOperandTypes.length) this.#countMismatch(next, this.#allOperandTypes.length);
    }
    if (this.#allResultTypes !== undefined) {
      const groups = divide(results, this.#allResultTypes, this.#attributes["resultSegmentSizes"]) ?? wrong();
      groups.forEach((group, index) => (this.#types[operandCount + index] = group));
    }
  }
  #countMismatch(operands: number, types: number): never {
    const what = `number of operands and types do not match: got ${operands} operands and ${types} types`;
    const [first] = this.#allOperands ?? this.#operands.find((group) => (group?.length ?? 0) > 0) ?? [];
    return this.#parser.fail(what, first?.place);
  }

  #resolve(): readonly ValueId[] {
    const { operandCount, names } = this.#format;
    const operands: ValueId[] = [];
    for (let slot = 0; slot < operandCount; slot++) {
      const group = this.#operands[slot];
      if (group === undefined || group.length === 0) {
        if ((this.#types[slot]?.length ?? 0) > 0) this.#countMismatch(0, this.#types[slot]!.length);
        continue;
      }
      const types = this.#types[slot] ?? this.#parser.fail(`does not tell the type of '${names[slot]}'`);
      if (group.length !== types.length) this.#countMismatch(group.length, types.length);
      for (let index = 0; index < group.length; index++)
        operands.push(this.#parser.resolve(group[index]!, types[index]!));
    }
    return operands;
  }
}

/** Divides a list among declared values: by their sizes, or so that one of them takes what the others leave. */
function divide<T>(
  specs: readonly ValueSpec[],
  values: readonly T[],
  explicit: Attribute | undefined,
): readonly (readonly T[])[] | undefined {
  const sizes = segmentSizes(Object.fromEntries(specs.map((spec, slot) => [slot, spec])), values.length, explicit);
  let start = 0;
  return sizes?.map((size) => values.slice(start, (start += size)));
}
