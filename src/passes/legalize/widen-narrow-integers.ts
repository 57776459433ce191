import { arith, math, vector } from "../../ir/dialects/index.ts";
import type { IntegerPredicate } from "../../ir/dialects/arith.ts";
import { type Module, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, i1, i8, type IntegerType, integerType, type Type } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { convertTypes } from "./convert-types.ts";
import { LaneArithmetic } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

/** The type that takes a narrow integer's place; undefined for types that stay. */
type Widening = (type: Type) => IntegerType | undefined;

/** The next width that the target has, for integers of other widths; undefined for those that have one. */
const wideningTo =
  (widths: readonly number[]): Widening =>
  (type) => {
    if (type.kind !== "integer" || type.width === 1) return undefined;
    const width = widths.find((wide) => wide >= type.width);
    return width === undefined || width === type.width ? undefined : integerType(width);
  };

/** Values are held sign-extended; operations that read them as unsigned see them zero-extended. */
const readsUnsigned: ReadonlySet<string> = new Set(
  [arith.divui, arith.remui, arith.ceildivui, arith.shrui, arith.minui, arith.maxui, arith.extui, arith.uitofp]
    .map((op) => op.name as string)
    .concat(arith.index_castui.name, math.ctpop.name),
);
/** Operations whose result may leave the narrow range, or comes out zero-extended. */
const wraps: ReadonlySet<string> = new Set(
  [arith.addi, arith.subi, arith.muli, arith.shli, arith.divsi, arith.ceildivsi, arith.floordivsi]
    .map((op) => op.name as string)
    .concat([arith.divui, arith.remui, arith.ceildivui, arith.shrui, arith.minui, arith.maxui].map((op) => op.name))
    .concat(math.absi.name, math.ipowi.name, math.ctpop.name, math.ctlz.name, math.cttz.name, arith.index_cast.name)
    .concat(arith.index_castui.name, vector.reduction.name),
);

const unsignedPredicates: ReadonlySet<IntegerPredicate> = new Set(["ult", "ule", "ugt", "uge"]);

const lowBits = (a: LaneArithmetic, value: ValueId, narrow: IntegerType, wide: IntegerType): ValueId =>
  a.andi(value, a.constant(wide, (1n << BigInt(narrow.width)) - 1n));
const signExtended = (a: LaneArithmetic, value: ValueId, narrow: IntegerType, wide: IntegerType): ValueId => {
  const shift = a.constant(wide, wide.width - narrow.width);
  return a.shrsi(a.shli(value, shift), shift);
};

/** An operand of a narrow type, by its position. */
interface Narrow {
  readonly index: number;
  readonly type: IntegerType;
}

/** Rewrites one operation, whose values have their wide types already. */
function rewrite(
  rewriter: Rewriter,
  op: Operation,
  operands: readonly Narrow[],
  result: IntegerType | undefined,
  wideType: Widening,
): void {
  const shape = rewriter.typeOf(op.results[0]!);
  const a = new LaneArithmetic(rewriter, shape);
  const predicate = arith.cmpi.match(rewriter, op)?.attributes.predicate;
  const isUnsigned = readsUnsigned.has(op.name) || (predicate !== undefined && unsignedPredicates.has(predicate));
  if (isUnsigned)
    for (const { index, type } of operands)
      rewriter.setOperand(op.id, index, lowBits(a, op.operands[index]!, type, wideType(type)!));
  const source = operands[0];
  const conversion = op.name === arith.trunci.name || op.name === arith.extsi.name || op.name === arith.extui.name;
  if (conversion) return rewriteConversion(rewriter, rewriter.operation(op.id), a, result);
  if (op.name === math.ctlz.name || op.name === math.cttz.name)
    markBits(rewriter, op, a, source!.type, wideType(source!.type)!);
  if (result !== undefined && (op.name === arith.fptosi.name || op.name === arith.fptoui.name))
    return saturate(rewriter, op, a, result, wideType(result)!);
  if (result === undefined || !wraps.has(op.name)) return;
  const after = rewriter.clone(rewriter.operation(op.id));
  const value = after.results[0]!;
  rewriter.replace(op, [signExtended(a, value, result, wideType(result)!)]);
}

/** Conversions between integers, one of which was narrow: both are of ordinary widths now, perhaps of the same one. */
function rewriteConversion(
  rewriter: Rewriter,
  op: Operation,
  a: LaneArithmetic,
  result: IntegerType | undefined,
): void {
  const [operand] = op.operands as [ValueId];
  const from = elementOf(rewriter.typeOf(operand)) as IntegerType;
  const to = elementOf(rewriter.typeOf(op.results[0]!)) as IntegerType;
  const resized =
    from.width === to.width ? operand : from.width > to.width ? a.trunci(operand, to) : extend(a, op, operand, to);
  rewriter.replace(op, [result === undefined ? resized : signExtended(a, resized, result, to)]);
}
const extend = (a: LaneArithmetic, op: Operation, operand: ValueId, to: IntegerType): ValueId =>
  op.name === arith.extui.name ? a.extui(operand, to) : a.extsi(operand, to);

/** Floats out of range saturate to the narrow type's bounds, not to the wide one's. */
function saturate(rewriter: Rewriter, op: Operation, a: LaneArithmetic, narrow: IntegerType, wide: IntegerType): void {
  const isSigned = op.name === arith.fptosi.name;
  const half = 1n << BigInt(narrow.width - 1);
  const value = rewriter.clone(rewriter.operation(op.id)).results[0]!;
  const largest = a.constant(wide, isSigned ? half - 1n : 2n * half - 1n);
  const below = a.select(a.cmpi(isSigned ? "sgt" : "ugt", value, largest), largest, value);
  const least = a.constant(wide, -half);
  const inside = isSigned ? a.select(a.cmpi("slt", below, least), least, below) : below;
  rewriter.replace(op, [signExtended(a, inside, narrow, wide)]);
}

/** Leading and trailing zeros are counted with a one put right outside the narrow value. */
function markBits(rewriter: Rewriter, op: Operation, a: LaneArithmetic, narrow: IntegerType, wide: IntegerType): void {
  const [operand] = op.operands as [ValueId];
  const isLeading = op.name === math.ctlz.name;
  const marker = isLeading ? 1n << BigInt(wide.width - narrow.width - 1) : 1n << BigInt(narrow.width);
  const shifted = isLeading ? a.shli(operand, a.constant(wide, wide.width - narrow.width)) : operand;
  rewriter.setOperand(op.id, 0, a.ori(shifted, a.constant(wide, marker)));
}

/**
 * Integers of widths that processors lack (i2, i4, i24 …) are computed in the next wider type, held sign-extended, and cut back
 * after every operation that can leave their range.
 */
export const widenNarrowIntegers = pass({
  name: "widen-narrow-integers",
  summary: "compute on integers of unusual width in the next usual one",
  anchors: ["builtin.module"],
  options: {
    least: int.default(8).summary("the narrowest width that the target has: 8, 16, 32 or 64"),
  },
  statistics: { widened: "operations that computed on such integers" },
  run(module: Module, { least }, context) {
    const rewriter = new Rewriter(module);
    const wideType = wideningTo([8, 16, 32, 64].filter((width) => width >= (least ?? 8)));
    const narrowElement = (type: Type): IntegerType | undefined => {
      const element = elementOf(type);
      return wideType(element) ? (element as IntegerType) : undefined;
    };
    rewriteBooleanArithmetic(rewriter);
    const work: { op: Operation; operands: Narrow[]; result: IntegerType | undefined }[] = [];
    for (const op of walk(rewriter)) {
      const operands = op.operands.flatMap((value, index) => {
        const type = narrowElement(rewriter.typeOf(value));
        return type ? [{ index, type }] : [];
      });
      const result = op.results[0] === undefined ? undefined : narrowElement(rewriter.typeOf(op.results[0]));
      const isArithmetic =
        op.name.startsWith("arith.") || op.name.startsWith("math.") || op.name === vector.reduction.name;
      if (isArithmetic && op.operands.length > 0 && (operands.length > 0 || result))
        work.push({ op, operands, result });
    }
    convertTypes(rewriter, wideType, () => 0n);
    for (const { op, operands, result } of work) {
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.location = op.location;
      rewrite(rewriter, rewriter.operation(op.id), operands, result, wideType);
      context.count("widened");
    }
    return context.commit(rewriter);
  },
});

/** A true `i1` is -1 where it is read as signed, and sums are taken modulo 2: bit operations say the same. */
const booleanEquivalents: Readonly<Record<string, typeof arith.xori>> = {
  [arith.addi.name]: arith.xori,
  [arith.subi.name]: arith.xori,
  [arith.muli.name]: arith.andi,
  [arith.minui.name]: arith.andi,
  [arith.maxui.name]: arith.ori,
  [arith.minsi.name]: arith.ori,
  [arith.maxsi.name]: arith.andi,
};
const mirrored: Readonly<Partial<Record<IntegerPredicate, IntegerPredicate>>> = {
  slt: "ugt",
  sle: "uge",
  sgt: "ult",
  sge: "ule",
};

function rewriteBooleanArithmetic(rewriter: Rewriter): void {
  for (const op of snapshot(rewriter)) {
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    if (
      (op.name === arith.fptosi.name || op.name === arith.fptoui.name) &&
      elementOf(rewriter.typeOf(op.results[0]!)) === i1
    ) {
      // The range is -1 and 0, or 0 and 1: what saturates to the bound that is set, and nothing else.
      const [operand] = op.operands as readonly [ValueId];
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(operand));
      const [predicate, bound] = op.name === arith.fptosi.name ? (["ole", -1] as const) : (["oge", 1] as const);
      rewriter.replace(op, [a.cmpf(predicate, operand, a.constant(elementOf(rewriter.typeOf(operand)), bound))]);
      continue;
    }
    if (op.operands.length !== 2 || elementOf(rewriter.typeOf(op.operands[0]!)) !== i1) continue;
    const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
    const comparison = arith.cmpi.match(rewriter, op);
    if (comparison) {
      const { predicate } = comparison.attributes;
      const a = new LaneArithmetic(rewriter, rewriter.typeOf(lhs));
      rewriter.replace(op, [compareBooleans(a, mirrored[predicate] ?? predicate, lhs, rhs)]);
      continue;
    }
    const equivalent = booleanEquivalents[op.name];
    if (equivalent) rewriter.replace(op, [equivalent.build(rewriter, { lhs, rhs }, {}).result]);
    else if (booleanReadings[op.name]) rewriter.replace(op, [computeInBytes(rewriter, op, booleanReadings[op.name]!)]);
  }
}

/** How the other operations read truth values: as -1 and 0, or 1 and 0. A shift's amount is unsigned. */
const booleanReadings: Readonly<Record<string, readonly ["signed" | "unsigned", "signed" | "unsigned"]>> = {
  ...Object.fromEntries(
    [arith.divsi, arith.ceildivsi, arith.floordivsi, arith.remsi].map((op) => [op.name, ["signed", "signed"] as const]),
  ),
  ...Object.fromEntries(
    [arith.divui, arith.ceildivui, arith.remui, arith.shli, arith.shrui].map((op) => [
      op.name,
      ["unsigned", "unsigned"] as const,
    ]),
  ),
  [arith.shrsi.name]: ["signed", "unsigned"],
};

function computeInBytes(rewriter: Rewriter, op: Operation, readings: readonly ("signed" | "unsigned")[]): ValueId {
  const a = new LaneArithmetic(rewriter, rewriter.typeOf(op.operands[0]!));
  const operands = op.operands.map((value, index) => (readings[index] === "signed" ? a.extsi : a.extui)(value, i8));
  const { results } = rewriter.create({
    name: op.name,
    operands,
    resultTypes: [a.type(i8)],
    properties: op.properties,
  });
  return a.trunci(results[0]!, i1);
}

/** Comparisons of truth values, read as 0 and 1, as bit operations. */
function compareBooleans(a: LaneArithmetic, predicate: IntegerPredicate, lhs: ValueId, rhs: ValueId): ValueId {
  const not = (value: ValueId): ValueId => a.xori(value, a.constant(i1, 1));
  switch (predicate) {
    case "ne":
      return a.xori(lhs, rhs);
    case "eq":
      return not(a.xori(lhs, rhs));
    case "ult":
      return a.andi(not(lhs), rhs);
    case "ugt":
      return a.andi(lhs, not(rhs));
    case "ule":
      return a.ori(not(lhs), rhs);
    default:
      return a.ori(lhs, not(rhs));
  }
}
