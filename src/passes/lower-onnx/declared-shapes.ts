import { registry } from "../../ir/dialects/index.ts";
import { onnx } from "../../ir/dialects/onnx/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import { staticShape } from "../../ir/types.ts";

/** How many operations are looked through. */
const reach = 8;

/**
 * The shape that the model declares for a value, or for one made of it element by element; undefined where it declares none or leaves
 * sizes open. This is what tells the shape of a result when it depends on an operand that is known at run time only.
 */
export function declaredShape(reader: IrReader, value: ValueId, depth = reach): readonly number[] | undefined {
  const type = reader.typeOf(value);
  if (type.kind === "tensor") return staticShape(type);
  if (depth === 0) return undefined;
  for (const { op, index } of reader.uses(value)) {
    const user = reader.operation(op);
    if (!keepsShape(user, index)) continue;
    const shape = declaredShape(reader, user.results[0]!, depth - 1);
    if (shape) return shape;
  }
  return undefined;
}

/** Whether an operation's result has the shape of its operand. */
function keepsShape(user: Operation, operand: number): boolean {
  if (user.name === onnx.CastLike.name) return operand === 0;
  const isElementwise = registry.definition(user.name)?.traits?.includes("elementwise") ?? false;
  return isElementwise && user.operands.length === 1 && user.results.length === 1;
}
