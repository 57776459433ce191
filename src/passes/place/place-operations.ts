import { stringAttribute } from "../../ir/attributes.ts";
import { weft } from "../../ir/dialects/weft.ts";
import type { Operation } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { webGpuTargetOf, type WebGpuTarget } from "../../targets/webgpu.ts";
import { dissolveKernel } from "../loops/lower-to-loops.ts";
import { pass } from "../pass.ts";
import { placeDiagnostics } from "./diagnostics.ts";
import { placementAttribute, type PlacedEntry, readEntry, reasonAttribute } from "./entry.ts";
import { chooseHostUnits, type PlacementCosts } from "./host-choice.ts";
import { exceededLimit, refusalOf } from "./refusals.ts";
import { pointsOf } from "./work.ts";

/** Microseconds for one point of a loop nest: scalar JavaScript, and shaders on a CPU's cores or a GPU. Orders of magnitude. */
const pointCosts = { host: 0.004, device: { cpu: 0.001, gpu: 0.00002 } } as const;

/** What a device's transfers and work cost. */
const costsOf = ({ kind, preferences }: WebGpuTarget): PlacementCosts => ({
  transfer: preferences.transfer.microseconds,
  transferByte: 1 / preferences.transfer.megabytesPerSecond,
  dispatch: preferences.dispatchMicroseconds,
  hostPoint: pointCosts.host,
  devicePoint: pointCosts.device[kind],
});

/** Operations that the device can run but that run on the host, because that costs less. */
const nearbyReason = "cheaper on the host, between parts that have to be there";

/**
 * Decides which operations of the entry function run on the host, and writes it on them: `weft.device = "host"` with a reason. Those
 * are the operations that the device cannot run, and cheap ones around them whose data would have to be moved there and back.
 */
export const placeOperations = pass({
  name: "place-operations",
  summary: "mark the operations of the entry function that run on the host, and why",
  anchors: ["builtin.module"],
  statistics: {
    refused: "operations that the device cannot run",
    nearby: "operations on the host to save transfers",
  },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    const target = webGpuTargetOf(module);
    const whole = readEntry(rewriter, context.registry);
    if (!whole) return module;
    const split = takeApart(rewriter, whole);
    const entry = split ? readEntry(rewriter, context.registry)! : whole;
    const reasons = new Map<number, string>();
    entry.units.forEach((unit, index) => {
      const refusal = unit.map((op) => given(op) ?? refusalOf(rewriter, op)).find((found) => found !== undefined);
      if (refusal !== undefined) return void reasons.set(index, refusal);
      // The host is no way out: what is too large for a device would take it ages.
      const exceeded = exceededLimit(rewriter, target, entry.accesses[index]!);
      if (exceeded)
        context.report(
          placeDiagnostics.at("beyond-limit", unit[0]!.location, { operation: unit[0]!.name, ...exceeded }),
        );
    });
    if (reasons.size === 0) return module;
    const chosen = chooseHostUnits({
      accesses: entry.accesses,
      points: entry.units.map((unit) => pointsOf(rewriter, unit)),
      refused: new Set(reasons.keys()),
      interface: entry.interface,
      costs: costsOf(target),
    });
    for (const index of chosen)
      for (const op of entry.units[index]!) {
        const reason = stringAttribute(reasons.get(index) ?? nearbyReason);
        const attributes = {
          ...op.attributes,
          [placementAttribute]: stringAttribute("host"),
          [reasonAttribute]: reason,
        };
        rewriter.update(op.id, { attributes });
        context.count(reasons.has(index) ? "refused" : "nearby");
      }
    return context.commit(rewriter);
  },
});

/** Takes fusion groups apart that the device cannot run: it may be able to run most of their members. True when there were any. */
function takeApart(rewriter: Rewriter, { units }: PlacedEntry): boolean {
  const refused = units.flat().filter((op) => op.name === weft.kernel.name && refusalOf(rewriter, op) !== undefined);
  for (const op of refused) dissolveKernel(rewriter, op);
  return refused.length > 0;
}

/** The reason of an operation that is marked already. */
function given(op: Operation): string | undefined {
  const [side, reason] = [op.attributes[placementAttribute], op.attributes[reasonAttribute]];
  if (side?.kind !== "string" || side.value !== "host") return undefined;
  return reason?.kind === "string" ? reason.value : "as given";
}
