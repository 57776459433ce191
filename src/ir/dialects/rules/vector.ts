import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { AffineMap } from "../../affine.ts";
import type { IrReader, Operation, Region, ValueId } from "../../module.ts";
import { elementOf, i1, isShaped, type Type, vectorType, type VectorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { type OperationView, resultType } from "./operation-view.ts";

const vectorOf = (type: Type): VectorType => type as VectorType;

// --- reductions ------------------------------------------------------------------------------------------------------------------

const integerKinds: ReadonlySet<string> = new Set(["minui", "minsi", "maxui", "maxsi", "and", "or", "xor"]);
const floatKinds: ReadonlySet<string> = new Set(["minnumf", "maxnumf", "minimumf", "maximumf"]);

/** Whether lanes of this type can be combined so. */
function supports(kind: string, element: Type): boolean {
  if (integerKinds.has(kind)) return element.kind === "integer" || element.kind === "index";
  if (floatKinds.has(kind)) return element.kind === "float";
  return element.kind === "integer" || element.kind === "index" || element.kind === "float";
}

export function* verifyReduction(
  view: OperationView & { readonly types: { readonly vector: Type }; readonly attributes: { readonly kind: string } },
): Generator<Diagnostic> {
  const type = vectorOf(view.types.vector);
  const { kind } = view.attributes;
  if (type.shape.length > 1) yield broken(view.op, `unsupported reduction rank: ${type.shape.length}`);
  else if (!supports(kind, type.element))
    yield broken(view.op, `unsupported reduction type ''${type.element.text}'' for kind '${kind}'`);
}

/** What is left of a vector without some dimensions. */
function withoutDimensions(type: VectorType, dims: readonly number[]): Type {
  const kept = type.shape.map((_, index) => index).filter((index) => !dims.includes(index));
  if (kept.length === 0) return type.element;
  return vectorType(
    kept.map((index) => type.shape[index]!),
    type.element,
    kept.map((index) => type.scalable[index] ?? false),
  );
}

export function* verifyMultiReduction(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly attributes: { readonly kind: string; readonly reduction_dims: readonly number[] };
  },
): Generator<Diagnostic> {
  const source = vectorOf(view.types.source);
  const result = resultType(view);
  const expected = withoutDimensions(source, view.attributes.reduction_dims);
  if (result !== expected)
    yield broken(view.op, `destination type '${result.text}' is incompatible with source type '${source.text}'`);
}

export function* verifyScan(
  view: OperationView & {
    readonly types: { readonly source: Type; readonly initial_value: Type };
    readonly attributes: { readonly kind: string; readonly reduction_dim: number };
  },
): Generator<Diagnostic> {
  const { op, types, attributes } = view;
  const [source, initial] = [vectorOf(types.source), vectorOf(types.initial_value)];
  const { reduction_dim: dim, kind } = attributes;
  const rank = source.shape.length;
  if (dim < 0 || dim >= rank) return yield broken(op, `reduction dimension ${dim} has to be less than ${rank}`);
  if (initial.shape.length !== rank - 1)
    return yield broken(op, `initial value rank ${initial.shape.length} has to be equal to ${rank - 1}`);
  if (initial.shape.join() !== source.shape.filter((_, index) => index !== dim).join())
    return yield broken(op, "incompatible input/initial value shapes");
  if (!supports(kind, source.element))
    yield broken(op, `unsupported reduction type '${source.element.text}' for kind '${kind}'`);
}

interface ContractionView extends OperationView {
  readonly types: { readonly lhs: Type; readonly rhs: Type; readonly acc: Type };
  readonly attributes: {
    readonly indexing_maps: readonly AffineMap[];
    readonly iterator_types: readonly string[];
    readonly kind: string;
  };
}

/** Positions of the dimensions in a map's results. */
const positionsOf = (map: AffineMap): readonly number[] =>
  map.results.map((result) => (result.kind === "dimension" ? result.position : -1));

export function* verifyContraction(view: ContractionView): Generator<Diagnostic> {
  const { op, types, attributes } = view;
  const { indexing_maps: maps, iterator_types: iterators, kind } = attributes;
  const result = resultType(view);
  const [lhs, rhs] = [vectorOf(types.lhs), vectorOf(types.rhs)];
  if (maps.length !== 3) return yield broken(op, "expected an indexing map for each vector operand");
  for (const [index, type] of [lhs, rhs, types.acc].entries()) {
    const map = maps[index]!;
    if (map.symbols !== 0) return yield broken(op, `expected indexing map ${index} to have no symbols`);
    if (map.dimensions !== iterators.length)
      return yield broken(op, `expected indexing map ${index} to have ${iterators.length} number of inputs`);
    const rank = type.kind === "vector" ? type.shape.length : 0;
    if (map.results.length !== rank)
      return yield broken(op, `expected indexing map ${index} to have ${rank} number of outputs`);
    const positions = positionsOf(map);
    if (positions.includes(-1) || new Set(positions).size !== positions.length)
      return yield broken(op, `expected indexing map ${index} to be a projected permutation of its inputs`);
  }
  const [left, right, out] = maps.map(positionsOf) as [readonly number[], readonly number[], readonly number[]];
  const summed = left.filter((dim) => right.includes(dim) && !out.includes(dim));
  const contracting = summed.filter((dim) => iterators[dim] === "reduction");
  if (contracting.length === 0) return yield broken(op, "expected at least one contracting dimension pair");
  const sizes = (dim: number): readonly [number | undefined, number | undefined] => [
    lhs.shape[left.indexOf(dim)],
    rhs.shape[right.indexOf(dim)],
  ];
  if (contracting.some((dim) => sizes(dim)[0] !== sizes(dim)[1]))
    return yield broken(op, "invalid contracting dimension map");
  const batch = left.filter((dim) => right.includes(dim) && out.includes(dim));
  if (batch.some((dim) => sizes(dim)[0] !== sizes(dim)[1])) return yield broken(op, "invalid batch dimension map");
  const expected = out.map((dim) =>
    left.includes(dim) ? lhs.shape[left.indexOf(dim)] : rhs.shape[right.indexOf(dim)],
  );
  const found = isShaped(result) ? result.shape : [];
  if (types.acc !== result || expected.join() !== found.join())
    return yield broken(op, "invalid accumulator/result vector shape");
  if (!supports(kind, elementOf(result))) yield broken(op, "unsupported contraction type");
}

// --- masks -----------------------------------------------------------------------------------------------------------------------

export function* verifyCreateMask(
  view: OperationView & { readonly operands: { readonly operands: readonly ValueId[] } },
): Generator<Diagnostic> {
  const rank = vectorOf(resultType(view)).shape.length;
  const { length } = view.operands.operands;
  if (rank === 0 && length !== 1) yield broken(view.op, "must specify exactly one operand for 0-D create_mask");
  else if (rank > 0 && length !== rank)
    yield broken(view.op, "must specify an operand for each result vector dimension");
}

export function* verifyConstantMask(
  view: OperationView & { readonly attributes: { readonly mask_dim_sizes: readonly number[] } },
): Generator<Diagnostic> {
  const { op } = view;
  const type = vectorOf(resultType(view));
  const sizes = view.attributes.mask_dim_sizes;
  // A mask without dimensions is one lane, given as 0 or 1.
  const shape = type.shape.length === 0 ? [1] : type.shape;
  if (sizes.length !== shape.length) {
    if (type.shape.length === 0) yield broken(op, "array attr must have length 1 for 0-D vectors");
    else yield broken(op, "must specify array attr of size equal vector result rank");
    return;
  }
  if (sizes.some((size, index) => size < 0 || size > shape[index]!))
    return yield broken(op, "array attr of size out of bounds of vector result dimension size");
  if (sizes.includes(0) && sizes.some((size) => size !== 0))
    yield broken(op, "expected all mask dim sizes to be zeros, as a result of conjunction with zero mask dim");
}

/** Operations that a mask may be for. */
const maskable: ReadonlySet<string> = new Set([
  "vector.contract",
  "vector.gather",
  "vector.multi_reduction",
  "vector.outerproduct",
  "vector.reduction",
  "vector.transfer_read",
  "vector.transfer_write",
]);

/** The mask of a reduction has a lane for each lane of what is reduced; other operations tell less. */
function expectedMask(reader: IrReader, masked: Operation): Type | undefined {
  if (masked.name !== "vector.reduction" && masked.name !== "vector.multi_reduction") return undefined;
  const type = vectorOf(reader.typeOf(masked.operands[0]!));
  return vectorType(type.shape, i1, type.scalable);
}

export function* verifyMask(
  view: OperationView & {
    readonly types: { readonly mask: Type; readonly passthru: Type | undefined };
    readonly results: { readonly results: readonly ValueId[] };
    readonly regions: { readonly maskRegion: Region };
  },
): Generator<Diagnostic> {
  const { op, reader, types, results, regions } = view;
  const [block] = regions.maskRegion;
  if (block === undefined) return yield broken(op, "expects a terminator within the mask region");
  const operations = reader.block(block).operations.map((id) => reader.operation(id));
  if (operations.length > 2) return yield broken(op, "expects only one operation to mask");
  const masked = operations.length === 2 ? operations[0]! : undefined;
  // An empty region lets the pass-through pass.
  if (masked === undefined) return;
  if (!maskable.has(masked.name)) return yield broken(op, "expects a MaskableOpInterface within the mask region");
  if (masked.results.length !== results.results.length)
    return yield broken(op, "expects number of results to match maskable operation number of results");
  if (masked.results.some((result, index) => reader.typeOf(result) !== reader.typeOf(results.results[index]!)))
    return yield broken(op, "expects result type to match maskable operation result type");
  const expected = expectedMask(reader, masked);
  if (expected !== undefined && expected !== types.mask)
    return yield broken(op, `expects a '${expected.text}' mask for the maskable operation`);
  if (types.passthru !== undefined && types.passthru !== reader.typeOf(results.results[0]!))
    yield broken(op, "expects passthru type to match result type");
}
