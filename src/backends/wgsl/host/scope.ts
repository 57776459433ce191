import type { Operation, ValueId } from "../../../ir/module.ts";
import type { MemRefType } from "../../../ir/types.ts";
import type { NumericElementType } from "../../../support/numeric/element-type.ts";
import type { Expression } from "../../printing/expression.ts";
import type { Helper } from "../../printing/helpers.ts";
import type { PrintingScope } from "../../printing/scope.ts";

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
export interface HostScope extends PrintingScope<Expression> {
  buffer(value: ValueId): ArrayView;
  setBuffer(value: ValueId, view: ArrayView): void;
  /** Asks for a helper and gives its name. */
  helper(helper: Helper): string;
  /** A constant for an expression that is read more than once. */
  constant(expression: Expression): Expression;
}

/** How an operation with one scalar result is printed. */
export type ExpressionRule = (op: Operation, scope: HostScope) => Expression;
/** How an operation is printed that is statements, or whose results are buffers. */
export type StatementRule = (op: Operation, scope: HostScope) => void;
