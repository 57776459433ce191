import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type IrReader, type Operation, parentOf, terminatorOf, type ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

// Rules about operations with regions, worded as upstream words them. Each gives the first thing that is wrong, as upstream does.

export type Finding = Diagnostic | undefined;

const nothing: readonly Diagnostic[] = Object.freeze([]);
/** A rule that says what is wrong first, as a declaration wants it. */
export const firstOf =
  <V extends OperationView>(rule: (view: V) => Finding) =>
  (view: V): readonly Diagnostic[] => {
    const finding = rule(view);
    return finding === undefined ? nothing : [finding];
  };

/** The first finding of a list of things. */
export function firstFinding<T>(items: readonly T[], rule: (item: T, index: number) => Finding): Finding {
  for (let index = 0; index < items.length; index++) {
    const finding = rule(items[index]!, index);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

export const typesOf = (reader: IrReader, values: readonly ValueId[]): readonly Type[] =>
  values.map((value) => reader.typeOf(value));

/** The arguments of a region's first block. */
export function entryArguments({ op, reader }: OperationView, region = 0): readonly ValueId[] {
  const entry = op.regions[region]?.[0];
  return entry === undefined ? [] : reader.block(entry).arguments;
}

/** What ends a region's first block. */
export function entryTerminator({ op, reader }: OperationView, region = 0): Operation | undefined {
  const entry = op.regions[region]?.[0];
  return entry === undefined ? undefined : terminatorOf(reader, entry);
}

/** Upstream's `SizedRegion<1>`. */
export const exactlyOneBlock = ({ op }: OperationView, region: number, name: string): Finding =>
  op.regions[region]!.length === 1
    ? undefined
    : broken(op, `region #${region} ('${name}') failed to verify constraint: region with 1 blocks`);

/** Upstream's `SingleBlockImplicitTerminator`. Blocks without any operation are found by the verifier itself. */
export function endsInImplied(view: OperationView, terminator: string): Finding {
  return firstFinding(view.op.regions, (_, region) => {
    const last = entryTerminator(view, region);
    return last === undefined || last.name === terminator
      ? undefined
      : broken(view.op, `expects regions to end with '${terminator}', found '${last.name}'`);
  });
}

/** Upstream's `NoRegionArguments`. */
export const noRegionArguments = (view: OperationView): Finding =>
  firstFinding(view.op.regions, (_, region) =>
    entryArguments(view, region).length === 0
      ? undefined
      : broken(view.op, `region #${region} should have no arguments`),
  );

/** A terminator, or another operation, that only makes sense directly in certain operations. */
export const parentIs =
  (...parents: readonly string[]) =>
  ({ op, reader }: OperationView): Finding => {
    const parent = parentOf(reader, op);
    if (parent !== undefined && parents.includes(parent.name)) return undefined;
    return broken(op, `expects parent op ${parents.length > 1 ? "to be one of " : ""}'${parents.join(", ")}'`);
  };

/** Types that control hands from one place to another: upstream's check of `RegionBranchOpInterface`. */
export function handsOn(op: Operation, edge: string, sources: readonly Type[], targets: readonly Type[]): Finding {
  const along = `along control flow edge ${edge}:`;
  if (sources.length !== targets.length)
    return broken(
      op,
      `${along} region branch point has ${sources.length} operands, but region successor needs ${targets.length} inputs`,
    );
  return firstFinding(sources, (type, index) =>
    type === targets[index]
      ? undefined
      : broken(
          op,
          `${along} successor operand type #${index} '${type.text}' should match successor input type #${index} '${targets[index]!.text}'`,
        ),
  );
}

/** What a loop carries: initial values, the region's arguments, what its terminator yields, and the results. */
export interface CarriedTypes {
  readonly inits: readonly Type[];
  readonly iterationArguments: readonly Type[];
  readonly yielded: readonly Type[];
  readonly results: readonly Type[];
}

/** All of them have the same types: upstream's check of `LoopLikeOpInterface`. */
export function carriesAlike(op: Operation, { inits, iterationArguments, yielded, results }: CarriedTypes): Finding {
  const count = iterationArguments.length;
  if (inits.length !== count)
    return broken(op, `different number of inits and region iter_args: ${inits.length} != ${count}`);
  if (yielded.length !== count)
    return broken(op, `different number of region iter_args and yielded values: ${count} != ${yielded.length}`);
  if (results.length !== count)
    return broken(op, `different number of loop results and region iter_args: ${results.length} != ${count}`);
  return firstFinding(iterationArguments, (type, index) => {
    const differs = (left: string, first: Type, right: string, second: Type): Finding =>
      first === second
        ? undefined
        : broken(
            op,
            `${index}-th ${left} and ${index}-th ${right} have different type: '${first.text}' != '${second.text}'`,
          );
    return (
      differs("init", inits[index]!, "region iter_arg", type) ??
      differs("region iter_arg", type, "yielded value", yielded[index]!) ??
      differs("region iter_arg", type, "loop result", results[index]!)
    );
  });
}
