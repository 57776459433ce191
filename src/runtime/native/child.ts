import { type ChildProcess, fork } from "node:child_process";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { unknownLocation } from "../../support/location.ts";
import type { NumericElementType } from "../../support/numeric/element-type.ts";
import { bytesOf, type HostTensor, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import { nativeDiagnostics } from "./diagnostics.ts";
import type { NativeModelFiles } from "./load.ts";

/** A tensor between processes: the element storage of some types does not survive being sent. */
export interface SentTensor {
  readonly name: string;
  readonly elementType: NumericElementType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}
export interface ChildRequest {
  readonly id: number;
  readonly files: NativeModelFiles;
  readonly inputs: readonly SentTensor[];
}
export type ChildReply =
  | { readonly id: number; readonly outputs: readonly SentTensor[] }
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[] };

export const sendTensors = (tensors: ReadonlyMap<string, HostTensor>): readonly SentTensor[] =>
  [...tensors].map(([name, tensor]) => {
    const { elementType, shape } = tensor;
    if (elementType === "string") throw new TypeError("strings cannot be inputs of native code");
    return { name, elementType, shape, bytes: bytesOf(tensor) };
  });
export const receiveTensors = (sent: readonly SentTensor[]): Map<string, HostTensor> =>
  new Map(
    sent.map(({ name, elementType, shape, bytes }) => [name, tensorFromBytes(elementType, shape, bytes)] as const),
  );

interface Pending {
  readonly id: number;
  readonly model: string;
  readonly settle: (reply: ChildReply) => void;
}

/**
 * Runs native models in a child process, so that code that crashes or hangs takes no one with it. The process is started at the first
 * run and again after a crash. Runs go one at a time.
 */
export class NativeChild {
  readonly #timeout: number;
  #process: ChildProcess | undefined;
  #pending: Pending | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #next = 0;

  /** @param timeout milliseconds that a run may take */
  constructor(timeout = 60_000) {
    this.#timeout = timeout;
  }

  /**
   * Runs a model, after the runs asked for before.
   * @throws CompileError as the model does in this process; `native/run-failed` when the child dies or takes too long
   */
  run(files: NativeModelFiles, inputs: ReadonlyMap<string, HostTensor>): Promise<Map<string, HostTensor>> {
    const result = this.#queue.then(() => this.#runNow(files, inputs));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Ends the child process. A run in progress fails. */
  dispose(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  async #runNow(files: NativeModelFiles, inputs: ReadonlyMap<string, HostTensor>): Promise<Map<string, HostTensor>> {
    const child = (this.#process ??= this.#start());
    const id = this.#next++;
    const request: ChildRequest = { id, files, inputs: sendTensors(inputs) };
    let timer: NodeJS.Timeout | undefined;
    const reply = await new Promise<ChildReply>((settle) => {
      this.#pending = { id, model: files.manifest.model, settle };
      timer = setTimeout(() => this.#fail(child, `it did not finish within ${this.#timeout} ms`), this.#timeout);
      child.send(request, (error) => error && this.#fail(child, error.message));
    });
    clearTimeout(timer);
    if ("diagnostics" in reply) throw new CompileError(reply.diagnostics);
    return receiveTensors(reply.outputs);
  }

  #start(): ChildProcess {
    const child = fork(new URL("./child-worker.ts", import.meta.url), {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.on("message", (reply: ChildReply) => {
      if (this.#pending?.id === reply.id) this.#take()?.settle(reply);
    });
    child.on("error", (error) => this.#fail(child, error.message));
    child.on("exit", (status, signal) =>
      this.#fail(
        child,
        signal === null ? `its process ended with status ${status}` : `its process was killed by ${signal}`,
      ),
    );
    // A waiting child does not keep the program from ending.
    child.unref();
    child.channel?.unref();
    return child;
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  /** Gives up on a child: the run in progress fails, the next one starts another. */
  #fail(child: ChildProcess, cause: string): void {
    if (this.#process !== child) return;
    this.#process = undefined;
    child.kill("SIGKILL");
    const pending = this.#take();
    if (!pending) return;
    const values = { model: pending.model, cause };
    pending.settle({
      id: pending.id,
      diagnostics: [nativeDiagnostics.at("run-failed", unknownLocation, values)],
    });
  }
}
