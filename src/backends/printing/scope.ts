import type { BlockId, IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Type } from "../../ir/types.ts";
import type { Expression } from "./expression.ts";

/** What printing rules see in every language that has expressions, statements and blocks in braces. */
export interface PrintingScope<E extends Expression> {
  readonly reader: IrReader;
  typeOf(value: ValueId): Type;
  /** The expression that reads a value. */
  use(value: ValueId): E;
  /** Whether anything reads the value. */
  isUsed(value: ValueId): boolean;
  /** Makes `value` read as the variable of that name. */
  bind(value: ValueId, name: string): void;
  /** Declares a variable for a value under a new name; with an initializer unless it is assigned later. */
  declareMutable(value: ValueId, initializer?: E): string;
  /** A new local name. */
  freshName(hint: string): string;
  line(text: string): void;
  /** Prints `head {`, the body indented, and `tail`, which is `}` unless it is given. */
  braces(head: string, body: () => void, tail?: string): void;
  /** Prints more lines one level in, then `tail`: what follows `} else {`. */
  indented(body: () => void, tail: string): void;
  /** Prints a block's operations; the terminator is returned, not printed. */
  block(block: BlockId): Operation | undefined;
  /** Fails with `backend/not-legal` at the operation. */
  reject(op: Operation, why: string): never;
}
