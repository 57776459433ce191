import type { BlockId, Operation, ValueId } from "../module.ts";
import type { Type } from "../types.ts";

/** A part of a text, in UTF-16 code units: from `start` up to, but without, `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Whether a name is defined or used where it stands. */
export type NameRole = "definition" | "use";

/**
 * Is told where the names and operations of a text stand while it is read; editors need that. A text with errors is observed as far
 * as it can be read. What a pretty form leaves out is not observed.
 */
export interface ParseObserver {
  value(id: ValueId, range: TextRange, role: NameRole, type: Type): void;
  block(id: BlockId, range: TextRange, role: NameRole): void;
  /** Called when the operation was read to its end, so after those in its regions. Its parent is not known yet. */
  operation(op: Operation, nameRange: TextRange, range: TextRange): void;
}
