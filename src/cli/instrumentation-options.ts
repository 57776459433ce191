import type { Command } from "commander";
import type { PipelineOptions } from "../passes/pass-manager.ts";

/** The options by which a command line watches a pipeline. */
export interface InstrumentationOptions {
  readonly verifyEach: boolean;
  readonly printIrBefore?: string;
  readonly printIrAfter?: string;
  readonly printIrBeforeAll: boolean;
  readonly printIrAfterAll: boolean;
  readonly printIrAfterChange: boolean;
  readonly timing: boolean;
  readonly statistics: boolean;
  readonly trace?: string;
  readonly reproducer?: string;
}

/** Constants with more elements are left out of IR that is printed on the way. */
const elideLargerThan = 32;

/** Adds the options of `InstrumentationOptions` to a command. */
export const withInstrumentation = (command: Command): Command =>
  command
    .option("--verify-each", "check the module after every pass", false)
    .option("--print-ir-before <passes>", "print the module before these passes (separated by commas)")
    .option("--print-ir-after <passes>", "print the module after these passes")
    .option("--print-ir-before-all", "print the module before every pass", false)
    .option("--print-ir-after-all", "print the module after every pass", false)
    .option("--print-ir-after-change", "print what every pass changed, as a diff", false)
    .option("--timing", "print how long every pass took", false)
    .option("--statistics", "print what every pass counted", false)
    .option("--trace <file>", "write a Chrome trace of the passes (chrome://tracing, Perfetto)")
    .option("--reproducer <file>", "if a pass fails, write the module before it with the pipeline there");

const list = (text: string | undefined): readonly string[] | undefined => text?.split(",").map((name) => name.trim());

/** The pass manager's options for a command line's. */
export function instrumentationOf(options: InstrumentationOptions): PipelineOptions {
  const before = options.printIrBeforeAll ? "all" : list(options.printIrBefore);
  const after = options.printIrAfterAll ? "all" : list(options.printIrAfter);
  return {
    verifyEach: options.verifyEach,
    ...(before ? { printIrBefore: before } : {}),
    ...(after ? { printIrAfter: after } : {}),
    printIrAfterChange: options.printIrAfterChange,
    printing: { elideLargerThan, elideResourcesLargerThan: 2 * elideLargerThan },
    ...(options.reproducer === undefined ? {} : { reproducer: options.reproducer }),
  };
}
