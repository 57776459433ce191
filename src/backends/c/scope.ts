import type { ValueId } from "../../ir/module.ts";
import type { MemRefType, Type, VectorType } from "../../ir/types.ts";
import type { Expression } from "../printing/expression.ts";
import { type PrintingRule as AnyPrintingRule, rulesFor } from "../printing/rule.ts";
import type { PrintingScope } from "../printing/scope.ts";
import type { Helper } from "./helpers.ts";

/** Dialects of C that the backend writes. */
export type CDialect = "gnu11" | "c99";

/** What a printing rule sees. */
export interface Scope extends PrintingScope<Expression> {
  readonly dialect: CDialect;
  /** Threads for parallel loops; 1 prints plain loops. */
  readonly threads: number;
  /** The C type of a scalar or vector value. */
  cType(type: Type): string;
  /** The typedef of a vector type, its unsigned twin, or its form for unaligned memory. */
  vectorType(type: VectorType, form?: "unsigned" | "unaligned"): string;
  /** The C type of a pointer to a buffer's elements; `const` where the function only reads it. */
  pointerType(value: ValueId): string;
  /** The C type of a buffer's elements. */
  elementType(type: MemRefType): string;
  /** The expression of an element's offset from the buffer's pointer. */
  offset(type: MemRefType, indices: readonly ValueId[]): Expression;
  /** Asks for a helper and gives its name. */
  helper(helper: Helper): string;
  include(header: string): void;
  /** Whether a parallel loop may start here: not inside another one. */
  enterParallel(): boolean;
  leaveParallel(): void;
  /** Counts loops, for their names. */
  nextNumber(): number;
  /** Where the bytes of a global are. */
  globalPointer(name: string): string;
  /** The C name of a function of the module. */
  functionName(name: string): string;
}

/** How one operation is printed as C. */
export type PrintingRule = AnyPrintingRule<Scope, Expression>;
/** Rules for operations that are expressions, and for those that are statements. */
export const { expressionRule, statementRule } = rulesFor<Scope, Expression>();
