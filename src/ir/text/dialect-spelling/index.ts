import { BodyReader, UnknownSyntax } from "./body-reader.ts";
import { quantTypes } from "./quant.ts";

/** Reads what stands between the brackets of an attribute or type, and spells it as upstream does. */
export type Speller = (reader: BodyReader) => string;

const types: Readonly<Record<string, Speller>> = quantTypes;
const attributes: Readonly<Record<string, Speller>> = {};

/** `dialect.mnemonic<body>`, with the mark that attributes or types begin with. */
const withBody = /^[!#]([A-Za-z_][\w$]*\.[\w$.]+)<(.*)>$/s;

function spelled(text: string, spellers: Readonly<Record<string, Speller>>): string {
  const [, name, body] = withBody.exec(text) ?? [];
  if (name === undefined || body === undefined || !Object.hasOwn(spellers, name)) return text;
  const reader = new BodyReader(body);
  try {
    const canonical = spellers[name]!(reader);
    return reader.atEnd ? `${text[0]}${name}<${canonical}>` : text;
  } catch (error) {
    if (error instanceof UnknownSyntax) return text;
    throw error;
  }
}

/**
 * The one spelling that upstream prints for a type of a dialect that it registers, whatever was written: so that two texts of one
 * type are the same type. Types of other dialects, and what does not follow the syntax, are left as they are.
 */
export const canonicalType = (text: string): string => spelled(text, types);
/** {@link canonicalType}, for attributes. */
export const canonicalAttribute = (text: string): string => spelled(text, attributes);
