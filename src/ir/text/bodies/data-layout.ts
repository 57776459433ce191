import { type Body, type BodyReader, commaList } from "./reader.ts";

/** `key = value, …`: types or strings, each with an attribute. Entries may be written as `#dlti.dl_entry<key, value>`. */
export const layoutEntries: Body = (reader) =>
  reader.atEnd() ? "" : commaList(reader, () => entry(reader)).join(", ");

/** `key, value`. */
export const layoutEntry: Body = (reader) => {
  const name = key(reader);
  reader.expect(",");
  return `${name}, ${reader.attribute()}`;
};

function entry(reader: BodyReader): string {
  const whole = reader.optional(() => {
    const text = reader.attribute();
    const [, body] = /^#dlti\.dl_entry<(.*)>$/s.exec(text) ?? reader.fail("expected an entry");
    return body!;
  });
  if (whole !== undefined) {
    const comma = topLevelComma(whole);
    return `${whole.slice(0, comma)} = ${whole.slice(comma + 2)}`;
  }
  const name = key(reader);
  if (!reader.accept(":")) reader.expect("=");
  return `${name} = ${reader.attribute()}`;
}

const key = (reader: BodyReader): string => reader.string() ?? reader.type();

/** Where the first comma outside brackets and strings stands. */
function topLevelComma(text: string): number {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "\\") index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if ("<([{".includes(character)) depth++;
    else if (">)]}".includes(character)) depth--;
    else if (character === "," && depth === 0) return index;
  }
  return text.length;
}
