import { elementCount } from "../../support/numeric/host-tensor.ts";

/** How one reshape makes a shape of another. */
export type Reshape =
  { readonly kind: "same" } | { readonly kind: "collapse" | "expand"; readonly groups: readonly (readonly number[])[] };

/**
 * The groups of neighbouring dimensions of `wide` whose products are the sizes of `narrow`; undefined when there are none, or when
 * a size of 0 makes them ambiguous.
 */
function reassociationOf(
  wide: readonly number[],
  narrow: readonly number[],
): readonly (readonly number[])[] | undefined {
  if (wide.includes(0) || elementCount(wide) !== elementCount(narrow)) return undefined;
  if (narrow.length === 0) return [];
  const groups: number[][] = [];
  let next = 0;
  for (const size of narrow) {
    const group: number[] = [];
    let product = 1;
    while (next < wide.length && (group.length === 0 || product < size)) {
      product *= wide[next]!;
      group.push(next++);
    }
    if (product !== size || group.length === 0) return undefined;
    groups.push(group);
  }
  // What is left has size 1.
  while (next < wide.length) groups.at(-1)!.push(next++);
  return groups;
}

/** The one reshape that makes `to` of `from`; undefined when it takes several. */
export function reshapeOf(from: readonly number[], to: readonly number[]): Reshape | undefined {
  if (from.length === to.length) return from.every((size, axis) => size === to[axis]) ? { kind: "same" } : undefined;
  const kind = from.length > to.length ? "collapse" : "expand";
  const groups = kind === "collapse" ? reassociationOf(from, to) : reassociationOf(to, from);
  return groups && { kind, groups };
}
