import { characterClass, classes, type CodeUnits } from "./characters.ts";
import { keywordKinds, kindOf } from "./tokens.ts";

const floatFormats =
  "f16 bf16 tf32 f32 f64 f80 f128 f8E5M2 f8E4M3 f8E4M3FN f8E5M2FNUZ f8E4M3FNUZ f8E4M3B11FNUZ f8E3M4 f8E8M0FNU " +
  "f6E2M3FN f6E3M2FN f4E2M1FN";

interface ReservedWord {
  readonly text: string;
  readonly kind: number;
}
/** The words that are no plain identifiers, by their first character. */
const reserved: ReservedWord[][] = [];
for (const [text, kind] of [
  ...keywordKinds,
  ...floatFormats.split(" ").map((format) => [format, kindOf.FloatType] as const),
])
  (reserved[text.charCodeAt(0)] ??= []).push({ text, kind });

const [letterI, letterS, letterU] = [..."isu"].map((letter) => letter.charCodeAt(0));

/** The token kind of the word between two positions: a keyword, a builtin scalar type, or an identifier. */
export function wordKind(codes: CodeUnits, start: number, end: number): number {
  const first = codes[start]!;
  if (first === letterI) {
    if (areDigits(codes, start + 1, end)) return kindOf.IntegerType;
  } else if ((first === letterS || first === letterU) && codes[start + 1] === letterI)
    if (areDigits(codes, start + 2, end)) return kindOf.IntegerType;
  const candidates = reserved[first];
  if (candidates !== undefined)
    for (const { text, kind } of candidates) if (text.length === end - start && isText(codes, start, text)) return kind;
  return kindOf.Identifier;
}

/** Whether there is at least one character between two positions, and nothing but digits. */
function areDigits(codes: CodeUnits, start: number, end: number): boolean {
  for (let position = start; position < end; position++)
    if ((classes[codes[position]!]! & characterClass.digit) === 0) return false;
  return start < end;
}

function isText(codes: CodeUnits, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) if (codes[start + index] !== text.charCodeAt(index)) return false;
  return true;
}
