import { BodyReader, UnknownSyntax } from "./body-reader.ts";
import { dataLayoutAttributes } from "./data-layout.ts";
import type { NestedTexts } from "./nested-texts.ts";
import { quantTypes } from "./quant.ts";
import { sparseTensorAttributes } from "./sparse-tensor.ts";

export { UnknownSyntax } from "./body-reader.ts";
export type { NestedTexts } from "./nested-texts.ts";

/** Reads what stands between the brackets of an attribute or type, and spells it as upstream does. */
export type Speller = (reader: BodyReader, nested: NestedTexts) => string;

const types: Readonly<Record<string, Speller>> = quantTypes;
const attributes: Readonly<Record<string, Speller>> = { ...dataLayoutAttributes, ...sparseTensorAttributes };

/** @param text `#dialect.mnemonic<body>`, or `!…` for a type. */
function spelled(text: string, spellers: Readonly<Record<string, Speller>>, nested: NestedTexts): string {
  const open = text.indexOf("<");
  const name = text.slice(1, Math.max(open, 1));
  if (!Object.hasOwn(spellers, name) || !text.endsWith(">")) return text;
  const reader = new BodyReader(text.slice(open + 1, -1));
  try {
    const canonical = spellers[name]!(reader, nested);
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
export const canonicalType = (text: string, nested: NestedTexts): string => spelled(text, types, nested);
/** {@link canonicalType}, for attributes. */
export const canonicalAttribute = (text: string, nested: NestedTexts): string => spelled(text, attributes, nested);
