import { type AffineExpression, type AffineMap, evaluateAffine } from "../ir/affine.ts";
import { inputCount, structuredView } from "../ir/dialects/linalg/structured-view.ts";
import type { IrReader, Operation } from "../ir/module.ts";
import { fail } from "./diagnostics.ts";
import { isScalar, type RuntimeValue } from "./values.ts";

/** The loop nest of a structured operation on given operands. */
export interface IterationSpace {
  /** One for each operand. */
  readonly maps: readonly AffineMap[];
  /** The number of iterations of each loop, outermost first. */
  readonly sizes: readonly number[];
}

/** How many of a structured operation's operands are outputs; they are the last. */
export function outputCount(op: Operation): number {
  const inputs = inputCount(op);
  if (inputs !== undefined) return op.operands.length - inputs;
  const reason = "it does not say how many of its operands are inputs";
  return fail("malformed", op.location, { name: op.name, reason });
}

const shapeOf = (value: RuntimeValue): readonly number[] => (isScalar(value) ? [] : value.shape);

/** The least and greatest value of an expression while each dimension d runs over 0 … sizes[d]-1. Bounds need not be tight. */
export function affineRange(expression: AffineExpression, sizes: readonly number[]): readonly [number, number] {
  switch (expression.kind) {
    case "dimension":
      return [0, sizes[expression.position]! - 1];
    case "constant":
      return [expression.value, expression.value];
    case "symbol":
      return [-Infinity, Infinity];
    default: {
      const [a, b] = affineRange(expression.left, sizes);
      const [c, d] = affineRange(expression.right, sizes);
      if (expression.kind === "add") return [a + c, b + d];
      if (expression.kind === "multiply") {
        const products = [a * c, a * d, b * c, b * d];
        return [Math.min(...products), Math.max(...products)];
      }
      if (c !== d || c <= 0) return [-Infinity, Infinity];
      if (expression.kind === "modulo") return a >= 0 && b < c ? [a, b] : [0, c - 1];
      const divide = expression.kind === "floor-divide" ? Math.floor : Math.ceil;
      return [divide(a / c), divide(b / c)];
    }
  }
}

/**
 * The loops of a structured operation. A loop's size is that of the first operand dimension it indexes alone, as upstream derives it.
 * @throws CompileError when a loop has no such dimension, or an access leaves its operand.
 */
export function iterationSpace(reader: IrReader, op: Operation, operands: readonly RuntimeValue[]): IterationSpace {
  const maps = structuredView(reader, op)?.maps;
  const problem = (reason: string): never => fail("malformed", op.location, { name: op.name, reason });
  if (!maps || maps.length !== operands.length) return problem("it needs one indexing map for each operand");
  const loops = maps[0]?.dimensions ?? 0;
  const sizes = Array.from({ length: loops }, () => -1);
  maps.forEach((map, index) => {
    const shape = shapeOf(operands[index]!);
    if (map.results.length !== shape.length || map.dimensions !== loops)
      problem(`map ${index} does not fit operand ${index}`);
    map.results.forEach((result, axis) => {
      if (result.kind === "dimension" && sizes[result.position] === -1) sizes[result.position] = shape[axis]!;
    });
  });
  if (sizes.includes(-1)) problem(`loop d${sizes.indexOf(-1)} has no size`);
  if (!sizes.includes(0))
    maps.forEach((map, index) => {
      const shape = shapeOf(operands[index]!);
      map.results.forEach((result, dimension) => checkAccess(op, result, sizes, dimension, shape[dimension]!));
    });
  return { maps, sizes };
}

/** Reports an access outside a dimension; where bounds are not tight, every point is tried. */
function checkAccess(
  op: Operation,
  expression: AffineExpression,
  sizes: readonly number[],
  dimension: number,
  size: number,
): void {
  const [low, high] = affineRange(expression, sizes);
  if (low >= 0 && high < size) return;
  const position = sizes.map(() => 0);
  for (let axis = 0; axis >= 0;) {
    const index = evaluateAffine(expression, position);
    if (index < 0 || index >= size) fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
    for (axis = sizes.length - 1; axis >= 0 && ++position[axis]! === sizes[axis]; axis--) position[axis] = 0;
  }
}
