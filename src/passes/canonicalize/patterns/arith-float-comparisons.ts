import { arith, type FloatPredicate, type IntegerPredicate } from "../../../ir/dialects/arith.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { isShaped } from "../../../ir/types.ts";
import { floatPredicateOf } from "../../../interpreter/rules/arith.ts";
import { bigintToDoubleForRounding, roundTo } from "../../../support/numeric/float-formats.ts";
import { arithNames } from "../folds/arith-names.ts";
import { formatOf } from "../folds/float-arith.ts";
import { constantAttributeOf, widthOf } from "../folds/fold.ts";
import { buildUniform } from "./constants.ts";
import { replacement } from "./replacement.ts";

/** Bits of the significand, the hidden one included, and the greatest exponent. */
const formats: Readonly<Record<string, { readonly significand: number; readonly exponent: number }>> = {
  f64: { significand: 53, exponent: 1023 },
  f32: { significand: 24, exponent: 127 },
  f16: { significand: 11, exponent: 15 },
  bf16: { significand: 8, exponent: 127 },
};

type Relation = "eq" | "ne" | "lt" | "le" | "gt" | "ge";
/** An integer is never NaN, so ordered and unordered comparisons are one; `ord` and `uno` are known. */
const relations: Partial<Readonly<Record<FloatPredicate, Relation | boolean>>> = {
  oeq: "eq",
  ueq: "eq",
  one: "ne",
  une: "ne",
  olt: "lt",
  ult: "lt",
  ole: "le",
  ule: "le",
  ogt: "gt",
  ugt: "gt",
  oge: "ge",
  uge: "ge",
  ord: true,
  uno: false,
};
/** What a comparison of an integer with a fraction is on the fraction cut towards zero. */
const withFraction: Readonly<Record<Relation, (isNegative: boolean) => Relation | boolean>> = {
  eq: () => false,
  ne: () => true,
  lt: (isNegative) => (isNegative ? "lt" : "le"),
  le: (isNegative) => (isNegative ? "lt" : "le"),
  gt: (isNegative) => (isNegative ? "ge" : "gt"),
  ge: (isNegative) => (isNegative ? "ge" : "gt"),
};

interface Converted {
  readonly source: ValueId;
  readonly isSigned: boolean;
}
function convertedInteger(rewriter: Rewriter, id: ValueId): Converted | undefined {
  const signed = rewriter.definitionNamed(id, arithNames.sitofp);
  const op = signed ?? rewriter.definitionNamed(id, arithNames.uitofp);
  return op && { source: op.operands[0]!, isSigned: signed !== undefined };
}

/** Whether the conversion rounds numbers in a way that the comparison could notice. */
function roundingMatters(constant: number, width: number, isSigned: boolean, format: string): boolean {
  const { significand, exponent: greatest } = formats[format]!;
  if (width <= significand) return false;
  const valueBits = isSigned ? width - 1 : width;
  if (!Number.isFinite(constant)) return greatest < valueBits;
  const exponent = constant === 0 ? -Infinity : Math.floor(Math.log2(Math.abs(constant)));
  return significand <= exponent && exponent <= valueBits;
}

/** The comparison of the integer itself: a relation to an integer, or a truth value. Undefined where there is none. */
function integerComparison(
  relation: Relation,
  constant: number,
  width: number,
  isSigned: boolean,
  format: "f64",
): { readonly relation: Relation; readonly to: bigint } | boolean | undefined {
  const bits = BigInt(isSigned ? width - 1 : width);
  const [least, greatest] = [isSigned ? -(1n << bits) : 0n, (1n << bits) - 1n];
  const rounded = (value: bigint): number => roundTo(format, bigintToDoubleForRounding(value));
  if (rounded(greatest) < constant) return relation === "ne" || relation === "lt" || relation === "le";
  if (rounded(least) > constant) return relation === "ne" || relation === "gt" || relation === "ge";
  const cut = BigInt(Math.trunc(constant));
  if (cut < least || cut > greatest) return undefined;
  if (Number.isInteger(constant)) return { relation, to: cut };
  const adjusted = withFraction[relation](constant < 0);
  // Unsigned numbers are never below a negative fraction.
  if (!isSigned && constant < 0) return adjusted === "ge" || adjusted === true;
  return typeof adjusted === "boolean" ? adjusted : { relation: adjusted, to: cut };
}

function compareConverted(op: Operation, rewriter: Rewriter): ValueId | undefined {
  const predicate = floatPredicateOf(op);
  const known = predicate && relations[predicate];
  const converted = convertedInteger(rewriter, op.operands[0]!);
  const attribute = constantAttributeOf(rewriter, op.operands[1]!);
  const type = rewriter.typeOf(op.operands[1]!);
  if (known === undefined || converted === undefined || attribute?.kind !== "float" || isShaped(type)) return undefined;
  const { source, isSigned } = converted;
  const [constant, format, width] = [attribute.value, formatOf(type), widthOf(rewriter.typeOf(source))];
  if (Number.isNaN(constant) || format === undefined || formats[format] === undefined) return undefined;
  if (roundingMatters(constant, width, isSigned, format)) return undefined;
  const found =
    typeof known === "boolean" ? known : integerComparison(known, constant, width, isSigned, format as "f64");
  if (found === undefined) return undefined;
  if (typeof found === "boolean") return buildUniform(rewriter, found ? -1n : 0n, rewriter.typeOf(op.results[0]!));
  const rhs = buildUniform(rewriter, found.to, rewriter.typeOf(source));
  if (rhs === undefined) return undefined;
  const isEquality = found.relation === "eq" || found.relation === "ne";
  const integerPredicate = (
    isEquality ? found.relation : `${isSigned ? "s" : "u"}${found.relation}`
  ) as IntegerPredicate;
  return arith.cmpi.build(rewriter, { lhs: source, rhs }, { predicate: integerPredicate }).result;
}

/** Comparisons of converted integers with constants, on the integers: upstream's CmpFIntToFPConst. */
export const arithFloatComparisonPatterns: readonly Pattern[] = [
  replacement(arith.cmpf, "compare-converted", compareConverted),
];
