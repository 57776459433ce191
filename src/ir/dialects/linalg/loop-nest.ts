import { type AffineExpression, affine, type AffineMap, affineMap } from "../../affine.ts";
import type { IteratorType } from "./attributes.ts";

/** The loops of a named operation and how each operand is indexed by them. */
export interface LoopNest {
  readonly iterators: readonly IteratorType[];
  /** The maps for these strides and dilations. */
  readonly maps: (strides: readonly number[], dilations: readonly number[]) => readonly AffineMap[];
}

/** One factor pair of an index: a loop, times a stride `s0` or a dilation `d0`, times one where neither is written. */
interface Term {
  readonly loop: number;
  readonly factor: { readonly of: "strides" | "dilations"; readonly position: number } | undefined;
}

/**
 * Reads a loop nest in this notation:
 *
 *     n oh f KH C : n oh*s0+KH*d0 C, KH C f -> n oh f
 *
 * Before the colon, the loops from the outermost in; those in capitals are reductions. Then, for each operand, the index of each of
 * its dimensions: a loop, or a sum of loops, each times a stride (`s0`) or a dilation (`d0`). `()` is a scalar. The output comes
 * after the arrow.
 */
export function loopNest(text: string): LoopNest {
  const [head = "", body = ""] = text.split(":").map((part) => part.trim());
  const loops = head.split(/\s+/);
  const [inputs = "", output = ""] = body.split("->");
  const term = (written: string): Term => {
    const [name = "", factor] = written.split("*");
    const loop = loops.indexOf(name);
    if (loop < 0) throw new Error(`${text}: there is no loop ${name}`);
    const of = factor?.startsWith("s") ? "strides" : "dilations";
    return { loop, factor: factor === undefined ? undefined : { of, position: Number(factor.slice(1)) } };
  };
  const operands = [...inputs.split(","), output].map((operand) =>
    operand
      .trim()
      .split(/\s+/)
      .filter((index) => index !== "()")
      .map((index) => index.split("+").map(term)),
  );
  const known = new Map<string, readonly AffineMap[]>();
  return {
    iterators: loops.map((loop) => (loop === loop.toUpperCase() ? "reduction" : "parallel")),
    maps(strides, dilations) {
      const key = `${strides.join()};${dilations.join()}`;
      let maps = known.get(key);
      if (maps === undefined) {
        const windows = { strides, dilations };
        const index = (terms: readonly Term[]): AffineExpression =>
          terms.map((part) => scaled(part, windows)).reduce((sum, part) => affine.add(sum, part));
        maps = operands.map((operand) => affineMap(loops.length, operand.map(index)));
        // Strides come from texts; what is kept must not grow with them.
        if (known.size < 16) known.set(key, maps);
      }
      return maps;
    },
  };
}

function scaled(
  { loop, factor }: Term,
  windows: { readonly strides: readonly number[]; readonly dilations: readonly number[] },
): AffineExpression {
  const by = factor === undefined ? 1 : windows[factor.of][factor.position]!;
  return affine.multiply(affine.dimension(loop), affine.constant(by));
}
