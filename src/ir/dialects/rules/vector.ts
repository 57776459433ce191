import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import {
  elementOf,
  i1,
  indexType,
  isShaped,
  type MemRefType,
  type Type,
  vectorType,
  type VectorType,
} from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { isDynamic, shapeText, verifyMixedList } from "./shapes.ts";

interface Base {
  readonly op: Operation;
  readonly reader: IrReader;
}
const vectorOf = (type: Type): VectorType => type as VectorType;
const resultType = ({ op, reader }: Base): Type => reader.typeOf(op.results[0]!);
const maskOf = (type: VectorType): Type => vectorType(type.shape, i1, type.scalable);

export function* verifyBroadcast(view: Base & { readonly types: { readonly source: Type } }): Generator<Diagnostic> {
  const { source } = view.types;
  const result = vectorOf(resultType(view));
  if (elementOf(source) !== result.element)
    yield broken(view.op, `source element type '${source.text}' differs from the result's '${result.text}'`);
  if (source.kind !== "vector") return;
  const leading = result.shape.length - source.shape.length;
  if (leading < 0) yield broken(view.op, "source rank higher than destination rank");
  else if (source.shape.some((size, index) => size !== 1 && size !== result.shape[leading + index]))
    yield broken(view.op, `dimension mismatch (${shapeText(source.shape)} vs. ${shapeText(result.shape)})`);
}

interface AccessView extends Base {
  readonly types: { readonly base: Type };
  readonly operands: { readonly indices: readonly ValueId[] };
}

function* verifyAccess(view: AccessView, type: VectorType): Generator<Diagnostic> {
  const base = view.types.base as MemRefType;
  const { length } = view.operands.indices;
  if (length !== base.shape.length) yield broken(view.op, `requires ${base.shape.length} indices, got ${length}`);
  if (base.element !== type.element && base.element !== type)
    yield broken(
      view.op,
      `base element type '${base.element.text}' and vector element type '${type.element.text}' should match`,
    );
}

export const verifyLoad = (view: AccessView) => verifyAccess(view, vectorOf(resultType(view)));
export const verifyStore = (view: AccessView & { readonly types: { readonly valueToStore: Type } }) =>
  verifyAccess(view, vectorOf(view.types.valueToStore));

function* mustBe(op: Operation, what: string, found: Type, expected: Type): Generator<Diagnostic> {
  if (found !== expected) yield broken(op, `expected ${what} to be '${expected.text}', but got '${found.text}'`);
}

export function* verifyMaskedLoad(
  view: AccessView & { readonly types: { readonly mask: Type; readonly pass_thru: Type } },
): Generator<Diagnostic> {
  const type = vectorOf(view.types.pass_thru);
  yield* verifyAccess(view, type);
  yield* mustBe(view.op, "mask", view.types.mask, maskOf(type));
}

export function* verifyMaskedStore(
  view: AccessView & { readonly types: { readonly mask: Type; readonly valueToStore: Type } },
): Generator<Diagnostic> {
  const type = vectorOf(view.types.valueToStore);
  yield* verifyAccess(view, type);
  yield* mustBe(view.op, "mask", view.types.mask, maskOf(type));
}

export function* verifyGather(
  view: Base & {
    readonly types: { readonly base: Type; readonly indices: Type; readonly mask: Type; readonly pass_thru: Type };
    readonly operands: { readonly offsets: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const { base, indices, mask, pass_thru: passThrough } = view.types;
  const type = vectorOf(passThrough);
  const rank = isShaped(base) ? base.shape.length : 0;
  if (view.operands.offsets.length !== rank)
    yield broken(view.op, `requires ${rank} indices, got ${view.operands.offsets.length}`);
  if (elementOf(base) !== type.element) yield broken(view.op, "base and result element type should match");
  const element = elementOf(indices);
  if (element.kind !== "integer" && element !== indexType)
    yield broken(view.op, `expected index vector of integers, but got '${indices.text}'`);
  else yield* mustBe(view.op, "index vector", indices, vectorType(type.shape, element, type.scalable));
  yield* mustBe(view.op, "mask", mask, maskOf(type));
}

interface PositionView extends Base {
  readonly operands: { readonly dynamic_position: readonly ValueId[] };
  readonly attributes: { readonly static_position: readonly number[] };
}

/** A position inside a vector; `part` is what stands there. */
function* verifyPosition(view: PositionView, whole: VectorType, part: Type): Generator<Diagnostic> {
  const { static_position: position } = view.attributes;
  yield* verifyMixedList(view.op, "position", position, view.operands.dynamic_position.length, undefined);
  if (position.length > whole.shape.length) {
    yield broken(
      view.op,
      `expected position attribute of rank no greater than vector rank ${whole.shape.length}, got ${position.length}`,
    );
    return;
  }
  for (const [index, entry] of position.entries())
    // -1 stands for a position that is never used.
    if (!isDynamic(entry) && (entry < -1 || entry >= whole.shape[index]!))
      yield broken(
        view.op,
        `expected position attribute #${index + 1} to be a non-negative integer smaller than the corresponding vector dimension ${whole.shape[index]}`,
      );
  const rest = whole.shape.slice(position.length);
  const expected =
    rest.length === 0 ? whole.element : vectorType(rest, whole.element, whole.scalable.slice(position.length));
  if (part !== expected) yield broken(view.op, `expected the part to be '${expected.text}', but got '${part.text}'`);
}

export const verifyExtract = (view: PositionView & { readonly types: { readonly source: Type } }) =>
  verifyPosition(view, vectorOf(view.types.source), resultType(view));
export const verifyInsert = (
  view: PositionView & { readonly types: { readonly valueToStore: Type; readonly dest: Type } },
) => verifyPosition(view, vectorOf(view.types.dest), view.types.valueToStore);

const integerKinds: ReadonlySet<string> = new Set(["minui", "minsi", "maxui", "maxsi", "and", "or", "xor"]);
const floatKinds: ReadonlySet<string> = new Set(["minnumf", "maxnumf", "minimumf", "maximumf"]);

export function* verifyReduction(
  view: Base & {
    readonly types: { readonly vector: Type; readonly acc: Type | undefined };
    readonly attributes: { readonly kind: string };
  },
): Generator<Diagnostic> {
  const { vector, acc } = view.types;
  const { kind } = view.attributes;
  const type = vectorOf(vector);
  if (type.shape.length > 1) yield broken(view.op, `unsupported reduction rank: ${type.shape.length}`);
  const isFloat = type.element.kind === "float";
  if ((isFloat && integerKinds.has(kind)) || (!isFloat && floatKinds.has(kind)))
    yield broken(view.op, `unsupported reduction type '${type.element.text}' for kind '${kind}'`);
  if (acc !== undefined) yield* mustBe(view.op, "accumulator", acc, type.element);
}

export function* verifyShuffle(
  view: Base & {
    readonly types: { readonly v1: Type; readonly v2: Type };
    readonly attributes: { readonly mask: readonly number[] };
  },
): Generator<Diagnostic> {
  const left = vectorOf(view.types.v1);
  const right = vectorOf(view.types.v2);
  if (left.element !== right.element) yield broken(view.op, "operands must have the same element type");
  if (left.shape.length !== right.shape.length) yield broken(view.op, "operands must have the same rank");
  if (left.shape.slice(1).some((size, index) => size !== right.shape[index + 1]))
    yield broken(view.op, "operands must agree in all dimensions but the first");
  const lanes = (left.shape[0] ?? 1) + (right.shape[0] ?? 1);
  for (const [index, lane] of view.attributes.mask.entries())
    if (lane < -1 || lane >= lanes) yield broken(view.op, `mask index #${index + 1} out of range: ${lane}`);
}

export function* verifyCreateMask(
  view: Base & { readonly operands: { readonly operands: readonly ValueId[] } },
): Generator<Diagnostic> {
  const type = vectorOf(resultType(view));
  if (type.element !== i1) yield broken(view.op, `expected a vector of i1, but got '${type.text}'`);
  const { length } = view.operands.operands;
  if (length !== type.shape.length)
    yield broken(
      view.op,
      `must specify an operand for each result vector dimension: expected ${type.shape.length}, got ${length}`,
    );
}

export function* verifyConstantMask(
  view: Base & { readonly attributes: { readonly mask_dim_sizes: readonly number[] } },
): Generator<Diagnostic> {
  const type = vectorOf(resultType(view));
  const sizes = view.attributes.mask_dim_sizes;
  if (type.element !== i1) yield broken(view.op, `expected a vector of i1, but got '${type.text}'`);
  // A mask without dimensions is one lane, given as 0 or 1.
  const shape = type.shape.length === 0 ? [1] : type.shape;
  if (sizes.length !== shape.length)
    yield broken(
      view.op,
      `must specify array attr of size equal vector result rank: expected ${shape.length}, got ${sizes.length}`,
    );
  else if (sizes.some((size, index) => size < 0 || size > shape[index]!))
    yield broken(view.op, "array attr of size out of bounds of vector result dimension size");
}

export function* verifyStep(view: Base): Generator<Diagnostic> {
  const type = vectorOf(resultType(view));
  if (type.shape.length !== 1 || (type.element !== indexType && type.element.kind !== "integer"))
    yield broken(view.op, `result #0 must be a 1-D vector of integers or index, but got '${type.text}'`);
}
