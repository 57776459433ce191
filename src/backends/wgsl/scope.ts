import type { BlockId, IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { MemRefType, Type } from "../../ir/types.ts";
import type { Expression } from "./expression.ts";
import type { Helper } from "./helpers.ts";

/** WGSL extensions that a shader can ask for. */
export type Extension = "f16" | "subgroups";

/** Features of the language that not every implementation has, and that are used without being enabled. */
export type LanguageFeature = "packed_4x8_integer_dot_product";

/** Values that the language gives to every invocation. */
export type BuiltIn =
  "workgroup_id" | "local_invocation_id" | "num_workgroups" | "subgroup_invocation_id" | "subgroup_size";

/** What a printing rule sees. */
export interface Scope {
  readonly reader: IrReader;
  /** Invocations of a workgroup, by dimension. */
  readonly workgroupSize: readonly [number, number, number];
  typeOf(value: ValueId): Type;
  /** The expression that reads a value. */
  use(value: ValueId): Expression;
  /** The WGSL type of a scalar or vector value. */
  typeName(type: Type): string;
  /** The expression of a buffer element that a 1-D access names. */
  element(memref: ValueId, indices: readonly ValueId[]): Expression;
  /** The WGSL type of a 1-D buffer of known size. */
  arrayType(type: MemRefType, isAtomic?: boolean): string;
  /** Whether a buffer's elements are atomics. */
  isAtomic(memref: ValueId): boolean;
  /** Whether the kernel reads a storage buffer that it writes: what others of the workgroup wrote may be asked for. */
  readonly readsItsStorage: boolean;
  /** Asks for a helper and gives its name. */
  helper(helper: Helper): string;
  enable(extension: Extension): void;
  require(feature: LanguageFeature): void;
  builtIn(name: BuiltIn): Expression;
  line(text: string): void;
  /** Prints `head {`, the body indented, and `}`. Expressions that read memory become variables before it. */
  braces(head: string, body: () => void, tail?: string): void;
  /** Prints more lines one level in, then `tail`: what follows `} else {`. */
  indented(body: () => void, tail: string): void;
  /** Makes variables of expressions that read memory and were not printed yet: a write or a barrier comes. */
  settle(): void;
  /** Declares a variable for a value under a new name; with an initializer unless it is assigned later. */
  declareMutable(value: ValueId, initializer?: Expression): string;
  /** Declares a buffer of the invocation's own. */
  declarePrivate(value: ValueId, type: MemRefType): void;
  /** Makes `value` read as the variable of that name. */
  bind(value: ValueId, name: string): void;
  /** An operand as a variable: an operation on constants alone would be computed by the compiler, whose overflows are errors. */
  named(expression: Expression): Expression;
  /** An operand that can be read several times: a literal or a variable. */
  repeatable(expression: Expression): Expression;
  /** A new local name. */
  freshName(hint: string): string;
  /** A new name for a counter: `i`, `j`, `k`, … by the depth of loops. */
  counterName(): string;
  /** Prints a block's operations; the terminator is returned, not printed. */
  block(block: BlockId): Operation | undefined;
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
