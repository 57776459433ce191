import { affine, affineMap } from "../../ir/affine.ts";
import { combine, type Named } from "./attention.ts";
import { contract } from "./contract.ts";
import type { LoweringView } from "./lowering.ts";
import { computationType } from "./rules/arithmetic.ts";
import type { IndexedTensor, Tensor } from "./tensor.ts";
import { loop } from "./tensor-control.ts";

interface LinearAttentionOperands {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly past_state: Tensor | undefined;
  readonly decay: Tensor | undefined;
  readonly beta: Tensor | undefined;
}
interface LinearAttentionAttributes {
  readonly kv_num_heads: number;
  readonly q_num_heads: number;
  readonly scale: number;
  readonly update_rule: string;
}

/** Which optional operands an update rule needs; it forbids the others. */
const updateRules: Readonly<Record<string, { readonly decays: boolean; readonly corrects: boolean }>> = {
  linear: { decays: false, corrects: false },
  gated: { decays: true, corrects: false },
  delta: { decays: false, corrects: true },
  gated_delta: { decays: true, corrects: true },
};

const stateLabels = ["b", "h", "d", "e"];

/**
 * Attention by a state S of [key channels, value channels] for each head. At every step S is scaled by e^decay, with a delta
 * rule the value becomes beta·(v - Sᵀk), then S += k⊗v, and the output is scale·Sᵀq.
 */
export function linearAttention(
  view: Pick<LoweringView, "t" | "invalid">,
  operands: LinearAttentionOperands,
  attributes: LinearAttentionAttributes,
): readonly Tensor[] {
  const { t } = view;
  const { query, key, value, past_state, decay, beta } = operands;
  const { q_num_heads: queryHeads, kv_num_heads: heads } = attributes;
  const rule = updateRules[attributes.update_rule] ?? view.invalid(`update_rule ${attributes.update_rule} is unknown`);
  if (rule.decays !== (decay !== undefined) || rule.corrects !== (beta !== undefined))
    view.invalid(`decay and beta do not fit update_rule ${attributes.update_rule}`);
  const [batch, steps] = query.shape as [number, number];
  const fits =
    [query, key, value].every((x) => x.rank === 3 && x.shape[0] === batch && x.shape[1] === steps) &&
    heads > 0 &&
    queryHeads > 0 &&
    queryHeads % heads === 0 &&
    query.shape[2]! % queryHeads === 0 &&
    value.shape[2]! % heads === 0 &&
    key.shape[2] === (query.shape[2]! / queryHeads) * heads;
  if (!fits) view.invalid(`query [${query.shape}], key [${key.shape}] and value [${value.shape}] do not fit the heads`);
  const [keyWidth, valueWidth] = [key.shape[2]! / heads, value.shape[2]! / heads];
  const stateShape = [batch, heads, keyWidth, valueWidth];
  if (past_state && past_state.shape.join() !== stateShape.join())
    view.invalid(`past_state is [${past_state.shape}], not [${stateShape}]`);

  const type = computationType(query.element);
  const queries = t.reshape(query, [batch, steps, heads, queryHeads / heads, keyWidth]);
  const keys = t.reshape(key, [batch, steps, heads, keyWidth]);
  const values = t.reshape(value, [batch, steps, heads, valueWidth]);
  const decays = decay && perHead(view, "decay", decay, [batch, steps], [[heads, 1], [heads, keyWidth]]); // prettier-ignore
  const betas = beta && perHead(view, "beta", beta, [batch, steps], [[heads, 1], [1, 1]]); // prettier-ignore
  const scale = attributes.scale === 0 ? 1 / Math.sqrt(keyWidth) : attributes.scale;

  const initial = past_state ? t.cast(past_state, type) : t.filled(0, type, stateShape);
  const outputs = t.unknown([batch, steps, heads, queryHeads / heads, valueWidth], query.element);
  const [state, collected] = loop(t, steps, [initial, outputs], (step, [before, written]) => {
    const at = (x: Tensor): Tensor => t.elementAt(x, 1, step);
    const k: Named = { tensor: at(keys), labels: ["b", "h", "d"] };
    let v: Named = { tensor: at(values), labels: ["b", "h", "e"] };
    let current = before!;
    if (decays)
      current = combine(
        t,
        [{ tensor: current, labels: stateLabels }, broadcast(at(decays), stateLabels, ["b", "h", "d"])],
        stateShape,
        stateLabels,
        type,
        (s, [x, rate]) => s.mul(x!, s.exp(s.cast(rate!, type))),
      );
    if (betas) {
      const found = contract(view, [{ tensor: current, labels: stateLabels }, k], ["b", "h", "e"], type);
      const corrected = combine(
        t,
        [v, { tensor: found, labels: v.labels }, broadcast(at(betas), v.labels, ["b", "h", "e"])],
        found.shape,
        v.labels,
        type,
        (s, [x, retrieved, rate]) => s.mul(s.cast(rate!, type), s.sub(s.cast(x!, type), retrieved!)),
      );
      v = { tensor: corrected, labels: v.labels };
    }
    const next = combine(
      t,
      [{ tensor: current, labels: stateLabels }, k, v],
      stateShape,
      stateLabels,
      type,
      (s, [x, left, right]) => s.add(x!, s.mul(s.cast(left!, type), s.cast(right!, type))),
    );
    const q: Named = { tensor: at(queries), labels: ["b", "h", "g", "d"] };
    const read = contract(view, [q, { tensor: next, labels: stateLabels }], ["b", "h", "g", "e"], type);
    const scaled = t.map(read, (s, x) => s.cast(s.mul(x, s.constant(scale, type)), query.element), query.element);
    return [next, t.insertAt(written!, t.reshape(scaled, scaled.shape.toSpliced(1, 0, 1)), 1, step)];
  });
  return [
    t.reshape(collected!, [batch, steps, queryHeads * valueWidth]),
    t.cast(state!, past_state?.element ?? query.element),
  ];
}

/** A parameter [batch, steps, n] split as the first of the given forms that has n elements. */
function perHead(
  view: Pick<LoweringView, "t" | "invalid">,
  name: string,
  x: Tensor,
  outer: readonly number[],
  forms: readonly (readonly number[])[],
): Tensor {
  const form = forms.find((sizes) => sizes.reduce((product, size) => product * size, 1) === x.shape[2]);
  if (x.rank !== 3 || x.shape[0] !== outer[0] || x.shape[1] !== outer[1] || !form)
    return view.invalid(`${name} [${x.shape}] does not fit the heads`);
  return view.t.reshape(x, [...outer, ...form]);
}

/** A tensor with the named dimensions, repeated along those of size 1. */
const broadcast = (x: Tensor, loops: readonly string[], names: readonly string[]): IndexedTensor => ({
  tensor: x,
  map: affineMap(
    loops.length,
    names.map((label, axis) => (x.shape[axis] === 1 ? affine.constant(0) : affine.dimension(loops.indexOf(label)))),
  ),
});
