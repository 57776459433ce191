import {
  type AffineExpression,
  type AffineMap,
  affine,
  affineFactorOperators,
  affineMap,
  type IntegerSet,
  integerSet,
  maximumAffineTerms,
  whyNotAffine,
} from "../affine.ts";
import { TokenParser } from "./token-parser.ts";
import { t } from "./tokens.ts";

/** What the dimensions and symbols of an affine map are called. */
type AffineScope = Map<string, AffineExpression>;
interface AffineHead {
  readonly scope: AffineScope;
  readonly dimensions: number;
  readonly symbols: number;
}

/** The bodies of affine maps and integer sets. */
export abstract class AffineGrammar extends TokenParser {
  /** `nested`, which while chevrotain records the grammar must leave the depth alone. */
  protected level<T>(parse: () => T): T {
    return this.RECORDING_PHASE ? parse() : this.nested(parse);
  }

  /** `(d0, …)[s0, …] -> (results)`. */
  protected readonly affineMapBody = this.RULE("affineMapBody", (): AffineMap => {
    const head = this.SUBRULE(this.affineHead);
    const results: AffineExpression[] = [];
    this.CONSUME(t.Arrow);
    this.CONSUME(t.LParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => results.push(this.SUBRULE(this.affineSum, { ARGS: [head.scope] })),
    });
    this.CONSUME(t.RParen);
    return this.ACTION(() => {
      for (const result of results) this.#requireExact(result);
      return affineMap(head.dimensions, results, head.symbols);
    });
  });

  /** `(d0, …)[s0, …] : (constraints)`. */
  protected readonly integerSetBody = this.RULE("integerSetBody", (): IntegerSet => {
    const head = this.SUBRULE(this.affineHead);
    const constraints: { expression: AffineExpression; isEquality: boolean }[] = [];
    this.CONSUME(t.Colon);
    this.CONSUME(t.LParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const left = this.SUBRULE(this.affineSum, { ARGS: [head.scope] });
        const operator = this.OR({
          DEF: [
            { ALT: () => this.CONSUME(t.Greater).image },
            { ALT: () => this.CONSUME(t.Equal).image },
            { ALT: () => this.CONSUME(t.Less).image },
          ],
          ERR_MSG: "'== affine-expr' or '>= affine-expr' at end of affine constraint",
        });
        this.CONSUME1(t.Equal);
        const right = this.SUBRULE1(this.affineSum, { ARGS: [head.scope] });
        this.ACTION(() => {
          const [larger, smaller] = operator === "<" ? [right, left] : [left, right];
          const expression = affine.add(larger, affine.multiply(smaller, affine.constant(-1)));
          constraints.push({ expression, isEquality: operator === "=" });
        });
      },
    });
    this.CONSUME(t.RParen);
    return this.ACTION(() => {
      // No constraint is the constraint that always holds.
      for (const { expression } of constraints) this.#requireExact(expression);
      if (constraints.length === 0) constraints.push({ expression: affine.constant(0), isEquality: true });
      return integerSet(head.dimensions, constraints, head.symbols);
    });
  });

  /** Constants that are computed on the way must be exact too. */
  #requireExact(expression: AffineExpression): void {
    const pending = [expression];
    for (let next = pending.pop(); next !== undefined; next = pending.pop())
      if ("left" in next) pending.push(next.left, next.right);
      else if (next.kind === "constant" && !Number.isSafeInteger(next.value))
        this.failAt(this.next - 1, "constant too large for index");
  }

  private readonly affineHead = this.RULE("affineHead", (): AffineHead => {
    const scope: AffineScope = new Map();
    let dimensions = 0;
    let symbols = 0;
    const define = (name: string, expression: AffineExpression): void => {
      if (scope.has(name)) this.failAt(this.next - 1, `redefinition of identifier '${name}'`);
      scope.set(name, expression);
    };
    this.CONSUME(t.LParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.CONSUME(t.Identifier).image;
        this.ACTION(() => define(name, affine.dimension(dimensions++)));
      },
    });
    this.CONSUME(t.RParen);
    this.OPTION(() => {
      this.CONSUME(t.LSquare);
      this.MANY_SEP1({
        SEP: t.Comma,
        DEF: () => {
          const name = this.CONSUME1(t.Identifier).image;
          this.ACTION(() => define(name, affine.symbol(symbols++)));
        },
      });
      this.CONSUME(t.RSquare);
    });
    return { scope, dimensions, symbols };
  });

  private readonly affineSum = this.RULE("affineSum", (scope: AffineScope): AffineExpression => {
    let sum = this.SUBRULE(this.affineProduct, { ARGS: [scope] });
    let terms = 1;
    this.MANY(() => {
      this.ACTION(() => this.#limit(++terms, "terms"));
      const minus = this.OR([
        { ALT: () => this.CONSUME(t.Plus) && false },
        { ALT: () => this.CONSUME(t.Minus) && true },
      ]);
      const right = this.SUBRULE1(this.affineProduct, { ARGS: [scope] });
      sum = this.ACTION(() => affine.add(sum, minus ? affine.multiply(right, affine.constant(-1)) : right));
    });
    return sum;
  });

  private readonly affineProduct = this.RULE("affineProduct", (scope: AffineScope): AffineExpression => {
    let product = this.SUBRULE(this.affineFactor, { ARGS: [scope] });
    let factors = 1;
    this.MANY({
      GATE: () => affineFactorOperators.has(this.LA(1).image),
      DEF: () => {
        const place = this.ACTION(() => this.#limit(++factors, "factors"));
        const operator = this.OR([
          { ALT: () => this.CONSUME(t.Star).image },
          { ALT: () => this.CONSUME(t.Identifier).image },
        ]);
        const right = this.SUBRULE1(this.affineFactor, { ARGS: [scope] });
        product = this.ACTION(() => {
          const wrong = whyNotAffine(operator, product, right);
          return wrong === undefined ? affineFactorOperators.get(operator)!(product, right) : this.failAt(place, wrong);
        });
      },
    });
    return product;
  });

  /** Breaks off an expression that is too long to work with; gives the number of the next token. */
  #limit(count: number, what: string): number {
    return count > maximumAffineTerms ? this.failAt(this.next, `affine expression has too many ${what}`) : this.next;
  }

  #constant(digits: string): number {
    const value = Number(digits);
    if (!this.RECORDING_PHASE && !Number.isSafeInteger(value))
      this.failAt(this.next - 1, "constant too large for index");
    return value;
  }

  private readonly affineFactor = this.RULE("affineFactor", (scope: AffineScope): AffineExpression =>
    this.level(() =>
      this.OR({
        DEF: [
          {
            ALT: () => affine.constant(this.#constant(this.CONSUME(t.Integer).image)),
          },
          {
            ALT: () => {
              const name = this.CONSUME(t.Identifier).image;
              return this.ACTION(
                () => scope.get(name) ?? this.failAt(this.next - 1, `use of undeclared identifier '${name}'`),
              );
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.Minus);
              const operand = this.SUBRULE(this.affineFactor, { ARGS: [scope] });
              return this.ACTION(() => affine.multiply(operand, affine.constant(-1)));
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.LParen);
              const inner = this.SUBRULE(this.affineSum, { ARGS: [scope] });
              this.CONSUME(t.RParen);
              return inner;
            },
          },
        ],
        ERR_MSG: "affine expression",
      }),
    ),
  );
}
