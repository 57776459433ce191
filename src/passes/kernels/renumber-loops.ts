import { type AffineExpression, affine, dimensionsOf, substituteAffine } from "../../ir/affine.ts";
import type { KernelGroup } from "./group.ts";
import type { Placed } from "./placed-operands.ts";

/** Loops renumbered: each old loop is a new one, or stands still. */
export interface Renumbering {
  /** For each old loop, what it is in terms of the new ones. */
  readonly expressions: readonly AffineExpression[];
  readonly bounds: readonly number[];
  readonly iterators: KernelGroup["iterators"];
}

/** Whether an operand has loops `outer` and `inner` as neighbouring dimensions without a gap, or neither of them. */
function mergesIn({ dimensions }: Placed, outer: number, inner: number, size: number): boolean {
  const uses = dimensions.map(({ index }) => dimensionsOf(index)).map((loops) => loops.has(outer) || loops.has(inner));
  if (!uses.includes(true)) return true;
  const at = (loop: number) =>
    dimensions.findIndex(({ index }) => index.kind === "dimension" && index.position === loop);
  const [first, second] = [at(outer), at(inner)];
  if (first < 0 || second !== first + 1 || uses.filter(Boolean).length !== 2) return false;
  return dimensions[first]!.stride === dimensions[second]!.stride * size;
}

/** Decides which loops go and which become one. */
export function renumber(group: KernelGroup, operands: readonly Placed[], indexed: ReadonlySet<number>): Renumbering {
  const still = affine.constant(0);
  const simplified = (gone: ReadonlySet<number>): readonly Placed[] =>
    operands.map((operand) => ({
      ...operand,
      dimensions: operand.dimensions
        .map(({ index, stride }) => ({
          index: substituteAffine(
            index,
            group.bounds.map((_, loop) => (gone.has(loop) ? still : affine.dimension(loop))),
          ),
          stride,
        }))
        .filter(({ index }) => index.kind !== "constant"),
    }));
  const units = new Set(group.bounds.flatMap((bound, loop) => (bound === 1 ? [loop] : [])));
  const places = simplified(units);
  // Chains of loops, outermost first, each to become one loop.
  const chains: number[][] = [];
  const bounds = group.bounds;
  group.bounds.forEach((_, loop) => {
    if (units.has(loop)) return;
    const last = chains.at(-1);
    const outer = last?.at(-1);
    const mergeable =
      outer !== undefined &&
      group.iterators[outer] === group.iterators[loop] &&
      !indexed.has(outer) &&
      !indexed.has(loop) &&
      places.every((place) => mergesIn(place, outer, loop, bounds[loop]!));
    if (mergeable) last!.push(loop);
    else chains.push([loop]);
  });
  const expressions: AffineExpression[] = group.bounds.map(() => still);
  chains.forEach((chain, made) => {
    // The last loop of a chain carries the merged loop; the others' dimensions are absorbed by it.
    chain.forEach((loop) => (expressions[loop] = loop === chain.at(-1) ? affine.dimension(made) : still));
  });
  return {
    expressions,
    bounds: chains.map((chain) => chain.reduce((product, loop) => product * bounds[loop]!, 1)),
    iterators: chains.map((chain) => group.iterators[chain[0]!]!),
  };
}
