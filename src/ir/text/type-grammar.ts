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
import { isIdentityMap } from "../affine.ts";
import type { Attribute } from "../attributes.ts";
import { attributeText } from "./print-attribute.ts";
import { AffineGrammar } from "./affine-grammar.ts";
import { t } from "./tokens.ts";
import {
  isComplexPart,
  isMemorySpace,
  isMemRefElement,
  isTensorElement,
  isVectorElement,
  layoutMismatch,
} from "./type-rules.ts";

/** Widest integer type upstream has. */
const maximumWidth = (1 << 24) - 1;

/** Types. */
export abstract class TypeGrammar extends AffineGrammar {
  protected abstract readonly attribute: () => Attribute;
  /** What an alias or a dialect's type stands for. */
  protected abstract namedType(index: number): Type;

  protected readonly type = this.RULE("type", (): Type =>
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.nonFunctionType) }, { ALT: () => this.SUBRULE(this.functionType) }],
      ERR_MSG: "non-function type",
    }),
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
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.types) }, { ALT: () => [this.SUBRULE(this.nonFunctionType)] }],
      ERR_MSG: "non-function type",
    }),
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
    this.OR({
      DEF: [
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
      ],
      ERR_MSG: "non-function type",
    }),
  );

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
        if (!isTensorElement(element)) this.failAt(first, "invalid tensor element type");
        if (this.isUnranked(sizes, first)) return this.limitedType(unrankedTensorType(element));
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
        if (shape.includes(0))
          this.failAt(first - 1, `vector types must have positive constant sizes but got ${shape.join(", ")}`);
        if (!isVectorElement(element))
          this.failAt(first, `failed to verify 'elementType': '${element.text}' cannot be an element of a vector`);
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
        if (!isMemRefElement(element)) this.failAt(first, "invalid memref element type");
        const [layout, space] = this.memRefParameters(parameters, first);
        if (this.isUnranked(sizes, first)) {
          if (parameters.some(isLayout)) this.failAt(first, "cannot have affine map for unranked memref type");
          return this.limitedType(unrankedMemRefType(element, space));
        }
        const shape = this.shape(sizes, first);
        const [given] = parameters;
        const written = given?.kind === "affine-map" ? given : layout;
        const mismatch = written && "text" in written ? undefined : written && layoutMismatch(written, shape.length);
        if (mismatch !== undefined) this.failAt(first, mismatch);
        return this.limitedType(memRefType(shape, element, layout, space));
      });
    }),
  );

  /** Layout and memory space; the row-major identity and memory space 0 are left out, as upstream does. */
  private memRefParameters(
    parameters: readonly Attribute[],
    place: number,
  ): readonly [MemRefLayout | undefined, string | undefined] {
    const [first, second] = parameters;
    if (first !== undefined && !isLayout(first) && second !== undefined)
      this.failAt(
        place,
        isLayout(second)
          ? "expected memory space to be last in memref type"
          : "multiple memory spaces specified in memref type",
      );
    if (parameters.length > 2) this.failAt(place, "multiple memory spaces specified in memref type");
    const layout = first !== undefined && (isLayout(first) || second !== undefined) ? first : undefined;
    const space = layout === undefined ? first : second;
    if (space !== undefined && !isMemorySpace(space)) this.failAt(place, "unsupported memory space Attribute");
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
      return this.ACTION(() => {
        if (!isComplexPart(element)) this.failAt(this.next - 1, "invalid element type for complex");
        return this.limitedType(complexType(element));
      });
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

  /** Whether sizes are `*x`, which stands alone. */
  private isUnranked(sizes: string, place: number): boolean {
    if (!sizes.startsWith("*")) return false;
    if (!/^\*\s*x\s*$/.test(sizes)) this.failAt(place - 1, "expected non-function type after '*x'");
    return true;
  }

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
}

const isLayout = (attribute: Attribute): boolean =>
  attribute.kind === "affine-map" || attribute.kind === "strided-layout";

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
