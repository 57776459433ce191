import { dimensionsOf, linearForm } from "../../../ir/affine.ts";
import { bodyOf, type IrReader } from "../../../ir/module.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import { type Access, anchorOf, isArgumentRead, type KernelGroup, loopsOf } from "../../kernels/group.ts";
import { strideOf } from "../blocked/default-schedule.ts";
import { isTemporary } from "../blocked/temporaries.ts";
import type { BlockedSchedule } from "../schedule-attribute.ts";
import { type Costs, deviceCosts } from "./costs.ts";

/** What one invocation has of a loop at a time: so many iterations, so far apart. */
interface Extent {
  readonly count: number;
  readonly step: number;
}

/** An operand, its index expressions taken apart. */
interface Operand {
  /** For each dimension, the loops it moves with; the factors are undefined where the index is not linear. */
  readonly dimensions: readonly {
    readonly loops: readonly number[];
    readonly factors: readonly number[] | undefined;
  }[];
  /** Elements between neighbours along the lane loop; undefined when that varies. */
  readonly laneStride: number | undefined;
}

/** Estimates what schedules of one group cost. */
export class BlockCost {
  readonly #group: KernelGroup;
  readonly #target: WebGpuTarget;
  readonly #costs: Costs;
  readonly #parallel: readonly number[];
  readonly #reductions: readonly number[];
  /** How long the code of one point's part of an iteration is. */
  readonly #combineLength: number;
  /** What each round of the reduction loops reads; without reductions nothing. */
  readonly #inner: readonly Operand[];
  /** What is read and written once for each point. */
  readonly #outer: readonly Operand[];

  constructor(reader: IrReader, group: KernelGroup, target: WebGpuTarget, laneLoop: number) {
    this.#group = group;
    this.#target = target;
    this.#costs = deviceCosts[target.kind];
    this.#parallel = loopsOf(group, "parallel");
    this.#reductions = loopsOf(group, "reduction");
    const functions = bodyOf(reader, anchorOf(group).op).filter(({ name }) => isLongFunction(name));
    this.#combineLength = 1 + functionLength * functions.length;
    const isBuffer = ({ value }: Access): boolean => reader.typeOf(value).kind === "memref";
    const made = new Set(group.stages.flatMap(({ outputs }) => outputs.map(({ value }) => value)));
    const reads = group.stages.flatMap((stage) =>
      [...stage.inputs, ...stage.outputs].filter(
        (access, position) => isBuffer(access) && isArgumentRead(reader, stage, position),
      ),
    );
    const inner = this.#reductions.length === 0 ? [] : anchorOf(group).inputs.filter(isBuffer);
    const written = group.stages
      .flatMap(({ outputs }) => outputs)
      .filter((access) => isBuffer(access) && !isTemporary(reader, group, access));
    const outer = [...reads.filter((access) => !inner.includes(access) && !made.has(access.value)), ...written];
    const operand = (access: Access): Operand => ({
      dimensions: access.map.results.map((expression) => {
        const coefficients = linearForm(expression)?.coefficients;
        return coefficients
          ? { loops: [...coefficients.keys()], factors: [...coefficients.values()] }
          : { loops: [...dimensionsOf(expression)], factors: undefined };
      }),
      laneStride: laneLoop < 0 ? 0 : strideOf(reader, access, laneLoop),
    });
    this.#inner = inner.map(operand);
    this.#outer = outer.map(operand);
  }

  /** Rough cost of the whole kernel, in the device's unit. Schedules whose code would be too long cost infinitely much. */
  of(schedule: BlockedSchedule): number {
    const { bounds, iterators } = this.#group;
    const counts = this.#parallel.map((loop) => Math.ceil(bounds[loop]! / schedule.factors[loop]!));
    const invocations = counts.reduce((product, count) => product * count, 1);
    const points = this.#parallel.reduce((product, loop) => product * schedule.factors[loop]!, 1);
    const extents = bounds.map((bound, loop): Extent => {
      const count = schedule.factors[loop]!;
      if (iterators[loop] !== "parallel")
        return { count: schedule.unroll.includes(loop) ? bound : roundOf(bound, count), step: 1 };
      return { count, step: schedule.spread.includes(loop) ? Math.ceil(bound / count) : 1 };
    });
    const { combine, place, code } = this.#costs;
    const { time, length: inner } = this.#reduction(extents, points, schedule);
    if (inner > longestRound) return Number.POSITIVE_INFINITY;
    const length = inner + points + loadLength * countElements(this.#outer, extents);
    const places = counts.filter((count) => count > 1).length;
    const once = this.#loads(this.#outer, extents, schedule) + points * combine;
    const own = time + once + places * place;
    return own * Math.max(invocations, this.#target.preferences.invocationsToFill) + length * code;
  }

  /** What one invocation's rounds take, and how long the code of one is. */
  #reduction(
    extents: readonly Extent[],
    points: number,
    schedule: BlockedSchedule,
  ): { readonly time: number; readonly length: number } {
    if (this.#reductions.length === 0) return { time: 0, length: 0 };
    const { bounds } = this.#group;
    const written = this.#reductions.reduce((product, loop) => product * extents[loop]!.count, 1);
    const rounds = this.#reductions.reduce((product, loop) => product * (bounds[loop]! / extents[loop]!.count), 1);
    const { combine, spilledCombine, registers, carry, round } = this.#costs;
    const each = points <= registers ? combine : spilledCombine;
    const loads = this.#loads(this.#inner, extents, schedule);
    const around = rounds > 1 ? round + points * carry : 0;
    const length = points * written * this.#combineLength + loadLength * countElements(this.#inner, extents);
    return { time: rounds * (loads + points * written * each + around), length };
  }

  #loads(operands: readonly Operand[], extents: readonly Extent[], schedule: BlockedSchedule): number {
    const { load, scatteredLoad } = this.#costs;
    return operands.reduce((sum, operand) => {
      const count = distinctElements(operand, extents);
      return sum + count * (isScattered(operand, schedule) ? scatteredLoad : load);
    }, 0);
  }
}

/** Whether neighbouring invocations access elements that are not neighbours, nor the same. */
function isScattered({ laneStride }: Operand, { laneLoop, factors, spread }: BlockedSchedule): boolean {
  if (laneStride === undefined) return true;
  if (laneLoop < 0) return false;
  return Math.abs(laneStride) * (spread.includes(laneLoop) ? 1 : factors[laneLoop]!) > 4;
}

/** Operations of a round beyond which code takes too long to compile. */
const longestRound = 2000;
/** Operations that a load with its address and checks counts for. */
const loadLength = 8;

/** Operations that a function counts for which devices do not have and shaders bring along. */
const functionLength = 60;
/** Functions of the math dialect that devices do have. */
const deviceFunctions: ReadonlySet<string> = new Set(
  ["absf", "absi", "ceil", "exp", "exp2", "floor", "fma", "log", "log2", "rsqrt", "sqrt", "trunc"].map(
    (name) => `math.${name}`,
  ),
);
const isLongFunction = (name: string): boolean => name.startsWith("math.") && !deviceFunctions.has(name);

/** Iterations of a reduction loop in one round: as many as were asked for, if they divide it. */
function roundOf(bound: number, wanted: number): number {
  let round = Math.min(bound, wanted);
  while (bound % round !== 0) round--;
  return round;
}

const countElements = (operands: readonly Operand[], extents: readonly Extent[]): number =>
  operands.reduce((sum, operand) => sum + distinctElements(operand, extents), 0);

/** How many different elements of an operand one invocation accesses in one round. */
function distinctElements({ dimensions }: Operand, extents: readonly Extent[]): number {
  let product = 1;
  for (const { loops, factors } of dimensions) {
    const moving = loops.flatMap((loop, at) => (extents[loop]!.count > 1 ? [at] : []));
    if (moving.length === 0) continue;
    if (moving.length === 1 || !factors) {
      for (const at of moving) product *= extents[loops[at]!]!.count;
      continue;
    }
    let reached = new Set([0]);
    for (const at of moving) {
      const { count, step } = extents[loops[at]!]!;
      const next = new Set<number>();
      for (const offset of reached)
        for (let iteration = 0; iteration < count; iteration++) next.add(offset + iteration * factors[at]! * step);
      reached = next;
    }
    product *= reached.size;
  }
  return product;
}
