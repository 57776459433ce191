import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attribute } from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import type { Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

/** What a branch passes has the number and the types of the arguments of the block it goes to. */
function* verifyTarget(view: OperationView, index: number, operands: readonly ValueId[]): Generator<Diagnostic> {
  const { op, reader } = view;
  const target = op.successors[index];
  if (target === undefined) return;
  const wanted = reader.block(target).arguments;
  if (wanted.length !== operands.length) {
    yield broken(
      op,
      `branch has ${operands.length} operands for successor #${index}, but target block has ${wanted.length}`,
    );
    return;
  }
  for (const [position, argument] of wanted.entries())
    if (reader.typeOf(argument) !== reader.typeOf(operands[position]!)) {
      yield broken(op, `type mismatch for bb argument #${position} of successor #${index}`);
      return;
    }
}

const successorCount = (op: Operation, count: number): readonly Diagnostic[] =>
  op.successors.length === count
    ? []
    : [broken(op, `requires ${count} successor${count === 1 ? "" : "s"} but found ${op.successors.length}`)];

export function* verifyBranch(
  view: OperationView & { readonly operands: { readonly destOperands: readonly ValueId[] } },
): Generator<Diagnostic> {
  yield* successorCount(view.op, 1);
  yield* verifyTarget(view, 0, view.operands.destOperands);
}

export function* verifyConditionalBranch(
  view: OperationView & {
    readonly operands: {
      readonly trueDestOperands: readonly ValueId[];
      readonly falseDestOperands: readonly ValueId[];
    };
    readonly attributes: { readonly branch_weights: readonly number[] | undefined };
  },
): Generator<Diagnostic> {
  const { op, operands, attributes } = view;
  yield* successorCount(op, 2);
  yield* verifyTarget(view, 0, operands.trueDestOperands);
  yield* verifyTarget(view, 1, operands.falseDestOperands);
  const { branch_weights: weights } = attributes;
  if (weights === undefined) return;
  if (weights.length !== 2)
    yield broken(op, `expects number of branch weights to match number of successors: ${weights.length} vs 2`);
  else if (weights.every((weight) => weight === 0)) yield broken(op, "branch weights cannot all be zero");
}

export function* verifySwitch(
  view: OperationView & {
    readonly types: { readonly flag: Type };
    readonly operands: { readonly defaultOperands: readonly ValueId[]; readonly caseOperands: readonly ValueId[] };
    readonly attributes: {
      readonly case_values: Attribute | undefined;
      readonly case_operand_segments: readonly number[];
    };
  },
): Generator<Diagnostic> {
  const { op, types, operands, attributes } = view;
  const cases = op.successors.length - 1;
  if (cases < 0) {
    yield broken(op, "requires 1 successor but found 0");
    return;
  }
  const { case_values: values, case_operand_segments: segments } = attributes;
  const type = values !== undefined && "type" in values ? values.type : undefined;
  if (type === undefined || !("shape" in type)) {
    if (cases > 0) yield broken(op, `number of case values (0) should match number of case destinations (${cases})`);
  } else {
    const count = type.shape.reduce<number>((product, size) => product * Number(size), 1);
    if (type.element !== types.flag)
      yield broken(op, `'flag' type ('${types.flag.text}') should match case value type ('${type.element.text}')`);
    else if (count !== cases)
      yield broken(op, `number of case values (${count}) should match number of case destinations (${cases})`);
  }
  yield* verifyTarget(view, 0, operands.defaultOperands);
  let next = 0;
  for (const [index, size] of segments.entries())
    yield* verifyTarget(view, index + 1, operands.caseOperands.slice(next, (next += size)));
}
