import {
  complexType,
  dialectType,
  type Dimension,
  floatType,
  type FloatFormat,
  functionType,
  indexType,
  integerType,
  type MemRefLayout,
  memRefType,
  noneType,
  tensorType,
  tupleType,
  type Type,
  unrankedMemRefType,
  unrankedTensorType,
  vectorType,
} from "../types.ts";
import {
  type AffineExpression,
  type AffineMap,
  affine,
  affineMap,
  type IntegerSet,
  integerSet,
  isIdentityMap,
} from "../affine.ts";
import type { Attribute } from "../attributes.ts";
import { attributeText } from "./print-attribute.ts";
import { TokenParser } from "./token-parser.ts";
import { t } from "./tokens.ts";

/** Widest integer type upstream has. */
const maximumWidth = (1 << 24) - 1;

/** What the dimensions and symbols of an affine map are called. */
type AffineScope = Map<string, AffineExpression>;
interface AffineHead {
  readonly scope: AffineScope;
  readonly dimensions: number;
  readonly symbols: number;
}

/** Types, and the affine maps and sets that occur in them. */
export abstract class TypeGrammar extends TokenParser {
  protected abstract readonly attribute: () => Attribute;
  /** What an alias or a dialect's type stands for. */
  protected abstract namedType(index: number): Type;

  protected readonly type = this.RULE("type", (): Type =>
    this.OR([{ ALT: () => this.SUBRULE(this.nonFunctionType) }, { ALT: () => this.SUBRULE(this.functionType) }]),
  );

  protected readonly types = this.RULE("types", (): readonly Type[] => {
    const types: Type[] = [];
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => types.push(this.SUBRULE(this.type)) });
    this.CONSUME(t.RParen);
    return types;
  });

  /** What stands after `->`. */
  protected readonly resultTypes = this.RULE("resultTypes", (): readonly Type[] =>
    this.OR([{ ALT: () => this.SUBRULE(this.types) }, { ALT: () => [this.SUBRULE(this.nonFunctionType)] }]),
  );

  protected readonly functionType = this.RULE("functionType", (): Type =>
    this.level(() => {
      const inputs = this.SUBRULE(this.types);
      this.CONSUME(t.Arrow);
      const results = this.SUBRULE(this.resultTypes);
      return this.ACTION(() => this.limitedType(functionType(inputs, results)));
    }),
  );

  protected readonly nonFunctionType = this.RULE("nonFunctionType", (): Type =>
    this.OR([
      { ALT: () => this.integerType(this.CONSUME(t.IntegerType).image) },
      {
        ALT: () => {
          const format = this.CONSUME(t.FloatType).image;
          return this.ACTION(() => floatType(format as FloatFormat));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Index);
          return indexType;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.None);
          return noneType;
        },
      },
      { ALT: () => this.SUBRULE(this.tensorType) },
      { ALT: () => this.SUBRULE(this.memRefType) },
      { ALT: () => this.SUBRULE(this.vectorType) },
      { ALT: () => this.SUBRULE(this.complexType) },
      { ALT: () => this.SUBRULE(this.tupleType) },
      {
        ALT: () => {
          this.CONSUME(t.TypeName);
          return this.ACTION(() => this.namedType(this.next - 1));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.TypeBody);
          return this.ACTION(() => this.namedType(this.next - 1));
        },
      },
    ]),
  );

  /** `nested`, which while chevrotain records the grammar must leave the depth alone. */
  protected level<T>(parse: () => T): T {
    return this.RECORDING_PHASE ? parse() : this.nested(parse);
  }

  private integerType(text: string): Type {
    return this.ACTION(() => {
      const [, sign, width] = /^([su]?)i(\d+)$/.exec(text)!;
      if (Number(width) > maximumWidth)
        this.failAt(this.next - 1, `integer bitwidth is limited to ${maximumWidth} bits`);
      return integerType(Number(width), sign === "s" ? "signed" : sign === "u" ? "unsigned" : "signless");
    });
  }

  /** Refuses a type whose spelling has grown beyond all measure; types are known by their spelling. */
  protected limitedType(type: Type): Type {
    this.limitText(type.text);
    return type;
  }
  protected abstract limitText(text: string, length?: number): void;

  private readonly tensorType = this.RULE("tensorType", (): Type =>
    this.level(() => {
      this.CONSUME(t.Tensor);
      this.CONSUME(t.Less);
      const sizes = this.OPTION(() => this.CONSUME(t.Dimensions).image) ?? "";
      const first = this.ACTION(() => this.next);
      const element = this.SUBRULE(this.type);
      const encoding = this.OPTION1(() => {
        this.CONSUME(t.Comma);
        return this.SUBRULE(this.attribute);
      });
      this.CONSUME(t.Greater);
      return this.ACTION(() => {
        if (sizes.startsWith("*")) return this.limitedType(unrankedTensorType(element));
        const shape = this.shape(sizes, first);
        return this.limitedType(tensorType(shape, element, encoding && attributeText(encoding)));
      });
    }),
  );

  private readonly vectorType = this.RULE("vectorType", (): Type =>
    this.level(() => {
      this.CONSUME(t.Vector);
      this.CONSUME(t.Less);
      const sizes = this.OPTION(() => this.CONSUME(t.Dimensions).image) ?? "";
      const first = this.ACTION(() => this.next);
      const element = this.SUBRULE(this.type);
      this.CONSUME(t.Greater);
      return this.ACTION(() => {
        const shape = this.shape(sizes.replaceAll(/[[\]]/g, ""), first);
        if (shape.includes("?")) this.failAt(first - 1, "vector types must have static sizes");
        const scalable = sizes
          .split("x")
          .slice(0, -1)
          .map((size) => size.trim().startsWith("["));
        return this.limitedType(vectorType(shape as readonly number[], element, scalable));
      });
    }),
  );

  private readonly memRefType = this.RULE("memRefType", (): Type =>
    this.level(() => {
      this.CONSUME(t.MemRef);
      this.CONSUME(t.Less);
      const sizes = this.OPTION(() => this.CONSUME(t.Dimensions).image) ?? "";
      const first = this.ACTION(() => this.next);
      const element = this.SUBRULE(this.type);
      const parameters: Attribute[] = [];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        parameters.push(this.SUBRULE(this.attribute));
      });
      this.CONSUME(t.Greater);
      return this.ACTION(() => {
        const [layout, space] = this.memRefParameters(parameters, first);
        if (sizes.startsWith("*")) return this.limitedType(unrankedMemRefType(element, space));
        const shape = this.shape(sizes, first);
        return this.limitedType(memRefType(shape, element, layout, space));
      });
    }),
  );

  /** Layout and memory space; the row-major identity and memory space 0 are left out, as upstream does. */
  private memRefParameters(
    parameters: readonly Attribute[],
    place: number,
  ): readonly [MemRefLayout | undefined, string | undefined] {
    const isLayout = (attribute: Attribute): boolean =>
      attribute.kind === "affine-map" || attribute.kind === "strided-layout";
    if (parameters.length > 2) this.failAt(place, "a memref has at most a layout and a memory space");
    const [first, second] = parameters;
    const layout = first !== undefined && (isLayout(first) || second !== undefined) ? first : undefined;
    const space = layout === undefined ? first : second;
    const isDefault = space === undefined || (space.kind === "integer" && space.value === 0n);
    return [
      layout && layoutOf(layout),
      isDefault
        ? undefined
        : space.kind === "integer" && space.type.text === "i64"
          ? String(space.value)
          : attributeText(space),
    ];
  }

  private readonly complexType = this.RULE("complexType", (): Type =>
    this.level(() => {
      this.CONSUME(t.Complex);
      this.CONSUME(t.Less);
      const element = this.SUBRULE(this.type);
      this.CONSUME(t.Greater);
      return this.ACTION(() => this.limitedType(complexType(element)));
    }),
  );

  private readonly tupleType = this.RULE("tupleType", (): Type =>
    this.level(() => {
      const elements: Type[] = [];
      this.CONSUME(t.Tuple);
      this.CONSUME(t.Less);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.type)) });
      this.CONSUME(t.Greater);
      return this.ACTION(() => this.limitedType(tupleType(elements)));
    }),
  );

  private shape(sizes: string, place: number): readonly Dimension[] {
    return sizes
      .split("x")
      .slice(0, -1)
      .map((size) => {
        const text = size.trim();
        if (text === "?") return "?";
        if (!Number.isSafeInteger(Number(text))) this.failAt(place - 1, `invalid dimension ${text}`);
        return Number(text);
      });
  }

  /** A dialect's own type, by its spelling. */
  protected dialectTypeOf(text: string): Type {
    const [, dialect, body] = /^!([^.<]*)\.?(.*)$/s.exec(text)!;
    return dialectType(dialect!, body!);
  }

  // --- affine maps and sets ----------------------------------------------------------------------------------------------------

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
    return this.ACTION(() => affineMap(head.dimensions, results, head.symbols));
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
        const operator = this.OR([
          { ALT: () => this.CONSUME(t.Greater).image },
          { ALT: () => this.CONSUME(t.Equal).image },
          { ALT: () => this.CONSUME(t.Less).image },
        ]);
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
    return this.ACTION(() => integerSet(head.dimensions, constraints, head.symbols));
  });

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
    this.MANY(() => {
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
    this.MANY({
      GATE: () => affineOperators.has(this.LA(1).image),
      DEF: () => {
        const operator = this.OR([
          { ALT: () => this.CONSUME(t.Star).image },
          { ALT: () => this.CONSUME(t.Identifier).image },
        ]);
        const right = this.SUBRULE1(this.affineFactor, { ARGS: [scope] });
        product = this.ACTION(() => affineOperators.get(operator)!(product, right));
      },
    });
    return product;
  });

  private readonly affineFactor = this.RULE("affineFactor", (scope: AffineScope): AffineExpression =>
    this.level(() =>
      this.OR([
        { ALT: () => affine.constant(Number(this.CONSUME(t.Integer).image)) },
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
      ]),
    ),
  );
}

const affineOperators: ReadonlyMap<string, (left: AffineExpression, right: AffineExpression) => AffineExpression> =
  new Map([
    ["*", affine.multiply],
    ["floordiv", affine.floorDivide],
    ["ceildiv", affine.ceilingDivide],
    ["mod", affine.modulo],
  ]);

function layoutOf(attribute: Attribute): MemRefLayout | undefined {
  if (attribute.kind === "affine-map")
    return isIdentityMap(attribute.map) ? undefined : { kind: "map", map: attribute.map };
  if (attribute.kind !== "strided-layout") return { kind: "other", text: attributeText(attribute) };
  const [, strides, offset] = /^strided<\[(.*)\](?:, offset: (.*))?>$/.exec(attribute.text)!;
  const size = (text: string): Dimension => (text === "?" ? "?" : Number(text));
  return {
    kind: "strided",
    strides: strides === "" ? [] : strides!.split(", ").map(size),
    offset: offset === undefined ? 0 : size(offset),
  };
}
