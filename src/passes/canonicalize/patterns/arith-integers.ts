import { arithNames } from "../folds/arith-names.ts";
import { type Attribute, dialectAttribute } from "../../../ir/attributes.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { attributeOf, type Operation, type ValueId } from "../../../ir/module.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { isShaped } from "../../../ir/types.ts";
import { constantAttributeOf, integerIn } from "../folds/fold.ts";
import { buildUniform } from "./constants.ts";
import { replacement } from "./replacement.ts";

const none = dialectAttribute("arith", "overflow<none>");

const flagWords = (op: Operation): readonly string[] => {
  const flags = attributeOf(op, "overflowFlags");
  const words = flags?.kind === "dialect" ? /<(.*)>/.exec(flags.body)?.[1] : undefined;
  return words?.split(",").map((word) => word.trim()) ?? [];
};
/** What both operations promise not to overflow. */
function commonFlags(left: Operation, right: Operation): Attribute {
  const both = ["nsw", "nuw"].filter((flag) => flagWords(left).includes(flag) && flagWords(right).includes(flag));
  return both.length === 0 ? none : dialectAttribute("arith", `overflow<${both.join(", ")}>`);
}

/** The value of a scalar integer constant. */
function scalarConstant(rewriter: Rewriter, id: ValueId): bigint | undefined {
  const attribute = constantAttributeOf(rewriter, id);
  return attribute === undefined || attribute.kind === "dense" ? undefined : integerIn(attribute);
}

type Name = "addi" | "subi" | "muli";
/** `outer(inner(x, c0), c1)`, in some order of operands, is one operation of x and a constant. */
interface ConstantChain {
  readonly name: string;
  readonly outer: Name;
  readonly inner: Name;
  /** Which operand of the outer operation the inner one is; c1 is the other. */
  readonly innerAt: 0 | 1;
  /** Which operand of the inner operation c0 is; x is the other. */
  readonly constantAt: 0 | 1;
  readonly result: Name;
  readonly constant: (c0: bigint, c1: bigint) => bigint;
  /** Where the new constant stands. */
  readonly resultConstantAt: 0 | 1;
  /** Whether promises that both made are kept. */
  readonly keepsFlags: boolean;
}
const chain = (
  name: string,
  [outer, innerAt]: readonly [Name, 0 | 1],
  [inner, constantAt]: readonly [Name, 0 | 1],
  [result, resultConstantAt]: readonly [Name, 0 | 1],
  constant: ConstantChain["constant"],
  keepsFlags = true,
): ConstantChain => ({ name, outer, inner, innerAt, constantAt, result, resultConstantAt, constant, keepsFlags });

const sum = (c0: bigint, c1: bigint): bigint => c0 + c1;
const innerMinusOuter = (c0: bigint, c1: bigint): bigint => c0 - c1;
const outerMinusInner = (c0: bigint, c1: bigint): bigint => c1 - c0;

/** Upstream's, see ArithCanonicalization.td. */
const chains: readonly ConstantChain[] = [
  chain("add-added", ["addi", 0], ["addi", 1], ["addi", 1], sum),
  chain("add-subtracted", ["addi", 0], ["subi", 1], ["addi", 1], outerMinusInner),
  chain("add-subtracted-from", ["addi", 0], ["subi", 0], ["subi", 0], sum),
  chain("multiply-multiplied", ["muli", 0], ["muli", 1], ["muli", 1], (c0, c1) => c0 * c1),
  chain("subtract-from-added", ["subi", 0], ["addi", 1], ["addi", 1], innerMinusOuter, false),
  chain("subtract-added", ["subi", 1], ["addi", 1], ["subi", 0], outerMinusInner),
  chain("subtract-from-subtracted", ["subi", 0], ["subi", 1], ["subi", 1], sum),
  chain("subtract-from-subtracted-from", ["subi", 0], ["subi", 0], ["subi", 0], innerMinusOuter),
  chain("subtract-subtracted", ["subi", 1], ["subi", 1], ["subi", 0], sum),
  chain("subtract-subtracted-from", ["subi", 1], ["subi", 0], ["addi", 1], outerMinusInner),
];

function shorten(rule: ConstantChain, op: Operation, rewriter: Rewriter): ValueId | undefined {
  const c1 = scalarConstant(rewriter, op.operands[1 - rule.innerAt]!);
  if (c1 === undefined) return undefined;
  const inner = rewriter.definitionNamed(op.operands[rule.innerAt]!, arithNames[rule.inner]);
  const c0 = inner && scalarConstant(rewriter, inner.operands[rule.constantAt]!);
  if (c0 === undefined) return undefined;
  const x = inner!.operands[1 - rule.constantAt]!;
  const constant = buildUniform(rewriter, rule.constant(c0, c1), rewriter.typeOf(x));
  if (constant === undefined) return undefined;
  const [lhs, rhs] = rule.resultConstantAt === 0 ? [constant, x] : [x, constant];
  const overflowFlags = rule.keepsFlags ? commonFlags(op, inner!) : none;
  return arith[rule.result].build(rewriter, { lhs, rhs }, { overflowFlags }).result;
}

/** `x` of `x * -1`. */
function negated(rewriter: Rewriter, id: ValueId): ValueId | undefined {
  const product = rewriter.definitionNamed(id, arithNames.muli);
  if (product === undefined) return undefined;
  return integerIn(constantAttributeOf(rewriter, product.operands[1]!)) === -1n ? product.operands[0] : undefined;
}
const subtraction = (rewriter: Rewriter, lhs: ValueId, rhs: ValueId): ValueId =>
  arith.subi.build(rewriter, { lhs, rhs }, { overflowFlags: none }).result;

const others: readonly Pattern[] = [
  replacement(arith.addi, "add-negated-right", (op, rewriter) => {
    const right = negated(rewriter, op.operands[1]!);
    return right === undefined ? undefined : subtraction(rewriter, op.operands[0]!, right);
  }),
  replacement(arith.addi, "add-negated-left", (op, rewriter) => {
    const left = negated(rewriter, op.operands[0]!);
    return left === undefined ? undefined : subtraction(rewriter, op.operands[1]!, left);
  }),
  replacement(arith.subi, "subtract-from-itself-less", (op, rewriter) => {
    const inner = rewriter.definitionNamed(op.operands[0]!, arithNames.subi);
    if (inner === undefined || inner.operands[0] !== op.operands[1]) return undefined;
    const rhs = inner.operands[1]!;
    const lhs = buildUniform(rewriter, 0n, rewriter.typeOf(rhs));
    if (lhs === undefined) return undefined;
    return arith.subi.build(rewriter, { lhs, rhs }, { overflowFlags: commonFlags(op, inner) }).result;
  }),
];

/** A product with two results of which only the lower half is read. */
const onlyLow = (
  root: typeof arith.mulsi_extended | typeof arith.mului_extended | typeof arith.addui_extended,
  made: typeof arith.muli | typeof arith.addi,
): Pattern => ({
  name: "lower-half-only",
  root: root.name,
  looksNear: true,
  rewrite(op, rewriter) {
    if (rewriter.useCount(op.results[1]!) > 0) return false;
    const [lhs, rhs] = op.operands as readonly [ValueId, ValueId];
    const { result } = made.build(rewriter, { lhs, rhs }, { overflowFlags: none });
    rewriter.replaceAllUses(op.results[0]!, result);
    rewriter.erase(rewriter.operation(op.id));
    return true;
  },
});

/** `mulsi_extended(x, 1)`: the upper half is the sign. */
const signOfProduct: Pattern = {
  name: "multiply-extended-by-one",
  root: arith.mulsi_extended.name,
  looksNear: true,
  rewrite(op, rewriter) {
    const [x, factor] = op.operands as readonly [ValueId, ValueId];
    const type = rewriter.typeOf(x);
    if (integerIn(constantAttributeOf(rewriter, factor)) !== 1n || (isShaped(type) && type.kind === "memref"))
      return false;
    const zero = buildUniform(rewriter, 0n, type);
    if (zero === undefined) return false;
    const isNegative = arith.cmpi.build(rewriter, { lhs: x, rhs: zero }, { predicate: "slt" }).result;
    rewriter.replace(op, [x, arith.extsi.build(rewriter, { in: isNegative }, {}, { resultTypes: [type] }).out]);
    return true;
  },
};

export const arithIntegerPatterns: readonly Pattern[] = [
  ...chains.map((rule) => replacement(arith[rule.outer], rule.name, (op, rewriter) => shorten(rule, op, rewriter))),
  ...others,
  onlyLow(arith.addui_extended, arith.addi),
  onlyLow(arith.mulsi_extended, arith.muli),
  onlyLow(arith.mului_extended, arith.muli),
  signOfProduct,
];
