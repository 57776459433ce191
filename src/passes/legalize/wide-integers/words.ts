import { arith, math } from "../../../ir/dialects/index.ts";
import type { IntegerPredicate } from "../../../ir/dialects/arith.ts";
import { comparisonOf } from "../../../ir/dialects/relations.ts";
import { boolAttribute, integerAttribute } from "../../../ir/attributes.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { f32, type FloatType, i1, i32, type Type } from "../../../ir/types.ts";

interface Binary {
  readonly name: string;
}

const unsigned = (word: number): number => word >>> 0;

/** What a comparison of two known words gives. */
function compare(predicate: IntegerPredicate, a: number, b: number): boolean {
  const read = predicate.startsWith("u") ? unsigned : (word: number) => word;
  return comparisonOf(predicate)(read(a), read(b));
}

/**
 * Writes arithmetic of 32-bit words at the rewriter's insertion point. What is known at compile time is computed, and what does nothing
 * is left out: a long integer's high word is often a constant.
 */
export class Words {
  readonly rewriter: Rewriter;

  constructor(rewriter: Rewriter) {
    this.rewriter = rewriter;
  }

  constant(value: number): ValueId {
    const attribute = integerAttribute(value | 0, i32);
    return arith.constant.build(this.rewriter, {}, { value: attribute }, { resultTypes: [i32] }).result;
  }
  boolean(value: boolean): ValueId {
    return arith.constant.build(this.rewriter, {}, { value: boolAttribute(value) }, { resultTypes: [i1] }).result;
  }
  float(value: number): ValueId {
    const attribute = { kind: "float", value, type: f32, bits: undefined } as const;
    return arith.constant.build(this.rewriter, {}, { value: attribute }, { resultTypes: [f32] }).result;
  }
  /** A word, or truth value (0 or 1), that is known. */
  known(id: ValueId): number | undefined {
    const definition = this.rewriter.definition(id);
    const value = definition?.name === arith.constant.name ? definition.properties["value"] : undefined;
    if (value?.kind === "bool") return Number(value.value);
    return value?.kind === "integer" ? Number(value.value) : undefined;
  }

  #binary({ name }: Binary, lhs: ValueId, rhs: ValueId): ValueId {
    return this.rewriter.create({ name, operands: [lhs, rhs], resultTypes: [this.rewriter.typeOf(lhs)] }).results[0]!;
  }
  /** The operation, computed where both operands are known; `neutral` on the right (or left, where it commutes) does nothing. */
  #folded(
    op: Binary,
    lhs: ValueId,
    rhs: ValueId,
    apply: (a: number, b: number) => number,
    neutral: { readonly right?: number; readonly left?: number; readonly absorbing?: number },
  ): ValueId {
    const [a, b] = [this.known(lhs), this.known(rhs)];
    if (a !== undefined && b !== undefined) return this.constant(apply(a, b));
    if (b !== undefined && b === neutral.right) return lhs;
    if (a !== undefined && a === neutral.left) return rhs;
    if (neutral.absorbing !== undefined && (a === neutral.absorbing || b === neutral.absorbing))
      return this.constant(neutral.absorbing);
    return this.#binary(op, lhs, rhs);
  }

  add(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.addi, lhs, rhs, (a, b) => a + b, { left: 0, right: 0 });
  }
  sub(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.subi, lhs, rhs, (a, b) => a - b, { right: 0 });
  }
  /** The low word of a product. */
  mul(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.muli, lhs, rhs, Math.imul, { left: 1, right: 1, absorbing: 0 });
  }
  and(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.andi, lhs, rhs, (a, b) => a & b, { left: -1, right: -1, absorbing: 0 });
  }
  or(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.ori, lhs, rhs, (a, b) => a | b, { left: 0, right: 0, absorbing: -1 });
  }
  xor(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.xori, lhs, rhs, (a, b) => a ^ b, { left: 0, right: 0 });
  }
  not(word: ValueId): ValueId {
    return this.xor(word, this.constant(-1));
  }
  /** Shifts by amounts from 0 to 31; what is shifted may be known to be 0. */
  shl(word: ValueId, amount: ValueId): ValueId {
    if (this.known(word) === 0) return word;
    return this.#folded(arith.shli, word, amount, (a, b) => a << b, { right: 0 });
  }
  shr(word: ValueId, amount: ValueId): ValueId {
    if (this.known(word) === 0) return word;
    return this.#folded(arith.shrui, word, amount, (a, b) => a >>> b, { right: 0 });
  }
  /** With copies of the sign. */
  sar(word: ValueId, amount: ValueId): ValueId {
    if (this.known(word) === 0) return word;
    return this.#folded(arith.shrsi, word, amount, (a, b) => a >> b, { right: 0 });
  }
  /** All bits the word's sign. */
  sign(word: ValueId): ValueId {
    return this.sar(word, this.constant(31));
  }
  divideUnsigned(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.divui, lhs, rhs, (a, b) => Math.floor(unsigned(a) / unsigned(b)), { right: 1 });
  }
  remainderUnsigned(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#folded(arith.remui, lhs, rhs, (a, b) => unsigned(a) % unsigned(b), {});
  }

  compare(predicate: IntegerPredicate, lhs: ValueId, rhs: ValueId): ValueId {
    const [a, b] = [this.known(lhs), this.known(rhs)];
    if (a !== undefined && b !== undefined) return this.boolean(compare(predicate, a, b));
    return arith.cmpi.build(this.rewriter, { lhs, rhs }, { predicate }).result;
  }
  isZero(word: ValueId): ValueId {
    return this.compare("eq", word, this.constant(0));
  }
  /** Of truth values. */
  both(lhs: ValueId, rhs: ValueId): ValueId {
    const [a, b] = [this.known(lhs), this.known(rhs)];
    if (a === 0 || b === 1) return lhs;
    if (b === 0 || a === 1) return rhs;
    return this.#binary(arith.andi, lhs, rhs);
  }
  differ(lhs: ValueId, rhs: ValueId): ValueId {
    return this.#binary(arith.xori, lhs, rhs);
  }
  select(condition: ValueId, yes: ValueId, no: ValueId): ValueId {
    const known = this.known(condition);
    if (known !== undefined) return known === 0 ? no : yes;
    if (yes === no) return yes;
    const [a, b] = [this.known(yes), this.known(no)];
    if (a !== undefined && a === b && this.rewriter.typeOf(yes) === i32) return yes;
    return arith.select.build(this.rewriter, { condition, true_value: yes, false_value: no }, {}).result;
  }
  /** 1 or 0. */
  fromBoolean(condition: ValueId): ValueId {
    const known = this.known(condition);
    return known === undefined ? this.convert(arith.extui, condition, i32) : this.constant(known);
  }

  convert({ name }: Binary, value: ValueId, to: Type): ValueId {
    return this.rewriter.create({ name, operands: [value], resultTypes: [to] }).results[0]!;
  }
  unary({ name }: Binary, operand: ValueId): ValueId {
    return this.convert({ name }, operand, this.rewriter.typeOf(operand));
  }
  /** Zeros before the first bit that is set; 32 for 0. */
  leadingZeros(word: ValueId): ValueId {
    const known = this.known(word);
    return known === undefined ? this.unary(math.ctlz, word) : this.constant(Math.clz32(known));
  }

  asFloat(word: ValueId): ValueId {
    return this.convert(arith.bitcast, word, f32);
  }
  asWord(float: ValueId): ValueId {
    return this.convert(arith.bitcast, float, i32);
  }
  /** A float of another width. */
  resizeFloat(value: ValueId, to: FloatType): ValueId {
    const from = this.rewriter.typeOf(value);
    if (from === to) return value;
    const isWider = from.kind === "float" && from.format !== "f32" && from.format !== "f64" && to === f32;
    return this.convert(isWider ? arith.extf : arith.truncf, value, to);
  }
}
