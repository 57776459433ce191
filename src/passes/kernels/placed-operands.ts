import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import type { AffineExpression } from "../../ir/affine.ts";
import { layoutOf } from "../../ir/analysis/memref-layout.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";
import type { Access, Stage } from "./group.ts";

/** One dimension of a buffer as an operand is seen: where along it the loops are, and how far apart its elements lie. */
export interface Dimension {
  readonly index: AffineExpression;
  readonly stride: number;
}
/** An operand as a place in a plain buffer. Undefined dimensions stand for scalars, which have no place. */
export interface Placed {
  readonly access: Access;
  readonly base: ValueId;
  readonly offset: number;
  readonly dimensions: readonly Dimension[];
}

/** A stage with the places of its operands, inputs first, and which of the inputs are kept. */
export interface StagePlaces {
  readonly stage: Stage;
  readonly keep: readonly boolean[];
  readonly placed: readonly Placed[];
}

/** The buffer that a value is a view of: an argument, an allocation, a constant or a place in the arena. */
export function baseOf(rewriter: Rewriter, value: ValueId): ValueId {
  for (;;) {
    const op = rewriter.definition(value);
    if (!op || !bufferViews.has(op.name)) return value;
    value = op.operands[0]!;
  }
}

/** Reads an operand as a place in a plain buffer; undefined when its strides or offset are not known. */
export function placeOf(rewriter: Rewriter, access: Access): Placed | undefined {
  const type = rewriter.typeOf(access.value);
  if (type.kind !== "memref") return { access, base: access.value, offset: 0, dimensions: [] };
  const layout = layoutOf(type);
  const base = baseOf(rewriter, access.value);
  const plain = rewriter.typeOf(base) as MemRefType;
  if (!layout || plain.layout !== undefined || plain.element !== type.element) return undefined;
  if (layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const dimensions = access.map.results.map((index, position) => ({
    index,
    stride: layout.strides[position] as number,
  }));
  return { access, base, offset: layout.offset, dimensions };
}
