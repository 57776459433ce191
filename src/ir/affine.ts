import { type AffineExpression, affine, affineModulo, affineText } from "./affine-expression.ts";

export {
  type AffineExpression,
  affine,
  affineFactorOperators,
  affineText,
  type AffineSpelling,
  isSymbolicOrConstant,
  maximumAffineTerms,
  spellAffine,
  whyNotAffine,
} from "./affine-expression.ts";

/** `(d0, …)[s0, …] -> (results)`; `text` is its MLIR spelling and decides equality. */
export interface AffineMap {
  readonly dimensions: number;
  readonly symbols: number;
  readonly results: readonly AffineExpression[];
  readonly text: string;
}

/** One constraint of an integer set: `expression == 0` or `expression >= 0`. */
export interface AffineConstraint {
  readonly expression: AffineExpression;
  readonly isEquality: boolean;
}

/** `(d0, …)[s0, …] : (constraints)`. */
export interface IntegerSet {
  readonly dimensions: number;
  readonly symbols: number;
  readonly constraints: readonly AffineConstraint[];
  readonly text: string;
}

const listText = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(", ");
const headText = (dimensions: number, symbols: number): string =>
  `(${listText("d", dimensions)})${symbols > 0 ? `[${listText("s", symbols)}]` : ""}`;

/** Makes a map of `dimensions` inputs and `symbols` symbols. */
export function affineMap(dimensions: number, results: readonly AffineExpression[], symbols = 0): AffineMap {
  const text = `${headText(dimensions, symbols)} -> (${results.map((result) => affineText(result)).join(", ")})`;
  return Object.freeze({ dimensions, symbols, results: Object.freeze([...results]), text });
}

/** `(d0, …, dn-1) -> (d0, …, dn-1)`. */
export const identityMap = (dimensions: number): AffineMap =>
  affineMap(
    dimensions,
    Array.from({ length: dimensions }, (_, position) => affine.dimension(position)),
  );

/** The map that picks input dimensions: `[1, 0]` of 2 is `(d0, d1) -> (d1, d0)`. */
export const projectionMap = (dimensions: number, positions: readonly number[]): AffineMap =>
  affineMap(
    dimensions,
    positions.map((position) => affine.dimension(position)),
  );

/** Makes an integer set. */
export function integerSet(dimensions: number, constraints: readonly AffineConstraint[], symbols = 0): IntegerSet {
  const texts = constraints.map(
    ({ expression, isEquality }) => `${affineText(expression)} ${isEquality ? "==" : ">="} 0`,
  );
  const text = `${headText(dimensions, symbols)} : (${texts.join(", ")})`;
  return Object.freeze({ dimensions, symbols, constraints: Object.freeze([...constraints]), text });
}

/** The value of an expression at a point. */
export function evaluateAffine(
  expression: AffineExpression,
  dimensions: readonly number[],
  symbols: readonly number[] = [],
): number {
  switch (expression.kind) {
    case "dimension":
      return dimensions[expression.position]!;
    case "symbol":
      return symbols[expression.position]!;
    case "constant":
      return expression.value;
    default: {
      const left = evaluateAffine(expression.left, dimensions, symbols);
      const right = evaluateAffine(expression.right, dimensions, symbols);
      if (expression.kind === "add") return left + right;
      if (expression.kind === "multiply") return left * right;
      if (expression.kind === "modulo") return affineModulo(left, right);
      return expression.kind === "floor-divide" ? Math.floor(left / right) : Math.ceil(left / right);
    }
  }
}

/** Replaces dimensions (and symbols) by expressions. */
export function substituteAffine(
  expression: AffineExpression,
  dimensions: readonly AffineExpression[],
  symbols: readonly AffineExpression[] = [],
): AffineExpression {
  switch (expression.kind) {
    case "dimension":
      return dimensions[expression.position]!;
    case "symbol":
      return symbols[expression.position] ?? expression;
    case "constant":
      return expression;
    default: {
      const left = substituteAffine(expression.left, dimensions, symbols);
      const right = substituteAffine(expression.right, dimensions, symbols);
      if (expression.kind === "add") return affine.add(left, right);
      if (expression.kind === "multiply") return affine.multiply(left, right);
      if (expression.kind === "modulo") return affine.modulo(left, right);
      return expression.kind === "floor-divide" ? affine.floorDivide(left, right) : affine.ceilingDivide(left, right);
    }
  }
}

/** Coefficients of a linear expression: value = Σ coefficients[i]·d_i + constant; undefined when it is not linear. */
export interface LinearForm {
  readonly coefficients: ReadonlyMap<number, number>;
  readonly constant: number;
}

/** Reads an expression as a linear form in its dimensions; undefined for symbols, products of dimensions, mod and divisions. */
export function linearForm(expression: AffineExpression): LinearForm | undefined {
  switch (expression.kind) {
    case "dimension":
      return { coefficients: new Map([[expression.position, 1]]), constant: 0 };
    case "constant":
      return { coefficients: new Map(), constant: expression.value };
    case "add": {
      const left = linearForm(expression.left);
      const right = linearForm(expression.right);
      if (!left || !right) return undefined;
      const coefficients = new Map(left.coefficients);
      for (const [position, factor] of right.coefficients)
        coefficients.set(position, (coefficients.get(position) ?? 0) + factor);
      return { coefficients, constant: left.constant + right.constant };
    }
    case "multiply": {
      const left = linearForm(expression.left);
      const right = linearForm(expression.right);
      if (!left || !right) return undefined;
      const [scalar, other] = right.coefficients.size === 0 ? [right, left] : [left, right];
      if (scalar.coefficients.size > 0) return undefined;
      return {
        coefficients: new Map(
          [...other.coefficients].map(([position, factor]) => [position, factor * scalar.constant]),
        ),
        constant: other.constant * scalar.constant,
      };
    }
    default:
      return undefined;
  }
}

/** The positions of the dimensions that occur in an expression. */
export function dimensionsOf(expression: AffineExpression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === "dimension") into.add(expression.position);
  else if (expression.kind !== "symbol" && expression.kind !== "constant") {
    dimensionsOf(expression.left, into);
    dimensionsOf(expression.right, into);
  }
  return into;
}

/** For a map whose every result is a plain dimension: their positions; else undefined. */
export function projectedDimensions(map: AffineMap): readonly number[] | undefined {
  const positions: number[] = [];
  for (const result of map.results) {
    if (result.kind !== "dimension") return undefined;
    positions.push(result.position);
  }
  return positions;
}

/** Whether the map is the identity. */
export const isIdentityMap = (map: AffineMap): boolean =>
  map.results.length === map.dimensions &&
  map.results.every((result, index) => result.kind === "dimension" && result.position === index);
