import { math } from "../../../ir/dialects/index.ts";
import type { ValueId } from "../../../ir/module.ts";
import { elementOf, type Type, type VectorType } from "../../../ir/types.ts";
import { arithmetic, atom, call, type Expression, infix, operand, other } from "../../printing/expression.ts";
import { castTo } from "../cast.ts";
import { elementaryFunctions } from "../../printing/operators.ts";
import type { BinaryView, Matchable, UnaryView } from "../../printing/rule.ts";
import { expressionRule, type PrintingRule, type Scope } from "../scope.ts";
import { bitCountHelper, type BitCountName, integerPowerHelper } from "./integer-helpers.ts";
import { integerLanes, lanewise, splat, toMask, unsignedType } from "./shapes.ts";

/** `<math.h>`'s name for a type: `expf` for f32, `exp` for f64. */
const libm = (scope: Scope, name: string, type: Type): string => {
  scope.include("math.h");
  return elementOf(type).text === "f32" ? `${name}f` : name;
};

/** A function of the C library; lane by lane on vectors. */
function library(scope: Scope, name: string, values: readonly ValueId[]): Expression {
  const type = scope.typeOf(values[0]!);
  const called = libm(scope, name, type);
  const expressions = values.map((value) => scope.use(value));
  if (type.kind !== "vector") return call(called, ...expressions);
  const operands = expressions.map((expression) => ({ expression, type }));
  return lanewise(scope, called, type, operands, (lanes) => `${called}(${lanes.join(", ")})`);
}
const unary = (definition: Matchable<UnaryView>, name: string): PrintingRule =>
  expressionRule(definition, ({ operands }, scope) => library(scope, name, [operands.operand]));
const binary = (definition: Matchable<BinaryView>, name: string): PrintingRule =>
  expressionRule(definition, ({ operands }, scope) => library(scope, name, [operands.lhs, operands.rhs]));

/** Vector lanes as integers, to work on their bits. */
const bits = (scope: Scope, value: Expression, type: VectorType): Expression =>
  castTo(scope.vectorType(integerLanes(type)), value);
/** The sign bit in every lane. */
const signMask = (scope: Scope, type: VectorType): Expression =>
  splat(scope, integerLanes(type), atom(elementOf(type).text === "f32" ? "INT32_MIN" : "INT64_MIN"));

const bitCount = (definition: Matchable<UnaryView>, name: BitCountName): PrintingRule =>
  expressionRule(definition, ({ operands }, scope) => {
    const type = scope.typeOf(operands.operand);
    const helper = bitCountHelper(name, elementOf(type), scope.dialect === "gnu11");
    const value = scope.use(operands.operand);
    if (type.kind !== "vector") return call(scope.helper(helper), value);
    return lanewise(scope, name, type, [{ expression: value, type }], ([lane]) => `${helper.name}(${lane})`, [helper]);
  });

/** A class of floats, by comparisons alone, which hold for scalars and vectors. `L` is the largest finite or least normal. */
function classify(
  definition: Matchable<UnaryView>,
  test: (absolute: Expression, value: Expression, limits: Limits) => Expression,
): PrintingRule {
  return expressionRule(definition, ({ operands }, scope) => {
    const type = scope.typeOf(operands.operand);
    const value = scope.use(operands.operand);
    const single = elementOf(type).text === "f32";
    const scalars = single
      ? { largest: "3.4028235e+38f", leastNormal: "1.17549435e-38f" }
      : { largest: "1.7976931348623157e+308", leastNormal: "2.2250738585072014e-308" };
    if (type.kind !== "vector") {
      const limits = { largest: atom(scalars.largest), leastNormal: atom(scalars.leastNormal), and: "&&" };
      return test(call(libm(scope, "fabs", type), value), value, limits);
    }
    const limits = {
      largest: splat(scope, type, atom(scalars.largest)),
      leastNormal: splat(scope, type, atom(scalars.leastNormal)),
      and: "&",
    };
    return toMask(scope, test(absolute(scope, value, type), value, limits), type);
  });
}
interface Limits {
  readonly largest: Expression;
  readonly leastNormal: Expression;
  readonly and: string;
}

const absolute = (scope: Scope, value: Expression, type: VectorType): Expression =>
  castTo(scope.vectorType(type), infix(bits(scope, value, type), "&", atom(`~${signMask(scope, type).text}`)));

export const mathRules: readonly PrintingRule[] = [
  expressionRule(math.absf, ({ operands }, scope) => {
    const type = scope.typeOf(operands.operand);
    const value = scope.use(operands.operand);
    return type.kind === "vector" ? absolute(scope, value, type) : call(libm(scope, "fabs", type), value);
  }),
  expressionRule(math.copysign, ({ operands }, scope) => {
    const type = scope.typeOf(operands.lhs);
    if (type.kind !== "vector") return library(scope, "copysign", [operands.lhs, operands.rhs]);
    const sign = signMask(scope, type);
    const magnitude = infix(bits(scope, scope.use(operands.lhs), type), "&", atom(`~${sign.text}`));
    const signs = infix(bits(scope, scope.use(operands.rhs), type), "&", sign);
    return castTo(scope.vectorType(type), infix(magnitude, "|", signs));
  }),
  expressionRule(math.absi, ({ operands }, scope) => {
    const type = scope.typeOf(operands.operand);
    const value = scope.use(operands.operand);
    const unsigned = unsignedType(scope, type);
    if (type.kind === "vector") {
      // Zero or all ones by sign: (x ^ s) - s.
      const name = scope.vectorType(type);
      const helper = scope.helper({
        name: `absi_${name}`,
        code:
          `static inline __attribute__((always_inline)) ${name} absi_${name}(${name} x) {\n` +
          `  const ${unsigned} s = (${unsigned})(x < 0);\n  return (${name})((((${unsigned})x) ^ s) - s);\n}`,
      });
      return call(helper, value);
    }
    const negated = castTo(scope.cType(type), arithmetic(atom("0"), "-", castTo(unsigned, value)));
    return other(`${operand(value)} < 0 ? ${negated.text} : ${operand(value)}`);
  }),
  ...elementaryFunctions.map(([definition, name]) => unary(definition, name)),
  binary(math.atan2, "atan2"),
  unary(math.ceil, "ceil"),
  bitCount(math.ctlz, "ctlz"),
  bitCount(math.cttz, "cttz"),
  bitCount(math.ctpop, "ctpop"),
  unary(math.erf, "erf"),
  unary(math.erfc, "erfc"),
  unary(math.exp2, "exp2"),
  unary(math.floor, "floor"),
  expressionRule(math.fma, ({ operands }, scope) => {
    const type = scope.typeOf(operands.a);
    if (type.kind !== "vector") return library(scope, "fma", [operands.a, operands.b, operands.c]);
    const [a, b, c] = [operands.a, operands.b, operands.c].map((value) => scope.use(value));
    return arithmetic(arithmetic(a!, "*", b!), "+", c!);
  }),
  expressionRule(math.fpowi, ({ operands }, scope) => {
    const type = scope.typeOf(operands.lhs);
    const name = libm(scope, "pow", type);
    const [base, exponent] = [scope.use(operands.lhs), scope.use(operands.rhs)];
    const exponentType = scope.typeOf(operands.rhs);
    if (type.kind !== "vector" || exponentType.kind !== "vector")
      return call(name, base, castTo(scope.cType(type), exponent));
    const vectors = [
      { expression: base, type },
      { expression: exponent, type: exponentType },
    ];
    return lanewise(scope, `${name}i`, type, vectors, ([a, n]) => `${name}(${a}, (${scope.cType(type.element)})${n})`);
  }),
  expressionRule(math.ipowi, ({ operands }, scope) => {
    const type = scope.typeOf(operands.lhs);
    const helper = integerPowerHelper(elementOf(type));
    const [left, right] = [scope.use(operands.lhs), scope.use(operands.rhs)];
    if (type.kind !== "vector") return call(scope.helper(helper), left, right);
    const vectors = [left, right].map((expression) => ({ expression, type }));
    return lanewise(scope, "ipowi", type, vectors, (lanes) => `${helper.name}(${lanes.join(", ")})`, [helper]);
  }),
  classify(math.isnan, (_, value) => infix(value, "!=", value)),
  classify(math.isinf, (absolute, _, { largest }) => infix(absolute, ">", largest)),
  classify(math.isfinite, (absolute, _, { largest }) => infix(absolute, "<=", largest)),
  classify(math.isnormal, (absolute, _, { largest, leastNormal, and }) =>
    other(`(${infix(absolute, "<=", largest).text}) ${and} (${infix(absolute, ">=", leastNormal).text})`),
  ),
  unary(math.log10, "log10"),
  binary(math.powf, "pow"),
  unary(math.round, "round"),
  // The default rounding mode is to nearest even.
  unary(math.roundeven, "rint"),
  expressionRule(math.rsqrt, ({ operands }, scope) => {
    const type = scope.typeOf(operands.operand);
    const root = library(scope, "sqrt", [operands.operand]);
    const one = atom(elementOf(type).text === "f32" ? "1.0f" : "1.0");
    return arithmetic(type.kind === "vector" ? splat(scope, type, one) : one, "/", root);
  }),
  unary(math.sqrt, "sqrt"),
  unary(math.trunc, "trunc"),
];
