import { type AffineExpression, affine, affineMap, identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { f32, i32, indexType, integerType } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";

/** Whole numbers of `bits` bits out of bytes, the first in the lowest bits, along the last axis: [..., n] to [..., n·8/bits] in i32. */
function unpacked(t: TensorBuilder, packed: Tensor, bits: number): Tensor {
  const perByte = 8 / bits;
  const rank = packed.rank + 1;
  const shape = [...packed.shape, perByte];
  const bytes = t.cast(packed, integerType(8, "unsigned"));
  const [numbers] = t.generic({
    inputs: [
      {
        tensor: bytes,
        map: projectionMap(
          rank,
          packed.shape.map((_, axis) => axis),
        ),
      },
    ],
    outputs: [{ tensor: t.emptyOutput(shape, i32), map: identityMap(rank) }],
    iterators: shape.map(() => "parallel"),
    body: (s, [byte]) => {
      const shift = s.mul(s.cast(s.loopIndex(rank - 1), i32), s.constant(bits, i32));
      return [s.and(s.shiftRight(s.cast(byte!, i32), shift), s.constant(2 ** bits - 1, i32))];
    },
  });
  return t.reshape(numbers!, [...packed.shape.slice(0, -1), packed.shape.at(-1)! * perByte]);
}

interface PackedWeights {
  readonly B: Tensor;
  readonly scales: Tensor;
  readonly zero_points: Tensor | undefined;
  readonly g_idx: Tensor | undefined;
}

/** The weights as f32, [N, blocks·block size]: the columns of the right operand, padded to whole blocks. */
function dequantizedWeights(
  view: Pick<LoweringView, "t" | "invalid">,
  { B, scales, zero_points, g_idx }: PackedWeights,
  sizes: { readonly n: number; readonly blocks: number; readonly blockSize: number; readonly bits: number },
): Tensor {
  const { t } = view;
  const { n, blocks, blockSize, bits } = sizes;
  const numbers = t.reshape(unpacked(t, t.reshape(B, [n, blocks, (blockSize * bits) / 8]), bits), [
    n,
    blocks,
    blockSize,
  ]);
  const zeros = zeroPoints(t, zero_points, sizes);
  const byBlock = projectionMap(3, [0, 1]);
  const factors = t.reshape(scales, [n, blocks]);
  if (!g_idx) {
    const [weights] = t.generic({
      inputs: [
        { tensor: numbers, map: identityMap(3) },
        { tensor: factors, map: byBlock },
        { tensor: zeros, map: zeros.rank === 0 ? affineMap(3, []) : byBlock },
      ],
      outputs: [{ tensor: t.emptyOutput([n, blocks, blockSize], f32), map: identityMap(3) }],
      iterators: ["parallel", "parallel", "parallel"],
      body: (s, [x, scale, zero]) => [s.mul(s.sub(s.cast(x!, f32), s.cast(zero!, f32)), s.cast(scale!, f32))],
    });
    return t.reshape(weights!, [n, blocks * blockSize]);
  }
  if (g_idx.rank !== 1) view.invalid(`g_idx has shape [${g_idx.shape}]`);
  const flat = t.reshape(numbers, [n, blocks * blockSize]);
  return t.compute([n, g_idx.size], f32, (s, [row, column]) => {
    const group = [row!, s.cast(s.load(g_idx, [column!]), indexType)];
    const zero = s.cast(s.load(zeros, zeros.rank === 0 ? [] : group), f32);
    return s.mul(s.sub(s.cast(s.load(flat, [row!, column!]), f32), zero), s.cast(s.load(factors, group), f32));
  });
}

/** One zero point for each block, [N, blocks], or the middle of the range for all. */
function zeroPoints(
  t: TensorBuilder,
  points: Tensor | undefined,
  { n, blocks, bits }: { readonly n: number; readonly blocks: number; readonly bits: number },
): Tensor {
  if (!points) return t.splat(2 ** (bits - 1), i32);
  // Floats stand for themselves; integers are packed like the weights, each row to whole bytes.
  if (points.element.kind === "float") return t.reshape(points, [n, blocks]);
  return t.slice(unpacked(t, t.reshape(points, [n, points.size / n]), bits), [0, 0], [n, blocks]);
}

export const packedMatmulRules: readonly Lowering[] = [
  lowering(onnxMicrosoft.MatMulNBits, (view) => {
    const { t, inputs, attributes } = view;
    const { A, bias } = inputs;
    const { K: k, N: n, bits, block_size: blockSize } = attributes;
    if (bits !== 2 && bits !== 4 && bits !== 8) view.unsupported(`weights of ${bits} bits do not fill bytes evenly`);
    if (inputs.B.element.text === "i32") view.unsupported("weights are packed in words instead of bytes");
    if (A.rank === 0 || A.shape.at(-1) !== k) view.invalid(`A has shape [${A.shape}], but K is ${k}`);
    const blocks = Math.ceil(k / Math.max(1, blockSize));
    if (blockSize < 1 || inputs.B.size !== (n * blocks * blockSize * bits) / 8 || inputs.scales.size !== n * blocks)
      view.invalid(
        `weights [${inputs.B.shape}] and scales [${inputs.scales.shape}] are not those of ${n}×${k} numbers`,
      );
    const weights = t.slice(dequantizedWeights(view, inputs, { n, blocks, blockSize, bits }), [0, 0], [n, k]);
    const outer = A.shape.slice(0, -1);
    const rank = outer.length + 2;
    const d = (position: number): AffineExpression => affine.dimension(position);
    const rows = outer.map((_, axis) => d(axis));
    const [column, inner] = [d(outer.length), d(outer.length + 1)];
    const [product] = t.generic({
      inputs: [
        { tensor: A, map: affineMap(rank, [...rows, inner]) },
        { tensor: weights, map: affineMap(rank, [column, inner]) },
      ],
      outputs: [{ tensor: t.filled(0, f32, [...outer, n]), map: affineMap(rank, [...rows, column]) }],
      iterators: [...rows.map(() => "parallel" as const), "parallel", "reduction"],
      body: (s, [x, weight], [sum]) => [s.add(sum!, s.mul(s.cast(x!, f32), weight!))],
    });
    if (!bias) return [t.cast(product!, A.element)];
    return [t.elementwise([product!, bias], A.element, (s, x, y) => s.cast(s.add(x!, s.cast(y!, f32)), A.element))];
  }),
];
