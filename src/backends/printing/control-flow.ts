import { scf } from "../../ir/dialects/scf.ts";
import type { BlockId, Operation, ValueId } from "../../ir/module.ts";
import type { Type } from "../../ir/types.ts";
import type { Expression } from "./expression.ts";
import { type PrintingRule, rulesFor } from "./rule.ts";
import type { PrintingScope } from "./scope.ts";

/** A loop that counts. */
export interface Counting<E> {
  readonly counter: string;
  readonly type: Type;
  readonly lower: E;
  readonly upper: E;
  readonly step: E;
}

/** How a language writes loops and branches. */
export interface ControlSyntax<S extends PrintingScope<E>, E extends Expression> {
  /** A new name for a loop's counter. */
  readonly counterName: (scope: S) => string;
  /** What stands before the brace of a loop that counts up. */
  readonly countingHead: (scope: S, loop: Counting<E>) => string;
  /** What stands before the brace of a loop that only its body ends. */
  readonly endlessHead: string;
  /** The lines that leave a loop when the condition does not hold. */
  readonly breakUnless: (condition: E) => readonly string[];
  /** The line that keeps what a variable holds under another name. */
  readonly savingLine: (scope: S, value: ValueId, name: string, text: string) => string;
  /** A loop's bound, where it must be read before the loop. */
  readonly bound?: (scope: S, bound: E) => E;
  /** A condition that is read behind assignments. */
  readonly condition?: (scope: S, condition: E) => E;
  /** Runs before variables get new values. */
  readonly beforeAssignments?: (scope: S) => void;
  /** Says that a variable may never be read, so that compilers do not warn. */
  readonly mayBeUnread?: (scope: S, name: string) => void;
  /** Prints loops whose iterations may run in any order; without it they run one after another. */
  readonly parallel?: (scope: S, dimensions: number, loops: () => void) => void;
}

/** Rules for `scf.for`, `scf.if` and `scf.while`; carried values and results are variables that regions assign at their ends. */
export function controlFlowRules<S extends PrintingScope<E>, E extends Expression>(
  syntax: ControlSyntax<S, E>,
): readonly PrintingRule<S, E>[] {
  const { statementRule } = rulesFor<S, E>();

  /** Assigns values to variables, as if all at once. */
  const assign = (scope: S, names: readonly string[], values: readonly ValueId[]): void => {
    const texts = values.map((value) => scope.use(value).text);
    syntax.beforeAssignments?.(scope);
    const moves = names
      .map((name, index) => ({ name, value: values[index]!, text: texts[index]! }))
      .filter(({ name, text }) => name !== text);
    // A value that an earlier assignment overwrites is saved first.
    const sources = moves.map(({ value, text }, position) => {
      if (!moves.slice(0, position).some((earlier) => earlier.name === text)) return text;
      const saved = scope.freshName("saved");
      scope.line(syntax.savingLine(scope, value, saved, text));
      return saved;
    });
    moves.forEach(({ name }, position) => scope.line(`${name} = ${sources[position]!};`));
  };
  /** Prints a region's block, whose terminator hands values on to variables. */
  const assignYielded = (scope: S, op: Operation, names: readonly string[], block: BlockId): void =>
    assign(scope, names, yielded(op, scope.block(block), scf.yield.name, scope));
  const declareAll = (scope: S, values: readonly ValueId[], initial: readonly E[]): readonly string[] =>
    values.map((value, index) => scope.declareMutable(value, initial[index]!));
  const markUnread = (scope: S, names: readonly string[]): void => {
    for (const name of names) syntax.mayBeUnread?.(scope, name);
  };

  return [
    statementRule(scf.for, ({ op, operands, attributes, regions }, scope) => {
      if (attributes.unsignedCmp)
        return scope.reject(op, "loops whose bounds are compared as unsigned are not supported");
      const body = regions.region[0]!;
      const [counter, ...carried] = scope.reader.block(body).arguments as [ValueId, ...ValueId[]];
      const initial = operands.initArgs.map((value) => scope.use(value));
      const bounds = boundsOf(scope, syntax, operands.lowerBound, operands.upperBound, operands.step);
      const names = declareAll(scope, carried, initial);
      scope.braces(countingHead(scope, syntax, counter, bounds), () => assignYielded(scope, op, names, body));
      op.results.forEach((result, index) => scope.bind(result, names[index]!));
      const isRead = (index: number): boolean => scope.isUsed(carried[index]!) || scope.isUsed(op.results[index]!);
      markUnread(
        scope,
        names.filter((_, index) => !isRead(index)),
      );
    }),
    statementRule(scf.if, ({ op, operands, regions }, scope) => {
      const names = op.results.map((result) => scope.declareMutable(result));
      const otherwise = regions.elseRegion[0];
      const hasElse =
        otherwise !== undefined && scope.reader.block(otherwise).operations.length > (names.length > 0 ? 0 : 1);
      scope.braces(
        `if (${scope.use(operands.condition).text})`,
        () => assignYielded(scope, op, names, regions.thenRegion[0]!),
        hasElse ? "} else {" : "}",
      );
      if (hasElse) scope.indented(() => assignYielded(scope, op, names, otherwise), "}");
      markUnread(
        scope,
        names.filter((_, index) => !scope.isUsed(op.results[index]!)),
      );
    }),
    statementRule(scf.while, ({ op, operands, regions }, scope) => {
      const before = regions.before[0]!;
      const after = regions.after[0]!;
      const initial = operands.inits.map((value) => scope.use(value));
      const names = declareAll(scope, scope.reader.block(before).arguments, initial);
      const results = op.results.map((result) => scope.declareMutable(result));
      scope.reader.block(after).arguments.forEach((value, index) => scope.bind(value, results[index]!));
      scope.braces(syntax.endlessHead, () => {
        const [condition, ...values] = yielded(op, scope.block(before), scf.condition.name, scope);
        if (condition === undefined) return scope.reject(op, "its first region has no condition");
        const holds = scope.use(condition);
        const kept = syntax.condition?.(scope, holds) ?? holds;
        assign(scope, results, values);
        for (const line of syntax.breakUnless(kept)) scope.line(line);
        assignYielded(scope, op, names, after);
      });
      markUnread(scope, [...names, ...results]);
    }),
  ];
}

/** The rule for `scf.parallel`: loops inside each other. */
export function parallelLoopRule<S extends PrintingScope<E>, E extends Expression>(
  syntax: ControlSyntax<S, E>,
): PrintingRule<S, E> {
  return rulesFor<S, E>().statementRule(scf.parallel, ({ op, operands, regions }, scope) => {
    if (op.results.length > 0) return scope.reject(op, "reductions across a parallel loop are not supported");
    const body = regions.region[0]!;
    const counters = scope.reader.block(body).arguments;
    const { lowerBound, upperBound, step } = operands;
    if ([lowerBound, upperBound, step].some((list) => list.length !== counters.length))
      return scope.reject(op, "it has not as many bounds as induction variables");
    const heads = counters.map((counter, axis) =>
      countingHead(scope, syntax, counter, boundsOf(scope, syntax, lowerBound[axis]!, upperBound[axis]!, step[axis]!)),
    );
    const loops = (): void => nest(scope, heads, () => scope.block(body));
    if (syntax.parallel) syntax.parallel(scope, counters.length, loops);
    else loops();
  });
}

type Bounds<E> = Pick<Counting<E>, "lower" | "upper" | "step">;

function boundsOf<S extends PrintingScope<E>, E extends Expression>(
  scope: S,
  syntax: ControlSyntax<S, E>,
  ...values: readonly [lower: ValueId, upper: ValueId, step: ValueId]
): Bounds<E> {
  const used = values.map((value) => scope.use(value));
  const [lower, upper, step] = used.map((bound) => syntax.bound?.(scope, bound) ?? bound) as [E, E, E];
  return { lower, upper, step };
}

/** The head of a loop that counts, whose counter is bound to a new name. */
function countingHead<S extends PrintingScope<E>, E extends Expression>(
  scope: S,
  syntax: ControlSyntax<S, E>,
  value: ValueId,
  bounds: Bounds<E>,
): string {
  const counter = syntax.counterName(scope);
  scope.bind(value, counter);
  return syntax.countingHead(scope, { counter, type: scope.typeOf(value), ...bounds });
}

/** The values that a region's terminator of the given kind hands on. */
function yielded(
  op: Operation,
  terminator: Operation | undefined,
  name: string,
  scope: PrintingScope<Expression>,
): readonly ValueId[] {
  if (terminator === undefined) return [];
  if (terminator.name !== name) return scope.reject(terminator, `it cannot end a region of ${op.name}`);
  return terminator.operands;
}

/** Loops inside each other. */
function nest(scope: Pick<PrintingScope<Expression>, "braces">, heads: readonly string[], body: () => void): void {
  const [head, ...inner] = heads;
  if (head === undefined) body();
  else scope.braces(head, () => nest(scope, inner, body));
}
