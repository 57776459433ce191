import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { readElement, tensorFromNumbers, toNumbers } from "../../../support/numeric/host-tensor.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";

const single = Math.fround;

/** A box by its limits along both axes. */
interface Box {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

/** A box of four numbers: two opposite corners, or centre and extent. */
function boxOf(numbers: Float64Array, offset: number, isCentred: boolean): Box {
  const [a, b, c, d] = numbers.subarray(offset, offset + 4) as unknown as [number, number, number, number];
  if (!isCentred) return { low: [Math.min(a, c), Math.min(b, d)], high: [Math.max(a, c), Math.max(b, d)] };
  const [halfWidth, halfHeight] = [single(c / 2), single(d / 2)];
  return {
    low: [single(a - halfWidth), single(b - halfHeight)],
    high: [single(a + halfWidth), single(b + halfHeight)],
  };
}

const area = ({ low, high }: Box): number => single(single(high[0] - low[0]) * single(high[1] - low[1]));

/** Whether the intersection of two boxes is more than a part of their union, in single precision. */
function overlaps(a: Box, b: Box, threshold: number): boolean {
  const extent = (axis: 0 | 1): number =>
    single(Math.min(a.high[axis], b.high[axis]) - Math.max(a.low[axis], b.low[axis]));
  const [width, height] = [extent(0), extent(1)];
  if (!(width > 0 && height > 0)) return false;
  const intersection = single(width * height);
  const union = single(single(area(a) + area(b)) - intersection);
  return area(a) > 0 && area(b) > 0 && union > 0 && single(intersection / union) > threshold;
}

/** Indices of the boxes kept, best score first; of equal scores the lower index. */
function suppress(
  boxes: readonly Box[],
  scores: Float64Array,
  limits: { readonly count: number; readonly overlap: number; readonly score: number | undefined },
): readonly number[] {
  const { count, overlap, score } = limits;
  const order = boxes
    .map((_, index) => index)
    .filter((index) => score === undefined || scores[index]! > score)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const candidate of order) {
    if (kept.length >= count) break;
    if (!kept.some((other) => overlaps(boxes[candidate]!, boxes[other]!, overlap))) kept.push(candidate);
  }
  return kept;
}

/** The only element of an optional operand. */
function optionalNumber(
  view: Pick<LoweringView, "known" | "invalid">,
  operand: Tensor | undefined,
  name: string,
): number | undefined {
  if (!operand) return undefined;
  const host = view.known(operand, name);
  return host.data.length === 1 ? Number(readElement(host, 0)) : view.invalid(`${name} must be a single number`);
}

export const detectionRules: readonly Lowering[] = [
  lowering(onnx.NonMaxSuppression, (view) => {
    const { t, inputs, attributes } = view;
    const { boxes, scores } = inputs;
    const [batches, count, coordinates] = boxes.shape;
    const [scoreBatches, classes, scoreCount] = scores.shape;
    const fits = batches === scoreBatches && count === scoreCount && coordinates === 4;
    if (boxes.rank !== 3 || scores.rank !== 3 || !fits)
      view.invalid(`boxes [${boxes.shape}] and scores [${scores.shape}] do not fit`);
    const overlap = optionalNumber(view, inputs.iou_threshold, "iou_threshold") ?? 0;
    if (!(overlap >= 0 && overlap <= 1)) view.invalid(`iou_threshold ${overlap} is not between 0 and 1`);
    const limits = {
      count: optionalNumber(view, inputs.max_output_boxes_per_class, "max_output_boxes_per_class") ?? 0,
      overlap,
      score: optionalNumber(view, inputs.score_threshold, "score_threshold"),
    };
    const [numbers, allScores] = [toNumbers(view.known(boxes, "boxes")), toNumbers(view.known(scores, "scores"))];
    const selected: number[] = [];
    for (let batch = 0; batch < batches!; batch++) {
      const candidates = Array.from({ length: count! }, (_, index) =>
        boxOf(numbers, (batch * count! + index) * 4, attributes.center_point_box !== 0),
      );
      for (let category = 0; category < classes!; category++) {
        const start = (batch * classes! + category) * count!;
        for (const index of suppress(candidates, allScores.subarray(start, start + count!), limits))
          selected.push(batch, category, index);
      }
    }
    return [t.constant(tensorFromNumbers("i64", [selected.length / 3, 3], selected))];
  }),
];
