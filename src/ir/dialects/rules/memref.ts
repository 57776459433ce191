import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attribute } from "../../attributes.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import { lookUpSymbol } from "../../symbols.ts";
import { areCompatible } from "../../type-compatibility.ts";
import { elementOf, i8, type MemRefLayout, type MemRefType, tensorType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import {
  isRankReduction,
  shapesFit,
  shapeText,
  sizeOf,
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

/** Sizes of a layout that are known only at run time. */
function symbolsOf(layout: MemRefLayout | undefined): number {
  if (layout?.kind === "map") return layout.map.symbols;
  return layout?.kind === "strided" ? [...layout.strides, layout.offset].filter((size) => size === "?").length : 0;
}

export function* verifyAllocation(
  view: Base & {
    readonly operands: { readonly dynamicSizes: readonly ValueId[]; readonly symbolOperands: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const type = ranked(resultType(view));
  const dynamic = type.shape.filter((size) => size === "?").length;
  if (view.operands.dynamicSizes.length !== dynamic)
    yield broken(
      view.op,
      `dimension operand count does not equal memref dynamic dimension count: ${view.operands.dynamicSizes.length} and ${dynamic}`,
    );
  const symbols = symbolsOf(type.layout);
  if (view.operands.symbolOperands.length !== symbols)
    yield broken(
      view.op,
      `symbol operand count does not equal memref symbol count: ${view.operands.symbolOperands.length} and ${symbols}`,
    );
}

interface AccessView extends Base {
  readonly types: { readonly memref: Type };
  readonly operands: { readonly indices: readonly ValueId[] };
}

export function* verifyLoad(view: AccessView): Generator<Diagnostic> {
  const rank = ranked(view.types.memref).shape.length;
  const { length } = view.operands.indices;
  if (length !== rank)
    yield broken(view.op, `incorrect number of indices for load, expected ${rank} but got ${length}`);
}

export function* verifyStore(view: AccessView & { readonly types: { readonly value: Type } }): Generator<Diagnostic> {
  const { memref, value } = view.types;
  const rank = ranked(memref).shape.length;
  const { length } = view.operands.indices;
  if (length !== rank)
    yield broken(view.op, `store index operand count not equal to memref rank: expected ${rank} but got ${length}`);
  if (value !== elementOf(memref))
    yield broken(
      view.op,
      `failed to verify that type of 'value' matches element type of 'memref': '${value.text}' and '${memref.text}'`,
    );
}

export function* verifyCopy(
  view: Base & { readonly types: { readonly source: Type; readonly target: Type } },
): Generator<Diagnostic> {
  const { source, target } = view.types;
  const shapesAgree = source.kind !== "memref" || target.kind !== "memref" || shapesFit(source.shape, target.shape);
  if (elementOf(source) !== elementOf(target)) yield broken(view.op, "requires the same element type for all operands");
  if (!shapesAgree)
    yield broken(view.op, `requires the same shape for all operands: '${source.text}' and '${target.text}'`);
}

export function* verifyCast(view: Base & { readonly types: { readonly source: Type } }): Generator<Diagnostic> {
  const { source } = view.types;
  const result = resultType(view);
  if (!areCompatible(source, result))
    yield broken(view.op, `operand type '${source.text}' and result type '${result.text}' are cast incompatible`);
}

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

export function* verifyGlobal(
  view: Base & {
    readonly attributes: {
      readonly type: Type;
      readonly initial_value: Attribute | undefined;
      readonly alignment: number | undefined;
    };
  },
): Generator<Diagnostic> {
  const { type, initial_value: value, alignment } = view.attributes;
  if (type.kind !== "memref" || type.shape.includes("?")) {
    yield broken(view.op, `type should be static shaped memref, but got '${type.text}'`);
    return;
  }
  if (alignment !== undefined && (alignment <= 0 || !Number.isInteger(Math.log2(alignment))))
    yield broken(view.op, `alignment attribute value ${alignment} is not a power of 2`);
  if (value === undefined || value.kind === "unit") return;
  const found = "type" in value && value.kind !== "type" ? value.type : undefined;
  const expected = tensorType(type.shape, type.element);
  if (value.kind !== "dense" && value.kind !== "resource" && value.kind !== "verbatim")
    yield broken(view.op, "initial value should be a unit or elements attribute");
  else if (found !== expected)
    yield broken(
      view.op,
      `initial value expected to be of type '${expected.text}', but was of type '${found?.text ?? "none"}'`,
    );
}

export function* verifyGetGlobal(
  view: Base & { readonly attributes: { readonly name: string } },
): Generator<Diagnostic> {
  const { name } = view.attributes;
  const global = lookUpSymbol(view.reader, view.op, name);
  const type = global?.name === "memref.global" ? global.properties["type"] : undefined;
  const result = resultType(view);
  if (type?.kind !== "type") yield broken(view.op, `'${name}' does not reference a valid global memref`);
  else if (type.type !== result)
    yield broken(
      view.op,
      `result type '${result.text}' does not match type '${type.type.text}' of the global memref @${name}`,
    );
}
