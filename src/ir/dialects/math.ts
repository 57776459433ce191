import { booleanLike, floatLike, integerLike } from "../constraints.ts";
import { dialect, one, op } from "../define.ts";
import { sameType, typeFollowsLoosely } from "../type-relations.ts";
import { i1, withElement } from "../types.ts";
import { fastMathFlags } from "./fast-math.ts";

const fastmath = { fastmath: fastMathFlags } as const;
const unary = (summary: string) =>
  op({
    summary,
    operands: { operand: one(floatLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$operand (`fastmath` `` $fastmath^)? attr-dict `:` type($result)",
  });
const unaryInteger = (summary: string) =>
  op({
    summary,
    operands: { operand: one(integerLike) },
    attributes: {},
    results: { result: one(integerLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$operand attr-dict `:` type($result)",
  });
const binary = (summary: string) =>
  op({
    summary,
    operands: { lhs: one(floatLike), rhs: one(floatLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($result)",
  });
const classify = (summary: string) =>
  op({
    summary,
    operands: { operand: one(floatLike) },
    attributes: fastmath,
    results: { result: one(booleanLike) },
    traits: ["pure", "elementwise"],
    relations: [
      typeFollowsLoosely("result type has i1 element type and same shape as operands", "result", "operand", (type) =>
        withElement(type, i1),
      ),
    ],
    infer: ({ types }) => ({ result: withElement(types.operand, i1) }),
    assembly: "$operand attr-dict `:` type($operand)",
  });

export const math = dialect("math", "mathematical functions beyond arithmetic", {
  absf: unary("absolute value"),
  absi: unaryInteger("absolute value; the lowest value stays itself"),
  acos: unary("arc cosine"),
  acosh: unary("hyperbolic arc cosine"),
  asin: unary("arc sine"),
  asinh: unary("hyperbolic arc sine"),
  atan: unary("arc tangent"),
  atanh: unary("hyperbolic arc tangent"),
  atan2: binary("arc tangent of lhs/rhs in its quadrant"),
  cbrt: unary("cube root"),
  ceil: unary("round up"),
  clampf: op({
    summary: "the value, no less than min and no more than max",
    operands: { value: one(floatLike), min: one(floatLike), max: one(floatLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$value `to` ` ` `[` $min `,` $max `]` (`fastmath` `` $fastmath^)? attr-dict `:` type($result)",
  }),
  copysign: binary("magnitude of lhs with the sign of rhs"),
  cos: unary("cosine"),
  cosh: unary("hyperbolic cosine"),
  ctlz: unaryInteger("count of leading zero bits"),
  cttz: unaryInteger("count of trailing zero bits"),
  ctpop: unaryInteger("count of one bits"),
  erf: unary("error function"),
  erfc: unary("complementary error function"),
  exp: unary("e^x"),
  exp2: unary("2^x"),
  expm1: unary("e^x - 1"),
  floor: unary("round down"),
  fma: op({
    summary: "a·b + c with one rounding",
    operands: { a: one(floatLike), b: one(floatLike), c: one(floatLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$a `,` $b `,` $c (`fastmath` `` $fastmath^)? attr-dict `:` type($result)",
  }),
  fpowi: op({
    summary: "float to an integer power",
    operands: { lhs: one(floatLike), rhs: one(integerLike) },
    attributes: fastmath,
    results: { result: one(floatLike) },
    traits: ["pure", "elementwise"],
    relations: [sameType("lhs", "result")],
    infer: ({ types }) => ({ result: types.lhs }),
    assembly: "$lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($lhs) `,` type($rhs)",
  }),
  ipowi: op({
    summary: "signed integer power",
    operands: { lhs: one(integerLike), rhs: one(integerLike) },
    attributes: {},
    results: { result: one(integerLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$lhs `,` $rhs attr-dict `:` type($result)",
  }),
  isfinite: classify("neither infinite nor NaN"),
  isinf: classify("infinite"),
  isnan: classify("not a number"),
  isnormal: classify("neither zero, denormal, infinite nor NaN"),
  log: unary("natural logarithm"),
  log10: unary("decimal logarithm"),
  log1p: unary("log(1 + x)"),
  log2: unary("binary logarithm"),
  powf: binary("float power"),
  round: unary("round to nearest, ties away from zero"),
  roundeven: unary("round to nearest, ties to even"),
  rsqrt: unary("1/√x"),
  sin: unary("sine"),
  sincos: op({
    summary: "sine and cosine",
    operands: { operand: one(floatLike) },
    attributes: fastmath,
    results: { sin: one(floatLike), cos: one(floatLike) },
    traits: ["pure", "elementwise"],
    relations: [sameType("operand", "sin", "cos")],
    infer: ({ types }) => ({ sin: types.operand, cos: types.operand }),
    assembly: "$operand (`fastmath` `` $fastmath^)? attr-dict `:` type($operand)",
  }),
  sinh: unary("hyperbolic sine"),
  sqrt: unary("square root"),
  tan: unary("tangent"),
  tanh: unary("hyperbolic tangent"),
  trunc: unary("round towards zero"),
});
