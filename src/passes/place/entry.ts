import { entryPointOf } from "../../ir/analysis/entry-point.ts";
import { func } from "../../ir/dialects/func.ts";
import type { IrReader, Operation } from "../../ir/module.ts";
import { type Access, accessesOf, bytesOf, type Root } from "./accesses.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Interface } from "./transfers.ts";
import { type Unit, unitsOf } from "./units.ts";

/** The entry function as placement sees it. */
export interface PlacedEntry {
  readonly op: Operation;
  readonly units: readonly Unit[];
  /** What each unit does with buffers. */
  readonly accesses: readonly (readonly Access[])[];
  readonly interface: Interface;
}

/** Operations whose mark says that they run on the host. */
export const placementAttribute = "weft.device";
/** Why: for people. */
export const reasonAttribute = "weft.device_reason";

/** The entry function of a module at the buffer level; undefined when there is none. */
export function readEntry(reader: IrReader, registry: Registry): PlacedEntry | undefined {
  const op = entryPointOf(reader);
  const block = op?.regions[0]?.[0];
  if (op === undefined || block === undefined) return undefined;
  const units = unitsOf(reader, registry, block);
  const attributes = func.func.match(reader, op)?.attributes.arg_attrs ?? [];
  const [inputs, outputs] = [new Set<Root>(), new Set<Root>()];
  reader.block(block).arguments.forEach((value, index) => {
    const given = attributes[index];
    if (given?.["weft.output"] !== undefined) outputs.add(value);
    else if (given?.["weft.arena"] === undefined) inputs.add(value);
  });
  return {
    op,
    units,
    accesses: units.map((unit) => accessesOf(reader, unit)),
    interface: {
      isGiven: (root) => typeof root === "string" || inputs.has(root),
      isOutput: (root) => outputs.has(root),
      bytesOf: (value) => bytesOf(reader, value),
    },
  };
}
