import type { Anchor, AnyPass, Pass } from "./pass.ts";
import { defaultOptions, type OptionSpecs, optionText, type OptionValues } from "./pass-options.ts";

/** A pass with its options, or passes to be run on each operation of one kind inside. */
export type PipelineElement =
  { readonly kind: "pass"; readonly pass: AnyPass; readonly options: Readonly<Record<string, unknown>> } | Pipeline;

/** Passes in order, run on one kind of operation. */
export interface Pipeline {
  readonly kind: "nest";
  readonly anchor: Anchor;
  readonly elements: readonly PipelineElement[];
}

/** A pipeline made in TypeScript: `pipeline("builtin.module", step(canonicalize), pipeline("func.func", step(cse)))`. */
export const pipeline = (anchor: Anchor, ...elements: readonly PipelineElement[]): Pipeline => ({
  kind: "nest",
  anchor,
  elements,
});

/** One pass of a pipeline; options that are not given keep their defaults. */
export const step = <S extends OptionSpecs>(
  pass: Pass<S>,
  options: Partial<OptionValues<S>> = {},
): PipelineElement => ({
  kind: "pass",
  pass: pass as unknown as AnyPass,
  options: { ...defaultOptions(pass.options), ...options },
});

/** The canonical text: every option that differs from its default is written. */
export function printPipeline(element: PipelineElement): string {
  if (element.kind === "nest") return `${element.anchor}(${element.elements.map(printPipeline).join(",")})`;
  const written: string[] = [];
  for (const [name, spec] of Object.entries(element.pass.options as OptionSpecs)) {
    const value = element.options[name];
    if (value === undefined) continue;
    const text = spec.print(value as never);
    if (spec.fallback !== undefined && text === spec.print(spec.fallback as never)) continue;
    written.push(`${optionText(name)}=${text}`);
  }
  return written.length === 0 ? element.pass.name : `${element.pass.name}{${written.join(" ")}}`;
}

/** Every pass of a pipeline, in order, nested ones included. */
export function* passesOf(element: PipelineElement): Generator<AnyPass> {
  if (element.kind === "pass") yield element.pass;
  else for (const inner of element.elements) yield* passesOf(inner);
}
