import type { CustomAssembly, OperationParser } from "../../assembly.ts";
import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dialectAttribute,
  noAttributes,
  stringAttribute,
} from "../../attributes.ts";
import { assume, onlyBlock } from "../assembly/malformed.ts";
import {
  parseLeadingAttributes,
  parseStructuredOperands,
  printStructuredOperands,
  resultTypesOf,
} from "./structured-assembly.ts";

const traitAttributes = ["doc", "indexing_maps", "library_call", "iterator_types"] as const;
const isTrait = (name: string): boolean => (traitAttributes as readonly string[]).includes(name);

/** `linalg.generic {indexing_maps = […], iterator_types = […]} ins(…) outs(…) attrs = {…} { ^bb0(…): … } -> …`. */
export const genericAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    const traits = Object.entries(op.properties).filter(([name]) => isTrait(name));
    printer.write(" ");
    printer.dictionary(
      Object.fromEntries(
        traits.map(([name, attribute]) => [name, name === "iterator_types" ? iteratorNames(attribute) : attribute]),
      ),
    );
    printStructuredOperands(op, printer);
    const others = Object.keys({ ...op.attributes, ...op.properties });
    if (others.some((name) => !isTrait(name) && name !== "operandSegmentSizes")) {
      printer.write(" attrs = ");
      printer.attributeDictionary(op, [...traitAttributes, "operandSegmentSizes"]);
    }
    printer.write(" ");
    printer.region(op, 0);
    printer.optionalResultTypes(resultTypesOf(op, printer));
  },
  parse(parser) {
    const traits = parseTraits(parser);
    const leading = parseLeadingAttributes(parser);
    const { operands, segments } = parseStructuredOperands(parser);
    let extra: Attributes = noAttributes;
    if (parser.optional("attrs")) {
      parser.expect("=");
      extra = parser.attributeDictionary();
    }
    const region = parser.region();
    return {
      operands,
      resultTypes: parser.optionalResultTypes(),
      attributes: { ...traits, ...leading, ...extra, operandSegmentSizes: segments },
      regions: [region],
    };
  },
};

/** The attributes written before the operands: a dictionary, or an alias of one. */
function parseTraits(parser: OperationParser): Attributes {
  const place = parser.place();
  const attribute = parser.attribute();
  if (attribute.kind !== "dictionary") return parser.fail("expected a dictionary of attributes", place);
  const iterators = attribute.entries["iterator_types"];
  if (iterators?.kind !== "array") return parser.fail('expected "iterator_types" array attribute', place);
  const elements = iterators.elements.map((element) =>
    element.kind === "string" ? iteratorAttribute(parser, element.value) : element,
  );
  return { ...attribute.entries, iterator_types: arrayAttribute(elements) };
}

function iteratorAttribute(parser: OperationParser, name: string): Attribute {
  if (!["parallel", "reduction", "window"].includes(name)) parser.fail(`unexpected iterator_type (${name})`);
  return dialectAttribute("linalg", `iterator_type<${name}>`);
}

/** `["parallel"]` for `[#linalg.iterator_type<parallel>]`. */
function iteratorNames(attribute: Attribute): Attribute {
  assume(attribute.kind === "array");
  return arrayAttribute(
    attribute.elements.map((element) => {
      const name = element.kind === "dialect" ? /^iterator_type<(\w+)>$/.exec(element.body)?.[1] : undefined;
      return name === undefined ? element : stringAttribute(name);
    }),
  );
}
