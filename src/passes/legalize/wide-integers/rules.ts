import { arith, math } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { type FloatType, i1, i32, i64, indexType, type Type } from "../../../ir/types.ts";
import { power, quotient, remainder } from "./divide.ts";
import { fromFloat, isConvertible, toFloat } from "./floats.ts";
import {
  absolute,
  add,
  compare,
  constantPair,
  leadingZeros,
  multiply,
  type Pair,
  populationCount,
  select,
  shift,
  signExtended,
  subtract,
  trailingZeros,
  wordwise,
  zeroExtended,
} from "./pair.ts";
import type { Words } from "./words.ts";

/** One operation that reads or makes long integers. */
export interface WideOperation {
  readonly op: Operation;
  readonly w: Words;
  /** Whether the operand is, or was, a long integer. */
  isWide(value: ValueId): boolean;
  pair(value: ValueId): Pair;
  /** The type of the result before. */
  readonly result: Type;
  /** Whether an index that is no word may become any index: its readers have no meaning for those. */
  readonly mayWrapIndex: boolean;
}
/** What the operation's result becomes: a pair, or a value of a short type. Undefined where there is no way to compute it. */
export type WideRule = (operation: WideOperation) => Pair | ValueId | undefined;

interface Named {
  readonly name: string;
}
const binary =
  (apply: (w: Words, a: Pair, b: Pair) => Pair): WideRule =>
  ({ op, w, pair }) =>
    apply(w, pair(op.operands[0]!), pair(op.operands[1]!));
const unary =
  (apply: (w: Words, a: Pair) => Pair): WideRule =>
  ({ op, w, pair }) =>
    apply(w, pair(op.operands[0]!));
const bitwise = (of: "and" | "or" | "xor"): WideRule =>
  binary((w, a, b) => wordwise(a, b, (left, right) => w[of](left, right)));
const extremum = (predicate: "slt" | "sgt" | "ult" | "ugt"): WideRule =>
  binary((w, a, b) => select(w, compare(w, predicate, a, b), a, b));
const shifted = (kind: "left" | "right" | "arithmetic"): WideRule => binary((w, a, b) => shift(w, kind, a, b));

/** A shorter integer as a word. */
function widened(w: Words, value: ValueId, extension: Named): ValueId {
  return w.rewriter.typeOf(value) === i32 ? value : w.convert(extension, value, i32);
}
const isShort = (type: Type): boolean => type.kind === "integer" && type.width <= 32;

const extend =
  (isSigned: boolean): WideRule =>
  ({ op, w, result }) => {
    const [operand] = op.operands as readonly [ValueId];
    if (result !== i64 || !isShort(w.rewriter.typeOf(operand))) return undefined;
    const word = widened(w, operand, isSigned ? arith.extsi : arith.extui);
    return isSigned ? signExtended(w, word) : zeroExtended(w, word);
  };

/**
 * Indices are words on the device. A long integer that is none becomes the nearest one, so that bounds which it is held against still
 * hold it back; where nothing but the place of an access reads it, the low word will do, since there is no such place.
 */
function toIndex({ op, w, pair, mayWrapIndex }: WideOperation): ValueId {
  const { low, high } = pair(op.operands[0]!);
  const sign = w.sign(high);
  const bound = w.xor(sign, w.constant(0x7fffffff));
  const isWord = w.compare("eq", high, w.sign(low));
  const word = mayWrapIndex ? low : w.select(isWord, low, bound);
  return w.convert(arith.index_cast, word, indexType);
}

const indexCast =
  (isSigned: boolean): WideRule =>
  (operation) => {
    const { op, w, result, isWide } = operation;
    const [operand] = op.operands as readonly [ValueId];
    if (isWide(operand)) return result === indexType ? toIndex(operation) : undefined;
    if (w.rewriter.typeOf(operand) !== indexType || result !== i64) return undefined;
    const word = w.convert(arith.index_cast, operand, i32);
    return isSigned ? signExtended(w, word) : zeroExtended(w, word);
  };

const integerToFloat =
  (isSigned: boolean): WideRule =>
  ({ op, w, pair, result }) =>
    result.kind === "float" && isConvertible(result) ? toFloat(w, pair(op.operands[0]!), result, isSigned) : undefined;
const floatToInteger =
  (isSigned: boolean): WideRule =>
  ({ op, w, result }) => {
    const [operand] = op.operands as readonly [ValueId];
    const from = w.rewriter.typeOf(operand) as FloatType;
    return result === i64 && isConvertible(from) ? fromFloat(w, operand, isSigned) : undefined;
  };

const divide = (isSigned: boolean, rounding: Parameters<typeof quotient>[4]): WideRule =>
  binary((w, a, b) => quotient(w, a, b, isSigned, rounding));

/** How operations on long integers become operations on words. */
export const wideRules: ReadonlyMap<string, WideRule> = new Map<string, WideRule>([
  [
    arith.constant.name,
    ({ op, w }) => {
      const value = op.properties["value"];
      return value?.kind === "integer" ? constantPair(w, value.value) : undefined;
    },
  ],
  [arith.addi.name, binary(add)],
  [arith.subi.name, binary(subtract)],
  [arith.muli.name, binary(multiply)],
  [arith.divsi.name, divide(true, "toward zero")],
  [arith.divui.name, divide(false, "toward zero")],
  [arith.floordivsi.name, divide(true, "down")],
  [arith.ceildivsi.name, divide(true, "up")],
  [arith.ceildivui.name, divide(false, "up")],
  [arith.remsi.name, binary((w, a, b) => remainder(w, a, b, true))],
  [arith.remui.name, binary((w, a, b) => remainder(w, a, b, false))],
  [arith.andi.name, bitwise("and")],
  [arith.ori.name, bitwise("or")],
  [arith.xori.name, bitwise("xor")],
  [arith.shli.name, shifted("left")],
  [arith.shrui.name, shifted("right")],
  [arith.shrsi.name, shifted("arithmetic")],
  [arith.minsi.name, extremum("slt")],
  [arith.maxsi.name, extremum("sgt")],
  [arith.minui.name, extremum("ult")],
  [arith.maxui.name, extremum("ugt")],
  [
    arith.cmpi.name,
    ({ op, w, pair }) => {
      const predicate = arith.cmpi.match(w.rewriter, op)?.attributes.predicate;
      return predicate && compare(w, predicate, pair(op.operands[0]!), pair(op.operands[1]!));
    },
  ],
  [
    arith.select.name,
    ({ op, w, pair }) => {
      const [condition, yes, no] = op.operands as readonly [ValueId, ValueId, ValueId];
      return w.rewriter.typeOf(condition) === i1 ? select(w, condition, pair(yes), pair(no)) : undefined;
    },
  ],
  [arith.extsi.name, extend(true)],
  [arith.extui.name, extend(false)],
  [
    arith.trunci.name,
    ({ op, w, pair, result }) => {
      const { low } = pair(op.operands[0]!);
      if (!isShort(result)) return undefined;
      return result === i32 ? low : w.convert(arith.trunci, low, result);
    },
  ],
  [arith.index_cast.name, indexCast(true)],
  [arith.index_castui.name, indexCast(false)],
  [arith.sitofp.name, integerToFloat(true)],
  [arith.uitofp.name, integerToFloat(false)],
  [arith.fptosi.name, floatToInteger(true)],
  [arith.fptoui.name, floatToInteger(false)],
  [math.absi.name, unary(absolute)],
  [math.ctpop.name, unary(populationCount)],
  [math.ctlz.name, unary(leadingZeros)],
  [math.cttz.name, unary(trailingZeros)],
  [math.ipowi.name, binary(power)],
]);
