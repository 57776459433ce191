import { characterClass, classes, type CodeUnits, codeUnitsOf } from "./characters.ts";
import { kindOf } from "./tokens.ts";
import { wordKind } from "./words.ts";

/** The tokens of a text, in parallel arrays: kinds, and where each begins and ends. The last is the end of the file. */
export interface TokenTable {
  readonly source: string;
  /** The source's code units. */
  readonly codes: CodeUnits;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const has = (code: number, bits: number): boolean => (classes[code]! & bits) !== 0;

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
const letterT = code("t");
const letterN = code("n");
const plus = code("+");
const capitalE = code("E");
const letterE = code("e");
const star = code("*");
const question = code("?");
const rightParen = code(")");
const leftParen = code("(");
const rightBrace = code("}");
const leftBrace = code("{");
const exclamation = code("!");
const caret = code("^");
const at = code("@");
const percent = code("%");
const zero = code("0");

/** Kinds of the tokens of one character, by that character; `Error`, which is 0, for all others. */
const single = new Uint8Array(1 << 16);
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
/** Of these, the kinds of those that no longer token begins with. */
const alone = single.slice();
for (const character of ":-{/") alone[code(character)] = kindOf.Error;

/** How deeply brackets may nest in the body of a dialect's attribute or type. */
const bodyNestingLimit = 200;

/** Splits a text into tokens in one pass. Malformed ones become `Error` tokens, which the parser reports. */
export function tokenize(source: string): TokenTable {
  return new Scanner(source).run();
}

class Scanner {
  readonly #source: string;
  readonly #codes: CodeUnits;
  readonly #length: number;
  #kinds: Uint8Array;
  #starts: Uint32Array;
  #ends: Uint32Array;
  #count = 0;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
    this.#codes = codeUnitsOf(source);
    this.#length = source.length;
    const capacity = (source.length >> 2) + 16;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
  }

  run(): TokenTable {
    const source = this.#source;
    const codes = this.#codes;
    const length = this.#length;
    while (this.#position < length) {
      const start = this.#position;
      const character = codes[start]!;
      const bits = classes[character]!;
      // As upstream, a zero that does not end the text is white space.
      if ((bits & characterClass.space) !== 0 || character === 0) this.#position++;
      else if ((bits & characterClass.identifierStart) !== 0) this.#word(start);
      else if (alone[character] !== kindOf.Error) {
        this.#position++;
        this.#push(alone[character]!, start);
      } else if (character === slash && codes[start + 1] === slash) this.#comment(start);
      else this.#push(this.#token(start, character), start);
    }
    this.#push(kindOf.EndOfFile, length);
    return {
      source,
      codes,
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
    };
  }

  #push(kind: number, start: number): void {
    const count = this.#count;
    if (count === this.#kinds.length) this.#grow();
    this.#kinds[count] = kind;
    this.#starts[count] = start;
    this.#ends[count] = this.#position;
    this.#count = count + 1;
  }

  /** Makes room for as many tokens as the text has if the rest is like what was read, at most for twice as many as there are. */
  #grow(): void {
    const larger = <A extends Uint8Array | Uint32Array>(array: A, next: A): A => {
      next.set(array);
      return next;
    };
    const expected = this.#count * (this.#length / this.#position) * 1.05;
    const capacity = Math.ceil(Math.min(2 * this.#count, Math.max(1.1 * this.#count, expected))) + 16;
    this.#kinds = larger(this.#kinds, new Uint8Array(capacity));
    this.#starts = larger(this.#starts, new Uint32Array(capacity));
    this.#ends = larger(this.#ends, new Uint32Array(capacity));
  }

  #comment(start: number): void {
    const end = this.#source.indexOf("\n", start);
    this.#position = end < 0 ? this.#length : end;
  }

  #skip(bits: number): void {
    const codes = this.#codes;
    let position = this.#position;
    while ((classes[codes[position]!]! & bits) !== 0) position++;
    this.#position = position;
  }

  #word(start: number): void {
    const codes = this.#codes;
    this.#skip(characterClass.identifierPart);
    const kind = wordKind(codes, start, this.#position);
    this.#push(kind, start);
    const shaped = kind === kindOf.Tensor || kind === kindOf.MemRef || kind === kindOf.Vector;
    if (!shaped) return;
    this.#skip(characterClass.space);
    if (codes[this.#position] !== less) return;
    this.#position++;
    this.#push(kindOf.Less, this.#position - 1);
    this.#skip(characterClass.space);
    const sizes = this.#position;
    if (this.#sizes()) this.#push(kindOf.Dimensions, sizes);
  }

  /** Moves over `4x?x[8]x`; false where there is no such thing. */
  #sizes(): boolean {
    const codes = this.#codes;
    let end = this.#position;
    for (;;) {
      let position = end;
      const first = codes[position]!;
      if (has(first, characterClass.digit)) while (has(codes[position]!, characterClass.digit)) position++;
      else if (first === question || first === star) position++;
      else if (first === leftSquare) {
        position++;
        while (has(codes[position]!, characterClass.digit)) position++;
        if (codes[position] !== rightSquare) break;
        position++;
      } else break;
      while (has(codes[position]!, characterClass.space)) position++;
      if (codes[position] !== letterX) break;
      position++;
      while (has(codes[position]!, characterClass.space)) position++;
      end = position;
    }
    if (end === this.#position) return false;
    this.#position = end;
    return true;
  }

  /** Moves over the token that begins with `character`; returns its kind. */
  #token(start: number, character: number): number {
    const codes = this.#codes;
    const next = codes[start + 1]!;
    this.#position = start + 1;
    if (has(character, characterClass.digit)) return this.#number(start);
    switch (character) {
      case quote:
        return this.#string(start) ? kindOf.String : kindOf.Error;
      case percent:
        return this.#value();
      case at:
        if (next === quote) return this.#string(start + 1) ? kindOf.Symbol : kindOf.Error;
        if (!has(next, characterClass.identifierStart)) return kindOf.Error;
        this.#skip(characterClass.identifierPart);
        return kindOf.Symbol;
      case caret:
        return this.#suffix() ? kindOf.Block : kindOf.Error;
      case hash:
        if (next === minus && codes[start + 2] === rightBrace) {
          this.#position = start + 3;
          return kindOf.MetadataEnd;
        }
        return this.#named(kindOf.AttributeName, kindOf.AttributeBody);
      case exclamation:
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
        if (next !== point || codes[start + 2] !== point) return kindOf.Error;
        this.#position = start + 3;
        return kindOf.Ellipsis;
      case leftBrace:
        if (next !== minus || codes[start + 2] !== hash) break;
        this.#position = start + 3;
        return kindOf.MetadataBegin;
    }
    return single[character]!;
  }

  #number(start: number): number {
    const codes = this.#codes;
    if (codes[start] === zero && codes[start + 1] === letterX && has(codes[start + 2]!, characterClass.hexadecimal)) {
      this.#position = start + 2;
      this.#skip(characterClass.hexadecimal);
      return kindOf.Integer;
    }
    this.#skip(characterClass.digit);
    if (codes[this.#position] !== point) return kindOf.Integer;
    this.#position++;
    this.#skip(characterClass.digit);
    const exponent = codes[this.#position]!;
    if (exponent === letterE || exponent === capitalE) {
      const sign = codes[this.#position + 1]!;
      const digits = this.#position + (sign === plus || sign === minus ? 2 : 1);
      if (has(codes[digits]!, characterClass.digit)) {
        this.#position = digits;
        this.#skip(characterClass.digit);
      }
    }
    return kindOf.Float;
  }

  /** Moves over the string whose quote is at `start`; false where it does not end on its line. */
  #string(start: number): boolean {
    const codes = this.#codes;
    let position = start + 1;
    for (;;) {
      const character = codes[position]!;
      if (character === quote) break;
      if (character === backslash) {
        const escaped = codes[position + 1]!;
        if (escaped === quote || escaped === backslash || escaped === letterN || escaped === letterT) position += 2;
        else if (has(escaped, characterClass.hexadecimal) && has(codes[position + 2]!, characterClass.hexadecimal))
          position += 3;
        else {
          this.#position = position + 1;
          return false;
        }
      } else if (character === newline || (character === 0 && position >= this.#length)) {
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
    const codes = this.#codes;
    if (codes[this.#position] === hash && has(codes[this.#position + 1]!, characterClass.digit)) {
      this.#position++;
      this.#skip(characterClass.digit);
    }
    return kindOf.Value;
  }

  /** Moves over a name: digits only, or letters and punctuation. */
  #suffix(): boolean {
    const first = this.#codes[this.#position]!;
    if (has(first, characterClass.digit)) this.#skip(characterClass.digit);
    else if (has(first, characterClass.suffixPart)) this.#skip(characterClass.suffixPart);
    else return false;
    return true;
  }

  /** `#name` or `!name`, and the body in angle brackets that may follow at once. */
  #named(plain: number, withBody: number): number {
    if (!this.#suffix()) return kindOf.Error;
    const codes = this.#codes;
    // A name may hold `-`, but `#map->` is a name and an arrow.
    if (codes[this.#position] === greater && codes[this.#position - 1] === minus) this.#position--;
    if (codes[this.#position] !== less) return plain;
    return this.#body() ? withBody : kindOf.Error;
  }

  /** Moves over the balanced body at the present position; false where brackets do not match or nest too deeply. */
  #body(): boolean {
    const codes = this.#codes;
    const expected: number[] = [];
    for (let position = this.#position; position < this.#length; position++) {
      const character = codes[position]!;
      switch (character) {
        case less:
          expected.push(greater);
          break;
        case leftParen:
          expected.push(rightParen);
          break;
        case leftSquare:
          expected.push(rightSquare);
          break;
        case leftBrace:
          expected.push(rightBrace);
          break;
        case quote:
          this.#position = position;
          if (!this.#string(position)) return false;
          position = this.#position - 1;
          break;
        case minus:
          if (codes[position + 1] === greater) position++;
          break;
        case greater:
          if (expected.at(-1) !== greater) break;
          expected.pop();
          break;
        case rightParen:
        case rightSquare:
        case rightBrace:
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
    this.#position = this.#length;
    return false;
  }
}
