import type { IrReader, Operation, Region } from "../../../module.ts";
import { elementOf, i1, type Type } from "../../../types.ts";
import type { OperationView } from "../../rules/operation-view.ts";
import { quote } from "../types.ts";
import {
  type Check,
  elementCount,
  haveFittingShapes,
  isStaticShape,
  resultTypes,
  shapeOf,
  type WithTypes,
} from "./check.ts";

/** A list of values as messages speak of it. */
interface Values {
  readonly types: readonly Type[];
  readonly name: string;
}

/** Two values have one type, where it is known. */
export function sameValue(left: Type, leftName: string, right: Type, rightName: string): string | undefined {
  const [from, to] = [elementOf(left), elementOf(right)];
  if (from !== to) return `require same element type for ${leftName} ('${from.text}') and ${rightName} ('${to.text}')`;
  return haveFittingShapes([left, right])
    ? undefined
    : `require same shapes for ${leftName} (${quote(left)}) and ${rightName} (${quote(right)})`;
}
function sameValues(left: Values, right: Values): string | undefined {
  if (left.types.length !== right.types.length)
    return `require same number of values in ${left.name} (${left.types.length}) and ${right.name} (${right.types.length})`;
  return left.types
    .map((type, index) => sameValue(type, left.name, right.types[index]!, right.name))
    .find((found) => found !== undefined);
}

const isOfSizeOne = (type: Type): boolean => {
  const shape = shapeOf(type);
  return shape === undefined || !isStaticShape(shape) || elementCount(shape) === 1;
};

// --- regions -----------------------------------------------------------------------------------------------------------------------

interface Graphs extends OperationView {
  readonly types: { readonly input_list: readonly Type[] };
}
const inputs = (view: Graphs): Values => ({ types: view.types.input_list, name: "'input_list'" });
const outputs = (view: OperationView): Values => ({ types: resultTypes(view), name: "'output_list'" });

const terminatorOf = (reader: IrReader, region: Region): Operation | undefined => {
  const last = reader.block(region[0]!).operations.at(-1);
  return last === undefined ? undefined : reader.operation(last);
};

/** Each region has one block, which ends with `tosa.yield`. */
const yieldingRegions =
  (...names: readonly string[]): Check<OperationView> =>
  ({ op, reader }) => {
    for (const [index, region] of op.regions.entries()) {
      if (region.length !== 1)
        return `region #${index} ('${names[index]}') failed to verify constraint: region with 1 blocks`;
    }
    for (const region of op.regions) {
      const end = terminatorOf(reader, region);
      if (end === undefined) return "expects a non-empty block";
      if (end.name !== "tosa.yield") return `expects regions to end with 'tosa.yield', found '${end.name}'`;
    }
    return undefined;
  };

const argumentsOf = ({ op, reader }: OperationView, index: number, name: string): Values => ({
  types: reader.block(op.regions[index]![0]!).arguments.map((argument) => reader.typeOf(argument)),
  name: `'${name}' arguments`,
});
const resultsOf = ({ op, reader }: OperationView, index: number, name: string): Values => ({
  types: terminatorOf(reader, op.regions[index]!)!.operands.map((operand) => reader.typeOf(operand)),
  name: `'${name}' results`,
});

export const conditionalRegions = yieldingRegions("then_graph", "else_graph");
export const conditionalValues: Check<Graphs & WithTypes<"condition">> = (view) =>
  sameValues(argumentsOf(view, 0, "then_graph"), inputs(view)) ??
  sameValues(argumentsOf(view, 1, "else_graph"), inputs(view)) ??
  sameValues(resultsOf(view, 0, "then_graph"), outputs(view)) ??
  sameValues(resultsOf(view, 1, "else_graph"), outputs(view)) ??
  (isOfSizeOne(view.types.condition)
    ? undefined
    : `'condition' must be a size 1 tensor, got ${quote(view.types.condition)}`);

export const loopRegions = yieldingRegions("cond_graph", "body_graph");
export const loopValues: Check<Graphs> = (view) =>
  sameValues(inputs(view), outputs(view)) ??
  sameValues(argumentsOf(view, 0, "cond_graph"), inputs(view)) ??
  sameValues(argumentsOf(view, 1, "body_graph"), inputs(view)) ??
  sameValues(resultsOf(view, 1, "body_graph"), inputs(view)) ??
  loopCondition(resultsOf(view, 0, "cond_graph").types);

function loopCondition(types: readonly Type[]): string | undefined {
  const [condition] = types;
  if (condition === undefined || types.length > 1) return "require 'cond_graph' only have one result";
  if (!isOfSizeOne(condition)) return `'cond_graph' result must be a size 1 tensor, got ${quote(condition)}`;
  return elementOf(condition) === i1
    ? undefined
    : `'cond_graph' result must be a boolean tensor, got ${quote(condition)}`;
}
