import { affine, affineMap, projectionMap } from "../../../ir/affine.ts";
import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { f32, i32, i64, indexType } from "../../../ir/types.ts";
import { tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";

/** N-grams of one length. */
interface Grams {
  readonly length: number;
  /** Items, one gram after the other. */
  readonly items: readonly bigint[];
  /** Where in the pool's order of grams each one stands. */
  readonly numbers: readonly number[];
}

interface Pool {
  readonly min_gram_length: number;
  readonly max_gram_length: number;
  readonly ngram_counts: readonly number[];
  readonly ngram_indexes: readonly number[];
}

/** The pool cut into grams by length. Lengths that are not asked for are left out; of equal grams the last one counts. */
function gramsOf(view: Pick<LoweringView, "invalid">, items: readonly bigint[], pool: Pool): readonly Grams[] {
  const result: Grams[] = [];
  let number = 0;
  pool.ngram_counts.forEach((start, index) => {
    const length = index + 1;
    const end = pool.ngram_counts[index + 1] ?? items.length;
    if (start < 0 || end < start || end > items.length || (end - start) % length !== 0)
      view.invalid(`ngram_counts [${pool.ngram_counts}] does not fit a pool of ${items.length} items`);
    const distinct = new Map<string, { readonly items: readonly bigint[]; readonly number: number }>();
    for (let position = start; position < end; position += length) {
      const gram = items.slice(position, position + length);
      if (number >= pool.ngram_indexes.length) view.invalid("ngram_indexes has too few entries");
      distinct.set(gram.join(), { items: gram, number: number++ });
    }
    if (length < pool.min_gram_length || length > pool.max_gram_length || distinct.size === 0) return;
    const grams = [...distinct.values()];
    result.push({ length, items: grams.flatMap((gram) => gram.items), numbers: grams.map((gram) => gram.number) });
  });
  return result;
}

/** How often each gram occurs in each row, [rows, grams] in i32, with up to `skips` items left out between its items. */
function occurrences(t: TensorBuilder, x: Tensor, grams: Grams, skips: number): Tensor | undefined {
  const [rows, columns] = x.shape as [number, number];
  const { length } = grams;
  const table = t.constant(tensorFromNumbers("i64", [grams.numbers.length, length], grams.items));
  let total: Tensor | undefined;
  // A single item is the same whatever is left out.
  for (let distance = 1; distance <= (length === 1 ? 1 : skips + 1); distance++) {
    const starts = columns - (length - 1) * distance;
    if (starts < 1) break;
    const item = (offset: number) => ({
      tensor: t.slice(x, [0, offset * distance], [rows, starts]),
      map: projectionMap(3, [0, 2]),
    });
    const wanted = (offset: number) => ({
      tensor: table,
      map: affineMap(3, [affine.dimension(1), affine.constant(offset)]),
    });
    const offsets = Array.from({ length }, (_, offset) => offset);
    total = t.generic({
      inputs: [...offsets.map(item), ...offsets.map(wanted)],
      outputs: [{ tensor: total ?? t.filled(0, i32, [rows, grams.numbers.length]), map: projectionMap(3, [0, 1]) }],
      iterators: ["parallel", "parallel", "reduction"],
      body: (s, values, [count]) => {
        const equal = offsets.map((offset) => s.compare("eq", s.cast(values[offset]!, i64), values[length + offset]!));
        return [s.add(count!, s.cast(equal.reduce((all, one) => s.and(all, one)), i32))]; // prettier-ignore
      },
    })[0]!;
  }
  return total;
}

/** Values of grams, [rows, grams] in f32, moved to their places in rows of `size`; those that share a place are added. */
function placed(t: TensorBuilder, values: Tensor, places: readonly number[], size: number): Tensor {
  const rows = values.shape[0]!;
  return t.generic({
    inputs: [
      { tensor: values, map: projectionMap(3, [0, 2]) },
      { tensor: t.numbers(places, i64), map: projectionMap(3, [2]) },
    ],
    outputs: [{ tensor: t.filled(0, f32, [rows, size]), map: projectionMap(3, [0, 1]) }],
    iterators: ["parallel", "parallel", "reduction"],
    body: (s, [value, place], [sum]) => {
      const isHere = s.compare("eq", s.cast(place!, indexType), s.loopIndex(1));
      return [s.add(sum!, s.select(isHere, value!, s.constant(0, f32)))];
    },
  })[0]!;
}

export const nGramsRules: readonly Lowering[] = [
  lowering(onnx.TfIdfVectorizer, (view) => {
    const { t, inputs, attributes } = view;
    const { mode, weights, pool_int64s, pool_strings, max_skip_count, ngram_indexes: places } = attributes;
    if (mode !== "TF" && mode !== "IDF" && mode !== "TFIDF") view.invalid(`mode ${mode} is none of TF, IDF and TFIDF`);
    if (inputs.X.rank > 2) view.invalid(`its operand has rank ${inputs.X.rank}`);
    if (places.some((place) => place < 0)) view.invalid("ngram_indexes has a negative entry");
    if (weights && weights.length > 0 && weights.length !== places.length)
      view.invalid(`${weights.length} weights for ${places.length} grams`);
    const size = places.reduce((most, place) => Math.max(most, place + 1), 0);
    // Strings become the numbers of the distinct ones in the pool.
    const numbers = new Map([...new Set(pool_strings ?? [])].map((text, index) => [text, BigInt(index)]));
    const items = pool_strings ? pool_strings.map((text) => numbers.get(text)!) : (pool_int64s ?? []).map(BigInt);
    const tokens = pool_strings
      ? t.numbers(
          (view.known(inputs.X, "X").data as readonly string[]).map((text) => numbers.get(text) ?? -1n),
          i64,
          inputs.X.shape,
        )
      : inputs.X;
    const rows = inputs.X.rank === 2 ? inputs.X.shape[0]! : 1;
    const x = t.reshape(tokens, [rows, rows === 0 ? inputs.X.shape[1]! : inputs.X.size / rows]);
    const shape = inputs.X.rank === 2 ? [rows, size] : [size];
    const found = gramsOf(view, items, attributes).flatMap((grams) => {
      const counts = occurrences(t, x, grams, max_skip_count);
      return counts ? [{ counts, numbers: grams.numbers }] : [];
    });
    if (found.length === 0) return [t.filled(0, f32, shape)];
    const order = found.flatMap((part) => part.numbers);
    const counts = t.concat(
      found.map((part) => part.counts),
      1,
    );
    const isWeighted = weights !== undefined && weights.length > 0 && mode !== "TF";
    const factors = isWeighted ? [t.numbers(order.map((number) => weights[number]!), f32)] : []; // prettier-ignore
    const values = t.elementwise([counts, ...factors], f32, (s, count, factor) => {
      const seen = mode === "IDF" ? s.min(count!, s.constant(1, i32)) : count!;
      const value = s.cast(seen, f32);
      return factor ? s.mul(value, factor) : value;
    });
    const result = placed(t, values, order.map((number) => places[number]!), size); // prettier-ignore
    return [t.reshape(result, shape)];
  }),
];
