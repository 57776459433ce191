import { type AffineMap, affine, affineMap, substituteAffine } from "../../../ir/affine.ts";
import type { ValueId } from "../../../ir/module.ts";
import type { Access } from "../../kernels/group.ts";
import type { RowGroup, RowStage } from "./row-group.ts";

/** A stage of a phase: its operands indexed by the rows, then the phase's loops. */
export interface PhaseStage {
  readonly stage: RowStage;
  /** For each loop of the operation, its number among rows and phase loops; -1 for loops that run once. */
  readonly loops: readonly number[];
  readonly inputs: readonly Access[];
  readonly outputs: readonly Access[];
  /** Whether results are combined along all of the phase's loops, so that they are complete at its end. */
  readonly reduces: boolean;
}

/** Stages of a row group that go through the row together. */
export interface Phase {
  /** How far the loops inside a row run. */
  readonly bounds: readonly number[];
  /** Buffers that are filled before the phase begins. */
  readonly fills: readonly RowStage[];
  readonly stages: readonly PhaseStage[];
}

/** Puts the stages of a group into as few walks through the row as their dependences allow, in order. */
export function phasesOf(group: RowGroup): readonly Phase[] {
  const phases: { bounds: readonly number[]; fills: RowStage[]; stages: PhaseStage[] }[] = [];
  for (const stage of group.stages) {
    const current = phases.at(-1);
    if (stage.op.name === "linalg.fill") {
      const target = stage.outputs[0]!.value;
      if (current && current.stages.every((other) => !touches(other, target))) current.fills.push(stage);
      else phases.push({ bounds: [], fills: [stage], stages: [] });
      continue;
    }
    const inner = stage.bounds.flatMap((bound, loop) => (loop >= group.rows.length && bound !== 1 ? [loop] : []));
    const bounds = inner.map((loop) => stage.bounds[loop]!);
    const made = phaseStage(stage, inner, group.rows.length);
    if (current && (current.stages.length === 0 || current.bounds.join() === bounds.join())) {
      if (current.stages.every((other) => mayShareLoop(group, other, made))) {
        if (current.stages.length === 0) current.bounds = bounds;
        current.stages.push(made);
        continue;
      }
    }
    phases.push({ bounds, fills: [], stages: [made] });
  }
  return phases;
}

function phaseStage(stage: RowStage, inner: readonly number[], rows: number): PhaseStage {
  const loops = stage.bounds.map((_, loop) =>
    loop < rows ? loop : inner.includes(loop) ? rows + inner.indexOf(loop) : -1,
  );
  const places = loops.map((loop) => (loop < 0 ? affine.constant(0) : affine.dimension(loop)));
  const moved = ({ value, map }: Access): Access => ({
    value,
    map: affineMap(
      rows + inner.length,
      map.results.map((result) => substituteAffine(result, places)),
    ),
  });
  return {
    stage,
    loops,
    inputs: stage.inputs.map(moved),
    outputs: stage.outputs.map(moved),
    reduces: inner.length > 0 && inner.every((loop) => stage.iterators[loop] !== "parallel"),
  };
}

const touches = ({ inputs, outputs }: PhaseStage, buffer: ValueId): boolean =>
  [...inputs, ...outputs].some(({ value }) => value === buffer);

/** Whether a later stage can run point by point beside an earlier one: what they share is written and read at the same point. */
function mayShareLoop(group: RowGroup, earlier: PhaseStage, later: PhaseStage): boolean {
  const shared = (first: readonly Access[], second: readonly Access[]): boolean =>
    first.every(({ value, map }) =>
      second.every((other) => other.value !== value || isSamePoint(group, map, other.map)),
    );
  const isWhole = earlier.stage.bounds.every(
    (_, loop) => loop < group.rows.length || earlier.stage.iterators[loop] === "parallel" || earlier.loops[loop]! < 0,
  );
  const laterIsWhole = later.stage.bounds.every(
    (_, loop) => loop < group.rows.length || later.stage.iterators[loop] === "parallel" || later.loops[loop]! < 0,
  );
  const all = (stage: PhaseStage): readonly Access[] => [...stage.inputs, ...stage.outputs];
  // What one of them combines along the loops, the other must not touch at all.
  if (!isWhole && all(later).some(({ value }) => earlier.outputs.some((output) => output.value === value)))
    return false;
  if (!laterIsWhole && all(earlier).some(({ value }) => later.outputs.some((output) => output.value === value)))
    return false;
  return shared(earlier.outputs, all(later)) && shared(all(earlier), later.outputs);
}

/** Whether two accesses to a buffer are to one element at each point, and to different ones at different points. */
function isSamePoint(group: RowGroup, left: AffineMap, right: AffineMap): boolean {
  if (left.text !== right.text) return false;
  const used = new Set(left.results.flatMap((result) => (result.kind === "dimension" ? [result.position] : [])));
  return Array.from({ length: left.dimensions - group.rows.length }, (_, loop) => loop + group.rows.length).every(
    (loop) => used.has(loop),
  );
}
