import type { CustomAssembly } from "../../assembly.ts";
import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dialectAttribute,
  stringAttribute,
} from "../../attributes.ts";
import { type Type, vectorType } from "../../types.ts";
import { iteratorTypeAttribute } from "../vector/kinds.ts";
import { assume } from "./malformed.ts";

const add = dialectAttribute("vector", "kind<add>");
const contractionAttributes = ["indexing_maps", "iterator_types", "kind"] as const;

/** The word in `#vector.iterator_type<word>`. */
function iteratorWord(attribute: Attribute): Attribute {
  const word = attribute.kind === "dialect" ? /^iterator_type<(\w+)>$/.exec(attribute.body)?.[1] : undefined;
  assume(word !== undefined);
  return stringAttribute(word);
}

/** `vector.contract {indexing_maps = […], iterator_types = ["reduction"], …} %a, %b, %c : vector<…>, vector<…> into f32`. */
export const contractAssembly: CustomAssembly = {
  print(op, printer) {
    const { indexing_maps: maps, iterator_types: iterators, kind } = op.properties;
    assume(maps !== undefined && iterators?.kind === "array");
    printer.write(" ");
    printer.dictionary({
      indexing_maps: maps,
      iterator_types: arrayAttribute(iterators.elements.map(iteratorWord)),
      kind: kind ?? add,
    });
    printer.write(" ");
    printer.values(op.operands);
    printer.attributeDictionary(op, contractionAttributes);
    printer.write(" : ");
    printer.typesOf(op.operands.slice(0, 2));
    printer.write(" into ");
    printer.typesOf(op.results);
  },
  parse(parser) {
    const place = parser.place();
    const given = parser.attributeDictionary();
    const operands = parser.operands();
    const extra = parser.attributeDictionary();
    parser.expect(":");
    const types = parser.types();
    parser.expect("into");
    const result = parser.type();
    if (operands.length !== 3 || types.length !== 2) parser.fail("expected three operands and the types of two");
    const { iterator_types: iterators } = given;
    const words = iterators?.kind === "array" ? iterators.elements : undefined;
    const converted: Attributes =
      words === undefined
        ? given
        : {
            ...given,
            iterator_types: arrayAttribute(
              words.map((word) => {
                if (word.kind !== "string") return word;
                if (word.value === "parallel" || word.value === "reduction") return iteratorTypeAttribute(word.value);
                return parser.fail(`unexpected iterator_type (${word.value})`, place);
              }),
            ),
          };
    return {
      operands: parser.resolveAll(operands, [...types, result]),
      resultTypes: [result],
      attributes: { kind: add, ...extra, ...converted },
    };
  },
};

/** `vector.outerproduct %a, %b, %c {kind = #vector.kind<mul>} : vector<2xf32>, vector<3xf32>`. */
export const outerProductAssembly: CustomAssembly = {
  print(op, printer) {
    const [left, right] = op.operands.map((operand) => printer.reader.typeOf(operand));
    const result = printer.reader.typeOf(op.results[0]!);
    assume(left !== undefined && right !== undefined && productType(left, right) === result);
    printer.write(" ");
    printer.values(op.operands);
    if (op.operands.length > 2 || Object.keys(op.attributes).length > 0) printer.attributeDictionary(op);
    printer.write(" : ");
    printer.types([left, right]);
  },
  parse(parser) {
    const operands = parser.operands();
    const extra = parser.attributeDictionary();
    parser.expect(":");
    const place = parser.place();
    const left = parser.type();
    parser.expect(",");
    const right = parser.type();
    if (operands.length < 2) parser.fail("expected at least 2 operands", place);
    const result = productType(left, right) ?? parser.fail("expected vector type for operand #1", place);
    const types = [left, right, result].slice(0, operands.length);
    return {
      operands: parser.resolveAll(operands, types),
      resultTypes: [result],
      attributes: { kind: add, ...extra },
    };
  },
};

/** The type of an outer product, or of a vector times a scalar; undefined unless the first is a vector. */
function productType(left: Type, right: Type): Type | undefined {
  if (left.kind !== "vector") return undefined;
  if (right.kind !== "vector") return vectorType(left.shape.slice(0, 1), left.element, left.scalable.slice(0, 1));
  return vectorType([left.shape[0]!, right.shape[0]!], left.element, [
    left.scalable[0] ?? false,
    right.scalable[0] ?? false,
  ]);
}

/** `vector.mask %m, %passthru { vector.reduction … } : vector<4xi1> -> f32`. */
export const maskAssembly: CustomAssembly = {
  print(op, printer) {
    const { reader } = printer;
    const [block] = op.regions[0]!;
    assume(op.regions[0]!.length === 1 && block !== undefined);
    const { operations } = reader.block(block);
    const terminator = operations.length === 0 ? undefined : reader.operation(operations.at(-1)!);
    const masked = operations.length === 2 ? reader.operation(operations[0]!) : undefined;
    // What is yielded is not written: it must be what the operation gives.
    assume(terminator?.name === "vector.yield" && operations.length <= 2);
    assume(terminator.operands.join() === (masked?.results ?? []).join());
    printer.write(" ");
    printer.values(op.operands);
    printer.write(" { ");
    printer.operationInLine(masked ?? terminator);
    printer.write(" }");
    printer.attributeDictionary(op);
    printer.write(" : ");
    printer.typesOf(op.operands.slice(0, 1));
    printer.optionalResultTypes(op.results.map((result) => reader.typeOf(result)));
  },
  parse(parser) {
    const operands = parser.operands();
    const body = parser.region([]);
    parser.terminateWithResults(body, "vector.yield");
    const attributes = parser.attributeDictionary();
    parser.expect(":");
    const mask = parser.type();
    const resultTypes = parser.optionalResultTypes();
    if (operands.length > 1 && resultTypes.length === 0)
      parser.fail("expects a result if passthru operand is provided");
    return {
      operands: parser.resolveAll(operands, [mask, ...resultTypes.slice(0, operands.length - 1)]),
      resultTypes,
      attributes,
      regions: [body],
    };
  },
};
