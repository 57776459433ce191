import type { IrReader, ValueId } from "../../../module.ts";
import { elementOf, type Type } from "../../../types.ts";
import { resultType } from "../../rules/operation-view.ts";
import { isInteger, storageElementOf } from "../types.ts";
import type { Check, WithAttributes, WithOperands, WithTypes } from "./check.ts";
import { firstElement } from "./constants.ts";

/** A zero point has the element type of what it belongs to; `what` says how the message names the two. */
export function zeroPointType(of: Type, zeroPoint: Type, what: string): string | undefined {
  const [element, found] = [storageElementOf(of), storageElementOf(zeroPoint)];
  return element === found ? undefined : `expect ${what} element type, got '${element.text}' and '${found.text}'`;
}
export const andItsZeroPoint = (name: string): string => `both ${name} and its zero point are the same`;

/** Only values of 8 bits may have a zero point other than 0. */
export function zeroPointValue(reader: IrReader, zeroPoint: ValueId, name: string): string | undefined {
  if (isInteger(elementOf(reader.typeOf(zeroPoint)), 8)) return undefined;
  return (firstElement(reader, zeroPoint) ?? 0) === 0
    ? undefined
    : `${name} zero point must be zero for non-int8 integer types`;
}

type Rescale = WithTypes<"input" | "input_zp" | "output_zp" | "multiplier" | "shift"> &
  WithOperands<"input_zp" | "output_zp"> &
  WithAttributes<{
    readonly scale32: boolean;
    readonly per_channel: boolean;
    readonly input_unsigned: boolean;
    readonly output_unsigned: boolean;
  }>;

export const rescaleElementTypes: Check<Rescale> = (view) => {
  const tensors = [
    ["input", view.types.input, view.types.input_zp],
    ["output", resultType(view), view.types.output_zp],
  ] as const;
  for (const [name, type] of tensors) {
    const element = storageElementOf(type);
    if (element.kind !== "integer") return `expect ${name} to have integer element type, got '${element.text}'`;
  }
  for (const [name, type, zeroPoint] of tensors) {
    const [element, found] = [storageElementOf(type), storageElementOf(zeroPoint)];
    if (element.kind !== "integer" || found.kind !== "integer" || element.width !== found.width)
      return `expected ${name} and ${name}_zp to both be integer of the same bitwidth, but got '${element.text}' vs. '${found.text}'`;
  }
  return undefined;
};

/** Zero points of rescaling are 0 but for 8 bits, and for unsigned values of 16 bits, whose middle is one as well. */
export const rescaleZeroPoints: Check<Rescale> = ({ reader, operands, attributes }) => {
  for (const [name, zeroPoint, isUnsigned] of [
    ["input", operands.input_zp, attributes.input_unsigned],
    ["output", operands.output_zp, attributes.output_unsigned],
  ] as const) {
    const element = elementOf(reader.typeOf(zeroPoint));
    const signed = firstElement(reader, zeroPoint) ?? 0;
    if (signed === 0 || element.kind !== "integer") continue;
    const value = isUnsigned && signed < 0 ? signed + 2 ** element.width : signed;
    const isUnsigned16 = isInteger(element, 16) && isUnsigned;
    if (!isInteger(element, 8) && !isUnsigned16) return `expect ${name}_zp of 0, got ${value}`;
    if (isUnsigned16 && value !== 32768)
      return `expect ${name}_zp of 0 or 32768 for unsigned int16 ${name}, got ${value}`;
  }
  return undefined;
};

export const rescaleScales: Check<Rescale> = ({ types, attributes }) => {
  const multiplier = elementOf(types.multiplier);
  const width = attributes.scale32 ? 32 : 16;
  if (!isInteger(multiplier, width))
    return `expect i${width} element type for multiplier for scale32=${attributes.scale32}, got '${multiplier.text}'`;
  if (types.input.kind !== "tensor") return undefined;
  const { shape } = types.input;
  if (attributes.per_channel && shape.length === 0)
    return `requires input to be at least rank 1 when per_channel is true, but got rank ${shape.length}`;
  const channels = attributes.per_channel ? shape.at(-1)! : 1;
  for (const name of ["multiplier", "shift"] as const) {
    const type = types[name];
    const found = type.kind === "tensor" ? type.shape[0]! : "?";
    if (found !== "?" && found !== channels)
      return `expect shape of { ${channels} } for ${name} input, got { ${found} }`;
  }
  return undefined;
};
