import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type IrReader, type Operation, type Region, terminatorOf, type ValueId } from "../../module.ts";
import { areCompatible } from "../../type-compatibility.ts";
import { elementOf, indexType, type TensorType, type Type } from "../../types.ts";
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
const ranked = (type: Type): TensorType => type as TensorType;
const resultType = ({ op, reader }: Base): Type => reader.typeOf(op.results[0]!);

/** As many dynamic sizes as the result has `?`. */
function* dynamicSizes(view: Base, sizes: readonly ValueId[]): Generator<Diagnostic> {
  const count = ranked(resultType(view)).shape.filter((size) => size === "?").length;
  if (sizes.length !== count)
    yield broken(view.op, `incorrect number of dynamic sizes, has ${sizes.length}, expected ${count}`);
}

export const verifyEmpty = (view: Base & { readonly operands: { readonly dynamicSizes: readonly ValueId[] } }) =>
  dynamicSizes(view, view.operands.dynamicSizes);

export function* verifyCast(view: Base & { readonly types: { readonly source: Type } }): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (!areCompatible(source, result))
    yield broken(view.op, `operand type '${source.text}' and result type '${result.text}' are cast incompatible`);
}

interface ElementView extends Base {
  readonly operands: { readonly indices: readonly ValueId[] };
}

export function* verifyExtract(
  view: ElementView & { readonly types: { readonly tensor: Type } },
): Generator<Diagnostic> {
  const rank = ranked(view.types.tensor).shape.length;
  const { length } = view.operands.indices;
  if (length !== rank)
    yield broken(view.op, `incorrect number of indices for extract_element: expected ${rank}, got ${length}`);
}

export function* verifyInsert(
  view: ElementView & { readonly types: { readonly scalar: Type; readonly dest: Type } },
): Generator<Diagnostic> {
  const { scalar, dest } = view.types;
  const rank = ranked(dest).shape.length;
  const { length } = view.operands.indices;
  if (length !== rank) yield broken(view.op, `incorrect number of indices: expected ${rank}, got ${length}`);
  if (scalar !== elementOf(dest))
    yield broken(
      view.op,
      `failed to verify that scalar type '${scalar.text}' matches element type of dest '${dest.text}'`,
    );
}

export function* verifyFromElements(
  view: Base & { readonly types: { readonly elements: readonly Type[] } },
): Generator<Diagnostic> {
  const type = ranked(resultType(view));
  const { elements } = view.types;
  const count = type.shape.reduce<number>((product, size) => product * (size === "?" ? Number.NaN : size), 1);
  if (count !== elements.length)
    yield broken(view.op, `expects ${count} elements for '${type.text}', got ${elements.length}`);
  if (elements.some((element) => element !== type.element))
    yield broken(view.op, `operand types must match the result's element type '${type.element.text}'`);
}

export function* verifySplat(
  view: Base & {
    readonly types: { readonly input: Type };
    readonly operands: { readonly dynamicSizes: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const type = ranked(resultType(view));
  if (view.types.input !== type.element)
    yield broken(
      view.op,
      `failed to verify that operand type matches element type of result: '${view.types.input.text}' and '${type.element.text}'`,
    );
  yield* dynamicSizes(view, view.operands.dynamicSizes);
}

/** A region whose block has one index for each dimension and yields an element. */
function* verifyElementRegion(view: Base, region: Region, type: TensorType): Generator<Diagnostic> {
  const { op, reader } = view;
  const [block] = region;
  if (block === undefined) {
    yield broken(op, "expects a region with a block");
    return;
  }
  const types = reader.block(block).arguments.map((argument) => reader.typeOf(argument));
  if (types.length !== type.shape.length)
    yield broken(
      op,
      `must have one body argument per input dimension: expected ${type.shape.length}, got ${types.length}`,
    );
  if (types.some((argument) => argument !== indexType)) yield broken(op, "all body arguments must be index");
  const last = terminatorOf(reader, block);
  if (last === undefined) return;
  if (last.name !== "tensor.yield")
    yield broken(op, `body must be terminated with a 'tensor.yield' operation, found '${last.name}'`);
  else if (last.operands.length !== 1 || reader.typeOf(last.operands[0]!) !== type.element)
    yield broken(last, `must yield a value of the element type '${type.element.text}'`);
}

export function* verifyGenerate(
  view: Base & {
    readonly operands: { readonly dynamicExtents: readonly ValueId[] };
    readonly regions: { readonly body: Region };
  },
): Generator<Diagnostic> {
  yield* dynamicSizes(view, view.operands.dynamicExtents);
  yield* verifyElementRegion(view, view.regions.body, ranked(resultType(view)));
}

interface SliceView extends Base {
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

/** The part of a slice has the sizes of the slice, dimensions of size 1 left out or not. */
function* verifyPart(view: SliceView, whole: TensorType, part: TensorType): Generator<Diagnostic> {
  yield* verifySlice({ op: view.op, operands: view.operands, attributes: view.attributes, shape: whole.shape });
  const sizes = view.attributes.static_sizes.map(sizeOf);
  if (part.element !== whole.element)
    yield broken(view.op, `expected element type to be '${whole.element.text}', got '${part.element.text}'`);
  if (sizes.length === whole.shape.length && !isRankReduction(sizes, part.shape))
    yield broken(
      view.op,
      `expected type of shape ${shapeText(sizes)} or a rank-reduced version, got ${shapeText(part.shape)}`,
    );
}

export const verifyExtractSlice = (view: SliceView & { readonly types: { readonly source: Type } }) =>
  verifyPart(view, ranked(view.types.source), ranked(resultType(view)));
export const verifyInsertSlice = (
  view: SliceView & { readonly types: { readonly source: Type; readonly dest: Type } },
) => verifyPart(view, ranked(view.types.dest), ranked(view.types.source));

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
  yield* sameElement(view, source, result);
  yield* verifyReassociation(view.op, view.attributes.reassociation, result.shape, source.shape);
}

export function* verifyCollapseShape(view: ReshapeView): Generator<Diagnostic> {
  const source = ranked(view.types.src);
  const result = ranked(resultType(view));
  yield* sameElement(view, source, result);
  yield* verifyReassociation(view.op, view.attributes.reassociation, source.shape, result.shape);
}

function* sameElement(view: Base, source: Type, result: Type): Generator<Diagnostic> {
  if (elementOf(source) !== elementOf(result))
    yield broken(
      view.op,
      `element types of source and result should be the same: '${source.text}' and '${result.text}'`,
    );
}

export function* verifyReshape(
  view: Base & { readonly types: { readonly source: Type; readonly shape: Type } },
): Generator<Diagnostic> {
  const { source, shape } = view.types;
  const result = resultType(view);
  yield* sameElement(view, source, result);
  if (ranked(shape).shape.length !== 1) yield broken(view.op, "expects a 1-D shape operand");
  const count = (type: Type): number | undefined =>
    type.kind === "tensor" && !type.shape.includes("?")
      ? (type.shape as readonly number[]).reduce((product, size) => product * size, 1)
      : undefined;
  const before = count(source);
  const after = count(result);
  if (before !== undefined && after !== undefined && before !== after)
    yield broken(
      view.op,
      `source and destination tensor should have the same number of elements: ${before} and ${after}`,
    );
}

export function* verifyPad(
  view: Base & {
    readonly types: { readonly source: Type };
    readonly operands: { readonly low: readonly ValueId[]; readonly high: readonly ValueId[] };
    readonly attributes: { readonly static_low: readonly number[]; readonly static_high: readonly number[] };
    readonly regions: { readonly region: Region };
  },
): Generator<Diagnostic> {
  const { op, operands, attributes } = view;
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  const rank = source.shape.length;
  const { static_low: low, static_high: high } = attributes;
  yield* verifyMixedList(op, "low padding", low, operands.low.length, rank);
  yield* verifyMixedList(op, "high padding", high, operands.high.length, rank);
  yield* sameElement(view, source, result);
  if (low.length === rank && high.length === rank) {
    const expected = source.shape.map((size, index) => {
      const before = sizeOf(low[index]!);
      const after = sizeOf(high[index]!);
      return size === "?" || before === "?" || after === "?" ? "?" : size + before + after;
    });
    if (!shapesFit(expected, result.shape))
      yield broken(op, `specified type '${result.text}' does not match the inferred shape ${shapeText(expected)}`);
  }
  yield* verifyElementRegion(view, view.regions.region, source);
}

export function* verifyConcat(
  view: Base & { readonly types: { readonly inputs: readonly Type[] }; readonly attributes: { readonly dim: number } },
): Generator<Diagnostic> {
  const { op, attributes } = view;
  const inputs = view.types.inputs.map(ranked);
  const result = ranked(resultType(view));
  const { dim } = attributes;
  if (inputs.length === 0) {
    yield broken(op, "requires at least one input");
    return;
  }
  const rank = result.shape.length;
  if (dim < 0 || dim >= rank)
    yield broken(op, `concatenation dim must be less than the tensor rank: ${dim} and ${rank}`);
  for (const input of inputs) {
    if (input.element !== result.element)
      yield broken(op, `inputs and result element type must match: '${input.text}'`);
    if (input.shape.length !== rank)
      yield broken(op, `rank of concatenated inputs must match result rank ${rank}: '${input.text}'`);
    else if (input.shape.some((size, index) => index !== dim && !sizesFit(size, result.shape[index]!)))
      yield broken(
        op,
        `static concatenation size mismatch along a dimension that is not concatenated: '${input.text}' and '${result.text}'`,
      );
  }
  const sizes = inputs.map((input) => input.shape[dim]);
  if (sizes.some((size) => typeof size !== "number") || result.shape[dim] === "?") return;
  const total = (sizes as readonly number[]).reduce((sum, size) => sum + size, 0);
  if (total !== result.shape[dim])
    yield broken(op, `result type '${result.text}' does not match the inferred size ${total} of dimension ${dim}`);
}
