import {
  type Attribute,
  dialectAttribute,
  i64ArrayAttribute,
  integerAttribute,
  denseArrayAttribute,
} from "../attributes.ts";
import type { AttributeSpec } from "../attribute-codecs.ts";
import type { OperationParser, OperationPrinter } from "../assembly.ts";
import { i64 } from "../types.ts";

type AnySpec = AttributeSpec<any>; // oxlint-disable-line typescript/no-explicit-any -- codecs are invariant

/** Writes an attribute where a declarative format names it: without what its declaration says already. */
export function printForm(spec: AnySpec, attribute: Attribute, printer: OperationPrinter): void {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      printer.write(attribute.kind === "integer" ? (form.keywords[Number(attribute.value)] ?? "?") : "?");
      return;
    case "number":
      printer.attributeWithoutType(attribute);
      return;
    case "list":
      printer.write(`[${attribute.kind === "dense-array" ? attribute.values.join(", ") : ""}]`);
      return;
    case "parameters":
      if (attribute.kind === "dialect" && attribute.body.startsWith(`${form.mnemonic}<`))
        printer.write(attribute.body.slice(form.mnemonic.length));
      else printer.attribute(attribute);
      return;
    default:
      printer.attribute(attribute);
  }
}

/** Whether such an attribute may begin with the next token. */
export function atForm(spec: AnySpec, parser: OperationParser): boolean {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      return form.keywords.some((keyword) => parser.at(keyword));
    case "number":
      return parser.atInteger();
    case "list":
      return parser.at("[");
    case "parameters":
      return parser.at("<");
    default:
      return parser.atSymbol() || parser.atString() || parser.at("[") || parser.at("{");
  }
}

/** Reads what {@link printForm} writes. */
export function parseForm(spec: AnySpec, parser: OperationParser): Attribute {
  const { form } = spec.codec;
  switch (form?.kind) {
    case "keyword":
      return integerAttribute(form.keywords.indexOf(parser.keywordOf(...form.keywords)), i64);
    case "number":
      return parser.attributeOfType(form.type);
    case "list": {
      const values = parser.list("[", "]", () => Number(parser.integer()));
      return form.element === i64 ? i64ArrayAttribute(values) : denseArrayAttribute(form.element, values);
    }
    case "parameters": {
      if (!parser.at("<")) return parser.attribute();
      const words = parser.list("<", ">", () => parser.keyword());
      return dialectAttribute(form.dialect, `${form.mnemonic}<${words.join(",")}>`);
    }
    default:
      return parser.attribute();
  }
}
