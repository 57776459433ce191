import {
  anyAttribute,
  type AttributeSpecs,
  dialectParameters,
  enumAttribute,
  enumOf,
  unitAttributeSpec,
} from "../attribute-codecs.ts";
import { allTypesMatch } from "../assembly.ts";
import { dialectAttribute } from "../attributes.ts";
import {
  anyType,
  bitcastLike,
  booleanLike,
  fixedWidthIntegerLike,
  floatLike,
  indexCastLike,
  integerLike,
  type TypeConstraint,
} from "../constraints.ts";
import { dialect, one, op, type Trait } from "../define.ts";
import { areCompatible } from "../type-compatibility.ts";
import { sameType, typeFollowsLoosely, typeNamed, type TypeRelation } from "../type-relations.ts";
import { i1, i32, type Type, withElement } from "../types.ts";
import { constantAssembly, selectAssembly } from "./assembly/arith.ts";
import { fastMathFlags, optionalFastMathFlags } from "./fast-math.ts";
import { verifyCast, verifyConstant, verifyScaling, verifySelect, type WidthRelation } from "./rules/arith.ts";

const fastmath = { fastmath: fastMathFlags } as const;
/** Conversions between floats carry promises only where they were given. */
const optionalFastmath = { fastmath: optionalFastMathFlags } as const;
/** What an operation promises not to overflow, kept as text: `#arith.overflow<nsw>`. */
const overflow = {
  overflowFlags: dialectParameters("arith", "overflow", { words: ["none", "nsw", "nuw"], separator: ", " }).default(
    dialectAttribute("arith", "overflow<none>"),
  ),
} as const;
/** No bits that are not zero are lost. */
const exact = { isExact: unitAttributeSpec } as const;
const rounding = {
  roundingmode: enumOf(i32, "to_nearest_even", "downward", "upward", "toward_zero", "to_nearest_away").optional(),
} as const;
/** Flags stand between the operands and the dictionary. */
const flagsFormat = (attributes: Readonly<Record<string, unknown>>): string =>
  [
    "roundingmode" in attributes ? "($roundingmode^)? " : "",
    "fastmath" in attributes ? "(`fastmath` `` $fastmath^)? " : "",
    "overflowFlags" in attributes ? "(`overflow` `` $overflowFlags^)? " : "",
    "isExact" in attributes ? "(`exact` $isExact^)? " : "",
  ].join("");

function binary<const A extends AttributeSpecs>(
  summary: string,
  constraint: TypeConstraint,
  attributes: A,
  traits: readonly Trait[] = [],
) {
  return op({
    summary,
    operands: { lhs: one(constraint), rhs: one(constraint) },
    attributes,
    results: { result: one(constraint) },
    traits: ["pure", "elementwise", "same-operands-and-result-type", ...traits],
    assembly: `$lhs \`,\` $rhs ${flagsFormat(attributes)}attr-dict \`:\` type($result)`,
  });
}
/** Sizes that are not known must not be known on one side only. */
const sameTensorDimensions: TypeRelation = {
  description: "input and output have the same tensor dimensions",
  holds: (view) => {
    const [from, to] = [typeNamed(view, "in")!, typeNamed(view, "out")!];
    const isTensor = (type: Type): boolean => type.kind === "tensor" || type.kind === "unranked-tensor";
    if (!isTensor(from) && !isTensor(to)) return true;
    if (from.kind === "tensor" && to.kind === "tensor") return from.shape.join() === to.shape.join();
    return from.kind === to.kind;
  },
};

function cast<const A extends AttributeSpecs>(
  summary: string,
  from: TypeConstraint,
  to: TypeConstraint,
  relation: WidthRelation,
  attributes: A,
) {
  return op({
    summary,
    operands: { in: one(from) },
    attributes,
    results: { out: one(to) },
    traits: ["pure", "elementwise"],
    relations: [sameTensorDimensions],
    assembly: `$in ${flagsFormat(attributes)}attr-dict \`:\` type($in) \`to\` type($out)`,
    verify: verifyCast(relation),
  });
}

/** Type of the truth values of a comparison of `type`: i1 in the same shape. */
const truthType = (type: Type): Type => withElement(type, i1);

/** Predicates of `arith.cmpi`, by case number. */
export const integerPredicates = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"] as const;
/** Predicates of `arith.cmpf`, by case number: `o…` are false and `u…` are true when either operand is NaN. */
export const floatPredicates = [
  "false",
  "oeq",
  "ogt",
  "oge",
  "olt",
  "ole",
  "one",
  "ord",
  "ueq",
  "ugt",
  "uge",
  "ult",
  "ule",
  "une",
  "uno",
  "true",
] as const;
export type IntegerPredicate = (typeof integerPredicates)[number];
export type FloatPredicate = (typeof floatPredicates)[number];

const extendedMultiplication = (summary: string) =>
  op({
    summary,
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { low: one(integerLike), high: one(integerLike) },
    traits: ["pure", "elementwise", "commutative"],
    relations: [sameType("lhs", "rhs", "low", "high")],
    infer: ({ types }) => ({ low: types.lhs, high: types.lhs }),
    assembly: {
      format: "$lhs `,` $rhs attr-dict `:` type($lhs)",
      infer: allTypesMatch("lhs", "rhs", "low", "high"),
    },
  });

const isTruthOfOperands = typeFollowsLoosely(
  "result type has i1 element type and same shape as operands",
  "result",
  "lhs",
  truthType,
);

export const arith = dialect("arith", "integer and floating-point arithmetic on scalars, vectors and tensors", {
  constant: op({
    summary: "a compile-time constant",
    operands: {},
    attributes: { value: anyAttribute },
    results: { result: one(anyType) },
    traits: ["pure", "constant-like"],
    assembly: constantAssembly,
    verify: verifyConstant,
  }),
  addi: binary("integer addition, modulo 2^N", integerLike, overflow, ["commutative"]),
  subi: binary("integer subtraction, modulo 2^N", integerLike, overflow),
  muli: binary("integer multiplication, modulo 2^N", integerLike, overflow, ["commutative"]),
  divsi: binary("signed division, rounded towards zero", integerLike, exact),
  divui: binary("unsigned division", integerLike, exact),
  ceildivsi: binary("signed division, rounded up", integerLike, {}),
  ceildivui: binary("unsigned division, rounded up", integerLike, {}),
  floordivsi: binary("signed division, rounded down", integerLike, {}),
  remsi: binary("remainder of signed division, with the dividend's sign", integerLike, {}),
  remui: binary("remainder of unsigned division", integerLike, {}),
  andi: binary("bitwise and", integerLike, {}, ["commutative", "idempotent"]),
  ori: binary("bitwise or", integerLike, {}, ["commutative", "idempotent"]),
  xori: binary("bitwise exclusive or", integerLike, {}, ["commutative"]),
  shli: binary("left shift", integerLike, overflow),
  shrsi: binary("right shift that repeats the sign", integerLike, exact),
  shrui: binary("right shift that fills with zeros", integerLike, exact),
  minsi: binary("signed minimum", integerLike, {}, ["commutative", "idempotent"]),
  minui: binary("unsigned minimum", integerLike, {}, ["commutative", "idempotent"]),
  maxsi: binary("signed maximum", integerLike, {}, ["commutative", "idempotent"]),
  maxui: binary("unsigned maximum", integerLike, {}, ["commutative", "idempotent"]),
  addf: binary("floating-point addition", floatLike, fastmath, ["commutative"]),
  subf: binary("floating-point subtraction", floatLike, fastmath),
  mulf: binary("floating-point multiplication", floatLike, fastmath, ["commutative"]),
  divf: binary("floating-point division", floatLike, fastmath),
  remf: binary("floating-point remainder, with the dividend's sign (C's fmod)", floatLike, fastmath),
  minimumf: binary("minimum; NaN when either is NaN", floatLike, fastmath, ["commutative", "idempotent"]),
  maximumf: binary("maximum; NaN when either is NaN", floatLike, fastmath, ["commutative", "idempotent"]),
  minnumf: binary("minimum; the number when one is NaN", floatLike, fastmath, ["commutative", "idempotent"]),
  maxnumf: binary("maximum; the number when one is NaN", floatLike, fastmath, ["commutative", "idempotent"]),
  negf: op({
    summary: "floating-point negation",
    operands: { operand: one(floatLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type", "involution"],
    assembly: "$operand (`fastmath` `` $fastmath^)? attr-dict `:` type($result)",
  }),
  cmpi: op({
    summary: "integer comparison",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: { predicate: enumAttribute(...integerPredicates) },
    results: { result: one(booleanLike) },
    traits: ["pure", "elementwise", "same-operands-type"],
    relations: [isTruthOfOperands],
    infer: ({ types }) => ({ result: truthType(types.lhs) }),
    assembly: "$predicate `,` $lhs `,` $rhs attr-dict `:` type($lhs)",
  }),
  cmpf: op({
    summary: "floating-point comparison",
    operands: { lhs: one(floatLike), rhs: one(floatLike) },
    attributes: { predicate: enumAttribute(...floatPredicates), ...fastmath },
    results: { result: one(booleanLike) },
    traits: ["pure", "elementwise", "same-operands-type"],
    relations: [isTruthOfOperands],
    infer: ({ types }) => ({ result: truthType(types.lhs) }),
    assembly: "$predicate `,` $lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($lhs)",
  }),
  select: op({
    summary: "one of two values by a condition",
    operands: { condition: one(booleanLike), true_value: one(anyType), false_value: one(anyType) },
    attributes: {},
    results: { result: one(anyType) },
    traits: ["pure", "elementwise"],
    relations: [
      sameType("true_value", "false_value", "result"),
      {
        description: "condition is signless i1 or has matching shape",
        holds: ({ types }) => {
          const { condition, true_value: value } = types as Readonly<Record<string, Type>>;
          return condition === i1 || areCompatible(withElement(value!, i1), condition!);
        },
      },
    ],
    infer: ({ types }) => ({ result: types.true_value }),
    assembly: selectAssembly,
    verify: verifySelect,
  }),
  extsi: cast("sign extension", fixedWidthIntegerLike, fixedWidthIntegerLike, "wider", {}),
  extui: cast("zero extension", fixedWidthIntegerLike, fixedWidthIntegerLike, "wider", {}),
  trunci: cast("truncation to fewer bits", fixedWidthIntegerLike, fixedWidthIntegerLike, "narrower", overflow),
  extf: cast("extension to a wider float", floatLike, floatLike, "wider", optionalFastmath),
  truncf: cast("rounding to a narrower float", floatLike, floatLike, "narrower", {
    ...rounding,
    ...optionalFastmath,
  }),
  scaling_extf: op({
    summary: "extension of values that share a scale",
    operands: { in: one(floatLike), scale: one(floatLike) },
    attributes: optionalFastmath,
    results: { out: one(floatLike) },
    traits: ["pure"],
    assembly: "$in `,` $scale (`fastmath` `` $fastmath^)? attr-dict `:` type($in) `,` type($scale) `to` type($out)",
    verify: verifyScaling("wider"),
  }),
  scaling_truncf: op({
    summary: "rounding to values that share a scale",
    operands: { in: one(floatLike), scale: one(floatLike) },
    attributes: { ...rounding, ...optionalFastmath },
    results: { out: one(floatLike) },
    traits: ["pure"],
    relations: [sameTensorDimensions],
    assembly:
      "$in `,` $scale ($roundingmode^)? (`fastmath` `` $fastmath^)? attr-dict `:` type($in) `,` type($scale) `to` type($out)",
    verify: verifyScaling("narrower"),
  }),
  sitofp: cast("signed integer to float", fixedWidthIntegerLike, floatLike, "any", {}),
  uitofp: cast("unsigned integer to float", fixedWidthIntegerLike, floatLike, "any", {}),
  fptosi: cast("float to signed integer, rounded towards zero", floatLike, fixedWidthIntegerLike, "any", {}),
  fptoui: cast("float to unsigned integer, rounded towards zero", floatLike, fixedWidthIntegerLike, "any", {}),
  index_cast: cast("signed cast between index and integer", indexCastLike, indexCastLike, "index", {}),
  index_castui: cast("unsigned cast between index and integer", indexCastLike, indexCastLike, "index", {}),
  bitcast: cast("the same bits as another type of equal width", bitcastLike, bitcastLike, "equal", {}),
  addui_extended: op({
    summary: "unsigned addition with its overflow bit",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { sum: one(integerLike), overflow: one(booleanLike) },
    traits: ["pure", "elementwise", "commutative"],
    relations: [sameType("lhs", "rhs", "sum")],
    infer: ({ types }) => ({ sum: types.lhs, overflow: truthType(types.lhs) }),
    assembly: {
      format: "$lhs `,` $rhs attr-dict `:` type($sum) `,` type($overflow)",
      infer: allTypesMatch("lhs", "rhs", "sum"),
    },
  }),
  mulsi_extended: extendedMultiplication("signed multiplication, low and high halves"),
  mului_extended: extendedMultiplication("unsigned multiplication, low and high halves"),
});
