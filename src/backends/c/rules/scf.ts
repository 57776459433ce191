import { scf } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { operand } from "../expression.ts";
import { type PrintingRule, type Scope, statementRule } from "../scope.ts";

/** Assigns a terminator's values to variables, as if all at once. */
function assign(scope: Scope, names: readonly string[], values: readonly ValueId[]): void {
  const texts = values.map((value) => scope.use(value).text);
  const moves = names
    .map((name, index) => ({ name, index, text: texts[index]! }))
    .filter(({ name, text }) => name !== text);
  // A value that an earlier assignment overwrites is saved first.
  const saved = new Map<number, string>();
  moves.forEach(({ text, index }, position) => {
    if (!moves.slice(0, position).some((earlier) => earlier.name === text)) return;
    const copy = scope.freshName("saved");
    const type = scope.typeOf(values[index]!);
    const declared = type.kind === "memref" ? scope.pointerType(values[index]!) : `const ${scope.cType(type)} `;
    scope.line(`${declared}${copy} = ${text};`);
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

/** Unused variables are marked, so that compilers do not warn. */
function markUnused(scope: Scope, values: readonly (readonly [name: string, used: boolean])[]): void {
  for (const [name, used] of values) if (!used) scope.line(`(void)${name};`);
}

export const scfRules: readonly PrintingRule[] = [
  statementRule(scf.for, ({ op, operands, attributes, regions }, scope) => {
    if (attributes.unsignedCmp)
      return scope.reject(op, "loops whose bounds are compared as unsigned are not supported");
    const body = regions.region[0]!;
    const [counter, ...carried] = scope.reader.block(body).arguments as [ValueId, ...ValueId[]];
    const initial = operands.initArgs.map((value) => scope.use(value));
    const names = carried.map((value, index) => scope.declareMutable(value, initial[index]!));
    const type = scope.cType(scope.typeOf(counter));
    const name = scope.freshName(`i${scope.nextNumber()}`);
    scope.bind(counter, name);
    const [lower, upper, step] = [operands.lowerBound, operands.upperBound, operands.step].map((value) =>
      scope.use(value),
    );
    const head = `for (${type} ${name} = ${lower!.text}; ${name} < ${operand(upper!)}; ${name} += ${step!.text})`;
    scope.braces(head, () => assign(scope, names, yielded(op, scope.block(body), scf.yield.name, scope)));
    op.results.forEach((result, index) => scope.bind(result, names[index]!));
    markUnused(
      scope,
      names.map((variable, index) => [variable, scope.isUsed(carried[index]!) || scope.isUsed(op.results[index]!)]),
    );
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
    markUnused(
      scope,
      names.map((variable, index) => [variable, scope.isUsed(op.results[index]!)]),
    );
  }),
  statementRule(scf.while, ({ op, operands, regions }, scope) => {
    const before = regions.before[0]!;
    const after = regions.after[0]!;
    const initial = operands.inits.map((value) => scope.use(value));
    const carried = scope.reader.block(before).arguments;
    const names = carried.map((value, index) => scope.declareMutable(value, initial[index]!));
    const results = op.results.map((result) => scope.declareMutable(result));
    scope.reader.block(after).arguments.forEach((value, index) => scope.bind(value, results[index]!));
    scope.braces("for (;;)", () => {
      const terminator = scope.block(before);
      const [condition, ...values] = yielded(op, terminator, scf.condition.name, scope);
      if (condition === undefined) return scope.reject(op, "its first region has no condition");
      const holds = scope.use(condition);
      assign(scope, results, values);
      scope.line(`if (!${operand(holds)}) break;`);
      assign(scope, names, yielded(op, scope.block(after), scf.yield.name, scope));
    });
    markUnused(
      scope,
      [...names, ...results].map((variable) => [variable, false]),
    );
  }),
  statementRule(scf.parallel, ({ op, operands, regions }, scope) => {
    if (op.results.length > 0) return scope.reject(op, "reductions across a parallel loop are not supported");
    const body = regions.region[0]!;
    const counters = scope.reader.block(body).arguments;
    if ([operands.lowerBound, operands.upperBound, operands.step].some((list) => list.length !== counters.length))
      return scope.reject(op, "it has not as many bounds as induction variables");
    const bounds = counters.map((counter, dimension) => {
      const name = scope.freshName(`i${scope.nextNumber()}`);
      scope.bind(counter, name);
      const [lower, upper, step] = [operands.lowerBound, operands.upperBound, operands.step].map((values) =>
        scope.use(values[dimension]!),
      );
      return `for (int64_t ${name} = ${lower!.text}; ${name} < ${operand(upper!)}; ${name} += ${step!.text})`;
    });
    if (scope.threads > 1 && scope.enterParallel()) {
      const collapse = counters.length > 1 ? ` collapse(${counters.length})` : "";
      scope.line(`WEFT_PARALLEL(omp parallel for num_threads(${scope.threads}) schedule(dynamic)${collapse})`);
      nest(scope, bounds, () => scope.block(body));
      scope.leaveParallel();
    } else nest(scope, bounds, () => scope.block(body));
  }),
];

/** Loops inside each other. */
function nest(scope: Scope, heads: readonly string[], body: () => void): void {
  const [head, ...inner] = heads;
  if (head === undefined) body();
  else scope.braces(head, () => nest(scope, inner, body));
}
