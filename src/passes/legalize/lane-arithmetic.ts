import { type Attribute, denseAttribute, floatAttribute, integerAttribute } from "../../ir/attributes.ts";
import type { Builder } from "../../ir/builder.ts";
import { arith, math, vector } from "../../ir/dialects/index.ts";
import type { FloatPredicate, IntegerPredicate } from "../../ir/dialects/arith.ts";
import type { ValueId } from "../../ir/module.ts";
import {
  f32,
  type FloatType,
  hostElementType,
  i32,
  type IndexType,
  type IntegerType,
  type Type,
  withElement,
} from "../../ir/types.ts";
import { tensorFromNumbers } from "../../support/numeric/host-tensor.ts";

/** A constant attribute of a scalar or vector type, every lane the same. */
export function splatAttribute(type: Type, value: number | bigint): Attribute {
  const element = type.kind === "vector" ? type.element : type;
  if (type.kind === "vector") {
    const storage = hostElementType(element);
    if (storage === undefined || storage === "string") throw new Error(`no constant of type ${type.text}`);
    return { ...denseAttribute(tensorFromNumbers(storage, [1], [value])), type, splat: true } as Attribute;
  }
  if (element.kind === "float") return floatAttribute(Number(value), element);
  return integerAttribute(value, element as IntegerType | IndexType);
}

/** A constant of a scalar or vector type, every lane the same. */
export const constantOf = (builder: Builder, type: Type, value: number | bigint): ValueId =>
  arith.constant.build(builder, {}, { value: splatAttribute(type, value) }, { resultTypes: [type] }).result;

/**
 * Writes arithmetic that means the same for a scalar and for every lane of a vector: constants take the shape of the value that
 * the computation started from.
 */
export class LaneArithmetic {
  readonly builder: Builder;
  /** Any scalar or vector type: only its shape counts. */
  readonly shape: Type;

  constructor(builder: Builder, shape: Type) {
    this.builder = builder;
    this.shape = shape;
  }
  /** The type with this shape and the given elements. */
  type(element: Type): Type {
    return this.shape.kind === "vector" ? withElement(this.shape, element) : element;
  }
  constant(element: Type, value: number | bigint): ValueId {
    return constantOf(this.builder, this.type(element), value);
  }
  f32(value: number): ValueId {
    return this.constant(f32, Math.fround(value));
  }
  i32(value: number): ValueId {
    return this.constant(i32, value);
  }

  addf = (lhs: ValueId, rhs: ValueId): ValueId => arith.addf.build(this.builder, { lhs, rhs }, {}).result;
  subf = (lhs: ValueId, rhs: ValueId): ValueId => arith.subf.build(this.builder, { lhs, rhs }, {}).result;
  mulf = (lhs: ValueId, rhs: ValueId): ValueId => arith.mulf.build(this.builder, { lhs, rhs }, {}).result;
  divf = (lhs: ValueId, rhs: ValueId): ValueId => arith.divf.build(this.builder, { lhs, rhs }, {}).result;
  addi = (lhs: ValueId, rhs: ValueId): ValueId => arith.addi.build(this.builder, { lhs, rhs }, {}).result;
  subi = (lhs: ValueId, rhs: ValueId): ValueId => arith.subi.build(this.builder, { lhs, rhs }, {}).result;
  muli = (lhs: ValueId, rhs: ValueId): ValueId => arith.muli.build(this.builder, { lhs, rhs }, {}).result;
  andi = (lhs: ValueId, rhs: ValueId): ValueId => arith.andi.build(this.builder, { lhs, rhs }, {}).result;
  ori = (lhs: ValueId, rhs: ValueId): ValueId => arith.ori.build(this.builder, { lhs, rhs }, {}).result;
  xori = (lhs: ValueId, rhs: ValueId): ValueId => arith.xori.build(this.builder, { lhs, rhs }, {}).result;
  shli = (lhs: ValueId, rhs: ValueId): ValueId => arith.shli.build(this.builder, { lhs, rhs }, {}).result;
  shrui = (lhs: ValueId, rhs: ValueId): ValueId => arith.shrui.build(this.builder, { lhs, rhs }, {}).result;
  shrsi = (lhs: ValueId, rhs: ValueId): ValueId => arith.shrsi.build(this.builder, { lhs, rhs }, {}).result;
  absi = (operand: ValueId): ValueId => math.absi.build(this.builder, { operand }, {}).result;
  absf = (operand: ValueId): ValueId => math.absf.build(this.builder, { operand }, {}).result;
  copysign = (lhs: ValueId, rhs: ValueId): ValueId => math.copysign.build(this.builder, { lhs, rhs }, {}).result;
  cmpf = (predicate: FloatPredicate, lhs: ValueId, rhs: ValueId): ValueId =>
    arith.cmpf.build(this.builder, { lhs, rhs }, { predicate }).result;
  cmpi = (predicate: IntegerPredicate, lhs: ValueId, rhs: ValueId): ValueId =>
    arith.cmpi.build(this.builder, { lhs, rhs }, { predicate }).result;
  select = (condition: ValueId, true_value: ValueId, false_value: ValueId): ValueId =>
    arith.select.build(this.builder, { condition, true_value, false_value }, {}).result;
  /** `a·b + c`, fused. */
  fma = (a: ValueId, b: ValueId, c: ValueId): ValueId =>
    this.shape.kind === "vector"
      ? vector.fma.build(this.builder, { lhs: a, rhs: b, acc: c }, {}).result
      : math.fma.build(this.builder, { a, b, c }, {}).result;
  /** A polynomial in `x` by Horner's rule, highest coefficient first, in f32. */
  polynomial = (x: ValueId, coefficients: readonly number[]): ValueId =>
    coefficients.slice(1).reduce<ValueId>((sum, c) => this.fma(sum, x, this.f32(c)), this.f32(coefficients[0]!));
  #cast({ name }: { readonly name: string }, value: ValueId, element: Type): ValueId {
    return this.builder.create({ name, operands: [value], resultTypes: [this.type(element)] }).results[0]!;
  }
  bitcast = (value: ValueId, element: Type): ValueId => this.#cast(arith.bitcast, value, element);
  extf = (value: ValueId, element: FloatType): ValueId => this.#cast(arith.extf, value, element);
  truncf = (value: ValueId, element: FloatType): ValueId => this.#cast(arith.truncf, value, element);
  extui = (value: ValueId, element: Type): ValueId => this.#cast(arith.extui, value, element);
  extsi = (value: ValueId, element: Type): ValueId => this.#cast(arith.extsi, value, element);
  trunci = (value: ValueId, element: Type): ValueId => this.#cast(arith.trunci, value, element);
  sitofp = (value: ValueId, element: FloatType): ValueId => this.#cast(arith.sitofp, value, element);
  uitofp = (value: ValueId, element: FloatType): ValueId => this.#cast(arith.uitofp, value, element);
  fptoui = (value: ValueId, element: Type): ValueId => this.#cast(arith.fptoui, value, element);
  fptosi = (value: ValueId, element: Type): ValueId => this.#cast(arith.fptosi, value, element);
}
