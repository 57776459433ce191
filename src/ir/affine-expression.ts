/** Affine expressions, as MLIR's builtin dialect defines them. */
export type AffineExpression =
  | { readonly kind: "dimension"; readonly position: number }
  | { readonly kind: "symbol"; readonly position: number }
  | { readonly kind: "constant"; readonly value: number }
  | AffineOperation;

type AffineOperator = "add" | "multiply" | "modulo" | "floor-divide" | "ceiling-divide";
interface AffineOperation {
  readonly kind: AffineOperator;
  readonly left: AffineExpression;
  readonly right: AffineExpression;
}

const constant = (value: number): AffineExpression => Object.freeze({ kind: "constant", value });
const binary = (kind: AffineOperator, left: AffineExpression, right: AffineExpression): AffineExpression =>
  Object.freeze({ kind, left, right });

const constantOf = (expression: AffineExpression): number | undefined =>
  expression.kind === "constant" ? expression.value : undefined;
/** `expression` as an operation of this kind. */
const operation = (expression: AffineExpression, kind: AffineOperator): AffineOperation | undefined =>
  expression.kind === kind ? (expression as AffineOperation) : undefined;

/** Structural equality. */
function sameExpression(left: AffineExpression, right: AffineExpression): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case "constant":
      return left.value === (right as typeof left).value;
    case "dimension":
    case "symbol":
      return left.position === (right as typeof left).position;
    default: {
      const other = right as AffineOperation;
      return sameExpression(left.left, other.left) && sameExpression(left.right, other.right);
    }
  }
}

/** Whether no dimension occurs in an expression. */
export function isSymbolicOrConstant(expression: AffineExpression): boolean {
  switch (expression.kind) {
    case "constant":
    case "symbol":
      return true;
    case "dimension":
      return false;
    default:
      return isSymbolicOrConstant(expression.left) && isSymbolicOrConstant(expression.right);
  }
}

/** Non-negative remainder, as affine `mod` with a positive divisor is defined. */
export const affineModulo = (left: number, right: number): number => left - Math.floor(left / right) * right;

function greatestCommonDivisor(left: number, right: number): number {
  let [a, b] = [left, right];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** The greatest integer that is known to divide an expression's value; 0 for the constant 0. */
function largestKnownDivisor(expression: AffineExpression): number {
  switch (expression.kind) {
    case "constant":
      return Math.abs(expression.value);
    case "multiply":
      return largestKnownDivisor(expression.left) * largestKnownDivisor(expression.right);
    case "add":
    case "modulo":
      return greatestCommonDivisor(largestKnownDivisor(expression.left), largestKnownDivisor(expression.right));
    case "floor-divide":
    case "ceiling-divide": {
      const [known, divisor] = [largestKnownDivisor(expression.left), constantOf(expression.right)];
      return divisor !== undefined && divisor !== 0 && known % divisor === 0 ? Math.abs(known / divisor) : 1;
    }
    default:
      return 1;
  }
}

/** A term as its coefficient and what that multiplies. */
function coefficient(expression: AffineExpression): { readonly factor: number; readonly term: AffineExpression } {
  const product = operation(expression, "multiply");
  const factor = product && constantOf(product.right);
  return product === undefined || factor === undefined
    ? { factor: 1, term: expression }
    : { factor, term: product.left };
}

/** `e - (e floordiv q) * q` is `e mod q`; `right` is the second term, with its sign. */
function asModulo(left: AffineExpression, right: AffineOperation): AffineExpression | undefined {
  const product = operation(right.left, "multiply");
  if (constantOf(right.right) === -1 && product !== undefined) {
    const quotient = operation(product.left, "floor-divide");
    const isWhole = quotient && sameExpression(quotient.right, product.right) && sameExpression(quotient.left, left);
    return isWhole ? modulo(left, product.right) : undefined;
  }
  const quotient = operation(right.left, "floor-divide");
  if (quotient === undefined || right.kind !== "multiply") return undefined;
  const [divisor, factor] = [constantOf(quotient.right), constantOf(right.right)];
  if (divisor !== undefined && divisor > 0 && factor === -divisor && sameExpression(left, quotient.left))
    return modulo(left, quotient.right);
  // The last term of a sum may be what the quotient belongs to.
  const sum = operation(left, "add");
  const last = sum && simplifiedSum(sum.right, right);
  return sum && last && add(sum.left, last);
}

/** Two operands in their canonical order: single dimensions before single symbols, each by position. */
function commutative(kind: "add" | "multiply", left: AffineExpression, right: AffineExpression): AffineExpression {
  const isSwapped =
    (left.kind === "symbol" && right.kind === "dimension") ||
    ((left.kind === "dimension" || left.kind === "symbol") &&
      left.kind === right.kind &&
      right.position < left.position);
  return isSwapped ? binary(kind, right, left) : binary(kind, left, right);
}

/** A sum in a simpler or more canonical form; undefined where there is none. */
function simplifiedSum(left: AffineExpression, right: AffineExpression): AffineExpression | undefined {
  const [leftValue, rightValue] = [constantOf(left), constantOf(right)];
  if (leftValue !== undefined && rightValue !== undefined) return constant(leftValue + rightValue);
  // A constant comes last, and so does what has no dimensions.
  if (leftValue !== undefined || (isSymbolicOrConstant(left) && !isSymbolicOrConstant(right))) return add(right, left);
  if (rightValue === 0) return left;
  const sum = operation(left, "add");
  const offset = sum && constantOf(sum.right);
  if (sum && offset !== undefined && rightValue !== undefined) return add(sum.left, constant(offset + rightValue));
  const [first, second] = [coefficient(left), coefficient(right)];
  if (sameExpression(first.term, second.term)) return multiply(first.term, constant(first.factor + second.factor));
  if (sum && offset !== undefined) return add(add(sum.left, right), sum.right);
  return "left" in right ? asModulo(left, right) : undefined;
}

const add = (left: AffineExpression, right: AffineExpression): AffineExpression =>
  simplifiedSum(left, right) ?? commutative("add", left, right);

function multiply(left: AffineExpression, right: AffineExpression): AffineExpression {
  const [leftValue, rightValue] = [constantOf(left), constantOf(right)];
  if (leftValue !== undefined && rightValue !== undefined) return constant(leftValue * rightValue);
  if (leftValue !== undefined || (isSymbolicOrConstant(left) && !isSymbolicOrConstant(right)))
    return multiply(right, left);
  if (rightValue === 1) return left;
  if (rightValue === 0) return right;
  const product = operation(left, "multiply");
  const factor = product && constantOf(product.right);
  if (product === undefined || factor === undefined) return commutative("multiply", left, right);
  return rightValue === undefined
    ? multiply(multiply(product.left, right), product.right)
    : multiply(product.left, constant(factor * rightValue));
}

/** What both divisions make of a multiple of a constant divisor. */
function dividedProduct(left: AffineExpression, divisor: number): AffineExpression | undefined {
  const product = operation(left, "multiply");
  const factor = product && constantOf(product.right);
  return product === undefined || factor === undefined || factor % divisor !== 0
    ? undefined
    : multiply(product.left, constant(factor / divisor));
}

function floorDivide(left: AffineExpression, right: AffineExpression): AffineExpression {
  const [value, divisor] = [constantOf(left), constantOf(right)];
  if (divisor === undefined || divisor === 0) return binary("floor-divide", left, right);
  if (value !== undefined) return constant(Math.floor(value / divisor));
  if (divisor === 1) return left;
  const product = dividedProduct(left, divisor);
  if (product !== undefined) return product;
  const sum = operation(left, "add");
  const isSplit =
    sum && (largestKnownDivisor(sum.left) % divisor === 0 || largestKnownDivisor(sum.right) % divisor === 0);
  return isSplit
    ? add(floorDivide(sum.left, right), floorDivide(sum.right, right))
    : binary("floor-divide", left, right);
}

function ceilingDivide(left: AffineExpression, right: AffineExpression): AffineExpression {
  const [value, divisor] = [constantOf(left), constantOf(right)];
  if (divisor === undefined || divisor === 0) return binary("ceiling-divide", left, right);
  if (value !== undefined) return constant(Math.ceil(value / divisor));
  if (divisor === 1) return left;
  return dividedProduct(left, divisor) ?? binary("ceiling-divide", left, right);
}

function modulo(left: AffineExpression, right: AffineExpression): AffineExpression {
  const [value, divisor] = [constantOf(left), constantOf(right)];
  // The remainder by zero or a negative number is not defined; it stays as it is.
  if (divisor === undefined || divisor < 1) return binary("modulo", left, right);
  if (value !== undefined) return constant(affineModulo(value, divisor));
  if (largestKnownDivisor(left) % divisor === 0) return constant(0);
  const sum = operation(left, "add");
  if (sum && largestKnownDivisor(sum.left) % divisor === 0) return modulo(sum.right, right);
  if (sum && largestKnownDivisor(sum.right) % divisor === 0) return modulo(sum.left, right);
  const inner = operation(left, "modulo");
  const innerDivisor = inner && constantOf(inner.right);
  return inner && innerDivisor !== undefined && innerDivisor >= 1 && innerDivisor % divisor === 0
    ? modulo(inner.left, right)
    : binary("modulo", left, right);
}

/** Builders of affine expressions. Each simplifies exactly as upstream's does, so that a map has the same text in both. */
export const affine = {
  dimension: (position: number): AffineExpression => Object.freeze({ kind: "dimension", position }),
  symbol: (position: number): AffineExpression => Object.freeze({ kind: "symbol", position }),
  constant,
  add,
  multiply,
  modulo,
  floorDivide,
  ceilingDivide,
} as const;

type Combine = (left: AffineExpression, right: AffineExpression) => AffineExpression;
/** The operators that bind tighter than a sum, by their words. */
export const affineFactorOperators: ReadonlyMap<string, Combine> = new Map([
  ["*", multiply],
  ["floordiv", floorDivide],
  ["ceildiv", ceilingDivide],
  ["mod", modulo],
]);

/** Terms and factors that a text may have in a row: readers and writers of expressions call themselves. */
export const maximumAffineTerms = 2000;

/** Why `left word right` is not affine, in upstream's words; undefined where it is. */
export function whyNotAffine(word: string, left: AffineExpression, right: AffineExpression): string | undefined {
  if (isSymbolicOrConstant(right)) return undefined;
  if (word !== "*") return `non-affine expression: right operand of ${word} has to be either a constant or symbolic`;
  if (isSymbolicOrConstant(left)) return undefined;
  return "non-affine expression: at least one of the multiply operands has to be either a constant or symbolic";
}

const operatorText = {
  add: "+",
  multiply: "*",
  modulo: "mod",
  "floor-divide": "floordiv",
  "ceiling-divide": "ceildiv",
} as const;

/** Where an expression is spelled: text, and the places of dimensions and symbols. */
export interface AffineSpelling {
  write(text: string): void;
  name(kind: "dimension" | "symbol", position: number): void;
}

/** The MLIR spelling of an expression; `nested` puts it in parentheses unless it is a single name or number. */
export function affineText(expression: AffineExpression, nested = false): string {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  spellAffine(
    expression,
    { write, name: (kind, position) => write((kind === "dimension" ? "d" : "s") + position) },
    nested,
  );
  return text;
}

/** `affineText` with names that the caller writes. */
export function spellAffine(expression: AffineExpression, spelling: AffineSpelling, nested = false): void {
  switch (expression.kind) {
    case "dimension":
    case "symbol":
      return spelling.name(expression.kind, expression.position);
    case "constant":
      return spelling.write(String(expression.value));
    default:
      if (nested) spelling.write("(");
      if (expression.kind === "add") spellSum(expression, spelling);
      else spellOperation(expression, spelling);
      if (nested) spelling.write(")");
  }
}

function spellOperation({ kind, left, right }: AffineOperation, spelling: AffineSpelling): void {
  const isNegation = kind === "multiply" && constantOf(right) === -1;
  if (isNegation) spelling.write("-");
  spellAffine(left, spelling, true);
  if (isNegation) return;
  spelling.write(` ${operatorText[kind]} `);
  spellAffine(right, spelling, true);
}

/** A sum, with subtraction written for negative constants and coefficients. */
function spellSum({ left, right }: AffineOperation, spelling: AffineSpelling): void {
  spellAffine(left, spelling);
  const value = constantOf(right);
  if (value !== undefined && value < 0) return spelling.write(` - ${-value}`);
  const { factor, term } = coefficient(right);
  spelling.write(factor < 0 ? " - " : " + ");
  if (factor >= 0) return spellAffine(right, spelling);
  spellAffine(term, spelling, factor !== -1 || term.kind === "add");
  if (factor !== -1) spelling.write(` * ${-factor}`);
}
