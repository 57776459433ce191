import type { Diagnostic } from "../../../support/diagnostic.ts";
import { parentOf, type Region, terminatorOf, type ValueId } from "../../module.ts";
import { elementOf, type MemRefType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";
import { shapesFit } from "./shapes.ts";

const rankOf = (type: Type): number => (type as MemRefType).shape.length;

interface AccessView extends OperationView {
  readonly types: { readonly memref: Type };
  readonly operands: { readonly indices: readonly ValueId[] };
}

export function* verifyLoad(view: AccessView): Generator<Diagnostic> {
  const rank = rankOf(view.types.memref);
  const { length } = view.operands.indices;
  if (length !== rank)
    yield broken(view.op, `incorrect number of indices for load, expected ${rank} but got ${length}`);
}

export function* verifyStore(view: AccessView): Generator<Diagnostic> {
  const rank = rankOf(view.types.memref);
  const { length } = view.operands.indices;
  if (length !== rank)
    yield broken(view.op, `store index operand count not equal to memref rank: expected ${rank} but got ${length}`);
}

export function* verifyPrefetch(view: AccessView): Generator<Diagnostic> {
  if (view.operands.indices.length !== rankOf(view.types.memref)) yield broken(view.op, "too few indices");
}

export function* verifyDmaWait(
  view: OperationView & {
    readonly types: { readonly tagMemRef: Type };
    readonly operands: { readonly tagIndices: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const { length } = view.operands.tagIndices;
  const rank = rankOf(view.types.tagMemRef);
  if (length !== rank)
    yield broken(
      view.op,
      `expected tagIndices to have the same number of elements as the tagMemRef rank, expected ${rank}, but got ${length}`,
    );
}

export function* verifyCopy(
  view: OperationView & { readonly types: { readonly source: Type; readonly target: Type } },
): Generator<Diagnostic> {
  const { source, target } = view.types;
  const shapesAgree = source.kind !== "memref" || target.kind !== "memref" || shapesFit(source.shape, target.shape);
  if (elementOf(source) !== elementOf(target)) yield broken(view.op, "requires the same element type for all operands");
  else if (!shapesAgree) yield broken(view.op, "requires the same shape for all operands");
}

const floatKinds: ReadonlySet<string> = new Set(["addf", "maximumf", "maxnumf", "minimumf", "minnumf", "mulf"]);

/** The element's type is one that the combination is for. */
export function* verifyAtomic(
  view: AccessView & { readonly types: { readonly value: Type }; readonly attributes: { readonly kind: string } },
): Generator<Diagnostic> {
  const { op, types, operands, attributes } = view;
  const { kind } = attributes;
  if (operands.indices.length !== rankOf(types.memref)) {
    yield broken(op, "expects the number of subscripts to be equal to memref rank");
    return;
  }
  if (kind === "assign") return;
  const wantsFloat = floatKinds.has(kind);
  if (wantsFloat && types.value.kind !== "float") yield broken(op, `with kind '${kind}' expects a floating-point type`);
  else if (!wantsFloat && types.value.kind !== "integer")
    yield broken(op, `with kind '${kind}' expects an integer type`);
}

export function* verifyGenericAtomic(
  view: AccessView & { readonly regions: { readonly atomic_body: Region } },
): Generator<Diagnostic> {
  const { op, reader, types, regions } = view;
  const [block] = regions.atomic_body;
  const element = elementOf(types.memref);
  const given = block === undefined ? [] : reader.block(block).arguments;
  if (given.length !== 1) return yield broken(op, "expected single number of entry block arguments");
  if (reader.typeOf(given[0]!) !== element)
    return yield broken(op, "expected block argument of the same type result type");
  if (block === undefined) return;
  const last = terminatorOf(reader, block);
  if (last !== undefined && last.name !== "memref.atomic_yield") return;
  const yielded = last?.operands.length === 1 ? reader.typeOf(last.operands[0]!) : element;
  if (yielded !== element)
    yield broken(last!, `types mismatch between yield op: '${yielded.text}' and its parent: '${element.text}'`);
}

export function* verifyAtomicYield(view: OperationView): Generator<Diagnostic> {
  const parent = parentOf(view.reader, view.op);
  if (parent?.name !== "memref.generic_atomic_rmw")
    yield broken(view.op, "expects parent op 'memref.generic_atomic_rmw'");
}
