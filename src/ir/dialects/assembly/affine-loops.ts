import { affine, type AffineMap, affineMap } from "../../affine.ts";
import type { CustomAssembly, OperationParser, OperationPrinter } from "../../assembly.ts";
import { affineMapAttribute, type Attribute, i32ArrayAttribute, integerAttribute } from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { indexType } from "../../types.ts";
import { parseInputs, parseMap, printInputs } from "./affine-maps.ts";
import { parseAssignments, printAssignments, withTypes } from "./loop-arguments.ts";
import { assume, onlyBlock } from "./malformed.ts";

const terminator = "affine.yield";

// --- affine.apply, affine.min, affine.max ----------------------------------------------------------------------------------------

/** `affine.min #map(%i)[%n]`. */
export const appliedMapAssembly: CustomAssembly = {
  print(op, printer) {
    const map = op.properties["map"];
    assume(map?.kind === "affine-map" && op.operands.length >= map.map.dimensions);
    printer.write(" ");
    printer.attribute(map);
    printInputs(printer, op.operands, map.map.dimensions);
    printer.attributeDictionary(op, ["map"]);
  },
  parse(parser) {
    const map = parseMap(parser);
    const { values } = parseInputs(parser);
    const attributes = { ...parser.attributeDictionary(), map: affineMapAttribute(map) };
    return { operands: values, resultTypes: [indexType], attributes };
  },
};

/** `affine.apply #map(%i)[%n]`. */
export const applyAssembly: CustomAssembly = {
  print: appliedMapAssembly.print,
  parse(parser) {
    const start = parser.place();
    const map = parseMap(parser);
    const { values, dimensions } = parseInputs(parser);
    if (dimensions !== map.dimensions || values.length !== map.dimensions + map.symbols)
      parser.fail("dimension or symbol index mismatch", start);
    const attributes = { ...parser.attributeDictionary(), map: affineMapAttribute(map) };
    return { operands: values, resultTypes: map.results.map(() => indexType), attributes };
  },
};

// --- affine.for ------------------------------------------------------------------------------------------------------------------

interface Bound {
  readonly map: AffineMap;
  readonly operands: readonly ValueId[];
}

/** A number, a value, or a map applied to values; `word` (`max` or `min`) before a map of several results. */
function printBound(
  printer: OperationPrinter,
  attribute: Attribute | undefined,
  values: readonly ValueId[],
  word: string,
): void {
  assume(attribute?.kind === "affine-map");
  const { map } = attribute;
  const [only] = map.results;
  if (map.results.length === 1 && map.dimensions === 0) {
    if (map.symbols === 0 && only!.kind === "constant") return printer.write(String(only!.value));
    if (map.symbols === 1 && only!.kind === "symbol") return printer.value(values[0]!);
  }
  if (map.results.length !== 1) printer.write(`${word} `);
  printer.attribute(attribute);
  printInputs(printer, values, map.dimensions);
}

function parseBound(parser: OperationParser, word: "max" | "min"): Bound {
  const start = parser.place();
  const hasWord = parser.optional(word);
  const operands = parser.operands();
  if (operands.length > 1) parser.fail("expected only one loop bound operand", start);
  if (operands.length === 1)
    return { map: affineMap(0, [affine.symbol(0)], 1), operands: [parser.resolve(operands[0]!, indexType)] };
  if (parser.atInteger()) return { map: affineMap(0, [affine.constant(Number(parser.integer()))]), operands: [] };
  const attribute = parser.attribute();
  if (attribute.kind !== "affine-map")
    return parser.fail("expected valid affine map representation for loop bounds", start);
  const { map } = attribute;
  const { values, dimensions } = parseInputs(parser);
  if (map.dimensions !== dimensions) parser.fail("dim operand count and affine map dim count must match", start);
  if (map.dimensions + map.symbols !== values.length)
    parser.fail("symbol operand count and affine map symbol count must match", start);
  if (map.results.length > 1 && !hasWord)
    parser.fail(
      `${word === "max" ? "lower" : "upper"} loop bound affine map with multiple results requires '${word}' prefix`,
      start,
    );
  return { map, operands: values };
}

const forAttributes = ["lowerBoundMap", "upperBoundMap", "step", "operandSegmentSizes"];

/** `affine.for %i = 0 to #map(%n) step 2 iter_args(%x = %y) -> (f32) { … }`. */
export const forAssembly: CustomAssembly = {
  print(op, printer) {
    const { lowerBoundMap, upperBoundMap, step, operandSegmentSizes } = op.properties;
    assume(operandSegmentSizes?.kind === "dense-array" && step?.kind === "integer");
    const [lower, upper] = operandSegmentSizes.values.map(Number) as [number, number];
    const inits = op.operands.slice(lower + upper);
    const [induction, ...carried] = onlyBlock(printer.reader, op).arguments;
    assume(induction !== undefined && carried.length === inits.length && op.results.length === inits.length);
    printer.write(" ");
    printer.argument(induction, false);
    printer.write(" = ");
    printBound(printer, lowerBoundMap, op.operands.slice(0, lower), "max");
    printer.write(" to ");
    printBound(printer, upperBoundMap, op.operands.slice(lower, lower + upper), "min");
    if (step.value !== 1n) printer.write(` step ${step.value}`);
    if (inits.length > 0) {
      printer.write(" iter_args");
      printAssignments(printer, carried, inits);
      printer.write(" -> (");
      printer.typesOf(op.results);
      printer.write(")");
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator: inits.length > 0 });
    printer.attributeDictionary(op, forAttributes);
  },
  parse(parser) {
    const induction = parser.argument(false);
    parser.expect("=");
    const lower = parseBound(parser, "max");
    parser.expect("to");
    const upper = parseBound(parser, "min");
    const step = parser.optional("step") ? parser.integer() : 1n;
    if (step < 0n) parser.fail("expected step to be representable as a positive signed integer");
    const isCarrying = parser.optional("iter_args");
    const assignments = isCarrying ? parseAssignments(parser) : [];
    const types = isCarrying ? parser.optionalResultTypes() : [];
    const names = [induction, ...assignments.map(({ argument }) => argument)];
    const mismatch = "mismatch between the number of loop-carried values and results";
    const entryArguments = withTypes(parser, names, [indexType, ...types], mismatch);
    const inits = parser.resolveAll(
      assignments.map(({ value }) => value),
      types,
    );
    const region = parser.region(entryArguments);
    parser.ensureTerminator(region, terminator);
    return {
      operands: [...lower.operands, ...upper.operands, ...inits],
      resultTypes: types,
      regions: [region],
      attributes: {
        ...parser.attributeDictionary(),
        lowerBoundMap: affineMapAttribute(lower.map),
        upperBoundMap: affineMapAttribute(upper.map),
        step: integerAttribute(step, indexType),
        operandSegmentSizes: i32ArrayAttribute([lower.operands.length, upper.operands.length, inits.length]),
      },
    };
  },
};

// --- affine.if -------------------------------------------------------------------------------------------------------------------

/** `affine.if #set(%i)[%n] -> f32 { … } else { … }`. */
export const ifAssembly: CustomAssembly = {
  print(op: Operation, printer: OperationPrinter) {
    const condition = op.properties["condition"];
    assume(condition?.kind === "integer-set" && op.operands.length >= condition.set.dimensions);
    const isValued = op.results.length > 0;
    printer.write(" ");
    printer.attribute(condition);
    printInputs(printer, op.operands, condition.set.dimensions);
    printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator: isValued });
    if (op.regions[1]!.length > 0) {
      printer.write(" else ");
      printer.region(op, 1, { entryArguments: false, terminator: isValued });
    }
    printer.attributeDictionary(op, ["condition"]);
  },
  parse(parser) {
    const start = parser.place();
    const condition = parser.attribute();
    if (condition.kind !== "integer-set") return parser.fail("invalid kind of attribute specified", start);
    const { values, dimensions } = parseInputs(parser);
    const { set } = condition;
    if (set.dimensions !== dimensions) parser.fail("dim operand count and integer set dim count must match", start);
    if (set.dimensions + set.symbols !== values.length)
      parser.fail("symbol operand count and integer set symbol count must match", start);
    const resultTypes = parser.optionalResultTypes();
    const thenRegion = parser.region([]);
    parser.ensureTerminator(thenRegion, terminator);
    const hasElse = parser.optional("else");
    const elseRegion = hasElse ? parser.region([]) : parser.emptyRegion();
    if (hasElse) parser.ensureTerminator(elseRegion, terminator);
    const attributes = { ...parser.attributeDictionary(), condition };
    return { operands: values, resultTypes, regions: [thenRegion, elseRegion], attributes };
  },
};
