/** How tightly the outermost operator of an expression binds; `other` is always parenthesized as an operand. */
export const binding = { atom: 4, unary: 3, product: 2, sum: 1, other: 0 } as const;
export type Binding = (typeof binding)[keyof typeof binding];

/**
 * An expression's text with what is needed to put parentheses around it only where they are needed. The operators of this file are
 * written alike, and bind alike, in every language that looks like C.
 */
export interface Expression {
  readonly text: string;
  readonly binding: Binding;
  /** An integer literal's value: addresses fold it. */
  readonly literal?: number;
}

export const atom = (text: string): Expression => ({ text, binding: binding.atom });
export const other = (text: string): Expression => ({ text, binding: binding.other });

/** The text as an operand of something that binds as tightly as `least`. */
export const operand = (expression: Expression, least: Binding = binding.unary): string =>
  expression.binding >= least ? expression.text : `(${expression.text})`;

/** `name(a, b)`. */
export const call = (name: string, ...operands: readonly Expression[]): Expression =>
  atom(`${name}(${operands.map((argument) => argument.text).join(", ")})`);

/** Operators of numbers that are written between them, and associate to the left. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** `a + b`, `a - b`, `a * b`, `a / b`, `a % b`. */
export function arithmetic(left: Expression, operator: ArithmeticOperator, right: Expression): Expression {
  const level = operator === "+" || operator === "-" ? binding.sum : binding.product;
  const leftText = operand(left, level);
  // A product of a quotient reads badly without parentheses, and compilers do not care.
  const rightText = operand(right, level === binding.sum ? binding.product : binding.unary);
  return { text: `${leftText} ${operator} ${rightText}`, binding: level };
}

/** `a op b` for comparisons, shifts and bit operations: both sides are parenthesized unless they are simple. */
export const infix = (left: Expression, operator: string, right: Expression): Expression =>
  other(`${operand(left)} ${operator} ${operand(right)}`);

/** `-a`, `~a`, `!a`. */
export const prefix = (operator: "-" | "~" | "!", value: Expression): Expression => ({
  // A negative literal after a minus would become a decrement.
  text: value.text.startsWith(operator) ? `${operator}(${value.text})` : `${operator}${operand(value)}`,
  binding: binding.unary,
});
