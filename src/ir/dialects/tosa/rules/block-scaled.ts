import type { Dimension, Type } from "../../../types.ts";
import { elementOf } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { shapesFit, sizesFit } from "../../rules/shapes.ts";
import { quote } from "../types.ts";
import { type Check, haveFittingShapes, isStatic, resultTypes, type Shape, shapeOf, type WithTypes } from "./check.ts";

/** Elements that one scale is for: the only size there is. */
const blockSize = 32;

function sameShapes(from: Type, to: Type): string | undefined {
  return haveFittingShapes([from, to])
    ? undefined
    : `require compatible shapes for input_data (${quote(from)}) and output_data (${quote(to)})`;
}

/** Scales have the shape of the data, but for the last dimension, which has one for each block. */
function scalesOf(
  data: { readonly name: string; readonly type: Type; readonly shape: Shape },
  scale: { readonly name: string; readonly type: Type },
): string | undefined {
  const shape = shapeOf(scale.type);
  if (shape === undefined) return undefined;
  if (!shapesFit(data.shape.slice(0, -1), shape.slice(0, -1)))
    return `require compatible shapes for ${data.name} (${quote(data.type)}) and ${scale.name} (${quote(scale.type)}) except for the last dimension`;
  const [last, found] = [data.shape.at(-1)!, shape.at(-1)!];
  return isStatic(last) && !sizesFit(Math.floor(last / blockSize), found)
    ? `expect last dimension of ${scale.name} (${found}) to be equal to last dimension of ${data.name} / block_size (${Math.floor(last / blockSize)})`
    : undefined;
}
function wholeBlocks(shape: Shape): string | undefined {
  const last = shape.at(-1)!;
  return isStatic(last) && last % blockSize !== 0
    ? `expect last dimension of input_data (${last}) to be divisible by block_size (${blockSize})`
    : undefined;
}

export const castFromBlockScaled: Check<WithTypes<"input_data" | "input_scale">> = (view) => {
  const { input_data: data, input_scale: scale } = view.types;
  const shape = shapeOf(data);
  const wrong = sameShapes(data, resultType(view));
  if (wrong !== undefined || shape === undefined) return wrong;
  return (
    wholeBlocks(shape) ?? scalesOf({ name: "input_data", type: data, shape }, { name: "input_scale", type: scale })
  );
};

export const castToBlockScaled: Check<WithTypes<"input_data">> = (view) => {
  const { input_data: input } = view.types;
  const [data, scale] = resultTypes(view);
  const wrong = sameShapes(input, data!) ?? wholeBlocks(shapeOf(input) ?? [0]);
  const shape = shapeOf(data!);
  if (wrong !== undefined || shape === undefined) return wrong;
  return scalesOf({ name: "output_data", type: data!, shape }, { name: "output_scale", type: scale! });
};

// --- product of matrices: a is N×H×C, b is D×W×C, where D is N or 1 ------------------------------------------------------------------

/** What is known of the sizes so far, by the name messages call them. */
class Sizes {
  readonly #known = new Map<string, Dimension>();

  get(name: string): Dimension {
    return this.#known.get(name) ?? "?";
  }
  /** Takes note of a size; says so where it contradicts what was known. */
  note(key: string, size: Dimension, operand: string, name: string): string | undefined {
    const known = this.get(key);
    if (!isStatic(known)) this.#known.set(key, size);
    else if (isStatic(size) && size !== known)
      return `expected ${name} of ${operand} to match size ${known}, got ${size}`;
    return undefined;
  }
}

type Product = WithTypes<"a_data" | "a_scale" | "b_data" | "b_scale">;
/** Operand, dimension, and the size that it is. */
const productSizes = [
  ["a_data", 0, "N", "batch"],
  ["a_data", 1, "H", "height"],
  ["a_data", 2, "C", "channels"],
  ["a_scale", 0, "N", "batch"],
  ["a_scale", 1, "H", "height"],
  ["a_scale", 2, "blocks", "C/block_size"],
  ["b_data", 0, "D", "batch"],
  ["b_data", 2, "C", "channels"],
  ["b_data", 1, "W", "width"],
  ["b_scale", 0, "D", "batch"],
  ["b_scale", 1, "W", "width"],
  ["b_scale", 2, "blocks", "C/block_size"],
] as const;

export const productOfBlockScaled: Check<Product> = (view) => {
  const { types } = view;
  const [a, b] = [elementOf(types.a_data), elementOf(types.b_data)];
  if (a !== b) return `expect A_data and B_data to have same element type, got '${a.text}' and '${b.text}'`;
  const sizes = new Sizes();
  for (const [operand, index, key, name] of productSizes) {
    const wrong = sizes.note(key, shapeOf(types[operand])?.[index] ?? "?", operand, name);
    if (wrong !== undefined) return wrong;
  }
  const [batch, other, channels, blocks] = ["N", "D", "C", "blocks"].map((key) => sizes.get(key)) as [
    Dimension,
    Dimension,
    Dimension,
    Dimension,
  ];
  if (isStatic(batch) && isStatic(other) && batch !== other && other !== 1)
    return `expect B matrix batch size to be broadcast compatible with A, got D=${other} vs N=${batch}`;
  if (isStatic(channels) && channels % blockSize !== 0)
    return `expect C to be a multiple of block size, got C=${channels}, block_size=${blockSize}`;
  if (isStatic(channels) && !sizesFit(channels / blockSize, blocks))
    return `expect scale operands dimension 2 to equal C/block_size (${channels}/${blockSize}), got ${blocks}`;
  const expected = [isStatic(batch) ? batch : other, sizes.get("H"), sizes.get("W")];
  const found = shapeOf(resultType(view));
  return found === undefined || shapesFit(found, expected)
    ? undefined
    : `expected output shape ${found.join(", ")} to be compatible with expected output shape ${expected.join(", ")}`;
};
