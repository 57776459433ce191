import { affineMap, affine, projectionMap } from "../../../ir/affine.ts";
import { onnx, onnxPreview } from "../../../ir/dialects/onnx/index.ts";
import { f64, indexType, type Type } from "../../../ir/types.ts";
import {
  type AttentionSizes,
  attentionScores,
  broadcastToScores,
  combine,
  exponentials,
  type Named,
  probabilities,
  splitHeads,
  weightedValues,
} from "../attention.ts";
import { linearAttention } from "../linear-attention.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import { broadcastShapes } from "../broadcast.ts";
import type { IndexedTensor, Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { computationType } from "./arithmetic.ts";
import { castTarget } from "./cast.ts";

type View = Pick<LoweringView, "t" | "invalid" | "unsupported">;

/** The type in which scores become probabilities: at least f32; f64 when operands or `softmax_precision` are. */
function softmaxType(view: View, element: Type, precision: number | undefined): Type {
  const wide = computationType(element);
  return precision !== undefined && castTarget(view, precision) === f64 ? f64 : wide;
}

/** Which keys a query sees by their positions alone. */
interface Visibility {
  readonly causal: boolean;
  readonly left: number;
  readonly right: number;
  /** How many keys come before the first query; undefined when that is the cache's length less the queries'. */
  readonly offset: number | undefined;
  /** Valid keys of each sample, [batch]. */
  readonly lengths: Tensor | undefined;
}

/** Whether the key at loop t is visible to the query at loop s; undefined when all are. `length` is the sample's number of valid keys. */
function isVisible(
  s: ScalarBuilder,
  visibility: Visibility,
  labels: readonly string[],
  queries: number,
  length: Scalar | undefined,
): Scalar | undefined {
  const { causal, left, right } = visibility;
  const key = s.loopIndex(labels.indexOf("t"));
  const conditions: Scalar[] = [];
  if (causal || left >= 0 || right >= 0) {
    const offset = visibility.offset === undefined ? s.sub(length!, s.index(queries)) : s.index(visibility.offset);
    const position = s.add(s.loopIndex(labels.indexOf("s")), offset);
    if (causal) conditions.push(s.compare("le", key, position));
    if (left >= 0) conditions.push(s.compare("ge", key, s.sub(position, s.index(left))));
    if (right >= 0) conditions.push(s.compare("le", key, s.add(position, s.index(right))));
  }
  if (length) conditions.push(s.compare("lt", key, length));
  return conditions.length === 0 ? undefined : conditions.reduce((all, one) => s.and(all, one));
}

/** The mask widened to all keys: what it does not cover is masked. */
function fullMask(view: View, mask: Tensor, sizes: AttentionSizes): Tensor {
  const { t } = view;
  const missing = sizes.keys - (mask.shape.at(-1) ?? 1);
  const isBool = mask.element.text === "i1";
  if (mask.element.kind === "integer" && !isBool && missing > 0)
    view.unsupported("an integer mask that does not cover all keys has no minus infinity");
  const widened =
    missing > 0 && mask.rank > 0
      ? t.pad(
          mask,
          mask.shape.map(() => 0),
          mask.shape.map((_, axis) => (axis === mask.rank - 1 ? missing : 0)),
          t.scalars.constant(isBool ? 0 : -Infinity, mask.element),
        )
      : mask;
  const target = [sizes.batch, sizes.queryHeads, sizes.queries, sizes.keys];
  if (mask.rank > 4 || broadcastShapes([widened.shape, target])?.join() !== target.join())
    view.invalid(`attn_mask [${mask.shape}] cannot be broadcast to [${target}]`);
  return widened;
}

/** Scores with everything masked that a query must not see. */
function masked(
  view: View,
  scores: Named,
  mask: Tensor | undefined,
  visibility: Visibility,
  sizes: AttentionSizes,
  prepare: (s: ScalarBuilder, score: Scalar) => Scalar,
): Named {
  const { t } = view;
  const { labels } = scores;
  const { lengths } = visibility;
  const maskOperand = mask && broadcastToScores(t, fullMask(view, mask, sizes), sizes, labels);
  const lengthOperand: IndexedTensor | undefined = lengths && {
    tensor: lengths,
    map: affineMap(labels.length, [affine.dimension(0)]),
  };
  const operands = [scores, ...(maskOperand ? [maskOperand] : []), ...(lengthOperand ? [lengthOperand] : [])];
  const tensor = combine(t, operands, scores.tensor.shape, labels, scores.tensor.element, (s, [score, ...rest]) => {
    const none = s.constant(-Infinity, score!.type);
    let result = prepare(s, score!);
    const bias = maskOperand ? rest[0]! : undefined;
    if (bias) {
      // A bias of -∞ hides a key whatever its score is: ∞ - ∞ would be no number.
      const value = bias.type.text === "i1" ? undefined : s.cast(bias, score!.type);
      const visible = value ? s.compare("ne", value, none) : bias;
      result = s.select(visible, value ? s.add(result, value) : result, none);
    }
    const length = lengthOperand && s.cast(rest.at(-1)!, indexType);
    const visible = isVisible(s, visibility, labels, sizes.queries, length);
    return visible ? s.select(visible, result, none) : result;
  });
  return { tensor, labels };
}

/** Scores as the operator's fourth result: [batch, query heads, queries, keys]. */
const asOutput = (t: TensorBuilder, scores: Named, sizes: AttentionSizes, element: Type): Tensor =>
  t.reshape(t.cast(scores.tensor, element), [sizes.batch, sizes.queryHeads, sizes.queries, sizes.keys]);

/** Keys or values as [batch, heads, positions, channels], after those of the cache. */
function withPast(t: TensorBuilder, x: Tensor, heads: number, past: Tensor | undefined): Tensor {
  const split = splitHeads(t, x, heads, { position: "t", channel: "d" }, undefined);
  const ordered = x.rank === 3 ? t.transpose(split.tensor, [0, 2, 1, 3]) : split.tensor;
  return past ? t.concat([past, ordered], 2) : ordered;
}

interface HeadCounts {
  readonly q_num_heads?: number | undefined;
  readonly kv_num_heads?: number | undefined;
}

/** Numbers of heads: attributes for operands of rank 3, the shapes' own otherwise. */
function headsOf(view: View, Q: Tensor, K: Tensor, V: Tensor, counts: HeadCounts): readonly [number, number] {
  if (Q.rank !== K.rank || K.rank !== V.rank || (Q.rank !== 3 && Q.rank !== 4))
    view.invalid(`Q [${Q.shape}], K [${K.shape}] and V [${V.shape}] must all have rank 3 or rank 4`);
  const [queryHeads, keyHeads] =
    Q.rank === 4
      ? [Q.shape[1]!, K.shape[1]!]
      : [
          counts.q_num_heads ?? view.invalid("q_num_heads is needed for operands of rank 3"),
          counts.kv_num_heads ?? view.invalid("kv_num_heads is needed for operands of rank 3"),
        ];
  const divides = (x: Tensor, heads: number): boolean => x.rank === 4 || x.shape[2]! % heads === 0;
  if (queryHeads < 1 || keyHeads < 1 || queryHeads % keyHeads !== 0)
    view.invalid(`${queryHeads} query heads cannot share ${keyHeads} key-value heads`);
  if (!divides(Q, queryHeads) || !divides(K, keyHeads) || !divides(V, keyHeads))
    view.invalid(`hidden sizes of Q [${Q.shape}], K [${K.shape}] and V [${V.shape}] do not fit the heads`);
  return [queryHeads, keyHeads];
}

function sizesOf(view: View, Q: Tensor, K: Tensor, V: Tensor, heads: readonly [number, number]): AttentionSizes {
  const [queryHeads, keyHeads] = heads;
  const width = (x: Tensor, count: number): number => (x.rank === 4 ? x.shape[3]! : x.shape[2]! / count);
  const length = (x: Tensor): number => x.shape[x.rank - 2]!;
  const rows = (x: Tensor): number => (x.rank === 4 ? x.shape[2]! : length(x));
  const fits =
    Q.shape[0] === K.shape[0] &&
    K.shape[0] === V.shape[0] &&
    rows(K) === rows(V) &&
    width(Q, queryHeads) === width(K, keyHeads) &&
    (V.rank === 3 || V.shape[1] === keyHeads);
  if (!fits) view.invalid(`Q [${Q.shape}], K [${K.shape}] and V [${V.shape}] do not fit`);
  return { batch: Q.shape[0]!, queryHeads, keyHeads, queries: rows(Q), keys: rows(K) };
}

/** Queries split into heads: by group where several share a key-value head. */
const namedQuery = (t: TensorBuilder, Q: Tensor, { queryHeads, keyHeads }: AttentionSizes): Named =>
  splitHeads(
    t,
    Q,
    queryHeads,
    { position: "s", channel: "d" },
    queryHeads === keyHeads ? undefined : queryHeads / keyHeads,
  );

/** softcap·tanh(x / softcap). */
const capped = (s: ScalarBuilder, x: Scalar, softcap: number): Scalar =>
  softcap > 0 ? s.mul(s.tanh(s.div(x, s.constant(softcap, x.type))), s.constant(softcap, x.type)) : x;

export const attentionRules: readonly Lowering[] = [
  lowering(onnx.Attention, (view) => {
    const { t, inputs, attributes } = view;
    const { Q, K, V, attn_mask, past_key, past_value, nonpad_kv_seqlen } = inputs;
    const { softcap, qk_matmul_output_mode: mode, left_window_size: left, right_window_size: right } = attributes;
    const heads = headsOf(view, Q, K, V, attributes);
    const own = sizesOf(view, Q, K, V, heads);
    if ((past_key === undefined) !== (past_value === undefined))
      view.invalid("one of past_key and past_value is missing");
    if (past_key && nonpad_kv_seqlen) view.invalid("nonpad_kv_seqlen cannot be combined with past_key");
    if (nonpad_kv_seqlen && nonpad_kv_seqlen.size !== own.batch)
      view.invalid(`nonpad_kv_seqlen has ${nonpad_kv_seqlen.size} entries for a batch of ${own.batch}`);
    if (left < -1 || right < -1) view.invalid("a window size is below -1");
    const past = past_key?.shape[2] ?? 0;
    const sizes = { ...own, keys: own.keys + past };

    // Keys and values are brought to rank 4 where the cache joins them or somebody wants them; else they are read in place.
    const isPresent = (result: number): boolean => view.resultCount > result && view.isUsed(result);
    const cache = (x: Tensor, old: Tensor | undefined, result: number): Tensor =>
      old || isPresent(result) ? withPast(t, x, own.keyHeads, old) : x;
    const [keys, values] = [cache(K, past_key, 1), cache(V, past_value, 2)];
    const key = splitHeads(t, keys, own.keyHeads, { position: "t", channel: "d" }, undefined);
    const value = splitHeads(t, values, own.keyHeads, { position: "t", channel: "e" }, undefined);

    const type = softmaxType(view, Q.element, attributes.softmax_precision);
    const query = namedQuery(t, Q, sizes);
    const scale = attributes.scale ?? 1 / Math.sqrt(query.tensor.shape.at(-1)!);
    const raw = attentionScores(view, query, key, sizes, computationType(Q.element));
    const scaled = (s: ScalarBuilder, score: Scalar): Scalar => s.mul(score, s.constant(scale, score.type));
    const visibility: Visibility = {
      causal: attributes.is_causal !== 0,
      left,
      right,
      offset: nonpad_kv_seqlen ? undefined : past,
      lengths: nonpad_kv_seqlen && t.reshape(nonpad_kv_seqlen, [own.batch]),
    };
    const scores = masked(view, raw, attn_mask, visibility, sizes, (s, score) => capped(s, scaled(s, score), softcap));
    const { parts, sum } = exponentials(t, scores, type);
    const wanted = isPresent(3) ? mode : undefined;
    const normalized = wanted === 3 ? probabilities(t, parts, sum) : undefined;
    const Y = weightedValues(view, normalized ?? parts, value, normalized ? undefined : sum, sizes, {
      positionsFirst: Q.rank === 3,
      type,
      element: Q.element,
    });
    const fourth = (): Tensor => {
      if (mode === 2) return asOutput(t, scores, sizes, Q.element);
      if (mode === 3) return asOutput(t, normalized!, sizes, Q.element);
      if (mode !== 0 && mode !== 1) view.invalid(`qk_matmul_output_mode ${mode} is unknown`);
      const before = t.map(raw.tensor, (s, score) =>
        mode === 0 ? scaled(s, score) : capped(s, scaled(s, score), softcap),
      );
      return asOutput(t, { tensor: before, labels: raw.labels }, sizes, Q.element);
    };
    return [Y, keys, values, ...(wanted === undefined ? [] : [fourth()])].slice(0, view.resultCount);
  }),
  lowering(onnxPreview.FlexAttention, (view) => {
    const { t, inputs, attributes, regions } = view;
    const { Q, K, V } = inputs;
    if (Q.rank !== 4) view.invalid(`Q has rank ${Q.rank}, not 4`);
    const heads = headsOf(view, Q, K, V, {});
    const sizes = sizesOf(view, Q, K, V, heads);
    const type = softmaxType(view, Q.element, attributes.softmax_precision);
    const scale = attributes.scale ?? 1 / Math.sqrt(Q.shape[3]!);
    const key = splitHeads(t, K, sizes.keyHeads, { position: "t", channel: "d" }, undefined);
    const value = splitHeads(t, V, sizes.keyHeads, { position: "t", channel: "e" }, undefined);
    const raw = attentionScores(view, namedQuery(t, Q, sizes), key, sizes, computationType(Q.element));
    const scaled = t.map(raw.tensor, (s, score) => s.cast(s.mul(score, s.constant(scale, score.type)), type), type);
    // The graphs see scores and probabilities whole, with the query heads in one dimension, in the softmax's declared type.
    const seen = attributes.softmax_precision === undefined ? type : castTarget(view, attributes.softmax_precision);
    const modified = (named: Named, region: (typeof regions)["score_mod"]): Named => {
      if (!region.isGiven) return named;
      const whole = asOutput(t, named, sizes, seen);
      const [result, ...more] = region.run([whole]);
      if (result?.kind !== "tensor" || more.length > 0 || result.shape.join() !== whole.shape.join())
        return view.invalid("score_mod and prob_mod must give one tensor of the shape that they are given");
      return { tensor: t.reshape(t.cast(result, type), named.tensor.shape), labels: named.labels };
    };
    const scores = modified({ tensor: scaled, labels: raw.labels }, regions.score_mod);
    const { parts, sum } = exponentials(t, scores, type);
    const weights = regions.prob_mod.isGiven ? modified(probabilities(t, parts, sum), regions.prob_mod) : parts;
    return [
      weightedValues(view, weights, value, regions.prob_mod.isGiven ? undefined : sum, sizes, {
        positionsFirst: false,
        type,
        element: V.element,
      }),
    ];
  }),
  lowering(onnx.RotaryEmbedding, (view) => {
    const { t, inputs, attributes } = view;
    const { X, cos_cache, sin_cache, position_ids } = inputs;
    const isFlat = X.rank === 3;
    if (X.rank !== 3 && X.rank !== 4) view.invalid(`X has rank ${X.rank}, not 3 or 4`);
    const heads = isFlat ? (attributes.num_heads ?? 0) : X.shape[1]!;
    if (isFlat && (heads < 1 || X.shape[2]! % heads !== 0))
      view.invalid(`num_heads ${heads} does not fit [${X.shape}]`);
    const named = splitHeads(t, X, Math.max(heads, 1), { position: "s", channel: "d" }, undefined);
    const width = named.tensor.shape[3]!;
    const rotated = attributes.rotary_embedding_dim === 0 ? width : attributes.rotary_embedding_dim;
    if (rotated < 0 || rotated > width || rotated % 2 !== 0)
      view.invalid(`${rotated} of ${width} channels cannot be rotated`);
    const positions = named.labels.indexOf("s");
    const [batch, length] = [X.shape[0]!, named.tensor.shape[positions]!];
    const half = rotated / 2;
    const rows = [cos_cache, sin_cache].map((cache) => {
      const expected = position_ids ? `[…, ${half}]` : `[${batch}, ${length}, ${half}]`;
      if (cache.shape.at(-1) !== half || cache.rank !== (position_ids ? 2 : 3))
        view.invalid(`a cache is [${cache.shape}], not ${expected}`);
      if (!position_ids) return cache;
      return t.compute([batch, length, half], cache.element, (s, [b, position, channel]) =>
        s.load(cache, [s.cast(s.load(position_ids, [b!, position!]), indexType), channel!]),
      );
    });
    return [t.reshape(rotatedHeads(t, named.tensor, rows, positions, rotated, attributes.interleaved !== 0), X.shape)];
  }),
  lowering(onnx.LinearAttention, (view) => linearAttention(view, view.inputs, view.attributes)),
];

/** [batch, …, channels] with its first `rotated` channels turned pairwise by angles [batch, position, pair]. */
function rotatedHeads(
  t: TensorBuilder,
  x: Tensor,
  [cosines, sines]: readonly Tensor[],
  positionAxis: number,
  rotated: number,
  interleaved: boolean,
): Tensor {
  const half = rotated / 2;
  const outer = x.shape.slice(0, 3);
  const pairs = t.reshape(
    t.slice(x, [0, 0, 0, 0], [...outer, rotated]),
    interleaved ? [...outer, half, 2] : [...outer, 2, half],
  );
  const member = (index: number): IndexedTensor => ({
    tensor: pairs,
    map: affineMap(
      4,
      interleaved
        ? [...[0, 1, 2, 3].map((d) => affine.dimension(d)), affine.constant(index)]
        : [...[0, 1, 2].map((d) => affine.dimension(d)), affine.constant(index), affine.dimension(3)],
    ),
  });
  const angleMap = projectionMap(4, [0, positionAxis, 3]);
  const type = computationType(x.element);
  const turned = t.generic({
    inputs: [member(0), member(1), { tensor: cosines!, map: angleMap }, { tensor: sines!, map: angleMap }],
    outputs: [0, 1].map(() => ({
      tensor: t.emptyOutput([...outer, half], x.element),
      map: projectionMap(4, [0, 1, 2, 3]),
    })),
    iterators: ["parallel", "parallel", "parallel", "parallel"],
    body: (s, values) => {
      const [first, second, cosine, sine] = values.map((value) => s.cast(value, type)) as [
        Scalar,
        Scalar,
        Scalar,
        Scalar,
      ];
      const real = s.sub(s.mul(cosine, first), s.mul(sine, second));
      const imaginary = s.add(s.mul(sine, first), s.mul(cosine, second));
      return [s.cast(real, x.element), s.cast(imaginary, x.element)];
    },
  });
  const joined = t.reshape(t.stack(turned, interleaved ? 4 : 3), [...outer, rotated]);
  if (rotated === x.shape[3]) return joined;
  return t.concat([joined, t.slice(x, [0, 0, 0, rotated], [...outer, x.shape[3]! - rotated])], 3);
}
