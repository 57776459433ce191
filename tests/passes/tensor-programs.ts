import { affine, affineMap, type AffineMap, identityMap, projectionMap } from "../../src/ir/affine.ts";
import { floatAttribute, integerAttribute } from "../../src/ir/attributes.ts";
import type { Builder } from "../../src/ir/builder.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, linalg, scf, tensor, weft } from "../../src/ir/dialects/index.ts";
import type { IteratorType } from "../../src/ir/dialects/linalg.ts";
import type { Module, ValueId } from "../../src/ir/module.ts";
import { f32, i1, i32 as integer, indexType, type TensorType, tensorType } from "../../src/ir/types.ts";

const shapeOf = (builder: Builder, value: ValueId): readonly number[] =>
  (builder.typeOf(value) as TensorType).shape as readonly number[];
export const constantF32 = (builder: Builder, value: number): ValueId =>
  arith.constant.build(builder, {}, { value: floatAttribute(value, f32) }, { resultTypes: [f32] }).result;
export const constantIndex = (builder: Builder, value: number): ValueId =>
  arith.constant.build(builder, {}, { value: integerAttribute(value, indexType) }, { resultTypes: [indexType] }).result;
export const emptyTensor = (builder: Builder, shape: readonly number[]): ValueId =>
  tensor.empty.build(builder, {}, {}, { resultTypes: [tensorType(shape, f32)] }).result;

export interface Operand {
  readonly value: ValueId;
  readonly map: AffineMap;
}
/** A generic over f32 with one result. */
export function generic(
  builder: Builder,
  inputs: readonly Operand[],
  output: Operand,
  iterators: readonly IteratorType[],
  body: (builder: Builder, inputs: readonly ValueId[], output: ValueId) => ValueId,
): ValueId {
  return linalg.generic.build(
    builder,
    { inputs: inputs.map(({ value }) => value), outputs: [output.value] },
    { indexing_maps: [...inputs, output].map(({ map }) => map), iterator_types: iterators },
    {
      regions: {
        region: [
          {
            arguments: [...inputs, output].map(() => f32),
            body: (inner, values) => {
              const yielded = body(inner, values.slice(0, -1), values.at(-1)!);
              linalg.yield.build(inner, { values: [yielded] }, {});
            },
          },
        ],
      },
    },
  ).results[0]!;
}

export function fill(builder: Builder, value: ValueId, target: ValueId): ValueId {
  return linalg.fill.build(
    builder,
    { inputs: [value], outputs: [target] },
    {},
    {
      regions: {
        region: [
          {
            arguments: [f32, f32],
            body: (inner, [filler]) => void linalg.yield.build(inner, { values: [filler!] }, {}),
          },
        ],
      },
    },
  ).results[0]!;
}

export const parallel = (count: number): readonly IteratorType[] => Array.from({ length: count }, () => "parallel");

/** A scalar body of two operands, by number. */
export const combine =
  (which: number) =>
  (builder: Builder, lhs: ValueId, rhs: ValueId): ValueId => {
    const kinds = [arith.addf, arith.subf, arith.maximumf, arith.minimumf] as const;
    return kinds[which % kinds.length]!.build(builder, { lhs, rhs }, {}).result;
  };

export function pad(
  builder: Builder,
  source: ValueId,
  low: readonly number[],
  high: readonly number[],
  value: ValueId,
): ValueId {
  const shape = shapeOf(builder, source).map((size, position) => size + low[position]! + high[position]!);
  return tensor.pad.build(
    builder,
    { source },
    { static_low: low, static_high: high },
    {
      resultTypes: [tensorType(shape, f32)],
      regions: {
        region: [
          {
            arguments: shape.map(() => indexType),
            body: (inner) => void tensor.yield.build(inner, { value }, {}),
          },
        ],
      },
    },
  ).result;
}

type Step = (
  builder: Builder,
  pick: (shape?: readonly number[]) => ValueId,
  n: readonly number[],
) => ValueId | undefined;

const pooled = (builder: Builder, source: ValueId, n: readonly number[]): ValueId => {
  const rank = shapeOf(builder, source).length;
  const reduced = n[1]! % rank;
  const kept = Array.from({ length: rank }, (_, position) => position).filter((position) => position !== reduced);
  const output = fill(
    builder,
    constantF32(builder, n[2]! % 3),
    emptyTensor(
      builder,
      kept.map((position) => shapeOf(builder, source)[position]!),
    ),
  );
  return generic(
    builder,
    [{ value: source, map: identityMap(rank) }],
    { value: output, map: projectionMap(rank, kept) },
    Array.from({ length: rank }, (_, position) => (position === reduced ? "reduction" : "parallel")),
    (inner, [x], acc) => combine(n[3]! % 3 === 1 ? 2 : 0)(inner, acc, x!),
  );
};

/** What generated programs are made of. Each step makes one tensor out of earlier ones; a step that does not apply makes none. */
const steps: readonly Step[] = [
  // Elementwise over two tensors of one shape; the destination is empty, an existing tensor that is ignored, or one that is read.
  (builder, pick, n) => {
    const left = pick();
    const shape = shapeOf(builder, left);
    const right = pick(shape);
    const map = identityMap(shape.length);
    const destination = n[1]! % 3 === 0 ? pick(shape) : emptyTensor(builder, shape);
    const reads = n[1]! % 6 === 0;
    return generic(
      builder,
      [left, right].map((value) => ({ value, map })),
      { value: destination, map },
      parallel(shape.length),
      (inner, [a, b], c) => {
        const sum = combine(n[2]!)(inner, a!, b!);
        return reads ? combine(n[3]!)(inner, sum, c) : sum;
      },
    );
  },
  // Unary with a transposed result.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    if (shape.length < 2) return undefined;
    const order = [...shape.keys()].map((position) => (position + 1 + (n[1]! % (shape.length - 1))) % shape.length);
    return generic(
      builder,
      [{ value: source, map: identityMap(shape.length) }],
      {
        value: emptyTensor(
          builder,
          order.map((position) => shape[position]!),
        ),
        map: projectionMap(shape.length, order),
      },
      parallel(shape.length),
      (inner, [x]) => combine(n[2]!)(inner, x!, constantF32(inner, 2)),
    );
  },
  // Broadcast along the first dimension, with the index added.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    if (shape.length > 3) return undefined;
    const whole = [2 + (n[1]! % 2), ...shape];
    return generic(
      builder,
      [
        {
          value: source,
          map: projectionMap(
            whole.length,
            [...shape.keys()].map((position) => position + 1),
          ),
        },
      ],
      { value: emptyTensor(builder, whole), map: identityMap(whole.length) },
      parallel(whole.length),
      (inner, [x]) => {
        const at = linalg.index.build(inner, {}, { dim: n[2]! % whole.length }).result;
        const asInteger = arith.index_cast.build(inner, { in: at }, {}, { resultTypes: [integer] }).out;
        const asFloat = arith.sitofp.build(inner, { in: asInteger }, {}, { resultTypes: [f32] }).out;
        return arith.addf.build(inner, { lhs: x!, rhs: asFloat }, {}).result;
      },
    );
  },
  // Reduction of one dimension.
  (builder, pick, n) => {
    const source = pick();
    return shapeOf(builder, source).length === 0 ? undefined : pooled(builder, source, n);
  },
  // Matrix product of a matrix with its transpose, added to a read destination or to zero.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    if (shape.length !== 2) return undefined;
    const size = [shape[0]!, shape[0]!];
    const destination = n[1]! % 2 ? pick(size) : fill(builder, constantF32(builder, 0), emptyTensor(builder, size));
    return generic(
      builder,
      [
        { value: source, map: projectionMap(3, [0, 2]) },
        { value: source, map: projectionMap(3, [1, 2]) },
      ],
      { value: destination, map: projectionMap(3, [0, 1]) },
      ["parallel", "parallel", "reduction"],
      (inner, [a, b], acc) => {
        const product = arith.mulf.build(inner, { lhs: a!, rhs: b! }, {}).result;
        return combine(2)(inner, acc, product);
      },
    );
  },
  // A window of maxima over the last dimension, padded.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    const rank = shape.length;
    if (rank === 0 || rank > 3) return undefined;
    const none = shape.map(() => 0);
    const padded = pad(
      builder,
      source,
      none.with(rank - 1, 1 + (n[1]! % 2)),
      none.with(rank - 1, 1),
      constantF32(builder, -9),
    );
    const size = shapeOf(builder, padded)[rank - 1]!;
    const stride = 1 + (n[2]! % 2);
    const positions = Math.floor((size - 2) / stride) + 1;
    const outputs = shape.with(rank - 1, positions);
    const d = affine.dimension;
    const outer = Array.from({ length: rank - 1 }, (_, position) => d(position));
    const place = affine.add(affine.multiply(d(rank - 1), affine.constant(stride)), d(rank));
    const output = fill(builder, constantF32(builder, -8), emptyTensor(builder, outputs));
    return generic(
      builder,
      [
        { value: padded, map: affineMap(rank + 1, [...outer, place]) },
        { value: emptyTensor(builder, [2]), map: affineMap(rank + 1, [d(rank)]) },
      ],
      { value: output, map: affineMap(rank + 1, [...outer, d(rank - 1)]) },
      [...parallel(rank), "reduction"],
      (inner, [x], acc) => combine(2)(inner, acc, x!),
    );
  },
  // Slices, with strides.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    const strides = shape.map((size, position) => (size > 2 && (n[1]! >> position) % 2 ? 2 : 1));
    const offsets = shape.map((size, position) => (size > 1 ? (n[2]! >> position) % 2 : 0));
    const sizes = shape.map((size, position) =>
      Math.max(1, Math.floor((size - offsets[position]! + strides[position]! - 1) / strides[position]!)),
    );
    return tensor.extract_slice.build(
      builder,
      { source },
      { static_offsets: offsets, static_sizes: sizes, static_strides: strides },
      { resultTypes: [tensorType(sizes, f32)] },
    ).result;
  },
  (builder, pick, n) => {
    const dest = pick();
    const shape = shapeOf(builder, dest);
    if (shape.length === 0) return undefined;
    const row = tensor.extract_slice.build(
      builder,
      { source: pick(shape) },
      { static_offsets: shape.map(() => 0), static_sizes: [1, ...shape.slice(1)], static_strides: shape.map(() => 1) },
      { resultTypes: [tensorType(shape.slice(1), f32)] },
    ).result;
    return tensor.insert_slice.build(
      builder,
      { source: row, dest },
      {
        static_offsets: shape.map((size, position) => (position === 0 ? n[1]! % size : 0)),
        static_sizes: [1, ...shape.slice(1)],
        static_strides: shape.map(() => 1),
      },
    ).result;
  },
  // One element replaced by another.
  (builder, pick, n) => {
    const dest = pick();
    const shape = shapeOf(builder, dest);
    const at = (seed: number) => shape.map((size, position) => constantIndex(builder, (seed >> position) % size));
    const scalar = tensor.extract.build(builder, { tensor: pick(shape), indices: at(n[1]!) }, {}).result;
    return tensor.insert.build(builder, { scalar, dest, indices: at(n[2]!) }, {}).result;
  },
  // Reshapes there and back.
  (builder, pick) => {
    const src = pick();
    const shape = shapeOf(builder, src);
    if (shape.length < 2) return undefined;
    const groups = [[0, 1], ...[...shape.keys()].slice(2).map((position) => [position])];
    const merged = [shape[0]! * shape[1]!, ...shape.slice(2)];
    return tensor.collapse_shape.build(
      builder,
      { src },
      { reassociation: groups },
      { resultTypes: [tensorType(merged, f32)] },
    ).result;
  },
  (builder, pick) => {
    const src = pick();
    const shape = shapeOf(builder, src);
    if (shape.length === 0 || shape.length > 3 || shape[0]! % 2) return undefined;
    const groups = [[0, 1], ...[...shape.keys()].slice(1).map((position) => [position + 1])];
    const split = [2, shape[0]! / 2, ...shape.slice(1)];
    return tensor.expand_shape.build(
      builder,
      { src },
      { reassociation: groups, static_output_shape: split },
      { resultTypes: [tensorType(split, f32)] },
    ).result;
  },
  (builder, pick, n) => {
    const first = pick();
    const shape = shapeOf(builder, first);
    if (shape.length === 0) return undefined;
    const inputs = [first, pick(shape), pick(shape)].slice(0, 2 + (n[1]! % 2));
    const dim = n[2]! % shape.length;
    const joined = shape.with(dim, shape[dim]! * inputs.length);
    if (joined.reduce((product, size) => product * size, 1) > 400) return undefined;
    return tensor.concat.build(builder, { inputs }, { dim }, { resultTypes: [tensorType(joined, f32)] }).result;
  },
  // A loop that updates one tensor and carries another along, sometimes exchanging them.
  (builder, pick, n) => {
    const first = pick();
    const shape = shapeOf(builder, first);
    if (shape.length === 0) return undefined;
    const second = pick(shape);
    const outside = pick(shape);
    const rank = shape.length;
    const loop = scf.for.build(
      builder,
      {
        lowerBound: constantIndex(builder, 0),
        upperBound: constantIndex(builder, 3),
        step: constantIndex(builder, 1),
        initArgs: [first, second],
      },
      {},
      {
        regions: {
          region: [
            {
              arguments: [indexType, tensorType(shape, f32), tensorType(shape, f32)],
              body: (inner, [index, a, b]) => {
                const zero = constantIndex(inner, 0);
                const read = n[1]! % 3 === 0 ? outside : b!;
                const indices = shape.map(() => zero);
                const scalar = tensor.extract.build(inner, { tensor: read, indices }, {}).result;
                const position = arith.remui.build(
                  inner,
                  { lhs: index!, rhs: constantIndex(inner, shape[0]!) },
                  {},
                ).result;
                const updated = tensor.insert.build(
                  inner,
                  { scalar, dest: a!, indices: [position, ...indices.slice(1)] },
                  {},
                ).result;
                const map = identityMap(rank);
                const other = generic(
                  inner,
                  [b!, n[2]! % 2 ? a! : updated].map((value) => ({ value, map })),
                  { value: emptyTensor(inner, shape), map },
                  parallel(rank),
                  (body, [x, y]) => combine(n[3]!)(body, x!, y!),
                );
                const results = n[4]! % 3 === 0 ? [other, updated] : n[4]! % 3 === 1 ? [updated, b!] : [updated, other];
                scf.yield.build(inner, { results }, {});
              },
            },
          ],
        },
      },
    );
    return loop.results[n[5]! % 2]!;
  },
  // A branch whose sides are new, updated or outer tensors.
  (builder, pick, n) => {
    const first = pick();
    const shape = shapeOf(builder, first);
    const second = pick(shape);
    const map = identityMap(shape.length);
    const condition = arith.constant.build(
      builder,
      {},
      { value: integerAttribute(n[1]! % 2, i1) },
      { resultTypes: [i1] },
    ).result;
    const side = (which: number) => (inner: Builder) => {
      const made =
        which % 3 === 0
          ? second
          : which % 3 === 1
            ? generic(
                inner,
                [{ value: first, map }],
                { value: emptyTensor(inner, shape), map },
                parallel(shape.length),
                (body, [x]) => combine(which)(body, x!, constantF32(body, 1)),
              )
            : tensor.insert.build(
                inner,
                { scalar: constantF32(inner, 5), dest: first, indices: shape.map(() => constantIndex(inner, 0)) },
                {},
              ).result;
      scf.yield.build(inner, { results: [made] }, {});
    };
    return scf.if.build(
      builder,
      { condition },
      {},
      {
        resultTypes: [tensorType(shape, f32)],
        regions: {
          thenRegion: [{ arguments: [], body: side(n[2]!) }],
          elseRegion: [{ arguments: [], body: side(n[3]!) }],
        },
      },
    ).results[0]!;
  },
  // A fusion group: a reduction and what follows it, element by element.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    if (shape.length < 2) return undefined;
    const other = pick(shape.filter((_, position) => position !== n[1]! % shape.length));
    return weft.kernel.build(
      builder,
      { inputs: [source, other] },
      {},
      {
        resultTypes: [builder.typeOf(other)],
        regions: {
          body: [
            {
              arguments: [],
              body: (inner) => {
                const sum = pooled(inner, source, n);
                const kept = shapeOf(inner, sum);
                const map = identityMap(kept.length);
                const finish = (values: readonly ValueId[]): ValueId =>
                  generic(
                    inner,
                    values.map((value) => ({ value, map })),
                    { value: emptyTensor(inner, kept), map },
                    parallel(kept.length),
                    (body, [x, y]) => combine(n[4]!)(body, x!, y ?? constantF32(body, 1)),
                  );
                const result = finish(n[5]! % 2 ? [finish([sum]), other] : [finish([sum, other])]);
                weft.yield.build(inner, { values: [result] }, {});
              },
            },
          ],
        },
      },
    ).results[0]!;
  },
  // Every element from its indices, and from another tensor by computed indices.
  (builder, pick, n) => {
    const source = pick();
    const shape = shapeOf(builder, source);
    const rank = shape.length;
    if (rank === 0) return undefined;
    return generic(
      builder,
      [],
      { value: n[1]! % 2 ? pick(shape) : emptyTensor(builder, shape), map: identityMap(rank) },
      parallel(rank),
      (inner) => {
        const indices = shape.map((size, dim) => {
          const at = linalg.index.build(inner, {}, { dim }).result;
          return arith.subi.build(inner, { lhs: constantIndex(inner, size - 1), rhs: at }, {}).result;
        });
        return tensor.extract.build(inner, { tensor: source, indices }, {}).result;
      },
    );
  },
];

/** The shapes of the inputs of generated programs. */
export const inputShapes: readonly (readonly number[])[] = [[3, 4], [3, 4], [2, 3, 4], [4]];

/** A function made of chosen steps; it returns the last few tensors it made, sometimes one of them twice or an argument. */
export function tensorProgram(choices: readonly (readonly number[])[]): Module {
  return createModule((rewriter) => {
    createFunction(
      rewriter,
      "main",
      inputShapes.map((shape) => tensorType(shape, f32)),
      (builder, values) => {
        const made: ValueId[] = [...values];
        for (const n of choices) {
          let turn = 0;
          const pick = (shape?: readonly number[]): ValueId => {
            const key = shape && tensorType(shape, f32);
            const fitting = made.filter((value) => !key || builder.typeOf(value) === key);
            // Mostly recent values, so that chains come about.
            const seed = n[(turn++ + 4) % n.length]!;
            if (fitting.length === 0)
              return fill(builder, constantF32(builder, seed % 4), emptyTensor(builder, shape!));
            return fitting[Math.max(0, fitting.length - 1 - (seed % 5))]!;
          };
          const result = steps[n[0]! % steps.length]!(builder, pick, n.slice(0));
          if (result !== undefined) made.push(result);
        }
        const last = choices.at(-1)!;
        return last[1]! % 4 === 0 ? [made.at(-1)!, made.at(-2)!, made.at(-1)!] : made.slice(-1 - (last[2]! % 3));
      },
    );
  });
}
