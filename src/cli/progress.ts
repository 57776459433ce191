/** Milliseconds before a running task says anything. */
const patience = 1000;

/** One line on the terminal that says what is going on; silent when the error stream is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }
  update(text: string): void {
    if (!this.#stream.isTTY || performance.now() - this.#started < patience) return;
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(0);
    this.#stream.write(`\r\x1b[2K${text} (${seconds} s)`);
    this.#shown = true;
  }
  /** Removes the line. */
  done(): void {
    if (this.#shown) this.#stream.write("\r\x1b[2K");
    this.#shown = false;
  }
}
