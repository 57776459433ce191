import { arith } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";

/** `value ↦ value·scale + shift`, at one point of the channels. */
interface AffineStep {
  scale: number;
  shift: number;
}

/** What applies a constant to a running value. */
type Apply = (step: AffineStep, constant: number) => void;
const applications: Readonly<Record<string, { readonly left: Apply; readonly right: Apply | undefined }>> = {
  [arith.addf.name]: { left: add, right: add },
  [arith.subf.name]: { left: (step, constant) => void (step.shift -= constant), right: subtractFrom },
  [arith.mulf.name]: { left: multiply, right: multiply },
  [arith.divf.name]: { left: (step, constant) => multiply(step, 1 / constant), right: undefined },
};
function add(step: AffineStep, constant: number): void {
  step.shift += constant;
}
function multiply(step: AffineStep, constant: number): void {
  step.scale *= constant;
  step.shift *= constant;
}
/** constant - value */
function subtractFrom(step: AffineStep, constant: number): void {
  step.scale = -step.scale;
  step.shift = constant - step.shift;
}

/** One operation of a chain: what it does to the running value with the value of its other operand. */
interface ChainLink {
  readonly op: Operation;
  readonly constant: ValueId;
  readonly apply: Apply;
}

/**
 * The additions and multiplications by constants that a body does first to one of its arguments, each the only reader of the one
 * before it.
 */
export function affineChain(
  reader: IrReader,
  argument: ValueId,
  isConstant: (value: ValueId) => boolean,
): readonly ChainLink[] {
  const links: ChainLink[] = [];
  for (let value = argument; ; value = links.at(-1)!.op.results[0]!) {
    const uses = reader.uses(value);
    if (uses.length !== 1) break;
    const op = reader.operation(uses[0]!.op);
    const application = applications[op.name];
    const apply = uses[0]!.index === 0 ? application?.left : application?.right;
    const constant = op.operands[1 - uses[0]!.index];
    if (!apply || constant === undefined || !isConstant(constant)) break;
    links.push({ op, constant, apply });
  }
  return links;
}

/** What a chain does, given the values of its constants. */
export function composeChain(links: readonly ChainLink[], constantAt: (value: ValueId) => number): AffineStep {
  const step = { scale: 1, shift: 0 };
  for (const { apply, constant } of links) apply(step, constantAt(constant));
  return step;
}
