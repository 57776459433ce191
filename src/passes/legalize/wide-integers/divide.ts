import { integerAttribute } from "../../../ir/attributes.ts";
import { arith, scf } from "../../../ir/dialects/index.ts";
import type { ValueId } from "../../../ir/module.ts";
import { i32, indexType } from "../../../ir/types.ts";
import {
  absolute,
  add,
  compare,
  constantPair,
  isZero,
  multiply,
  type Pair,
  select,
  shift,
  subtract,
  withSign,
  wordwise,
  zeroExtended,
} from "./pair.ts";
import type { Words } from "./words.ts";

/** A quotient and what is left. */
interface Division {
  readonly quotient: Pair;
  readonly remainder: Pair;
}
/** How a quotient that is no whole number becomes one. */
export type Rounding = "toward zero" | "down" | "up";

const wordsOf = (...pairs: readonly Pair[]): readonly ValueId[] => pairs.flatMap(({ low, high }) => [low, high]);
const pairsOf = (words: readonly ValueId[]): readonly Pair[] =>
  words.flatMap((low, index) => (index % 2 === 0 ? [{ low, high: words[index + 1]! }] : []));

const index = (w: Words, value: number): ValueId =>
  arith.constant.build(w.rewriter, {}, { value: integerAttribute(value, indexType) }, { resultTypes: [indexType] })
    .result;

/** The number that a pair is known to be. */
function knownPair(w: Words, { low, high }: Pair): bigint | undefined {
  const [lowWord, highWord] = [w.known(low), w.known(high)];
  if (lowWord === undefined || highWord === undefined) return undefined;
  return BigInt.asUintN(64, (BigInt(highWord) << 32n) | BigInt(lowWord >>> 0));
}

function divideUnsigned(w: Words, a: Pair, b: Pair): Division {
  const divisor = knownPair(w, b);
  if (w.known(a.high) === 0 && w.known(b.high) === 0) return divideWords(w, a, b);
  if (divisor !== undefined && divisor !== 0n && (divisor & (divisor - 1n)) === 0n) return cutBits(w, a, divisor);
  if (divisor !== undefined && divisor < 2n ** 16n && divisor !== 0n) return divideByHalfWord(w, a, b.low);
  const types = [i32, i32, i32, i32];
  const region = (make: () => Division) => [
    {
      arguments: [],
      body: () => {
        const { quotient, remainder } = make();
        scf.yield.build(w.rewriter, { results: wordsOf(quotient, remainder) }, {});
      },
    },
  ];
  const { results } = scf.if.build(
    w.rewriter,
    { condition: w.isZero(w.or(a.high, b.high)) },
    {},
    {
      resultTypes: types,
      regions: { thenRegion: region(() => divideWords(w, a, b)), elseRegion: region(() => divideBitByBit(w, a, b)) },
    },
  );
  const [quotient, remainder] = pairsOf(results);
  return { quotient: quotient!, remainder: remainder! };
}

/** Both fit a word. */
const divideWords = (w: Words, a: Pair, b: Pair): Division => ({
  quotient: zeroExtended(w, w.divideUnsigned(a.low, b.low)),
  remainder: zeroExtended(w, w.remainderUnsigned(a.low, b.low)),
});

/** By a power of two. */
function cutBits(w: Words, a: Pair, divisor: bigint): Division {
  const places = constantPair(w, BigInt(divisor.toString(2).length - 1));
  const mask = constantPair(w, divisor - 1n);
  return { quotient: shift(w, "right", a, places), remainder: wordwise(a, mask, (left, right) => w.and(left, right)) };
}

/** By a number below 2^16: a digit of 16 bits after the other, as by hand. */
function divideByHalfWord(w: Words, a: Pair, b: ValueId): Division {
  const sixteen = w.constant(16);
  const beside = (rest: ValueId, digit: ValueId): ValueId => w.or(w.shl(rest, sixteen), digit);
  const first = beside(w.remainderUnsigned(a.high, b), w.shr(a.low, sixteen));
  const second = beside(w.remainderUnsigned(first, b), w.and(a.low, w.constant(0xffff)));
  const low = beside(w.divideUnsigned(first, b), w.divideUnsigned(second, b));
  return {
    quotient: { low, high: w.divideUnsigned(a.high, b) },
    remainder: zeroExtended(w, w.remainderUnsigned(second, b)),
  };
}

/** A bit after the other: the quotient's bits come in where the dividend's go out. */
function divideBitByBit(w: Words, a: Pair, b: Pair): Division {
  const { results } = scf.for.build(
    w.rewriter,
    {
      lowerBound: index(w, 0),
      upperBound: index(w, 64),
      step: index(w, 1),
      initArgs: wordsOf(a, constantPair(w, 0n)),
    },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType, i32, i32, i32, i32],
            body: (_, [, ...words]) => {
              const [digits, rest] = pairsOf(words) as [Pair, Pair];
              const one = w.constant(1);
              const shiftedIn = (pair: Pair, bit: ValueId): Pair => ({
                low: w.or(w.shl(pair.low, one), bit),
                high: w.or(w.shl(pair.high, one), w.shr(pair.low, w.constant(31))),
              });
              const longer = shiftedIn(rest, w.shr(digits.high, w.constant(31)));
              // A bit that went out of the rest makes it greater than any divisor.
              const isGreater = w.compare("slt", rest.high, w.constant(0));
              const fits = w.select(isGreater, w.boolean(true), compare(w, "uge", longer, b));
              const quotient = shiftedIn(digits, w.fromBoolean(fits));
              const remainder = select(w, fits, subtract(w, longer, b), longer);
              scf.yield.build(w.rewriter, { results: wordsOf(quotient, remainder) }, {});
            },
          },
        ],
      },
    },
  );
  const [quotient, remainder] = pairsOf(results);
  return { quotient: quotient!, remainder: remainder! };
}

/** The whole quotient of two numbers. */
export function quotient(w: Words, a: Pair, b: Pair, isSigned: boolean, rounding: Rounding): Pair {
  const { quotient: size, remainder } = isSigned
    ? divideUnsigned(w, absolute(w, a), absolute(w, b))
    : divideUnsigned(w, a, b);
  const sign = w.xor(w.sign(a.high), w.sign(b.high));
  const cut = isSigned ? withSign(w, size, sign) : size;
  if (rounding === "toward zero") return cut;
  const isNegative = isSigned ? w.compare("slt", sign, w.constant(0)) : w.boolean(false);
  // What was cut off went towards zero: that is up for negative quotients, down for others.
  const isRight = rounding === "down" ? isNegative : w.differ(isNegative, w.boolean(true));
  const isOff = w.both(isRight, w.differ(isZero(w, remainder), w.boolean(true)));
  const step = constantPair(w, rounding === "down" ? -1n : 1n);
  return select(w, isOff, add(w, cut, step), cut);
}

/** What a division that rounds towards zero leaves, with the dividend's sign. */
export function remainder(w: Words, a: Pair, b: Pair, isSigned: boolean): Pair {
  if (!isSigned) return divideUnsigned(w, a, b).remainder;
  const { remainder: size } = divideUnsigned(w, absolute(w, a), absolute(w, b));
  return withSign(w, size, w.sign(a.high));
}

/** A power, modulo 2^64. A negative exponent gives 1 / a^-b cut towards zero. */
export function power(w: Words, base: Pair, exponent: Pair): Pair {
  const zero = constantPair(w, 0n);
  const one = constantPair(w, 1n);
  const isNegative = w.compare("slt", exponent.high, w.constant(0));
  const types = [i32, i32, i32, i32, i32, i32];
  const { results } = scf.while.build(
    w.rewriter,
    { inits: wordsOf(select(w, isNegative, zero, exponent), base, one) },
    {},
    {
      resultTypes: types,
      regions: {
        before: [
          {
            arguments: types,
            body: (_, words) => {
              const condition = w.differ(isZero(w, pairsOf(words)[0]!), w.boolean(true));
              scf.condition.build(w.rewriter, { condition, args: words }, {});
            },
          },
        ],
        after: [
          {
            arguments: types,
            body: (_, words) => {
              const [left, factor, product] = pairsOf(words) as [Pair, Pair, Pair];
              const isOdd = w.compare("ne", w.and(left.low, w.constant(1)), w.constant(0));
              const next = select(w, isOdd, multiply(w, product, factor), product);
              const halved = shift(w, "right", left, one);
              scf.yield.build(w.rewriter, { results: wordsOf(halved, multiply(w, factor, factor), next) }, {});
            },
          },
        ],
      },
    },
  );
  const [, , positive] = pairsOf(results);
  const minusOne = constantPair(w, -1n);
  const isOdd = w.compare("ne", w.and(exponent.low, w.constant(1)), w.constant(0));
  const ofMinusOne = select(w, isOdd, minusOne, one);
  const isMinusOne = compare(w, "eq", base, minusOne);
  const fraction = select(w, isMinusOne, ofMinusOne, select(w, compare(w, "eq", base, one), one, zero));
  return select(w, isNegative, fraction, positive!);
}
