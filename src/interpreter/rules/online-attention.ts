import { type AffineMap, evaluateAffine } from "../../ir/affine.ts";
import { attentionShape } from "../../ir/dialects/rules/online-attention.ts";
import { elementOf, hostElementType } from "../../ir/types.ts";
import { asTensor, type Execution, pure } from "../rule.ts";
import { isBuffer, loadElement, rowMajorStrides, type RuntimeValue, type Scalar, storeElement } from "../values.ts";
import type { Operation } from "../../ir/module.ts";
import { bufferIndex } from "./memref.ts";
import { outputsOf, tensorResults } from "./linalg.ts";

/**
 * Attention as it is defined: for each row the scores, their softmax, and the mean of the values that it weights. Scores are rounded
 * to the operation's type where its body sees them; sums are in double precision.
 */
export const onlineAttention = pure((execution, op, operands) => {
  const shape = attentionShape(execution.reader, op);
  const outputs = outputsOf(execution, op, operands);
  const read = operands.slice(0, -1).map(elementsOf(op));
  const [output] = outputs.map(elementsOf(op));
  const rounded = roundingOf(execution, op);
  const [query, key, value] = [read[0]!, read[1]!, read[2]!];
  const extras = shape.extras.map((extra, index) => ({ elements: read[index + 3]!, map: extra.map }));
  const scores = new Float64Array(shape.keys);
  for (const row of placesOf(shape.rows)) {
    execution.count(op, shape.keys * (shape.channels + shape.width));
    for (let t = 0; t < shape.keys; t++) {
      let sum = 0;
      for (let d = 0; d < shape.channels; d++) {
        const place = [...row, t, d, 0];
        sum += query.load(shape.query.map, place) * key.load(shape.key.map, place);
      }
      const given = extras.map(({ elements, map }) => elements.loadAny(map, [...row, t, 0, 0]));
      const [score] = execution.runRegion(op, 0, [rounded(sum), ...given, ...row, t]);
      scores[t] = Number(score);
    }
    const weights = softmaxWeights(scores, shape.zeroIfMasked);
    for (let e = 0; e < shape.width; e++) {
      let mean = 0;
      for (let t = 0; t < shape.keys; t++) mean += weights[t]! * value.load(shape.value.map, [...row, t, 0, e]);
      output!.store(shape.output.map, [...row, 0, 0, e], mean);
    }
  }
  return tensorResults(outputs);
});

function softmaxWeights(scores: Float64Array, zeroIfMasked: boolean): Float64Array {
  // Math.max gives NaN for NaN, as arith.maximumf does.
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  if (top === -Infinity) return scores.map(() => (zeroIfMasked ? 0 : NaN));
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Every place of a grid, the last axis fastest. */
function* placesOf(sizes: readonly number[]): Generator<readonly number[]> {
  const [size, ...rest] = sizes;
  if (size === undefined) yield [];
  else for (let index = 0; index < size; index++) for (const place of placesOf(rest)) yield [index, ...place];
}

interface Elements {
  load(map: AffineMap, place: readonly number[]): number;
  loadAny(map: AffineMap, place: readonly number[]): Scalar;
  store(map: AffineMap, place: readonly number[], value: number): void;
}

/** An operand's elements by the places of loops. */
const elementsOf =
  (op: Operation) =>
  (value: RuntimeValue): Elements => {
    const window = isBuffer(value)
      ? value
      : { ...asTensor(value), strides: rowMajorStrides(asTensor(value).shape), offset: 0 };
    const at = (map: AffineMap, place: readonly number[]): number =>
      bufferIndex(
        op,
        window,
        map.results.map((result) => evaluateAffine(result, place)),
      );
    const loadAny = (map: AffineMap, place: readonly number[]): Scalar =>
      loadElement(window.elementType, window.data, at(map, place));
    return {
      load: (map, place) => Number(loadAny(map, place)),
      loadAny,
      store: (map, place, number) => storeElement(window.elementType, window.data, at(map, place), number),
    };
  };

/** Rounds a number to the type of the operation's scores. */
function roundingOf(execution: Execution, op: Operation): (value: number) => number {
  const type = elementOf(execution.reader.typeOf(op.operands[0]!));
  return hostElementType(type) === "f32" ? Math.fround : (value) => value;
}
