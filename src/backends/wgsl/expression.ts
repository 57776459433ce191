/** How tightly the outermost operator of a WGSL expression binds; `other` is always parenthesized as an operand. */
export const binding = { atom: 4, unary: 3, product: 2, sum: 1, other: 0 } as const;
export type Binding = (typeof binding)[keyof typeof binding];

/** A WGSL expression's text with what decides where it may stand. */
export interface Expression {
  readonly text: string;
  readonly binding: Binding;
  /** A constant that the language evaluates while it compiles: two of them make an expression whose overflow is an error. */
  readonly isConstant: boolean;
  /** The value of an integer literal. */
  readonly literal?: number;
  /** It reads memory: it must not move behind a write. */
  readonly reads: boolean;
  /** Expressions inside each other, this one included. */
  readonly depth: number;
}

interface Parts {
  readonly binding?: Binding;
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
    binding: parts.binding ?? binding.atom,
    isConstant: parts.isConstant ?? false,
    ...(parts.literal === undefined ? {} : { literal: parts.literal }),
    reads,
    depth: depth + 1,
  };
}

/** A name or a literal. */
export const atom = (text: string, parts: Parts = {}): Expression => expressionOf(text, [], parts);

/** The text as an operand of something that binds as tightly as `least`. */
export const operandText = (expression: Expression, least: Binding = binding.unary): string =>
  expression.binding >= least ? expression.text : `(${expression.text})`;

/** `name(a, b)`. */
export const call = (name: string, ...operands: readonly Expression[]): Expression =>
  expressionOf(`${name}(${operands.map(({ text }) => text).join(", ")})`, operands);

/** `a + b`, `a - b`, `a * b`, `a / b`, `a % b`. */
export function arithmetic(left: Expression, operator: "+" | "-" | "*" | "/" | "%", right: Expression): Expression {
  const level = operator === "+" || operator === "-" ? binding.sum : binding.product;
  const leftText = operandText(left, level);
  const rightText = operandText(right, level === binding.sum ? binding.product : binding.unary);
  return expressionOf(`${leftText} ${operator} ${rightText}`, [left, right], { binding: level });
}

/** `a op b` for comparisons, shifts and bit operations, which WGSL does not let stand beside each other without parentheses. */
export const infix = (left: Expression, operator: string, right: Expression): Expression =>
  expressionOf(`${operandText(left)} ${operator} ${operandText(right)}`, [left, right], { binding: binding.other });

/** `-a`, `~a`, `!a`. */
export const prefix = (operator: "-" | "~" | "!", value: Expression): Expression =>
  expressionOf(
    value.text.startsWith(operator) ? `${operator}(${value.text})` : `${operator}${operandText(value)}`,
    [value],
    { binding: binding.unary },
  );
