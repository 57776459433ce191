import { keywordKinds, kindOf } from "./tokens.ts";

/** The tokens of a text, in parallel arrays: kinds, and where each begins and ends. The last is the end of the file. */
export interface TokenTable {
  readonly source: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const characterClass = {
  identifierStart: 1,
  identifierPart: 2,
  digit: 4,
  space: 8,
  /** May begin or go on in a name after `%`, `#`, `!` or `^`. */
  suffixPart: 16,
  hexadecimal: 32,
} as const;

const classes = new Uint8Array(128);
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

const has = (code: number, bits: number): boolean => code < 128 && (classes[code]! & bits) !== 0;

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const backslash = code("\\");
const newline = code("\n");
const slash = code("/");
const minus = code("-");
const greater = code(">");
const less = code("<");
const hash = code("#");
const colon = code(":");
const point = code(".");
const leftSquare = code("[");
const rightSquare = code("]");
const letterX = code("x");
const zero = code("0");

const single = new Uint8Array(128);
for (const [character, kind] of [
  ["(", kindOf.LParen],
  [")", kindOf.RParen],
  ["{", kindOf.LBrace],
  ["}", kindOf.RBrace],
  ["[", kindOf.LSquare],
  ["]", kindOf.RSquare],
  ["<", kindOf.Less],
  [">", kindOf.Greater],
  [",", kindOf.Comma],
  [":", kindOf.Colon],
  ["=", kindOf.Equal],
  ["-", kindOf.Minus],
  ["+", kindOf.Plus],
  ["*", kindOf.Star],
  ["?", kindOf.Question],
  ["/", kindOf.Slash],
  ["|", kindOf.Bar],
] as const)
  single[code(character)] = kind;

/** How deeply brackets may nest in the body of a dialect's attribute or type. */
const bodyNestingLimit = 200;

/** Splits a text into tokens in one pass. Malformed ones become `Error` tokens, which the parser reports. */
export function tokenize(source: string): TokenTable {
  return new Scanner(source).run();
}

class Scanner {
  readonly #source: string;
  #kinds: Uint8Array;
  #starts: Uint32Array;
  #ends: Uint32Array;
  #count = 0;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
    const capacity = (source.length >> 2) + 16;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
  }

  run(): TokenTable {
    const source = this.#source;
    const { length } = source;
    while (this.#position < length) {
      const start = this.#position;
      const character = source.charCodeAt(start);
      if (has(character, characterClass.space)) this.#position++;
      else if (has(character, characterClass.identifierStart)) this.#word(start);
      else if (character === slash && source.charCodeAt(start + 1) === slash) this.#comment(start);
      else this.#push(this.#token(start, character), start);
    }
    this.#push(kindOf.EndOfFile, length);
    return {
      source,
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
    };
  }

  #push(kind: number, start: number): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = this.#position;
    this.#count++;
  }

  #grow(): void {
    const larger = <A extends Uint8Array | Uint32Array>(array: A, next: A): A => {
      next.set(array);
      return next;
    };
    const capacity = this.#kinds.length * 2;
    this.#kinds = larger(this.#kinds, new Uint8Array(capacity));
    this.#starts = larger(this.#starts, new Uint32Array(capacity));
    this.#ends = larger(this.#ends, new Uint32Array(capacity));
  }

  #comment(start: number): void {
    const end = this.#source.indexOf("\n", start);
    this.#position = end < 0 ? this.#source.length : end;
  }

  #skip(bits: number): void {
    const source = this.#source;
    let position = this.#position;
    while (has(source.charCodeAt(position), bits)) position++;
    this.#position = position;
  }

  #word(start: number): void {
    const source = this.#source;
    this.#skip(characterClass.identifierPart);
    const word = source.slice(start, this.#position);
    const kind = keywordKinds.get(word) ?? builtinTypeKind(word);
    this.#push(kind, start);
    const shaped = kind === kindOf.Tensor || kind === kindOf.MemRef || kind === kindOf.Vector;
    if (!shaped || source.charCodeAt(this.#position) !== less) return;
    this.#position++;
    this.#push(kindOf.Less, this.#position - 1);
    this.#skip(characterClass.space);
    const sizes = this.#position;
    if (this.#sizes()) this.#push(kindOf.Dimensions, sizes);
  }

  /** Moves over `4x?x[8]x`; false where there is no such thing. */
  #sizes(): boolean {
    const source = this.#source;
    let end = this.#position;
    for (;;) {
      let position = end;
      const first = source.charCodeAt(position);
      if (has(first, characterClass.digit)) while (has(source.charCodeAt(position), characterClass.digit)) position++;
      else if (first === code("?") || first === code("*")) position++;
      else if (first === leftSquare) {
        position++;
        while (has(source.charCodeAt(position), characterClass.digit)) position++;
        if (source.charCodeAt(position) !== rightSquare) break;
        position++;
      } else break;
      while (has(source.charCodeAt(position), characterClass.space)) position++;
      if (source.charCodeAt(position) !== letterX) break;
      position++;
      while (has(source.charCodeAt(position), characterClass.space)) position++;
      end = position;
    }
    if (end === this.#position) return false;
    this.#position = end;
    return true;
  }

  /** Moves over the token that begins with `character`; returns its kind. */
  #token(start: number, character: number): number {
    const source = this.#source;
    const next = source.charCodeAt(start + 1);
    this.#position = start + 1;
    if (has(character, characterClass.digit)) return this.#number(start);
    switch (character) {
      case quote:
        return this.#string(start) ? kindOf.String : kindOf.Error;
      case code("%"):
        return this.#value();
      case code("@"):
        if (next === quote) return this.#string(start + 1) ? kindOf.Symbol : kindOf.Error;
        if (!has(next, characterClass.identifierStart)) return kindOf.Error;
        this.#skip(characterClass.identifierPart);
        return kindOf.Symbol;
      case code("^"):
        return this.#suffix() ? kindOf.Block : kindOf.Error;
      case hash:
        if (next === minus && source.charCodeAt(start + 2) === code("}")) {
          this.#position = start + 3;
          return kindOf.MetadataEnd;
        }
        return this.#named(kindOf.AttributeName, kindOf.AttributeBody);
      case code("!"):
        return this.#named(kindOf.TypeName, kindOf.TypeBody);
      case minus:
        if (next !== greater) break;
        this.#position = start + 2;
        return kindOf.Arrow;
      case colon:
        if (next !== colon) break;
        this.#position = start + 2;
        return kindOf.ColonColon;
      case point:
        if (next !== point || source.charCodeAt(start + 2) !== point) return kindOf.Error;
        this.#position = start + 3;
        return kindOf.Ellipsis;
      case code("{"):
        if (next !== minus || source.charCodeAt(start + 2) !== hash) break;
        this.#position = start + 3;
        return kindOf.MetadataBegin;
    }
    return character < 128 ? single[character]! : kindOf.Error;
  }

  #number(start: number): number {
    const source = this.#source;
    if (
      source.charCodeAt(start) === zero &&
      source.charCodeAt(start + 1) === letterX &&
      has(source.charCodeAt(start + 2), characterClass.hexadecimal)
    ) {
      this.#position = start + 2;
      this.#skip(characterClass.hexadecimal);
      return kindOf.Integer;
    }
    this.#skip(characterClass.digit);
    if (source.charCodeAt(this.#position) !== point) return kindOf.Integer;
    this.#position++;
    this.#skip(characterClass.digit);
    const exponent = source.charCodeAt(this.#position);
    if (exponent === code("e") || exponent === code("E")) {
      const sign = source.charCodeAt(this.#position + 1);
      const digits = this.#position + (sign === code("+") || sign === minus ? 2 : 1);
      if (has(source.charCodeAt(digits), characterClass.digit)) {
        this.#position = digits;
        this.#skip(characterClass.digit);
      }
    }
    return kindOf.Float;
  }

  /** Moves over the string whose quote is at `start`; false where it does not end on its line. */
  #string(start: number): boolean {
    const source = this.#source;
    let position = start + 1;
    for (;;) {
      const character = source.charCodeAt(position);
      if (character === quote) break;
      if (character === backslash) {
        const escaped = source.charCodeAt(position + 1);
        if (escaped === quote || escaped === backslash || escaped === code("n") || escaped === code("t")) position += 2;
        else if (
          has(escaped, characterClass.hexadecimal) &&
          has(source.charCodeAt(position + 2), characterClass.hexadecimal)
        )
          position += 3;
        else {
          this.#position = position + 1;
          return false;
        }
      } else if (Number.isNaN(character) || character === newline) {
        this.#position = position;
        return false;
      } else position++;
    }
    this.#position = position + 1;
    return true;
  }

  /** `%name`, and `#1` after it. */
  #value(): number {
    if (!this.#suffix()) return kindOf.Error;
    const source = this.#source;
    if (
      source.charCodeAt(this.#position) === hash &&
      has(source.charCodeAt(this.#position + 1), characterClass.digit)
    ) {
      this.#position++;
      this.#skip(characterClass.digit);
    }
    return kindOf.Value;
  }

  /** Moves over a name: digits only, or letters and punctuation. */
  #suffix(): boolean {
    const first = this.#source.charCodeAt(this.#position);
    if (has(first, characterClass.digit)) this.#skip(characterClass.digit);
    else if (has(first, characterClass.suffixPart)) this.#skip(characterClass.suffixPart);
    else return false;
    return true;
  }

  /** `#name` or `!name`, and the body in angle brackets that may follow at once. */
  #named(plain: number, withBody: number): number {
    if (!this.#suffix()) return kindOf.Error;
    const source = this.#source;
    // A name may hold `-`, but `#map->` is a name and an arrow.
    if (source.charCodeAt(this.#position) === greater && source.charCodeAt(this.#position - 1) === minus)
      this.#position--;
    if (source.charCodeAt(this.#position) !== less) return plain;
    return this.#body() ? withBody : kindOf.Error;
  }

  /** Moves over the balanced body at the present position; false where brackets do not match or nest too deeply. */
  #body(): boolean {
    const source = this.#source;
    const expected: number[] = [];
    for (let position = this.#position; position < source.length; position++) {
      const character = source.charCodeAt(position);
      switch (character) {
        case less:
          expected.push(greater);
          break;
        case code("("):
          expected.push(code(")"));
          break;
        case leftSquare:
          expected.push(rightSquare);
          break;
        case code("{"):
          expected.push(code("}"));
          break;
        case quote:
          this.#position = position;
          if (!this.#string(position)) return false;
          position = this.#position - 1;
          break;
        case minus:
          if (source.charCodeAt(position + 1) === greater) position++;
          break;
        case greater:
          if (expected.at(-1) !== greater) break;
          expected.pop();
          break;
        case code(")"):
        case rightSquare:
        case code("}"):
          if (expected.pop() !== character) {
            this.#position = position;
            return false;
          }
      }
      if (expected.length === 0) {
        this.#position = position + 1;
        return true;
      }
      if (expected.length > bodyNestingLimit) {
        this.#position = position;
        return false;
      }
    }
    this.#position = source.length;
    return false;
  }
}

/** `i32`, `si8`, `f32` … are types wherever a type may stand. */
function builtinTypeKind(word: string): number {
  const first = word.charCodeAt(0);
  if (first === code("i") || first === code("s") || first === code("u"))
    return /^[su]?i[0-9]+$/.test(word) ? kindOf.IntegerType : kindOf.Identifier;
  return (first === code("f") || first === code("b") || first === code("t")) && floatFormats.has(word)
    ? kindOf.FloatType
    : kindOf.Identifier;
}
const floatFormats: ReadonlySet<string> = new Set(
  (
    "f16 bf16 tf32 f32 f64 f80 f128 f8E5M2 f8E4M3 f8E4M3FN f8E5M2FNUZ f8E4M3FNUZ f8E4M3B11FNUZ f8E3M4 f8E8M0FNU " +
    "f6E2M3FN f6E3M2FN f4E2M1FN"
  ).split(" "),
);
