import type { CustomDirective, FormatAssembly } from "../assembly.ts";
import type { AnyAttributeSpec } from "../attribute-codecs.ts";
import type { AnyOpDefinition } from "../define.ts";
import type { Arity, ValueSpec } from "../value-specs.ts";

/** Number of a declared operand or result: operands first, then results, each in order of declaration. */
export type Slot = number;
/** Whose types a directive means: those of one declared name, of all operands, or of all results. */
export type TypeSource =
  | { readonly kind: "operands" }
  | { readonly kind: "results" }
  | { readonly kind: "slot"; readonly slot: Slot; readonly arity: Arity };

/** A named part of a declaration, as an argument of a custom directive or as what decides about an optional group. */
export type Variable =
  | { readonly kind: "operand"; readonly slot: Slot; readonly arity: Arity }
  | { readonly kind: "result"; readonly slot: Slot }
  | { readonly kind: "attribute"; readonly name: string }
  | RegionVariable
  | SuccessorVariable;
interface RegionVariable {
  readonly kind: "region";
  /** Position of the only region of this name, or of the first. */
  readonly index: number;
  /** Whether the name stands for all further regions. */
  readonly isVariadic: boolean;
}
interface SuccessorVariable {
  readonly kind: "successor";
  readonly index: number;
  readonly isVariadic: boolean;
}

interface Spaced {
  /** Whether a blank is printed before it. */
  readonly space: boolean;
}
/** An attribute that the format names. */
export interface AttributeElement extends Spaced {
  readonly kind: "attribute";
  readonly name: string;
  readonly spec: AnyAttributeSpec;
  /** Written by the presence of the group it stands in. */
  readonly isUnit: boolean;
  /** Written as a whole, with its dialect and type. */
  readonly isQualified: boolean;
}
/** `custom<Name>(…)`. */
export interface DirectiveElement extends Spaced {
  readonly kind: "directive";
  readonly directive: CustomDirective;
  readonly names: readonly string[];
}
/** Elements that are there together, or not at all. */
export interface OptionalElement {
  readonly kind: "optional";
  readonly elements: readonly FormatElement[];
  /** The element whose text tells that the group is there. */
  readonly first: FormatElement;
  readonly otherwise: readonly FormatElement[];
  /** What is there when the group is: any of these. */
  readonly anchors: readonly Anchor[];
}
/** What decides whether a group is printed. */
export type Anchor = Variable | TypeSource | { readonly kind: "always" };

/** One part of a declarative format. */
export type FormatElement =
  | ({ readonly kind: "literal"; readonly text: string } & Spaced)
  | { readonly kind: "blank" }
  | { readonly kind: "newline" }
  | ({ readonly kind: "operand"; readonly slot: Slot; readonly arity: Arity } & Spaced)
  | AttributeElement
  | (RegionVariable & Spaced)
  | (SuccessorVariable & Spaced)
  | ({ readonly kind: "operands" | "successors" | "regions" } & Spaced)
  | ({ readonly kind: "type"; readonly of: TypeSource } & Spaced)
  | ({ readonly kind: "functional-type"; readonly inputs: TypeSource; readonly results: TypeSource } & Spaced)
  | { readonly kind: "attribute-dictionary"; readonly withKeyword: boolean }
  | { readonly kind: "property-dictionary" }
  | DirectiveElement
  | OptionalElement
  /** `oilist(…)`: groups in any order, each at most once; every one begins with a literal. */
  | { readonly kind: "clauses"; readonly clauses: readonly OptionalElement[] };

/** A format in parts. */
export interface AssemblyFormat {
  readonly definition: AnyOpDefinition;
  readonly assembly: FormatAssembly;
  readonly elements: readonly FormatElement[];
  /** Attributes that it mentions, which an attribute dictionary leaves out. */
  readonly attributes: ReadonlySet<string>;
  /** Segment sizes that it tells by itself. */
  readonly segments: ReadonlySet<string>;
  /** Whether properties stand in a dictionary of their own. */
  readonly hasPropertyDictionary: boolean;
  /** Names and declarations by slot. */
  readonly names: readonly string[];
  readonly specs: readonly ValueSpec[];
  readonly operandCount: number;
}

/** What a name in a directive's argument stands for. @throws Error when the declaration has no such name. */
export function variableNamed(definition: AnyOpDefinition, name: string): Variable {
  const { operands, results, attributes, regions = [], variadicRegion, successors = {} } = definition;
  if (Object.hasOwn(attributes, name)) return { kind: "attribute", name };
  const operand = Object.keys(operands).indexOf(name);
  if (operand >= 0) return { kind: "operand", slot: operand, arity: operands[name]!.arity };
  const region = regions.indexOf(name);
  if (region >= 0) return { kind: "region", index: region, isVariadic: false };
  if (name === variadicRegion) return { kind: "region", index: regions.length, isVariadic: true };
  const successor = Object.keys(successors).indexOf(name);
  if (successor >= 0) return { kind: "successor", index: successor, isVariadic: successors[name] === "variadic" };
  const result = Object.keys(results).indexOf(name);
  if (result >= 0) return { kind: "result", slot: Object.keys(operands).length + result };
  throw new Error(`${definition.name}: assembly format: unknown variable $${name}`);
}
