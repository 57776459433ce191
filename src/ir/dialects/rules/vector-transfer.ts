import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { AffineMap } from "../../affine.ts";
import type { Operation, ValueId } from "../../module.ts";
import { elementOf, isShaped, type MemRefType, type Type, type VectorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { transferMaskType } from "../vector-transfer-types.ts";
import type { OperationView } from "./operation-view.ts";

interface TransferView extends OperationView {
  readonly types: { readonly base: Type; readonly mask: Type | undefined };
  readonly operands: { readonly indices: readonly ValueId[] };
  readonly attributes: { readonly permutation_map: AffineMap; readonly in_bounds: readonly boolean[] };
}

/** A map of a transfer takes each dimension of the vector from one of the base, or from none. */
function* verifyTransfer(view: TransferView, vector: VectorType): Generator<Diagnostic> {
  const { op, types, operands, attributes } = view;
  const { permutation_map: map, in_bounds: inBounds } = attributes;
  const { base, mask } = types;
  if (base.kind !== "memref" && base.kind !== "tensor")
    return yield broken(op, "requires source to be a memref or ranked tensor type");
  const rank = base.shape.length;
  if (operands.indices.length !== rank) return yield broken(op, `requires ${rank} indices`);
  if (mask !== undefined) {
    const expected = transferMaskType(vector, map);
    if (mask !== expected)
      return yield broken(
        op,
        `inferred mask type ('${expected.text}') and mask operand type ('${mask.text}') don't match`,
      );
  }
  if (map.symbols !== 0) return yield broken(op, "requires permutation_map without symbols");
  if (map.dimensions !== rank)
    return yield broken(op, "requires a permutation_map with input dims of the same rank as the source type");
  const element = elementOf(base);
  const lanes = element.kind === "vector" ? vector.shape.length - element.shape.length : vector.shape.length;
  if (map.results.length !== lanes)
    return yield broken(
      op,
      element.kind === "vector"
        ? "requires a permutation_map with result dims of the same rank as the vector type"
        : "requires a permutation_map with result dims of the same rank as the vector type",
    );
  yield* verifyPermutation(op, map);
  if (inBounds.length !== map.results.length)
    yield broken(
      op,
      `expects the in_bounds attr of same rank as permutation_map results: affine_map<${map.text}> vs inBounds of size: ${inBounds.length}`,
    );
}

function* verifyPermutation(op: Operation, map: AffineMap): Generator<Diagnostic> {
  const seen = new Set<number>();
  for (const result of map.results) {
    if (result.kind === "constant" && result.value === 0) continue;
    if (result.kind !== "dimension")
      return yield broken(
        op,
        "requires a projected permutation_map (at most one dim or the zero constant can appear in each result)",
      );
    if (seen.has(result.position))
      return yield broken(op, "requires a permutation_map that is a permutation (found one dim used more than once)");
    seen.add(result.position);
  }
}

export function* verifyTransferRead(
  view: TransferView & { readonly types: { readonly padding: Type } },
): Generator<Diagnostic> {
  const vector = view.reader.typeOf(view.op.results[0]!) as VectorType;
  const found = [...verifyTransfer(view, vector)];
  if (found.length > 0) return yield found[0]!;
  if (view.types.padding !== elementOf(view.types.base))
    yield broken(view.op, "requires formal padding and source of the same elemental type");
}

export function* verifyTransferWrite(
  view: TransferView & { readonly types: { readonly valueToStore: Type } },
): Generator<Diagnostic> {
  const found = [...verifyTransfer(view, view.types.valueToStore as VectorType)];
  if (found.length > 0) return yield found[0]!;
  if (view.attributes.permutation_map.results.some(({ kind }) => kind === "constant"))
    yield broken(view.op, "should not have broadcast dimensions");
}

/** A buffer of scalars becomes one of a vector with all of them. */
export function* verifyTypeCast(
  view: OperationView & { readonly types: { readonly memref: Type } },
): Generator<Diagnostic> {
  const { op } = view;
  const source = view.types.memref as MemRefType;
  const result = view.reader.typeOf(op.results[0]!);
  if (result.kind !== "memref" || !isShaped(result)) return;
  if (result.memorySpace !== source.memorySpace) return yield broken(op, "expects result in same memory space");
  const flattened = (type: MemRefType): readonly unknown[] =>
    type.element.kind === "vector" ? [...type.shape, ...type.element.shape] : type.shape;
  const scalar = (type: MemRefType): Type => (type.element.kind === "vector" ? type.element.element : type.element);
  if (scalar(source) !== scalar(result))
    yield broken(op, `expects result and operand with same underlying scalar type: '${result.text}'`);
  else if (flattened(source).join() !== flattened(result).join())
    yield broken(op, `expects concatenated result and operand shapes to be equal: '${result.text}'`);
}
