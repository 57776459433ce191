import { anyAttribute, type AttributeSpec, dialectParameters, enumAttribute } from "../attribute-codecs.ts";
import { dialectAttribute } from "../attributes.ts";
import { anyType, booleanLike, floatLike, integerLike, numberLike, type TypeConstraint } from "../constraints.ts";
import { dialect, one, op, type Trait } from "../define.ts";
import { i1, type Type, withElement } from "../types.ts";
import { constantAssembly, selectAssembly } from "./assembly/arith.ts";
import { fastMathFlags } from "./fast-math.ts";
import { verifyCast, verifyConstant, verifySelect, type WidthRelation } from "./rules/arith.ts";

const fastmath = { fastmath: fastMathFlags } as const;
/** What an operation promises not to overflow, kept as text: `#arith.overflow<nsw>`. */
const overflow = {
  overflowFlags: dialectParameters("arith", "overflow").default(dialectAttribute("arith", "overflow<none>")),
} as const;
/** Flags stand between the operands and the dictionary. */
const flagsFormat = (attributes: Readonly<Record<string, unknown>>): string => {
  if ("fastmath" in attributes) return "(`fastmath` `` $fastmath^)? ";
  return "overflowFlags" in attributes ? "(`overflow` `` $overflowFlags^)? " : "";
};

function binary<const A extends Readonly<Record<string, AttributeSpec<any>>>>( // oxlint-disable-line typescript/no-explicit-any
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
function cast<const A extends Readonly<Record<string, AttributeSpec<any>>>>( // oxlint-disable-line typescript/no-explicit-any
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
    assembly: `$in ${flagsFormat(attributes)}attr-dict \`:\` type($in) \`to\` type($out)`,
    verify: verifyCast(relation),
  });
}
/** Conversions between floats carry promises only where they were given. */
const optionalFastmath = { fastmath: dialectParameters("arith", "fastmath").optional() } as const;

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
  divsi: binary("signed division, rounded towards zero", integerLike, {}),
  divui: binary("unsigned division", integerLike, {}),
  ceildivsi: binary("signed division, rounded up", integerLike, {}),
  ceildivui: binary("unsigned division, rounded up", integerLike, {}),
  floordivsi: binary("signed division, rounded down", integerLike, {}),
  remsi: binary("remainder of signed division, with the dividend's sign", integerLike, {}),
  remui: binary("remainder of unsigned division", integerLike, {}),
  andi: binary("bitwise and", integerLike, {}, ["commutative", "idempotent"]),
  ori: binary("bitwise or", integerLike, {}, ["commutative", "idempotent"]),
  xori: binary("bitwise exclusive or", integerLike, {}, ["commutative"]),
  shli: binary("left shift", integerLike, overflow),
  shrsi: binary("right shift that repeats the sign", integerLike, {}),
  shrui: binary("right shift that fills with zeros", integerLike, {}),
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
    infer: ({ types }) => ({ result: truthType(types.lhs) }),
    assembly: "$predicate `,` $lhs `,` $rhs attr-dict `:` type($lhs)",
  }),
  cmpf: op({
    summary: "floating-point comparison",
    operands: { lhs: one(floatLike), rhs: one(floatLike) },
    attributes: { predicate: enumAttribute(...floatPredicates), ...fastmath },
    results: { result: one(booleanLike) },
    traits: ["pure", "elementwise", "same-operands-type"],
    infer: ({ types }) => ({ result: truthType(types.lhs) }),
    assembly: "$predicate `,` $lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($lhs)",
  }),
  select: op({
    summary: "one of two values by a condition",
    operands: { condition: one(booleanLike), true_value: one(anyType), false_value: one(anyType) },
    attributes: {},
    results: { result: one(anyType) },
    traits: ["pure", "elementwise"],
    infer: ({ types }) => ({ result: types.true_value }),
    assembly: selectAssembly,
    verify: verifySelect,
  }),
  extsi: cast("sign extension", integerLike, integerLike, "wider", {}),
  extui: cast("zero extension", integerLike, integerLike, "wider", {}),
  trunci: cast("truncation to fewer bits", integerLike, integerLike, "narrower", overflow),
  extf: cast("extension to a wider float", floatLike, floatLike, "wider", optionalFastmath),
  truncf: cast("rounding to a narrower float", floatLike, floatLike, "narrower", optionalFastmath),
  sitofp: cast("signed integer to float", integerLike, floatLike, "any", {}),
  uitofp: cast("unsigned integer to float", integerLike, floatLike, "any", {}),
  fptosi: cast("float to signed integer, rounded towards zero", floatLike, integerLike, "any", {}),
  fptoui: cast("float to unsigned integer, rounded towards zero", floatLike, integerLike, "any", {}),
  index_cast: cast("signed cast between index and integer", integerLike, integerLike, "index", {}),
  index_castui: cast("unsigned cast between index and integer", integerLike, integerLike, "index", {}),
  bitcast: cast("the same bits as another type of equal width", numberLike, numberLike, "equal", {}),
  addui_extended: op({
    summary: "unsigned addition with its overflow bit",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { sum: one(integerLike), overflow: one(booleanLike) },
    traits: ["pure", "elementwise"],
    infer: ({ types }) => ({ sum: types.lhs, overflow: truthType(types.lhs) }),
    assembly: {
      format: "$lhs `,` $rhs attr-dict `:` type($sum) `,` type($overflow)",
      infer: { lhs: ({ sum }) => sum, rhs: ({ sum }) => sum },
    },
  }),
  mulsi_extended: op({
    summary: "signed multiplication, low and high halves",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { low: one(integerLike), high: one(integerLike) },
    traits: ["pure", "elementwise"],
    infer: ({ types }) => ({ low: types.lhs, high: types.lhs }),
    assembly: { format: "$lhs `,` $rhs attr-dict `:` type($lhs)", infer: { rhs: ({ lhs }) => lhs } },
  }),
  mului_extended: op({
    summary: "unsigned multiplication, low and high halves",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { low: one(integerLike), high: one(integerLike) },
    traits: ["pure", "elementwise"],
    infer: ({ types }) => ({ low: types.lhs, high: types.lhs }),
    assembly: { format: "$lhs `,` $rhs attr-dict `:` type($lhs)", infer: { rhs: ({ lhs }) => lhs } },
  }),
});
