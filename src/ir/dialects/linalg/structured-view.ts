import { type AffineMap, affineMap, identityMap, projectionMap } from "../../affine.ts";
import { affineMaps } from "../../attribute-codecs.ts";
import type { Attribute } from "../../attributes.ts";
import type { BlockId, IrReader, Operation, ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";
import { type IteratorType, iteratorTypes, windowEntries } from "./attributes.ts";
import { namedOperations } from "./named-operations.ts";

/** A structured operation, whichever it is, as `linalg.generic` would say it. */
export interface StructuredView {
  readonly op: Operation;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  /** One for each operand, inputs first; the operation may be wrong in that their number or form does not fit. */
  readonly maps: readonly AffineMap[];
  readonly iterators: readonly IteratorType[];
  /** The first block of the body; undefined in an operation that lacks it. */
  readonly body: BlockId | undefined;
}

/** Sizes of an operand as the loops see it; what is no tensor or buffer is a scalar. */
export const shapeOf = (type: Type): readonly (number | "?")[] =>
  type.kind === "tensor" || type.kind === "memref" ? type.shape : [];

const attributeOf = (op: Operation, name: string): Attribute | undefined => op.properties[name] ?? op.attributes[name];
const integersOf = (op: Operation, name: string): readonly number[] | undefined => {
  const attribute = attributeOf(op, name);
  return attribute?.kind === "dense-array" ? attribute.values.map(Number) : undefined;
};
const parallel = (count: number): readonly IteratorType[] => Array.from({ length: count }, () => "parallel");
const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);

interface Loops {
  readonly maps: readonly AffineMap[];
  readonly iterators: readonly IteratorType[];
}
/** What an operation says of its loops, given its operands' types; undefined when its attributes are not as they must be. */
type LoopRule = (op: Operation, types: readonly Type[]) => Loops | undefined;

/** The number of dimensions of the first output. */
function outputRank(op: Operation, types: readonly Type[]): number {
  const output = types[inputCount(op) ?? -1];
  return output === undefined ? 0 : shapeOf(output).length;
}

const elementwiseLoops: LoopRule = (op, types) => {
  const rank = outputRank(op, types);
  const [whole, scalar] = [identityMap(rank), affineMap(rank, [])];
  return { maps: types.map((type) => (shapeOf(type).length === 0 ? scalar : whole)), iterators: parallel(rank) };
};
const sameLoops: LoopRule = (op, types) => {
  const rank = outputRank(op, types);
  return { maps: types.map(() => identityMap(rank)), iterators: parallel(rank) };
};
const mapsOf = (op: Operation): readonly AffineMap[] | undefined => {
  const written = attributeOf(op, "indexing_maps");
  return written && affineMaps.codec.decode(written);
};

const loopRules: Readonly<Record<string, LoopRule>> = {
  "linalg.generic": (op) => {
    const written = attributeOf(op, "iterator_types");
    const [maps, iterators] = [mapsOf(op), written && iteratorTypes.codec.decode(written)];
    return maps && iterators && { maps, iterators };
  },
  "linalg.elementwise": (op, types) => {
    const same = sameLoops(op, types);
    return same && { ...same, maps: mapsOf(op) ?? same.maps };
  },
  "linalg.contract": (op) => {
    const maps = mapsOf(op);
    const last = maps?.at(-1);
    if (maps === undefined || last === undefined) return undefined;
    const kept = new Set(last.results.map((result) => (result.kind === "dimension" ? result.position : -1)));
    const iterators = parallel(last.dimensions).map((kind, loop) => (kept.has(loop) ? kind : "reduction"));
    return { maps, iterators };
  },
  "linalg.map": sameLoops,
  "linalg.reduce": (op, types) => {
    const dimensions = integersOf(op, "dimensions");
    const count = types.length >> 1;
    if (dimensions === undefined || count === 0) return undefined;
    const rank = shapeOf(types[0]!).length;
    const kept = projectionMap(
      rank,
      Array.from({ length: rank }, (_, index) => index).filter((index) => !dimensions.includes(index)),
    );
    return {
      maps: types.map((_, index) => (index < count ? identityMap(rank) : kept)),
      iterators: parallel(rank).map((kind, loop) => (dimensions.includes(loop) ? "reduction" : kind)),
    };
  },
  "linalg.transpose": (op, types) => {
    const permutation = integersOf(op, "permutation");
    const rank = outputRank(op, types);
    if (permutation === undefined) return undefined;
    const inverse = permutation.map((_, dimension) => permutation.indexOf(dimension));
    const isPermutation = permutation.length === rank && !inverse.includes(-1);
    const maps = isPermutation ? [projectionMap(rank, inverse), identityMap(rank)] : [];
    return { maps, iterators: parallel(rank) };
  },
  "linalg.broadcast": (op, types) => {
    const added = integersOf(op, "dimensions");
    if (added === undefined) return undefined;
    const rank = outputRank(op, types);
    const kept = identityMap(rank).results.filter((_, dimension) => !added.includes(dimension));
    return { maps: [affineMap(rank, kept), identityMap(rank)], iterators: parallel(rank) };
  },
};

/** The loops of an operation of the table. */
function namedLoops(op: Operation, types: readonly Type[]): Loops | undefined {
  const named = namedOperations[op.name.slice("linalg.".length)]!;
  if (named.nest === undefined) return elementwiseLoops(op, types);
  const { maps, iterators } = named.nest;
  const window = (name: string): readonly number[] | undefined => {
    const written = attributeOf(op, name);
    return written === undefined ? ones(named.window) : windowEntries(written, named.window);
  };
  const [strides, dilations] = [window("strides"), window("dilations")];
  if (strides === undefined || dilations === undefined) return undefined;
  const written = named.hasMaps ? mapsOf(op) : undefined;
  return { maps: written ?? maps(strides, dilations), iterators };
}

const dialect = "linalg.";
const isNamed = (op: Pick<Operation, "name">): boolean =>
  op.name.startsWith(dialect) && Object.hasOwn(namedOperations, op.name.slice(dialect.length));

/** Whether the operation is a loop nest with a scalar body: what upstream calls a LinalgOp. */
export const isStructured = (op: Pick<Operation, "name">): boolean => Object.hasOwn(loopRules, op.name) || isNamed(op);

/** How many of a structured operation's operands are inputs, the first ones; undefined where it does not say so. */
export function inputCount(op: Operation): number | undefined {
  switch (op.name) {
    case "linalg.map":
    case "linalg.transpose":
    case "linalg.broadcast":
      return op.operands.length - 1;
    case "linalg.reduce":
      return op.operands.length >> 1;
    default: {
      const segments = op.properties["operandSegmentSizes"];
      const count = segments?.kind === "dense-array" ? Number(segments.values[0]) : -1;
      return count >= 0 && count <= op.operands.length ? count : undefined;
    }
  }
}

/** The loops of any structured operation; undefined for others, and for one whose attributes are not as they must be. */
export function structuredView(reader: IrReader, op: Operation | undefined): StructuredView | undefined {
  if (op === undefined || !isStructured(op)) return undefined;
  const inputs = inputCount(op);
  if (inputs === undefined) return undefined;
  const types = op.operands.map((operand) => reader.typeOf(operand));
  const loops = (loopRules[op.name] ?? namedLoops)(op, types);
  if (loops === undefined) return undefined;
  return {
    op,
    inputs: op.operands.slice(0, inputs),
    outputs: op.operands.slice(inputs),
    ...loops,
    body: op.regions[0]?.[0],
  };
}

/** The maps that the name of an operation says, where it has an attribute for others; undefined for the rest. */
export function defaultMaps(name: string): readonly AffineMap[] | undefined {
  const named = namedOperations[name.slice(dialect.length)];
  return named?.hasMaps === true ? named.nest?.maps([], []) : undefined;
}

/** The attribute in which upstream keeps the maps of some operations once they are computed. */
export const memoizedMaps = "linalg.memoized_indexing_maps";
/** What upstream has in it; undefined for operations that it computes anew, or whose maps are an attribute. */
export function mapsToMemoize(
  op: Pick<Operation, "name" | "properties" | "attributes">,
): readonly AffineMap[] | undefined {
  const named = namedOperations[op.name.slice(dialect.length)];
  return named?.nest === undefined || named.hasMaps ? undefined : namedLoops(op as Operation, [])?.maps;
}
