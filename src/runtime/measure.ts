/** Something that can be run again and again. */
export interface Contender {
  readonly name: string;
  run(): void | Promise<void>;
}

/** Times of one contender's runs. */
export interface Measurement {
  readonly name: string;
  readonly runs: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** When to stop measuring. */
export interface MeasureOptions {
  /** Milliseconds for each contender. */
  readonly budget: number;
  readonly minimumRuns: number;
  readonly warmups: number;
}
export const usualMeasure: MeasureOptions = { budget: 2000, minimumRuns: 10, warmups: 3 };

/**
 * Times contenders in turns (A B A B …), so that whatever else the machine does meets all of them alike. One contender's
 * turn is as many runs as take about 5 ms: a single run of a small model is shorter than the clock's noise.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  { budget, minimumRuns, warmups }: MeasureOptions = usualMeasure,
): Promise<readonly Measurement[]> {
  const perTurn: number[] = [];
  for (const contender of contenders) {
    for (let warmup = 0; warmup < warmups; warmup++) await contender.run();
    const once = await timeOf(contender, 1);
    perTurn.push(Math.max(1, Math.min(1000, Math.round(5 / Math.max(once, 1e-3)))));
  }
  const samples: number[][] = contenders.map(() => []);
  const deadline = performance.now() + budget * contenders.length;
  while (performance.now() < deadline || samples[0]!.length < minimumRuns)
    for (const [index, contender] of contenders.entries())
      samples[index]!.push((await timeOf(contender, perTurn[index]!)) / perTurn[index]!);
  return contenders.map(({ name }, index) => summarize(name, samples[index]!));
}

async function timeOf(contender: Contender, runs: number): Promise<number> {
  const started = performance.now();
  for (let run = 0; run < runs; run++) {
    // Awaiting what is no promise would cost a turn of the event loop, which is more than a small model takes.
    const pending = contender.run();
    if (pending) await pending;
  }
  return performance.now() - started;
}

function summarize(name: string, samples: readonly number[]): Measurement {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { name, runs: samples.length, median: at(0.5), p10: at(0.1), p90: at(0.9) };
}
