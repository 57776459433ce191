import type { Attribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { opName } from "../../../ir/op-name.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, hostElementType, type Type } from "../../../ir/types.ts";
import type { FloatElementType } from "../../../support/numeric/element-type.ts";
import { roundTo } from "../../../support/numeric/float-formats.ts";
import { readElement } from "../../../support/numeric/host-tensor.ts";

/** The operation that is being folded. The driver has one of these for all operations. */
export interface Folding {
  readonly rewriter: Rewriter;
  readonly op: Operation;
  /** The attributes of operands that are constants, by position. */
  readonly constants: readonly (Attribute | undefined)[];
}

/** What a result is: a value that is there already, a constant, or (a bigint) an integer constant of the result's scalar type. */
export type FoldedValue = ValueId | bigint | Attribute;

/**
 * What an operation's result is (or its results are) without the operation; `"changed"` when it was changed in place, undefined when
 * it cannot be folded. Unlike a pattern, a fold makes no operations.
 */
export type Fold = (folding: Folding) => FoldedValue | readonly FoldedValue[] | "changed" | undefined;

const constantName = opName(arith.constant.name);

/** The attribute of a value that is a constant. */
export function constantAttributeOf(rewriter: Rewriter, id: ValueId): Attribute | undefined {
  const op = rewriter.definitionNamed(id, constantName);
  return op && (op.properties["value"] ?? op.attributes["value"]);
}

export const isConstant = (rewriter: Rewriter, id: ValueId): boolean =>
  rewriter.definitionNamed(id, constantName) !== undefined;

const indexWidth = 64;
/** The number of bits of an integer or `index`, or of the elements of a shaped type. */
export function widthOf(type: Type): number {
  const element = elementOf(type);
  return element.kind === "integer" ? element.width : indexWidth;
}

/** The value of an integer constant, or of every element of one, signed: a true `i1` is -1. */
export function integerIn(attribute: Attribute | undefined): bigint | undefined {
  if (attribute === undefined) return undefined;
  if (attribute.kind === "integer") {
    const { type, value } = attribute;
    return BigInt.asIntN(type.kind === "integer" ? type.width : indexWidth, value);
  }
  if (attribute.kind === "bool") return attribute.value ? -1n : 0n;
  if (attribute.kind !== "dense" || !attribute.splat) return undefined;
  const element = attribute.type.element;
  if (element.kind !== "integer" && element.kind !== "index") return undefined;
  const elementType = hostElementType(element);
  const value = elementType && readElement({ elementType, shape: [], data: attribute.data }, 0);
  return value === undefined || typeof value === "string" ? undefined : BigInt.asIntN(widthOf(element), BigInt(value));
}

/** The value of a float constant, or of every element of one. */
export function floatIn(attribute: Attribute | undefined): number | undefined {
  if (attribute?.kind === "float") {
    const format = hostElementType(attribute.type) as FloatElementType | undefined;
    // A constant may be spelled with more digits than its type keeps.
    return format === undefined ? undefined : roundTo(format, attribute.value);
  }
  if (attribute?.kind !== "dense" || !attribute.splat || attribute.type.element.kind !== "float") return undefined;
  const elementType = hostElementType(attribute.type.element);
  const value = elementType && readElement({ elementType, shape: [], data: attribute.data }, 0);
  return typeof value === "number" ? value : undefined;
}

/** Whether a signed reading is the number one; that of a true `i1` is -1. */
export const isOne = (value: bigint | undefined, type: Type): boolean =>
  value !== undefined && (widthOf(type) === 1 ? value === -1n : value === 1n);
