import { gpu } from "../../ir/dialects/gpu.ts";
import type { CombiningKind } from "../../ir/dialects/combining-kinds.ts";
import type { Operation } from "../../ir/module.ts";
import { elementOf, hostElementType } from "../../ir/types.ts";
import { internalError } from "../../support/diagnostic.ts";
import { fail } from "../diagnostics.ts";
import type { Execution } from "../rule.ts";
import { arithRules } from "../rules/arith.ts";
import { isScalar, isTensor, loadElement, type RuntimeValue, type Scalar, tensorFrom } from "../values.ts";
import type { Meeting } from "./advance.ts";

const floatRules: Readonly<Partial<Record<CombiningKind, string>>> = { add: "addf", mul: "mulf" };
const integerRules: Readonly<Partial<Record<CombiningKind, string>>> = {
  add: "addi",
  mul: "muli",
  and: "andi",
  or: "ori",
  xor: "xori",
};

type Combine = (left: RuntimeValue, right: RuntimeValue) => RuntimeValue;

/** The combination of two values by an operation of `arith`, lane by lane where they are vectors. */
function combineBy(execution: Execution, op: Operation, kind: CombiningKind): Combine {
  const element = elementOf(execution.reader.typeOf(op.operands[0]!));
  const name = (element.kind === "float" ? floatRules : integerRules)[kind] ?? kind;
  const rule = arithRules[name];
  const apply =
    rule?.kind === "scalar" ? rule.specialize(op, [element, element], [element], execution.reader) : undefined;
  if (apply === undefined) return fail("unsupported-type", op.location, { name: op.name, type: element.text });
  const scalars = apply as unknown as (left: Scalar, right: Scalar) => Scalar;
  const elementType = hostElementType(element);
  return (left, right) => {
    if (isScalar(left)) return scalars(left, right as Scalar);
    if (!isTensor(left) || !isTensor(right as typeof left) || elementType === undefined)
      throw internalError(`${op.name} combines values of different kinds`);
    const other = right as typeof left;
    return tensorFrom(elementType, left.shape, (lane) =>
      scalars(loadElement(elementType, left.data, lane), loadElement(elementType, other.data, lane)),
    );
  };
}

/** Values in clusters of `size` lanes that are `stride` apart, each combined in the order of the lanes. */
function reduceClusters(
  values: readonly RuntimeValue[],
  size: number,
  stride: number,
  combine: Combine,
): readonly RuntimeValue[] {
  const clusterOf = (lane: number): number => Math.floor(lane / (size * stride)) * stride + (lane % stride);
  const sums = new Map<number, RuntimeValue>();
  values.forEach((value, lane) => {
    const sum = sums.get(clusterOf(lane));
    sums.set(clusterOf(lane), sum === undefined ? value : combine(sum, value));
  });
  return values.map((_, lane) => sums.get(clusterOf(lane))!);
}

/** What barriers and reductions give the invocations that take part in them. */
export const meetingsOf =
  (execution: Execution): Meeting =>
  (op, values) => {
    const ofSubgroup = gpu.subgroup_reduce.match(execution.reader, op)?.attributes;
    if (ofSubgroup !== undefined) {
      const { cluster_size: size = values.length, cluster_stride: stride } = ofSubgroup;
      return reduceClusters(values, size, stride, combineBy(execution, op, ofSubgroup.op));
    }
    const ofBlock = gpu.all_reduce.match(execution.reader, op)?.attributes;
    if (ofBlock === undefined) return values;
    const combine: Combine =
      ofBlock.op === undefined
        ? (left, right) => execution.runRegion(op, 0, [left, right])[0]!
        : combineBy(execution, op, ofBlock.op);
    return reduceClusters(values, values.length, 1, combine);
  };
