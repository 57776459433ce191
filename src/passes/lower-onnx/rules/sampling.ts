import { affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, indexType, stringType, type Type } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";

/** What stands for elements outside of the image. */
type Padding = "zeros" | "border" | "reflection";

/** How an axis is sampled. */
interface Sampling {
  readonly mode: "nearest" | "linear" | "cubic";
  readonly padding: Padding;
  /** Whether −1 and 1 are the centres of the first and last element, instead of their outer edges. */
  readonly alignCorners: boolean;
}

/** One element that takes part in a sample along an axis. */
interface Tap {
  /** In bounds, whatever the grid says. */
  readonly index: Scalar;
  /** Absent for a nearest element. */
  readonly weight: Scalar | undefined;
  /** Whether the element exists; absent where it always does. */
  readonly isInside: Scalar | undefined;
}

/** Cubic convolution's free parameter. */
const cubicCoefficient = -0.75;

const constantLike = (s: ScalarBuilder, value: number, like: Scalar): Scalar => s.constant(value, like.type);

/** Between two limits; NaN becomes the lower one, so that it never becomes an index. */
function clampFloat(s: ScalarBuilder, x: Scalar, low: number, high: number): Scalar {
  const raised = s.select(s.compare("gt", x, constantLike(s, low, x)), x, constantLike(s, low, x));
  return s.select(s.compare("lt", raised, constantLike(s, high, x)), raised, constantLike(s, high, x));
}

/** Mirrored at both limits until it lies between them. */
function reflect(s: ScalarBuilder, x: Scalar, low: number, high: number): Scalar {
  if (high <= low) return constantLike(s, low, x);
  const range = constantLike(s, high - low, x);
  const distance = s.abs(s.sub(x, constantLike(s, low, x)));
  const turns = s.float("floor", s.div(distance, range));
  const rest = s.sub(distance, s.mul(turns, range));
  const isOdd = s.compare("ne", s.rem(turns, constantLike(s, 2, x)), constantLike(s, 0, x));
  return s.select(isOdd, s.sub(constantLike(s, high, x), rest), s.add(constantLike(s, low, x), rest));
}

/** The element number that a normalized coordinate stands for. */
function positionOnAxis(s: ScalarBuilder, coordinate: Scalar, size: number, alignCorners: boolean): Scalar {
  const [one, half] = [constantLike(s, 1, coordinate), constantLike(s, 0.5, coordinate)];
  const shifted = s.add(coordinate, one);
  if (alignCorners) return s.mul(s.mul(shifted, half), constantLike(s, size - 1, coordinate));
  return s.mul(s.sub(s.mul(shifted, constantLike(s, size, coordinate)), one), half);
}

/** Keys' weights of the four elements around a position that is `fraction` beyond the second. */
function cubicWeights(s: ScalarBuilder, fraction: Scalar): readonly Scalar[] {
  const a = cubicCoefficient;
  const c = (value: number): Scalar => constantLike(s, value, fraction);
  const polynomial = (x: Scalar, ...coefficients: readonly number[]): Scalar =>
    coefficients.slice(1).reduce((sum, value) => s.add(s.mul(sum, x), c(value)), c(coefficients[0]!));
  const near = (x: Scalar): Scalar => polynomial(x, a + 2, -(a + 3), 0, 1);
  const far = (x: Scalar): Scalar => polynomial(x, a, -5 * a, 8 * a, -4 * a);
  const rest = s.sub(c(1), fraction);
  return [far(s.add(fraction, c(1))), near(fraction), near(rest), far(s.add(rest, c(1)))];
}

/** The elements of an axis that a coordinate samples. */
function tapsOnAxis(s: ScalarBuilder, coordinate: Scalar, size: number, sampling: Sampling): readonly Tap[] {
  const { mode, padding, alignCorners } = sampling;
  const [low, high] = alignCorners ? [0, size - 1] : [-0.5, size - 0.5];
  let position = positionOnAxis(s, coordinate, size, alignCorners);
  if (mode === "nearest") position = s.float("roundeven", position);
  // A cubic sample beyond the border is made of border elements instead, as in PyTorch and ONNX Runtime.
  if (padding === "border" && mode !== "cubic") position = clampFloat(s, position, 0, size - 1);
  // A position inside is its own reflection, up to rounding that must not be added.
  if (padding === "reflection") {
    const isInside = s.and(
      s.compare("ge", position, constantLike(s, low, position)),
      s.compare("le", position, constantLike(s, high, position)),
    );
    position = s.select(isInside, position, reflect(s, position, low, high));
  }
  // Whatever lies further out than every element and tap samples nothing but padding.
  position = clampFloat(s, position, -4, size + 4);
  const base = s.float("floor", position);
  const fraction = s.sub(position, base);
  const tap = (offset: number, weight: Scalar | undefined): Tap => {
    const at = offset === 0 ? base : s.add(base, constantLike(s, offset, base));
    const isInside =
      padding === "zeros"
        ? s.and(s.compare("ge", at, constantLike(s, 0, at)), s.compare("le", at, constantLike(s, size - 1, at)))
        : undefined;
    const mirrored = padding === "reflection" ? s.float("floor", reflect(s, at, low, high)) : at;
    return { index: s.cast(clampFloat(s, mirrored, 0, size - 1), indexType), weight, isInside };
  };
  if (mode === "nearest") return [tap(0, undefined)];
  if (mode === "linear") return [tap(0, s.sub(constantLike(s, 1, fraction), fraction)), tap(1, fraction)];
  return cubicWeights(s, fraction).map((weight, index) => tap(index - 1, weight));
}

/** The weighted sum over all combinations of taps, the outer axes outermost. */
function sample(
  s: ScalarBuilder,
  x: Tensor,
  outer: readonly Scalar[],
  axes: readonly (readonly Tap[])[],
  type: Type,
): Scalar {
  const [taps, ...inner] = axes;
  if (!taps) {
    const value = s.load(x, outer);
    return type === x.element ? value : s.cast(value, type);
  }
  const terms = taps.map(({ index, weight, isInside }) => {
    const value = sample(s, x, [...outer, index], inner, type);
    const present = isInside ? s.select(isInside, value, s.constant(0, type)) : value;
    return weight ? s.mul(s.cast(weight, type), present) : present;
  });
  return terms.reduce((sum, term) => s.add(sum, term));
}

function samplingOf(
  view: Pick<LoweringView, "invalid">,
  attributes: { readonly mode: string; readonly padding_mode: string; readonly align_corners: number },
): Sampling {
  const { mode, padding_mode: padding, align_corners } = attributes;
  if (mode !== "nearest" && mode !== "linear" && mode !== "cubic")
    return view.invalid(`mode ${mode} is none of nearest, linear and cubic`);
  if (padding !== "zeros" && padding !== "border" && padding !== "reflection")
    return view.invalid(`padding_mode ${padding} is none of zeros, border and reflection`);
  return { mode, padding, alignCorners: align_corners !== 0 };
}

/** Coordinates of an axis' elements between −1 and 1, as the grid of an unchanged image has them. */
function baseCoordinates(t: TensorBuilder, size: number, alignCorners: boolean): Tensor {
  const step = alignCorners ? (size > 1 ? 2 / (size - 1) : 0) : 2 / size;
  const start = alignCorners ? -1 : -1 + step / 2;
  return t.numbers(
    Array.from({ length: size }, (_, index) => start + index * step),
    f32,
  );
}

export const samplingRules: readonly Lowering[] = [
  lowering(onnx.GridSample, (view) => {
    const { t, inputs } = view;
    const { X, grid } = inputs;
    const sampling = samplingOf(view, view.attributes);
    const axes = X.rank - 2;
    if (axes < 1 || grid.rank !== X.rank || grid.shape.at(-1) !== axes || grid.shape[0] !== X.shape[0])
      view.invalid(`a grid of shape [${grid.shape}] does not fit an image of shape [${X.shape}]`);
    if (sampling.mode === "cubic" && axes > 4)
      view.unsupported(`a cubic sample over ${axes} axes has ${4 ** axes} terms`);
    if (X.element === stringType && (sampling.mode !== "nearest" || sampling.padding === "zeros"))
      view.unsupported("strings can neither be interpolated nor padded");
    const shape = [...X.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
    if (X.size === 0) return [t.filled(0, X.element, shape)];
    const coordinateType = computationType(grid.element);
    const isDouble = X.element === f64 || coordinateType === f64;
    const type = sampling.mode === "nearest" ? X.element : isDouble ? f64 : f32;
    return [
      t.compute(shape, X.element, (s, indices) => {
        const [batch, channel, ...place] = indices as [Scalar, Scalar, ...Scalar[]];
        const taps = X.shape.slice(2).map((size, axis) => {
          // The grid counts from the innermost axis.
          const coordinate = s.load(grid, [batch, ...place, s.index(axes - 1 - axis)]);
          return tapsOnAxis(s, s.cast(coordinate, coordinateType), size, sampling);
        });
        return s.cast(sample(s, X, [batch, channel], taps, type), X.element);
      }),
    ];
  }),
  lowering(onnx.AffineGrid, (view) => {
    const { t, inputs } = view;
    const { theta } = inputs;
    const declared = inputs.size.constant ? undefined : view.declaredShape(0);
    const places = declared ? declared.slice(1, -1) : view.integers(inputs.size, "size").slice(2);
    const axes = places.length;
    if ((axes !== 2 && axes !== 3) || places.some((size) => size < 0)) view.invalid(`[${places}] is no image's size`);
    if (theta.rank !== 3 || theta.shape[1] !== axes || theta.shape[2] !== axes + 1)
      view.invalid(`theta has shape [${theta.shape}] for an image of [${places}]`);
    const shape = [theta.shape[0]!, ...places, axes];
    const rank = shape.length;
    const matrix = (column: number) => ({
      tensor: theta,
      map: affineMap(rank, [affine.dimension(0), affine.dimension(rank - 1), affine.constant(column)]),
    });
    const coordinates = places.map((length, axis) => ({
      tensor: baseCoordinates(t, length, view.attributes.align_corners !== 0),
      map: projectionMap(rank, [axis + 1]),
    }));
    const wide = computationType(theta.element);
    return t.generic({
      inputs: [...Array.from({ length: axes + 1 }, (_, column) => matrix(column)), ...coordinates],
      outputs: [{ tensor: t.emptyOutput(shape, theta.element), map: identityMap(rank) }],
      iterators: shape.map(() => "parallel"),
      body: (s, values) => {
        const [factors, along] = [values.slice(0, axes + 1), values.slice(axes + 1)];
        // Columns belong to the innermost axis first.
        const sum = along.reduce(
          (total, place, axis) => s.add(total, s.mul(s.cast(factors[axes - 1 - axis]!, wide), s.cast(place, wide))),
          s.cast(factors[axes]!, wide),
        );
        return [s.cast(sum, theta.element)];
      },
    });
  }),
];
