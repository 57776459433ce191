import type { AffineMap } from "../affine.ts";
import type { IteratorType } from "../dialects/linalg.ts";
import { structuredView } from "../dialects/linalg/structured-view.ts";
import type { IrReader, Operation, ValueId } from "../module.ts";
import { isShaped, staticShape } from "../types.ts";
import { internalError } from "../../support/diagnostic.ts";

/** A structured operation as a loop nest: how far each loop runs, its kind, and where each operand is read or written. */
export interface IterationSpace {
  readonly bounds: readonly number[];
  readonly iterators: readonly IteratorType[];
  readonly inputs: readonly { readonly value: ValueId; readonly map: AffineMap }[];
  readonly outputs: readonly { readonly value: ValueId; readonly map: AffineMap }[];
}

/** The loop nest of a structured operation. A loop's bound is the size of a dimension that some operand indexes by that loop alone. */
export function iterationSpace(reader: IrReader, op: Operation): IterationSpace {
  const view = structuredView(reader, op);
  if (!view) throw internalError(`${op.name} is not a structured operation`, op.location);
  const { maps, iterators } = view;
  const bounds: (number | undefined)[] = iterators.map(() => undefined);
  op.operands.forEach((operand, position) => {
    const type = reader.typeOf(operand);
    const map = maps[position];
    if (!isShaped(type) || !map) return;
    const shape = staticShape(type);
    if (!shape) throw internalError(`${op.name} over ${type.text}: sizes must be known`, op.location);
    map.results.forEach((result, dimension) => {
      if (result.kind === "dimension") bounds[result.position] ??= shape[dimension]!;
    });
  });
  const unbound = bounds.indexOf(undefined);
  if (unbound >= 0) throw internalError(`no operand of this ${op.name} bounds loop d${unbound}`, op.location);
  return {
    bounds: bounds as readonly number[],
    iterators,
    inputs: view.inputs.map((value, index) => ({ value, map: maps[index]! })),
    outputs: view.outputs.map((value, index) => ({ value, map: maps[view.inputs.length + index]! })),
  };
}
