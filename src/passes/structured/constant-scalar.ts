import { type Attribute, boolAttribute } from "../../ir/attributes.ts";
import { arith, linalg, tensor } from "../../ir/dialects/index.ts";
import type { IrReader, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, hostElementType, i1, type Type } from "../../ir/types.ts";
import { constantOfValue, type RuntimeValue } from "../../interpreter/interpret.ts";
import { readElement } from "../../support/numeric/host-tensor.ts";

/** `constantOfValue`, with truth values as MLIR spells them. */
export const constantAttribute = (rewriter: Rewriter, value: RuntimeValue, type: Type): Attribute =>
  type === i1 && typeof value === "number" ? boolAttribute(value !== 0) : constantOfValue(value, type, rewriter);

/** Makes a constant of a value at the insertion point. */
export const buildConstant = (rewriter: Rewriter, value: RuntimeValue, type: Type): ValueId =>
  arith.constant.build(rewriter, {}, { value: constantAttribute(rewriter, value, type) }, { resultTypes: [type] })
    .result;

/** The one value that every element of a tensor has: a number, or an SSA scalar. Undefined when that is not known. */
export type UniformValue =
  | { readonly kind: "number"; readonly value: number | bigint; readonly type: Type }
  | { readonly kind: "scalar"; readonly value: ValueId };

/** What fills a tensor: a splat constant, a `linalg.fill` or a `tensor.splat`. */
export function uniformValue(reader: IrReader, id: ValueId): UniformValue | undefined {
  const op = reader.definition(id);
  if (!op) return undefined;
  const filled = linalg.fill.match(reader, op)?.operands.inputs[0] ?? tensor.splat.match(reader, op)?.operands.input;
  if (filled !== undefined) return { kind: "scalar", value: filled };
  const value = arith.constant.match(reader, op)?.attributes.value;
  if (value?.kind !== "dense" || !value.splat) return undefined;
  const elementType = hostElementType(value.type.element);
  const number = elementType && readElement({ elementType, shape: [], data: value.data }, 0);
  if (number === undefined || typeof number === "string") return undefined;
  return { kind: "number", value: number, type: elementOf(reader.typeOf(id)) };
}
