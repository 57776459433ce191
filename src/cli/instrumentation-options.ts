import type { Command } from "commander";
import type { PrintOptions } from "../ir/text/print.ts";
import type { PipelineOptions } from "../passes/pass-manager.ts";

/** The options by which a command line watches a pipeline. */
export interface InstrumentationOptions {
  readonly verifyEach: boolean;
  readonly printIrBefore?: readonly string[];
  readonly printIrAfter?: readonly string[];
  readonly printIrBeforeAll: boolean;
  readonly printIrAfterAll: boolean;
  readonly printIrAfterChange: boolean;
  readonly mlirPrintIrAfterChange: boolean;
  readonly printIrAfterFailure: boolean;
  readonly printIrModuleScope: boolean;
  readonly timing: boolean;
  readonly statistics: boolean;
  readonly trace?: string;
  readonly reproducer?: string;
}

/** Constants with more elements are left out of IR that is printed on the way, unless the user says otherwise. */
const elideLargerThan = 32;
const dumps: PrintOptions = { elideLargerThan, elideResourcesLargerThan: 8 * elideLargerThan };

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...value.split(",").map((name) => name.trim()),
];

/**
 * Adds the options of `InstrumentationOptions` to a command, by upstream's names and by short ones.
 * @param verifyEach whether the module is verified after every pass when the command line does not say
 */
export const withInstrumentation = (command: Command, verifyEach: boolean): Command =>
  command
    .optionsGroup("Watching the passes:")
    .option("--verify-each", "check the module after every pass that changed it", verifyEach)
    .option("--no-verify-each", "do not")
    .option("--mlir-print-ir-before, --print-ir-before <passes>", "print the IR before these passes (a,b,…)", collect)
    .option("--mlir-print-ir-after, --print-ir-after <passes>", "print the IR after these passes", collect)
    .option("--mlir-print-ir-before-all, --print-ir-before-all", "print the IR before every pass", false)
    .option("--mlir-print-ir-after-all, --print-ir-after-all", "print the IR after every pass", false)
    .option("--mlir-print-ir-after-change", "after passes, print the IR only if they changed it", false)
    .option("--print-ir-after-change", "print what every pass changed, as a diff", false)
    .option("--mlir-print-ir-after-failure, --print-ir-after-failure", "print the IR that a pass failed on", false)
    .option(
      "--mlir-print-ir-module-scope, --print-ir-module-scope",
      "print the whole module around function passes",
      false,
    )
    .option("--mlir-timing, --timing", "print how long every pass took", false)
    .option("--mlir-pass-statistics, --statistics", "print what every pass counted", false)
    .option("--trace <file>", "write a Chrome trace of the passes (chrome://tracing, Perfetto)")
    .option(
      "--mlir-pass-pipeline-crash-reproducer, --reproducer <file>",
      "if a pass fails, write the module before it with the pipeline there",
    );

/**
 * The pass manager's options for a command line's.
 * @param printing how the IR is printed on the way; large constants are left out unless this says otherwise
 */
export function instrumentationOf(options: InstrumentationOptions, printing: PrintOptions = {}): PipelineOptions {
  const before = options.printIrBeforeAll ? "all" : options.printIrBefore;
  const after = options.printIrAfterAll ? "all" : options.printIrAfter;
  return {
    verifyEach: options.verifyEach,
    ...(before ? { printIrBefore: before } : {}),
    ...(after ? { printIrAfter: after } : {}),
    printIrAfterChange: options.printIrAfterChange,
    printIrOnlyWhenChanged: options.mlirPrintIrAfterChange,
    printIrAfterFailure: options.printIrAfterFailure,
    printIrModuleScope: options.printIrModuleScope,
    printing: { ...dumps, ...printing },
    ...(options.reproducer === undefined ? {} : { reproducer: options.reproducer }),
  };
}
