import fc from "fast-check";
import {
  affine,
  type AffineExpression,
  affineMap,
  type AffineMap,
  integerSet,
  isIdentityMap,
} from "../../ir/affine.ts";
import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  type Attributes,
  boolAttribute,
  denseArrayAttribute,
  denseAttribute,
  dialectAttribute,
  dictionaryAttribute,
  floatAttribute,
  integerAttribute,
  stringAttribute,
  symbolAttribute,
  typeAttribute,
  unitAttribute,
} from "../../ir/attributes.ts";
import {
  bf16,
  complexType,
  dialectType,
  f16,
  f32,
  f64,
  floatType,
  type FloatType,
  functionType,
  hostElementType,
  i1,
  i32,
  i64,
  indexType,
  integerType,
  type IntegerType,
  memRefType,
  noneType,
  stringType,
  tensorType,
  tupleType,
  type Type,
  unrankedMemRefType,
  unrankedTensorType,
  vectorType,
} from "../../ir/types.ts";
import { fusedOf } from "../../ir/text/fused-location.ts";
import { type Location, nameLocation, unknownLocation } from "../../support/location.ts";
import { elementCount, tensorFromNumbers, tensorFromStrings } from "../../support/numeric/host-tensor.ts";
import { bigintToDoubleForRounding, roundTo } from "../../support/numeric/float-formats.ts";
import { type FloatElementType, floatElementTypes } from "../../support/numeric/element-type.ts";

/** Names and texts that have to be quoted or escaped now and then. */
export const names = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_$.]{0,8}$/) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("__proto__", "constructor", "true", "dense", 'a"b', "\\", "\u0000\n", "0"),
    },
  );

export const integerTypes = (): fc.Arbitrary<IntegerType> =>
  fc
    .record({
      width: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 7, 128),
      sign: fc.constantFrom("signless", "signed", "unsigned"),
    })
    .map(({ width, sign }) => integerType(width, sign as IntegerType["signedness"]));
// Numbers of both signs are written, which f8E8M0FNU does not have.
const signedFormats = floatElementTypes.filter((format) => format !== "f8E8M0FNU");
export const floatTypes = (): fc.Arbitrary<FloatType> =>
  fc.constantFrom(f32, f64, f16, bf16, ...signedFormats.map(floatType));

/** Affine expressions over `dimensions` dimensions and `symbols` symbols. */
function affineExpressions(dimensions: number, symbols: number): fc.Arbitrary<AffineExpression> {
  const leaves: AffineExpression[] = [
    ...Array.from({ length: dimensions }, (_, position) => affine.dimension(position)),
    ...Array.from({ length: symbols }, (_, position) => affine.symbol(position)),
  ];
  const leaf = fc.oneof(
    fc.integer({ min: -20, max: 20 }).map(affine.constant),
    ...(leaves.length > 0 ? [fc.constantFrom(...leaves)] : []),
  );
  const { expression } = fc.letrec<{ expression: AffineExpression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.tuple(tie("expression"), tie("expression")).map(([left, right]) => affine.add(left, right)),
      fc
        .tuple(tie("expression"), fc.integer({ min: -5, max: 5 }))
        .map(([left, factor]) => affine.multiply(left, affine.constant(factor))),
      fc
        .tuple(
          tie("expression"),
          fc.integer({ min: 1, max: 9 }),
          fc.constantFrom("modulo", "floorDivide", "ceilingDivide"),
        )
        .map(([left, divisor, kind]) => affine[kind as "modulo"](left, affine.constant(divisor))),
    ),
  }));
  return expression.filter(readsAsItself);
}

/** Upstream's spelling has no parentheses around a sum at the end of a sum; what that reads as may be a simpler expression. */
function readsAsItself(expression: AffineExpression): boolean {
  if (!("left" in expression)) return true;
  if (expression.kind === "add" && expression.right.kind === "add") return false;
  return readsAsItself(expression.left) && readsAsItself(expression.right);
}

export const affineMaps = (): fc.Arbitrary<AffineMap> =>
  fc
    .record({ dimensions: fc.nat(3), symbols: fc.nat(2) })
    .chain(({ dimensions, symbols }) =>
      fc
        .array(affineExpressions(dimensions, symbols), { maxLength: 3 })
        .map((results) => affineMap(dimensions, results, symbols)),
    );

const integerSets = (): fc.Arbitrary<Attribute> =>
  fc
    .array(fc.record({ expression: affineExpressions(2, 1), isEquality: fc.boolean() }), { minLength: 1, maxLength: 2 })
    .map((constraints) => ({ kind: "integer-set", set: integerSet(2, constraints, 1) }));

const dimensions = (): fc.Arbitrary<readonly (number | "?")[]> =>
  fc.array(fc.oneof(fc.nat(9), fc.constant("?" as const)), { maxLength: 3 });

/** Types of every kind. */
export function types(): fc.Arbitrary<Type> {
  const scalar = fc.oneof(integerTypes(), floatTypes(), fc.constant(indexType));
  const layouts = fc
    .record({ offset: fc.oneof(fc.nat(9), fc.constant("?" as const)), stride: fc.integer({ min: -3, max: 9 }) })
    .map(({ offset, stride }) => ({ kind: "strided", strides: [stride], offset }) as const);
  const { type } = fc.letrec<{ type: Type }>((tie) => ({
    type: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.constantFrom(noneType, stringType, dialectType("test", "box<i32>"), dialectType("other", '<"text">')),
      fc.tuple(dimensions(), scalar).map(([shape, element]) => tensorType(shape, element)),
      fc.tuple(dimensions(), scalar).map(([shape, element]) => tensorType(shape, element, '#test.order<"c">')),
      fc.tuple(dimensions(), scalar).map(([shape, element]) => memRefType(shape, element)),
      fc.tuple(layouts, scalar).map(([layout, element]) => memRefType([4], element, layout, "1")),
      affineMaps()
        .filter((map) => map.dimensions === 2 && !isIdentityMap(map))
        .map((map) => memRefType([2, "?"], f32, { kind: "map", map })),
      fc
        .tuple(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }), scalar, fc.boolean())
        .map(([shape, element, scalable]) =>
          vectorType(
            shape,
            element,
            shape.map(() => scalable),
          ),
        ),
      scalar.map((element) => unrankedTensorType(element)),
      scalar.map((element) => unrankedMemRefType(element)),
      fc.constantFrom(f32, f64).map(complexType),
      fc.array(tie("type"), { maxLength: 2 }).map(tupleType),
      fc
        .tuple(fc.array(tie("type"), { maxLength: 2 }), fc.array(tie("type"), { maxLength: 2 }))
        .map(([inputs, results]) => functionType(inputs, results)),
    ),
  }));
  return type;
}

const integers = (): fc.Arbitrary<Attribute> =>
  fc
    .oneof(
      integerTypes().filter((type) => type.width > 1),
      fc.constant(indexType),
    )
    .chain((type) => {
      const width = type.kind === "index" ? 64n : BigInt(type.width);
      const isUnsigned = type.kind === "integer" && type.signedness === "unsigned";
      const min = isUnsigned ? 0n : -(1n << (width - 1n));
      const max = (1n << (isUnsigned ? width : width - 1n)) - 1n;
      return fc.bigInt({ min, max }).map((value) => integerAttribute(value, type));
    });

const numberOf = (format: FloatElementType): fc.Arbitrary<number> =>
  fc
    .oneof(fc.double({ noNaN: true }), fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(0, -0, 1e-7, 0.1))
    .map((value) => roundTo(format, value));

const floats = (): fc.Arbitrary<Attribute> =>
  floatTypes().chain((type) =>
    numberOf(type.format as FloatElementType)
      .filter((value) => !Number.isNaN(value))
      .map((value) => floatAttribute(value, type)),
  );

/** Constant elements of every type the host can hold. */
const denseElements = (): fc.Arbitrary<Attribute> =>
  fc
    .record({
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      element: fc.constantFrom<Type>(
        f32,
        f64,
        f16,
        bf16,
        floatType("f8E4M3FN"),
        i1,
        i32,
        i64,
        integerType(8, "unsigned"),
        integerType(4),
        indexType,
      ),
      isVector: fc.boolean(),
      isLong: fc.boolean(),
    })
    .chain(({ shape, element, isVector, isLong }) => {
      const full = isLong ? [...shape.filter((size) => size > 0), 101] : shape;
      const count = elementCount(full);
      const isFloatElement = element.kind === "float";
      const value = isFloatElement ? numberOf(element.format as FloatElementType) : fc.integer({ min: 0, max: 127 });
      return fc.array(value, { minLength: Math.min(count, 5), maxLength: Math.min(count, 5) }).map((values) => {
        const data = Array.from({ length: count }, (_, index) => values[index % values.length]!);
        const host = tensorFromNumbers(hostElementType(element)!, full, data);
        const isShapedVector = isVector && full.every((size) => size > 0) && full.length > 0;
        return denseAttribute(host, isShapedVector ? vectorType(full, element) : tensorType(full, element));
      });
    });

const stringElements = (): fc.Arbitrary<Attribute> =>
  fc
    .array(fc.string({ maxLength: 5 }), { minLength: 2, maxLength: 4 })
    .map((values) => denseAttribute(tensorFromStrings([values.length], values)));

const denseArrays = (): fc.Arbitrary<Attribute> =>
  fc.oneof(
    fc.array(fc.integer(), { maxLength: 4 }).map((values) => denseArrayAttribute(i32, values)),
    fc
      .array(
        fc.oneof(
          fc.maxSafeInteger(),
          fc.constant(-(2 ** 63)),
          fc.bigInt({ min: 2n ** 60n + 1n, max: 2n ** 60n + 99n }),
        ),
        { maxLength: 4 },
      )
      .map((values) => denseArrayAttribute(i64, values.map(exact))),
    fc
      .array(numberOf("f32").filter(Number.isFinite), { maxLength: 4 })
      .map((values) => denseArrayAttribute(f32, values)),
    fc.array(fc.constantFrom(0, 1), { maxLength: 4 }).map((values) => denseArrayAttribute(i1, values)),
  );
const exact = (value: number | bigint): number | bigint =>
  typeof value === "bigint" && BigInt(bigintToDoubleForRounding(value)) === value ? Number(value) : value;

/** Attributes of every kind. */
export function attributes(): fc.Arbitrary<Attribute> {
  const { attribute } = fc.letrec<{ attribute: Attribute }>((tie) => ({
    attribute: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      integers(),
      fc.constant(unitAttribute),
      fc.boolean().map(boolAttribute),
      floats(),
      fc.string({ maxLength: 12, unit: "binary" }).map((text) => stringAttribute(text.toWellFormed())),
      fc.string({ maxLength: 5 }).map((value): Attribute => ({ kind: "string", value, type: i32 })),
      types().map(typeAttribute),
      denseElements(),
      stringElements(),
      denseArrays(),
      affineMaps().map(affineMapAttribute),
      integerSets(),
      fc.constant<Attribute>({ kind: "strided-layout", text: "strided<[?, 1], offset: 2>" }),
      locations().map((location): Attribute => ({ kind: "location", location })),
      fc.constantFrom(
        dialectAttribute("test", 'body<"a", [1, 2], {x = 1 : i32}>'),
        dialectAttribute("test", "maps<affine_map<(d0) -> (d0 + 1)>>"),
        dialectAttribute("other", "<x -> y>"),
      ),
      fc.tuple(names(), fc.array(names(), { maxLength: 2 })).map(([root, nested]) =>
        symbolAttribute(
          root.toWellFormed(),
          nested.map((name) => name.toWellFormed()),
        ),
      ),
      fc.array(tie("attribute"), { maxLength: 3 }).map(arrayAttribute),
      dictionaries(tie("attribute")).map(dictionaryAttribute),
    ),
  }));
  return attribute;
}

/** Named attributes. */
export const dictionaries = (attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<Attributes> =>
  fc
    .uniqueArray(fc.tuple(names(), attribute), { selector: ([name]) => name.toWellFormed(), maxLength: 3 })
    .map((entries) => Object.fromEntries(entries.map(([name, value]) => [name.toWellFormed(), value])));

/** Locations of every kind. */
export function locations(): fc.Arbitrary<Location> {
  const file = fc
    .record({ file: names(), line: fc.nat(999), column: fc.nat(99) })
    .map(({ file, line, column }): Location =>
      Object.freeze({ kind: "file", file: file.toWellFormed(), line, column }),
    );
  const { location } = fc.letrec<{ location: Location }>((tie) => ({
    location: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      file,
      fc.constant(unknownLocation),
      fc.tuple(names(), tie("location")).map(([name, child]) => nameLocation(name.toWellFormed(), child)),
      fc
        .tuple(tie("location"), tie("location"))
        .map(([callee, caller]): Location => ({ kind: "callsite", callee, caller })),
      fc
        .tuple(fc.option(names(), { nil: undefined }), fc.array(tie("location"), { minLength: 1, maxLength: 3 }))
        .map(([pass, from]) => fusedOf({ pass: pass?.toWellFormed() }, from)),
    ),
  }));
  return location;
}
