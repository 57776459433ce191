import type { Module } from "../../ir/module.ts";
import { type PipelineElement, printPipeline } from "../pipeline.ts";

/**
 * A module's text with the pipeline that fails on it, as upstream's reproducers carry it: `mlir-opt --run-reproducer` and
 * `weft opt --run-reproducer` read the pipeline from the file itself.
 */
export function reproducerText(moduleText: string, pipeline: PipelineElement): string {
  const section = `  external_resources: {
    mlir_reproducer: {
      pipeline: ${JSON.stringify(printPipeline(pipeline))},
      disable_threading: true,
      verify_each: true
    }
  }
#-}
`;
  const end = "\n#-}\n";
  // A module with resources ends in a metadata section already; there is one for each file.
  if (moduleText.endsWith(end)) return `${moduleText.slice(0, -end.length)},\n${section}`;
  return `${moduleText}\n{-#\n${section}`;
}

/** The pipeline that a reproducer's text carries; undefined when it carries none. */
export function reproducerPipeline(text: string): string | undefined {
  const found = /mlir_reproducer\s*:\s*\{[^{}]*?pipeline\s*:\s*("(?:[^"\\\n]|\\.)*")/.exec(
    text.slice(Math.max(0, text.lastIndexOf("external_resources"))),
  );
  if (!found) return undefined;
  try {
    return JSON.parse(found[1]!) as string;
  } catch {
    return undefined;
  }
}

/** The module of a reproducer without what says how to run it, which is not the module's own. */
export function withoutReproducer(module: Module): Module {
  const { "external_resources/mlir_reproducer": _, ...otherResources } = module.otherResources ?? {};
  return { ...module, otherResources };
}
