import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type IrReader, type Operation, parentOf, type Region, terminatorOf, type ValueId } from "../../module.ts";
import { areCompatible } from "../../type-compatibility.ts";
import { elementOf, indexType, tensorType, type TensorType, type Type } from "../../types.ts";
import { widthOf } from "./arith.ts";
import { broken } from "../../verify-diagnostics.ts";
import { castError, type OperationView, resultType } from "./operation-view.ts";
import {
  type Expansion,
  isRankReduction,
  type Reshape,
  shapesFit,
  sizeOf,
  sizesFit,
  type Slice,
  verifyBounds,
  verifyDynamicSizes,
  verifyMixedList,
  verifyOutputShape,
  verifySliceLists,
} from "./shapes.ts";

const ranked = (type: Type): TensorType => type as TensorType;
export const verifyEmpty = (
  view: OperationView & { readonly operands: { readonly dynamicSizes: readonly ValueId[] } },
) => verifyDynamicSizes(view.op, view.operands.dynamicSizes.length, ranked(resultType(view)).shape);
export const verifySplat = verifyEmpty;

export function* verifyCast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (!areCompatible(source, result)) yield castError(view.op, source, result);
}

/** The same shape, of elements of equal width. */
export function* verifyBitcast(
  view: OperationView & { readonly types: { readonly source: Type } },
): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  const sameShape =
    source.kind === "tensor" && result.kind === "tensor"
      ? shapesFit(source.shape, result.shape)
      : source.kind === result.kind;
  if (!sameShape || widthOf(elementOf(source)) !== widthOf(elementOf(result))) yield castError(view.op, source, result);
}

interface ElementView extends OperationView {
  readonly operands: { readonly indices: readonly ValueId[] };
}

export function* verifyExtract(
  view: ElementView & { readonly types: { readonly tensor: Type } },
): Generator<Diagnostic> {
  if (view.operands.indices.length !== ranked(view.types.tensor).shape.length)
    yield broken(view.op, "incorrect number of indices for extract_element");
}

export function* verifyInsert(view: ElementView & { readonly types: { readonly dest: Type } }): Generator<Diagnostic> {
  if (view.operands.indices.length !== ranked(view.types.dest).shape.length)
    yield broken(view.op, "incorrect number of indices");
}

export function* verifyGenerate(
  view: OperationView & {
    readonly operands: { readonly dynamicExtents: readonly ValueId[] };
    readonly regions: { readonly body: Region };
  },
): Generator<Diagnostic> {
  const { op, reader } = view;
  const type = ranked(resultType(view));
  yield* verifyDynamicSizes(op, view.operands.dynamicExtents.length, type.shape);
  const [block] = view.regions.body;
  if (block === undefined)
    return yield broken(op, "region #0 ('body') failed to verify constraint: region with 1 blocks");
  const types = reader.block(block).arguments.map((argument) => reader.typeOf(argument));
  if (types.some((argument) => argument !== indexType)) return yield broken(op, "all body arguments must be index");
  if (types.length !== type.shape.length) return yield broken(op, "must have one body argument per input dimension");
  const last = terminatorOf(reader, block);
  if (last === undefined) return;
  if (last.name !== "tensor.yield" || yieldsOther(reader, last, type.element))
    yield broken(op, "body must be terminated with a `yield` operation of the tensor element type");
}
const yieldsOther = (reader: IrReader, last: Operation, element: Type): boolean =>
  last.operands.length !== 1 || reader.typeOf(last.operands[0]!) !== element;

export function* verifyYield(view: OperationView): Generator<Diagnostic> {
  const parent = parentOf(view.reader, view.op)?.name;
  if (parent !== "tensor.generate" && parent !== "tensor.pad")
    yield broken(view.op, "expects parent op to be one of 'tensor.generate, tensor.pad'");
}

type SliceView = OperationView & Slice;

/** The part of a slice has the sizes of the slice, dimensions of size 1 left out or not. */
function* verifyPart(view: SliceView, whole: TensorType, part: TensorType): Generator<Diagnostic> {
  const { op } = view;
  const shape = view.attributes.static_sizes.map(sizeOf);
  const rank = whole.shape.length;
  const lists = [...verifySliceLists(view, [rank, rank, rank])];
  if (lists.length > 0) return yield* lists;
  const expected = tensorType(shape, whole.element, whole.encoding);
  if (part.shape.length > shape.length) yield broken(op, "expected rank to be smaller or equal to the other rank. ");
  else if (!isRankReduction(shape, part.shape))
    yield broken(op, `expected type to be '${expected.text}' or a rank-reduced version. (size mismatch) `);
  else if (part.element !== whole.element) yield broken(op, `expected element type to be '${whole.element.text}'`);
  else yield* verifyBounds(view, whole.shape);
}

export const verifyExtractSlice = (view: SliceView & { readonly types: { readonly source: Type } }) =>
  verifyPart(view, ranked(view.types.source), ranked(resultType(view)));
type InsertSliceView = SliceView & { readonly types: { readonly source: Type; readonly dest: Type } };
export const verifyInsertSlice = (view: InsertSliceView) =>
  verifyPart(view, ranked(view.types.dest), ranked(view.types.source));
export function* verifyParallelInsertSlice(view: InsertSliceView): Generator<Diagnostic> {
  const parent = parentOf(view.reader, view.op)?.name;
  if (parent !== undefined && parent !== "scf.forall.in_parallel" && view.reader.root !== undefined)
    return yield broken(view.op, "expected InParallelOpInterface parent, got:");
  yield* verifyInsertSlice(view);
}

interface CoordinatesView extends OperationView {
  readonly types: { readonly source: Type; readonly indices: Type };
}

/** Dimensions that coordinates are for, in order, and as many as a coordinate has numbers. */
function* verifyCoordinates(
  op: Operation,
  dims: readonly number[],
  indices: TensorType,
  rank: number,
  [name, what]: readonly [string, string],
): Generator<Diagnostic> {
  if (dims.length === 0) return yield broken(op, `${name}_dims must be non-empty`);
  const last = indices.shape.at(-1);
  if (dims.length > rank) return yield broken(op, `${name}_dims overflow ${what} rank`);
  for (const [index, dim] of dims.entries()) {
    if (dim < 0) return yield broken(op, `${name}_dims value must be non-negative`);
    if (dim >= rank) return yield broken(op, `${name}_dims value must be smaller than ${what} rank`);
    if (index > 0 && dims[index - 1]! >= dim)
      return yield broken(op, `${name}_dims values must be strictly increasing`);
  }
  if (last !== undefined && last !== "?" && last !== dims.length)
    yield broken(op, `${name}_dims length must match the size of last dimension of indices`);
}

/** The slices at coordinates: the coordinates' own shape, then the shape without the coordinates' dimensions (or 1 there). */
const slicesOf = (tensor: TensorType, indices: TensorType, dims: readonly number[], reduced: boolean): Type =>
  tensorType(
    [
      ...indices.shape.slice(0, -1),
      ...tensor.shape.flatMap((size, index) => (!dims.includes(index) ? [size] : reduced ? [] : [1])),
    ],
    tensor.element,
  );

function* verifySlices(
  op: Operation,
  what: string,
  found: Type,
  whole: readonly [TensorType, TensorType],
  dims: readonly number[],
): Generator<Diagnostic> {
  const [expected, reduced] = [slicesOf(...whole, dims, false), slicesOf(...whole, dims, true)];
  if (found !== expected && found !== reduced)
    yield broken(
      op,
      `${what} type mismatch: expected '${expected.text}' or its rank-reduced variant '${reduced.text}' (got: '${found.text}')`,
    );
}

export function* verifyGather(
  view: CoordinatesView & { readonly attributes: { readonly gather_dims: readonly number[] } },
): Generator<Diagnostic> {
  const [source, indices] = [ranked(view.types.source), ranked(view.types.indices)];
  const { gather_dims: dims } = view.attributes;
  const found = [...verifyCoordinates(view.op, dims, indices, source.shape.length, ["gather", "source"])];
  if (found.length > 0) yield* found;
  else yield* verifySlices(view.op, "result", resultType(view), [source, indices], dims);
}

export function* verifyScatter(
  view: CoordinatesView & {
    readonly types: { readonly dest: Type };
    readonly attributes: { readonly scatter_dims: readonly number[]; readonly unique: boolean | undefined };
  },
): Generator<Diagnostic> {
  const [dest, indices] = [ranked(view.types.dest), ranked(view.types.indices)];
  const { scatter_dims: dims, unique } = view.attributes;
  const found = [
    ...verifyCoordinates(view.op, dims, indices, dest.shape.length, ["scatter", "dest"]),
    ...(unique ? [] : [broken(view.op, "requires 'unique' attribute to be set")]),
  ];
  if (found.length > 0) yield found[0]!;
  else yield* verifySlices(view.op, "source", view.types.source, [dest, indices], dims);
}

export function* verifyExpandShape(view: Expansion): Generator<Diagnostic> {
  const [source, result] = [view.types.src, resultType(view)];
  if (source.kind !== "tensor" || result.kind !== "tensor") return;
  const sizes = [...verifyOutputShape(view, result.shape.length, "dims")];
  if (sizes.length > 0) yield* sizes;
  else yield* verifyGroups(view.op, view.attributes.reassociation, result, source, "expanded");
}

export function* verifyCollapseShape(view: Reshape): Generator<Diagnostic> {
  const [source, result] = [view.types.src, resultType(view)];
  if (source.kind === "tensor" && result.kind === "tensor")
    yield* verifyGroups(view.op, view.attributes.reassociation, source, result, "collapsed");
}

/** Groups of a reassociation are contiguous, in order and complete; sizes of static groups multiply to the collapsed size. */
function* verifyGroups(
  op: Operation,
  groups: readonly (readonly number[])[],
  expanded: TensorType,
  collapsed: TensorType,
  result: "expanded" | "collapsed",
): Generator<Diagnostic> {
  if (expanded.shape.length < collapsed.shape.length)
    return yield broken(
      op,
      `expected the expanded type, '${expanded.text}' to have a higher (or same) rank than the collapsed type, '${collapsed.text}'`,
    );
  if (groups.length !== collapsed.shape.length)
    return yield broken(
      op,
      `expected collapsed rank (${collapsed.shape.length}) to equal the number of reassociation maps (${groups.length}).`,
    );
  let next = 0;
  for (const [index, group] of groups.entries())
    for (const position of group)
      if (position !== next++)
        return yield broken(op, `expected reassociation map #${index} to be valid and contiguous.`);
  if (groups.length > 0 && next !== expanded.shape.length)
    return yield broken(op, `expected reassociation map #${groups.length - 1} to be valid and contiguous.`);
  for (const [index, group] of groups.entries()) {
    const sizes = group.map((position) => expanded.shape[position]!);
    const target = collapsed.shape[index]!;
    const product = sizes.includes("?") ? "?" : sizes.reduce<number>((value, size) => value * Number(size), 1);
    if (product === target) continue;
    return yield broken(
      op,
      product === "?"
        ? `expected dimension ${index} of collapsed type to be dynamic since one or more of the corresponding dimensions in the expanded type is dynamic`
        : `expected dimension ${index} of collapsed type to be static value of ${product}`,
    );
  }
  if (expanded.element === collapsed.element) return;
  const [found, other] = result === "collapsed" ? [collapsed, expanded] : [expanded, collapsed];
  const expected = tensorType(found.shape, other.element, found.encoding);
  yield broken(op, `expected ${result} type to be '${expected.text}', but got '${found.text}'`);
}

export function* verifyReshape(
  view: OperationView & { readonly types: { readonly source: Type; readonly shape: Type } },
): Generator<Diagnostic> {
  const { op, types } = view;
  const result = resultType(view);
  const [length] = ranked(types.shape).shape;
  if (elementOf(types.source) !== elementOf(result))
    return yield broken(op, "element types of source and destination tensor types should be the same");
  if (result.kind !== "tensor") return;
  const [before, after] = [countOf(types.source), countOf(result)];
  if (before !== undefined && after !== undefined && before !== after)
    yield broken(op, "source and destination tensor should have the same number of elements");
  else if (length === "?")
    yield broken(op, "cannot use shape operand with dynamic length to reshape to statically-ranked tensor type");
  else if (length !== result.shape.length)
    yield broken(op, "length of shape operand differs from the result's tensor rank");
}
const countOf = (type: Type): number | undefined =>
  type.kind === "tensor" && !type.shape.includes("?")
    ? type.shape.reduce<number>((product, size) => product * Number(size), 1)
    : undefined;

export function* verifyPad(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly operands: { readonly low: readonly ValueId[]; readonly high: readonly ValueId[] };
    readonly attributes: { readonly static_low: readonly number[]; readonly static_high: readonly number[] };
    readonly regions: { readonly region: Region };
  },
): Generator<Diagnostic> {
  const { op, operands, attributes, reader } = view;
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  const rank = source.shape.length;
  const { static_low: low, static_high: high } = attributes;
  if (low.length !== rank || high.length !== rank)
    return yield broken(
      op,
      `failed to infer expectedType from sourceType '${source.text}', specified resultType is '${result.text}'`,
    );
  const lists = [
    ...verifyMixedList(op, "low", low, operands.low.length, rank),
    ...verifyMixedList(op, "high", high, operands.high.length, rank),
  ];
  if (lists.length > 0) return yield lists[0]!;
  if (result.shape.length !== rank)
    return yield broken(op, `specified type '${result.text}' does not match the inferred type`);
  const expected = source.shape.map((size, index) => {
    const [before, after] = [sizeOf(low[index]!), sizeOf(high[index]!)];
    return size === "?" || before === "?" || after === "?" ? "?" : size + before + after;
  });
  // A size that cannot be inferred may be known all the same.
  if (result.shape.some((size, index) => expected[index] !== "?" && size !== expected[index]))
    return yield broken(
      op,
      `specified type '${result.text}' does not match the inferred type '${tensorType(expected, source.element).text}'`,
    );
  const [block] = view.regions.region;
  const types = block === undefined ? [] : reader.block(block).arguments.map((argument) => reader.typeOf(argument));
  if (types.length !== rank) return yield broken(op, `expected the block to have ${rank} arguments`);
  const wrong = types.findIndex((type) => type !== indexType);
  if (wrong >= 0) return yield broken(op, `expected block argument ${wrong + 1} to be an index`);
  const last = block === undefined ? undefined : terminatorOf(reader, block);
  if (last?.name === "tensor.yield" && yieldsOther(reader, last, source.element))
    yield broken(op, "expected yield type to match shape element type");
}

export function* verifyConcat(
  view: OperationView & {
    readonly types: { readonly inputs: readonly Type[] };
    readonly attributes: { readonly dim: number };
  },
): Generator<Diagnostic> {
  const { op, attributes } = view;
  const inputs = view.types.inputs.map(ranked);
  const result = ranked(resultType(view));
  const { dim } = attributes;
  const rank = result.shape.length;
  if (inputs.length === 0) return yield broken(op, "requires at least one input");
  if (inputs.some((input) => input.shape.length !== rank))
    return yield broken(op, "rank of concatenated inputs must match result rank");
  if (inputs.some((input) => input.element !== result.element))
    return yield broken(op, "inputs and result element type must match");
  if (dim < 0 || dim >= rank) return yield broken(op, "concatenation dim must be less than the tensor rank");
  const [first] = inputs;
  const inferred = first!.shape.map((size, index) =>
    index === dim ? sum(inputs.map((input) => input.shape[dim]!)) : (staticOf(inputs, index) ?? size),
  );
  for (let index = 0; index < rank; index++)
    if (index !== dim && inputs.some((input) => !sizesFit(input.shape[index]!, inferred[index]!)))
      return yield broken(op, `static concatenation size mismatch along non-concatenated dimension ${index}`);
  if (!shapesFit(inferred, result.shape))
    yield broken(
      op,
      `result type '${result.text}'does not match inferred shape '${tensorType(inferred, result.element).text}' static sizes`,
    );
}
const sum = (sizes: readonly (number | "?")[]): number | "?" =>
  sizes.reduce<number | "?">((total, size) => (total === "?" || size === "?" ? "?" : total + size), 0);
const staticOf = (inputs: readonly TensorType[], index: number): number | "?" | undefined =>
  inputs.map((input) => input.shape[index]!).find((size) => size !== "?");
