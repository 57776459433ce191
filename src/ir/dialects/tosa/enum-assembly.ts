import type { CustomAssembly, OperationParser } from "../../assembly.ts";
import { type Attribute, type Attributes, dialectAttribute } from "../../attributes.ts";
import { assume } from "../assembly/malformed.ts";
import { enumCase, type TosaEnum } from "./attributes.ts";

/** An enumeration in an operation's dictionary: whose cases may stand there as bare words. */
interface BareEnum {
  /** The attribute's name in the operation. */
  readonly name: string;
  readonly values: TosaEnum<string>;
  /** As messages call it. */
  readonly title: string;
  /** The case that is not printed. */
  readonly omitted?: string;
}

/** A case as a bare word, or the whole attribute. Its type, should one be written, says nothing. */
function enumValue(parser: OperationParser, { mnemonic, cases }: TosaEnum<string>, title: string): Attribute {
  if (!parser.atAttribute()) {
    const word = parser.keyword();
    if (!cases.includes(word)) return parser.fail(`invalid ${title} value: ${word}`);
    return dialectAttribute("tosa", `${mnemonic}<${word}>`);
  }
  const attribute = parser.attribute();
  const word = enumCase(attribute, mnemonic);
  return word === undefined ? attribute : dialectAttribute("tosa", `${mnemonic}<${word}>`);
}

const plainWord = /^[A-Za-z_][\w$.]*$/;

/** `%a, %b {mode = BILINEAR, …} : (types) -> types`: as the declarative form, with bare words for the cases of an enumeration. */
export const enumAssembly = ({ name, values, title, omitted }: BareEnum): CustomAssembly => ({
  print(op, printer) {
    const all: Attributes = { ...op.attributes, ...op.properties };
    const isOmitted = (key: string): boolean =>
      key === name && omitted !== undefined && enumCase(all[key]!, values.mnemonic) === omitted;
    const shown = Object.keys(all)
      .filter((key) => !isOmitted(key))
      .sort();
    // Names are not quoted here, so that others cannot be written.
    assume(shown.every((key) => plainWord.test(key)));
    printer.write(" ");
    printer.values(op.operands);
    shown.forEach((key, index) => {
      printer.write(`${index === 0 ? " {" : ", "}${key} = `);
      const word = key === name ? enumCase(all[key]!, values.mnemonic) : undefined;
      if (word === undefined) printer.attribute(all[key]!);
      else printer.write(word);
    });
    printer.write(shown.length > 0 ? "} : (" : " : (");
    printer.typesOf(op.operands);
    printer.write(")");
    if (op.results.length === 0) printer.write(" -> ()");
    else printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
  },
  parse(parser) {
    const operands = [parser.operand()];
    while (parser.optional(",")) operands.push(parser.operand());
    const entry = (): readonly [string, Attribute] => {
      const key = parser.keyword();
      parser.expect("=");
      return [key, key === name ? enumValue(parser, values, title) : parser.attribute()];
    };
    const entries = parser.at("{") ? parser.list("{", "}", entry) : [];
    parser.expect(":");
    const type = parser.type();
    if (type.kind !== "function") return parser.fail("expected a function type");
    return {
      operands: parser.resolveAll(operands, type.inputs),
      resultTypes: type.results,
      attributes: Object.fromEntries(entries),
    };
  },
});
