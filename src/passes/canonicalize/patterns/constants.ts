import { arith } from "../../../ir/dialects/index.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { uniformAttribute } from "../folds/elements.ts";
import { floatIn, integerIn } from "../folds/fold.ts";

const valueOf = (reader: IrReader, id: ValueId) =>
  arith.constant.match(reader, reader.definition(id))?.attributes.value;

/** The value of an integer or `index` constant (or of every element of one), signed: `true` is -1. */
export const integerConstant = (reader: IrReader, id: ValueId): bigint | undefined => integerIn(valueOf(reader, id));

/** The value of an integer constant that a number holds. */
export function indexConstant(reader: IrReader, id: ValueId): number | undefined {
  const value = integerConstant(reader, id);
  return value === undefined || value !== BigInt.asIntN(53, value) ? undefined : Number(value);
}

/** The value of a float constant, or of every element of one. */
export const floatConstant = (reader: IrReader, id: ValueId): number | undefined => floatIn(valueOf(reader, id));

/** Makes a constant with this number everywhere, of a scalar or static shaped type; undefined where the host has no such elements. */
export function buildUniform(rewriter: Rewriter, value: number | bigint, type: Type): ValueId | undefined {
  const isFloat = elementOf(type).kind === "float";
  const attribute = uniformAttribute(isFloat ? Number(value) : BigInt(value), type);
  return attribute && arith.constant.build(rewriter, {}, { value: attribute }, { resultTypes: [type] }).result;
}
