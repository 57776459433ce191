import type { IrReader, Operation, ValueId, BlockId } from "../../../ir/module.ts";
import type { MemRefType, Type } from "../../../ir/types.ts";
import type { NumericElementType } from "../../../support/numeric/element-type.ts";
import type { Expression } from "../../printing/expression.ts";
import type { Helper } from "../../printing/helpers.ts";

/** A buffer in JavaScript: a typed array, and where in it the elements lie. */
export interface ArrayView {
  /** The name of the typed array. */
  readonly array: string;
  readonly element: NumericElementType;
  readonly type: MemRefType;
  /** Position of the first element, in elements. */
  readonly offset: Expression;
  readonly strides: readonly number[];
}

/**
 * What a printing rule sees. Scalars are numbers, `i64` are bigints, `i1` are booleans; floats narrower than f64 are numbers that
 * are rounded to their type after each operation.
 */
export interface HostScope {
  readonly reader: IrReader;
  typeOf(value: ValueId): Type;
  /** The expression that reads a scalar. */
  use(value: ValueId): Expression;
  buffer(value: ValueId): ArrayView;
  setBuffer(value: ValueId, view: ArrayView): void;
  /** Makes a scalar read as the variable of that name. */
  bind(value: ValueId, name: string): void;
  /** Asks for a helper and gives its name. */
  helper(helper: Helper): string;
  line(text: string): void;
  /** Prints `head {`, the body indented, and `tail`. */
  braces(head: string, body: () => void, tail?: string): void;
  /** Prints more lines one level in, then `tail`: what follows `} else {`. */
  indented(body: () => void, tail: string): void;
  /** Declares a variable for a scalar that is assigned again; with an initializer unless it is assigned later. */
  declareMutable(value: ValueId, initializer?: Expression): string;
  /** A constant for an expression that is read more than once. */
  constant(expression: Expression): Expression;
  freshName(hint: string): string;
  /** Prints a block's operations; the terminator is returned, not printed. */
  block(block: BlockId): Operation | undefined;
  /** Fails with `backend/not-legal` at the operation. */
  reject(op: Operation, why: string): never;
}

/** How an operation with one scalar result is printed. */
export type ExpressionRule = (op: Operation, scope: HostScope) => Expression;
/** How an operation is printed that is statements, or whose results are buffers. */
export type StatementRule = (op: Operation, scope: HostScope) => void;
