import { arith, scf } from "../../../ir/dialects/index.ts";
import type { BlockId, Operation, Use, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern, type ViewOf } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { yieldedBy } from "../../structured/yielded.ts";
import { indexConstant, integerConstant } from "./constants.ts";

/** Puts a region's operations in the place of the operation, which is replaced by what the region yields. */
function inlineRegion(rewriter: Rewriter, op: Operation, block: BlockId, values: readonly ValueId[]): void {
  const terminator = rewriter.operation(rewriter.block(block).operations.at(-1)!);
  const argumentsOf = rewriter.block(block).arguments;
  const yielded = terminator.operands.map((operand) => {
    const position = argumentsOf.indexOf(operand);
    return position < 0 ? operand : values[position]!;
  });
  rewriter.erase(terminator);
  rewriter.inlineBlockBefore(block, op.id, values);
  rewriter.replace(op, yielded);
}

const conditionals: readonly Pattern[] = [
  pattern(scf.if)("if-constant", ({ op, operands, regions }, rewriter) => {
    const condition = integerConstant(rewriter, operands.condition);
    if (condition === undefined) return false;
    const block = (condition === 0n ? regions.elseRegion : regions.thenRegion)[0];
    if (block !== undefined) inlineRegion(rewriter, op, block, []);
    else rewriter.erase(op);
    return true;
  }),
  pattern(scf.if)("if-yields-same", ({ op }, rewriter) => {
    const [whenTrue, whenFalse] = [yieldedBy(rewriter, op, 0), yieldedBy(rewriter, op, 1)];
    let changed = false;
    op.results.forEach((result, index) => {
      // The same value in both branches comes from outside.
      if (whenTrue[index] !== whenFalse[index] || rewriter.uses(result).length === 0) return;
      rewriter.replaceAllUses(result, whenTrue[index]!);
      changed = true;
    });
    return changed;
  }),
  pattern(scf.if)("if-to-select", ({ op, operands, regions }, rewriter) => {
    const blocks = [regions.thenRegion[0], regions.elseRegion[0]];
    const empty = blocks.every((block) => block !== undefined && rewriter.block(block).operations.length === 1);
    if (!empty || op.results.length === 0) return false;
    const [whenTrue, whenFalse] = [yieldedBy(rewriter, op, 0), yieldedBy(rewriter, op, 1)];
    const scalars = op.results.every((result) => {
      const { kind } = rewriter.typeOf(result);
      return kind === "integer" || kind === "index" || kind === "float";
    });
    if (!scalars) return false;
    const chosen = op.results.map((_, index) => {
      const arms = { true_value: whenTrue[index]!, false_value: whenFalse[index]! };
      return arith.select.build(rewriter, { condition: operands.condition, ...arms }, {}).result;
    });
    rewriter.replace(op, chosen);
    return true;
  }),
];

type ForView = ViewOf<typeof scf.for>;

/** The number of iterations, where bounds and step are constants and compared with their signs. */
function tripCount({ operands, attributes }: ForView, rewriter: Rewriter): number | undefined {
  if (attributes.unsignedCmp) return undefined;
  const [lower, upper, step] = [operands.lowerBound, operands.upperBound, operands.step].map((id) =>
    indexConstant(rewriter, id),
  );
  if (lower === undefined || upper === undefined || step === undefined || step <= 0) return undefined;
  return Math.max(0, Math.ceil((upper - lower) / step));
}

const loops: readonly Pattern[] = [
  pattern(scf.for)("loop-without-iterations", (view, rewriter) => {
    const empty = view.operands.lowerBound === view.operands.upperBound || tripCount(view, rewriter) === 0;
    if (!empty) return false;
    rewriter.replace(view.op, view.operands.initArgs);
    return true;
  }),
  pattern(scf.for)("loop-of-one-iteration", (view, rewriter) => {
    if (tripCount(view, rewriter) !== 1) return false;
    inlineRegion(rewriter, view.op, view.regions.region[0]!, [view.operands.lowerBound, ...view.operands.initArgs]);
    return true;
  }),
  pattern(scf.for)("loop-carries-constant", (view, rewriter) => {
    let changed = false;
    carriedValues(rewriter, view).forEach(({ argument, result, init, next }, index) => {
      if (next !== argument && next !== init) return;
      const isReader = (use: Use): boolean => !isOwnYield(rewriter, view, use, index);
      for (const value of [result, argument]) {
        if (!rewriter.uses(value).some(isReader)) continue;
        rewriter.replaceUsesIf(value, init, isReader);
        changed = true;
      }
    });
    return changed;
  }),
  pattern(scf.for)("loop-carries-unread", (view, rewriter) => {
    const dropped = new Set<number>();
    carriedValues(rewriter, view).forEach(({ argument, result }, index) => {
      const unread = rewriter.uses(argument).every((use) => isOwnYield(rewriter, view, use, index));
      if (unread && rewriter.uses(result).length === 0) dropped.add(index);
    });
    if (dropped.size === 0) return false;
    withoutCarried(rewriter, view, dropped);
    return true;
  }),
];

/** The values a loop carries: where each starts, what it is called inside, what comes next, and what comes out. */
function carriedValues(rewriter: Rewriter, { op, operands, regions }: ForView) {
  const [, ...carried] = rewriter.block(regions.region[0]!).arguments;
  const yielded = yieldedBy(rewriter, op);
  return carried.map((argument, index) => ({
    argument,
    init: operands.initArgs[index]!,
    next: yielded[index]!,
    result: op.results[index]!,
  }));
}

/** Whether a use is the loop's own yield handing on its `index`-th carried value. */
const isOwnYield = (rewriter: Rewriter, { regions }: ForView, use: Use, index: number): boolean => {
  const user = rewriter.operation(use.op);
  return use.index === index && user.name === scf.yield.name && user.parent === regions.region[0];
};

/** Makes the loop anew without some of its carried values. */
function withoutCarried(rewriter: Rewriter, { op, operands, regions }: ForView, dropped: ReadonlySet<number>): void {
  const body = regions.region[0]!;
  const keeps = (_: unknown, index: number): boolean => !dropped.has(index);
  const terminator = rewriter.operation(rewriter.block(body).operations.at(-1)!);
  rewriter.setOperands(terminator.id, terminator.operands.filter(keeps));
  rewriter.eraseArguments(body, new Set([...dropped].map((index) => index + 1)));
  const made = rewriter.create({
    name: op.name,
    operands: [operands.lowerBound, operands.upperBound, operands.step, ...operands.initArgs.filter(keeps)],
    resultTypes: op.results.filter(keeps).map((result) => rewriter.typeOf(result)),
    properties: op.properties,
    attributes: op.attributes,
  });
  rewriter.moveRegion(op.id, 0, made.id, 0);
  op.results.filter(keeps).forEach((result, index) => rewriter.replaceAllUses(result, made.results[index]!));
  rewriter.erase(op);
}

export const scfPatterns: readonly Pattern[] = [...conditionals, ...loops];
