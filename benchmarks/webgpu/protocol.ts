import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";
import type { RealModel } from "../real-models.ts";

/** What is asked of the process that has one of the two sides. */
export type Request =
  | { readonly kind: "load"; readonly model: RealModel; readonly inputs: ReadonlyMap<string, HostTensor> }
  | { readonly kind: "run"; readonly times: number };

/** What it answers, in the order of the requests. */
export type Answer =
  | { readonly kind: "loaded"; readonly adapter: string; readonly outputs: ReadonlyMap<string, HostTensor> }
  /** Milliseconds of the clock, and of processors' work in the process, for one run. */
  | { readonly kind: "ran"; readonly milliseconds: number; readonly processorMilliseconds: number }
  | { readonly kind: "failed"; readonly cause: string };

/** A model that one side has ready: a run brings the inputs to the device and the outputs back. */
export interface Loaded {
  readonly adapter: string;
  run(): Promise<ReadonlyMap<string, HostTensor>>;
  dispose(): void | Promise<void>;
}

/** Answers the parent's requests until it closes the channel. */
export function serve(load: (model: RealModel, inputs: ReadonlyMap<string, HostTensor>) => Promise<Loaded>): void {
  let loaded: Loaded | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    if (request.kind === "load") {
      await loaded?.dispose();
      loaded = await load(request.model, request.inputs);
      return { kind: "loaded", adapter: loaded.adapter, outputs: await loaded.run() };
    }
    if (!loaded) return { kind: "failed", cause: "nothing is loaded" };
    const processor = process.cpuUsage();
    const started = performance.now();
    for (let run = 0; run < request.times; run++) await loaded.run();
    const milliseconds = (performance.now() - started) / request.times;
    const { user, system } = process.cpuUsage(processor);
    return { kind: "ran", milliseconds, processorMilliseconds: (user + system) / 1000 / request.times };
  };
  process.on("message", (request: Request) => {
    answer(request)
      .catch((error: unknown): Answer => ({
        kind: "failed",
        cause: error instanceof Error ? error.message : String(error),
      }))
      .then((result) => process.send!(result));
  });
  process.on("disconnect", () => process.exit(0));
}
