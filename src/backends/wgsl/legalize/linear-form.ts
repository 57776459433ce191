import { arith } from "../../../ir/dialects/index.ts";
import type { IrReader, ValueId } from "../../../ir/module.ts";
import type { IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";

/** A sum of index values times constants, and a constant. */
export interface LinearForm {
  readonly constant: number;
  readonly terms: ReadonlyMap<ValueId, number>;
}

/** A number that is known. */
export const constantForm = (constant: number): LinearForm => ({ constant, terms: new Map() });

/** `left + right·factor`. */
export function addForms(left: LinearForm, right: LinearForm, factor = 1): LinearForm {
  const terms = new Map(left.terms);
  for (const [value, coefficient] of right.terms) {
    const sum = (terms.get(value) ?? 0) + coefficient * factor;
    if (sum === 0) terms.delete(value);
    else terms.set(value, sum);
  }
  return { constant: left.constant + right.constant * factor, terms };
}

/** Sums of more values than this stay values of their own. */
const mostTerms = 6;

/** An index value as a sum: additions, subtractions and products with constants are looked through. */
export function linearFormOf(reader: IrReader, value: ValueId, depth = 8): LinearForm {
  const own: LinearForm = { constant: 0, terms: new Map([[value, 1]]) };
  const definition = reader.definition(value);
  const constant = arith.constant.match(reader, definition)?.attributes.value;
  if (constant?.kind === "integer") return constantForm(Number(constant.value));
  if (definition === undefined || depth === 0 || definition.operands.length !== 2) return own;
  const [lhs, rhs] = definition.operands as readonly [ValueId, ValueId];
  const of = (operand: ValueId): LinearForm => linearFormOf(reader, operand, depth - 1);
  const limited = (form: LinearForm): LinearForm => (form.terms.size > mostTerms ? own : form);
  if (definition.name === arith.addi.name) return limited(addForms(of(lhs), of(rhs)));
  if (definition.name === arith.subi.name) return limited(addForms(of(lhs), of(rhs), -1));
  if (definition.name === arith.muli.name) {
    const [left, right] = [of(lhs), of(rhs)];
    if (right.terms.size === 0) return addForms(constantForm(0), left, right.constant);
    if (left.terms.size === 0) return addForms(constantForm(0), right, left.constant);
  }
  return own;
}

/** The quotient and remainder of one value by one divisor, in a sum that has the value's parts together again: `(x / c)·c + x % c`. */
function recombined(reader: IrReader, form: LinearForm): LinearForm {
  for (const [remainder, coefficient] of form.terms) {
    const modulo = arith.remui.match(reader, reader.definition(remainder))?.operands;
    if (!modulo) continue;
    const divisor = arith.constant.match(reader, reader.definition(modulo.rhs))?.attributes.value;
    if (divisor?.kind !== "integer") continue;
    for (const [quotient, factor] of form.terms) {
      if (factor !== coefficient * Number(divisor.value)) continue;
      const division = arith.divui.match(reader, reader.definition(quotient))?.operands;
      if (division?.lhs !== modulo.lhs || division.rhs !== modulo.rhs) continue;
      const terms = new Map(form.terms);
      terms.delete(remainder);
      terms.delete(quotient);
      const rest = { constant: form.constant, terms };
      return recombined(reader, addForms(rest, linearFormOf(reader, modulo.lhs), coefficient));
    }
  }
  return form;
}

/**
 * Writes the sum down at the builder's insertion point. Values from further outside come first, so that their part of the sum is the
 * same in every round of the loops inside, and can be moved out of them.
 * @param depthOf how many regions a value is made inside
 */
export function writeForm(arithmetic: IndexArithmetic, form: LinearForm, depthOf: (value: ValueId) => number): ValueId {
  const whole = recombined(arithmetic.builder, form);
  const terms = [...whole.terms].sort(([left], [right]) => depthOf(left) - depthOf(right));
  let sum: ValueId | undefined;
  const add = (value: ValueId): void => {
    sum = sum === undefined ? value : arithmetic.add(sum, value);
  };
  for (const [value, coefficient] of terms) add(arithmetic.multiply(value, arithmetic.constant(coefficient)));
  if (sum === undefined) return arithmetic.constant(whole.constant);
  return whole.constant === 0 ? sum : arithmetic.add(sum, arithmetic.constant(whole.constant));
}
