import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";

/** What makes a tensor that an operation starts from, if nothing else reads it: a fill and the empty tensor it fills, in order. */
export function initialisersOf(reader: IrReader, op: Operation, start: ValueId): readonly Operation[] {
  const found: Operation[] = [];
  let value = start;
  for (;;) {
    const definition = reader.definition(value);
    if (!definition || definition.parent !== op.parent || reader.uses(value).length !== 1) break;
    const filled = linalg.fill.match(reader, definition)?.operands.outputs[0];
    if (filled === undefined && !tensor.empty.match(reader, definition)) break;
    found.unshift(definition);
    if (filled === undefined) break;
    value = filled;
  }
  return found;
}
