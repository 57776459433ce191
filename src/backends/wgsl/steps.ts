import type { Operation } from "../../ir/module.ts";
import type { WebGpuLimits } from "../../targets/webgpu.ts";
import type { PrintedHostFile } from "./host/host-file.ts";
import { type KernelShaders, originOf } from "./kernels.ts";
import { checkLaunch } from "./limits.ts";
import type { BufferRange, HostArgument, ManifestStep } from "./manifest.ts";
import { notLegal } from "./not-legal.ts";
import type { RunStep, Slice } from "./run-plan.ts";

const rangeOf = ({ buffer, offset, size }: Slice): BufferRange => ({ buffer, offset, size });
const isSameRange = (left: Slice, right: Slice): boolean =>
  left.buffer === right.buffer && left.offset === right.offset && left.size === right.size;

/** What is said of where a step comes from. */
const described = (op: Operation, name: string) => {
  const origin = originOf(op);
  return { name, ...(origin === "" ? {} : { origin }) };
};

/** The steps of a run as the loader takes them. Moving buffers to and from the host is said with the host function. */
export function manifestSteps(
  steps: readonly RunStep[],
  shaders: KernelShaders,
  host: PrintedHostFile | undefined,
  limits: WebGpuLimits,
): readonly ManifestStep[] {
  return steps.flatMap((step, index): readonly ManifestStep[] => {
    switch (step.kind) {
      case "transfer":
        return [];
      case "copy": {
        const named = described(step.op, "copy");
        return [{ kind: "copy", ...named, source: rangeOf(step.from), destination: rangeOf(step.to) }];
      }
      case "launch": {
        const { shader, bindings, parameters } = shaders.bind(step);
        checkLaunch(step.op, bindings, step.workgroups, limits);
        return [
          {
            kind: "dispatch",
            ...described(step.op, step.kernel),
            shader,
            bindings: bindings.map(rangeOf),
            ...(parameters === undefined ? {} : { parameters }),
            workgroups: step.workgroups,
          },
        ];
      }
      case "host": {
        const printed = host?.functions.get(step.callee);
        if (printed === undefined)
          throw notLegal(step.op.name, `there is no host function @${step.callee}`, step.op.location);
        const given = step.arguments.map((slice, position): HostArgument => ({
          ...rangeOf(slice),
          elementType: printed.elementTypes[position]!,
          read: isMoved(steps, index, -1, slice),
          written: isMoved(steps, index, 1, slice),
        }));
        return [{ kind: "host", ...described(step.op, step.callee), function: printed.name, arguments: given }];
      }
    }
  });
}

/** Whether the buffer is brought to the host between the host step before and this one, or to the device before the next. */
function isMoved(steps: readonly RunStep[], from: number, direction: 1 | -1, slice: Slice): boolean {
  for (let index = from + direction; index >= 0 && index < steps.length; index += direction) {
    const step = steps[index]!;
    if (step.kind === "transfer" && step.to === (direction < 0 ? "host" : "device") && isSameRange(step.slice, slice))
      return true;
    if (step.kind === "host" && step.arguments.some((other) => isSameRange(other, slice))) return false;
  }
  return false;
}
