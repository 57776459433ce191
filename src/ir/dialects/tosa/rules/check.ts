import type { Diagnostic } from "../../../../support/diagnostic.ts";
import type { ValueId } from "../../../module.ts";
import { type Dimension, elementOf, type Type } from "../../../types.ts";
import { broken } from "../../../verify-diagnostics.ts";
import type { OperationView } from "../../rules/operation-view.ts";

/** What is wrong with an operation, worded as upstream's where it has the same rule; undefined where nothing is. */
export type Check<V> = (view: V) => string | undefined;

/** A view with operands of these names, by their types. */
export interface WithTypes<N extends string> extends OperationView {
  readonly types: { readonly [K in N]: Type };
}
export interface WithOperands<N extends string> extends OperationView {
  readonly operands: { readonly [K in N]: ValueId };
}
export interface WithAttributes<A> extends OperationView {
  readonly attributes: A;
}

/** What all of these checks look at together. */
export type Needed<C extends readonly Check<never>[]> = C[number] extends (view: infer V) => unknown ? V : never;

/** The verifier that makes these checks one after the other, and reports the first that finds something. */
export const inOrder = <const C extends readonly Check<never>[]>(...checks: C) =>
  function* (view: Needed<C> & OperationView): Generator<Diagnostic> {
    for (const check of checks as unknown as readonly Check<Needed<C>>[]) {
      const found = check(view);
      if (found === undefined) continue;
      yield broken(view.op, found);
      return;
    }
  };

export const operandTypes = ({ op, reader }: OperationView): readonly Type[] =>
  op.operands.map((id) => reader.typeOf(id));
export const resultTypes = ({ op, reader }: OperationView): readonly Type[] =>
  op.results.map((id) => reader.typeOf(id));

// --- shapes ------------------------------------------------------------------------------------------------------------------------

export type Shape = readonly Dimension[];
/** The sizes of a ranked tensor; undefined for an unranked one. */
export const shapeOf = (type: Type): Shape | undefined => (type.kind === "tensor" ? type.shape : undefined);
export const isStatic = (size: Dimension): size is number => size !== "?";
export const isStaticShape = (shape: Shape): shape is readonly number[] => shape.every(isStatic);
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Whether tensors of these types may have the same shape. Ranked ones fit each other in pairs and all together. */
export function haveFittingShapes(types: readonly Type[]): boolean {
  const shapes = types.map(shapeOf).filter((shape) => shape !== undefined);
  const [first, ...others] = shapes;
  if (first === undefined) return true;
  if (others.some((shape) => shape.length !== first.length)) return false;
  return first.every((_, index) => {
    const known = new Set(shapes.map((shape) => shape[index]!).filter(isStatic));
    return known.size <= 1;
  });
}

/** Elements of integer, float or uniformly quantized type must be the same; others are not compared. */
export function sameElementTypes(input: Type, output: Type): string | undefined {
  const [from, to] = [elementOf(input), elementOf(output)];
  if (from === to || !isComparable(from) || !isComparable(to)) return undefined;
  return `expect input and output to have same element type, got '${from.text}' and '${to.text}'`;
}
const isComparable = (type: Type): boolean =>
  type.kind === "integer" ||
  type.kind === "index" ||
  type.kind === "float" ||
  (type.kind === "dialect" && type.dialect === "quant" && type.body.startsWith("uniform<"));
