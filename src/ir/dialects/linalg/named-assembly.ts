import type { AffineMap } from "../../affine.ts";
import type { CustomAssembly, OperationParser, OperationPrinter, ParsedRegion } from "../../assembly.ts";
import { affineMaps } from "../../attribute-codecs.ts";
import { affineMapAttribute, arrayAttribute, type Attribute, type Attributes } from "../../attributes.ts";
import { identityMap } from "../../affine.ts";
import type { Operation } from "../../module.ts";
import type { Type } from "../../types.ts";
import { assume } from "../assembly/malformed.ts";
import { elementwiseKind, elementwiseKinds } from "./attributes.ts";
import { hasNamedBody, namedBody } from "./named-body.ts";
import { namedOperations } from "./named-operations.ts";
import { NoScalarBody, type ScalarBody } from "./scalar-body.ts";
import {
  parseLeadingAttributes,
  parseStructuredOperands,
  printStructuredOperands,
  resultTypesOf,
} from "./structured-assembly.ts";
import { defaultMaps, mapsToMemoize, memoizedMaps, shapeOf } from "./structured-view.ts";

const mapsAttribute = (maps: readonly AffineMap[]): Attribute => arrayAttribute(maps.map(affineMapAttribute));
const isMaps = (written: Attribute | undefined, maps: readonly AffineMap[]): boolean => {
  const found = written && affineMaps.codec.decode(written);
  return found?.length === maps.length && found.every((map, index) => map.text === maps[index]!.text);
};

/** ` indexing_maps = […]` unless they are as the name says. */
function printMaps(op: Operation, printer: OperationPrinter, usual: readonly AffineMap[] | undefined): void {
  const maps = op.properties["indexing_maps"];
  if (maps === undefined || (usual !== undefined && isMaps(maps, usual))) return;
  printer.write(" indexing_maps = ");
  printer.attribute(maps);
}

function parseMaps(parser: OperationParser): Attribute | undefined {
  if (!parser.optional("indexing_maps")) return undefined;
  parser.expect("=");
  const maps = parser.attribute();
  if (maps.kind !== "array") return parser.fail("expected array attribute");
  if (maps.elements.some((element) => element.kind !== "affine-map"))
    parser.fail("element of indexing_maps array is not an affine_map");
  return maps;
}

/** Reads what all named operations have in common: `{…} ins(…) outs(…) {…} -> …`, and makes their region. */
function parseNamed(
  parser: OperationParser,
  name: string,
  argumentCount: number,
  leading: Attributes,
): {
  readonly operands: readonly Operation["operands"][number][];
  readonly types: readonly Type[];
  readonly resultTypes: readonly Type[];
  readonly attributes: Attributes;
  readonly regions: readonly ParsedRegion[];
} {
  const place = parser.place();
  const before = parseLeadingAttributes(parser);
  const { operands, types, segments } = parseStructuredOperands(parser);
  const attributes = { ...leading, ...before, ...parser.attributeDictionary(), operandSegmentSizes: segments };
  const resultTypes = parser.optionalResultTypes();
  if (types.length !== argumentCount)
    parser.fail(
      `[parseNamedStructuredOpRegion] ods-gen generated region expects ${argumentCount} args, got ${types.length}`,
    );
  let body: ScalarBody;
  try {
    body = namedBody(name, types, attributes);
  } catch (error) {
    if (error instanceof NoScalarBody) return parser.fail(error.message, place);
    throw error;
  }
  return { operands, types, resultTypes, attributes, regions: [buildRegion(parser, body)] };
}

function buildRegion(parser: OperationParser, body: ScalarBody): ParsedRegion {
  return parser.syntheticRegion(
    body.arguments,
    (region, given) => {
      const values = [...given];
      const read = (ids: readonly number[]) => ids.map((id) => values[id]!);
      for (const { name, operands, type, properties } of body.operations)
        values.push(...parser.appendOperation(region, name, read(operands), [type], properties));
      parser.appendOperation(region, "linalg.yield", read(body.yielded), []);
    },
    "nowhere",
  );
}

/** `linalg.conv_1d {strides = …} ins(%a, %b : T, T) outs(%c : T) -> T`: the region is what the name says. */
export function namedAssembly(mnemonic: string): CustomAssembly {
  const name = `linalg.${mnemonic}`;
  const { inputs, hasMaps } = namedOperations[mnemonic]!;
  const usualMaps = defaultMaps(name);
  return {
    print(op, printer) {
      assume(hasNamedBody(printer.reader, op));
      if (hasMaps) printMaps(op, printer, usualMaps);
      const isMemoized = isMaps(op.attributes[memoizedMaps], mapsToMemoize(op) ?? []);
      const hidden = hasMaps ? ["operandSegmentSizes", "indexing_maps"] : ["operandSegmentSizes"];
      printer.attributeDictionary(op, isMemoized ? [...hidden, memoizedMaps] : hidden);
      printStructuredOperands(op, printer);
      printer.optionalResultTypes(resultTypesOf(op, printer));
    },
    parse(parser) {
      const written = hasMaps ? parseMaps(parser) : undefined;
      const maps = written ?? (usualMaps && mapsAttribute(usualMaps));
      const {
        types: _,
        attributes,
        ...read
      } = parseNamed(parser, name, inputs + 1, maps === undefined ? {} : { indexing_maps: maps });
      const memoized = mapsToMemoize({ name, properties: attributes, attributes: {} });
      return {
        ...read,
        attributes: memoized === undefined ? attributes : { [memoizedMaps]: mapsAttribute(memoized), ...attributes },
      };
    },
  };
}

/** `linalg.contract indexing_maps = […] ins(…) outs(…) -> …`. */
export const contractAssembly: CustomAssembly = {
  print(op, printer) {
    assume(hasNamedBody(printer.reader, op));
    printMaps(op, printer, undefined);
    printer.attributeDictionary(op, ["operandSegmentSizes", "indexing_maps"]);
    printStructuredOperands(op, printer);
    printer.optionalResultTypes(resultTypesOf(op, printer));
  },
  parse(parser) {
    const maps = parseMaps(parser) ?? parser.fail("expected 'indexing_maps' attribute");
    return parseNamed(parser, "linalg.contract", 3, { indexing_maps: maps });
  },
};

/** The maps that `linalg.elementwise` has where none are written: every operand is indexed by all loops. */
const elementwiseMaps = (count: number, output: Type | undefined): readonly AffineMap[] =>
  Array.from({ length: count }, () => identityMap(output === undefined ? 0 : shapeOf(output).length));

/** `linalg.elementwise kind=#linalg.elementwise_kind<add> indexing_maps = […] ins(…) outs(…) -> …`. */
export const elementwiseAssembly: CustomAssembly = {
  print(op, printer) {
    const { kind } = op.properties;
    assume(hasNamedBody(printer.reader, op) && kind !== undefined);
    printer.write(" kind=");
    printer.attribute(kind);
    printMaps(op, printer, elementwiseMaps(op.operands.length, printer.reader.typeOf(op.operands.at(-1)!)));
    printer.attributeDictionary(op, ["operandSegmentSizes", "indexing_maps", "kind"]);
    printStructuredOperands(op, printer);
    printer.optionalResultTypes(resultTypesOf(op, printer));
  },
  parse(parser) {
    parser.expect("kind");
    parser.expect("=");
    const kind = parser.attribute();
    const decoded = elementwiseKind.codec.decode(kind) ?? parser.fail("expected ElementwiseKind attribute");
    const written = parseMaps(parser);
    const count = elementwiseKinds[decoded] + 1;
    const { types, attributes, ...read } = parseNamed(parser, "linalg.elementwise", count, { kind });
    const maps = written ?? mapsAttribute(elementwiseMaps(count, types.at(-1)));
    return { ...read, attributes: { ...attributes, indexing_maps: maps } };
  },
};
