import type { Builder } from "../../ir/builder.ts";
import { floatAttribute, integerAttribute } from "../../ir/attributes.ts";
import { arith, linalg, math, tensor } from "../../ir/dialects/index.ts";
import type { FloatPredicate, IntegerPredicate } from "../../ir/dialects/arith.ts";
import type { ValueId } from "../../ir/module.ts";
import { bitWidthOf, signless } from "./element-types.ts";
import { LoweringRefused } from "./lowering.ts";
import { f32, i1, i64, indexType, type IntegerType, type Type } from "../../ir/types.ts";

/** A scalar value with the model's type: unsigned types choose unsigned operations although the IR's value is signless. */
export interface Scalar {
  readonly value: ValueId;
  readonly type: Type;
}
/** What a scalar body may read elements of. */
export interface ElementSource {
  readonly value: ValueId;
  readonly element: Type;
}

export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

const signedPredicates: Readonly<Record<Comparison, IntegerPredicate>> = {
  eq: "eq",
  ne: "ne",
  lt: "slt",
  le: "sle",
  gt: "sgt",
  ge: "sge",
};
const unsignedPredicates: Readonly<Record<Comparison, IntegerPredicate>> = {
  eq: "eq",
  ne: "ne",
  lt: "ult",
  le: "ule",
  gt: "ugt",
  ge: "uge",
};
/** Ordered: false on NaN, but for `ne`, which is true. */
const orderedPredicates: Readonly<Record<Comparison, FloatPredicate>> = {
  eq: "oeq",
  ne: "une",
  lt: "olt",
  le: "ole",
  gt: "ogt",
  ge: "oge",
};

type NoAttributes = Readonly<Record<string, never>>;
interface BinaryDefinition {
  build(
    builder: Builder,
    operands: { readonly lhs: ValueId; readonly rhs: ValueId },
    attributes: NoAttributes,
  ): { readonly result: ValueId };
}
interface UnaryDefinition {
  build(
    builder: Builder,
    operands: { readonly operand: ValueId },
    attributes: NoAttributes,
  ): { readonly result: ValueId };
}

interface CastDefinition {
  build(
    builder: Builder,
    operands: { readonly in: ValueId },
    attributes: NoAttributes,
    more: { readonly resultTypes: readonly Type[] },
  ): { readonly out: ValueId };
}

/** Names of the one-operand float functions. */
export type FloatFunction =
  | "acos"
  | "acosh"
  | "asin"
  | "asinh"
  | "atan"
  | "atanh"
  | "cbrt"
  | "ceil"
  | "cos"
  | "cosh"
  | "erf"
  | "erfc"
  | "exp"
  | "exp2"
  | "expm1"
  | "floor"
  | "log"
  | "log10"
  | "log1p"
  | "log2"
  | "round"
  | "roundeven"
  | "rsqrt"
  | "sin"
  | "sinh"
  | "sqrt"
  | "tan"
  | "tanh"
  | "trunc";

/** Operands that do not fit are the model's fault: the rules themselves convert what they compute with. */
function requireSameType(x: Scalar, y: Scalar): void {
  if (signless(x.type) !== signless(y.type))
    throw new LoweringRefused("invalid", `its operands differ in type: ${x.type.text} and ${y.type.text}`);
}

const isFloat = (type: Type): boolean => type.kind === "float";
const isUnsigned = (type: Type): boolean =>
  type.text === "i1" || (type.kind === "integer" && type.signedness === "unsigned");

/** Makes scalar operations, chosen by the type of their operands: what the bodies of structured operations are written with. */
export class ScalarBuilder {
  readonly builder: Builder;

  constructor(builder: Builder) {
    this.builder = builder;
  }

  constant(value: number | bigint, type: Type): Scalar {
    const lowered = signless(type);
    const attribute =
      lowered.kind === "float"
        ? floatAttribute(Number(value), lowered)
        : lowered.text === "i1"
          ? ({ kind: "bool", value: Boolean(value) } as const)
          : integerAttribute(
              lowered.kind === "integer" ? BigInt.asIntN(lowered.width, BigInt(value)) : BigInt(value),
              lowered as IntegerType,
            );
    return {
      value: arith.constant.build(this.builder, {}, { value: attribute }, { resultTypes: [lowered] }).result,
      type,
    };
  }
  index(value: number): Scalar {
    return this.constant(value, indexType);
  }

  #binary(definition: BinaryDefinition, x: Scalar, y: Scalar): Scalar {
    requireSameType(x, y);
    return { value: definition.build(this.builder, { lhs: x.value, rhs: y.value }, {}).result, type: x.type };
  }
  #choose(x: Scalar, y: Scalar, float: BinaryDefinition, signed: BinaryDefinition, unsigned = signed): Scalar {
    return this.#binary(isFloat(x.type) ? float : isUnsigned(x.type) ? unsigned : signed, x, y);
  }

  add(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.addf, arith.addi);
  }
  sub(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.subf, arith.subi);
  }
  mul(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.mulf, arith.muli);
  }
  /** Integers round towards zero, as C and ONNX do. */
  div(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.divf, arith.divsi, arith.divui);
  }
  /** Remainder with the dividend's sign: C's `%` and `fmod`. */
  rem(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.remf, arith.remsi, arith.remui);
  }
  /** Integers only: rounded down. */
  floorDiv(x: Scalar, y: Scalar): Scalar {
    return this.#binary(isUnsigned(x.type) ? arith.divui : arith.floordivsi, x, y);
  }
  /** NaN when either is NaN. */
  min(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.minimumf, arith.minsi, arith.minui);
  }
  /** NaN when either is NaN. */
  max(x: Scalar, y: Scalar): Scalar {
    return this.#choose(x, y, arith.maximumf, arith.maxsi, arith.maxui);
  }
  and(x: Scalar, y: Scalar): Scalar {
    return this.#binary(arith.andi, x, y);
  }
  or(x: Scalar, y: Scalar): Scalar {
    return this.#binary(arith.ori, x, y);
  }
  xor(x: Scalar, y: Scalar): Scalar {
    return this.#binary(arith.xori, x, y);
  }
  /** Bitwise complement; logical negation of i1. */
  not(x: Scalar): Scalar {
    return this.xor(x, this.constant(x.type.text === "i1" ? 1 : -1n, x.type));
  }
  /** Left shift; zero when the count is the width or more. */
  shiftLeft(x: Scalar, y: Scalar): Scalar {
    return this.#guardedShift(arith.shli, x, y);
  }
  /** Logical right shift for unsigned types, arithmetic otherwise. */
  shiftRight(x: Scalar, y: Scalar): Scalar {
    return this.#guardedShift(isUnsigned(x.type) ? arith.shrui : arith.shrsi, x, y);
  }
  #guardedShift(definition: BinaryDefinition, x: Scalar, y: Scalar): Scalar {
    const width = this.constant(bitWidthOf(x.type), y.type);
    const zero = this.constant(0, x.type);
    const inRange = this.compare("lt", y, width);
    const count = this.select(inRange, y, this.constant(0, y.type));
    return this.select(inRange, this.#binary(definition, x, count), zero);
  }

  neg(x: Scalar): Scalar {
    if (!isFloat(x.type)) return this.sub(this.constant(0, x.type), x);
    return { value: arith.negf.build(this.builder, { operand: x.value }, {}).result, type: x.type };
  }
  abs(x: Scalar): Scalar {
    if (isUnsigned(x.type)) return x;
    const definition = isFloat(x.type) ? math.absf : math.absi;
    return { value: definition.build(this.builder, { operand: x.value }, {}).result, type: x.type };
  }
  /** A float function by name; narrow floats are computed in f32 and rounded once. */
  float(name: FloatFunction, x: Scalar): Scalar {
    const definition: UnaryDefinition = math[name];
    return { value: definition.build(this.builder, { operand: x.value }, {}).result, type: x.type };
  }
  exp(x: Scalar): Scalar {
    return this.float("exp", x);
  }
  log(x: Scalar): Scalar {
    return this.float("log", x);
  }
  sqrt(x: Scalar): Scalar {
    return this.float("sqrt", x);
  }
  tanh(x: Scalar): Scalar {
    return this.float("tanh", x);
  }
  /** Float power. */
  pow(x: Scalar, y: Scalar): Scalar {
    return this.#binary(math.powf, x, y);
  }
  /** Signed integer power; a negative exponent gives what integer division of 1 would. */
  integerPow(x: Scalar, y: Scalar): Scalar {
    return this.#binary(math.ipowi, x, y);
  }
  copySign(magnitude: Scalar, sign: Scalar): Scalar {
    return this.#binary(math.copysign, magnitude, sign);
  }
  isNan(x: Scalar): Scalar {
    return { value: math.isnan.build(this.builder, { operand: x.value }, {}).result, type: i1 };
  }
  isInfinite(x: Scalar): Scalar {
    return { value: math.isinf.build(this.builder, { operand: x.value }, {}).result, type: i1 };
  }
  /** 1 / (1 + e^-x). */
  sigmoid(x: Scalar): Scalar {
    const unit = this.constant(1, x.type);
    return this.div(unit, this.add(unit, this.exp(this.neg(x))));
  }

  compare(comparison: Comparison, x: Scalar, y: Scalar): Scalar {
    requireSameType(x, y);
    const operands = { lhs: x.value, rhs: y.value };
    const value = isFloat(x.type)
      ? arith.cmpf.build(this.builder, operands, { predicate: orderedPredicates[comparison] }).result
      : arith.cmpi.build(this.builder, operands, {
          predicate: (isUnsigned(x.type) ? unsignedPredicates : signedPredicates)[comparison],
        }).result;
    return { value, type: i1 };
  }
  select(condition: Scalar, whenTrue: Scalar, whenFalse: Scalar): Scalar {
    requireSameType(whenTrue, whenFalse);
    const operands = { condition: condition.value, true_value: whenTrue.value, false_value: whenFalse.value };
    return { value: arith.select.build(this.builder, operands, {}).result, type: whenTrue.type };
  }
  /** Numeric conversion as C does it: floats to integers rounded towards zero, integers wrapped, anything to i1 by `!= 0`. */
  cast(x: Scalar, type: Type): Scalar {
    const from = signless(x.type);
    const to = signless(type);
    if (from === to) return { value: x.value, type };
    if (to.text === "i1") return this.compare("ne", x, this.constant(0, x.type));
    const unsigned = isUnsigned(x.type);
    const build = (definition: CastDefinition): Scalar => ({
      value: definition.build(this.builder, { in: x.value }, {}, { resultTypes: [to] }).out,
      type,
    });
    if (isFloat(from) && isFloat(to)) {
      const [width, wide] = [bitWidthOf(from), bitWidthOf(to)];
      if (width === wide) return this.cast(this.cast(x, f32), type);
      return build(width < wide ? arith.extf : arith.truncf);
    }
    if (isFloat(from)) {
      if (to === indexType) return this.cast(this.cast(x, i64), type);
      return build(isUnsigned(type) ? arith.fptoui : arith.fptosi);
    }
    if (isFloat(to)) {
      if (from === indexType) return this.cast(this.cast(x, i64), type);
      return build(unsigned ? arith.uitofp : arith.sitofp);
    }
    if (from === indexType || to === indexType) return build(unsigned ? arith.index_castui : arith.index_cast);
    const [width, wide] = [bitWidthOf(from), bitWidthOf(to)];
    return build(width > wide ? arith.trunci : unsigned ? arith.extui : arith.extsi);
  }
  /** The same bits as another type of equal width. */
  bitcast(x: Scalar, type: Type): Scalar {
    const to = signless(type);
    if (signless(x.type) === to) return { value: x.value, type };
    return { value: arith.bitcast.build(this.builder, { in: x.value }, {}, { resultTypes: [to] }).out, type };
  }

  /** The present position along loop `dimension` of the surrounding structured operation. */
  loopIndex(dimension: number): Scalar {
    return { value: linalg.index.build(this.builder, {}, { dim: dimension }).result, type: indexType };
  }
  /** Reads one element at computed indices, which must be in bounds. */
  load(source: ElementSource, indices: readonly Scalar[]): Scalar {
    const value = tensor.extract.build(
      this.builder,
      { tensor: source.value, indices: indices.map((position) => position.value) },
      {},
    ).result;
    return { value, type: source.element };
  }
}
