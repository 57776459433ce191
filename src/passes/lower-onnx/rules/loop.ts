import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i1, i64, indexType } from "../../../ir/types.ts";
import { toNumbers } from "../../../support/numeric/host-tensor.ts";
import { lowering, type Lowering, type LoweredRegion, type Lowered, type LoweringView } from "../lowering.ts";
import { onlyElement } from "../convolve.ts";
import type { Scalar } from "../scalar-builder.ts";
import { allKnown, sameStructure, tensorsOf, withTensors } from "../structure.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { discarding, loop, loopWhile } from "../tensor-control.ts";

type View = Pick<LoweringView, "t" | "unsupported" | "invalid" | "isUsed">;

/** Loops of up to this many iterations are written out. */
const unrollLimit = 16;
/** Loops that cannot be loops of the target, as their values change shape, are written out up to this many iterations. */
const reluctantUnrollLimit = 128;
/** Iterations that compute nothing but known values happen at compile time, up to this many. */
const knownLimit = 1 << 17;

/** The only element of a known tensor. */
const knownElement = (tensor: Tensor): number | undefined => tensor.constant && toNumbers(tensor.constant)[0];

/** One run of a loop's body. */
interface Iteration {
  readonly condition: Tensor;
  readonly carried: readonly Lowered[];
  readonly scans: readonly Tensor[];
}

/** A Loop with its operands read. */
interface LoopSpec {
  readonly view: View;
  readonly body: LoweredRegion;
  /** The greatest number of iterations: known, given at run time, or absent. */
  readonly trips: number | Scalar;
  /** What decides about the first iteration; undefined when conditions do not count. */
  readonly condition: Tensor | undefined;
  readonly initial: readonly Lowered[];
  /** How many scan outputs the operator has here. */
  readonly scanCount: number;
}

/** A scalar of the rank that the body declares it with; some exporters use one dimension of size 1. */
function asArgument(t: TensorBuilder, body: LoweredRegion, index: number, tensor: Tensor): Tensor {
  return t.reshape(tensor, body.argumentShapes[index]?.length === 1 ? [1] : []);
}

function bodyInputs(spec: LoopSpec, position: Tensor, condition: Tensor, carried: readonly Lowered[]) {
  const { t } = spec.view;
  return [asArgument(t, spec.body, 0, position), asArgument(t, spec.body, 1, condition), ...carried];
}

/** Takes a body's results apart. */
function iterationOf(spec: LoopSpec, results: readonly Lowered[]): Iteration {
  const { view, initial } = spec;
  const [condition, ...rest] = results;
  if (condition?.kind !== "tensor" || condition.size !== 1)
    return view.invalid("its body's first result is no condition");
  const carried = rest.slice(0, initial.length);
  if (carried.length < initial.length) view.invalid("its body returns fewer values than the loop carries");
  const scans = rest
    .slice(initial.length)
    .map((value) => (value.kind === "tensor" ? value : view.invalid("a scan output must be a tensor")));
  return { condition, carried, scans };
}

/** What a loop has carried and collected when it ends. */
interface Ended {
  readonly carried: readonly Lowered[];
  readonly scans: readonly (readonly Tensor[])[];
}

/**
 * Runs the body again and again at compile time for as long as its condition is known. Undefined when the condition becomes
 * unknown, after `limit` iterations, or (with `onlyKnown`) when anything else becomes unknown.
 */
function stepThrough(spec: LoopSpec, limit: number, onlyKnown: boolean): Ended | undefined {
  const { t } = spec.view;
  const scans: Tensor[][] = [];
  let [carried, condition] = [spec.initial, spec.condition];
  for (let position = 0; ; position++) {
    if (typeof spec.trips === "number" && position >= spec.trips) return { carried, scans };
    if (spec.condition) {
      const decided = knownElement(condition!);
      if (decided === undefined) return undefined;
      if (decided === 0) return { carried, scans };
    }
    if (position >= limit || typeof spec.trips !== "number") return undefined;
    const inputs = bodyInputs(spec, t.splat(position, i64), condition ?? t.splat(1, i1), carried);
    const results = spec.body.attempt(inputs);
    if (!results || (onlyKnown && !allKnown(results))) return undefined;
    const next = iterationOf(spec, results);
    [carried, condition] = [next.carried, next.condition];
    next.scans.forEach((scan, index) => (scans[index] ??= []).push(scan));
  }
}

/** Scan outputs of all iterations along a new first axis. */
function stacked(view: View, parts: readonly Tensor[]): Tensor {
  if (!parts.every((part) => sameStructure([part], [parts[0]])))
    view.invalid("a scan output changes its shape or type");
  return view.t.stack(parts, 0);
}

const startsTrue = ({ condition }: LoopSpec): boolean => !condition || knownElement(condition) === 1;

/** What the body gives for values of which only the types are known: an iteration that is thrown away. */
function probe(spec: LoopSpec): Iteration | undefined {
  const { t } = spec.view;
  return discarding(t, () => {
    const carried = withTensors(
      spec.initial,
      tensorsOf(spec.initial).map((tensor) => t.unknown(tensor.shape, tensor.element)),
    );
    // A condition that is true before an iteration and comes out of it as true is true for ever.
    const condition = startsTrue(spec) ? t.splat(1, i1) : t.unknown([], i1);
    const results = spec.body.attempt(bodyInputs(spec, t.unknown([], i64), condition, carried));
    return results && iterationOf(spec, results);
  });
}

/** A loop whose number of iterations is settled before it starts (`scf.for`); undefined when its body does not fit one. */
function countedLoop(spec: LoopSpec, shape: Iteration): readonly Lowered[] {
  const { view, trips, initial, body } = spec;
  const { t } = view;
  const collected =
    typeof trips === "number"
      ? shape.scans.map((scan) => t.unknown([trips, ...scan.shape], scan.element))
      : shape.scans.map((_, index) =>
          view.isUsed(initial.length + index)
            ? view.unsupported("the size of a scan output depends on a number of iterations known only at run time")
            : undefined,
        );
  const kept = collected.filter((tensor) => tensor !== undefined);
  const carried = tensorsOf(initial);
  const results = loop(t, trips, [...carried, ...kept], (position, values) => {
    const number = t.fromScalar(t.scalars.cast(position, i64));
    const inputs = bodyInputs(spec, number, t.splat(1, i1), withTensors(initial, values.slice(0, carried.length)));
    const next = iterationOf(spec, body.run(inputs));
    const all = values.slice(carried.length);
    return [
      ...tensorsOf(next.carried),
      ...all.map((tensor, index) => {
        const part = next.scans[index]!;
        return t.insertAt(tensor, t.reshape(part, [1, ...part.shape]), 0, position);
      }),
    ];
  });
  return [...withTensors(initial, results.slice(0, carried.length)), ...results.slice(carried.length)];
}

/** A loop that its body's condition ends (`scf.while`). */
function conditionalLoop(spec: LoopSpec, shape: Iteration): readonly Lowered[] {
  const { view, trips, initial, body } = spec;
  const { t } = view;
  if (shape.scans.some((_, index) => view.isUsed(initial.length + index)))
    view.unsupported("the size of a scan output depends on a condition known only at run time");
  const s = t.scalars;
  const limit = trips === Infinity ? undefined : typeof trips === "number" ? s.index(trips) : trips;
  const results = loopWhile(
    t,
    [s.index(0), onlyElement(t, spec.condition!)],
    tensorsOf(initial),
    ([position, going]) => (limit ? t.scalars.and(going!, t.scalars.compare("lt", position!, limit)) : going!),
    ([position, going], values) => {
      const number = t.fromScalar(t.scalars.cast(position!, i64));
      const inputs = bodyInputs(spec, number, t.fromScalar(going!), withTensors(initial, values));
      const next = iterationOf(spec, body.run(inputs));
      return {
        scalars: [t.scalars.add(position!, t.scalars.index(1)), onlyElement(t, next.condition)],
        carried: tensorsOf(next.carried),
      };
    },
  );
  return withTensors(initial, results);
}

/** The loop's results once it has been written out. */
function endedResults(spec: LoopSpec, ended: Ended): readonly Lowered[] {
  if (spec.scanCount === 0) return ended.carried;
  if (ended.scans.length > 0) return [...ended.carried, ...ended.scans.map((parts) => stacked(spec.view, parts))];
  // No iteration: what scan outputs would look like is known from a run that is thrown away.
  const shape = probe(spec);
  if (!shape && spec.view.isUsed(spec.initial.length))
    spec.view.unsupported("its body, which never runs, cannot be lowered to find the shapes of its scan outputs");
  const { t } = spec.view;
  return [...ended.carried, ...(shape?.scans ?? []).map((scan) => t.unknown([0, ...scan.shape], scan.element))];
}

function lowerLoop(spec: LoopSpec): readonly Lowered[] {
  const { view } = spec;
  const { t } = view;
  if (allKnown(spec.initial)) {
    const ended = discarding(t, () => stepThrough(spec, knownLimit, true));
    if (ended) return endedResults(spec, ended);
  }
  const unrolled = (limit: number): readonly Lowered[] | undefined => {
    if (!discarding(t, () => stepThrough(spec, limit, false) !== undefined)) return undefined;
    return endedResults(spec, stepThrough(spec, limit, false)!);
  };
  if (typeof spec.trips === "number" && spec.trips <= unrollLimit) {
    const results = unrolled(unrollLimit);
    if (results) return results;
  }
  const shape = probe(spec);
  if (!shape || !sameStructure(shape.carried, spec.initial)) {
    const results = unrolled(reluctantUnrollLimit);
    if (results) return results;
    if (shape) return view.unsupported("a value that it carries changes its shape or type");
    // Not lowerable with unknown values: run once more, for the body's own diagnostics.
    spec.body.run(bodyInputs(spec, t.unknown([], i64), t.unknown([], i1), spec.initial));
    return view.unsupported("its body cannot be lowered with values known only at run time");
  }
  const always = !spec.condition || (startsTrue(spec) && knownElement(shape.condition) === 1);
  if (always && spec.trips === Infinity) return view.invalid("it never ends: there is neither a count nor a condition");
  if (always) return countedLoop(spec, shape);
  return unrolled(unrollLimit) ?? conditionalLoop(spec, shape);
}

/** The greatest trip count: a number where it is known, Infinity where there is none. */
function tripCount(t: TensorBuilder, count: Tensor | undefined): number | Scalar {
  if (!count) return Infinity;
  const known = knownElement(count);
  return known === undefined ? t.scalars.cast(onlyElement(t, count), indexType) : Math.max(0, known);
}

export const loopRules: readonly Lowering[] = [
  lowering(onnx.Loop, (view) => {
    const { t, regions, unsupported, invalid, isUsed } = view;
    const { M, cond } = view.inputs;
    return lowerLoop({
      view: { t, unsupported, invalid, isUsed },
      body: regions.body,
      trips: tripCount(t, M),
      condition: cond,
      initial: view.values.v_initial,
      scanCount: view.resultCount - view.values.v_initial.length,
    });
  }),
];
