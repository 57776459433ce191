import { arithNames } from "../folds/arith-names.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { ValueId } from "../../../ir/module.ts";
import { type OpName, opName } from "../../../ir/op-name.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { roundsToNearest } from "../folds/float-arith.ts";
import { constantAttributeOf, integerIn, widthOf } from "../folds/fold.ts";
import { replacement } from "./replacement.ts";

/** A conversion of one operand, whatever its attributes. */
interface Cast {
  readonly name: string;
  build(
    builder: Rewriter,
    operands: { readonly in: ValueId },
    attributes: Readonly<Record<never, never>>,
    options: { readonly resultTypes: readonly Type[] },
  ): { readonly out: ValueId };
}

/** What a cast of a cast is: another cast of the inner operand, or (undefined) nothing simpler. */
type Composition = (types: { readonly from: Type; readonly through: Type; readonly to: Type }) => Cast | undefined;

const always =
  (cast: Cast): Composition =>
  () =>
    cast;
/** Truncation that leaves some of the bits that an extension added. */
const lessExtended =
  (extension: Cast): Composition =>
  ({ from, to }) =>
    widthOf(to) > widthOf(from) ? extension : undefined;

/** Outer cast, inner cast, and what both are together; every rule is exact. The rest are folds. */
const rules: readonly (readonly [name: string, outer: Cast, inner: Cast, composition: Composition])[] = [
  // The sign bit of a zero-extended number is zero.
  ["sign-extend-zero-extended", arith.extsi, arith.extui, always(arith.extui)],
  ["truncate-extended", arith.trunci, arith.extsi, lessExtended(arith.extsi)],
  ["truncate-extended", arith.trunci, arith.extui, lessExtended(arith.extui)],
  ["extend-extended", arith.extf, arith.extf, always(arith.extf)],
  ["truncate-converted", arith.truncf, arith.sitofp, always(arith.sitofp)],
  ["truncate-converted", arith.truncf, arith.uitofp, always(arith.uitofp)],
  ["convert-extended", arith.sitofp, arith.extsi, always(arith.sitofp)],
  ["convert-extended", arith.uitofp, arith.extui, always(arith.uitofp)],
  ["convert-zero-extended", arith.sitofp, arith.extui, always(arith.uitofp)],
  ["index-cast-extended", arith.index_cast, arith.extsi, always(arith.index_cast)],
  ["index-cast-extended", arith.index_castui, arith.extui, always(arith.index_castui)],
  ["bitcast-bitcast", arith.bitcast, arith.bitcast, always(arith.bitcast)],
];

const castOfCast = (name: string, outer: Cast, inner: Cast, composition: Composition): Pattern =>
  castOfNamed(name, outer, opName(inner.name), composition);
const castOfNamed = (name: string, outer: Cast, inner: OpName, composition: Composition): Pattern => ({
  name,
  root: outer.name,
  looksNear: true,
  rewrite(op, rewriter) {
    const through = op.operands[0]!;
    const source = rewriter.definitionNamed(through, inner)?.operands[0];
    if (source === undefined || !roundsToNearest(op)) return false;
    const resultType = rewriter.typeOf(op.results[0]!);
    const [from, middle, to] = [rewriter.typeOf(source), rewriter.typeOf(through), resultType].map(elementOf);
    const cast = composition({ from: from!, through: middle!, to: to! });
    if (cast === undefined) return false;
    const resultTypes = [resultType];
    rewriter.replace(op, [cast.build(rewriter, { in: source }, {}, { resultTypes }).out]);
    return true;
  },
});

/** The sign bits that a signed shift brings in are all cut off. */
const truncateShifted = replacement(arith.trunci, "truncate-shifted", (op, rewriter) => {
  const shift = rewriter.definitionNamed(op.operands[0]!, arithNames.shrsi);
  if (shift === undefined) return undefined;
  const [lhs, rhs] = shift.operands as readonly [ValueId, ValueId];
  const type = rewriter.typeOf(op.results[0]!);
  const amount = integerIn(constantAttributeOf(rewriter, rhs));
  if (amount !== BigInt(widthOf(elementOf(rewriter.typeOf(lhs))) - widthOf(elementOf(type)))) return undefined;
  const shifted = arith.shrui.build(rewriter, { lhs, rhs }, {}).result;
  return arith.trunci.build(rewriter, { in: shifted }, {}, { resultTypes: [type] }).out;
});

export const arithCastPatterns: readonly Pattern[] = [...rules.map((rule) => castOfCast(...rule)), truncateShifted];
