import {
  type AffineExpression,
  affine,
  type AffineMap,
  affineMap,
  identityMap,
  projectionMap,
} from "../../ir/affine.ts";
import { type Attribute, denseAttribute, resourceAttribute } from "../../ir/attributes.ts";
import { at, type InsertionPoint } from "../../ir/builder.ts";
import { arith, linalg, scf, tensor as tensorDialect } from "../../ir/dialects/index.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import {
  f32,
  hostElementType,
  i1,
  i64,
  indexType,
  stringType,
  type TensorType,
  tensorType,
  type Type,
  typeOfElement,
} from "../../ir/types.ts";
import {
  allocateTensor,
  bytesOf,
  elementCount,
  type HostTensor,
  readElement,
  tensorFromNumbers,
} from "../../support/numeric/host-tensor.ts";
import { bitWidthOf, reinterpret, signless } from "./element-types.ts";
import { LoweringRefused } from "./lowering.ts";
import { type Scalar, ScalarBuilder } from "./scalar-builder.ts";
import { reshapeSteps } from "./reshape-steps.ts";

/** Constants of at least this many bytes live in the module's resources instead of in the attribute. */
const resourceThreshold = 1024;

/** A tensor while a graph is being lowered: its static shape, the model's element type, and its value if that is known. */
export class Tensor {
  readonly kind = "tensor";
  readonly shape: readonly number[];
  /** The model's element type: may be unsigned although the IR's is signless. */
  readonly element: Type;
  /** The elements, where they are known at compile time. */
  readonly constant: HostTensor | undefined;
  readonly #value: () => ValueId;
  #made: ValueId | undefined;

  constructor(shape: readonly number[], element: Type, value: () => ValueId, constant?: HostTensor) {
    this.shape = shape;
    this.element = element;
    this.constant = constant;
    this.#value = value;
  }
  /** The IR value. Constants are made when first asked for. */
  get value(): ValueId {
    return (this.#made ??= this.#value());
  }
  get rank(): number {
    return this.shape.length;
  }
  get size(): number {
    return elementCount(this.shape);
  }
}

/** One operand of `TensorBuilder.generic`: a tensor and how the loops index it. */
export interface IndexedTensor {
  readonly tensor: Tensor;
  readonly map: AffineMap;
}

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

/** NumPy's broadcast of several shapes; undefined where they do not fit. */
export function broadcastShapes(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) return undefined;
      size = own;
    }
    result.push(size);
  }
  return result;
}

/** The map by which loops over `to` index a tensor of shape `from`, aligned at the last dimension, size-1 dimensions repeated. */
export function broadcastMap(from: readonly number[], to: readonly number[]): AffineMap {
  const offset = to.length - from.length;
  const results = from.map((size, axis) =>
    size === 1 && to[axis + offset] !== 1 ? affine.constant(0) : affine.dimension(axis + offset),
  );
  return affineMap(to.length, results);
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
export class TensorBuilder {
  readonly builder: Rewriter;
  /** Where constants are made: the start of the function, so that every later use is dominated. */
  readonly #constantPoint: () => InsertionPoint;
  /** Whether large constants become resources of the module; a scratch module that is run at once keeps them as they are. */
  readonly #resources: boolean;
  readonly #constants = new Map<HostTensor, ValueId>();

  constructor(builder: Rewriter, constantPoint: () => InsertionPoint, options: { readonly resources: boolean }) {
    this.builder = builder;
    this.#constantPoint = constantPoint;
    this.#resources = options.resources;
  }

  // --- making ----------------------------------------------------------------------------------------------------------------

  /** A handle on an IR value of static tensor type. One without elements is known. */
  wrap(value: ValueId, element?: Type): Tensor {
    const type = this.builder.typeOf(value) as TensorType;
    const shape = type.shape as readonly number[];
    const modelElement = element ?? type.element;
    const hostType = hostElementType(modelElement);
    const known = hostType !== undefined && shape.includes(0) ? allocateTensor(hostType, shape) : undefined;
    return new Tensor(shape, modelElement, () => value, known);
  }

  /** A tensor of known elements; `element` overrides the model's element type. `attribute` avoids making a new one for an old constant. */
  constant(host: HostTensor, element: Type = typeOfElement(host.elementType), attribute?: Attribute): Tensor {
    return new Tensor(host.shape, element, () => this.#materialize(host, element, attribute), host);
  }

  #materialize(host: HostTensor, element: Type, attribute: Attribute | undefined): ValueId {
    const known = this.#constants.get(host);
    if (known !== undefined) return known;
    const type = tensorType(host.shape, signless(element));
    const value = at(this.builder, this.#constantPoint(), () => {
      const stored = attribute ?? this.#constantAttribute(reinterpret(host, signless(element)), type);
      return arith.constant.build(this.builder, {}, { value: stored }, { resultTypes: [type] }).result;
    });
    this.#constants.set(host, value);
    return value;
  }

  #constantAttribute(host: HostTensor, type: TensorType): Attribute {
    if (host.elementType === "string") return denseAttribute(host, type);
    const bytes = bytesOf(host);
    if (!this.#resources || bytes.byteLength < resourceThreshold) return denseAttribute(host, type);
    const dense = denseAttribute(host, type);
    return dense.splat ? dense : resourceAttribute(this.builder.addResource(bytes), type);
  }

  /** A constant from numbers. */
  numbers(values: readonly (number | bigint)[], element: Type, shape: readonly number[] = [values.length]): Tensor {
    return this.constant(tensorFromNumbers(hostElementType(element)!, shape, values), element);
  }
  /** A constant with one value everywhere. */
  splat(value: number | bigint, element: Type, shape: readonly number[] = []): Tensor {
    return this.numbers(
      Array.from({ length: elementCount(shape) }, () => value),
      element,
      shape,
    );
  }

  #empty(shape: readonly number[], element: Type): ValueId {
    return tensorDialect.empty.build(this.builder, {}, {}, { resultTypes: [tensorType(shape, signless(element))] })
      .result;
  }

  /** A tensor whose every element is the scalar, which must be defined outside any structured body. */
  fill(scalar: Scalar, shape: readonly number[]): Tensor {
    const output = this.#empty(shape, scalar.type);
    const type = signless(scalar.type);
    const { results } = linalg.fill.build(
      this.builder,
      { inputs: [scalar.value], outputs: [output] },
      {},
      {
        regions: {
          region: [
            {
              arguments: [type, type],
              body: (b, [value]) => void linalg.yield.build(b, { values: [value!] }, {}),
            },
          ],
        },
      },
    );
    return this.wrap(results[0]!, scalar.type);
  }

  /** `fill` with a number. */
  filled(value: number | bigint, element: Type, shape: readonly number[]): Tensor {
    return this.fill(this.scalars.constant(value, element), shape);
  }

  /** Scalar operations at the present insertion point, outside any structured body. */
  get scalars(): ScalarBuilder {
    return new ScalarBuilder(this.builder);
  }

  // --- structured computation ------------------------------------------------------------------------------------------------

  /**
   * One `linalg.generic`. `outputs` are the initial values (their elements are the body's last arguments); the body returns one
   * scalar for each. `body`'s `s.loopIndex(d)` gives positions and `s.load(tensor, …)` reads any tensor at computed indices.
   */
  generic(spec: {
    readonly inputs: readonly IndexedTensor[];
    readonly outputs: readonly IndexedTensor[];
    readonly iterators: readonly IteratorType[];
    readonly body: (s: ScalarBuilder, inputs: readonly Scalar[], outputs: readonly Scalar[]) => readonly Scalar[];
  }): readonly Tensor[] {
    // A known single value becomes a constant in the body: no load, and the body can be simplified.
    const isInlined = ({ tensor, map }: IndexedTensor): boolean =>
      tensor.constant !== undefined &&
      tensor.element !== stringType &&
      tensor.size === 1 &&
      map.results.every((result) => result.kind === "constant");
    const loaded = spec.inputs.filter((input) => !isInlined(input));
    const operands = [...loaded, ...spec.outputs];
    const { results } = linalg.generic.build(
      this.builder,
      {
        inputs: loaded.map(({ tensor }) => tensor.value),
        outputs: spec.outputs.map(({ tensor }) => tensor.value),
      },
      { indexing_maps: operands.map(({ map }) => map), iterator_types: spec.iterators },
      {
        regions: {
          region: [
            {
              arguments: operands.map(({ tensor }) => signless(tensor.element)),
              body: (b, values) => {
                const scalars = values.map((value, index) => ({ value, type: operands[index]!.tensor.element }));
                const s = new ScalarBuilder(b);
                const inputs = spec.inputs.map((input) =>
                  isInlined(input)
                    ? s.constant(readElement(input.tensor.constant!, 0) as number | bigint, input.tensor.element)
                    : scalars[loaded.indexOf(input)]!,
                );
                const yielded = spec.body(s, inputs, scalars.slice(loaded.length));
                linalg.yield.build(b, { values: yielded.map((scalar) => scalar.value) }, {});
              },
            },
          ],
        },
      },
    );
    return results.map((result, index) => this.wrap(result, spec.outputs[index]!.tensor.element));
  }

  /** An output of unspecified contents for `generic`. */
  emptyOutput(shape: readonly number[], element: Type): Tensor {
    return new Tensor(shape, element, () => this.#empty(shape, element));
  }

  /** Element by element with NumPy's broadcasting; shapes that do not fit throw. */
  elementwise(
    inputs: readonly Tensor[],
    element: Type,
    body: (s: ScalarBuilder, ...values: readonly Scalar[]) => Scalar,
  ): Tensor {
    const shape = broadcastShapes(inputs.map((input) => input.shape));
    if (!shape) throw refused(`shapes ${inputs.map((input) => `[${input.shape}]`).join(" and ")} do not broadcast`);
    return this.generic({
      inputs: inputs.map((tensor) => ({ tensor, map: broadcastMap(tensor.shape, shape) })),
      outputs: [{ tensor: this.emptyOutput(shape, element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s, values) => [body(s, ...values)],
    })[0]!;
  }

  /** One operand, element by element. */
  map(x: Tensor, body: (s: ScalarBuilder, value: Scalar) => Scalar, element: Type = x.element): Tensor {
    return this.elementwise([x], element, (s, value) => body(s, value!));
  }

  /** A tensor whose elements a body computes from their indices. */
  compute(
    shape: readonly number[],
    element: Type,
    body: (s: ScalarBuilder, indices: readonly Scalar[]) => Scalar,
  ): Tensor {
    return this.generic({
      inputs: [],
      outputs: [{ tensor: this.emptyOutput(shape, element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s) => [
        body(
          s,
          shape.map((_, axis) => s.loopIndex(axis)),
        ),
      ],
    })[0]!;
  }

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
    if (sizes.includes(0)) return this.wrap(this.#empty(sizes, x.element), x.element);
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
      return this.wrap(this.#empty(inputs[0]!.shape.with(axis, total), inputs[0]!.element), inputs[0]!.element);
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

  // --- control ---------------------------------------------------------------------------------------------------------------

  /** A sequential loop of `count` iterations over carried tensors (`scf.for`). */
  loop(
    count: number | Scalar,
    carried: readonly Tensor[],
    body: (position: Scalar, carried: readonly Tensor[]) => readonly Tensor[],
  ): readonly Tensor[] {
    return this.loopWithScalars(count, [], carried, (position, _, tensors) => ({
      scalars: [],
      carried: body(position, tensors),
    }));
  }

  /** `loop` that carries scalars, too. Returns the tensors at its end. */
  loopWithScalars(
    count: number | Scalar,
    scalars: readonly Scalar[],
    carried: readonly Tensor[],
    body: (
      position: Scalar,
      scalars: readonly Scalar[],
      carried: readonly Tensor[],
    ) => { readonly scalars: readonly Scalar[]; readonly carried: readonly Tensor[] },
  ): readonly Tensor[] {
    const s = this.scalars;
    const upper = typeof count === "number" ? s.index(count) : count;
    const initial = [...scalars.map(({ value }) => value), ...carried.map(({ value }) => value)];
    const { results } = scf.for.build(
      this.builder,
      { lowerBound: s.index(0).value, upperBound: upper.value, step: s.index(1).value, initArgs: initial },
      {},
      {
        regions: {
          region: [
            {
              arguments: [indexType, ...initial.map((value) => this.builder.typeOf(value))],
              body: (b, [position, ...values]) => {
                const next = body(
                  { value: position!, type: indexType },
                  scalars.map(({ type }, index) => ({ value: values[index]!, type })),
                  carried.map(({ element }, index) => this.wrap(values[scalars.length + index]!, element)),
                );
                scf.yield.build(b, { results: [...next.scalars, ...next.carried].map(({ value }) => value) }, {});
              },
            },
          ],
        },
      },
    );
    return carried.map(({ element }, index) => this.wrap(results[scalars.length + index]!, element));
  }

  /**
   * A loop over carried scalars and tensors for as long as `condition` of the scalars holds (`scf.while`). Returns the tensors at
   * its end.
   */
  while(
    scalars: readonly Scalar[],
    carried: readonly Tensor[],
    condition: (scalars: readonly Scalar[]) => Scalar,
    body: (
      scalars: readonly Scalar[],
      carried: readonly Tensor[],
    ) => { readonly scalars: readonly Scalar[]; readonly carried: readonly Tensor[] },
  ): readonly Tensor[] {
    const initial = [...scalars.map(({ value }) => value), ...carried.map(({ value }) => value)];
    const types = initial.map((value) => this.builder.typeOf(value));
    const split = (values: readonly ValueId[]) => ({
      scalars: scalars.map(({ type }, index) => ({ value: values[index]!, type })),
      carried: carried.map(({ element }, index) => this.wrap(values[scalars.length + index]!, element)),
    });
    const { results } = scf.while.build(
      this.builder,
      { inits: initial },
      {},
      {
        resultTypes: types,
        regions: {
          before: [
            {
              arguments: types,
              body: (b, values) =>
                void scf.condition.build(b, { condition: condition(split(values).scalars).value, args: values }, {}),
            },
          ],
          after: [
            {
              arguments: types,
              body: (b, values) => {
                const inner = split(values);
                const next = body(inner.scalars, inner.carried);
                const yielded = [...next.scalars, ...next.carried].map(({ value }) => value);
                scf.yield.build(b, { results: yielded }, {});
              },
            },
          ],
        },
      },
    );
    return split(results).carried;
  }

  /** Runs a body whose operations are thrown away afterwards: for finding out what it would give. */
  discarding<T>(body: () => T): T {
    let result: { readonly value: T } | undefined;
    const condition = this.scalars.constant(1, i1);
    const made = scf.if.build(
      this.builder,
      { condition: condition.value },
      {},
      {
        resultTypes: [],
        regions: {
          thenRegion: [
            {
              arguments: [],
              body: (b) => {
                result = { value: body() };
                scf.yield.build(b, { results: [] }, {});
              },
            },
          ],
          elseRegion: [],
        },
      },
    );
    this.builder.erase(made.op);
    this.builder.erase(this.builder.definition(condition.value)!);
    return result!.value;
  }
  /** A tensor of which nothing but its type is known. */
  unknown(shape: readonly number[], element: Type): Tensor {
    return this.wrap(this.#empty(shape, element), element);
  }

  /** One of two computations by an i1 scalar (`scf.if`); both must give tensors of the same types. */
  branch(condition: Scalar, whenTrue: () => readonly Tensor[], whenFalse: () => readonly Tensor[]): readonly Tensor[] {
    let yielded: readonly Tensor[] = [];
    const block = (make: () => readonly Tensor[]) => [
      {
        arguments: [],
        body: () => {
          yielded = make();
          scf.yield.build(this.builder, { results: yielded.map((tensor) => tensor.value) }, {});
        },
      },
    ];
    // The result types are known only after the first branch is built, so it is built as a region of its own first.
    const made = scf.if.build(
      this.builder,
      { condition: condition.value },
      {},
      { resultTypes: [], regions: { thenRegion: block(whenTrue), elseRegion: block(whenFalse) } },
    ).op;
    const typed = this.builder.create({
      name: made.name,
      operands: made.operands,
      resultTypes: yielded.map((tensor) => this.builder.typeOf(tensor.value)),
    });
    this.builder.moveRegion(made.id, 0, typed.id, 0);
    this.builder.moveRegion(made.id, 1, typed.id, 1);
    this.builder.erase(made);
    return typed.results.map((result, index) => this.wrap(result, yielded[index]!.element));
  }
}

/** The lowest value of a type: -∞ for floats that have it. */
export function lowestOf(type: Type): number | bigint {
  if (type.kind === "float") return -Infinity;
  const width = bitWidthOf(type);
  const unsigned = type.text === "i1" || (type.kind === "integer" && type.signedness === "unsigned");
  return unsigned ? 0n : -(2n ** BigInt(width - 1));
}
/** The highest value of a type: ∞ for floats that have it. */
export function highestOf(type: Type): number | bigint {
  if (type.kind === "float") return Infinity;
  const width = bitWidthOf(type);
  const unsigned = type.text === "i1" || (type.kind === "integer" && type.signedness === "unsigned");
  return unsigned ? 2n ** BigInt(width) - 1n : 2n ** BigInt(width - 1) - 1n;
}
