import { affine, affineMap, identityMap, projectionMap } from "../../ir/affine.ts";
import type { Type } from "../../ir/types.ts";
import { contract } from "./contract.ts";
import type { LoweringView } from "./lowering.ts";
import type { Scalar, ScalarBuilder } from "./scalar-builder.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** Tables of factors of up to this many elements are written out; beyond, factors are looked up in one period of the waves. */
const tableLimit = 1 << 22;

/** A transform along one axis as a sum of products: result (k, p) += operand (n, q) · factor(n, q, k, p); p and q choose real or imaginary. */
export interface Transform {
  /** The number of points that the waves are periodic in. */
  readonly length: number;
  /** How many operand elements take part. */
  readonly inputs: number;
  readonly inputParts: number;
  readonly outputs: number;
  readonly outputParts: number;
  /** The sign of the exponent. */
  readonly sign: 1 | -1;
  readonly scale: number;
  /** Real results from half of a spectrum: elements that stand for themselves and their mirror image count twice. */
  readonly mirrored: boolean;
}

/** How often operand element `n` counts. */
const weightOf = ({ mirrored, length, scale }: Transform, n: number): number =>
  scale * (mirrored && n > 0 && 2 * n !== length ? 2 : 1);

/** Real and imaginary part of the wave's `step`-th point, exact where the cosine is 0 or ±1. */
function wave({ length, sign }: Transform, step: number): readonly [number, number] {
  const point = step % length;
  const quarter = (4 * point) / length;
  if (Number.isInteger(quarter)) return ([[1, 0], [0, sign], [-1, 0], [0, -sign]] as const)[quarter]!; // prettier-ignore
  const angle = (2 * Math.PI * point) / length;
  return [Math.cos(angle), sign * Math.sin(angle)];
}

/** (operand part, result part) of a complex multiplication: which part of the wave takes part, and its sign. */
const waveParts = [[[0, 1], [1, 1]], [[1, -1], [0, 1]]] as const; // prettier-ignore

/** All factors, [inputs, input parts, outputs, output parts]. */
function factorTable(t: TensorBuilder, transform: Transform, type: Type): Tensor {
  const { inputs, inputParts, outputs, outputParts } = transform;
  const values = new Float64Array(inputs * inputParts * outputs * outputParts);
  let next = 0;
  for (let n = 0; n < inputs; n++) {
    const weight = weightOf(transform, n);
    for (let q = 0; q < inputParts; q++)
      for (let k = 0; k < outputs; k++) {
        const parts = wave(transform, n * k);
        for (let p = 0; p < outputParts; p++) {
          const [part, sign] = waveParts[q]![p]!;
          values[next++] = weight * sign * parts[part];
        }
      }
  }
  return t.numbers(Array.from(values), type, [inputs, inputParts, outputs, outputParts]);
}

/** The factor at computed positions, looked up in one period: [points, 2]. */
function lookedUp(
  s: ScalarBuilder,
  transform: Transform,
  period: Tensor,
  [n, q, k, p]: readonly [Scalar, Scalar, Scalar, Scalar],
): Scalar {
  const zero = s.index(0);
  const point = s.rem(s.mul(n, k), s.index(transform.length));
  const isSame = s.compare("eq", q, p);
  const part = s.load(period, [point, s.select(isSame, zero, s.index(1))]);
  // Imaginary times imaginary is the one product that is subtracted.
  const isNegative = s.and(s.not(isSame), s.compare("eq", p, zero));
  const signed = s.select(isNegative, s.neg(part), part);
  const once = s.constant(transform.scale, period.element);
  if (!transform.mirrored) return s.mul(signed, once);
  const twice = s.constant(2 * transform.scale, period.element);
  const alone = s.or(s.compare("eq", n, zero), s.compare("eq", s.mul(n, s.index(2)), s.index(transform.length)));
  return s.mul(signed, s.select(alone, once, twice));
}

/** The transform of x [outer, inputs, inner, input parts] to [outer, outputs, inner, output parts]. */
export function transformed(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  transform: Transform,
  type: Type,
): Tensor {
  const { t } = view;
  const { inputs, inputParts, outputs, outputParts, length } = transform;
  const labels = { x: ["a", "n", "b", "q"], y: ["a", "k", "b", "p"] };
  const size = inputs * inputParts * outputs * outputParts;
  const factors = radices(length);
  // Factor by factor a complex transform takes 4·N·Σ multiplications; an odd factor half as many.
  const steps = 4 * length * factors.reduce((sum, factor) => sum + (factor % 2 === 0 ? factor : factor / 2), 0);
  if (!transform.mirrored && 2 * steps <= size && Math.max(...factors) ** 2 <= tableLimit)
    return factorByFactor(view, x, transform, factors, type);
  if (size <= tableLimit) {
    const table = factorTable(t, transform, type);
    return contract(view, [{ tensor: x, labels: labels.x }, { tensor: table, labels: ["n", "q", "k", "p"] }], labels.y, type); // prettier-ignore
  }
  const points = Array.from({ length }, (_, point) => wave(transform, point)).flat();
  const period = t.numbers(points, type, [length, 2]);
  const shape = [x.shape[0]!, outputs, x.shape[2]!, outputParts];
  return t.generic({
    inputs: [
      {
        tensor: x,
        map: affineMap(
          6,
          [0, 4, 2, 5].map((d) => affine.dimension(d)),
        ),
      },
    ],
    outputs: [{ tensor: t.filled(0, type, shape), map: projectionMap(6, [0, 1, 2, 3]) }],
    iterators: ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"],
    body: (s, [value], [sum]) => {
      const [k, p, n, q] = [1, 3, 4, 5].map((d) => s.loopIndex(d)) as [Scalar, Scalar, Scalar, Scalar];
      return [s.add(sum!, s.mul(s.cast(value!, type), lookedUp(s, transform, period, [n, q, k, p])))];
    },
  })[0]!;
}

/** The factors in which a transform is taken apart: powers of two up to 16, then odd primes. */
function radices(length: number): readonly number[] {
  const factors: number[] = [];
  let rest = length;
  for (const power of [16, 8, 4, 2]) for (; rest % power === 0; rest /= power) factors.push(power);
  for (let prime = 3; prime * prime <= rest; prime += 2) for (; rest % prime === 0; rest /= prime) factors.push(prime);
  if (rest > 1 || factors.length === 0) factors.push(rest);
  return factors;
}

/** A complex transform of `points` elements onto as many. */
const wholeTransform = (points: number, sign: 1 | -1): Transform => ({
  length: points,
  inputs: points,
  inputParts: 2,
  outputs: points,
  outputParts: 2,
  sign,
  scale: 1,
  mirrored: false,
});

/**
 * Stockham's fast transform: for each factor p, transforms of p points, then rotations; the order of elements comes out right by
 * itself. With l points done and N = l·p·m: [l, p, m] becomes [p, l, m].
 */
function factorByFactor(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  transform: Transform,
  factors: readonly number[],
  type: Type,
): Tensor {
  const { t } = view;
  const { length, inputs, outputs, sign, scale } = transform;
  const [outer, , inner, parts] = x.shape as [number, number, number, number];
  const padded = t.pad(t.cast(x, type), [0, 0, 0, 0], [0, length - inputs, 0, 2 - parts], t.scalars.constant(0, type));
  let data = padded;
  let done = 1;
  for (const factor of factors) {
    const rest = length / (done * factor);
    const current = t.reshape(data, [outer, done, factor, rest, inner, 2]);
    const turned =
      factor % 2 === 0 || factor === 1
        ? contract(
            view,
            [
              { tensor: current, labels: ["a", "l", "n", "m", "b", "q"] },
              { tensor: factorTable(t, wholeTransform(factor, sign), type), labels: ["n", "q", "k", "p"] },
            ],
            ["a", "k", "l", "m", "b", "p"],
            type,
          )
        : oddTransform(t, current, sign, type);
    data = rest === 1 ? turned : rotated(view, turned, wholeTransform(length, sign), done, type);
    done *= factor;
  }
  const whole = t.slice(t.reshape(data, [outer, length, inner, 2]), [0, 0, 0, 0], [outer, outputs, inner, 2]);
  return scale === 1 ? whole : t.map(whole, (s, value) => s.mul(value, s.constant(scale, type)));
}

/** Element (k, m) of [outer, k, l, m, inner, 2] times the wave's point k·l·m. */
function rotated(
  view: Pick<LoweringView, "t" | "invalid">,
  x: Tensor,
  whole: Transform,
  done: number,
  type: Type,
): Tensor {
  const [, factor, , rest] = x.shape as [number, number, number, number];
  const values: number[] = [];
  for (let k = 0; k < factor; k++)
    for (let m = 0; m < rest; m++) {
      const [real, imaginary] = wave(whole, k * done * m);
      values.push(real, imaginary, -imaginary, real);
    }
  const rotations = view.t.numbers(values, type, [factor, rest, 2, 2]);
  const factors = [
    { tensor: x, labels: ["a", "k", "l", "m", "b", "q"] },
    { tensor: rotations, labels: ["k", "m", "q", "p"] },
  ];
  return contract(view, factors, ["a", "k", "l", "m", "b", "p"], type);
}

/**
 * Transforms of an odd number of points, [outer, l, p, m, inner, 2] to [outer, p, l, m, inner, 2]. Elements n and p - n meet
 * conjugate waves, so with their sums s and differences d the results k and p - k are C ± i·S, where
 * C = x₀ + Σ cos(2πkn/p)·s_n and S = ±Σ sin(2πkn/p)·d_n.
 */
function oddTransform(t: TensorBuilder, x: Tensor, sign: 1 | -1, type: Type): Tensor {
  const [outer, done, points, rest, inner] = x.shape as [number, number, number, number, number];
  const pairs = (points - 1) / 2;
  const pairShape = [outer, done, pairs, rest, inner, 2];
  const [sums, differences] = t.generic({
    inputs: [],
    outputs: [0, 1].map(() => ({ tensor: t.emptyOutput(pairShape, type), map: identityMap(6) })),
    iterators: pairShape.map(() => "parallel"),
    body: (s) => {
      const at = pairShape.map((_, d) => s.loopIndex(d));
      const first = s.load(x, at.with(2, s.add(at[2]!, s.index(1))));
      const second = s.load(x, at.with(2, s.sub(s.index(points - 1), at[2]!)));
      return [s.add(first, second), s.sub(first, second)];
    },
  });
  const halfShape = [outer, pairs + 1, done, rest, inner, 2];
  const table = (part: 0 | 1): Tensor => {
    const whole = wholeTransform(points, sign);
    const entries = Array.from({ length: (pairs + 1) * pairs }, (_, index) =>
      wave(whole, Math.floor(index / pairs) * ((index % pairs) + 1)),
    );
    return t.numbers(
      entries.map((entry) => entry[part]),
      type,
      [pairs + 1, pairs],
    );
  };
  // Loops (outer, k, l, m, inner, part, n).
  const d = affine.dimension;
  const weighted = (terms: Tensor, factors: Tensor, initial: Tensor): Tensor =>
    t.generic({
      inputs: [
        { tensor: terms, map: projectionMap(7, [0, 2, 6, 3, 4, 5]) },
        { tensor: factors, map: projectionMap(7, [1, 6]) },
      ],
      outputs: [{ tensor: initial, map: projectionMap(7, [0, 1, 2, 3, 4, 5]) }],
      iterators: [...halfShape.map(() => "parallel" as const), "reduction"],
      body: (s, [term, factor], [total]) => [s.add(total!, s.mul(term!, factor!))],
    })[0]!;
  const first = t.generic({
    inputs: [{ tensor: x, map: affineMap(6, [d(0), d(2), affine.constant(0), d(3), d(4), d(5)]) }],
    outputs: [{ tensor: t.emptyOutput(halfShape, type), map: identityMap(6) }],
    iterators: halfShape.map(() => "parallel"),
    body: (_, [value]) => [value!],
  })[0]!;
  const even = weighted(sums!, table(0), first);
  const odd = weighted(differences!, table(1), t.filled(0, type, halfShape));
  return t.compute([outer, points, ...halfShape.slice(2)], type, (s, at) => {
    const [k, part] = [at[1]!, at[5]!];
    const isMirrored = s.compare("gt", k, s.index(pairs));
    const row = s.select(isMirrored, s.sub(s.index(points), k), k);
    const own = s.load(even, at.with(1, row));
    const other = s.load(odd, at.with(1, row).with(5, s.sub(s.index(1), part)));
    // i·S has -Im S as its real part and Re S as its imaginary one.
    const isAdded = s.xor(s.compare("eq", part, s.index(1)), isMirrored);
    return s.select(isAdded, s.add(own, other), s.sub(own, other));
  });
}
