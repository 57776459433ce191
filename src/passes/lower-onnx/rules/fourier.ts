import { affine, affineMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { type Transform, transformed } from "../fourier.ts";
import { normalizeAxis, lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import { computationType } from "./arithmetic.ts";
import { castTarget } from "./cast.ts";

const productOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);

/** A scalar operand that must be known. */
function knownScalar(view: Pick<LoweringView, "integers" | "invalid">, operand: Tensor, name: string): number {
  return view.integers(operand, name)[0] ?? view.invalid(`${name} is empty`);
}

/**
 * Triangular filters of equal width on the mel scale, mel(f) = 2595·log10(1 + f/700): [bins of a one-sided spectrum, filters]. Edges
 * are rounded down to bins as TensorFlow's and PyTorch's are.
 */
function melFilters(filters: number, length: number, rate: number, lower: number, upper: number): number[] | undefined {
  const rows = Math.floor(length / 2) + 1;
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const step = (mel(upper) - mel(lower)) / (filters + 2);
  const edges = Array.from({ length: filters + 2 }, (_, index) => {
    const hertz = 700 * (10 ** ((mel(lower) + index * step) / 2595) - 1);
    return Math.floor(((length + 1) * hertz) / rate);
  });
  if (edges.some((edge) => !(edge >= 0 && edge < rows))) return undefined;
  const values = Array.from({ length: rows * filters }, () => 0);
  for (let filter = 0; filter < filters; filter++) {
    const [left, center, right] = edges.slice(filter, filter + 3) as [number, number, number];
    const set = (row: number, value: number): void => void (values[row * filters + filter] = value);
    if (center === left) set(center, 1);
    else for (let row = left; row <= center; row++) set(row, (row - left) / (center - left));
    for (let row = center; row < right; row++) set(row, (right - row) / (right - center));
  }
  return values;
}

export const fourierRules: readonly Lowering[] = [
  lowering(onnx.DFT, (view) => {
    const { t, inputs, attributes } = view;
    const { input, dft_length, axis } = inputs;
    const [inverse, onesided] = [attributes.inverse !== 0, attributes.onesided !== 0];
    const given = axis ? knownScalar(view, axis, "axis") : -2;
    const along = normalizeAxis(given, input.rank);
    const parts = input.shape.at(-1);
    if (input.rank < 2 || along === undefined || along === input.rank - 1 || (parts !== 1 && parts !== 2))
      return view.invalid(`[${input.shape}] has no real or complex signal along axis ${given}`);
    const size = input.shape[along]!;
    const real = inverse && onesided;
    const length = dft_length ? knownScalar(view, dft_length, "dft_length") : real ? 2 * (size - 1) : size;
    if (length < 1) view.invalid(`dft_length ${length} is no length`);
    const half = Math.floor(length / 2) + 1;
    const used = Math.min(size, real ? half : length);
    const transform: Transform = {
      length,
      inputs: used,
      inputParts: parts,
      outputs: onesided && !inverse ? half : length,
      outputParts: real ? 1 : 2,
      sign: inverse ? 1 : -1,
      scale: inverse ? 1 / length : 1,
      mirrored: real,
    };
    const [outer, inner] = [input.shape.slice(0, along), input.shape.slice(along + 1, -1)];
    const taken = t.slice(
      input,
      input.shape.map(() => 0),
      input.shape.with(along, used),
    );
    const signal = t.reshape(taken, [productOf(outer), used, productOf(inner), parts]);
    const result = transformed(view, signal, transform, computationType(input.element));
    return [t.reshape(t.cast(result, input.element), [...outer, transform.outputs, ...inner, transform.outputParts])];
  }),
  lowering(onnx.STFT, (view) => {
    const { t, inputs, attributes } = view;
    const { signal, frame_step, window, frame_length } = inputs;
    const [batch, samples] = signal.shape;
    const parts = signal.rank === 2 ? 1 : signal.shape[2];
    if ((signal.rank !== 2 && signal.rank !== 3) || (parts !== 1 && parts !== 2))
      return view.invalid(`signal is [${signal.shape}], not [batch, samples, 1 or 2]`);
    if (window && window.rank !== 1) view.invalid(`window has rank ${window.rank}, not 1`);
    const step = knownScalar(view, frame_step, "frame_step");
    const length = frame_length ? knownScalar(view, frame_length, "frame_length") : (window?.size ?? samples!);
    if (step < 1 || length < 1 || length > samples!)
      view.invalid(`frames of ${length} samples, ${step} apart, do not fit ${samples} samples`);
    const frames = 1 + Math.floor((samples! - length) / step);
    const transform: Transform = {
      length,
      inputs: Math.min(length, window?.size ?? length),
      inputParts: parts,
      outputs: attributes.onesided !== 0 ? Math.floor(length / 2) + 1 : length,
      outputParts: 2,
      sign: -1,
      scale: 1,
      mirrored: false,
    };
    const type = computationType(signal.element);
    const padded = t.reshape(signal, [batch!, samples!, parts]);
    // Frames overlap, so they are gathered (and weighted) first; the transform is then one along their own axis.
    const frameShape = [batch!, frames, transform.inputs, parts];
    const d = affine.dimension;
    const framed = t.generic({
      inputs: [
        {
          tensor: padded,
          map: affineMap(4, [d(0), affine.add(affine.multiply(d(1), affine.constant(step)), d(2)), d(3)]),
        },
        ...(window ? [{ tensor: window, map: projectionMap(4, [2]) }] : []),
      ],
      outputs: [{ tensor: t.emptyOutput(frameShape, type), map: projectionMap(4, [0, 1, 2, 3]) }],
      iterators: ["parallel", "parallel", "parallel", "parallel"],
      body: (s, [sample, weight]) => {
        const value = s.cast(sample!, type);
        return [weight ? s.mul(value, s.cast(weight, type)) : value];
      },
    })[0]!;
    const rows = t.reshape(framed, [batch! * frames, transform.inputs, 1, parts]);
    const result = transformed(view, rows, transform, type);
    return [t.reshape(t.cast(result, signal.element), [batch!, frames, transform.outputs, 2])];
  }),
  lowering(onnx.MelWeightMatrix, (view) => {
    const { t, inputs, attributes } = view;
    const filters = knownScalar(view, inputs.num_mel_bins, "num_mel_bins");
    const length = knownScalar(view, inputs.dft_length, "dft_length");
    const rate = knownScalar(view, inputs.sample_rate, "sample_rate");
    const lower = knownScalar(view, inputs.lower_edge_hertz, "lower_edge_hertz");
    const upper = knownScalar(view, inputs.upper_edge_hertz, "upper_edge_hertz");
    if (filters < 0 || length < 1 || rate < 1) view.invalid(`${filters} filters of ${length} points at ${rate} Hz`);
    const values =
      melFilters(filters, length, rate, lower, upper) ??
      view.invalid(`edges of ${lower} and ${upper} Hz are no part of a spectrum of ${length} points at ${rate} Hz`);
    const element = castTarget(view, attributes.output_datatype);
    return [t.numbers(values, element, [Math.floor(length / 2) + 1, filters])];
  }),
];
