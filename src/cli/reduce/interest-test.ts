import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";

/** What is run on a candidate, and what about it is interesting. */
export type InterestTest =
  /** A program that gets the file's name, and ends with 0 when the file is interesting. */
  | { readonly kind: "script"; readonly path: string }
  /** A shell command, `{}` in it the file's name. */
  | {
      readonly kind: "command";
      readonly text: string;
      /** With any status but 0 when neither this nor `stderr` is given. */
      readonly exitCode: number | undefined;
      readonly stderr: string | undefined;
    };

/** How a run of a test ended. */
export interface TestRun {
  readonly isInteresting: boolean;
  /** `ended with 1: last line of its errors`. */
  readonly description: string;
}

/** Characters of errors that are looked at. */
const errorLimit = 16 * 1024 * 1024;

/** Runs a test on texts, one at a time. */
export class TestRunner {
  readonly #test: InterestTest;
  readonly #file: string;
  readonly #seconds: number;
  #stop: (() => void) | undefined;

  /**
   * @param file where each text is put
   * @param seconds after which a run is ended; what does not end by itself is not interesting
   */
  constructor(test: InterestTest, file: string, seconds: number) {
    this.#test = test;
    this.#file = file;
    this.#seconds = seconds;
  }

  /** @throws Error when the test cannot be started */
  async run(text: string): Promise<TestRun> {
    writeFileSync(this.#file, text);
    const { status, stderr } = await this.#ended();
    const lastLine = stderr.trim().split("\n").at(-1) ?? "";
    const description = `ended with ${status ?? `no answer in ${this.#seconds} s`}${lastLine === "" ? "" : `: ${lastLine}`}`;
    return { isInteresting: this.#judges(status, stderr), description };
  }

  /** Ends the run in progress, if any. */
  stop(): void {
    this.#stop?.();
  }

  #judges(status: number | undefined, stderr: string): boolean {
    const test = this.#test;
    if (status === undefined) return false;
    if (test.kind === "script") return status === 0;
    if (test.exitCode === undefined && test.stderr === undefined) return status !== 0;
    return (
      (test.exitCode === undefined || status === test.exitCode) &&
      (test.stderr === undefined || stderr.includes(test.stderr))
    );
  }

  #ended(): Promise<{ readonly status: number | undefined; readonly stderr: string }> {
    const [program, args] = this.#commandLine();
    return new Promise((settle, fail) => {
      // A process group of its own, so that all of it can be ended.
      const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
      let stderr = "";
      let isEnded = false;
      const end = (): void => {
        isEnded = true;
        try {
          if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      };
      this.#stop = end;
      const timer = setTimeout(end, this.#seconds * 1000);
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        if (stderr.length < errorLimit) stderr += text;
      });
      const finish = (): void => {
        clearTimeout(timer);
        this.#stop = undefined;
      };
      child.on("error", (error) => {
        finish();
        fail(error);
      });
      child.on("close", (code, signal) => {
        finish();
        // As shells have it.
        const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        settle({ status: isEnded ? undefined : status, stderr });
      });
    });
  }

  #commandLine(): readonly [program: string, args: readonly string[]] {
    const test = this.#test;
    if (test.kind === "script") return [resolve(test.path), [this.#file]];
    const quoted = `'${this.#file.replaceAll("'", `'\\''`)}'`;
    const text = test.text.includes("{}") ? test.text.replaceAll("{}", quoted) : `${test.text} ${quoted}`;
    return ["/bin/sh", ["-c", text]];
  }
}
