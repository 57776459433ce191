import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type IrReader, type Operation, parentOf, type Region, terminatorOf, type ValueId } from "../../module.ts";
import { i1, indexType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";

const typesOf = (reader: IrReader, values: readonly ValueId[]): readonly Type[] =>
  values.map((value) => reader.typeOf(value));
const ordinal = (index: number): string => {
  const suffix = index % 100 >= 11 && index % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][index % 10] ?? "th");
  return `${index}${suffix}`;
};
const argumentTypes = (reader: IrReader, region: Region): readonly Type[] =>
  region[0] === undefined ? [] : typesOf(reader, reader.block(region[0]).arguments);

/** Two lists of types that must be equal, described for the message. */
function* mustMatch(
  op: Operation,
  left: readonly Type[],
  leftName: string,
  right: readonly Type[],
  rightName: string,
): Generator<Diagnostic> {
  if (left.length !== right.length)
    yield broken(op, `mismatch in number of ${leftName}s and ${rightName}s: ${left.length} and ${right.length}`);
  else
    for (const [index, type] of left.entries())
      if (type !== right[index])
        yield broken(
          op,
          `types mismatch between ${ordinal(index)} ${leftName} and ${rightName}: '${type.text}' and '${right[index]!.text}'`,
        );
}

/** The region's block ends in `terminator`, whose operands (after the first `skip`) have these types. */
function* endsWith(
  op: Operation,
  reader: IrReader,
  region: Region,
  terminator: string,
  expected: readonly Type[],
  expectedName: string,
  skip = 0,
): Generator<Diagnostic> {
  const last = region[0] === undefined ? undefined : terminatorOf(reader, region[0]);
  if (last === undefined) return;
  if (last.name !== terminator)
    yield broken(op, `expects its region to end with '${terminator}', found '${last.name}'`);
  else
    yield* mustMatch(
      last,
      typesOf(reader, last.operands.slice(skip)),
      terminator === "scf.condition" ? "passed value" : "yielded value",
      expected,
      expectedName,
    );
}

function* needsBlock(op: Operation, region: Region, index: number): Generator<Diagnostic> {
  if (region.length === 0) yield broken(op, `region #${index} must have a block`);
}

interface ForView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: {
    readonly lowerBound: Type;
    readonly upperBound: Type;
    readonly step: Type;
    readonly initArgs: readonly Type[];
  };
  readonly results: { readonly results: readonly ValueId[] };
  readonly regions: { readonly region: Region };
}

export function* verifyFor({ op, reader, types, results, regions }: ForView): Generator<Diagnostic> {
  yield* needsBlock(op, regions.region, 0);
  const { lowerBound, upperBound, step, initArgs } = types;
  if (lowerBound !== upperBound || lowerBound !== step)
    yield broken(op, "failed to verify that all of {lowerBound, upperBound, step} have same type");
  if (regions.region.length === 0) return;
  const [induction, ...carried] = argumentTypes(reader, regions.region);
  if (induction !== lowerBound) yield broken(op, "expected induction variable to be same type as bounds and step");
  yield* mustMatch(op, initArgs, "loop-carried value", carried, "iter region arg");
  yield* mustMatch(op, initArgs, "loop-carried value", typesOf(reader, results.results), "defined value");
  yield* endsWith(op, reader, regions.region, "scf.yield", typesOf(reader, results.results), "result");
}

interface IfView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly results: { readonly results: readonly ValueId[] };
  readonly regions: { readonly thenRegion: Region; readonly elseRegion: Region };
}

export function* verifyIf({ op, reader, results, regions }: IfView): Generator<Diagnostic> {
  const types = typesOf(reader, results.results);
  yield* needsBlock(op, regions.thenRegion, 0);
  if (types.length > 0 && regions.elseRegion.length === 0)
    yield broken(op, "must have an else block if defining values");
  for (const region of [regions.thenRegion, regions.elseRegion]) {
    if (argumentTypes(reader, region).length > 0)
      yield broken(op, "requires that child entry blocks have no arguments");
    yield* endsWith(op, reader, region, "scf.yield", types, "result");
  }
}

interface WhileView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: { readonly inits: readonly Type[] };
  readonly results: { readonly results: readonly ValueId[] };
  readonly regions: { readonly before: Region; readonly after: Region };
}

export function* verifyWhile({ op, reader, types, results, regions }: WhileView): Generator<Diagnostic> {
  yield* needsBlock(op, regions.before, 0);
  yield* needsBlock(op, regions.after, 1);
  if (regions.before.length === 0 || regions.after.length === 0) return;
  const resultTypes = typesOf(reader, results.results);
  yield* mustMatch(op, types.inits, "initial value", argumentTypes(reader, regions.before), "'before' region argument");
  yield* mustMatch(op, resultTypes, "result", argumentTypes(reader, regions.after), "'after' region argument");
  yield* endsWith(op, reader, regions.before, "scf.condition", resultTypes, "result", 1);
  yield* endsWith(op, reader, regions.after, "scf.yield", types.inits, "initial value");
}

/** A terminator that only makes sense in certain operations. */
export const mustBeIn = (...parents: readonly string[]) =>
  function* ({ op, reader }: { readonly op: Operation; readonly reader: IrReader }): Generator<Diagnostic> {
    const parent = parentOf(reader, op);
    if (parent === undefined || !parents.includes(parent.name))
      yield broken(op, `expects parent op ${parents.length > 1 ? "to be one of " : ""}'${parents.join(", ")}'`);
  };

interface ParallelView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: {
    readonly lowerBound: readonly Type[];
    readonly upperBound: readonly Type[];
    readonly step: readonly Type[];
    readonly initVals: readonly Type[];
  };
  readonly results: { readonly results: readonly ValueId[] };
  readonly regions: { readonly region: Region };
}

export function* verifyParallel({ op, reader, types, results, regions }: ParallelView): Generator<Diagnostic> {
  yield* needsBlock(op, regions.region, 0);
  const { lowerBound, upperBound, step, initVals } = types;
  if (lowerBound.length === 0) yield broken(op, "needs at least one tuple element for lowerBound, upperBound and step");
  if (upperBound.length !== lowerBound.length || step.length !== lowerBound.length)
    yield broken(op, "needs as many upper bounds and steps as lower bounds");
  if (regions.region.length === 0) return;
  const inductions = argumentTypes(reader, regions.region);
  if (inductions.length !== lowerBound.length)
    yield broken(
      op,
      `expects the same number of induction variables: ${inductions.length} as bound and step values: ${lowerBound.length}`,
    );
  if (inductions.some((type) => type !== indexType))
    yield broken(op, "expects arguments for the induction variable to be of index type");
  yield* mustMatch(op, initVals, "initial value", typesOf(reader, results.results), "result");
  yield* endsWith(op, reader, regions.region, "scf.reduce", initVals, "initial value");
}

interface ConditionView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: { readonly condition: Type };
}

export function* verifyCondition(view: ConditionView): Generator<Diagnostic> {
  yield* mustBeIn("scf.while")(view);
  if (view.types.condition !== i1) yield broken(view.op, "expects a condition of type 'i1'");
}
