import { arith } from "../../../ir/dialects/arith.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { elementOf, type Type } from "../../../ir/types.ts";
import { widthOf } from "./constants.ts";

/** A conversion of one operand, whatever its attributes. */
interface Cast {
  readonly name: string;
  match(reader: IrReader, op: Operation | undefined): { readonly operands: { readonly in: ValueId } } | undefined;
  build(
    builder: Rewriter,
    operands: { readonly in: ValueId },
    attributes: Readonly<Record<never, never>>,
    options: { readonly resultTypes: readonly Type[] },
  ): { readonly out: ValueId };
}

/** What a cast of a cast is: another cast of the inner operand, or (undefined) nothing simpler. */
type Composition = (types: {
  readonly from: Type;
  readonly through: Type;
  readonly to: Type;
}) => Cast | "same" | undefined;

const always =
  (cast: Cast): Composition =>
  () =>
    cast;
/** Truncation of an extension: what is left of both. */
const truncated =
  (extension: Cast): Composition =>
  ({ from, to }) => {
    const [width, target] = [widthOf(from), widthOf(to)];
    return width === target ? "same" : width > target ? arith.trunci : extension;
  };
/** Casts between integers and `index` (64 bits): the same value comes back when no bits were dropped on the way. */
const thereAndBack: Composition = ({ from, through, to }) =>
  from === to && widthOf(through) >= widthOf(from) ? "same" : undefined;
const sameWhenEqual: Composition = ({ from, to }) => (from === to ? "same" : undefined);

/** Outer cast, inner cast, and what both are together; every rule is exact. */
const rules: readonly (readonly [name: string, outer: Cast, inner: Cast, composition: Composition])[] = [
  ["extend-extended", arith.extsi, arith.extsi, always(arith.extsi)],
  ["extend-extended", arith.extui, arith.extui, always(arith.extui)],
  // The sign bit of a zero-extended number is zero.
  ["sign-extend-zero-extended", arith.extsi, arith.extui, always(arith.extui)],
  ["truncate-extended", arith.trunci, arith.extsi, truncated(arith.extsi)],
  ["truncate-extended", arith.trunci, arith.extui, truncated(arith.extui)],
  ["truncate-truncated", arith.trunci, arith.trunci, always(arith.trunci)],
  ["extend-extended", arith.extf, arith.extf, always(arith.extf)],
  ["truncate-extended", arith.truncf, arith.extf, sameWhenEqual],
  ["convert-extended", arith.sitofp, arith.extsi, always(arith.sitofp)],
  ["convert-extended", arith.uitofp, arith.extui, always(arith.uitofp)],
  ["convert-zero-extended", arith.sitofp, arith.extui, always(arith.uitofp)],
  ["index-there-and-back", arith.index_cast, arith.index_cast, thereAndBack],
  ["index-there-and-back", arith.index_castui, arith.index_castui, thereAndBack],
  ["bitcast-bitcast", arith.bitcast, arith.bitcast, always(arith.bitcast)],
];

const castOfCast = (name: string, outer: Cast, inner: Cast, composition: Composition): Pattern => ({
  name,
  root: outer.name,
  rewrite(op, rewriter) {
    const through = op.operands[0]!;
    const source = inner.match(rewriter, rewriter.definition(through))?.operands.in;
    if (source === undefined) return false;
    const resultType = rewriter.typeOf(op.results[0]!);
    const [from, middle, to] = [rewriter.typeOf(source), rewriter.typeOf(through), resultType].map(elementOf);
    const cast = composition({ from: from!, through: middle!, to: to! });
    if (cast === undefined) return false;
    const resultTypes = [resultType];
    rewriter.replace(op, [cast === "same" ? source : cast.build(rewriter, { in: source }, {}, { resultTypes }).out]);
    return true;
  },
});

/** Casts to the type a value has already. */
const trivial: readonly Pattern[] = [arith.bitcast, arith.index_cast, arith.index_castui].map((cast) =>
  pattern(cast)("cast-to-same", ({ op, operands }, rewriter) => {
    if (rewriter.typeOf(operands.in) !== rewriter.typeOf(op.results[0]!)) return false;
    rewriter.replace(op, [operands.in]);
    return true;
  }),
);

export const arithCastPatterns: readonly Pattern[] = [...rules.map((rule) => castOfCast(...rule)), ...trivial];
