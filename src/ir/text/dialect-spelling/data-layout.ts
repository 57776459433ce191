import { attributeText } from "../print-attribute.ts";
import { type BodyReader, UnknownSyntax } from "./body-reader.ts";
import type { NestedTexts } from "./nested-texts.ts";

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** A type or a string. */
const keyOf = (text: string, nested: NestedTexts): string =>
  text.startsWith('"') ? attributeText(nested.attribute(text)) : nested.type(text).text;

const entryBody = /^#dlti\.dl_entry<(.*)>$/s;
/** `key = value`, or `#dlti.dl_entry<key, value>`. */
function entry(reader: BodyReader, nested: NestedTexts): Entry {
  const text = reader.until(",", "=");
  const [, body] = entryBody.exec(text) ?? [];
  if (body === undefined) {
    reader.expect("=");
    return { key: keyOf(text, nested), value: attributeText(nested.attribute(reader.until(","))) };
  }
  const parts = reader.within(body);
  const key = keyOf(parts.until(","), nested);
  parts.expect(",");
  const value = attributeText(nested.attribute(parts.rest()));
  return { key, value };
}

function entries(reader: BodyReader, nested: NestedTexts): string {
  const found: Entry[] = [];
  while (!reader.atEnd) {
    found.push(entry(reader, nested));
    if (!reader.accept(",") && !reader.atEnd) throw new UnknownSyntax();
  }
  return found.map(({ key, value }) => `${key} = ${value}`).join(", ");
}

/** `key, value`. */
function single(reader: BodyReader, nested: NestedTexts): string {
  const key = keyOf(reader.until(","), nested);
  reader.expect(",");
  return `${key}, ${attributeText(nested.attribute(reader.rest()))}`;
}

/** What is known of a target: data layouts, devices, and maps of anything. */
export const dataLayoutAttributes = {
  "dlti.dl_spec": entries,
  "dlti.map": entries,
  "dlti.target_system_spec": entries,
  "dlti.target_device_spec": entries,
  "dlti.dl_entry": single,
} as const;
