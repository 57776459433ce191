import { arithNames } from "./arith-names.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { isShaped, type Type } from "../../../ir/types.ts";
import { type IntegerOperation, integerOperations } from "../../../interpreter/numeric/integers.ts";
import { computeElements, type Element, uniformAttribute } from "./elements.ts";
import { constantAttributeOf, type Fold, type FoldedValue, type Folding, integerIn, isOne, widthOf } from "./fold.ts";

type Name = keyof typeof integerOperations;
/** A rule about a constant (or a splat of one) on the right. */
type RightIdentity = (folding: Folding, right: bigint) => FoldedValue | undefined;
/** A rule about which values are read and what makes them. */
type Identity = (folding: Folding) => FoldedValue | undefined;

const lhs = ({ op }: Folding): ValueId => op.operands[0]!;
const rhs = ({ op }: Folding): ValueId => op.operands[1]!;

const resultType = ({ rewriter, op }: Folding): Type => rewriter.typeOf(op.results[0]!);
/** A uniform constant of a type. */
export const uniform = (value: bigint, type: Type): FoldedValue | undefined =>
  isShaped(type) ? uniformAttribute(value, type) : value;

// --- rules for two operands, one of them a constant ------------------------------------------------------------------------

const zeroRight: RightIdentity = (folding, right) => (right === 0n ? lhs(folding) : undefined);
const oneRight: RightIdentity = (folding, right) => (isOne(right, resultType(folding)) ? lhs(folding) : undefined);
/** `x ∘ 0 = 0`. */
const absorbedByZero: RightIdentity = (folding, right) => (right === 0n ? rhs(folding) : undefined);
const onesRight: RightIdentity = (folding, right) => (right === -1n ? lhs(folding) : undefined);
const absorbedByOnes: RightIdentity = (folding, right) => (right === -1n ? rhs(folding) : undefined);
const zeroOfOne: RightIdentity = (folding, right) =>
  isOne(right, resultType(folding)) ? uniform(0n, resultType(folding)) : undefined;
/** The bounds of a type: the constant on the right wins, or never does. */
const bounds =
  (winner: "greatest" | "least", reading: "signed" | "unsigned"): RightIdentity =>
  (folding, right) => {
    const width = BigInt(widthOf(resultType(folding)));
    const least = reading === "signed" ? -(1n << (width - 1n)) : 0n;
    const greatest = reading === "signed" ? (1n << (width - 1n)) - 1n : -1n;
    if (right === (winner === "greatest" ? greatest : least)) return rhs(folding);
    return right === (winner === "greatest" ? least : greatest) ? lhs(folding) : undefined;
  };

// --- rules that look at what makes an operand ------------------------------------------------------------------------------

const zeroOfSelf: Identity = (folding) =>
  lhs(folding) === rhs(folding) ? uniform(0n, resultType(folding)) : undefined;
const itself: Identity = (folding) => (lhs(folding) === rhs(folding) ? rhs(folding) : undefined);
/** `(a - b) + b = a`, either way round. */
const addSubtracted: Identity = (folding) => {
  const left = lhs(folding);
  const right = rhs(folding);
  const first = folding.rewriter.definitionNamed(left, arithNames.subi);
  if (first?.operands[1] === right) return first.operands[0];
  const second = folding.rewriter.definitionNamed(right, arithNames.subi);
  return second?.operands[1] === left ? second.operands[0] : undefined;
};
/** `(a + b) - b = a` and `(a + b) - a = b`. */
const subtractAdded: Identity = (folding) => {
  const sum = folding.rewriter.definitionNamed(lhs(folding), arithNames.addi);
  if (sum?.operands[1] === rhs(folding)) return sum.operands[0];
  return sum?.operands[0] === rhs(folding) ? sum.operands[1] : undefined;
};
/** Whether the operation promises not to overflow in this way. */
const promises = (op: Operation, flag: string): boolean => {
  const flags = op.properties["overflowFlags"];
  return flags?.kind === "dialect" && new RegExp(`[<, ]${flag}\\b`).test(flags.body);
};
/** `(a * b) / b = a` where the product did not overflow. */
const divideMultiplied =
  (flag: string): Identity =>
  (folding) => {
    const product = folding.rewriter.definitionNamed(lhs(folding), arithNames.muli);
    if (product === undefined || !promises(product, flag)) return undefined;
    if (product.operands[0] === rhs(folding)) return product.operands[1];
    return product.operands[1] === rhs(folding) ? product.operands[0] : undefined;
  };
/** `a & (a & b) = a & b`. */
const andTwice: Identity = (folding) => {
  const left = lhs(folding);
  const right = rhs(folding);
  if (folding.rewriter.definitionNamed(left, arithNames.andi)?.operands.includes(right)) return left;
  return folding.rewriter.definitionNamed(right, arithNames.andi)?.operands.includes(left) ? right : undefined;
};
/** `(x ^ a) ^ a = x`, whichever way round each is. */
const xorTwice: Identity = (folding) =>
  otherOfXor(folding, lhs(folding), rhs(folding)) ?? otherOfXor(folding, rhs(folding), lhs(folding));
/** The other operand of the `^` that makes `made` and reads `value`. */
function otherOfXor({ rewriter }: Folding, made: ValueId, value: ValueId): ValueId | undefined {
  const inner = rewriter.definitionNamed(made, arithNames.xori);
  if (inner?.operands[1] === value) return inner.operands[0];
  return inner?.operands[0] === value ? inner.operands[1] : undefined;
}
/** The complement of a value: the operand `-1` of the `x ^ -1` that makes `made`. */
function complementOf({ rewriter }: Folding, made: ValueId, value: ValueId): ValueId | undefined {
  const inner = rewriter.definitionNamed(made, arithNames.xori);
  if (inner?.operands[0] !== value) return undefined;
  return integerIn(constantAttributeOf(rewriter, inner.operands[1]!)) === -1n ? inner.operands[1] : undefined;
}
const onesOfComplement = (folding: Folding): ValueId | undefined =>
  complementOf(folding, rhs(folding), lhs(folding)) ?? complementOf(folding, lhs(folding), rhs(folding));
const zeroOfComplement: Identity = (folding) =>
  onesOfComplement(folding) === undefined ? undefined : uniform(0n, resultType(folding));

interface Identities {
  readonly right?: readonly RightIdentity[];
  readonly others?: readonly Identity[];
}
const identities: Partial<Readonly<Record<Name, Identities>>> = {
  addi: { right: [zeroRight], others: [addSubtracted] },
  subi: { right: [zeroRight], others: [zeroOfSelf, subtractAdded] },
  muli: { right: [absorbedByZero, oneRight] },
  divsi: { right: [oneRight], others: [divideMultiplied("nsw")] },
  divui: { right: [oneRight], others: [divideMultiplied("nuw")] },
  ceildivsi: { right: [oneRight] },
  ceildivui: { right: [oneRight] },
  floordivsi: { right: [oneRight] },
  remsi: { right: [zeroOfOne] },
  remui: { right: [zeroOfOne] },
  andi: { right: [absorbedByZero, onesRight], others: [zeroOfComplement, andTwice] },
  ori: { right: [zeroRight, absorbedByOnes], others: [onesOfComplement] },
  xori: { right: [zeroRight], others: [zeroOfSelf, xorTwice] },
  shli: { right: [zeroRight] },
  shrsi: { right: [zeroRight] },
  shrui: { right: [zeroRight] },
  maxsi: { right: [bounds("greatest", "signed")], others: [itself] },
  maxui: { right: [bounds("greatest", "unsigned")], others: [itself] },
  minsi: { right: [bounds("least", "signed")], others: [itself] },
  minui: { right: [bounds("least", "unsigned")], others: [itself] },
};

// --- constants ------------------------------------------------------------------------------------------------------------

const overflows = (value: bigint, width: number): boolean => BigInt.asIntN(width, value) !== value;
/** Operands for which an operation has no result that all hosts agree on, on signed readings. */
const undefinedFor: Partial<Readonly<Record<Name, (a: bigint, b: bigint, width: number) => boolean>>> = {
  divsi: (a, b, width) => b === 0n || overflows(a / b, width),
  divui: (_, b) => b === 0n,
  // Upstream negates what is negative first, and the least number has no negation.
  ceildivsi: (a, b, width) =>
    b === 0n || (a !== 0n && ((a < 0n && overflows(-a, width)) || (b < 0n && overflows(-b, width)))),
  ceildivui: (_, b) => b === 0n,
  floordivsi: (a, b, width) => b === 0n || overflows(a / b, width),
  remsi: (_, b) => b === 0n,
  remui: (_, b) => b === 0n,
  shli: (_, b, width) => BigInt.asUintN(width, b) >= BigInt(width),
  shrsi: (_, b, width) => BigInt.asUintN(width, b) >= BigInt(width),
  shrui: (_, b, width) => BigInt.asUintN(width, b) >= BigInt(width),
};

/** The result of an operation on signed readings, as a signed reading; undefined where it is open. */
function evaluation(name: Name): (a: bigint, b: bigint, width: number) => bigint | undefined {
  const { reading, apply }: IntegerOperation = integerOperations[name];
  const isOpen = undefinedFor[name];
  return (a, b, width) => {
    if (isOpen?.(a, b, width)) return undefined;
    const result =
      reading === "signed" ? apply(a, b, width) : apply(BigInt.asUintN(width, a), BigInt.asUintN(width, b), width);
    return BigInt.asIntN(width, result);
  };
}

function integerFold(name: Name): Fold {
  const { right: rightRules = [], others = [] } = identities[name] ?? {};
  const evaluate = evaluation(name);
  return (folding) => {
    const left = folding.constants[0];
    const right = folding.constants[1];
    const rightValue = integerIn(right);
    if (rightValue !== undefined)
      for (const rule of rightRules) {
        const found = rule(folding, rightValue);
        if (found !== undefined) return found;
      }
    for (const rule of others) {
      const found = rule(folding);
      if (found !== undefined) return found;
    }
    if (left === undefined || right === undefined) return undefined;
    const type = resultType(folding);
    const width = widthOf(type);
    if (isShaped(type))
      return computeElements(folding.constants, type, ([a, b]) => evaluate(a as bigint, b as bigint, width));
    const leftValue = integerIn(left);
    return leftValue === undefined || rightValue === undefined ? undefined : evaluate(leftValue, rightValue, width);
  };
}

// --- operations with two results -------------------------------------------------------------------------------------------

/** The two results of an operation on constants; undefined where that is not possible. */
function pair(
  { rewriter, op, constants }: Folding,
  first: (a: bigint, b: bigint, width: number) => bigint,
  second: (a: bigint, b: bigint, width: number) => bigint,
): readonly FoldedValue[] | undefined {
  if (constants[0] === undefined || constants[1] === undefined) return undefined;
  const width = widthOf(rewriter.typeOf(op.operands[0]!));
  const results = [first, second].map((compute, index) =>
    computeElements(constants, rewriter.typeOf(op.results[index]!), ([a, b]: readonly Element[]) =>
      compute(a as bigint, b as bigint, width),
    ),
  );
  return results.every((result) => result !== undefined) ? results : undefined;
}
const both = (...values: readonly (FoldedValue | undefined)[]): readonly FoldedValue[] | undefined =>
  values.every((value) => value !== undefined) ? (values as readonly FoldedValue[]) : undefined;
const typeAt = ({ rewriter, op }: Folding, index: number): Type => rewriter.typeOf(op.results[index]!);
const low = (a: bigint, b: bigint, width: number): bigint => BigInt.asIntN(width, a * b);

const extendedFolds: Readonly<Record<string, Fold>> = {
  [arith.addui_extended.name]: (folding) => {
    if (integerIn(folding.constants[1]) === 0n) return both(lhs(folding), uniform(0n, typeAt(folding, 1)));
    return pair(
      folding,
      (a, b, width) => BigInt.asIntN(width, a + b),
      (a, b, width) => -((BigInt.asUintN(width, a) + BigInt.asUintN(width, b)) >> BigInt(width)),
    );
  },
  [arith.mulsi_extended.name]: (folding) => {
    if (integerIn(folding.constants[1]) === 0n) return [rhs(folding), rhs(folding)];
    return pair(folding, low, (a, b, width) => BigInt.asIntN(width, (a * b) >> BigInt(width)));
  },
  [arith.mului_extended.name]: (folding) => {
    const right = integerIn(folding.constants[1]);
    if (right === 0n) return [rhs(folding), rhs(folding)];
    if (isOne(right, typeAt(folding, 0))) return both(lhs(folding), uniform(0n, typeAt(folding, 1)));
    return pair(folding, low, (a, b, width) =>
      BigInt.asIntN(width, (BigInt.asUintN(width, a) * BigInt.asUintN(width, b)) >> BigInt(width)),
    );
  },
};

/** Folds of integer arithmetic, by operation: upstream's, see ArithOps.cpp. */
export const integerArithFolds: Readonly<Record<string, Fold>> = {
  ...Object.fromEntries(
    (Object.keys(integerOperations) as Name[]).map((name) => [arith[name].name, integerFold(name)]),
  ),
  ...extendedFolds,
};
