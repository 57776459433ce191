import type { Attribute } from "./attributes.ts";
import type { TypeConstraint } from "./constraints.ts";
import type { Type } from "./types.ts";

// Operands and results as declarations name them, and which of an operation's values each name stands for.

/** How many values an operand or result stands for. */
export type Arity = "one" | "optional" | "variadic";
/** One declared operand or result. */
export interface ValueSpec<K extends Arity = Arity> {
  readonly arity: K;
  readonly constraint: TypeConstraint;
  /** The least number of values; only variadic ones say more than their arity does. */
  readonly minimum?: number;
  /** It has as many values as every other such one, so that their number alone tells what belongs to which. */
  readonly isEven?: boolean;
}
export const one = (constraint: TypeConstraint): ValueSpec<"one"> => ({ arity: "one", constraint });
export const optional = (constraint: TypeConstraint): ValueSpec<"optional"> => ({ arity: "optional", constraint });
export const variadic = (constraint: TypeConstraint, minimum = 0): ValueSpec<"variadic"> => ({
  arity: "variadic",
  constraint,
  minimum,
});

/** One of several variadic values of equal number. */
export const evenly = (constraint: TypeConstraint): ValueSpec<"variadic"> => ({
  arity: "variadic",
  constraint,
  isEven: true,
});

/** The operands or results of a declaration, by name. */
export type ValueSpecs = Readonly<Record<string, ValueSpec>>;

/** How many values each declared name stands for, or undefined when the count does not fit. */
export function segmentSizes(
  specs: ValueSpecs,
  count: number,
  explicit: Attribute | undefined,
  isPositional = false,
): readonly number[] | undefined {
  const arities = Object.values(specs).map((spec) => spec.arity);
  if (explicit?.kind === "dense-array") {
    const sizes = explicit.values.map(Number);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const fits = sizes.every((size, position) => {
      const arity = arities[position];
      return (
        size >= 0 && (arity === "variadic" || (arity === "optional" && size <= 1) || (arity === "one" && size === 1))
      );
    });
    return fits && sizes.length === arities.length && total === count ? sizes : undefined;
  }
  const flexible = arities.filter((arity) => arity !== "one").length;
  const rest = count - (arities.length - flexible);
  const even = Object.values(specs).filter((spec) => spec.isEven).length;
  if (even > 1 && even === flexible)
    return rest >= 0 && rest % even === 0 ? arities.map((arity) => (arity === "one" ? 1 : rest / even)) : undefined;
  if (rest < 0 || (flexible === 0 && rest !== 0)) return undefined;
  if (flexible > 1 && rest !== 0) return isPositional ? positionalSizes(arities, count) : undefined;
  const sizes = arities.map((arity) => (arity === "one" ? 1 : rest));
  return arities.some((arity, position) => arity === "optional" && sizes[position]! > 1) ? undefined : sizes;
}

/** One value for each name as long as there are values; the first variadic name takes what is left. */
function positionalSizes(arities: readonly Arity[], count: number): readonly number[] | undefined {
  let left = count;
  const sizes = arities.map((arity) => {
    const size = arity === "variadic" ? left : Math.min(left, 1);
    left -= size;
    return size;
  });
  return left === 0 && arities.every((arity, index) => arity !== "one" || sizes[index] === 1) ? sizes : undefined;
}

/** Whether optional values may be of type `none`, and stand by position. */
export const isPositional = ({ traits }: { readonly traits?: readonly string[] }): boolean =>
  traits?.includes("positional-values") ?? false;

/** Whether the operation carries `operandSegmentSizes` (or `resultSegmentSizes`): it has several optional or variadic groups. */
export const needsSegments = (specs: ValueSpecs): boolean =>
  Object.values(specs).filter((spec) => spec.arity !== "one" && !spec.isEven).length > 1;

/** The declared groups of a record by name, one list each. */
export const groupsOf = <T>(specs: ValueSpecs, byName: Readonly<Record<string, unknown>>): readonly (readonly T[])[] =>
  Object.keys(specs).map((name) => {
    const value = byName[name] as T | readonly T[] | undefined;
    return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
  });

/** Values by the name that they belong to. */
export function group<T>(
  specs: ValueSpecs,
  values: readonly T[],
  sizes: readonly number[],
): Readonly<Record<string, unknown>> {
  const grouped: Record<string, unknown> = {};
  let start = 0;
  let position = 0;
  for (const name in specs) {
    const size = sizes[position++]!;
    if (specs[name]!.arity === "variadic") grouped[name] = values.slice(start, start + size);
    else grouped[name] = size === 0 ? undefined : values[start];
    start += size;
  }
  return grouped;
}

/** The same with optional values of type `none` taken as not given. */
export function withoutNone(
  specs: ValueSpecs,
  grouped: Readonly<Record<string, unknown>>,
  typeOf: (value: unknown) => Type,
): Readonly<Record<string, unknown>> {
  const isNone = (name: string): boolean =>
    specs[name]!.arity === "optional" && grouped[name] !== undefined && typeOf(grouped[name]).kind === "none";
  if (!Object.keys(specs).some(isNone)) return grouped;
  return Object.fromEntries(Object.keys(specs).map((name) => [name, isNone(name) ? undefined : grouped[name]]));
}

/** Whether every declared name stands for exactly one value. */
const isPlain = (specs: ValueSpecs): boolean => Object.values(specs).every((spec) => spec.arity === "one");
/** The sizes of groups of one value each. */
export const ones: readonly number[] = Object.freeze(Array.from({ length: 64 }, () => 1));

/** How many values there are where every declared name stands for exactly one; negative for other declarations. */
export function plainCount(specs: ValueSpecs): number {
  const count = Object.keys(specs).length;
  return isPlain(specs) && count <= ones.length ? count : -1;
}
