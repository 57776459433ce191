import { type AffineExpression, affine, affineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import { tensor as tensorDialect } from "../../ir/dialects/index.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import { f32, i64, indexType, tensorType, type Type } from "../../ir/types.ts";
import { elementCount } from "../../support/numeric/host-tensor.ts";
import { broadcastMap, broadcastShapes } from "./broadcast.ts";
import { bitWidthOf, highestOf, lowestOf, reinterpret, signless } from "./element-types.ts";
import { LoweringRefused } from "./lowering.ts";
import { reshapeSteps } from "./reshape-steps.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import { StructuredBuilder } from "./structured-builder.ts";
import { Tensor } from "./tensor.ts";

/** How elements are combined by a reduction. */
export interface Reduction {
  /** The neutral element, as a number or (for 64-bit integers) a bigint. */
  readonly initial: number | bigint;
  readonly combine: (s: ScalarBuilder, accumulator: Scalar, element: Scalar) => Scalar;
  /** Applied to each element before it is combined. */
  readonly prepare?: (s: ScalarBuilder, element: Scalar) => Scalar;
  /** Type of the accumulator and the result; by default the element type, or f32 for narrower floats. */
  readonly accumulator?: Type;
}

const refused = (problem: string): LoweringRefused => new LoweringRefused("invalid", problem);

/** Operands that do not fit are the model's fault: the rules themselves convert what they compute with. */
function requireElement(given: Type, expected: Type): void {
  if (signless(given) !== signless(expected))
    throw refused(`its operands differ in type: ${given.text} and ${expected.text}`);
}

/** Whether sums of this float type are accumulated in f32: a long sum of halves would lose most of its digits. */
const isNarrowFloat = (type: Type): boolean => type.kind === "float" && bitWidthOf(type) < 32;

/** Builds tensor-level IR out of whole-tensor steps; every lowering of an ONNX operator is written with it. */
export class TensorBuilder extends StructuredBuilder {
  // --- combining -------------------------------------------------------------------------------------------------------------

  /**
   * Combines the elements along `axes` (non-negative). The result has the accumulator's type; see `reduce` for the element type.
   */
  reduceInto(x: Tensor, axes: readonly number[], keepDimensions: boolean, reduction: Reduction): Tensor {
    const accumulator = reduction.accumulator ?? (isNarrowFloat(x.element) ? f32 : x.element);
    const reduced = new Set(axes);
    const keptAxes = x.shape.map((_, axis) => axis).filter((axis) => !reduced.has(axis));
    const keptShape = keptAxes.map((axis) => x.shape[axis]!);
    const result = this.generic({
      inputs: [{ tensor: x, map: identityMap(x.rank) }],
      outputs: [
        {
          tensor: this.filled(reduction.initial, accumulator, keptShape),
          map: projectionMap(x.rank, keptAxes),
        },
      ],
      iterators: x.shape.map((_, axis) => (reduced.has(axis) ? "reduction" : "parallel")),
      body: (s, [element], [sum]) => {
        const widened = s.cast(element!, accumulator);
        return [reduction.combine(s, sum!, reduction.prepare ? reduction.prepare(s, widened) : widened)];
      },
    })[0]!;
    if (!keepDimensions) return result;
    return this.reshape(
      result,
      x.shape.map((size, axis) => (reduced.has(axis) ? 1 : size)),
    );
  }
  /** `reduceInto`, then cast to the operand's element type. */
  reduce(x: Tensor, axes: readonly number[], keepDimensions: boolean, reduction: Reduction): Tensor {
    return this.cast(this.reduceInto(x, axes, keepDimensions, reduction), x.element);
  }
  /** Sum along axes; narrow floats are summed in f32. */
  sum(x: Tensor, axes: readonly number[], keepDimensions = true): Tensor {
    return this.reduce(x, axes, keepDimensions, { initial: 0, combine: (s, sum, value) => s.add(sum, value) });
  }
  /** Mean along axes. */
  mean(x: Tensor, axes: readonly number[], keepDimensions = true): Tensor {
    const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    const sum = this.reduceInto(x, axes, keepDimensions, { initial: 0, combine: (s, total, v) => s.add(total, v) });
    return this.cast(
      this.map(sum, (s, total) => s.div(total, s.constant(count, total.type))),
      x.element,
    );
  }
  /** Maximum along axes; NaN wins. An empty axis gives the type's lowest value. */
  max(x: Tensor, axes: readonly number[], keepDimensions = true): Tensor {
    return this.reduce(x, axes, keepDimensions, {
      initial: lowestOf(x.element),
      accumulator: x.element,
      combine: (s, best, value) => s.max(best, value),
    });
  }
  /** Minimum along axes; NaN wins. An empty axis gives the type's highest value. */
  min(x: Tensor, axes: readonly number[], keepDimensions = true): Tensor {
    return this.reduce(x, axes, keepDimensions, {
      initial: highestOf(x.element),
      accumulator: x.element,
      combine: (s, best, value) => s.min(best, value),
    });
  }

  /** Batched matrix product with NumPy's `matmul` rules for ranks ≥ 2: [..., M, K] · [..., K, N]. Narrow floats accumulate in f32. */
  matmul(x: Tensor, y: Tensor, accumulator?: Type): Tensor {
    const batch = broadcastShapes([x.shape.slice(0, -2), y.shape.slice(0, -2)]);
    const [m, k] = x.shape.slice(-2);
    const n = y.shape.at(-1)!;
    if (!batch || k !== y.shape.at(-2)) throw refused(`[${x.shape}] and [${y.shape}] do not multiply`);
    const type = accumulator ?? (isNarrowFloat(x.element) ? f32 : x.element);
    const rank = batch.length + 3;
    const d = (position: number): AffineExpression => affine.dimension(batch.length + position);
    const batchOf = (shape: readonly number[]): readonly AffineExpression[] =>
      broadcastMap(shape.slice(0, -2), batch).results;
    const batchDimensions = batch.map((_, axis) => affine.dimension(axis));
    const product = this.generic({
      inputs: [
        { tensor: x, map: affineMap(rank, [...batchOf(x.shape), d(0), d(2)]) },
        { tensor: y, map: affineMap(rank, [...batchOf(y.shape), d(2), d(1)]) },
      ],
      outputs: [
        { tensor: this.filled(0, type, [...batch, m!, n]), map: affineMap(rank, [...batchDimensions, d(0), d(1)]) },
      ],
      iterators: [...batch.map(() => "parallel" as const), "parallel", "parallel", "reduction"],
      body: (s, [a, b], [sum]) => [s.add(sum!, s.mul(s.cast(a!, type), s.cast(b!, type)))],
    })[0]!;
    return accumulator ? product : this.cast(product, x.element);
  }

  // --- moving ----------------------------------------------------------------------------------------------------------------

  /** Numeric conversion element by element. */
  cast(x: Tensor, element: Type): Tensor {
    if (x.element === element) return x;
    if (signless(x.element) === signless(element))
      return new Tensor(x.shape, element, () => x.value, x.constant && reinterpret(x.constant, element));
    return this.map(x, (s, value) => s.cast(value, element), element);
  }

  /** The same elements in row-major order in another shape. */
  reshape(x: Tensor, shape: readonly number[]): Tensor {
    if (elementCount(shape) !== x.size) throw refused(`[${x.shape}] does not reshape to [${shape}]`);
    if (x.constant) return this.constant({ ...x.constant, shape }, x.element);
    let value = x.value;
    for (const step of reshapeSteps(x.shape, shape)) {
      const type = tensorType(step.shape, signless(x.element));
      value =
        step.kind === "collapse"
          ? tensorDialect.collapse_shape.build(
              this.builder,
              { src: value },
              { reassociation: step.groups },
              { resultTypes: [type] },
            ).result
          : tensorDialect.expand_shape.build(
              this.builder,
              { src: value },
              { reassociation: step.groups, static_output_shape: step.shape },
              { resultTypes: [type] },
            ).result;
    }
    return this.wrap(value, x.element);
  }

  /** Result axis i is operand axis `permutation[i]`. */
  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    if (permutation.every((axis, position) => axis === position)) return x;
    const shape = permutation.map((axis) => x.shape[axis]!);
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return this.generic({
      inputs: [{ tensor: x, map: projectionMap(x.rank, inverse) }],
      outputs: [{ tensor: this.emptyOutput(shape, x.element), map: identityMap(x.rank) }],
      iterators: shape.map(() => "parallel"),
      body: (_, [value]) => [value!],
    })[0]!;
  }

  /** Repeats size-1 (and missing leading) dimensions up to `shape`. */
  expand(x: Tensor, shape: readonly number[]): Tensor {
    if (x.rank === shape.length && x.shape.every((size, axis) => size === shape[axis])) return x;
    return this.generic({
      inputs: [{ tensor: x, map: broadcastMap(x.shape, shape) }],
      outputs: [{ tensor: this.emptyOutput(shape, x.element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (_, [value]) => [value!],
    })[0]!;
  }

  /** Element i along axis a is operand element `offsets[a] + i·strides[a]`; strides may be negative. */
  slice(
    x: Tensor,
    offsets: readonly number[],
    sizes: readonly number[],
    strides: readonly number[] = x.shape.map(() => 1),
  ): Tensor {
    if (sizes.every((size, axis) => size === x.shape[axis] && strides[axis] === 1)) return x;
    if (sizes.includes(0)) return this.unknown(sizes, x.element);
    if (strides.some((stride) => stride < 1))
      return this.compute(sizes, x.element, (s, indices) =>
        s.load(
          x,
          indices.map((position, axis) => s.add(s.mul(position, s.index(strides[axis]!)), s.index(offsets[axis]!))),
        ),
      );
    const value = tensorDialect.extract_slice.build(
      this.builder,
      { source: x.value },
      { static_offsets: offsets, static_sizes: sizes, static_strides: strides },
      { resultTypes: [tensorType(sizes, signless(x.element))] },
    ).result;
    return this.wrap(value, x.element);
  }

  /** Element (i, j, …) is the operand's element (tables[0][i], tables[1][j], …): a gather by one constant table per axis. */
  take(x: Tensor, tables: readonly (readonly number[])[]): Tensor {
    const shape = tables.map((table) => table.length);
    return this.generic({
      inputs: tables.map((table, axis) => ({
        tensor: this.numbers(table, i64),
        map: projectionMap(shape.length, [axis]),
      })),
      outputs: [{ tensor: this.emptyOutput(shape, x.element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s, positions) => [
        s.load(
          x,
          positions.map((position) => s.cast(position, indexType)),
        ),
      ],
    })[0]!;
  }

  /** One position along an axis, without that axis. */
  elementAt(x: Tensor, axis: number, position: number | Scalar): Tensor {
    const part =
      typeof position === "number"
        ? this.slice(
            x,
            x.shape.map((_, d) => (d === axis ? position : 0)),
            x.shape.with(axis, 1),
          )
        : this.sliceAt(x, axis, position);
    return this.reshape(part, x.shape.toSpliced(axis, 1));
  }
  /** Tensors of one shape, one after the other along a new axis. */
  stack(parts: readonly Tensor[], axis: number): Tensor {
    const shape = parts[0]!.shape.toSpliced(axis, 0, 1);
    return this.concat(
      parts.map((part) => this.reshape(part, shape)),
      axis,
    );
  }

  /** `size` elements along one axis from a position computed at run time, which must leave room for them. */
  sliceAt(x: Tensor, axis: number, position: Scalar, size = 1): Tensor {
    const sizes = x.shape.with(axis, size);
    const value = tensorDialect.extract_slice.build(
      this.builder,
      { source: x.value, offsets: [position.value] },
      {
        static_offsets: x.shape.map((_, d) => (d === axis ? dynamicEntry : 0)),
        static_sizes: sizes,
        static_strides: x.shape.map(() => 1),
      },
      { resultTypes: [tensorType(sizes, signless(x.element))] },
    ).result;
    return this.wrap(value, x.element);
  }
  /** The tensor with the part at a position along one axis replaced; `part` has the other axes in full. */
  insertAt(x: Tensor, part: Tensor, axis: number, position: Scalar): Tensor {
    requireElement(part.element, x.element);
    const value = tensorDialect.insert_slice.build(
      this.builder,
      { source: part.value, dest: x.value, offsets: [position.value] },
      {
        static_offsets: x.shape.map((_, d) => (d === axis ? dynamicEntry : 0)),
        static_sizes: part.shape,
        static_strides: x.shape.map(() => 1),
      },
    ).result;
    return this.wrap(value, x.element);
  }

  /** Tensors joined along an axis; empty ones are left out. */
  concat(inputs: readonly Tensor[], axis: number): Tensor {
    for (const input of inputs) requireElement(input.element, inputs[0]!.element);
    const parts = inputs.filter((input) => input.size > 0);
    if (parts.length === 0) {
      const total = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
      return this.unknown(inputs[0]!.shape.with(axis, total), inputs[0]!.element);
    }
    if (parts.length === 1) return parts[0]!;
    const shape = parts[0]!.shape.with(
      axis,
      parts.reduce((sum, part) => sum + part.shape[axis]!, 0),
    );
    const value = tensorDialect.concat.build(
      this.builder,
      { inputs: parts.map((part) => part.value) },
      { dim: axis },
      { resultTypes: [tensorType(shape, signless(parts[0]!.element))] },
    ).result;
    return this.wrap(value, parts[0]!.element);
  }

  /** Widens (low, high ≥ 0) with a constant scalar made by the caller outside the region. */
  pad(x: Tensor, low: readonly number[], high: readonly number[], value: Scalar): Tensor {
    requireElement(value.type, x.element);
    if (low.every((size) => size === 0) && high.every((size) => size === 0)) return x;
    const shape = x.shape.map((size, axis) => size + low[axis]! + high[axis]!);
    const { result } = tensorDialect.pad.build(
      this.builder,
      { source: x.value },
      { static_low: low, static_high: high },
      {
        resultTypes: [tensorType(shape, signless(x.element))],
        regions: {
          region: [
            {
              arguments: shape.map(() => indexType),
              body: (b) => void tensorDialect.yield.build(b, { value: value.value }, {}),
            },
          ],
        },
      },
    );
    return this.wrap(result, x.element);
  }

  /** One element at computed indices, as a scalar outside structured bodies. */
  extract(x: Tensor, indices: readonly Scalar[]): Scalar {
    return this.scalars.load(x, indices);
  }
  /** The tensor with one element replaced. */
  insert(x: Tensor, scalar: Scalar, indices: readonly Scalar[]): Tensor {
    requireElement(scalar.type, x.element);
    const value = tensorDialect.insert.build(
      this.builder,
      { scalar: scalar.value, dest: x.value, indices: indices.map((position) => position.value) },
      {},
    ).result;
    return this.wrap(value, x.element);
  }
  /** A rank-0 tensor of a scalar. */
  fromScalar(scalar: Scalar): Tensor {
    return this.fill(scalar, []);
  }
}
