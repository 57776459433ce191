/// <reference types="@webgpu/types" />
import type { DispatchStep } from "../manifest.ts";
import { type Context, queryKinds } from "./context.ts";
import type { StepTiming } from "./weft-webgpu.d.ts";

/** Dispatches that one query set measures: WebGPU's most, 4096 queries, at two each. */
const perSet = 2048;

/** Measures each dispatch of a run by the device's own clock. */
export interface Timer {
  /** What a pass with nothing but this dispatch is begun with. */
  next(step: DispatchStep): GPUComputePassTimestampWrites;
  /** The times of all since the last reading. */
  read(): Promise<readonly StepTiming[]>;
}

/** Measures each of so many dispatches by timestamps. */
export async function makeTimer({ device, own, allocate, submit }: Context, dispatches: number): Promise<Timer> {
  const sets = Array.from({ length: Math.ceil(dispatches / perSet) }, (_, index) =>
    own(device.createQuerySet({ type: "timestamp", count: 2 * Math.min(perSet, dispatches - index * perSet) })),
  );
  const from = await allocate("timestamps", dispatches * 16, queryKinds);
  let steps: DispatchStep[] = [];
  return {
    next(step) {
      const index = steps.push(step) - 1;
      const first = (index % perSet) * 2;
      return {
        querySet: sets[Math.floor(index / perSet)]!,
        beginningOfPassWriteIndex: first,
        endOfPassWriteIndex: first + 1,
      };
    },
    async read() {
      const measured = steps;
      steps = [];
      const [contents] = await submit(
        "timestamps",
        (encoder) =>
          sets.forEach((set, index) => encoder.resolveQuerySet(set, 0, set.count, from, index * perSet * 16)),
        [{ from, offset: 0, bytes: from.size }],
      );
      const nanoseconds = new BigInt64Array(contents!);
      return measured.map(({ name, origin }, index) => ({
        name,
        ...(origin && { origin }),
        milliseconds: Number(nanoseconds[2 * index + 1]! - nanoseconds[2 * index]!) / 1e6,
      }));
    },
  };
}
