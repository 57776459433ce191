import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attribute } from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { floatWidth } from "../../exact-float.ts";
import { areCompatible } from "../../type-compatibility.ts";
import { elementOf, i1, isShaped, tensorType, type Type, unrankedTensorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { castError, type OperationView } from "./operation-view.ts";

type Rule<V> = (view: V) => Iterable<Diagnostic>;

interface ConstantView extends OperationView {
  readonly attributes: { readonly value: Attribute };
  readonly results: { readonly result: ValueId };
}

/** A constant's type is that of its value. */
export function* verifyConstant({ op, reader, attributes, results }: ConstantView): Generator<Diagnostic> {
  const { value } = attributes;
  const result = reader.typeOf(results.result);
  const type = value.kind === "bool" ? i1 : "type" in value && value.kind !== "type" ? value.type : undefined;
  if (type === undefined) {
    // An attribute that is kept as text may have the type.
    if (value.kind !== "dialect") yield broken(op, "value must be an integer, float, or elements attribute");
    return;
  }
  if (type !== result) yield broken(op, "failed to verify that all of {value, result} have same type");
  else if (result.kind === "integer" && result.signedness !== "signless")
    yield broken(op, "integer return type must be signless");
  else if (value.kind === "string") yield broken(op, "value must be an integer, float, or elements attribute");
}

interface CastView extends OperationView {
  readonly types: { readonly in: Type };
  readonly results: { readonly out: ValueId };
}

/** Bits of a scalar type; undefined for those without a fixed width. */
export const widthOf = (type: Type): number | undefined =>
  type.kind === "integer" ? type.width : type.kind === "float" ? floatWidth(type.format) : undefined;

/** How the widths of a cast's operand and result must relate. */
export type WidthRelation = "wider" | "narrower" | "equal" | "any" | "index";

const relates: Readonly<Record<WidthRelation, (from: Type, to: Type) => boolean>> = {
  wider: (from, to) => (widthOf(to) ?? 0) > (widthOf(from) ?? 0),
  narrower: (from, to) => (widthOf(to) ?? 0) < (widthOf(from) ?? 0),
  equal: (from, to) => widthOf(from) !== undefined && widthOf(from) === widthOf(to),
  any: () => true,
  index: (from, to) => (from.kind === "index") !== (to.kind === "index"),
};

/** A cast keeps the shape; its element types relate as its name says. */
export const verifyCast = (relation: WidthRelation): Rule<CastView> =>
  function* ({ op, reader, types, results }) {
    const from = types.in;
    const to = reader.typeOf(results.out);
    if (!areCompatible(shapeOf(from), shapeOf(to)))
      yield broken(op, "requires the same shape for all operands and results");
    else if (!sameContainer(from, to) || !relates[relation](elementOf(from), elementOf(to)))
      yield castError(op, from, to);
  };

/** Sizes alone: the same type whatever holds the elements and what they are. */
const shapeOf = (type: Type): Type =>
  isShaped(type)
    ? tensorType(type.shape, i1)
    : "element" in type && type.kind !== "complex"
      ? unrankedTensorType(i1)
      : i1;
const sameContainer = (from: Type, to: Type): boolean =>
  from.kind.replace("unranked-", "") === to.kind.replace("unranked-", "") || (!isContainer(from) && !isContainer(to));
const isContainer = (type: Type): boolean => isShaped(type) || type.kind.startsWith("unranked-");

/** Values that share a scale keep their shape; their element types relate as the operation's name says. */
export const verifyScaling = (relation: WidthRelation): Rule<CastView> =>
  function* ({ op, reader, types, results }) {
    const from = types.in;
    const to = reader.typeOf(results.out);
    if (!relates[relation](elementOf(from), elementOf(to)))
      yield broken(
        op,
        `result type '${to.text}' must be ${relation === "wider" ? "wider" : "shorter"} than operand type '${from.text}'`,
      );
  };

interface SelectView {
  readonly op: Operation;
  readonly types: { readonly condition: Type; readonly true_value: Type; readonly false_value: Type };
}

/** A condition of several values needs as many values to choose from. */
export function* verifySelect({ op, types }: SelectView): Generator<Diagnostic> {
  const { condition, true_value: value } = types;
  if (condition === i1) return;
  if (value.kind !== "tensor" && value.kind !== "vector" && value.kind !== "unranked-tensor")
    yield broken(op, `expected condition to be a signless i1, but got '${condition.text}'`);
}
