import type { Diagnostic } from "../../../support/diagnostic.ts";
import { isDynamic } from "../../index-list.ts";
import type { Operation, ValueId } from "../../module.ts";
import { type TypeRelation, typeNamed } from "../../type-relations.ts";
import { type Type, type VectorType, vectorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { widthOf } from "./arith.ts";
import { type OperationView, resultType } from "./operation-view.ts";

const vectorOf = (type: Type): VectorType => type as VectorType;
const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const isScalable = (type: VectorType, dimension: number): boolean => type.scalable[dimension] ?? false;
const sizeText = (type: VectorType, dimension: number): string =>
  isScalable(type, dimension) ? `[${type.shape[dimension]}]` : String(type.shape[dimension]);

// --- relations -------------------------------------------------------------------------------------------------------------------

/** The innermost dimension of `whole` is twice that of `half`, all others are equal. */
export const halvesTrailing = (description: string, whole: string, half: string): TypeRelation => ({
  description,
  holds: (view) => {
    const [long, short] = [vectorOf(typeNamed(view, whole)!), vectorOf(typeNamed(view, half)!)];
    const [last] = short.shape.slice(-1);
    return (
      long.shape.at(-1) === 2 * (last ?? 1) &&
      long.shape.slice(0, -1).join() === short.shape.slice(0, -1).join() &&
      long.element === short.element
    );
  },
});
export const hasEvenTrailing = (description: string, name: string): TypeRelation => ({
  description,
  holds: (view) => vectorOf(typeNamed(view, name)!).shape.at(-1)! % 2 === 0,
});
/** As many elements as lanes, all of their type. */
export const elementCountMatches = (name: string): TypeRelation => ({
  description: `shaped type '${name}' matches 'elements' element count and types`,
  holds: (view) => {
    const type = vectorOf(typeNamed(view, name)!);
    const given = view.types["elements"] as readonly Type[] | undefined;
    const elements = given ?? view.op.results.map((result) => view.reader.typeOf(result));
    return elements.length === countOf(type.shape) && elements.every((element) => element === type.element);
  },
});

// --- shapes ----------------------------------------------------------------------------------------------------------------------

export function* verifyBroadcast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = vectorOf(resultType(view));
  if (source.kind !== "vector") return;
  const leading = result.shape.length - source.shape.length;
  if (leading < 0) return yield broken(view.op, "source rank higher than destination rank");
  for (const [index, size] of source.shape.entries()) {
    const same =
      size === result.shape[leading + index] && isScalable(source, index) === isScalable(result, leading + index);
    const stretches = size === 1 && !isScalable(source, index);
    if (!same && !stretches)
      return yield broken(
        view.op,
        `dimension mismatch (${sizeText(source, index)} vs. ${sizeText(result, leading + index)})`,
      );
  }
}

export function* verifyBitcast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { op } = view;
  const [source, result] = [vectorOf(view.types.source), vectorOf(resultType(view))];
  for (let index = 0; index < source.shape.length - 1; index++)
    if (source.shape[index] !== result.shape[index]) return yield broken(op, `dimension size mismatch at: ${index}`);
  const bits = (type: VectorType): number | undefined => {
    const width = widthOf(type.element);
    return width === undefined ? undefined : width * (type.shape.at(-1) ?? 1);
  };
  const [from, to] = [bits(source), bits(result)];
  if (from !== undefined && to !== undefined && from !== to)
    yield broken(
      op,
      source.shape.length === 0
        ? "source/result bitwidth of the 0-D vector element types must be equal"
        : "source/result bitwidth of the minor 1-D vectors must be equal",
    );
}

export function* verifyShapeCast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { op } = view;
  const [source, result] = [vectorOf(view.types.source), vectorOf(resultType(view))];
  const [before, after] = [countOf(source.shape), countOf(result.shape)];
  const scalable = (type: VectorType): number => type.scalable.filter(Boolean).length;
  if (source.element !== result.element) yield broken(op, "has different source and result element types");
  else if (before !== after)
    yield broken(op, `has different number of elements at source (${before}) and result (${after})`);
  else if (scalable(source) !== scalable(result))
    yield broken(
      op,
      `has different number of scalable dims at source (${scalable(source)}) and result (${scalable(result)})`,
    );
}

export function* verifyTranspose(
  view: OperationView & {
    readonly types: { readonly vector: Type };
    readonly attributes: { readonly permutation: readonly number[] };
  },
): Generator<Diagnostic> {
  const { op, attributes } = view;
  const [source, result] = [vectorOf(view.types.vector), vectorOf(resultType(view))];
  const { permutation } = attributes;
  const rank = source.shape.length;
  if (result.shape.length !== rank) return yield broken(op, `vector result rank mismatch: ${result.shape.length}`);
  if (permutation.length !== rank) return yield broken(op, `transposition length mismatch: ${permutation.length}`);
  const seen = new Set<number>();
  for (const [index, position] of permutation.entries()) {
    if (position < 0 || position >= rank) return yield broken(op, `transposition index out of range: ${position}`);
    if (seen.has(position)) return yield broken(op, `duplicate position index: ${position}`);
    seen.add(position);
    if (result.shape[index] !== source.shape[position]) return yield broken(op, `dimension size mismatch at: ${index}`);
  }
}

// --- positions -------------------------------------------------------------------------------------------------------------------

interface PositionView extends OperationView {
  readonly operands: { readonly dynamic_position: readonly ValueId[] };
  readonly attributes: { readonly static_position: readonly number[] };
}
const dynamicMismatch =
  "mismatch between dynamic and static positions (kDynamic marker but no corresponding dynamic position) -- this can only happen due to an incorrect fold/rewrite";
const countsAgree = ({ operands, attributes }: PositionView): boolean =>
  attributes.static_position.filter(isDynamic).length === operands.dynamic_position.length;
/** The first position outside the vector, -1 apart, which stands for one that is never used. */
const outside = (position: readonly number[], whole: VectorType): number =>
  position.findIndex((entry, index) => !isDynamic(entry) && (entry < -1 || entry >= whole.shape[index]!));

export function* verifyExtract(
  view: PositionView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { op } = view;
  const whole = vectorOf(view.types.source);
  const part = resultType(view);
  const { static_position: position } = view.attributes;
  if (position.length > whole.shape.length)
    return yield broken(op, "expected position attribute of rank no greater than vector rank");
  const rest = whole.shape.slice(position.length);
  const expected =
    rest.length === 0 ? whole.element : vectorType(rest, whole.element, whole.scalable.slice(position.length));
  // A scalar may also be given as a vector of one lane, or of none.
  const isScalar =
    rest.length === 0 && part.kind === "vector" && part.element === expected && countOf(part.shape) === 1;
  if (part !== expected && !isScalar)
    return yield broken(
      op,
      `inferred type(s) '${expected.text}' are incompatible with return type(s) of operation '${part.text}'`,
    );
  if (!countsAgree(view)) return yield broken(op, dynamicMismatch);
  const wrong = outside(position, whole);
  if (wrong >= 0)
    yield broken(
      op,
      `expected position attribute #${wrong + 1} to be a non-negative integer smaller than the corresponding vector dimension or poison (-1)`,
    );
}

export function* verifyInsert(
  view: PositionView & { readonly types: { readonly valueToStore: Type; readonly dest: Type } },
): Generator<Diagnostic> {
  const { op } = view;
  const whole = vectorOf(view.types.dest);
  const part = view.types.valueToStore;
  const { static_position: position } = view.attributes;
  const rank = whole.shape.length;
  if (!countsAgree(view)) return yield broken(op, dynamicMismatch);
  if (position.length > rank)
    return yield broken(op, "expected position attribute of rank no greater than dest vector rank");
  if (part.kind === "vector" && position.length + part.shape.length !== rank)
    return yield broken(op, "expected position attribute rank + source rank to match dest vector rank");
  if (part.kind !== "vector" && position.length !== rank)
    return yield broken(op, "expected position attribute rank to match the dest vector rank");
  const wrong = outside(position, whole);
  if (wrong >= 0)
    yield broken(
      op,
      `expected position attribute #${wrong + 1} to be a non-negative integer smaller than the corresponding dest vector dimension`,
    );
}

// --- boxes of lanes --------------------------------------------------------------------------------------------------------------

/** A list of numbers inside bounds, dimension by dimension. */
function* confined(
  op: Operation,
  what: string,
  values: readonly number[],
  bounds: readonly (readonly [number, number])[],
): Generator<Diagnostic> {
  for (const [index, value] of values.entries()) {
    const [low, high] = bounds[index]!;
    if (value < low || value >= high)
      return yield broken(op, `expected ${what} dimension ${index} to be confined to [${low}, ${high})`);
  }
}
function* unitStrides(op: Operation, strides: readonly number[]): Generator<Diagnostic> {
  if (strides.some((stride) => stride !== 1)) yield broken(op, "expected strides to be confined to [1, 2)");
}

export function* verifyExtractStridedSlice(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly attributes: {
      readonly offsets: readonly number[];
      readonly sizes: readonly number[];
      readonly strides: readonly number[];
    };
  },
): Generator<Diagnostic> {
  const { op, attributes } = view;
  const { offsets, sizes, strides } = attributes;
  const source = vectorOf(view.types.source);
  const { shape } = source;
  if (offsets.length !== sizes.length || offsets.length !== strides.length)
    return yield broken(op, "expected offsets, sizes and strides attributes of same size");
  if (offsets.length > shape.length)
    return yield broken(op, "expected offsets attribute of rank no greater than vector rank");
  const found = [
    ...confined(
      op,
      "offsets",
      offsets,
      shape.map((size) => [0, size]),
    ),
    ...confined(
      op,
      "sizes",
      sizes,
      shape.map((size) => [1, size + 1]),
    ),
    ...unitStrides(op, strides),
    ...confined(
      op,
      "sum(offsets, sizes)",
      offsets.map((offset, index) => offset + sizes[index]!),
      shape.map((size) => [1, size + 1]),
    ),
  ];
  if (found.length > 0) return yield found[0]!;
  const expected = vectorType([...sizes, ...shape.slice(sizes.length)], source.element, source.scalable);
  if (expected !== resultType(view)) yield broken(op, `expected result type to be '${expected.text}'`);
}

export function* verifyInsertStridedSlice(
  view: OperationView & {
    readonly types: { readonly valueToStore: Type; readonly dest: Type };
    readonly attributes: { readonly offsets: readonly number[]; readonly strides: readonly number[] };
  },
): Generator<Diagnostic> {
  const { op, attributes, types } = view;
  const { offsets, strides } = attributes;
  const [source, dest] = [vectorOf(types.valueToStore).shape, vectorOf(types.dest).shape];
  if (offsets.length !== dest.length)
    return yield broken(op, "expected offsets of same size as destination vector rank");
  if (strides.length !== source.length) return yield broken(op, "expected strides of same size as source vector rank");
  if (source.length > dest.length)
    return yield broken(op, "expected source rank to be no greater than destination rank");
  const whole = [...Array.from({ length: dest.length - source.length }, () => 0), ...source];
  const found = [
    ...confined(
      op,
      "offsets",
      offsets,
      dest.map((size) => [0, size]),
    ),
    ...unitStrides(op, strides),
    ...confined(
      op,
      "sum(offsets, source vector shape)",
      offsets.map((offset, index) => offset + whole[index]!),
      dest.map((size) => [whole.length === source.length ? 1 : 0, size + 1]),
    ),
  ];
  if (found.length > 0) yield found[0]!;
}

export function* verifyShuffle(
  view: OperationView & {
    readonly types: { readonly v1: Type; readonly v2: Type };
    readonly attributes: { readonly mask: readonly number[] };
  },
): Generator<Diagnostic> {
  const { op } = view;
  const [left, right] = [vectorOf(view.types.v1).shape, vectorOf(view.types.v2).shape];
  const { mask } = view.attributes;
  const result = vectorOf(resultType(view)).shape;
  const isScalar = left.length === 0 && right.length === 0;
  if (!isScalar && (result.length !== left.length || left.length !== right.length))
    return yield broken(op, "rank mismatch");
  for (let index = 1; index < left.length; index++)
    if (left[index] !== right[index] || left[index] !== result[index]) return yield broken(op, "dimension mismatch");
  if (mask.length === 0) return yield broken(op, "invalid mask length");
  if (mask.length !== result[0]) return yield broken(op, "mask length mismatch");
  const lanes = (left[0] ?? 1) + (right[0] ?? 1);
  const wrong = mask.findIndex((lane) => lane < -1 || lane >= lanes);
  if (wrong >= 0) yield broken(op, `mask index #${wrong + 1} out of range`);
}

/** A text is printed alone. */
export const printsOneThing: TypeRelation = {
  description: "`source` or `punctuation` are not set when printing strings",
  holds: ({ op, types, attributes }) =>
    attributes["stringLiteral"] === undefined ||
    (types["source"] === undefined &&
      (op.properties["punctuation"] === undefined || attributes["punctuation"] === "newline")),
};
