import {
  type Attribute,
  denseArrayAttribute,
  dialectAttribute,
  exactNumber,
  integerAttribute,
  stringAttribute,
} from "../attributes.ts";
import type { AnyAttributeSpec, AttributeForm } from "../attribute-codecs.ts";
import { MalformedOperation, type OperationParser, type OperationPrinter } from "../assembly.ts";

/** Writes an attribute where a declarative format names it: without what its declaration says already. */
export function printForm(spec: AnyAttributeSpec, attribute: Attribute, printer: OperationPrinter): void {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      return printer.write(keywordOf(form, attribute));
    case "number":
      return printer.attributeWithoutType(attribute);
    case "list":
      printer.write(`[${attribute.kind === "dense-array" ? attribute.values.join(", ") : ""}]`);
      return;
    case "parameters":
      if (attribute.kind === "dialect" && attribute.body.startsWith(`${form.mnemonic}<`))
        printer.write(
          form.isBare ? attribute.body.slice(form.mnemonic.length + 1, -1) : attribute.body.slice(form.mnemonic.length),
        );
      else printer.attribute(attribute);
      return;
    case "symbol-name":
      if (attribute.kind !== "string") throw new MalformedOperation();
      return printer.symbol(attribute.value);
    case "custom":
      return form.print(attribute, printer);
    default:
      printer.attribute(attribute);
  }
}

type KeywordForm = Extract<AttributeForm, { readonly kind: "keyword" }>;
function keywordOf({ keywords, numbers }: KeywordForm, attribute: Attribute): string {
  if (attribute.kind !== "integer") throw new MalformedOperation();
  const number = Number(attribute.value);
  const keyword = keywords[numbers === undefined ? number : numbers.indexOf(number)];
  if (keyword === undefined) throw new MalformedOperation();
  return keyword;
}

const startsWhole: Readonly<Record<"string" | "symbol" | "array", (parser: OperationParser) => boolean>> = {
  string: (parser) => parser.atString(),
  symbol: (parser) => parser.atSymbol(),
  array: (parser) => parser.at("["),
};

/** Whether such an attribute may begin with the next token. */
export function atForm(spec: AnyAttributeSpec, parser: OperationParser): boolean {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      return form.keywords.some((keyword) => parser.at(keyword));
    case "number":
      return parser.atNumber();
    case "list":
      return parser.at("[");
    case "parameters":
      return form.isBare ? (form.words ?? []).some((word) => parser.at(word)) : parser.at("<");
    case "whole":
      return startsWhole[form.begin](parser);
    case "symbol-name":
      return parser.atSymbol();
    case "custom":
      return form.begins(parser);
    default:
      return parser.atAttribute();
  }
}

/** Reads what {@link printForm} writes. */
export function parseForm(spec: AnyAttributeSpec, parser: OperationParser, name: string): Attribute {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      return parseKeyword(form, parser, name);
    case "number":
      return parser.attributeOfType(form.type);
    case "list":
      return denseArrayAttribute(
        form.element,
        parser.list("[", "]", () => {
          if (form.element.kind !== "float") return exactNumber(parser.integer());
          const number = parser.attributeOfType(form.element);
          return number.kind === "float" ? number.value : parser.fail("expected a number");
        }),
      );
    case "parameters":
      return parseParameters(form, parser);
    case "symbol-name":
      return stringAttribute(parser.symbol());
    case "custom":
      return form.parse(parser);
    default:
      return parser.attribute();
  }
}

function parseKeyword({ keywords, numbers, type }: KeywordForm, parser: OperationParser, name: string): Attribute {
  const wanted = keywords.findIndex((keyword) => parser.optional(keyword));
  const found = wanted < 0 && parser.atString() ? keywords.indexOf(parser.string()) : wanted;
  if (found < 0)
    return parser.fail(
      `expected string or keyword containing one of the following enum values for attribute '${name}' [${keywords.join(", ")}]`,
    );
  return integerAttribute(numbers?.[found] ?? found, type);
}

type ParametersForm = Extract<AttributeForm, { readonly kind: "parameters" }>;
function parseParameters(form: ParametersForm, parser: OperationParser): Attribute {
  const { dialect, mnemonic, words, isBare } = form;
  if (isBare && words !== undefined) return dialectAttribute(dialect, `${mnemonic}<${parser.keywordOf(...words)}>`);
  if (!parser.at("<")) return parser.attribute();
  const given = parser.list("<", ">", () => (words === undefined ? parser.keyword() : parser.keywordOf(...words)));
  return dialectAttribute(dialect, `${mnemonic}<${flagsText(form, given)}>`);
}

/** Flags in the order of their bits, each once; one word where there is one for all of them. */
function flagsText({ words, separator = ",", all }: ParametersForm, given: readonly string[]): string {
  if (words === undefined || given.length === 1) return given.join(separator);
  const flags = words.slice(1).filter((word) => word !== all);
  const set = flags.filter((flag) => given.includes(flag));
  if (all !== undefined && (given.includes(all) || set.length === flags.length)) return all;
  return set.length === 0 ? words[0]! : set.join(separator);
}
