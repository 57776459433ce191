import type { AffineMap } from "../affine.ts";
import { linalg } from "../dialects/linalg.ts";
import type { IteratorType } from "../dialects/linalg.ts";
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

/** The loop nest of a `linalg.generic`. A loop's bound is the size of a dimension that some operand indexes by that loop alone. */
export function iterationSpace(reader: IrReader, op: Operation): IterationSpace {
  const view = linalg.generic.match(reader, op);
  if (!view) throw internalError(`${op.name} is not a linalg.generic`, op.location);
  const maps = view.attributes.indexing_maps;
  const iterators = view.attributes.iterator_types;
  const bounds: (number | undefined)[] = iterators.map(() => undefined);
  op.operands.forEach((operand, position) => {
    const type = reader.typeOf(operand);
    const map = maps[position];
    if (!isShaped(type) || !map) return;
    const shape = staticShape(type);
    if (!shape) throw internalError(`linalg.generic over ${type.text}: sizes must be known`, op.location);
    map.results.forEach((result, dimension) => {
      if (result.kind === "dimension") bounds[result.position] ??= shape[dimension]!;
    });
  });
  const unbound = bounds.indexOf(undefined);
  if (unbound >= 0) throw internalError(`no operand of this linalg.generic bounds loop d${unbound}`, op.location);
  const count = view.operands.inputs.length;
  return {
    bounds: bounds as readonly number[],
    iterators,
    inputs: view.operands.inputs.map((value, index) => ({ value, map: maps[index]! })),
    outputs: view.operands.outputs.map((value, index) => ({ value, map: maps[count + index]! })),
  };
}
