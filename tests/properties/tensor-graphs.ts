import type { Module } from "../../src/ir/module.ts";
import { f32, i32 } from "../../src/ir/types.ts";
import type { Tensor } from "../../src/passes/lower-onnx/tensor.ts";
import type { TensorBuilder } from "../../src/passes/lower-onnx/tensor-builder.ts";
import { branch, loop } from "../../src/passes/lower-onnx/tensor-control.ts";
import { tensorFunction } from "./tensor-function.ts";

/** Shapes of the arguments of a generated graph. */
export const graphInputs: readonly (readonly number[])[] = [[2, 3, 4], [2, 3, 4], [1, 4, 1, 3], [4]];

type Step = (t: TensorBuilder, pick: (rank?: number) => Tensor | undefined, n: readonly number[]) => Tensor | undefined;

const smallNumbers = (count: number, seed: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => ((index * 7 + seed * 3) % 5) - 2);
const constantOf = (t: TensorBuilder, shape: readonly number[], seed: number): Tensor =>
  t.numbers(
    smallNumbers(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
    f32,
    shape,
  );

/** Each makes a tensor of earlier ones, as lowered models do. Sizes stay small; numbers stay small integers or halves of them. */
const steps: readonly Step[] = [
  // Arithmetic with a constant, some of it neutral.
  (t, pick, n) => {
    const x = pick()!;
    return t.map(x, (s, value) => {
      const constant = s.constant([0, 1, 2, -1, 0.5][n[1]! % 5]!, f32);
      return [s.add, s.sub, s.mul, s.max][n[2]! % 4]!.call(s, value, constant);
    });
  },
  // Two tensors that broadcast, or a tensor with itself.
  (t, pick, n) => {
    const x = pick()!;
    const y = n[1]! % 3 === 0 ? x : pick(x.rank);
    const fits = y?.shape.every((size, axis) => size === x.shape[axis] || size === 1 || x.shape[axis] === 1);
    if (!y || !fits) return undefined;
    return t.elementwise([x, y], f32, (s, a, b) => [s.add, s.sub, s.max, s.min][n[2]! % 4]!.call(s, a!, b!));
  },
  // A constant for each position along one axis, scaled and shifted.
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0) return undefined;
    const axis = n[1]! % x.rank;
    const shape = x.shape.map((size, other) => (other === axis ? size : 1));
    const [scale, shift] = [constantOf(t, shape, n[2]!), constantOf(t, shape, n[3]!)];
    return t.elementwise([x, scale, shift], f32, (s, value, a, b) => s.add(s.mul(value!, a!), b!));
  },
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank < 2) return undefined;
    const shift = 1 + (n[1]! % (x.rank - 1));
    return t.transpose(
      x,
      x.shape.map((_, axis) => (axis + shift) % x.rank),
    );
  },
  // Reductions, with and without the reduced axes.
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0) return undefined;
    const axes = n[1]! % 3 === 0 && x.rank > 1 ? [0, x.rank - 1] : [n[2]! % x.rank];
    return n[3]! % 2 ? t.sum(x, axes, n[4]! % 2 === 0) : t.max(x, axes, n[4]! % 2 === 0);
  },
  // Products with a constant matrix.
  (t, pick, n) => {
    const x = pick();
    if (!x || x.rank < 2) return undefined;
    return t.matmul(x, constantOf(t, [x.shape.at(-1)!, 1 + (n[1]! % 3)], n[2]!));
  },
  // A product with constant weights, then constants for each column, as batch normalization leaves it.
  (t, pick, n) => {
    const x = pick();
    if (!x || x.rank < 2) return undefined;
    const columns = 1 + (n[1]! % 3);
    const product = t.matmul(x, constantOf(t, [x.shape.at(-1)!, columns], n[2]!));
    const [first, second] = [n[3]!, n[4]!].map((seed) => constantOf(t, [columns], seed));
    return t.elementwise([product, first!, second!], f32, (s, value, a, b) => {
      const once = [s.mul(value!, a!), s.sub(a!, value!), s.add(value!, a!)][n[3]! % 3]!;
      const twice = [s.sub(b!, once), s.mul(b!, once), s.div(once, s.constant(2, f32))][n[4]! % 3]!;
      return n[5]! % 2 ? twice : s.max(twice, s.constant(0, f32));
    });
  },
  // A reduction that keeps its axis, then positions along that axis and the others.
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0) return undefined;
    const sum = t.sum(x, [n[1]! % x.rank], true);
    return t.elementwise([sum], f32, (s, value) => {
      const position = s.loopIndex(n[2]! % x.rank);
      return s.add(s.mul(value!, s.constant(2, f32)), s.cast(s.cast(position, i32), f32));
    });
  },
  // Other shapes: flat, with a unit dimension more, without unit dimensions, with the first two merged.
  (t, pick, n) => {
    const x = pick()!;
    const { shape } = x;
    const choices = [
      [x.size],
      shape.toSpliced(n[2]! % (x.rank + 1), 0, 1),
      shape.filter((size) => size !== 1),
      x.rank < 2 ? shape : [shape[0]! * shape[1]!, ...shape.slice(2)],
    ];
    const to = choices[n[1]! % choices.length]!;
    return to.length > 5 ? undefined : t.reshape(x, to);
  },
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0) return undefined;
    const axis = n[1]! % x.rank;
    const size = x.shape[axis]!;
    const offset = n[2]! % size;
    const stride = 1 + (n[3]! % 2);
    const along = (chosen: number, otherwise: (other: number) => number) =>
      x.shape.map((_, other) => (other === axis ? chosen : otherwise(other)));
    return t.slice(
      x,
      along(offset, () => 0),
      along(Math.ceil((size - offset) / stride), (other) => x.shape[other]!),
      along(stride, () => 1),
    );
  },
  (t, pick, n) => {
    const x = pick()!;
    return x.rank === 0 || x.size > 64 ? undefined : t.concat(n[2]! % 2 ? [x] : [x, x], n[1]! % x.rank);
  },
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0 || x.size > 64) return undefined;
    const amount = n[1]! % 2;
    const borders = x.shape.map((_, axis) => (axis === n[2]! % x.rank ? amount : 0));
    return t.pad(x, borders, borders, t.scalars.constant(0, f32));
  },
  // Positions as values.
  (t, pick, n) => {
    const x = pick()!;
    if (x.rank === 0) return undefined;
    return t.elementwise([x], f32, (s, value) => s.add(value!, s.cast(s.cast(s.loopIndex(n[1]! % x.rank), i32), f32)));
  },
  (t, pick, n) => {
    const x = pick()!;
    return x.rank > 3 || x.size > 32 ? undefined : t.expand(x, [1 + (n[1]! % 2), ...x.shape]);
  },
  // Computation on constants alone.
  (t, _, n) => {
    const x = constantOf(t, [2, 3], n[1]!);
    return t.elementwise([x, t.filled(n[2]! % 4, f32, [2, 3])], f32, (s, a, b) => s.add(s.mul(a!, b!), a!));
  },
  // A loop of so many iterations, and a branch that is known or not.
  (t, pick, n) => {
    const x = pick()!;
    return loop(t, n[1]! % 3, [x, x], (_, [a, b]) => [t.map(a!, (s, value) => s.add(value, s.constant(1, f32))), b!])[
      n[2]! % 2
    ];
  },
  (t, pick, n) => {
    const x = pick()!;
    const s = t.scalars;
    const known = s.compare("lt", s.index(n[1]! % 2), s.index(1));
    const first = t.extract(
      x,
      x.shape.map(() => s.index(0)),
    );
    const condition = n[2]! % 2 ? known : s.compare("lt", first, s.constant(0, f32));
    return branch(
      t,
      condition,
      () => [t.map(x, (inner, value) => inner.neg(inner.neg(value)))],
      () => [t.map(x, (inner, value) => inner.div(value, inner.constant(2, f32)))],
    )[0];
  },
];

/** A module with one function of several results, made by choices. */
export const tensorGraph = (choices: readonly (readonly number[])[]): Module =>
  tensorFunction(graphInputs, (t, inputs) => {
    const made = [...inputs];
    for (const n of choices) {
      let next = n[5]!;
      const pick = (rank?: number): Tensor | undefined => {
        const candidates = rank === undefined ? made : made.filter((tensor) => tensor.rank === rank);
        next = (next * 31 + 7) % 1009;
        // Recent tensors are more likely, so that chains form.
        return candidates.at(-1 - (next % Math.min(3, Math.max(1, candidates.length))));
      };
      const tensor = steps[n[0]! % steps.length]!(t, pick, n);
      if (tensor && tensor.size > 0 && tensor.size <= 512) made.push(tensor);
    }
    return made.slice(-3);
  });
