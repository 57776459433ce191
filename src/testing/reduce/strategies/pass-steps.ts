import { passes } from "../../../passes/index.ts";
import { parsePipeline } from "../../../passes/parse-pipeline.ts";
import { runPipeline } from "../../../passes/pass-manager.ts";
import type { WholeStep } from "../strategy.ts";

const passStep = (name: string): WholeStep => ({
  name: `run ${name}`,
  // A pass that fails leaves the module as it is: it may be the very one that is looked into.
  run: (module, registry) => runPipeline(module, parsePipeline(name, passes), { registry }).module,
});

/** Passes that often make a module smaller. */
export const passSteps: readonly WholeStep[] = ["canonicalize", "cse", "dce"].map(passStep);
