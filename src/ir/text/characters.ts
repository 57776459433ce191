/** What a character may be part of, as bits. */
export const characterClass = {
  identifierStart: 1,
  identifierPart: 2,
  digit: 4,
  space: 8,
  /** May begin or go on in a name after `%`, `#`, `!` or `^`. */
  suffixPart: 16,
  hexadecimal: 32,
} as const;

/** The classes of every UTF-16 code unit. */
export const classes = new Uint8Array(1 << 16);
function classify(characters: string, bits: number): void {
  for (const character of characters) classes[character.charCodeAt(0)]! |= bits;
}
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
classify(letters + "_", characterClass.identifierStart | characterClass.identifierPart | characterClass.suffixPart);
classify(
  "0123456789",
  characterClass.identifierPart | characterClass.digit | characterClass.suffixPart | characterClass.hexadecimal,
);
classify("$.", characterClass.identifierPart | characterClass.suffixPart);
classify("-", characterClass.suffixPart);
classify("abcdefABCDEF", characterClass.hexadecimal);
classify(" \t\r\n", characterClass.space);

/** The code units of a text, with a few zeros behind the last. */
export type CodeUnits = Uint8Array | Uint16Array;
/** How many zeros follow a text's code units, so that looking ahead needs no check of bounds. */
const padding = 4;
const encoder = new TextEncoder();

/** The code units of a text: bytes where it is ASCII, which is several times faster to read than a string. */
export function codeUnitsOf(text: string): CodeUnits {
  const { length } = text;
  const bytes = new Uint8Array(length + padding);
  const { read, written } = encoder.encodeInto(text, bytes.subarray(0, length));
  // Only ASCII takes as many bytes as it has code units.
  if (read === length && written === length) return bytes;
  const units = new Uint16Array(length + padding);
  for (let index = 0; index < length; index++) units[index] = text.charCodeAt(index);
  return units;
}
