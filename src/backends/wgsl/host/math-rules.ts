import type { Operation } from "../../../ir/module.ts";
import { hostElementType } from "../../../ir/types.ts";
import { isFloat } from "../../../support/numeric/element-type.ts";
import { smallestNormal } from "../../../support/numeric/float-formats.ts";
import { atom, binding, call, type Expression, infix, other, prefix } from "../../printing/expression.ts";
import type { Helper } from "../../printing/helpers.ts";
import { elementaryFunctions } from "../../printing/operators.ts";
import { byName, exact, floating, mathCall } from "./arith-rules.ts";
import {
  bitCount,
  bitLength,
  copySign,
  erf,
  erfc,
  fusedMultiplyAdd,
  integerPower,
  power,
  roundHalfAway,
  roundHalfEven,
} from "./helpers.ts";
import {
  type NumberKind,
  numberKindOf,
  rounded,
  unsigned,
  wideUnsigned,
  wideWrapped,
  wrapped,
} from "./number-types.ts";
import type { ExpressionRule, HostScope } from "./scope.ts";

const unary = (name: string): ExpressionRule => floating(mathCall(name));
const viaHelper =
  (helper: Helper): ExpressionRule =>
  (op, scope) =>
    rounded(
      scope,
      numberKindOf(scope.typeOf(op.results[0]!))!,
      call(scope.helper(helper), ...op.operands.map((value) => scope.use(value))),
    );

/** An integer operand as a bigint, read as signed. */
const asBigInt = (kind: NumberKind, value: Expression): Expression =>
  kind.kind === "wide" ? value : atom(`BigInt(${value.text})`);
function widthOf(op: Operation, scope: HostScope, kind: NumberKind): number {
  if (kind.kind === "wide") return 64;
  return kind.kind === "integer" ? kind.width : scope.reject(op, "it needs integers of 2 to 64 bits");
}

/** A count of bits: on unsigned bigints, and the expression for 32 bits and less. */
const counting =
  (wide: (scope: HostScope, bits: Expression, width: number) => Expression): ExpressionRule =>
  (op, scope) => {
    const kind = numberKindOf(scope.typeOf(op.results[0]!))!;
    const width = widthOf(op, scope, kind);
    const value = scope.use(op.operands[0]!);
    const bits = scope.constant(
      kind.kind === "wide" ? wideUnsigned(value) : atom(`BigInt(${unsigned(width, value).text})`),
    );
    const count = wide(scope, bits, width);
    return kind.kind === "wide" ? wideWrapped(atom(`BigInt(${count.text})`)) : wrapped(width, count);
  };

/** Expressions of the `math` dialect, by full name. Functions are computed in double and rounded to their type. */
export const mathRules: Readonly<Record<string, ExpressionRule>> = {
  "math.absf": exact(mathCall("abs")),
  "math.absi": (op, scope) => {
    const kind = numberKindOf(scope.typeOf(op.results[0]!))!;
    const value = scope.constant(scope.use(op.operands[0]!));
    const negative = infix(value, "<", atom(kind.kind === "wide" ? "0n" : "0"));
    const magnitude = other(`(${negative.text}) ? ${prefix("-", value).text} : ${value.text}`);
    return kind.kind === "wide" ? wideWrapped(magnitude) : wrapped(widthOf(op, scope, kind), magnitude);
  },
  ...byName(elementaryFunctions, unary),
  "math.atan2": floating(mathCall("atan2")),
  "math.ceil": exact(mathCall("ceil")),
  "math.clampf": exact((value, low, high) => mathCall("max")(mathCall("min")(value!, high!), low!)),
  "math.copysign": (op, scope) => call(scope.helper(copySign), ...op.operands.map((value) => scope.use(value))),
  "math.ctlz": counting((scope, bits, width) => ({
    text: `${width} - ${call(scope.helper(bitLength), bits).text}`,
    binding: binding.sum,
  })),
  "math.cttz": counting((scope, bits, width) => {
    const lowest = call(scope.helper(bitLength), infix(bits, "&", prefix("-", bits)));
    return other(`${bits.text} === 0n ? ${width} : ${lowest.text} - 1`);
  }),
  "math.ctpop": counting((scope, bits) => call(scope.helper(bitCount), bits)),
  "math.erf": viaHelper(erf),
  "math.erfc": viaHelper(erfc),
  "math.exp2": floating((a) => atom(`2 ** ${a!.binding === binding.atom ? a!.text : `(${a!.text})`}`)),
  "math.floor": exact(mathCall("floor")),
  "math.fma": (op, scope) => {
    const kind = numberKindOf(scope.typeOf(op.results[0]!))!;
    if (kind.kind === "f64") return scope.reject(op, "there is no fused multiply-add of f64 in JavaScript");
    return viaHelper(fusedMultiplyAdd)(op, scope);
  },
  "math.fpowi": (op, scope) => {
    const exponent = numberKindOf(scope.typeOf(op.operands[1]!))!;
    const [base, by] = op.operands.map((value) => scope.use(value)) as [Expression, Expression];
    const number = exponent.kind === "wide" ? atom(`Number(${by.text})`) : by;
    return rounded(scope, numberKindOf(scope.typeOf(op.results[0]!))!, call(scope.helper(power), base, number));
  },
  "math.ipowi": (op, scope) => {
    const kind = numberKindOf(scope.typeOf(op.results[0]!))!;
    const width = widthOf(op, scope, kind);
    const [base, exponent] = op.operands.map((value) => asBigInt(kind, scope.use(value))) as [Expression, Expression];
    const result = call(scope.helper(integerPower), base, exponent, atom(String(width)));
    return kind.kind === "wide" ? result : atom(`Number(${result.text})`);
  },
  "math.isfinite": (op, scope) => call("Number.isFinite", scope.use(op.operands[0]!)),
  "math.isinf": (op, scope) => infix(call("Math.abs", scope.use(op.operands[0]!)), "===", atom("Infinity")),
  "math.isnan": (op, scope) => call("Number.isNaN", scope.use(op.operands[0]!)),
  "math.isnormal": (op, scope) => {
    const value = scope.constant(scope.use(op.operands[0]!));
    const format = hostElementType(scope.typeOf(op.operands[0]!));
    if (format === undefined || format === "string" || !isFloat(format))
      return scope.reject(op, "its type has no normal numbers");
    const least = smallestNormal[format];
    return infix(call("Number.isFinite", value), "&&", infix(call("Math.abs", value), ">=", atom(String(least))));
  },
  "math.log10": unary("log10"),
  "math.powf": viaHelper(power),
  "math.round": viaHelper(roundHalfAway),
  "math.roundeven": viaHelper(roundHalfEven),
  "math.rsqrt": floating((a) => ({ text: `1 / Math.sqrt(${a!.text})`, binding: binding.product })),
  "math.sqrt": unary("sqrt"),
  "math.trunc": exact(mathCall("trunc")),
};
