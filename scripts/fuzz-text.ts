// Damages the texts of the corpus, and looks whether Weft stands it: `node scripts/fuzz-text.ts [--count N] [--seed N] [--from N]
// [--only N]`. Every text must end in a module or a list of errors, in a time that its length bounds; a module that verifies must be
// printed and read back as the same one. `--only` runs one number again and prints its text.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { checkText } from "../src/testing/fuzz/check-text.ts";
import { mutate } from "../src/testing/fuzz/mutate.ts";
import { Random } from "../src/testing/fuzz/random.ts";

interface Job {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}
/** What the worker tells: a text begins, or has ended. */
type Report =
  | { readonly kind: "begun"; readonly number: number }
  | {
      readonly kind: "ended";
      readonly number: number;
      readonly outcome: string;
      readonly what: string;
      readonly characters: number;
      readonly milliseconds: number;
    };

const corpus = join(process.env["WEFT_SHARED"] ?? join(import.meta.dirname, "../../shared"), "mlir-corpus");
/** Longer texts are left out: damage is more likely to tell in short ones. */
const longestSource = 20_000;
/** A text that takes longer hangs. */
const patience = 30_000;
/** Milliseconds of processor time that any text may take, and each of its characters more. */
const allowed = { milliseconds: 1000, perCharacter: 0.05 };
const heapLimit = 2048;

function sources(): readonly string[] {
  const folders = ["generic", "pretty"].map((form) => join(corpus, form));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((file) => join(folder, file)),
  );
  return files
    .filter((_, index) => index % 17 === 0)
    .map((file) => readFileSync(file, "utf8"))
    .filter((text) => text.length <= longestSource);
}

const textOf = (seed: number, number: number, all: readonly string[]): string => {
  const random = new Random(Math.imul(seed, 0x10001) + number);
  return mutate(random.pick(all), random, all);
};

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
const tell = (report: Report): void => parentPort!.postMessage(report);

function work({ seed, from, count }: Job): void {
  const all = sources();
  for (let number = from; number < from + count; number++) {
    const text = textOf(seed, number, all);
    tell({ kind: "begun", number });
    const before = process.threadCpuUsage();
    const outcome = checkText(text);
    const { user, system } = process.threadCpuUsage(before);
    tell({
      kind: "ended",
      number,
      outcome: outcome.kind,
      what: "what" in outcome ? outcome.what : "",
      characters: text.length,
      milliseconds: (user + system) / 1000,
    });
  }
}

class Tally {
  readonly outcomes = new Map<string, number>();
  readonly defects = new Map<string, number[]>();
  readonly #lossy = new Map<string, number[]>();
  #slowest = { number: -1, milliseconds: 0, characters: 0 };
  #steepest = { number: -1, perCharacter: 0 };
  peak = 0;

  defect(number: number, what: string, among = this.defects): void {
    const key = what.replaceAll(/\d+/g, "N").slice(0, 300);
    const known = among.get(key);
    if (known === undefined) among.set(key, [number]);
    else known.push(number);
  }
  ended({ number, outcome, what, characters, milliseconds }: Report & { readonly kind: "ended" }): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (outcome === "defect") this.defect(number, what);
    if (outcome === "lossy") this.defect(number, what, this.#lossy);
    if (milliseconds > allowed.milliseconds + characters * allowed.perCharacter)
      this.defect(number, `slow: ${Math.round(milliseconds)} ms for ${characters} characters`);
    if (milliseconds > this.#slowest.milliseconds) this.#slowest = { number, milliseconds, characters };
    const perCharacter = (1000 * milliseconds) / characters;
    if (characters > 1000 && perCharacter > this.#steepest.perCharacter) this.#steepest = { number, perCharacter };
    this.peak = Math.max(this.peak, process.memoryUsage.rss());
  }
  print(): void {
    console.log([...this.outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", "));
    const { number, milliseconds, characters } = this.#slowest;
    console.log(`slowest: ${milliseconds.toFixed(0)} ms for ${characters} characters (--only ${number})`);
    console.log(`most for a character: ${this.#steepest.perCharacter.toFixed(1)} µs (--only ${this.#steepest.number})`);
    console.log(`memory: ${(this.peak / 2 ** 20).toFixed(0)} MiB at most`);
    for (const [kind, found] of [["lossy", this.#lossy] as const, ["DEFECT", this.defects] as const])
      for (const [what, numbers] of found)
        console.log(`${kind} ${numbers.length} times, --only ${numbers.slice(0, 5).join(", ")}: ${what}`);
  }
}

/** Runs texts in a worker until one hangs or brings it down; returns how many were run. */
function runWorker(job: Job, tally: Tally): Promise<number> {
  return new Promise((settle) => {
    const worker = new Worker(import.meta.filename, {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: heapLimit },
    });
    let present = job.from;
    let timer: NodeJS.Timeout | undefined;
    const giveUp = (what: string): void => {
      clearTimeout(timer);
      tally.defect(present, what);
      settle(present - job.from + 1);
    };
    worker.on("message", (report: Report) => {
      clearTimeout(timer);
      if (report.kind === "ended") return tally.ended(report);
      present = report.number;
      timer = setTimeout(() => {
        giveUp("hangs");
        void worker.terminate();
      }, patience);
    });
    worker.on("error", (error) => giveUp(`brings the process down: ${error.message}`));
    worker.on("exit", () => {
      clearTimeout(timer);
      settle(job.count);
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      from: { type: "string", default: "0" },
      only: { type: "string" },
    },
  });
  const seed = Number(values.seed);
  if (values.only !== undefined) {
    const text = textOf(seed, Number(values.only), sources());
    console.log(text);
    console.error(checkText(text));
    return;
  }
  const [first, count] = [Number(values.from), Number(values.count)];
  console.log(`${count} texts; again with --seed ${seed}`);
  const tally = new Tally();
  for (let from = first; from < first + count;)
    from += await runWorker({ seed, from, count: first + count - from }, tally);
  tally.print();
  if (tally.defects.size > 0) process.exitCode = 1;
}

if (isMainThread) await main();
else work(workerData as Job);
