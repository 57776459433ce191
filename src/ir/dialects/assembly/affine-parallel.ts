import { affine, type AffineExpression, type AffineMap, affineMap, substituteAffine } from "../../affine.ts";
import type { CustomAssembly, OperationParser, OperationPrinter } from "../../assembly.ts";
import {
  affineMapAttribute,
  arrayAttribute,
  type Attribute,
  denseAttribute,
  integerAttribute,
} from "../../attributes.ts";
import type { ValueId } from "../../module.ts";
import { i64, indexType } from "../../types.ts";
import { groupSizes, integerList } from "../affine-attributes.ts";
import { atomicKinds } from "../atomic-kinds.ts";
import {
  assumeReadBack,
  type ExpressionsOfValues,
  parseExpression,
  parseExpressions,
  printExpression,
} from "./affine-maps.ts";
import { withTypes } from "./loop-arguments.ts";
import { assume, onlyBlock } from "./malformed.ts";

// --- bounds ----------------------------------------------------------------------------------------------------------------------

type BoundWord = "max" | "min";

/** `0, max(%a, %b + 1)`: a group of several results is a maximum or minimum. */
function printBounds(
  printer: OperationPrinter,
  map: AffineMap,
  sizes: readonly number[],
  values: readonly ValueId[],
  word: BoundWord,
): void {
  assumeReadBack(printer, map, values);
  assume(sizes.reduce((sum, size) => sum + size, 0) === map.results.length);
  let start = 0;
  for (const size of sizes) {
    if (start > 0) printer.write(", ");
    if (size !== 1) printer.write(`${word}(`);
    map.results.slice(start, start + size).forEach((expression, index) => {
      if (index > 0) printer.write(", ");
      printExpression(printer, expression, map, values);
    });
    if (size !== 1) printer.write(")");
    start += size;
  }
}

/** The position of a value in a list, to which it is added where it is not there. */
function positionIn(list: ValueId[], value: ValueId): number {
  const known = list.indexOf(value);
  return known >= 0 ? known : list.push(value) - 1;
}

interface Bounds {
  readonly map: AffineMap;
  readonly sizes: readonly number[];
  readonly operands: readonly ValueId[];
}

function parseBounds(parser: OperationParser, word: BoundWord): Bounds {
  const groups = parser.list("(", ")", (): ExpressionsOfValues =>
    parser.optional(word) ? parseExpressions(parser, "(", ")") : parseExpression(parser),
  );
  // Groups share the values that occur in several of them.
  const dimensions: ValueId[] = [];
  const symbols: ValueId[] = [];
  const results = groups.flatMap((group): readonly AffineExpression[] => {
    const [dimensionExpressions, symbolExpressions] = [
      group.dimensions.map((operand) => affine.dimension(positionIn(dimensions, parser.resolve(operand, indexType)))),
      group.symbols.map((operand) => affine.symbol(positionIn(symbols, parser.resolve(operand, indexType)))),
    ];
    return group.expressions.map((expression) => substituteAffine(expression, dimensionExpressions, symbolExpressions));
  });
  return {
    map: affineMap(dimensions.length, results, symbols.length),
    sizes: groups.map(({ expressions }) => expressions.length),
    operands: [...dimensions, ...symbols],
  };
}

const sizesAttribute = (sizes: readonly number[]): Attribute =>
  denseAttribute({ elementType: "i32", shape: [sizes.length], data: Int32Array.from(sizes) });
const integersAttribute = (values: readonly number[]): Attribute =>
  arrayAttribute(values.map((value) => integerAttribute(value, i64)));

// --- affine.parallel -------------------------------------------------------------------------------------------------------------

const parallelAttributes = [
  "reductions",
  "lowerBoundsMap",
  "lowerBoundsGroups",
  "upperBoundsMap",
  "upperBoundsGroups",
  "steps",
];

function parseSteps(parser: OperationParser, count: number): readonly number[] {
  if (!parser.optional("step")) return Array.from({ length: count }, () => 1);
  return parseExpressions(parser, "(", ")").expressions.map((expression) =>
    expression.kind === "constant" ? expression.value : parser.fail("steps must be constant integers"),
  );
}

function parseReductions(parser: OperationParser): readonly number[] {
  if (!parser.optional("reduce")) return [];
  return parser.list("(", ")", () => {
    const start = parser.place();
    const name = parser.string();
    const kind = (atomicKinds as readonly string[]).indexOf(name);
    return kind >= 0 ? kind : parser.fail(`invalid reduction value: "${name}"`, start);
  });
}

/** `affine.parallel (%i, %j) = (0, max(%a, 1)) to (10, %n) step (2, 1) reduce ("addf") -> (f32) { … }`. */
export const parallelAssembly: CustomAssembly = {
  print(op, printer) {
    const { lowerBoundsMap, upperBoundsMap, lowerBoundsGroups, upperBoundsGroups } = op.properties;
    const steps = integerList(op.properties["steps"]);
    const reductions = integerList(op.properties["reductions"]);
    const [lowerSizes, upperSizes] = [groupSizes(lowerBoundsGroups), groupSizes(upperBoundsGroups)];
    assume(lowerBoundsMap?.kind === "affine-map" && upperBoundsMap?.kind === "affine-map");
    assume(lowerSizes !== undefined && upperSizes !== undefined && steps !== undefined && reductions !== undefined);
    // Reading makes tensors of them.
    assume(
      [lowerBoundsGroups, upperBoundsGroups].every((sizes) => sizes?.kind === "dense" && sizes.type.kind === "tensor"),
    );
    const inputs = lowerBoundsMap.map.dimensions + lowerBoundsMap.map.symbols;
    printer.write(" (");
    printer.values(onlyBlock(printer.reader, op).arguments);
    printer.write(") = (");
    printBounds(printer, lowerBoundsMap.map, lowerSizes, op.operands.slice(0, inputs), "max");
    printer.write(") to (");
    printBounds(printer, upperBoundsMap.map, upperSizes, op.operands.slice(inputs), "min");
    printer.write(")");
    if (steps.some((step) => step !== 1)) printer.write(` step (${steps.join(", ")})`);
    const isReduction = op.results.length > 0;
    if (isReduction) {
      const names = reductions.map((kind) => atomicKinds[kind]);
      assume(names.every((name) => name !== undefined));
      printer.write(` reduce (${names.map((name) => `"${name}"`).join(", ")}) -> (`);
      printer.typesOf(op.results);
      printer.write(")");
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator: isReduction });
    printer.attributeDictionary(op, parallelAttributes);
  },
  parse(parser) {
    const names = parser.list("(", ")", () => parser.argument(false));
    parser.expect("=");
    const lower = parseBounds(parser, "max");
    parser.expect("to");
    const upper = parseBounds(parser, "min");
    const steps = parseSteps(parser, names.length);
    const reductions = parseReductions(parser);
    const resultTypes = parser.optionalResultTypes();
    const types = names.map(() => indexType);
    const region = parser.region(withTypes(parser, names, types));
    const attributes = {
      ...parser.attributeDictionary(),
      reductions: integersAttribute(reductions),
      lowerBoundsMap: affineMapAttribute(lower.map),
      lowerBoundsGroups: sizesAttribute(lower.sizes),
      upperBoundsMap: affineMapAttribute(upper.map),
      upperBoundsGroups: sizesAttribute(upper.sizes),
      steps: integersAttribute(steps),
    };
    parser.ensureTerminator(region, "affine.yield");
    return { operands: [...lower.operands, ...upper.operands], resultTypes, regions: [region], attributes };
  },
};
