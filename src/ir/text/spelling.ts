/** Lowest code unit that stands for a byte which is not valid UTF-8: byte b is U+DC00 + b, a lone surrogate. */
const strayByteBase = 0xdc00;

const bareIdentifier = /^[A-Za-z_][A-Za-z0-9_$.]*$/;
/** Whether a name may be written without quotes, as a dictionary key, a symbol or a resource key. */
const isBareIdentifier = (text: string): boolean => bareIdentifier.test(text);
/** The name itself where the grammar allows it, else in quotes. */
export const keywordOrString = (text: string): string => (isBareIdentifier(text) ? text : quoted(text));
/** `@name` or `@"name"`. */
export const symbolText = (name: string): string => `@${keywordOrString(name)}`;

// The characters that need no escape.
const plain = /^[ !#-[\]-~]*$/;
const encoder = new TextEncoder();

/** The text in double quotes; everything but printable ASCII as `\XX`, byte by byte of its UTF-8. */
export function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === "\\") escaped += "\\\\";
    else if (code >= 0x20 && code < 0x7f && character !== '"') escaped += character;
    else if (code > strayByteBase && code <= strayByteBase + 0xff) escaped += byteText(code - strayByteBase);
    else for (const byte of encoder.encode(character)) escaped += byteText(byte);
  }
  return `"${escaped}"`;
}
const byteText = (byte: number): string => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const namedEscapes: Readonly<Record<string, number>> = { n: 10, t: 9, '"': 0x22, "\\": 0x5c };

/** The text between the quotes of a string literal, escapes resolved. Bytes that are not UTF-8 become lone surrogates. */
export function unquoted(body: string): string {
  if (!body.includes("\\")) return body;
  const bytes: number[] = [];
  for (let index = 0; index < body.length; index++) {
    const character = body[index]!;
    if (character !== "\\") {
      const point = body.codePointAt(index)!;
      if (point < 0x80) bytes.push(point);
      else {
        const whole = String.fromCodePoint(point);
        bytes.push(...encoder.encode(whole));
        index += whole.length - 1;
      }
      continue;
    }
    const named = namedEscapes[body[index + 1]!];
    if (named !== undefined) {
      bytes.push(named);
      index += 1;
    } else {
      bytes.push(Number.parseInt(body.slice(index + 1, index + 3), 16));
      index += 2;
    }
  }
  return decodeBytes(Uint8Array.from(bytes));
}

function decodeBytes(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithStrayBytes(bytes);
  }
}

/** Takes the longest valid sequence at each place, and one stray byte where there is none. */
function decodeWithStrayBytes(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length;) {
    const length = sequenceLength(bytes[index]!);
    let character: string | undefined;
    if (length > 0 && index + length <= bytes.length)
      try {
        character = strictDecoder.decode(bytes.subarray(index, index + length));
      } catch {
        character = undefined;
      }
    text += character ?? String.fromCharCode(strayByteBase + bytes[index]!);
    index += character === undefined ? 1 : length;
  }
  return text;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}
