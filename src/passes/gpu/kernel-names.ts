import type { Location } from "../../support/location.ts";

/** The last part of the path of the graph's node that something came from; undefined for what came from no node. */
function nodeName(location: Location): string | undefined {
  switch (location.kind) {
    case "name":
      return location.name.split("/").findLast((part) => part !== "");
    case "fused":
      return location.from.map(nodeName).find((name) => name !== undefined);
    case "callsite":
      return nodeName(location.callee);
    default:
      return undefined;
  }
}

/** Longer names are cut: they are for people to tell kernels apart. */
const longest = 40;

/** Names for kernels, each given out once: letters, digits and underscores, after the model's node where one is known. */
export class KernelNames {
  readonly #given = new Set<string>();

  next(location: Location, fallback: string): string {
    const wanted = (nodeName(location) ?? fallback)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .slice(0, longest);
    const stem = /^[a-z]/.test(wanted) ? wanted.replace(/_+$/, "") : `${fallback}${wanted === "" ? "" : `_${wanted}`}`;
    let name = stem;
    for (let number = 2; this.#given.has(name); number++) name = `${stem}_${number}`;
    this.#given.add(name);
    return name;
  }
}
