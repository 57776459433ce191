import { scf } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { operandText } from "../expression.ts";
import { type PrintingRule, type Scope, statementRule } from "../scope.ts";

/** Assigns a terminator's values to variables, as if all at once. */
function assign(scope: Scope, names: readonly string[], values: readonly ValueId[]): void {
  const texts = values.map((value) => scope.use(value).text);
  scope.settle();
  const moves = names
    .map((name, index) => ({ name, index, text: texts[index]! }))
    .filter(({ name, text }) => name !== text);
  // A value that an earlier assignment overwrites is saved first.
  const saved = new Map<number, string>();
  moves.forEach(({ text, index }, position) => {
    if (!moves.slice(0, position).some((earlier) => earlier.name === text)) return;
    const copy = scope.freshName("saved");
    scope.line(`let ${copy} = ${text};`);
    saved.set(index, copy);
  });
  for (const { name, index, text } of moves) scope.line(`${name} = ${saved.get(index) ?? text};`);
}

/** The values that a region's terminator of the given kind hands on. */
function yielded(op: Operation, terminator: Operation | undefined, name: string, scope: Scope): readonly ValueId[] {
  if (terminator === undefined) return [];
  if (terminator.name !== name) return scope.reject(terminator, `it cannot end a region of ${op.name}`);
  return terminator.operands;
}

export const scfRules: readonly PrintingRule[] = [
  statementRule(scf.for, ({ op, operands, attributes, regions }, scope) => {
    if (attributes.unsignedCmp)
      return scope.reject(op, "loops whose bounds are compared as unsigned are not supported");
    const body = regions.region[0]!;
    const [counter, ...carried] = scope.reader.block(body).arguments as [ValueId, ...ValueId[]];
    const initial = operands.initArgs.map((value) => scope.use(value));
    const bounds = [operands.lowerBound, operands.upperBound, operands.step].map((value) => scope.use(value));
    // What the bounds read must be read once, before the loop.
    const [lower, upper, step] = bounds.map((bound) => (bound.reads ? scope.named(bound) : bound));
    const names = carried.map((value, index) => scope.declareMutable(value, initial[index]!));
    const type = scope.typeName(scope.typeOf(counter));
    const name = scope.counterName();
    scope.bind(counter, name);
    const head =
      `for (var ${name}: ${type} = ${lower!.text}; ${name} < ${operandText(upper!)}; ` +
      `${name} = ${name} + ${operandText(step!)})`;
    scope.braces(head, () => assign(scope, names, yielded(op, scope.block(body), scf.yield.name, scope)));
    op.results.forEach((result, index) => scope.bind(result, names[index]!));
  }),
  statementRule(scf.if, ({ op, operands, regions }, scope) => {
    const names = op.results.map((result) => scope.declareMutable(result));
    const branch = (block: (typeof regions.thenRegion)[0] | undefined) => {
      if (block !== undefined) assign(scope, names, yielded(op, scope.block(block), scf.yield.name, scope));
    };
    const otherwise = regions.elseRegion[0];
    const hasElse =
      otherwise !== undefined && scope.reader.block(otherwise).operations.length > (names.length > 0 ? 0 : 1);
    scope.braces(
      `if (${scope.use(operands.condition).text})`,
      () => branch(regions.thenRegion[0]),
      hasElse ? "} else {" : "}",
    );
    if (hasElse) scope.indented(() => branch(otherwise), "}");
  }),
  statementRule(scf.while, ({ op, operands, regions }, scope) => {
    const before = regions.before[0]!;
    const after = regions.after[0]!;
    const initial = operands.inits.map((value) => scope.use(value));
    const carried = scope.reader.block(before).arguments;
    const names = carried.map((value, index) => scope.declareMutable(value, initial[index]!));
    const results = op.results.map((result) => scope.declareMutable(result));
    scope.reader.block(after).arguments.forEach((value, index) => scope.bind(value, results[index]!));
    scope.braces("loop", () => {
      const terminator = scope.block(before);
      const [condition, ...values] = yielded(op, terminator, scf.condition.name, scope);
      if (condition === undefined) return scope.reject(op, "its first region has no condition");
      const holds = scope.use(condition);
      const kept = holds.reads ? scope.named(holds) : holds;
      assign(scope, results, values);
      scope.line(`if (!${operandText(kept)}) {`);
      scope.line("  break;");
      scope.line("}");
      assign(scope, names, yielded(op, scope.block(after), scf.yield.name, scope));
    });
  }),
];
