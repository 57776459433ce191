import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type Dimension, isShaped, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { type WinogradKind, winogradSizes } from "./winograd.ts";
import { compatibleShapes } from "./verify-packing.ts";
import type { OperationView } from "../rules/operation-view.ts";
import { destinationProblem, type Finding } from "./verify-structured.ts";

const shapeOf = (type: Type): readonly Dimension[] => (isShaped(type) ? type.shape : []);
const elementOf = (type: Type): Type => (isShaped(type) ? type.element : type);

/** `linalg.softmax`: input and output are alike, and the dimension is one of theirs. */
export function* verifySoftmax({
  op,
  reader,
  types,
  attributes,
}: OperationView & {
  readonly types: { readonly input: Type; readonly output: Type };
  readonly attributes: { readonly dimension: number };
}): Generator<Diagnostic> {
  const { input, output } = types;
  const { dimension } = attributes;
  let found = destinationProblem(reader, op, op.operands.slice(1));
  if (elementOf(input) !== elementOf(output)) found ??= "failed to verify that input and output have same element type";
  if (!compatibleShapes(shapeOf(input), shapeOf(output))) found ??= "incompatible output shape";
  if (dimension < 0 || dimension >= shapeOf(input).length) found ??= "incorrect dimension specified";
  if (found !== undefined) yield broken(op, found);
}

type ShapeRule = (
  source: readonly Dimension[],
  output: readonly Dimension[],
  sizes: { readonly outputs: number; readonly filter: number },
) => Finding | readonly Dimension[];

/** A step of Winograd's convolution: the output's shape follows from the other operand's. */
const verifyTransform = (name: string, rule: ShapeRule) =>
  function* ({
    op,
    reader,
    attributes,
  }: OperationView & { readonly attributes: { readonly fmr: WinogradKind } }): Generator<Diagnostic> {
    const [source, output] = op.operands.map((operand) => reader.typeOf(operand));
    let found: Finding;
    if (elementOf(source!) !== elementOf(output!))
      found = `failed to verify that all of {${name}, output} have same element type`;
    found ??= destinationProblem(reader, op, op.operands.slice(1));
    if (found === undefined) {
      const expected = rule(shapeOf(source!), shapeOf(output!), winogradSizes(attributes.fmr));
      if (typeof expected === "string") found = expected;
      else if (expected !== undefined && !compatibleShapes(expected, shapeOf(output!)))
        found = "the output shape is not expected";
    }
    if (found !== undefined) yield broken(op, found);
  };

/** Filters (F, KH, KW, C) become tiles (alphaH, alphaW, C, F). */
export const verifyFilterTransform = verifyTransform("filter", ([count, height, width, channels], _, sizes) => {
  const { outputs, filter } = sizes;
  if (height !== filter && height !== 1) return "expect filter height either equals to r or 1";
  if (width !== filter && width !== 1) return "expect filter width either equals to r or 1";
  if (height === 1 && width === 1) return "expect either filter height or width equals to r";
  const tile = (size: Dimension): number => (size === filter ? outputs + filter - 1 : 1);
  return [tile(height), tile(width), channels!, count!];
});

/** Images (N, H, W, C) become tiles (alphaH, alphaW, tileH, tileW, N, C). */
export const verifyInputTransform = verifyTransform("input", ([count, height, width, channels], output, sizes) => {
  const { outputs, filter } = sizes;
  const tileSize = outputs + filter - 1;
  const along = (size: Dimension, found: Dimension): readonly [Dimension, Dimension] => {
    if (size === "?") return [tileSize, "?"];
    return found === 1 ? [1, size] : [tileSize, Math.trunc((size - (filter - 1)) / outputs)];
  };
  const [alphaHeight, tilesDown] = along(height!, output[0]!);
  const [alphaWidth, tilesAcross] = along(width!, output[1]!);
  return [alphaHeight, alphaWidth, tilesDown, tilesAcross, count!, channels!];
});

/** Tiles (alphaH, alphaW, tileH, tileW, N, F) become images (N, H, W, F). */
export const verifyOutputTransform = verifyTransform("value", (value, _, { outputs, filter }) => {
  const [alphaHeight, alphaWidth, tilesDown, tilesAcross, count, channels] = value;
  const along = (alpha: Dimension, tiles: Dimension, name: string): Dimension | string => {
    if (alpha === "?" || tiles === "?") return "?";
    if (alpha !== 1 && alpha !== outputs + filter - 1) return `expect input ${name} equals to input tile size`;
    return (alpha === 1 ? 1 : outputs) * tiles;
  };
  const height = along(alphaHeight!, tilesDown!, "height");
  if (typeof height === "string" && height !== "?") return height;
  const width = along(alphaWidth!, tilesAcross!, "width");
  if (typeof width === "string" && width !== "?") return width;
  return [count!, height, width, channels!];
});
