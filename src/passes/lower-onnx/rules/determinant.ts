import { identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { indexType } from "../../../ir/types.ts";
import { lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { loop } from "../tensor-control.ts";
import { computationType } from "./arithmetic.ts";

/** The determinant of the rows and columns named, expanded along the first row; for matrices of up to three rows. */
function expanded(
  s: ScalarBuilder,
  element: (row: number, column: number) => Scalar,
  row: number,
  columns: readonly number[],
): Scalar {
  if (columns.length === 1) return element(row, columns[0]!);
  return columns
    .map((column, position) => {
      const minor = expanded(
        s,
        element,
        row + 1,
        columns.filter((other) => other !== column),
      );
      const term = s.mul(element(row, column), minor);
      return position % 2 === 0 ? term : s.neg(term);
    })
    .reduce((left, right) => s.add(left, right));
}

/** The row, from `column` on, whose element in that column is largest: [matrices], as positions. */
function pivotRows(t: TensorBuilder, matrices: Tensor, column: Scalar): Tensor {
  const [count, size] = matrices.shape as [number, number];
  const entries = t.reshape(t.sliceAt(matrices, 2, column), [count, size]);
  const map = projectionMap(2, [0]);
  const [, rows] = t.generic({
    inputs: [{ tensor: entries, map: identityMap(2) }],
    outputs: [
      { tensor: t.filled(-1, matrices.element, [count]), map },
      { tensor: t.filled(0, indexType, [count]), map },
    ],
    iterators: ["parallel", "reduction"],
    body: (s, [value], [best, at]) => {
      const row = s.loopIndex(1);
      const magnitude = s.abs(value!);
      const better = s.and(s.compare("ge", row, column), s.compare("gt", magnitude, best!));
      return [s.select(better, magnitude, best!), s.select(better, row, at!)];
    },
  });
  // Where no element compares (all are NaN) the diagonal one stands in.
  return t.map(rows!, (s, row) => s.select(s.compare("lt", row, column), column, row));
}

/** Determinants of [matrices, n, n] by Gaussian elimination with row pivoting. */
function eliminated(t: TensorBuilder, matrices: Tensor): Tensor {
  const [count, size] = matrices.shape as [number, number, number];
  const { element } = matrices;
  const [, result] = loop(t, size, [matrices, t.filled(1, element, [count])], (column, [old, product]) => {
    const pivots = pivotRows(t, old!, column);
    const swapped = t.compute(old!.shape, element, (s, [matrix, row, position]) => {
      const pivot = s.load(pivots, [matrix!]);
      const fromColumn = s.select(s.compare("eq", row!, pivot), column, row!);
      const source = s.select(s.compare("eq", row!, column), pivot, fromColumn);
      return s.load(old!, [matrix!, source, position!]);
    });
    const next = t.map(swapped, (s, value) => {
      const [matrix, row, position] = [s.loopIndex(0), s.loopIndex(1), s.loopIndex(2)];
      const pivot = s.load(swapped, [matrix, column, column]);
      const zero = s.constant(0, element);
      // A zero pivot means a zero determinant; what is below it does not matter then.
      const below = s.and(s.compare("gt", row, column), s.compare("ne", pivot, zero));
      const divisor = s.select(below, pivot, s.constant(1, element));
      const factor = s.div(s.load(swapped, [matrix, row, column]), divisor);
      const change = s.mul(factor, s.load(swapped, [matrix, column, position]));
      return s.select(below, s.sub(value, change), value);
    });
    const scaled = t.map(product!, (s, value) => {
      const matrix = s.loopIndex(0);
      const changed = s.mul(value, s.load(swapped, [matrix, column, column]));
      return s.select(s.compare("eq", s.load(pivots, [matrix]), column), changed, s.neg(changed));
    });
    return [next, scaled];
  });
  return result!;
}

export const determinantRules: readonly Lowering[] = [
  lowering(onnx.Det, ({ t, inputs: { X }, invalid }) => {
    const size = X.shape.at(-1)!;
    if (X.rank < 2 || X.shape.at(-2) !== size) invalid(`[${X.shape}] holds no square matrices`);
    const outer = X.shape.slice(0, -2);
    if (size === 0) return [t.filled(1, X.element, outer)];
    const wide = computationType(X.element);
    const columns = Array.from({ length: size }, (_, column) => column);
    if (size <= 3)
      return [
        t.compute(outer, X.element, (s, indices) => {
          const element = (row: number, column: number): Scalar =>
            s.cast(s.load(X, [...indices, s.index(row), s.index(column)]), wide);
          return s.cast(expanded(s, element, 0, columns), X.element);
        }),
      ];
    const count = outer.reduce((product, extent) => product * extent, 1);
    const matrices = t.reshape(t.cast(X, wide), [count, size, size]);
    return [t.cast(t.reshape(eliminated(t, matrices), outer), X.element)];
  }),
];
