import {
  affineFactorOperators,
  maximumAffineTerms,
  whyNotAffine,
  affine,
  type AffineExpression,
  type AffineMap,
  affineMap,
  spellAffine,
} from "../../affine.ts";
import type { OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import type { ValueId } from "../../module.ts";
import { indexType } from "../../types.ts";
import { assume } from "./malformed.ts";

// Affine maps as they are written in operations: applied to a list of values, `#map(%i, %j)[%n]`, or as expressions of values,
// `[%i + 3 * %j, symbol(%n) floordiv 2]`.

// --- maps applied to values ------------------------------------------------------------------------------------------------------

/** `(%dimensions)[%symbols]`; no brackets where there are no symbols. */
export function printInputs(printer: OperationPrinter, values: readonly ValueId[], dimensions: number): void {
  printer.write("(");
  printer.values(values.slice(0, dimensions));
  printer.write(")");
  if (values.length <= dimensions) return;
  printer.write("[");
  printer.values(values.slice(dimensions));
  printer.write("]");
}

/** Values that a map or set is applied to. */
export interface ParsedInputs {
  readonly values: readonly ValueId[];
  /** How many of them are dimensions; they come first. */
  readonly dimensions: number;
}

export function parseInputs(parser: OperationParser): ParsedInputs {
  const dimensions = parser.list("(", ")", () => parser.operand());
  const symbols = parser.at("[") ? parser.list("[", "]", () => parser.operand()) : [];
  const values = [...dimensions, ...symbols].map((operand) => parser.resolve(operand, indexType));
  return { values, dimensions: dimensions.length };
}

/** A map, written out or by its alias. */
export function parseMap(parser: OperationParser): AffineMap {
  const start = parser.place();
  const attribute = parser.attribute();
  return attribute.kind === "affine-map" ? attribute.map : parser.fail("invalid kind of attribute specified", start);
}

// --- expressions of values -------------------------------------------------------------------------------------------------------

/** One expression of values, as upstream's `printAffineExprOfSSAIds` writes it. */
export function printExpression(
  printer: OperationPrinter,
  expression: AffineExpression,
  map: AffineMap,
  values: readonly ValueId[],
): void {
  spellAffine(expression, {
    write: (text) => printer.write(text),
    name: (kind, position) => {
      if (kind === "dimension") return printer.value(values[position]!);
      printer.write("symbol(");
      printer.value(values[map.dimensions + position]!);
      printer.write(")");
    },
  });
}

/** Gives up the pretty form where expressions of values would not be read back as this map and these values. */
export function assumeReadBack(printer: OperationPrinter, map: AffineMap, values: readonly ValueId[]): void {
  assume(values.length === map.dimensions + map.symbols);
  assume(areNumberedInOrder(map) && areToldApart(printer, values) && map.results.every(readsAsItself));
}

/** The results of a map as expressions of values, without brackets. */
export function printExpressions(printer: OperationPrinter, map: AffineMap, values: readonly ValueId[]): void {
  assumeReadBack(printer, map, values);
  map.results.forEach((expression, index) => {
    if (index > 0) printer.write(", ");
    printExpression(printer, expression, map, values);
  });
}

/** Whether dimensions and symbols are all there, and occur for the first time in the order of their numbers. */
function areNumberedInOrder(map: AffineMap): boolean {
  const next = { dimension: 0, symbol: 0 };
  const isInOrder = (expression: AffineExpression): boolean => {
    if ("left" in expression) return isInOrder(expression.left) && isInOrder(expression.right);
    if (expression.kind === "constant") return true;
    if (expression.position === next[expression.kind]) next[expression.kind]++;
    return expression.position < next[expression.kind];
  };
  return map.results.every(isInOrder) && next.dimension === map.dimensions && next.symbol === map.symbols;
}

/** Whether no value occurs twice, and no two results of one operation occur: upstream's reader takes these for one value. */
function areToldApart({ reader }: OperationPrinter, values: readonly ValueId[]): boolean {
  const names = values.map((value) => {
    const definition = reader.value(value);
    return definition.kind === "result" ? `op${definition.op}` : value;
  });
  return new Set(names).size === names.length;
}

/** Whether no sum ends in a sum: these are written without parentheses, and may be read as something simpler. */
function readsAsItself(expression: AffineExpression): boolean {
  if (!("left" in expression)) return true;
  if (expression.kind === "add" && expression.right.kind === "add") return false;
  return readsAsItself(expression.left) && readsAsItself(expression.right);
}

/** Expressions of values, read together: a value that occurs again is the dimension or symbol that it was. */
export interface ExpressionsOfValues {
  readonly expressions: readonly AffineExpression[];
  readonly dimensions: readonly UnresolvedOperand[];
  readonly symbols: readonly UnresolvedOperand[];
}

/** Expressions between two brackets. */
export function parseExpressions(parser: OperationParser, open: string, close: string): ExpressionsOfValues {
  const reader = new ExpressionReader(parser);
  const expressions = parser.list(open, close, () => reader.expression());
  return { expressions, dimensions: reader.dimensions, symbols: reader.symbols };
}
/** One expression by itself. */
export function parseExpression(parser: OperationParser): ExpressionsOfValues {
  const reader = new ExpressionReader(parser);
  return { expressions: [reader.expression()], dimensions: reader.dimensions, symbols: reader.symbols };
}

/** `[expressions]` as a map and the operands that it is applied to. */
export function parseSubscripts(
  parser: OperationParser,
  open = "[",
  close = "]",
): { readonly map: AffineMap; readonly operands: readonly UnresolvedOperand[] } {
  const { expressions, dimensions, symbols } = parseExpressions(parser, open, close);
  return { map: affineMap(dimensions.length, expressions, symbols.length), operands: [...dimensions, ...symbols] };
}

/** How deep expressions may nest: readers and writers of them call themselves. */
const maximumDepth = 500;

const operators = [...affineFactorOperators];

class ExpressionReader {
  readonly dimensions: UnresolvedOperand[] = [];
  readonly symbols: UnresolvedOperand[] = [];
  readonly #parser: OperationParser;
  readonly #known = new Map<string, AffineExpression>();
  #depth = 0;

  constructor(parser: OperationParser) {
    this.#parser = parser;
  }

  expression(): AffineExpression {
    const parser = this.#parser;
    let sum = this.#product();
    for (let terms = 1; ; terms++) {
      if (terms > maximumAffineTerms) parser.fail("affine expression has too many terms");
      if (parser.optional("+")) sum = affine.add(sum, this.#product());
      else if (parser.optional("-")) sum = affine.add(sum, affine.multiply(this.#product(), affine.constant(-1)));
      else return sum;
    }
  }

  #product(): AffineExpression {
    const parser = this.#parser;
    let product = this.#factor();
    for (let factors = 1; ; factors++) {
      if (factors > maximumAffineTerms) parser.fail("affine expression has too many factors");
      const place = parser.place();
      const operator = operators.find(([word]) => parser.optional(word));
      if (operator === undefined) return product;
      const [word, combine] = operator;
      const right = this.#factor();
      const wrong = whyNotAffine(word, product, right);
      if (wrong !== undefined) parser.fail(wrong, place);
      product = combine(product, right);
    }
  }

  #factor(): AffineExpression {
    const parser = this.#parser;
    if (parser.atOperand()) return this.#named(parser.operand(), this.dimensions, affine.dimension);
    if (parser.optional("symbol")) {
      parser.expect("(");
      const symbol = this.#named(parser.operand(), this.symbols, affine.symbol);
      parser.expect(")");
      return symbol;
    }
    if (parser.at("(") || parser.at("-")) {
      if (++this.#depth > maximumDepth) parser.fail("affine expression is nested too deeply");
      const inner = this.#nested();
      this.#depth--;
      return inner;
    }
    if (parser.atInteger()) return affine.constant(Number(parser.integer()));
    return parser.fail("expected affine expression");
  }

  #nested(): AffineExpression {
    const parser = this.#parser;
    if (parser.optional("-")) return affine.multiply(this.#factor(), affine.constant(-1));
    parser.expect("(");
    const inner = this.expression();
    parser.expect(")");
    return inner;
  }

  #named(
    operand: UnresolvedOperand,
    operands: UnresolvedOperand[],
    make: (position: number) => AffineExpression,
  ): AffineExpression {
    const known = this.#known.get(operand.name);
    if (known !== undefined) return known;
    const expression = make(operands.length);
    operands.push(operand);
    this.#known.set(operand.name, expression);
    return expression;
  }
}
