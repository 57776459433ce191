import * as printed from "../printing/expression.ts";

/** A WGSL expression's text with what decides where it may stand. */
export interface Expression extends printed.Expression {
  /** A constant that the language evaluates while it compiles: two of them make an expression whose overflow is an error. */
  readonly isConstant: boolean;
  /** It reads memory: it must not move behind a write. */
  readonly reads: boolean;
  /** Expressions inside each other, this one included. */
  readonly depth: number;
}

interface Parts {
  readonly binding?: printed.Binding;
  readonly isConstant?: boolean;
  readonly literal?: number;
  readonly reads?: boolean;
}

/** An expression made of others, which it takes its depth and its reads from. */
export function expressionOf(text: string, operands: readonly Expression[], parts: Parts = {}): Expression {
  let depth = 0;
  let reads = parts.reads ?? false;
  for (const operand of operands) {
    depth = Math.max(depth, operand.depth);
    reads ||= operand.reads;
  }
  return {
    text,
    binding: parts.binding ?? printed.binding.atom,
    isConstant: parts.isConstant ?? false,
    ...(parts.literal === undefined ? {} : { literal: parts.literal }),
    reads,
    depth: depth + 1,
  };
}

/** A name or a literal. */
export const atom = (text: string, parts: Parts = {}): Expression => expressionOf(text, [], parts);

const derived = ({ text, binding }: printed.Expression, operands: readonly Expression[]): Expression =>
  expressionOf(text, operands, { binding });

/** `name(a, b)`. */
export const call = (name: string, ...operands: readonly Expression[]): Expression =>
  derived(printed.call(name, ...operands), operands);

/** `a + b`, `a - b`, `a * b`, `a / b`, `a % b`. */
export const arithmetic = (left: Expression, operator: printed.ArithmeticOperator, right: Expression): Expression =>
  derived(printed.arithmetic(left, operator, right), [left, right]);

/** `a op b` for comparisons, shifts and bit operations, which WGSL does not let stand beside each other without parentheses. */
export const infix = (left: Expression, operator: string, right: Expression): Expression =>
  derived(printed.infix(left, operator, right), [left, right]);

/** `-a`, `~a`, `!a`. */
export const prefix = (operator: "-" | "~" | "!", value: Expression): Expression =>
  derived(printed.prefix(operator, value), [value]);
