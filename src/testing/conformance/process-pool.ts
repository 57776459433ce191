import { type ChildProcess, fork } from "node:child_process";

/** How jobs are run in child processes. */
export interface PoolOptions<Job, Reply> {
  /** The children's program: it calls `serveJobs`. */
  readonly program: URL;
  readonly processes: number;
  /** Milliseconds that a job may take. */
  readonly timeout: number;
  /** A child that has done so many gives way to a new one, so that what a library keeps does not add up. */
  readonly jobsPerProcess: number;
  /** The reply for a job that ended its process, or did not end, twice. */
  readonly lost: (job: Job, cause: string) => Reply;
  /** Called when a job is begun. */
  readonly begun: (job: Job, index: number) => void;
}

/** Answers the jobs that `runInProcesses` sends to this process, one after the other. */
export function serveJobs<Job, Reply>(answer: (job: Job) => Promise<Reply>): void {
  process.on("message", async (job: Job) => void process.send?.(await answer(job)));
  process.on("disconnect", () => process.exit(0));
}

/** The replies to jobs, in their order, by child processes: a job that crashes or hangs takes no other one with it. */
export async function runInProcesses<Job, Reply>(
  jobs: readonly Job[],
  options: PoolOptions<Job, Reply>,
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    let child: JobChild | undefined;
    try {
      while (next < jobs.length) {
        const index = next++;
        const job = jobs[index]!;
        options.begun(job, index);
        if (child !== undefined && child.done >= options.jobsPerProcess) child = void child.end();
        child ??= new JobChild(options.program);
        let result = await child.run(job, options.timeout);
        if (result.kind === "lost" && child.done > 1) {
          // What came before may have broken the process: once more, in a new one.
          child = new JobChild(options.program);
          result = await child.run(job, options.timeout);
        }
        if (result.kind === "lost") child = undefined;
        replies[index] = result.kind === "lost" ? options.lost(job, result.cause) : (result.reply as Reply);
      }
    } finally {
      child?.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.processes, jobs.length) }, work));
  return replies;
}

type JobResult = { readonly kind: "done"; readonly reply: unknown } | { readonly kind: "lost"; readonly cause: string };

class JobChild {
  readonly #process: ChildProcess;
  #settle: ((result: JobResult) => void) | undefined;
  /** How many jobs it was given. */
  done = 0;

  constructor(program: URL) {
    this.#process = fork(program, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#process.on("message", (reply) => this.#take({ kind: "done", reply }));
    this.#process.on("error", (error) => this.#take({ kind: "lost", cause: error.message }));
    this.#process.on("exit", (status, signal) =>
      this.#take({
        kind: "lost",
        cause: signal === null ? `its process ended with status ${status}` : `its process was ended by ${signal}`,
      }),
    );
  }

  async run(job: unknown, timeout: number): Promise<JobResult> {
    this.done++;
    const timer = setTimeout(() => {
      this.#take({ kind: "lost", cause: `it did not finish within ${timeout / 1000} s` });
      this.end();
    }, timeout);
    const result = await new Promise<JobResult>((settle) => {
      this.#settle = settle;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null)
        this.#take({ kind: "lost", cause: "its process had ended" });
      else this.#process.send(job as object, (error) => error && this.#take({ kind: "lost", cause: error.message }));
    });
    clearTimeout(timer);
    return result;
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }

  #take(result: JobResult): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(result);
  }
}
