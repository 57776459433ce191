import type { ValueId } from "../../ir/module.ts";
import type { MemRefType, Type } from "../../ir/types.ts";
import type { Expression } from "./expression.ts";
import type { Helper } from "../printing/helpers.ts";
import { type PrintingRule as AnyPrintingRule, rulesFor } from "../printing/rule.ts";
import type { PrintingScope } from "../printing/scope.ts";

/** WGSL extensions that a shader can ask for. */
export type Extension = "f16" | "subgroups";

/** Features of the language that not every implementation has, and that are used without being enabled. */
export type LanguageFeature = "packed_4x8_integer_dot_product";

/** Values that the language gives to every invocation. */
export type BuiltIn =
  "workgroup_id" | "local_invocation_id" | "num_workgroups" | "subgroup_invocation_id" | "subgroup_size";

/** What a printing rule sees. */
export interface Scope extends PrintingScope<Expression> {
  /** Invocations of a workgroup, by dimension. */
  readonly workgroupSize: readonly [number, number, number];
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
  /** Makes variables of expressions that read memory and were not printed yet: a write or a barrier comes. */
  settle(): void;
  /** Declares a buffer of the invocation's own. */
  declarePrivate(value: ValueId, type: MemRefType): void;
  /** An operand as a variable: an operation on constants alone would be computed by the compiler, whose overflows are errors. */
  named(expression: Expression): Expression;
  /** An operand that can be read several times: a literal or a variable. */
  repeatable(expression: Expression): Expression;
  /** A new name for a counter: `i`, `j`, `k`, … by the depth of loops. */
  counterName(): string;
}

/** How one operation is printed as WGSL. */
export type PrintingRule = AnyPrintingRule<Scope, Expression>;
/** Rules for operations that are expressions, and for those that are statements. */
export const { expressionRule, statementRule } = rulesFor<Scope, Expression>();
