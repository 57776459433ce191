import { arith } from "../../../ir/dialects/index.ts";
import type { ValueId } from "../../../ir/module.ts";
import { i32 } from "../../../ir/types.ts";
import type { IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";
import { type LinearForm, linearFormOf, writeForm } from "./linear-form.ts";

/** Where a narrow element is: in which word, and which part of it. */
export type WordPosition =
  /** The part is known at compile time; equal keys are equal words. */
  | { readonly kind: "fixed"; readonly word: LinearForm; readonly key: string; readonly lane: number }
  | { readonly kind: "computed"; readonly index: ValueId };

/** Finds the word of the element with an index, `perWord` of which a word holds. */
export function wordPosition(arithmetic: IndexArithmetic, index: ValueId, perWord: number): WordPosition {
  const form = linearFormOf(arithmetic.builder, index);
  const coefficients = [...form.terms.values()];
  if (!coefficients.every((coefficient) => coefficient % perWord === 0)) return { kind: "computed", index };
  const terms = new Map([...form.terms].map(([value, coefficient]) => [value, coefficient / perWord] as const));
  const constant = Math.floor(form.constant / perWord);
  const key = [...[...terms].toSorted(([left], [right]) => left - right), constant].join();
  return { kind: "fixed", word: { constant, terms }, key, lane: form.constant - constant * perWord };
}

/** The index of the word, and how many bits the element is up in it, as values at the insertion point. */
export function writePosition(
  arithmetic: IndexArithmetic,
  position: WordPosition,
  width: number,
  perWord: number,
): { readonly word: ValueId; readonly shift: ValueId } {
  const { builder } = arithmetic;
  const toWord = (value: ValueId): ValueId =>
    arith.index_cast.build(builder, { in: value }, {}, { resultTypes: [i32] }).out;
  if (position.kind === "fixed") {
    const word = writeForm(arithmetic, position.word, () => 0);
    return { word, shift: toWord(arithmetic.constant(position.lane * width)) };
  }
  const operands = { lhs: position.index, rhs: arithmetic.constant(perWord) };
  const word = arith.divui.build(builder, operands, {}).result;
  const within = arith.remui.build(builder, operands, {}).result;
  return { word, shift: toWord(arithmetic.multiply(within, arithmetic.constant(width))) };
}
