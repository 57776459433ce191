import { type Attribute, floatAttribute, integerAttribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { f32, i32, type Type } from "../../../ir/types.ts";
import type { Stage } from "../../kernels/group.ts";

/** How the results of parts of a reduction become one. */
export interface Combiner {
  /** The operation of the body that does it. */
  readonly op: Operation;
  /** What changes nothing. */
  readonly identity: Attribute;
  readonly type: Type;
}

const infinity = Number.POSITIVE_INFINITY;
/** Operations that may be applied in any order, with what changes nothing, by the type they are of. */
const identities: readonly { readonly type: Type; readonly identities: Readonly<Record<string, Attribute>> }[] = [
  {
    type: f32,
    identities: {
      [arith.addf.name]: floatAttribute(0, f32),
      [arith.mulf.name]: floatAttribute(1, f32),
      [arith.maximumf.name]: floatAttribute(-infinity, f32),
      [arith.minimumf.name]: floatAttribute(infinity, f32),
      [arith.maxnumf.name]: floatAttribute(-infinity, f32),
      [arith.minnumf.name]: floatAttribute(infinity, f32),
    },
  },
  {
    type: i32,
    identities: {
      [arith.addi.name]: integerAttribute(0, i32),
      [arith.muli.name]: integerAttribute(1, i32),
      [arith.maxsi.name]: integerAttribute(-(2 ** 31), i32),
      [arith.minsi.name]: integerAttribute(2 ** 31 - 1, i32),
      [arith.ori.name]: integerAttribute(0, i32),
      [arith.xori.name]: integerAttribute(0, i32),
      [arith.andi.name]: integerAttribute(-1, i32),
    },
  },
];

/** What combines the accumulator of a reduction with each contribution; undefined when that is not one operation known here. */
export function combinerOf(reader: IrReader, stage: Pick<Stage, "op" | "outputs">): Combiner | undefined {
  if (stage.outputs.length !== 1 || stage.op.regions.length === 0) return undefined;
  const { arguments: values } = reader.block(stage.op.regions[0]![0]!);
  const accumulator = values.at(-1)!;
  const result = bodyOf(reader, stage.op).at(-1)!.operands[0]!;
  const op = reader.definition(result);
  const uses = reader.uses(accumulator);
  if (!op || uses.length !== 1 || uses[0]!.op !== op.id) return undefined;
  const type = reader.typeOf(accumulator);
  const identity = identities.find((known) => known.type === type)?.identities[op.name];
  return identity && { op, identity, type };
}

/** Combines two partial results. */
export const combineParts = (rewriter: Rewriter, { op, type }: Combiner, left: ValueId, right: ValueId): ValueId =>
  rewriter.create({ name: op.name, operands: [left, right], resultTypes: [type], properties: op.properties })
    .results[0]!;

/** Whether a body adds the product of its two inputs to its result, in f32. */
export function isMultiplyAdd(reader: IrReader, stage: Stage): boolean {
  const combiner = combinerOf(reader, stage);
  if (combiner?.op.name !== arith.addf.name || stage.inputs.length !== 2) return false;
  const [left, right, accumulator] = reader.block(stage.op.regions[0]![0]!).arguments;
  const product = combiner.op.operands.find((operand) => operand !== accumulator);
  const multiply = product === undefined ? undefined : arith.mulf.match(reader, reader.definition(product));
  if (!multiply || bodyOf(reader, stage.op).length !== 3) return false;
  const { lhs, rhs } = multiply.operands;
  return (lhs === left && rhs === right) || (lhs === right && rhs === left);
}
