import {
  type Attribute,
  type Attributes,
  dictionaryAttribute,
  i64ArrayAttribute,
  integerAttribute,
  stringAttribute,
} from "../../ir/attributes.ts";
import type { Operation } from "../../ir/module.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { gpuDiagnostics } from "./diagnostics.ts";

/** Where mapping decisions are written, on a structured operation or a `weft.kernel`. */
export const scheduleAttributeName = "weft.schedule";

/**
 * How the blocked mapping spreads one loop nest; loops by their numbers in the operation (in a fusion group, the anchor's). Each
 * invocation computes a block of points, which it keeps in registers.
 */
export interface BlockedSchedule {
  /** The parallel loop along which neighbouring invocations are neighbours; -1 when no loop is parallel. */
  readonly laneLoop: number;
  /**
   * For each loop: of a parallel one, how many of its points an invocation computes; of a reduction, how many iterations are written
   * out in one round.
   */
  readonly factors: readonly number[];
  /** Parallel loops whose points in one invocation lie as far apart as can be, so that neighbours still read neighbours. */
  readonly spread: readonly number[];
  /** Reduction loops written out in full. */
  readonly unroll: readonly number[];
  /** Invocations of a workgroup. */
  readonly workgroup: number;
}

/** The attribute that stands for a blocked schedule. */
export const encodeBlocked = (schedule: BlockedSchedule): Attribute =>
  dictionaryAttribute({
    mapping: stringAttribute("blocked"),
    lane_loop: integerAttribute(schedule.laneLoop),
    factors: i64ArrayAttribute(schedule.factors),
    ...(schedule.spread.length > 0 ? { spread: i64ArrayAttribute(schedule.spread) } : {}),
    ...(schedule.unroll.length > 0 ? { unroll: i64ArrayAttribute(schedule.unroll) } : {}),
    workgroup: i64ArrayAttribute([schedule.workgroup, 1, 1]),
  });

/** The attribute that asks for a mapping without decisions of its own. */
export const encodeMapping = (name: string): Attribute => dictionaryAttribute({ mapping: stringAttribute(name) });

/** The name of the mapping that an operation asks for; undefined when it leaves the choice to the pass. */
export function mappingNameOf(op: Operation): string | undefined {
  const name = scheduleEntries(op)?.["mapping"];
  return name?.kind === "string" ? name.value : undefined;
}

/** The entries of an operation's mapping decision; undefined when it has none. */
function scheduleEntries(op: Operation): Attributes | undefined {
  const given = op.attributes[scheduleAttributeName];
  if (given === undefined) return undefined;
  if (given.kind !== "dictionary") throw malformed(op, "it is no dictionary");
  return given.entries;
}

/** The error of a mapping decision that cannot be followed. */
export const malformed = (op: Operation, what: string): CompileError =>
  new CompileError([gpuDiagnostics.at("malformed-schedule", op.location, { what })]);

/**
 * The blocked schedule of an operation; undefined when it has none.
 * @param bounds how far each loop runs
 * @throws CompileError when the attribute says nonsense
 */
export function blockedScheduleOf(
  op: Operation,
  bounds: readonly number[],
  isParallel: (loop: number) => boolean,
): BlockedSchedule | undefined {
  const entries = scheduleEntries(op);
  if (entries === undefined || mappingNameOf(op) !== "blocked") return undefined;
  const numbers = (name: string, absent: readonly number[]): readonly number[] => {
    const attribute = entries[name];
    if (attribute === undefined) return absent;
    if (attribute.kind !== "dense-array") throw malformed(op, `${name} is no array`);
    return attribute.values.map(Number);
  };
  const loops = (name: string, parallel: boolean): readonly number[] =>
    numbers(name, []).map((loop) => {
      if (!Number.isInteger(loop) || loop < 0 || loop >= bounds.length) throw malformed(op, `there is no loop ${loop}`);
      if (isParallel(loop) !== parallel) throw malformed(op, `loop ${loop} cannot be in ${name}`);
      return loop;
    });
  const lane = entries["lane_loop"];
  const laneLoop = lane?.kind === "integer" ? Number(lane.value) : -1;
  if (laneLoop >= bounds.length || (laneLoop >= 0 && !isParallel(laneLoop)))
    throw malformed(op, `loop ${laneLoop} cannot be the lane loop`);
  const factors = numbers(
    "factors",
    bounds.map(() => 1),
  );
  if (factors.length !== bounds.length) throw malformed(op, "factors has not one number for each loop");
  factors.forEach((factor, loop) => {
    if (!Number.isInteger(factor) || factor < 1) throw malformed(op, `the factor of loop ${loop} is ${factor}`);
  });
  const [workgroup = 64] = numbers("workgroup", [64]);
  if (!Number.isInteger(workgroup) || workgroup < 1) throw malformed(op, `a workgroup of ${workgroup} invocations`);
  return {
    laneLoop,
    factors: factors.map((factor, loop) => Math.max(1, Math.min(factor, bounds[loop]!))),
    spread: loops("spread", true),
    unroll: loops("unroll", false),
    workgroup,
  };
}
