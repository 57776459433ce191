import { arithNames } from "./arith-names.ts";
import { type Attribute, floatAttribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { floatWidth } from "../../../ir/exact-float.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, hostElementType, type Type } from "../../../ir/types.ts";
import { numberMaximum, numberMinimum } from "../../../interpreter/rules/arith.ts";
import type { FloatElementType } from "../../../support/numeric/element-type.ts";
import { roundTo } from "../../../support/numeric/float-formats.ts";
import { computeElements } from "./elements.ts";
import { type Fold, floatIn, type Folding } from "./fold.ts";

/** A rule of one operation; `right` is the right operand where it is a constant (or a splat of one). */
type Identity = (folding: Folding, right: number | undefined) => ValueId | undefined;

/** The host's format for a float type's elements. */
export const formatOf = (type: Type): FloatElementType | undefined => {
  const element = elementOf(type);
  return element.kind === "float" ? (hostElementType(element) as FloatElementType | undefined) : undefined;
};
/** Whether results are rounded to the nearest number: the only way that is folded. */
export const roundsToNearest = (op: Operation): boolean => {
  const mode = op.properties["roundingmode"];
  return mode === undefined || (mode.kind === "integer" && mode.value === 0n);
};
/** Whether fast-math flags promise this. */
export const allows = (op: Operation, flag: string): boolean => {
  const flags = op.properties["fastmath"];
  return flags?.kind === "dialect" && new RegExp(`[<,](${flag}|fast)\\b`).test(flags.body);
};

const leftIf =
  (holds: (right: number) => boolean): Identity =>
  ({ op }, right) =>
    right !== undefined && holds(right) ? op.operands[0] : undefined;
const itself: Identity = ({ op }) => (op.operands[0] === op.operands[1] ? op.operands[1] : undefined);
/** `x * 0 = 0` where NaN and the sign of zero do not matter. */
const zeroProduct: Identity = ({ op }, right) =>
  right === 0 && allows(op, "nnan") && allows(op, "nsz") ? op.operands[1] : undefined;

interface FloatOperation {
  readonly identities: readonly Identity[];
  /** In double; rounding the result once is exact for + - * / and % (Figueroa 1995). */
  readonly apply: (a: number, b: number) => number;
}
const operations: Readonly<Record<string, FloatOperation>> = {
  [arith.addf.name]: { identities: [leftIf((right) => Object.is(right, -0))], apply: (a, b) => a + b },
  [arith.subf.name]: { identities: [leftIf((right) => Object.is(right, 0))], apply: (a, b) => a - b },
  [arith.mulf.name]: { identities: [leftIf((right) => right === 1), zeroProduct], apply: (a, b) => a * b },
  [arith.divf.name]: { identities: [leftIf((right) => right === 1)], apply: (a, b) => a / b },
  [arith.remf.name]: { identities: [], apply: (a, b) => a % b },
  [arith.maximumf.name]: { identities: [itself, leftIf((right) => right === -Infinity)], apply: Math.max },
  [arith.minimumf.name]: { identities: [itself, leftIf((right) => right === Infinity)], apply: Math.min },
  [arith.maxnumf.name]: { identities: [itself, leftIf(Number.isNaN)], apply: numberMaximum },
  [arith.minnumf.name]: { identities: [itself, leftIf(Number.isNaN)], apply: numberMinimum },
};

const floatFold =
  ({ identities, apply }: FloatOperation): Fold =>
  (folding) => {
    const { rewriter, op, constants } = folding;
    const right = floatIn(constants[1]);
    for (const rule of identities) {
      const found = rule(folding, right);
      if (found !== undefined) return found;
    }
    if (constants[0] === undefined || constants[1] === undefined || !roundsToNearest(op)) return undefined;
    const type = rewriter.typeOf(op.results[0]!);
    const format = formatOf(type);
    if (format === undefined) return undefined;
    return computeElements(constants, type, ([a, b]) => {
      const result = apply(a as number, b as number);
      // The sign of a NaN that was computed is the processor's.
      return Number.isNaN(result) ? NaN : roundTo(format, result);
    });
  };

/** The bits of the NaN that stands for those without bits of their own, by format. */
const quietNaN: Readonly<Record<string, bigint>> = {
  f16: 0x7e00n,
  bf16: 0x7fc0n,
  f32: 0x7fc00000n,
  f64: 0x7ff8000000000000n,
};
/** The NaN with the other sign. */
function negatedNaN({ type, bits }: Attribute & { readonly kind: "float" }): Attribute | undefined {
  const quiet = quietNaN[type.format];
  if (quiet === undefined) return undefined;
  const negated = (bits ?? quiet) ^ (1n << BigInt(floatWidth(type.format) - 1));
  return floatAttribute(NaN, type, negated === quiet ? undefined : negated);
}

/** Folds of float arithmetic, by operation: upstream's, see ArithOps.cpp. */
export const floatArithFolds: Readonly<Record<string, Fold>> = {
  ...Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, floatFold(operation)])),
  [arith.negf.name]: ({ rewriter, op, constants }) => {
    const inner = rewriter.definitionNamed(op.operands[0]!, arithNames.negf);
    if (inner !== undefined) return inner.operands[0];
    const type = rewriter.typeOf(op.results[0]!);
    const [constant] = constants;
    if (constant === undefined || formatOf(type) === undefined) return undefined;
    if (constant.kind === "float" && Number.isNaN(constant.value)) return negatedNaN(constant);
    return computeElements(constants, type, ([value]) =>
      Number.isNaN(value as number) ? undefined : -(value as number),
    );
  },
};
