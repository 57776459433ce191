import { linearForm } from "../../../ir/affine.ts";
import { layoutOf } from "../../../ir/analysis/memref-layout.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import { hostElementType, type MemRefType } from "../../../ir/types.ts";
import { storageBytes } from "../../../support/numeric/element-type.ts";
import { type Access, type KernelGroup, loopsOf } from "../../kernels/group.ts";
import { addSums, constantSum, type SumBuilder, valueSum } from "./index-sums.ts";
import type { BlockPoint } from "./points.ts";
import { isTemporary } from "./temporaries.ts";

/** Bytes of the words that memory is written in. */
const wordBytes = 4;

/**
 * Results narrower than a word: invocations must not write parts of one word, so each takes the elements of one. Element (i, …) of
 * the result lies at `offset + Σ i·stride`.
 */
export interface WordLayout {
  readonly elementsPerWord: number;
  readonly offset: number;
  /** The parallel loops that move through the result, the largest stride first; each stride spans those after it. */
  readonly digits: readonly { readonly loop: number; readonly stride: number; readonly bound: number }[];
}

/** How results are written. */
type ResultLayout =
  /** All are of whole words: invocations may write what they like. */
  | { readonly kind: "whole-words" }
  | { readonly kind: "narrow"; readonly words: WordLayout }
  /** Words cannot be told to invocations. */
  | { readonly kind: "scattered" };

/** Looks at what a group writes. */
export function resultLayout(reader: IrReader, group: KernelGroup): ResultLayout {
  const stored = group.stages.flatMap(({ outputs }) => outputs).filter((access) => !isTemporary(reader, group, access));
  const narrow = stored.filter(({ value }) => bytesOf(reader, value) < wordBytes);
  if (narrow.length === 0) return { kind: "whole-words" };
  const layouts = narrow.map((access) => wordLayout(reader, group, access));
  const [first] = layouts;
  const key = (layout: WordLayout | undefined): string => JSON.stringify(layout);
  return first !== undefined && layouts.every((layout) => key(layout) === key(first))
    ? { kind: "narrow", words: first }
    : { kind: "scattered" };
}

function bytesOf(reader: IrReader, value: ValueId): number {
  const type = reader.typeOf(value);
  const element = type.kind === "memref" ? hostElementType(type.element) : undefined;
  return element === undefined ? wordBytes : storageBytes(element);
}

function wordLayout(reader: IrReader, group: KernelGroup, { value, map }: Access): WordLayout | undefined {
  const layout = layoutOf(reader.typeOf(value) as MemRefType);
  if (!layout || layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const strides = new Map<number, number>();
  let { offset } = layout as { readonly offset: number };
  for (const [dimension, result] of map.results.entries()) {
    const form = linearForm(result);
    if (!form) return undefined;
    const stride = layout.strides[dimension] as number;
    offset += form.constant * stride;
    for (const [loop, factor] of form.coefficients) strides.set(loop, (strides.get(loop) ?? 0) + factor * stride);
  }
  const digits = loopsOf(group, "parallel")
    .filter((loop) => group.bounds[loop]! > 1)
    .map((loop) => ({ loop, stride: strides.get(loop) ?? 0, bound: group.bounds[loop]! }))
    .toSorted((left, right) => right.stride - left.stride);
  let spanned = 1;
  for (const { stride, bound } of digits.toReversed()) {
    if (stride < spanned) return undefined;
    spanned = stride * (bound - 1) + spanned;
  }
  return { elementsPerWord: wordBytes / bytesOf(reader, value), offset, digits };
}

/** The elements from the beginning of the first word that a result touches to its last element. */
const elementsTouched = ({ elementsPerWord, offset, digits }: WordLayout): number =>
  digits.reduce((total, { stride, bound }) => total + stride * (bound - 1), (offset % elementsPerWord) + 1);

/** The words that a result touches. */
export const wordCount = (layout: WordLayout): number => Math.ceil(elementsTouched(layout) / layout.elementsPerWord);

/** Whether the elements of a word differ in the innermost digit alone: words do not go on from one row to the next. */
const staysInRow = ({ elementsPerWord, offset, digits }: WordLayout): boolean =>
  offset % elementsPerWord === 0 && digits.every(({ stride }) => stride === 1 || stride % elementsPerWord === 0);

/** The points whose results lie in the word of the invocation with this number. */
export function wordPoints(
  sums: SumBuilder,
  group: KernelGroup,
  layout: WordLayout,
  number: ValueId,
): readonly BlockPoint[] {
  const before = layout.offset % layout.elementsPerWord;
  const { arithmetic } = sums;
  const count = Math.min(layout.elementsPerWord, elementsTouched(layout));
  const inRow = staysInRow(layout);
  return Array.from({ length: count }, (_, element): BlockPoint => {
    const conditions: ValueId[] = [];
    // What the digits share, and what is added to the last of them: neighbours then differ by a constant.
    const added = inRow ? element : 0;
    let rest = sums.build(addSums(constantSum(element - added), valueSum(number), layout.elementsPerWord));
    if (before > 0) {
      // Elements before the first one: any of them may be read instead, none is stored.
      const first = arithmetic.constant(before);
      const operands = { lhs: rest, rhs: first };
      if (element < before)
        conditions.push(arith.cmpi.build(arithmetic.builder, operands, { predicate: "uge" }).result);
      const least = element < before ? arith.maxui.build(arithmetic.builder, operands, {}).result : rest;
      rest = arith.subi.build(arithmetic.builder, { lhs: least, rhs: first }, {}).result;
    }
    const positions = group.bounds.map((_, loop) =>
      group.iterators[loop] === "parallel" ? constantSum(0) : undefined,
    );
    let limit = (wordCount(layout) - 1) * layout.elementsPerWord + Math.max(element - before, 0) + 1;
    for (const { loop, stride, bound } of layout.digits) {
      const { quotient, remainder } =
        stride === 1 ? { quotient: rest, remainder: undefined } : sums.divide(rest, stride);
      const digit = valueSum(quotient, stride === 1 ? added : 0);
      // Digits below their bounds by themselves: those of dense results, when the last word is full.
      if (Math.ceil(limit / stride) <= bound) positions[loop] = digit;
      else {
        conditions.push(sums.isBelow(digit, bound));
        positions[loop] = valueSum(sums.atMost(digit, bound - 1));
      }
      if (remainder === undefined) break;
      rest = remainder;
      limit = Math.min(limit, stride);
    }
    if (layout.digits.at(-1)?.stride !== 1 && limit > 1) conditions.push(sums.isBelow(valueSum(rest, added), 1));
    const guard = conditions.reduce<ValueId | undefined>(
      (all, condition) => (all === undefined ? condition : sums.both(all, condition)),
      undefined,
    );
    return { positions, guard };
  });
}
