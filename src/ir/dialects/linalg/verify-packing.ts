import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type Dimension, tensorType, type TensorType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "../rules/operation-view.ts";
import type { Finding } from "./verify-structured.ts";

/** Stands for a tile size that is an operand, in `static_inner_tiles`. */
const dynamicTile = -(2 ** 63);

/** A pack or unpack, with its two shapes. */
export interface Packing extends OperationView {
  readonly attributes: {
    readonly outer_dims_perm: readonly number[] | undefined;
    readonly inner_dims_pos: readonly number[];
    readonly static_inner_tiles: readonly number[];
  };
}

/** Whether sizes agree where both are known. */
export const compatibleShapes = (left: readonly Dimension[], right: readonly Dimension[]): boolean =>
  left.length === right.length &&
  left.every((size, index) => size === "?" || right[index] === "?" || size === right[index]);

/** Positions are within the rank, and each is there once. */
const arePositions = (positions: readonly number[], rank: number): boolean =>
  positions.length <= rank &&
  new Set(positions).size === positions.length &&
  positions.every((position) => position >= 0 && position < rank);

/** The rules that pack and unpack share. */
function packingProblem({ attributes }: Packing, unpacked: TensorType, packed: TensorType): Finding {
  const { inner_dims_pos: positions, static_inner_tiles: tiles } = attributes;
  const permutation = attributes.outer_dims_perm ?? [];
  const rank = unpacked.shape.length;
  if (tiles.includes(0)) return "invalid zero tile factor";
  if (!arePositions(positions, rank)) return "invalid inner_dims_pos vector";
  if (!arePositions(permutation, rank)) return "invalid outer_dims_perm vector";
  if (permutation.length > 0 && permutation.length !== rank) return "outer_dims_perm must be a permutation or empty";
  if (tiles.length > rank)
    return "tiling factors must be less than or equal to the input rank for pack or output rank for unpack";
  if (tiles.length !== positions.length) return "tiling factors must equal the number of dimensions to tile";
  const expectedRank = rank + tiles.length;
  if (packed.shape.length !== expectedRank)
    return `packed rank != (unpacked rank + num tiling factors), got ${packed.shape.length} != ${expectedRank}`;
  const sizes = tiles.map((tile): Dimension => (tile === dynamicTile ? "?" : tile));
  const inner = packed.shape.slice(rank);
  if (inner.some((size, index) => size !== sizes[index]))
    return "mismatch in inner tile sizes specified and shaped of tiled dimension in the packed type";
  const expected = packedShape(unpacked.shape, positions, sizes, permutation);
  if (compatibleShapes(expected, packed.shape)) return undefined;
  const [wanted, found] = [expected, packed.shape].map((shape) => tensorType(shape, unpacked.element).text);
  return `expected '${wanted}' for the packed domain value, got '${found}'`;
}

/** Numbers of tiles, in the order of the permutation, then the tiles' sizes. */
function packedShape(
  shape: readonly Dimension[],
  positions: readonly number[],
  tiles: readonly Dimension[],
  permutation: readonly number[],
): readonly Dimension[] {
  const outer = shape.map((size, dimension): Dimension => {
    const tile = tiles[positions.indexOf(dimension)];
    if (tile === undefined || size === "?") return size;
    return tile === "?" ? "?" : Math.ceil(size / tile);
  });
  return [...(permutation.length === 0 ? outer : permutation.map((dimension) => outer[dimension]!)), ...tiles];
}

interface PackView extends Packing {
  readonly types: { readonly source: Type; readonly dest: Type; readonly padding_value: Type | undefined };
}
/** `linalg.pack`: tiles are whole, or there is a value to fill them up with. */
export function* verifyPack(view: PackView): Generator<Diagnostic> {
  const { source, dest, padding_value: padding } = view.types;
  if (source.kind !== "tensor" || dest.kind !== "tensor") return;
  const found = resultProblem(view, dest) ?? packingProblem(view, source, dest) ?? paddingProblem(view, source, dest);
  if (found !== undefined) yield broken(view.op, found);
  else if (padding !== undefined && padding !== source.element)
    yield broken(view.op, `expected padding_value has '${source.element.text}' but got: '${padding.text}'`);
}
function paddingProblem({ types, attributes }: PackView, source: TensorType, dest: TensorType): Finding {
  if (types.padding_value !== undefined) return undefined;
  const permutation = attributes.outer_dims_perm ?? [];
  const isPartial = attributes.inner_dims_pos.some((position, index) => {
    const size = source.shape[position]!;
    const tile = attributes.static_inner_tiles[index]!;
    if (size === "?") return false;
    if (tile !== dynamicTile) return size % tile !== 0;
    const tiles = dest.shape[permutation.length === 0 ? position : permutation.indexOf(position)]!;
    return tiles !== "?" && size % tiles !== 0;
  });
  return isPartial
    ? "invalid tile factor or output size provided. Only full tiles are supported when padding_value is not set"
    : undefined;
}

/** `linalg.unpack`: the reverse of a pack. */
export function* verifyUnpack(
  view: Packing & { readonly types: { readonly source: Type; readonly dest: Type } },
): Generator<Diagnostic> {
  const { source, dest } = view.types;
  if (source.kind !== "tensor" || dest.kind !== "tensor") return;
  const found = resultProblem(view, dest) ?? packingProblem(view, dest, source);
  if (found !== undefined) yield broken(view.op, found);
}

const resultProblem = ({ op, reader }: OperationView, dest: Type): Finding =>
  op.results.every((result) => reader.typeOf(result) === dest)
    ? undefined
    : "failed to verify that result type matches type of dest";
