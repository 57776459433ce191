import { arithNames } from "./arith-names.ts";
import type { Attribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { OpName } from "../../../ir/op-name.ts";
import { floatWidth } from "../../../ir/exact-float.ts";
import { elementOf, type FloatType, isShaped, type Type } from "../../../ir/types.ts";
import { bigintToDoubleForRounding, roundTo } from "../../../support/numeric/float-formats.ts";
import { computeElements, type Element } from "./elements.ts";
import { allows, formatOf, roundsToNearest } from "./float-arith.ts";
import { type Fold, type Folding, widthOf } from "./fold.ts";

/** Converts a constant, element by element. */
const convert = (
  { rewriter, op, constants }: Folding,
  compute: (element: Element, from: Type, to: Type) => Element | undefined,
): Attribute | undefined => {
  if (constants[0] === undefined) return undefined;
  const to = rewriter.typeOf(op.results[0]!);
  const [from, target] = [rewriter.typeOf(op.operands[0]!), to].map(elementOf) as [Type, Type];
  return computeElements(constants, to, ([element]) => compute(element!, from, target));
};

/** Makes the operation read what its operand was converted from. */
const readThrough = ({ rewriter, op }: Folding, source: ValueId): "changed" => {
  rewriter.setOperand(op.id, 0, source);
  return "changed";
};

const unsigned = (element: Element, from: Type): bigint => BigInt.asUintN(widthOf(from), element as bigint);

/** An extension of the same extension is one extension. */
const extension =
  (name: OpName, read: (element: Element, from: Type) => bigint): Fold =>
  (folding) => {
    const inner = folding.rewriter.definitionNamed(folding.op.operands[0]!, name);
    if (inner !== undefined) return readThrough(folding, inner.operands[0]!);
    return convert(folding, (element, from, to) => BigInt.asIntN(widthOf(to), read(element, from)));
  };

const truncation: Fold = (folding) => {
  const { rewriter, op } = folding;
  const [operand] = op.operands as readonly [ValueId];
  for (const name of [arithNames.extui, arithNames.extsi]) {
    const source = rewriter.definitionNamed(operand, name)?.operands[0];
    if (source === undefined) continue;
    const [from, to] = [rewriter.typeOf(source), rewriter.typeOf(op.results[0]!)];
    if (widthOf(from) > widthOf(to)) return readThrough(folding, source);
    if (elementOf(from) === elementOf(to)) return source;
  }
  const inner = rewriter.definitionNamed(operand, arithNames.trunci);
  if (inner !== undefined) return readThrough(folding, inner.operands[0]!);
  return convert(folding, (element, _, to) => BigInt.asIntN(widthOf(to), element as bigint));
};

/** The number in another format, where it is exactly the same there. */
const exactly = (element: Element, _: Type, to: Type): number | undefined => {
  const format = formatOf(to);
  if (format === undefined) return undefined;
  const rounded = roundTo(format, element as number);
  return Object.is(rounded, element) ? rounded : undefined;
};

const floatExtension: Fold = (folding) => {
  const { rewriter, op } = folding;
  const inner = rewriter.definitionNamed(op.operands[0]!, arithNames.truncf);
  const isContracted = inner !== undefined && allows(inner, "contract") && allows(op, "contract");
  if (isContracted && rewriter.typeOf(inner.operands[0]!) === rewriter.typeOf(op.results[0]!)) return inner.operands[0];
  return convert(folding, exactly);
};

/** Whether every number of one format is a number of another: wide formats of the same family only. */
const widenings: Readonly<Record<string, ReadonlySet<string>>> = {
  f16: new Set(["f32", "tf32", "f64", "f80", "f128"]),
  bf16: new Set(["f32", "f64", "f80", "f128"]),
  tf32: new Set(["f32", "f64", "f80", "f128"]),
  f32: new Set(["f64", "f80", "f128"]),
  f64: new Set(["f80", "f128"]),
  f80: new Set(["f128"]),
};
const isRepresentable = (from: FloatType, by: FloatType): boolean =>
  by.format === from.format ||
  (widenings[from.format]?.has(by.format) ?? (floatWidth(from.format) <= 8 && floatWidth(by.format) >= 32));

const floatTruncation: Fold = (folding) => {
  const { rewriter, op } = folding;
  const inner = rewriter.definitionNamed(op.operands[0]!, arithNames.extf);
  if (inner !== undefined) {
    const source = inner.operands[0]!;
    const types = [source, inner.results[0]!, op.results[0]!].map((id) => elementOf(rewriter.typeOf(id)));
    const [from, through, to] = types as unknown as readonly [FloatType, FloatType, FloatType];
    if (isRepresentable(from, through)) {
      if (floatWidth(from.format) > floatWidth(to.format)) return readThrough(folding, source);
      if (from === to) return source;
    }
  }
  return roundsToNearest(op) ? convert(folding, exactly) : undefined;
};

const integerToFloat =
  (read: (element: Element, from: Type) => bigint): Fold =>
  (folding) =>
    convert(folding, (element, from, to) => {
      const format = formatOf(to);
      const exact = read(element, from);
      if (format === undefined) return undefined;
      return format === "f64" ? Number(exact) : roundTo(format, bigintToDoubleForRounding(exact));
    });
/** Cut towards zero; numbers out of range have no result. */
const floatToInteger =
  (isSigned: boolean): Fold =>
  (folding) =>
    convert(folding, (element, _, to) => {
      if (!Number.isFinite(element)) return undefined;
      const width = widthOf(to);
      const cut = BigInt(Math.trunc(element as number));
      const fits = isSigned ? BigInt.asIntN(width, cut) === cut : BigInt.asUintN(width, cut) === cut;
      return fits ? BigInt.asIntN(width, cut) : undefined;
    });

/** A cast between an integer and `index`; back again it is nothing where no bits were dropped on the way. */
const indexCast =
  (name: OpName, read: (element: Element, from: Type) => bigint): Fold =>
  (folding) => {
    const { rewriter, op } = folding;
    const constant = convert(folding, (element, from, to) => BigInt.asIntN(widthOf(to), read(element, from)));
    if (constant !== undefined) return constant;
    const inner = rewriter.definitionNamed(op.operands[0]!, name);
    const source = inner?.operands[0];
    if (source === undefined || rewriter.typeOf(source) !== rewriter.typeOf(op.results[0]!)) return undefined;
    return widthOf(rewriter.typeOf(inner!.results[0]!)) >= widthOf(rewriter.typeOf(source)) ? source : undefined;
  };

const asSigned = (element: Element): bigint => element as bigint;

/** Integers of one width; the bits of floats are the interpreter's to read. */
const bitcast: Fold = (folding) => {
  const { rewriter, op } = folding;
  const [from, to] = [op.operands[0]!, op.results[0]!].map((id) => rewriter.typeOf(id)) as [Type, Type];
  if (from === to) return op.operands[0];
  if (isShaped(to) || from.kind !== "integer" || to.kind !== "integer") return undefined;
  return convert(folding, (element) => element);
};

/** Folds of conversions, by operation: upstream's, see ArithOps.cpp. */
export const castFolds: Readonly<Record<string, Fold>> = {
  [arith.extsi.name]: extension(arithNames.extsi, asSigned),
  [arith.extui.name]: extension(arithNames.extui, unsigned),
  [arith.trunci.name]: truncation,
  [arith.extf.name]: floatExtension,
  [arith.truncf.name]: floatTruncation,
  [arith.sitofp.name]: integerToFloat(asSigned),
  [arith.uitofp.name]: integerToFloat(unsigned),
  [arith.fptosi.name]: floatToInteger(true),
  [arith.fptoui.name]: floatToInteger(false),
  [arith.index_cast.name]: indexCast(arithNames.index_cast, asSigned),
  [arith.index_castui.name]: indexCast(arithNames.index_castui, unsigned),
  [arith.bitcast.name]: bitcast,
};
