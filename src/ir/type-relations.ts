import type { OpView } from "./define.ts";
import { areCompatible } from "./type-compatibility.ts";
import { elementOf, type Type } from "./types.ts";

/** How types of an operation's operands and results must relate: upstream's `PredOpTrait`. */
export interface TypeRelation {
  /** Completes "failed to verify that …". */
  readonly description: string;
  holds(view: OpView): boolean;
}

/** The type of a declared operand or result that stands for one value. */
export function typeNamed(view: OpView, name: string): Type | undefined {
  const operand = view.types[name] as Type | undefined;
  if (operand !== undefined) return operand;
  const result = view.results[name] as number | undefined;
  return typeof result === "number" ? view.reader.typeOf(result as never) : undefined;
}
const typesNamed = (view: OpView, names: readonly string[]): readonly Type[] =>
  names.map((name) => typeNamed(view, name)).filter((type) => type !== undefined);

/** All of them have one type. */
export const sameType = (...names: readonly string[]): TypeRelation => ({
  description: `all of {${names.join(", ")}} have same type`,
  holds: (view) => {
    const types = typesNamed(view, names);
    return types.every((type) => type === types[0]);
  },
});
/** All of them have one element type; `description` where upstream says it otherwise. */
export const sameElementType = (names: readonly string[], description?: string): TypeRelation => ({
  description: description ?? `all of {${names.join(", ")}} have same element type`,
  holds: (view) => {
    const elements = typesNamed(view, names).map(elementOf);
    return elements.every((element) => element === elements[0]);
  },
});
/** All of them have as many dimensions. */
export const sameRank = (...names: readonly string[]): TypeRelation => ({
  description: `all of {${names.join(", ")}} have same rank`,
  holds: (view) => {
    const ranks = typesNamed(view, names).map((type) => ("shape" in type ? type.shape.length : undefined));
    return ranks.every((rank) => rank === ranks[0]);
  },
});
/** The type of `name` is what `expected` makes of the type of `of`. */
export const typeFollows = (
  description: string,
  name: string,
  of: string,
  expected: (type: Type) => Type | undefined,
): TypeRelation => ({
  description,
  holds: (view) => {
    const source = typeNamed(view, of);
    const found = typeNamed(view, name);
    return source === undefined || found === undefined || found === expected(source);
  },
});
/** The same, but for sizes that only one of the two types has. */
export const typeFollowsLoosely = (
  description: string,
  name: string,
  of: string,
  expected: (type: Type) => Type,
): TypeRelation => ({
  description,
  holds: (view) => {
    const source = typeNamed(view, of);
    const found = typeNamed(view, name);
    return source === undefined || found === undefined || areCompatible(found, expected(source));
  },
});
