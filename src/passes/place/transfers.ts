import type { Side } from "../../ir/dialects/device.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Access, Root } from "./accesses.ts";

export type { Side } from "../../ir/dialects/device.ts";

/** A buffer whose contents go from one side to the other. */
export interface Transfer {
  readonly root: Root;
  /** A value that is the whole buffer. */
  readonly value: ValueId;
  readonly to: Side;
  readonly bytes: number;
}

/** A stretch of units on the host, with what has to be brought there before it and brought back after it. */
export interface HostPart {
  /** Positions of its first and last unit. */
  readonly first: number;
  readonly last: number;
  readonly before: readonly Transfer[];
  readonly after: readonly Transfer[];
}

/** What the entry function does with a buffer before its first unit, and what is asked for after its last. */
export interface Interface {
  /** Both sides have it from the beginning: a constant, or an input, which the caller gives to whoever reads it. */
  readonly isGiven: (root: Root) => boolean;
  /** The caller reads it, on the device if that has anything to do with it. */
  readonly isOutput: (root: Root) => boolean;
  readonly bytesOf: (value: ValueId) => number;
}

interface OpenPart {
  readonly first: number;
  last: number;
  readonly before: Transfer[];
  readonly after: Transfer[];
}

/** Where the contents of a buffer are good; the part that last wrote them on the host. */
interface Contents {
  readonly value: ValueId;
  device: boolean;
  host: boolean;
  /** The device reads or writes it somewhere. */
  isOnDevice: boolean;
  writer: OpenPart | undefined;
}

/**
 * Finds the parts on the host and the transfers that make each unit see what it reads, walking through the program once. A buffer is
 * brought over only if the contents matter and are not there already: what nobody has written yet is nowhere.
 */
export function planHostParts(
  accesses: readonly (readonly Access[])[],
  isOnHost: (unit: number) => boolean,
  { isGiven, isOutput, bytesOf }: Interface,
): readonly HostPart[] {
  const buffers = new Map<Root, Contents>();
  const parts: OpenPart[] = [];
  const contentsOf = ({ root, value }: Access): Contents => {
    let contents = buffers.get(root);
    if (!contents) {
      const isEverywhere = isGiven(root);
      contents = { value, device: isEverywhere, host: isEverywhere, isOnDevice: false, writer: undefined };
      buffers.set(root, contents);
    }
    return contents;
  };
  const bring = (root: Root, { value, writer }: Contents, to: Side, part: OpenPart | undefined): void => {
    const transfer = { root, value, to, bytes: bytesOf(value) };
    if (to === "host") part!.before.push(transfer);
    else writer!.after.push(transfer);
  };
  accesses.forEach((list, unit) => {
    let part: OpenPart | undefined;
    if (isOnHost(unit)) {
      part = parts.at(-1)?.last === unit - 1 ? parts.at(-1)! : undefined;
      if (part) part.last = unit;
      else parts.push((part = { first: unit, last: unit, before: [], after: [] }));
    }
    const [here, there] = part ? (["host", "device"] as const) : (["device", "host"] as const);
    for (const access of list) {
      const contents = contentsOf(access);
      contents.isOnDevice ||= part === undefined;
      if (access.needsContents && !contents[here] && contents[there]) {
        bring(access.root, contents, here, part);
        contents[here] = true;
      }
      if (!access.writes) continue;
      contents[here] = true;
      contents[there] = false;
      contents.writer = part;
    }
  });
  for (const [root, contents] of buffers)
    if (isOutput(root) && contents.isOnDevice && !contents.device && contents.host)
      bring(root, contents, "device", undefined);
  return parts;
}
