import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { AffineMap } from "../../affine.ts";
import { constraint } from "../../constraints.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import { hasIdentityLayout, type Strides, stridesOfMemRef } from "../../strides.ts";
import { elementOf, i8, memRefLayoutText, type MemRefType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import {
  isRankReduction,
  shapesFit,
  shapeText,
  sizeOf,
  sizesFit,
  verifyMixedList,
  verifyReassociation,
  verifySlice,
} from "./shapes.ts";

interface Base {
  readonly op: Operation;
  readonly reader: IrReader;
}
const ranked = (type: Type): MemRefType => type as MemRefType;
const resultType = ({ op, reader }: Base): Type => reader.typeOf(op.results[0]!);

const castError = (op: Operation, source: Type, result: Type): Diagnostic =>
  broken(op, `operand type '${source.text}' and result type '${result.text}' are cast incompatible`);

/** A cast keeps element type, memory space and rank; sizes, strides and offset that both types know are equal. */
export function* verifyCast(view: Base & { readonly types: { readonly source: Type } }): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (source.kind === "memref" && result.kind === "memref") {
    if (!shapesFit(source.shape, result.shape))
      yield broken(view.op, "requires the same shape for all operands and results");
    else if (!castable(source, result)) yield castError(view.op, source, result);
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
  view: Base & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (elementOf(source) !== elementOf(result))
    yield broken(view.op, "requires the same element type for all operands and results");
  else if (source.kind === "memref" && result.kind === "memref") {
    if (!shapesFit(source.shape, result.shape))
      yield broken(view.op, "requires the same shape for all operands and results");
    else if (source.shape.join() !== result.shape.join() || !sameLayout(source, result))
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
  view: Base & {
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
  view: Base & { readonly types: { readonly source: Type; readonly shape: Type } },
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
  view: Base & { readonly types: { readonly in: Type }; readonly attributes: { readonly permutation: AffineMap } },
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

interface SliceView extends Base {
  readonly types: { readonly source: Type };
  readonly operands: {
    readonly offsets: readonly ValueId[];
    readonly sizes: readonly ValueId[];
    readonly strides: readonly ValueId[];
  };
  readonly attributes: {
    readonly static_offsets: readonly number[];
    readonly static_sizes: readonly number[];
    readonly static_strides: readonly number[];
  };
}

/** A window keeps element type and memory space; its shape is the slice's, dimensions of size 1 left out or not. */
export function* verifySubview(view: SliceView): Generator<Diagnostic> {
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  yield* verifySlice({ op: view.op, operands: view.operands, attributes: view.attributes, shape: source.shape });
  yield* sameStorage(view, source, result);
  const sizes = view.attributes.static_sizes.map(sizeOf);
  if (sizes.length === source.shape.length && !isRankReduction(sizes, result.shape))
    yield broken(
      view.op,
      `expected result type of shape ${shapeText(sizes)} or a rank-reduced version, got ${shapeText(result.shape)}`,
    );
}

export function* verifyReinterpretCast(view: SliceView): Generator<Diagnostic> {
  const result = ranked(resultType(view));
  const { operands, attributes } = view;
  yield* verifyMixedList(view.op, "offset", attributes.static_offsets, operands.offsets.length, 1);
  yield* verifyMixedList(view.op, "size", attributes.static_sizes, operands.sizes.length, result.shape.length);
  yield* verifyMixedList(view.op, "stride", attributes.static_strides, operands.strides.length, result.shape.length);
  if (elementOf(view.types.source) !== result.element)
    yield broken(
      view.op,
      `different element types specified for source type '${view.types.source.text}' and result memref type '${result.text}'`,
    );
  const sizes = attributes.static_sizes.map(sizeOf);
  if (sizes.length === result.shape.length && !shapesFit(sizes, result.shape))
    yield broken(view.op, `expected result type with size ${shapeText(sizes)}, got ${shapeText(result.shape)}`);
}

function* sameStorage(view: Base, source: MemRefType, result: MemRefType): Generator<Diagnostic> {
  if (source.element !== result.element)
    yield broken(view.op, `expected result element type to be '${source.element.text}', got '${result.element.text}'`);
  if (source.memorySpace !== result.memorySpace)
    yield broken(view.op, `expected result memory space to match source memory space`);
}

interface ReshapeView extends Base {
  readonly types: { readonly src: Type };
  readonly attributes: { readonly reassociation: readonly (readonly number[])[] };
}

export function* verifyExpandShape(
  view: ReshapeView & {
    readonly attributes: { readonly static_output_shape: readonly number[] };
    readonly operands: { readonly output_shape: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const source = ranked(view.types.src);
  const result = ranked(resultType(view));
  const sizes = view.attributes.static_output_shape;
  yield* verifyMixedList(view.op, "output shape", sizes, view.operands.output_shape.length, result.shape.length);
  if (!shapesFit(sizes.map(sizeOf), result.shape))
    yield broken(
      view.op,
      `expected output shape ${shapeText(sizes.map(sizeOf))} to match the result's ${shapeText(result.shape)}`,
    );
  yield* sameStorage(view, source, result);
  yield* verifyReassociation(view.op, view.attributes.reassociation, result.shape, source.shape);
}

export function* verifyCollapseShape(view: ReshapeView): Generator<Diagnostic> {
  const source = ranked(view.types.src);
  const result = ranked(resultType(view));
  yield* sameStorage(view, source, result);
  yield* verifyReassociation(view.op, view.attributes.reassociation, source.shape, result.shape);
}

export function* verifyView(
  view: Base & { readonly types: { readonly source: Type }; readonly operands: { readonly sizes: readonly ValueId[] } },
): Generator<Diagnostic> {
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  if (source.element !== i8 || source.shape.length !== 1 || source.layout !== undefined)
    yield broken(view.op, `operand #0 must be 1D memref of 8-bit signless integer values, but got '${source.text}'`);
  if (result.layout !== undefined) yield broken(view.op, `unsupported map for result memref type '${result.text}'`);
  if (source.memorySpace !== result.memorySpace)
    yield broken(
      view.op,
      `different memory spaces specified for base memref type '${source.text}' and view memref type '${result.text}'`,
    );
  const dynamic = result.shape.filter((size) => size === "?").length;
  if (view.operands.sizes.length !== dynamic)
    yield broken(
      view.op,
      `incorrect number of size operands for type '${result.text}': expected ${dynamic}, got ${view.operands.sizes.length}`,
    );
}
