import type { InferenceContext, TypeInference } from "../assembly.ts";
import type { Attributes } from "../attributes.ts";
import { decodeAttributes } from "../define.ts";
import type { Operation } from "../module.ts";
import type { Type } from "../types.ts";
import type { AssemblyFormat } from "./assembly-format.ts";

/** What a declarative format's text told of an operation. */
export interface KnownTypes {
  readonly format: AssemblyFormat;
  /** By slot; filled as types become known. */
  readonly types: (readonly Type[] | undefined)[];
  /** How many operands there are in each slot. */
  readonly counts: readonly number[];
  readonly attributes: Attributes;
}

/** Computes the types of operands, and of results where that helps, from the declaration and the types that the text has. */
export function completeOperandTypes(known: KnownTypes): void {
  const { format, types, counts } = known;
  const { specs, operandCount, assembly } = format;
  for (let slot = 0; slot < specs.length; slot++) {
    const only = specs[slot]!.constraint.only;
    if (types[slot] === undefined && only !== undefined)
      types[slot] = repeated(only, slot < operandCount ? counts[slot]! : countOfResults(known, slot));
  }
  if (assembly.infer !== undefined) applyInference(known, assembly.infer);
  shareTypes(known);
}

/** The types of all results in order; undefined where they cannot be known. */
export function completeResultTypes(known: KnownTypes): readonly Type[] | undefined {
  const { types, format } = known;
  const { operandCount, names } = format;
  if (names.length === operandCount) return [];
  if (names.length === operandCount + 1 && types[operandCount] !== undefined) return types[operandCount];
  for (let slot = operandCount; slot < names.length; slot++) {
    if (types[slot] !== undefined) continue;
    if (format.definition.infer !== undefined) return inferredResults(known);
    // Where nothing is written there is nothing.
    if (format.specs[slot]!.arity === "one") return undefined;
    types[slot] = [];
  }
  return types.slice(operandCount).flatMap((list) => list!);
}

const repeated = (type: Type, count: number): readonly Type[] =>
  count === 1 ? [type] : Array.from({ length: count }, () => type);

/** A result whose type is fixed is there unless it may be absent, or occur any number of times. */
const countOfResults = ({ format }: KnownTypes, slot: number): number => (format.specs[slot]!.arity === "one" ? 1 : 0);

function applyInference(known: KnownTypes, infer: Readonly<Record<string, TypeInference>>): void {
  const { format, types, counts, attributes } = known;
  const { names, operandCount } = format;
  const context: InferenceContext = {
    attributes,
    all: (name) => types[names.indexOf(name)],
    count: (name) => counts[names.indexOf(name)] ?? 0,
  };
  // One may need what another finds.
  for (let progress = true; progress;) {
    progress = false;
    for (const name in infer) {
      const slot = names.indexOf(name);
      if (types[slot] !== undefined) continue;
      const first = Object.fromEntries(names.map((known, index) => [known, types[index]?.[0]]));
      const found = infer[name]!(first, context);
      if (found === undefined) continue;
      types[slot] = isList(found) ? found : repeated(found, slot < operandCount ? counts[slot]! : 1);
      progress = true;
    }
  }
}
const isList = (found: Type | readonly Type[]): found is readonly Type[] => Array.isArray(found);

/** Operands, and results where the traits say so, that have the type of any other. */
function shareTypes({ format, types, counts }: KnownTypes): void {
  const { definition, operandCount, names } = format;
  const { traits } = definition;
  const withResults = traits?.includes("same-operands-and-result-type") ?? false;
  if (!withResults && !traits?.includes("same-operands-type")) return;
  const end = withResults ? names.length : operandCount;
  let shared: Type | undefined;
  for (let slot = 0; slot < end && shared === undefined; slot++) shared = types[slot]?.[0];
  if (shared === undefined) return;
  for (let slot = 0; slot < end; slot++) types[slot] ??= repeated(shared, slot < operandCount ? counts[slot]! : 1);
}

/** What the declaration infers from operand types and attributes. */
function inferredResults({ format, types, counts, attributes }: KnownTypes): readonly Type[] | undefined {
  const { definition, names, specs, operandCount } = format;
  const { infer } = definition;
  if (infer === undefined) return undefined;
  const named: Record<string, Type | readonly Type[] | undefined> = {};
  for (let slot = 0; slot < operandCount; slot++) {
    const list = counts[slot] === 0 ? [] : (types[slot] ?? []);
    named[names[slot]!] = specs[slot]!.arity === "variadic" ? list : list[0];
  }
  const operation = { properties: attributes, attributes: {} } as Operation;
  const decoded = decodeAttributes(definition.attributes, operation);
  const inferred = infer({ types: named as never, attributes: decoded as never });
  return names.slice(operandCount).flatMap((name, index) => {
    const written = types[operandCount + index];
    const found = inferred[name] as Type | readonly Type[] | undefined;
    return written ?? (found === undefined ? [] : isList(found) ? found : [found]);
  });
}
