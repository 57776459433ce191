import type { DeviceKind } from "../../../targets/webgpu.ts";

/** What the parts of a kernel cost one invocation, in a unit of the device's own: only ratios matter. */
export interface Costs {
  /** A load from a buffer whose neighbours in memory are loaded by neighbouring invocations, or that all of them load. */
  readonly load: number;
  /** A load whose neighbours are elsewhere in memory. */
  readonly scatteredLoad: number;
  /** One point's part of an iteration, when the accumulators are in registers. */
  readonly combine: number;
  /** The same, when they are not. */
  readonly spilledCombine: number;
  /** Accumulators that registers hold. */
  readonly registers: number;
  /** Carrying one accumulator from one round of a loop to the next. */
  readonly carry: number;
  /** One round of a loop. */
  readonly round: number;
  /** Finding out what an invocation computes, for each loop that invocations share out. */
  readonly place: number;
  /** What one operation of a round costs the driver's compiler, shared among the runs that a model is expected to have. */
  readonly code: number;
}

/**
 * Measured on SwiftShader, in nanoseconds for four invocations: whatever the addresses are, a load is four checked loads of one
 * element each and costs as much as many multiply-adds; a variable that outlives a round of a loop is memory, written under a mask;
 * compiling an operation takes some 0.4 ms, reckoned here over fifty runs.
 * For GPUs only the order is known: cached loads cost some arithmetic, scattered ones several times that, and accumulators that do
 * not fit into registers cost so much that no load they save makes up for it.
 */
export const deviceCosts: Readonly<Record<DeviceKind, Costs>> = {
  cpu: {
    load: 14,
    scatteredLoad: 14,
    combine: 0.5,
    spilledCombine: 1.1,
    registers: 12,
    carry: 1.2,
    round: 6,
    place: 40,
    code: 32_000,
  },
  gpu: {
    load: 8,
    scatteredLoad: 32,
    combine: 1,
    spilledCombine: 40,
    registers: 40,
    carry: 0,
    round: 4,
    place: 20,
    code: 0,
  },
};
