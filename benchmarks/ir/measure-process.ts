import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

/** What one run of a program took, from its start to its end. */
export interface ProcessFigures {
  /** Milliseconds on the clock. */
  readonly wall: number;
  /** Milliseconds of processor time, of all threads, system calls included. */
  readonly processor: number;
  /** Largest resident memory, in bytes. */
  readonly peak: number;
}

const gnuTime = "/usr/bin/time";

/** Runs a program to its end. @param notes a file that may be overwritten @throws Error when it fails or GNU time is missing */
export function measureProcess(program: string, args: readonly string[], notes: string): ProcessFigures {
  if (!existsSync(gnuTime)) throw new Error(`${gnuTime} is missing: apt-get install time`);
  const run = spawnSync(gnuTime, ["-o", notes, "-f", "%e %U %S %M", program, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (run.status !== 0) throw new Error(`${program} ended with ${run.signal ?? run.status}`);
  const [wall, user, system, kilobytes] = readFileSync(notes, "utf8").trim().split(" ").map(Number);
  rmSync(notes);
  return { wall: wall! * 1000, processor: (user! + system!) * 1000, peak: kilobytes! * 1024 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** The median of each figure. */
export const medianOf = (runs: readonly ProcessFigures[]): ProcessFigures => ({
  wall: median(runs.map((run) => run.wall)),
  processor: median(runs.map((run) => run.processor)),
  peak: median(runs.map((run) => run.peak)),
});
