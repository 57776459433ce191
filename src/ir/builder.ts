import type { Location } from "../support/location.ts";
import type { Attributes } from "./attributes.ts";
import type { BlockId, IrReader, OpId, Operation, ValueId } from "./module.ts";
import type { Type } from "./types.ts";

/** One block of a region that is being built; `body` runs with the insertion point at the block's end. */
export interface BlockSpec {
  readonly arguments: readonly Type[];
  readonly argumentLocations?: readonly Location[];
  readonly body: (builder: Builder, values: readonly ValueId[], block: BlockId) => void;
}

/** What an operation is made of. */
export interface OperationSpec {
  readonly name: string;
  readonly operands?: readonly ValueId[];
  readonly resultTypes?: readonly Type[];
  readonly properties?: Attributes;
  readonly attributes?: Attributes;
  /** Regions, each a list of blocks. */
  readonly regions?: readonly (readonly BlockSpec[])[];
  readonly successors?: readonly BlockId[];
  /** The builder's current location when absent. */
  readonly location?: Location;
}

/** Where new operations go: before an operation, or at the end of a block. */
export type InsertionPoint =
  { readonly kind: "before"; readonly op: OpId } | { readonly kind: "end"; readonly block: BlockId };

/** Makes operations at an insertion point. */
export interface Builder extends IrReader {
  /** Given to operations made without a location of their own. */
  location: Location;
  insertionPoint: InsertionPoint | undefined;
  create(spec: OperationSpec): Operation;
  /** Registers the bytes of a large constant and returns its key. */
  addResource(bytes: Uint8Array): string;
}

/** Runs `body` at another insertion point, then comes back. */
export function at<T>(builder: Builder, point: InsertionPoint, body: () => T): T {
  const before = builder.insertionPoint;
  builder.insertionPoint = point;
  try {
    return body();
  } finally {
    builder.insertionPoint = before;
  }
}
