import { pipeline, type Pipeline } from "../../../passes/pipeline.ts";
import type { COptions } from "../options.ts";

/** The passes that bring a kernel-level module into the subset of the IR that the printer has rules for. */
export const legalizationFor = (_options: COptions): Pipeline => pipeline("builtin.module");
