import { type Attribute, floatAttribute, integerAttribute } from "../../ir/attributes.ts";
import type { CombiningKind } from "../../ir/dialects/vector.ts";
import { bodyOf, type Operation } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { FloatType, IntegerType, Type } from "../../ir/types.ts";

/** How partial results of a reduction are combined, and what changes nothing when combined. */
export interface Combining {
  readonly kind: CombiningKind;
  readonly operation: string;
  neutral(type: Type): Attribute & { readonly kind: "integer" | "float" };
}

const float = (value: number) => (type: Type) =>
  floatAttribute(value, type as FloatType) as Attribute & { kind: "float" };
const integer = (of: (width: number) => bigint) => (type: Type) =>
  integerAttribute(
    BigInt.asIntN((type as IntegerType).width, of((type as IntegerType).width)),
    type as IntegerType,
  ) as Attribute & { kind: "integer" };

const combinings: Readonly<Record<string, Omit<Combining, "operation">>> = {
  "arith.addf": { kind: "add", neutral: float(0) },
  "arith.mulf": { kind: "mul", neutral: float(1) },
  "arith.maximumf": { kind: "maximumf", neutral: float(-Infinity) },
  "arith.minimumf": { kind: "minimumf", neutral: float(Infinity) },
  "arith.addi": { kind: "add", neutral: integer(() => 0n) },
  "arith.muli": { kind: "mul", neutral: integer(() => 1n) },
  "arith.maxsi": { kind: "maxsi", neutral: integer((width) => -(1n << BigInt(width - 1))) },
  "arith.minsi": { kind: "minsi", neutral: integer((width) => (1n << BigInt(width - 1)) - 1n) },
  "arith.andi": { kind: "and", neutral: integer(() => -1n) },
  "arith.ori": { kind: "or", neutral: integer(() => 0n) },
  "arith.xori": { kind: "xor", neutral: integer(() => 0n) },
};

/** How a reducing body combines: its result is one such operation of the accumulator, used nowhere else, and something new. */
export function combiningOf(rewriter: Rewriter, op: Operation, inputs: number): Combining | undefined {
  const block = rewriter.block(op.regions[0]![0]!);
  const yielded = bodyOf(rewriter, op).at(-1)!.operands;
  const accumulator = block.arguments[inputs];
  if (yielded.length !== 1 || accumulator === undefined) return undefined;
  const last = rewriter.definition(yielded[0]!);
  const found = last && combinings[last.name];
  const uses = rewriter.uses(accumulator);
  if (!found || uses.length !== 1 || uses[0]!.op !== last.id || rewriter.uses(yielded[0]!).length !== 1)
    return undefined;
  return { ...found, operation: last.name };
}
