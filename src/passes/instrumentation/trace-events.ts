import type { PassRun } from "./pass-run.ts";

/**
 * A compile as Chrome trace events (the JSON object format of "Trace Event Format"), for chrome://tracing and Perfetto: one
 * complete event for each run of a pass. Times are microseconds.
 */
export function traceEvents(runs: readonly PassRun[]): string {
  const event = (name: string, category: string, start: number, milliseconds: number, args: object): object => ({
    name,
    cat: category,
    ph: "X",
    ts: Math.round(start * 1000),
    dur: Math.round(milliseconds * 1000),
    pid: 1,
    tid: 1,
    args,
  });
  const events = runs.flatMap((run) => {
    const args = {
      ...(run.symbol === undefined ? {} : { function: run.symbol }),
      changed: run.changed,
      patches: run.patches.length,
      ...Object.fromEntries(run.statistics),
    };
    const own = event(run.pass.name, "pass", run.start, run.milliseconds, args);
    if (run.verifyMilliseconds === 0) return [own];
    const after = run.start + run.milliseconds;
    return [own, event("verify", "verify", after, run.verifyMilliseconds, { after: run.pass.name })];
  });
  return `${JSON.stringify({ displayTimeUnit: "ms", traceEvents: events }, undefined, 1)}\n`;
}
