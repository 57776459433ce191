import { type ChildProcess, fork } from "node:child_process";
import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";
import type { RealModel } from "../real-models.ts";
import type { Answer, Request } from "./protocol.ts";

/** One of the two that are compared, in a process of its own. */
export class Side {
  readonly #process: ChildProcess;
  readonly #name: string;
  #adapter = "";
  #answered: (answer: Answer) => void = () => {};

  constructor(name: "weft" | "onnxruntime") {
    this.#name = name;
    this.#process = fork(new URL(`${name}-side.ts`, import.meta.url), { serialization: "advanced" });
    this.#process.on("message", (answer: Answer) => this.#answered(answer));
    this.#process.on("exit", (code, signal) =>
      this.#answered({ kind: "failed", cause: `the process ended with ${signal ?? code}` }),
    );
  }
  /** What the side says of the adapter it runs on, once something is loaded. */
  get adapter(): string {
    return this.#adapter;
  }

  /** Makes a model ready and runs it once. */
  async load(model: RealModel, inputs: ReadonlyMap<string, HostTensor>): Promise<ReadonlyMap<string, HostTensor>> {
    const answer = await this.#ask({ kind: "load", model, inputs });
    if (answer.kind !== "loaded") throw this.#unexpected(answer);
    this.#adapter = answer.adapter;
    return answer.outputs;
  }

  /** Runs it again and again. */
  async run(times: number): Promise<Extract<Answer, { readonly kind: "ran" }>> {
    const answer = await this.#ask({ kind: "run", times });
    if (answer.kind !== "ran") throw this.#unexpected(answer);
    return answer;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  #ask(request: Request): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#process.send(request);
    });
  }

  #unexpected(answer: Answer): Error {
    return new Error(`${this.#name}: ${answer.kind === "failed" ? answer.cause : answer.kind}`);
  }
}
