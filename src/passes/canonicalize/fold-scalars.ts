import { arith } from "../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { isShaped } from "../../ir/types.ts";
import { evaluateOperation, type RuntimeValue, valueOfConstant } from "../../interpreter/interpret.ts";
import { constantAttribute } from "../structured/constant-scalar.ts";
import type { ConstantPool } from "./constant-pool.ts";

/** Replaces a pure operation without regions by its results where operands and results are scalars and all operands are constants. */
export function foldScalars(rewriter: Rewriter, registry: Registry, constants: ConstantPool, op: Operation): boolean {
  if (op.operands.length === 0 || op.results.length === 0 || op.regions.length > 0) return false;
  if (!registry.hasTrait(op, "pure")) return false;
  const types = op.results.map((result) => rewriter.typeOf(result));
  if (types.some(isShaped)) return false;
  const operands: RuntimeValue[] = [];
  for (const operand of op.operands) {
    const value = scalarConstant(rewriter, operand);
    if (value === undefined) return false;
    operands.push(value);
  }
  const results = evaluateOperation(rewriter, op, operands);
  if (!results) return false;
  const made = results.map((value, index) =>
    constants.constant(constantAttribute(rewriter, value, types[index]!), types[index]!, op),
  );
  if (!made.every((value) => value !== undefined)) return false;
  rewriter.replace(op, made);
  return true;
}

/** The value of a scalar constant. */
function scalarConstant(rewriter: Rewriter, id: ValueId): RuntimeValue | undefined {
  const type = rewriter.typeOf(id);
  if (isShaped(type)) return undefined;
  const attribute = arith.constant.match(rewriter, rewriter.definition(id))?.attributes.value;
  return attribute && valueOfConstant(rewriter, attribute, type);
}
