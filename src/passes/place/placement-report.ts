import { entryPointOf } from "../../ir/analysis/entry-point.ts";
import {
  attributeOf,
  type IrReader,
  type Module,
  ModuleReader,
  type Operation,
  type ValueId,
  walk,
} from "../../ir/module.ts";
import { device, type Side } from "../../ir/dialects/device.ts";
import { func } from "../../ir/dialects/func.ts";
import { gpu } from "../../ir/dialects/gpu.ts";
import type { Location } from "../../support/location.ts";
import { bytesOf } from "./accesses.ts";
import { reasonAttribute } from "./entry.ts";

/** A kernel or a host function that a run calls. */
export interface ReportedStep {
  readonly side: Side;
  /** The symbol of the kernel or function. */
  readonly name: string;
  /** Why it is on the host; empty for kernels. */
  readonly reason: string;
  /** The model's nodes that it was made from, by their paths in the graph. */
  readonly nodes: ReadonlySet<string>;
}

/** A buffer that is brought to the other side in each run. */
export interface ReportedTransfer {
  /** The model's name of it, or its type. */
  readonly buffer: string;
  readonly to: Side;
  readonly bytes: number;
  /** The host function that it is for. */
  readonly host: string;
}

/** What a run of a module at the device level does, in order; loops are not written out. */
export interface PlacementReport {
  readonly steps: readonly ReportedStep[];
  readonly transfers: readonly ReportedTransfer[];
}

/** Reads where a module's parts run. */
export function placementReport(module: Module): PlacementReport {
  const reader = new ModuleReader(module);
  const symbols = new Map<string, Operation>();
  for (const op of walk(reader)) {
    const name = attributeOf(op, "sym_name");
    if (name?.kind === "string") symbols.set(name.value, op);
  }
  const entry = entryPointOf(reader);
  const steps: ReportedStep[] = [];
  const transfers: (ReportedTransfer & { readonly step: number })[] = [];
  for (const op of entry === undefined ? [] : walk(reader, entry.id)) {
    const launched = gpu.launch_func.match(reader, op)?.attributes.kernel.at(-1);
    const called = func.call.match(reader, op)?.attributes.callee;
    const name = launched ?? called;
    if (name !== undefined) {
      const reason = op.attributes[reasonAttribute];
      const callee = symbols.get(name);
      steps.push({
        side: launched === undefined ? "host" : "device",
        name,
        reason: reason?.kind === "string" ? reason.value : "",
        nodes: new Set([op, ...(callee ? walk(reader, callee.id) : [])].flatMap(({ location }) => nodesOf(location))),
      });
      continue;
    }
    const transfer = device.transfer.match(reader, op);
    if (!transfer) continue;
    const { buffer } = transfer.operands;
    const { to } = transfer.attributes;
    const step = to === "host" ? steps.length : steps.findLastIndex(({ side }) => side === "host");
    transfers.push({ buffer: nameOf(reader, entry!, buffer), to, bytes: bytesOf(reader, buffer), host: "", step });
  }
  return {
    steps,
    transfers: transfers.map(({ step, ...transfer }) => ({
      ...transfer,
      host: steps.slice(step).find(({ side }) => side === "host")?.name ?? "",
    })),
  };
}

/** The paths of nodes that something was made from. */
function nodesOf(location: Location): readonly string[] {
  if (location.kind === "name") return [location.name];
  if (location.kind === "fused") return location.from.flatMap(nodesOf);
  return location.kind === "callsite" ? nodesOf(location.callee) : [];
}

function nameOf(reader: IrReader, entry: Operation, value: ValueId): string {
  const described = reader.value(value);
  if (described.kind === "argument") {
    const given = func.func.match(reader, entry)?.attributes.arg_attrs?.[described.index]?.["weft.name"];
    if (given?.kind === "string") return given.value;
  }
  return described.type.text;
}
