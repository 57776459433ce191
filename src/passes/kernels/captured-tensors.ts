import { type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { isShaped } from "../../ir/types.ts";

/** The tensors from outside that the members of a kernel read, in order, but for those that they write. */
export function capturedTensors(
  reader: IrReader,
  members: readonly Operation[],
  outputs: readonly ValueId[],
): readonly ValueId[] {
  const inside = new Set<ValueId>();
  const captured = new Set<ValueId>();
  for (const member of members)
    for (const op of walk(reader, member.id)) {
      for (const operand of op.operands)
        if (!inside.has(operand) && !outputs.includes(operand) && isShaped(reader.typeOf(operand)))
          captured.add(operand);
      for (const result of op.results) inside.add(result);
    }
  return [...captured];
}
