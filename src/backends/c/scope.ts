import type { BlockId, IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { MemRefType, Type, VectorType } from "../../ir/types.ts";
import type { Expression } from "./expression.ts";
import type { Helper } from "./helpers.ts";

/** Dialects of C that the backend writes. */
export type CDialect = "gnu11" | "c99";

/** What a printing rule sees. */
export interface Scope {
  readonly reader: IrReader;
  readonly dialect: CDialect;
  /** Threads for parallel loops; 1 prints plain loops. */
  readonly threads: number;
  typeOf(value: ValueId): Type;
  /** The expression that reads a value. */
  use(value: ValueId): Expression;
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
  line(text: string): void;
  /** Prints `head {`, the body indented, and `}`. */
  braces(head: string, body: () => void, tail?: string): void;
  /** Prints more lines one level in, then `tail`: what follows `} else {`. */
  indented(body: () => void, tail: string): void;
  /** Whether a parallel loop may start here: not inside another one. */
  enterParallel(): boolean;
  leaveParallel(): void;
  /** Declares a variable for a value under a new name; with an initializer unless it is assigned later. */
  declareMutable(value: ValueId, initializer?: Expression): string;
  /** Makes `value` read as the variable of that name. */
  bind(value: ValueId, name: string): void;
  /** A new local name. */
  freshName(hint: string): string;
  /** Counts loops, for their names. */
  nextNumber(): number;
  /** Prints a block's operations; the terminator is returned, not printed. */
  block(block: BlockId): Operation | undefined;
  /** Where the bytes of a global are. */
  globalPointer(name: string): string;
  /** The C name of a function of the module. */
  functionName(name: string): string;
  /** Fails with `backend/not-legal` at the operation. */
  reject(op: Operation, why: string): never;
  /** Whether anything reads the value. */
  isUsed(value: ValueId): boolean;
}

/** How one operation is printed: as the expression of its one result, or as statements. */
export type PrintingRule =
  | {
      readonly name: string;
      readonly kind: "expression";
      /** Undefined when the operation does not match its own declaration. */
      readonly print: (op: Operation, scope: Scope) => Expression | undefined;
    }
  | {
      readonly name: string;
      readonly kind: "statement";
      readonly print: (op: Operation, scope: Scope) => true | undefined;
    };

interface Matchable<V> {
  readonly name: string;
  match(reader: IrReader, op: Operation): V | undefined;
}

/** A rule for an operation whose one result is an expression. */
export const expressionRule = <V>(
  definition: Matchable<V>,
  print: (view: NonNullable<V>, scope: Scope) => Expression,
): PrintingRule => ({
  name: definition.name,
  kind: "expression",
  print(op, scope) {
    const view = definition.match(scope.reader, op);
    return view === undefined || view === null ? undefined : print(view, scope);
  },
});

/** A rule for an operation that is statements. */
export const statementRule = <V>(
  definition: Matchable<V>,
  print: (view: NonNullable<V>, scope: Scope) => void,
): PrintingRule => ({
  name: definition.name,
  kind: "statement",
  print(op, scope) {
    const view = definition.match(scope.reader, op);
    if (view === undefined || view === null) return undefined;
    print(view, scope);
    return true;
  },
});
