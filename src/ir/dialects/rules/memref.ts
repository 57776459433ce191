import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { AffineMap } from "../../affine.ts";
import { constraint } from "../../constraints.ts";
import type { ValueId } from "../../module.ts";
import { hasIdentityLayout, type Strides, stridesOfMemRef } from "../../strides.ts";
import {
  type Dimension,
  elementOf,
  i8,
  memRefLayoutText,
  memRefType,
  type MemRefType,
  type Type,
} from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { castError, type OperationView, resultType } from "./operation-view.ts";
import {
  isRankReduction,
  isReducedTo,
  shapesFit,
  sizeOf,
  sizesFit,
  type Slice,
  verifyBounds,
  verifyDynamicSizes,
  verifySliceLists,
} from "./shapes.ts";

const ranked = (type: Type): MemRefType => type as MemRefType;

/** A cast keeps element type, memory space and rank; sizes, strides and offset that both types know are equal. */
export function* verifyCast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (source.kind === "memref" && result.kind === "memref") {
    if (!shapesFit(source.shape, result.shape) || !castable(source, result)) yield castError(view.op, source, result);
    return;
  }
  if (source.kind === "unranked-memref" && result.kind === "unranked-memref") yield castError(view.op, source, result);
  else if (elementOf(source) !== elementOf(result) || spaceOf(source) !== spaceOf(result))
    yield castError(view.op, source, result);
}
const spaceOf = (type: Type): string | undefined => ("memorySpace" in type ? type.memorySpace : undefined);

function castable(source: MemRefType, result: MemRefType): boolean {
  if (source.element !== result.element || source.memorySpace !== result.memorySpace) return false;
  if (sameLayout(source, result)) return true;
  const [from, to] = [stridesOfMemRef(source), stridesOfMemRef(result)];
  if (from === undefined || to === undefined) return false;
  return (
    sizesFit(from.offset, to.offset) &&
    from.strides.every((stride, index) => source.shape[index] === 1 || sizesFit(stride, to.strides[index]!))
  );
}
const sameLayout = (left: MemRefType, right: MemRefType): boolean =>
  (left.layout && memRefLayoutText(left.layout)) === (right.layout && memRefLayoutText(right.layout));

/** Only the memory space changes. */
export function* verifyMemorySpaceCast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (elementOf(source) !== elementOf(result))
    yield broken(view.op, "requires the same element type for all operands and results");
  else if (source.kind === "memref" && result.kind === "memref") {
    if (source.shape.join() !== result.shape.join() || !sameLayout(source, result))
      yield castError(view.op, source, result);
  } else if (source.kind !== result.kind) yield castError(view.op, source, result);
}

/** A memref without dimensions, for the memory that a buffer is in. */
export const metadataBase = constraint(
  "strided memref of any type values of rank 0",
  (type) => type.kind === "memref" && type.shape.length === 0,
);

/** As many sizes and strides as dimensions. */
export function* verifyMetadata(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly results: { readonly sizes: readonly ValueId[]; readonly base_buffer: ValueId };
  },
): Generator<Diagnostic> {
  const source = ranked(view.types.source);
  const base = ranked(view.reader.typeOf(view.results.base_buffer));
  const isFitting =
    view.results.sizes.length === source.shape.length &&
    base.element === source.element &&
    base.memorySpace === source.memorySpace;
  if (!isFitting)
    yield broken(
      view.op,
      `inferred type(s) of the metadata of '${source.text}' are incompatible with return type(s) of operation`,
    );
}

/** The same elements; the shape's sizes are as many as the result has dimensions. */
export function* verifyReshape(
  view: OperationView & { readonly types: { readonly source: Type; readonly shape: Type } },
): Generator<Diagnostic> {
  const { source, shape } = view.types;
  const result = resultType(view);
  const [size] = ranked(shape).shape;
  if (elementOf(source) !== elementOf(result)) {
    yield broken(view.op, "element types of source and destination memref types should be the same");
    return;
  }
  if (source.kind === "memref" && !hasIdentityLayout(source))
    yield broken(view.op, "source memref type should have identity affine map");
  else if (result.kind === "memref") {
    if (!hasIdentityLayout(result)) yield broken(view.op, "result memref type should have identity affine map");
    else if (size === "?")
      yield broken(view.op, "cannot use shape operand with dynamic length to reshape to statically-ranked memref type");
    else if (size !== result.shape.length)
      yield broken(view.op, "length of shape operand differs from the result's memref rank");
  }
}

/** The permutation is one; the result has its sizes and strides. */
export function* verifyTranspose(
  view: OperationView & {
    readonly types: { readonly in: Type };
    readonly attributes: { readonly permutation: AffineMap };
  },
): Generator<Diagnostic> {
  const { op, types, attributes } = view;
  const source = ranked(types.in);
  const result = ranked(resultType(view));
  const positions = attributes.permutation.results.map((expression) =>
    expression.kind === "dimension" ? expression.position : -1,
  );
  if (positions.includes(-1) || new Set(positions).size !== positions.length)
    yield broken(op, "expected a permutation map");
  else if (positions.length !== source.shape.length)
    yield broken(op, `expected a permutation map of same rank as the input`);
  else {
    const layout = stridesOfMemRef(source);
    const found = stridesOfMemRef(result);
    const isFitting =
      source.element === result.element &&
      positions.every((position, index) => source.shape[position] === result.shape[index]) &&
      (layout === undefined ||
        found === undefined ||
        sameStrides({ offset: layout.offset, strides: positions.map((position) => layout.strides[position]!) }, found));
    if (!isFitting)
      yield broken(op, `result type '${result.text}' is not equivalent to the canonical transposed input type`);
  }
}
const sameStrides = (left: Strides, right: Strides): boolean =>
  left.offset === right.offset && left.strides.join() === right.strides.join();

type SliceView = OperationView & Slice & { readonly types: { readonly source: Type } };

/** The memref that a slice of another is, dimensions of size 1 kept. */
function sliceType(source: MemRefType, layout: Strides, { attributes }: Slice): MemRefType {
  const { static_offsets: offsets, static_sizes: sizes, static_strides: steps } = attributes;
  const times = (left: Dimension, right: Dimension): Dimension => {
    if (left === 0 || right === 0) return 0;
    return left === "?" || right === "?" ? "?" : left * right;
  };
  const plus = (left: Dimension, right: Dimension): Dimension => (left === "?" || right === "?" ? "?" : left + right);
  return memRefType(
    sizes.map(sizeOf),
    source.element,
    {
      kind: "strided",
      strides: layout.strides.map((stride, index) => times(stride, sizeOf(steps[index]!))),
      offset: offsets.reduce<Dimension>(
        (sum, offset, index) => plus(sum, times(sizeOf(offset), layout.strides[index]!)),
        layout.offset,
      ),
    },
    source.memorySpace,
  );
}

/** A window keeps element type and memory space; its shape is the slice's, dimensions of size 1 left out or not. */
export function* verifySubview(view: SliceView): Generator<Diagnostic> {
  const { op, types } = view;
  const source = ranked(types.source);
  const result = ranked(resultType(view));
  const rank = source.shape.length;
  const lists = [...verifySliceLists(view, [rank, rank, rank])];
  if (lists.length > 0) return yield* lists;
  if (source.memorySpace !== result.memorySpace)
    return yield broken(
      op,
      `different memory spaces specified for base memref type '${source.text}' and subview memref type '${result.text}'`,
    );
  const layout = stridesOfMemRef(source);
  if (layout === undefined) return yield broken(op, `base type '${source.text}' is not strided`);
  const expected = sliceType(source, layout, view);
  const mismatch = (what: string): Diagnostic =>
    broken(
      op,
      `expected result type to be '${expected.text}' or a rank-reduced version. (mismatch of result ${what}), but got '${result.text}'`,
    );
  if (result.shape.length > rank)
    yield broken(op, `expected result rank to be smaller or equal to the source rank, but got '${result.text}'`);
  else if (result.element !== source.element)
    yield broken(op, `expected result element type to be '${source.element.text}', but got '${result.text}'`);
  else if (!isRankReduction(expected.shape, result.shape)) yield mismatch("sizes");
  else if (!isReducedLayout(expected, result)) yield mismatch("layout");
  else yield* verifyBounds(view, source.shape);
}

/** Whether the strides of `reduced` are those of `full` without dimensions of size 1. */
function isReducedLayout(full: MemRefType, reduced: MemRefType): boolean {
  const [all, left] = [stridesOfMemRef(full), stridesOfMemRef(reduced)];
  if (all === undefined || left === undefined || all.offset !== left.offset) return false;
  return isReducedTo(
    reduced.shape.length,
    full.shape,
    (dimension, position) =>
      reduced.shape[position] === full.shape[dimension] && left.strides[position] === all.strides[dimension],
  );
}

const orDynamic = (size: Dimension): string => (size === "?" ? "dynamic" : String(size));

/** What the result's type says of sizes, strides and offset is what is given. */
export function* verifyReinterpretCast(view: SliceView): Generator<Diagnostic> {
  const { op, attributes } = view;
  const source = view.types.source;
  const result = ranked(resultType(view));
  const rank = result.shape.length;
  const lists = [...verifySliceLists(view, [1, rank, rank])];
  if (lists.length > 0) return yield* lists;
  const both = `specified for source type '${source.text}' and result memref type '${result.text}'`;
  if (spaceOf(source) !== result.memorySpace) return yield broken(op, `different memory spaces ${both}`);
  if (elementOf(source) !== result.element) return yield broken(op, `different element types ${both}`);
  const layout = stridesOfMemRef(result);
  if (layout === undefined)
    return yield broken(op, `expected result type to have strided layout but found '${result.text}'`);
  const checks = [
    ...result.shape.map((size, dim) => ["size", sizeOf(attributes.static_sizes[dim]!), size, dim] as const),
    ["offset", sizeOf(attributes.static_offsets[0]!), layout.offset, undefined] as const,
    ...layout.strides.map((stride, dim) => ["stride", sizeOf(attributes.static_strides[dim]!), stride, dim] as const),
  ];
  const wrong = checks.find(([, expected, found]) => found !== "?" && found !== expected);
  if (wrong === undefined) return;
  const [what, expected, found, dim] = wrong;
  const where = dim === undefined ? "" : ` in dim = ${dim}`;
  yield broken(op, `expected result type with ${what} = ${orDynamic(expected)} instead of ${orDynamic(found)}${where}`);
}

export function* verifyView(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly operands: { readonly sizes: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const { op } = view;
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  if (source.element !== i8 || source.shape.length !== 1)
    yield broken(op, `operand #0 must be 1D memref of 8-bit signless integer values, but got '${source.text}'`);
  else if (!hasIdentityLayout(source)) yield broken(op, `unsupported map for base memref type '${source.text}'`);
  else if (!hasIdentityLayout(result)) yield broken(op, `unsupported map for result memref type '${result.text}'`);
  else if (source.memorySpace !== result.memorySpace)
    yield broken(
      op,
      `different memory spaces specified for base memref type '${source.text}' and view memref type '${result.text}'`,
    );
  else yield* verifyDynamicSizes(op, view.operands.sizes.length, result.shape);
}
