import type { ManifestBuffer } from "../manifest.ts";
import { isSlice, type RunStep, type Slice } from "../run-plan.ts";

/** Inputs and outputs that host functions use and nothing on the device: their buffers need not be there. */
export function hostPorts(steps: readonly RunStep[], buffers: readonly ManifestBuffer[]): readonly number[] {
  const [onHost, onDevice] = [new Set<number>(), new Set<number>()];
  for (const step of steps) {
    if (step.kind === "host") for (const { buffer } of step.arguments) onHost.add(buffer);
    else for (const { buffer } of deviceSlices(step)) onDevice.add(buffer);
  }
  return [...onHost].filter((buffer) => {
    const { role } = buffers[buffer]!;
    return (role === "input" || role === "output") && !onDevice.has(buffer);
  });
}

function deviceSlices(step: Exclude<RunStep, { readonly kind: "host" }>): readonly Slice[] {
  if (step.kind === "launch") return step.arguments.filter(isSlice);
  return step.kind === "copy" ? [step.from, step.to] : [step.slice];
}
