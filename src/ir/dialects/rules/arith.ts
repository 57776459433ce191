import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attribute } from "../../attributes.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import { floatWidth } from "../../exact-float.ts";
import { areCompatible } from "../../type-compatibility.ts";
import { elementOf, i1, isShaped, type Type, withElement } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";

type Rule<V> = (view: V) => Iterable<Diagnostic>;

interface ConstantView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly attributes: { readonly value: Attribute };
  readonly results: { readonly result: ValueId };
}

/** A constant's type is that of its value. */
export function* verifyConstant({ op, reader, attributes, results }: ConstantView): Generator<Diagnostic> {
  const { value } = attributes;
  const result = reader.typeOf(results.result);
  const type = value.kind === "bool" ? i1 : "type" in value && value.kind !== "type" ? value.type : undefined;
  if (type === undefined) yield broken(op, "value must be an integer, float, or elements attribute");
  else if (type !== result) yield broken(op, `value's type '${type.text}' must match the result type '${result.text}'`);
  const element = elementOf(result);
  if (element.kind === "integer" && element.signedness !== "signless")
    yield broken(op, "integer return type must be signless");
}

interface CastView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: { readonly in: Type };
  readonly results: { readonly out: ValueId };
}

/** Bits of a scalar type; undefined for those without a fixed width. */
const widthOf = (type: Type): number | undefined =>
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
    const sameShape = areCompatible(withElement(from, elementOf(to)), to);
    if (!sameShape || !relates[relation](elementOf(from), elementOf(to)))
      yield broken(op, `operand type '${from.text}' and result type '${to.text}' are cast incompatible`);
  };

interface SelectView {
  readonly op: Operation;
  readonly types: { readonly condition: Type; readonly true_value: Type; readonly false_value: Type };
}

export function* verifySelect({ op, types }: SelectView): Generator<Diagnostic> {
  const { condition, true_value: left, false_value: right } = types;
  if (left !== right) yield broken(op, `failed to verify that all of {true_value, false_value, result} have same type`);
  if (condition === i1) return;
  if (!isShaped(left)) yield broken(op, `expected condition to be a signless i1, but got '${condition.text}'`);
  else if (!areCompatible(condition, withElement(left, i1)))
    yield broken(
      op,
      `expected condition type to have the same shape as the result type, expected '${withElement(left, i1).text}', but got '${condition.text}'`,
    );
}
