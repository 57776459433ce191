import type { Attribute } from "../../attributes.ts";
import { isDynamic } from "../../index-list.ts";
import { type Operation, parentOf, type ValueId } from "../../module.ts";
import { i1, indexType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";
import {
  carriesAlike,
  endsInImplied,
  entryArguments,
  entryTerminator,
  exactlyOneBlock,
  type Finding,
  firstFinding,
  firstOf,
  handsOn,
  noRegionArguments,
  parentIs,
  typesOf,
} from "./regions.ts";

const resultTypes = ({ op, reader }: OperationView): readonly Type[] => typesOf(reader, op.results);
const argumentTypes = (view: OperationView, region = 0): readonly Type[] =>
  typesOf(view.reader, entryArguments(view, region));
/** The types of what a region's terminator hands on, after its first `skip` operands. */
const yieldedTypes = (view: OperationView, region = 0, skip = 0): readonly Type[] =>
  typesOf(view.reader, entryTerminator(view, region)?.operands.slice(skip) ?? []);

// --- scf.for ---------------------------------------------------------------------------------------------------------------------

interface ForView extends OperationView {
  readonly types: {
    readonly lowerBound: Type;
    readonly upperBound: Type;
    readonly step: Type;
    readonly initArgs: readonly Type[];
  };
}

export const verifyFor = firstOf((view: ForView): Finding => {
  const { op, types } = view;
  const { lowerBound, upperBound, step, initArgs } = types;
  const block = exactlyOneBlock(view, 0, "region");
  if (block !== undefined) return block;
  if (lowerBound !== upperBound || lowerBound !== step)
    return broken(op, "failed to verify that all of {lowerBound, upperBound, step} have same type");
  if (initArgs.length !== op.results.length)
    return broken(op, "mismatch in number of loop-carried values and defined values");
  const [induction, ...iterationArguments] = argumentTypes(view);
  if (induction !== lowerBound) return broken(op, "expected induction variable to be same type as bounds and step");
  const [yielded, results] = [yieldedTypes(view), resultTypes(view)];
  return (
    endsInImplied(view, "scf.yield") ??
    (yielded.length < iterationArguments.length
      ? handsOn(op, "from Operation scf.yield to Region #0", yielded, iterationArguments)
      : undefined) ??
    carriesAlike(op, { inits: initArgs, iterationArguments, yielded, results })
  );
});

// --- scf.if, scf.index_switch, scf.execute_region --------------------------------------------------------------------------------

const toParent = "from Operation scf.yield to parent";

export const verifyIf = firstOf((view: OperationView): Finding => {
  const { op } = view;
  const results = resultTypes(view);
  const block = exactlyOneBlock(view, 0, "thenRegion") ?? noRegionArguments(view);
  if (block !== undefined) return block;
  if (results.length > 0 && op.regions[1]!.length === 0)
    return broken(op, "must have an else block if defining values");
  return (
    endsInImplied(view, "scf.yield") ??
    firstFinding(op.regions, (region, index) =>
      region.length === 0 ? undefined : handsOn(op, toParent, yieldedTypes(view, index), results),
    )
  );
});

export const verifyExecuteRegion = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const [region] = op.regions;
  if (region!.length === 0) return broken(op, "region needs to have at least one block");
  if (entryArguments(view).length > 0) return broken(op, "region cannot have any arguments");
  const results = resultTypes(view);
  return firstFinding(region!, (id) => {
    const last = reader.block(id).operations.at(-1);
    const terminator = last === undefined ? undefined : reader.operation(last);
    return terminator?.name === "scf.yield"
      ? handsOn(op, toParent, typesOf(reader, terminator.operands), results)
      : undefined;
  });
});

interface IndexSwitchView extends OperationView {
  readonly attributes: { readonly cases: readonly number[] };
}

export const verifyIndexSwitch = firstOf((view: IndexSwitchView): Finding => {
  const { op, attributes } = view;
  const { cases } = attributes;
  const block = firstFinding(op.regions, (_, index) =>
    exactlyOneBlock(view, index, index === 0 ? "defaultRegion" : "caseRegions"),
  );
  if (block !== undefined) return block;
  if (cases.length !== op.regions.length - 1)
    return broken(op, `has ${op.regions.length - 1} case regions but ${cases.length} case values`);
  const repeated = cases.find((value, index) => cases.indexOf(value) < index);
  if (repeated !== undefined) return broken(op, `has duplicate case value: ${repeated}`);
  const results = resultTypes(view);
  return firstFinding(op.regions, (_, index) => {
    const name = index === 0 ? "default region" : `case region #${index - 1}`;
    const last = entryTerminator(view, index);
    if (last === undefined) return undefined;
    if (last.name !== "scf.yield") return broken(op, `expected region to end with scf.yield, but got ${last.name}`);
    const yielded = yieldedTypes(view, index);
    if (yielded.length !== results.length)
      return broken(
        op,
        `expected each region to return ${results.length} values, but ${name} returns ${yielded.length}`,
      );
    return firstFinding(results, (type, result) =>
      type === yielded[result]
        ? undefined
        : broken(op, `expected result #${result} of each region to be '${type.text}'`),
    );
  });
});

// --- scf.while -------------------------------------------------------------------------------------------------------------------

interface WhileView extends OperationView {
  readonly types: { readonly inits: readonly Type[] };
}

export const verifyWhile = firstOf((view: WhileView): Finding => {
  const { op, types } = view;
  const block = exactlyOneBlock(view, 0, "before") ?? exactlyOneBlock(view, 1, "after");
  if (block !== undefined) return block;
  if (entryTerminator(view, 0)?.name !== "scf.condition")
    return broken(op, "expects the 'before' region to terminate with 'scf.condition'");
  if (entryTerminator(view, 1)?.name !== "scf.yield")
    return broken(op, "expects the 'after' region to terminate with 'scf.yield'");
  const before = argumentTypes(view, 0);
  const passed = yieldedTypes(view, 0, 1);
  return (
    handsOn(op, "from parent to Region #0", types.inits, before) ??
    handsOn(op, "from Operation scf.condition to parent", passed, resultTypes(view)) ??
    handsOn(op, "from Operation scf.condition to Region #1", passed, argumentTypes(view, 1)) ??
    handsOn(op, "from Operation scf.yield to Region #0", yieldedTypes(view, 1), before)
  );
});

export const verifyCondition = firstOf((view: OperationView): Finding => {
  const [condition] = view.op.operands;
  const isTruth = view.reader.typeOf(condition!) === i1;
  return parentIs("scf.while")(view) ?? (isTruth ? undefined : broken(view.op, "expects a condition of type 'i1'"));
});

export const verifyYield = firstOf(
  parentIs("scf.execute_region", "scf.for", "scf.if", "scf.index_switch", "scf.while"),
);

// --- scf.parallel ----------------------------------------------------------------------------------------------------------------

interface ParallelView extends OperationView {
  readonly types: { readonly step: readonly Type[]; readonly initVals: readonly Type[] };
}

export const verifyParallel = firstOf((view: ParallelView): Finding => {
  const { op, reader, types } = view;
  const { step, initVals } = types;
  const block = exactlyOneBlock(view, 0, "region");
  if (block !== undefined) return block;
  // Upstream takes the numbers of lower and upper bounds as they are.
  if (step.length === 0) return broken(op, "needs at least one tuple element for lowerBound, upperBound and step");
  const inductions = argumentTypes(view);
  if (inductions.length !== step.length)
    return broken(
      op,
      `expects the same number of induction variables: ${inductions.length} as bound and step values: ${step.length}`,
    );
  if (inductions.some((type) => type !== indexType))
    return broken(op, "expects arguments for the induction variable to be of index type");
  const ending = endsInImplied(view, "scf.reduce");
  if (ending !== undefined) return ending;
  const results = resultTypes(view);
  const reduction = entryTerminator(view);
  const reductions = reduction?.operands.length ?? 0;
  if (results.length !== reductions)
    return broken(
      op,
      `expects number of results: ${results.length} to be the same as number of reductions: ${reductions}`,
    );
  if (results.length !== initVals.length)
    return broken(
      op,
      `expects number of results: ${results.length} to be the same as number of initial values: ${initVals.length}`,
    );
  return firstFinding(results, (type, index) => {
    const reduced = reader.typeOf(reduction!.operands[index]!);
    return reduced === type
      ? undefined
      : broken(
          reduction!,
          `expects type of ${index}-th reduction operand: '${reduced.text}' to be the same as the ${index}-th result type: '${type.text}'`,
        );
  });
});

export const verifyReduce = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const parent = parentIs("scf.parallel")(view);
  if (parent !== undefined) return parent;
  const [regions, operands] = [op.regions.length, op.operands.length];
  if (regions !== operands)
    return broken(
      op,
      `expects number of reduction regions: ${regions} to be the same as number of reduction operands: ${operands}`,
    );
  return firstFinding(op.regions, (_, index) => {
    const type = reader.typeOf(op.operands[index]!);
    const block = exactlyOneBlock(view, index, "reductions");
    if (block !== undefined) return block;
    const inputs = argumentTypes(view, index);
    if (inputs.length !== 2 || inputs.some((input) => input !== type))
      return broken(op, `expected two block arguments with type '${type.text}' in the ${index}-th reduction region`);
    const last = entryTerminator(view, index);
    return last === undefined || last.name === "scf.reduce.return"
      ? undefined
      : broken(op, "reduction bodies must be terminated with an 'scf.reduce.return' op");
  });
});

export const verifyReduceReturn = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const parent = parentIs("scf.reduce")(view);
  if (parent !== undefined) return parent;
  const wanted = reader.block(op.parent!).arguments[0];
  const type = wanted === undefined ? undefined : reader.typeOf(wanted);
  return type === undefined || type === reader.typeOf(op.operands[0]!)
    ? undefined
    : broken(op, `must have type '${type.text}' (the type of the reduction inputs)`);
});

// --- scf.forall ------------------------------------------------------------------------------------------------------------------

interface ForallView extends OperationView {
  readonly operands: {
    readonly dynamicLowerBound: readonly ValueId[];
    readonly dynamicUpperBound: readonly ValueId[];
    readonly dynamicStep: readonly ValueId[];
  };
  readonly types: { readonly outputs: readonly Type[] };
  readonly attributes: {
    readonly staticLowerBound: readonly number[];
    readonly staticUpperBound: readonly number[];
    readonly staticStep: readonly number[];
    readonly mapping: readonly Attribute[] | undefined;
  };
}

function fittingList(
  op: Operation,
  name: string,
  loops: number,
  list: readonly number[],
  values: readonly ValueId[],
): Finding {
  if (list.length !== loops) return broken(op, `expected ${loops} ${name} values, got ${list.length}`);
  const dynamic = list.filter(isDynamic).length;
  return dynamic === values.length ? undefined : broken(op, `expected ${dynamic} dynamic ${name} values`);
}

const isMask = (target: Attribute): boolean =>
  target.kind === "dialect" && target.dialect === "gpu" && target.body.startsWith("mask<");

export const verifyForall = firstOf((view: ForallView): Finding => {
  const { op, operands, types, attributes } = view;
  const { staticLowerBound, staticUpperBound, staticStep, mapping } = attributes;
  const block = exactlyOneBlock(view, 0, "region");
  if (block !== undefined) return block;
  const { outputs } = types;
  const loops = staticLowerBound.length;
  const results = resultTypes(view);
  if (results.length !== outputs.length)
    return broken(op, `produces ${results.length} results, but has only ${outputs.length} outputs`);
  const body = argumentTypes(view);
  if (body.length !== loops + outputs.length) return broken(op, `region expects ${loops} arguments`);
  const notIndex = body.slice(0, loops).findIndex((type) => type !== indexType);
  if (notIndex >= 0) return broken(op, `expects ${notIndex}-th block argument to be an index`);
  const mismatch = outputs.findIndex((type, index) => type !== body[loops + index]);
  if (mismatch >= 0) return broken(op, `type mismatch between ${mismatch}-th output and corresponding block argument`);
  // A mask says which of the processors take part; it maps no loop.
  const mapped = mapping?.filter((target) => !isMask(target)).length ?? 0;
  if (mapped > 0 && mapped !== loops) return broken(op, "mapping attribute size must match op rank");
  const firstOutput = op.operands.length - outputs.length;
  return (
    fittingList(op, "lower bound", loops, staticLowerBound, operands.dynamicLowerBound) ??
    fittingList(op, "upper bound", loops, staticUpperBound, operands.dynamicUpperBound) ??
    fittingList(op, "step", loops, staticStep, operands.dynamicStep) ??
    firstFinding(outputs, (type, index) =>
      type === results[index]
        ? undefined
        : broken(
            op,
            `expected type of operand #${firstOutput + index} ('${type.text}') to match type of corresponding result ('${results[index]!.text}')`,
          ),
    ) ??
    endsInImplied(view, "scf.forall.in_parallel")
  );
});

const insertion = "tensor.parallel_insert_slice";

export const verifyInParallel = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const parent = parentIs("scf.forall")(view) ?? exactlyOneBlock(view, 0, "region");
  if (parent !== undefined) return parent;
  const forall = parentOf(reader, op)!;
  const shared = new Set(entryArguments({ op: forall, reader }).slice(-forall.results.length || Infinity));
  return firstFinding(reader.block(op.regions[0]![0]!).operations, (id) => {
    const inner = reader.operation(id);
    if (inner.name !== insertion) return broken(op, "expected only ParallelCombiningOpInterface ops");
    return shared.has(inner.operands[1]!) ? undefined : broken(inner, "may only insert into an output block argument");
  });
});
