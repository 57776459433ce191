import type { Dimension, Type } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { type Check, isStatic, shapeOf, type WithOperands, type WithTypes } from "./check.ts";
import { constantShape } from "./constants.ts";

/** A dimension of a tensor, and the size that it is, by letter. */
type Role = readonly [tensor: string, type: Type, ...sizes: readonly string[]];

/** Dimensions of one letter have one size; `known` collects them. */
function agree(roles: readonly Role[], known: Map<string, Dimension>): string | undefined {
  for (const [tensor, type, ...letters] of roles) {
    const shape = shapeOf(type);
    if (shape === undefined) continue;
    for (const [index, letter] of letters.entries()) {
      const [wanted, found] = [known.get(letter) ?? "?", shape[index]!];
      if (!isStatic(wanted)) known.set(letter, found);
      else if (isStatic(found) && found !== wanted)
        return `requires ${tensor} dimension ${index} to have size ${wanted}, got ${found}`;
    }
  }
  return undefined;
}

/** values: N×K×C, indices: N×W, output: N×W×C. */
export const gatherSizes: Check<WithTypes<"values" | "indices">> = (view) => {
  const { values, indices } = view.types;
  return agree(
    [
      ["values", values, "N", "K", "C"],
      ["indices", indices, "N", "W"],
      ["output", resultType(view), "N", "W", "C"],
    ],
    new Map(),
  );
};

/** values: N×K×C, indices: N×W, input: N×W×C; no more rows are replaced than there are. */
export const scatterSizes: Check<WithTypes<"values_in" | "indices" | "input">> = (view) => {
  const { values_in: values, indices, input } = view.types;
  const known = new Map<string, Dimension>();
  const wrong = agree(
    [
      ["values_in", values, "N", "K", "C"],
      ["indices", indices, "N", "W"],
      ["input", input, "N", "W", "C"],
      ["values_out", resultType(view), "N", "K", "C"],
    ],
    known,
  );
  const [rows, replaced] = [known.get("K") ?? "?", known.get("W") ?? "?"];
  if (wrong !== undefined || !isStatic(rows) || !isStatic(replaced) || rows >= replaced) return wrong;
  return `requires dimensions K >= W, got K=${rows} and W=${replaced}`;
};

type Resize = WithTypes<"input"> & WithOperands<"scale" | "offset" | "border">;
const axes = [
  { name: "height", letter: "y" },
  { name: "width", letter: "x" },
] as const;

/** What the scales, offsets and borders make of the input's sizes. An input of size 1 is broadcast. */
export const resizeSizes: Check<Resize> = (view) => {
  const { reader, operands, types } = view;
  const [scale, offset, border] = [operands.scale, operands.offset, operands.border].map((value) =>
    constantShape(reader, value),
  );
  if (scale === undefined || offset === undefined || border === undefined) return undefined;
  if (scale.some((value) => value <= 0)) return `expect all scale values to be > 0, got ${scale.join(", ")}`;
  const [input, output] = [shapeOf(types.input), shapeOf(resultType(view))];
  if (input === undefined || output === undefined) return undefined;
  for (const [index, { name, letter }] of axes.entries()) {
    const [size, found] = [input[index + 1]!, output[index + 1]!];
    if (!isStatic(size) || size === 1) continue;
    const [numerator, denominator] = [scale[2 * index]!, scale[2 * index + 1]!];
    const [shift, edge] = [offset[index]!, border[index]!];
    const span = (size - 1) * numerator - shift + edge;
    if (span % denominator !== 0)
      return `expected (input_${name} - 1) * scale_${letter}_n - offset_${letter} + border_${letter} to be wholly divisible by scale_${letter}_d, got ((${size} - 1) * ${numerator} - ${shift} + ${edge}) / ${denominator}`;
    const wanted = span / denominator + 1;
    if (isStatic(found) && found !== wanted)
      return `calculated output ${name} did not match expected: calculated=${wanted}, expected=${found}`;
  }
  return undefined;
};
