/** Tests one Unicode code point. */
export type CharacterTest = (codePoint: number) => boolean;

/** A parsed regular expression. Whether repetitions are greedy does not matter to whether a whole text matches. */
export type RegularExpression =
  | { readonly kind: "character"; readonly test: CharacterTest }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly RegularExpression[] }
  | { readonly kind: "choice"; readonly options: readonly RegularExpression[] }
  | {
      readonly kind: "repetition";
      readonly body: RegularExpression;
      readonly least: number;
      /** Infinity where there is no limit. */
      readonly most: number;
    };
export type Assertion = "text-start" | "text-end" | "line-start" | "line-end" | "word-boundary" | "no-word-boundary";

/** A pattern that RE2 would not take, or uses what this reader does not have. */
export class PatternError extends Error {}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotMatchesNewline: boolean;
}

/** RE2's limit of a counted repetition. */
const repetitionLimit = 1000;
const nestingLimit = 200;

const code = (character: string): number => character.codePointAt(0)!;
const between =
  (low: number, high: number): CharacterTest =>
  (c) =>
    c >= low && c <= high;
const among = (...tests: readonly CharacterTest[]): CharacterTest =>
  tests.length === 1 ? tests[0]! : (c) => tests.some((test) => test(c));
const not =
  (test: CharacterTest): CharacterTest =>
  (c) =>
    !test(c);
const oneOf = (characters: string): CharacterTest => {
  const codes = new Set(Array.from(characters, code));
  return (c) => codes.has(c);
};

const digit = between(0x30, 0x39);
const upper = between(0x41, 0x5a);
const lower = between(0x61, 0x7a);
export const isWord: CharacterTest = among(digit, upper, lower, oneOf("_"));
const space = oneOf("\t\n\f\r ");
const perlClasses: Readonly<Record<string, CharacterTest>> = { d: digit, s: space, w: isWord };

const graphic = between(0x21, 0x7e);
const posixClasses: Readonly<Record<string, CharacterTest>> = {
  alnum: among(digit, upper, lower),
  alpha: among(upper, lower),
  ascii: between(0, 0x7f),
  blank: oneOf("\t "),
  cntrl: among(between(0, 0x1f), oneOf("\x7f")),
  digit,
  graph: graphic,
  lower,
  print: among(graphic, oneOf(" ")),
  punct: (c) => graphic(c) && !digit(c) && !upper(c) && !lower(c),
  space: oneOf("\t\n\v\f\r "),
  upper,
  word: isWord,
  xdigit: among(digit, between(0x41, 0x46), between(0x61, 0x66)),
};
const controls: Readonly<Record<string, string>> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** A character in either case. */
function foldCase(test: CharacterTest): CharacterTest {
  return (c) => {
    if (test(c)) return true;
    const text = String.fromCodePoint(c);
    return [text.toLowerCase(), text.toUpperCase()].some((other) => {
      const folded = code(other);
      return folded !== c && String.fromCodePoint(folded) === other && test(folded);
    });
  };
}

/** A Unicode category or script by RE2's name. */
function unicodeClass(name: string): CharacterTest {
  if (!/^[A-Za-z_]+$/.test(name)) throw new PatternError(`there is no character class ${name}`);
  for (const property of name === "Any" ? ["Any"] : [`General_Category=${name}`, `Script=${name}`]) {
    try {
      const expression = new RegExp(`^\\p{${property}}$`, "u");
      return (c) => expression.test(String.fromCodePoint(c));
    } catch {
      // Not of this kind.
    }
  }
  throw new PatternError(`there is no character class ${name}`);
}

/** Reads a pattern in RE2's syntax. @throws PatternError */
export function parsePattern(pattern: string): RegularExpression {
  const reader = new PatternReader(Array.from(pattern));
  const parsed = reader.alternatives({ ignoreCase: false, multiLine: false, dotMatchesNewline: false }, 0);
  if (!reader.isAtEnd) throw new PatternError("it has a closing parenthesis too many");
  return parsed;
}

class PatternReader {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }
  get isAtEnd(): boolean {
    return this.#position >= this.#characters.length;
  }
  get #next(): string | undefined {
    return this.#characters[this.#position];
  }
  #take(): string {
    const character = this.#characters[this.#position++];
    if (character === undefined) throw new PatternError("it ends too early");
    return character;
  }
  /** Passes over a text if it stands here. */
  #accept(text: string): boolean {
    const end = this.#position + text.length;
    if (this.#characters.slice(this.#position, end).join("") !== text) return false;
    this.#position = end;
    return true;
  }
  /** Everything up to a text, which is passed over. */
  #until(text: string): string {
    let taken = "";
    while (!this.#accept(text)) taken += this.#take();
    return taken;
  }

  alternatives(flags: Flags, depth: number): RegularExpression {
    if (depth > nestingLimit) throw new PatternError(`its groups nest more than ${nestingLimit} deep`);
    const options: RegularExpression[] = [];
    let current = flags;
    do {
      const parts: RegularExpression[] = [];
      while (this.#next !== undefined && this.#next !== "|" && this.#next !== ")") {
        const flagged = this.#flagGroup(current);
        if (flagged) current = flagged;
        else parts.push(...this.#repeated(current, depth));
      }
      options.push({ kind: "sequence", parts });
    } while (this.#accept("|"));
    return options.length === 1 ? options[0]! : { kind: "choice", options };
  }

  /** `(?i)` changes the flags of what follows in the same group. */
  #flagGroup(flags: Flags): Flags | undefined {
    const match = /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(this.#rest(24));
    if (!match || match[0].length === 3) return undefined;
    this.#position += match[0].length;
    return changed(flags, match[1]!, match[2] ?? "");
  }
  #rest(length: number): string {
    return this.#characters.slice(this.#position, this.#position + length).join("");
  }

  #repeated(flags: Flags, depth: number): readonly RegularExpression[] {
    // Of a quoted text, what follows repeats the last character.
    const quoted = this.#accept("\\Q") ? this.#quoted().map((character) => literal(character, flags)) : undefined;
    if (quoted?.length === 0) return [];
    const body = quoted ? quoted.at(-1)! : this.#atom(flags, depth);
    const before = quoted?.slice(0, -1) ?? [];
    const counts = this.#counts();
    if (!counts) return [...before, body];
    this.#accept("?");
    if (/^[*+?]/.test(this.#next ?? "") || this.#peekCounts()) throw new PatternError("a repetition is repeated");
    return [...before, { kind: "repetition", body, ...counts }];
  }
  /** The characters up to `\E`, or all that are left. */
  #quoted(): readonly string[] {
    const rest = this.#characters.slice(this.#position);
    const end = rest.findIndex((character, index) => character === "\\" && rest[index + 1] === "E");
    this.#position += end < 0 ? rest.length : end + 2;
    return end < 0 ? rest : rest.slice(0, end);
  }
  #peekCounts(): boolean {
    const position = this.#position;
    const found = this.#counts() !== undefined;
    this.#position = position;
    return found;
  }
  #counts(): { readonly least: number; readonly most: number } | undefined {
    if (this.#accept("*")) return { least: 0, most: Infinity };
    if (this.#accept("+")) return { least: 1, most: Infinity };
    if (this.#accept("?")) return { least: 0, most: 1 };
    const match = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.#rest(24));
    if (!match) return undefined;
    this.#position += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? Infinity : Number(match[3]);
    if (least > most || least > repetitionLimit || (most !== Infinity && most > repetitionLimit))
      throw new PatternError(`the repetition ${match[0]} is out of range`);
    return { least, most };
  }

  #atom(flags: Flags, depth: number): RegularExpression {
    const character = this.#take();
    switch (character) {
      case "(":
        return this.#group(flags, depth);
      case "[":
        return { kind: "character", test: this.#characterClass(flags) };
      case ".":
        return { kind: "character", test: flags.dotMatchesNewline ? () => true : not(oneOf("\n")) };
      case "^":
        return { kind: "assertion", assertion: flags.multiLine ? "line-start" : "text-start" };
      case "$":
        return { kind: "assertion", assertion: flags.multiLine ? "line-end" : "text-end" };
      case "*":
      case "+":
      case "?":
        throw new PatternError(`there is nothing for ${character} to repeat`);
      case "\\":
        return this.#escape(flags);
      default:
        return literal(character, flags);
    }
  }

  #group(flags: Flags, depth: number): RegularExpression {
    let inner = flags;
    if (this.#accept("?")) {
      const match = /^(?:P?<(\w+)>|([imsU]*)(?:-([imsU]+))?:)/.exec(this.#rest(80));
      if (!match) throw new PatternError("it looks around or uses another group that RE2 does not have");
      this.#position += match[0].length;
      if (match[1] === undefined) inner = changed(flags, match[2]!, match[3] ?? "");
    }
    const parsed = this.alternatives(inner, depth + 1);
    if (!this.#accept(")")) throw new PatternError("a group has no end");
    return parsed;
  }

  #escape(flags: Flags): RegularExpression {
    const assertion = assertions[this.#next ?? ""];
    if (assertion) {
      this.#take();
      return { kind: "assertion", assertion };
    }
    const test = this.#escapedTest();
    return { kind: "character", test: flags.ignoreCase ? foldCase(test) : test };
  }

  /** What follows a backslash, in a class or out of it. */
  #escapedTest(): CharacterTest {
    const character = this.#take();
    const perl = perlClasses[character.toLowerCase()];
    if (perl) return character === character.toLowerCase() ? perl : not(perl);
    if (character === "p" || character === "P") {
      const name = this.#accept("{") ? this.#until("}") : this.#take();
      const isNegated = (character === "P") !== name.startsWith("^");
      const test = unicodeClass(name.replace(/^\^/, ""));
      return isNegated ? not(test) : test;
    }
    return oneOf(this.#escapedCharacter(character));
  }
  #escapedCharacter(character: string): string {
    const control = controls[character];
    if (control !== undefined) return control;
    if (character === "x") {
      const digits = this.#accept("{") ? this.#until("}") : this.#take() + this.#take();
      const value = /^[0-9a-fA-F]{1,6}$/.test(digits) ? parseInt(digits, 16) : Infinity;
      if (value > 0x10ffff) throw new PatternError(`\\x${digits} is no character`);
      return String.fromCodePoint(value);
    }
    if (/[0-7]/.test(character)) {
      const octal = /^[0-7]{0,2}/.exec(this.#rest(2))![0];
      // One digit but 0 would refer back to a group, which RE2 does not do.
      if (character !== "0" && octal === "") throw new PatternError(`it refers back to a group with \\${character}`);
      this.#position += octal.length;
      return String.fromCodePoint(parseInt(character + octal, 8));
    }
    if (/[A-Za-z0-9]/.test(character)) throw new PatternError(`RE2 has no \\${character}`);
    return character;
  }

  #characterClass(flags: Flags): CharacterTest {
    const isNegated = this.#accept("^");
    const tests: CharacterTest[] = [];
    // A bracket that comes first stands for itself.
    do tests.push(this.#classItem());
    while (!this.#accept("]"));
    const union = flags.ignoreCase ? foldCase(among(...tests)) : among(...tests);
    return isNegated ? not(union) : union;
  }
  #classItem(): CharacterTest {
    if (this.#accept("[:")) {
      const name = this.#until(":]");
      const test = posixClasses[name.replace(/^\^/, "")];
      if (!test) throw new PatternError(`there is no character class [:${name}:]`);
      return name.startsWith("^") ? not(test) : test;
    }
    const first = this.#take();
    if (first === "\\" && /[dDsSwWpP]/.test(this.#next ?? "")) return this.#escapedTest();
    const low = first === "\\" ? this.#escapedCharacter(this.#take()) : first;
    if (this.#next !== "-" || this.#characters[this.#position + 1] === "]") return oneOf(low);
    this.#take();
    const last = this.#take();
    const high = last === "\\" ? this.#escapedCharacter(this.#take()) : last;
    if (code(high) < code(low)) throw new PatternError(`the range ${low}-${high} runs backwards`);
    return between(code(low), code(high));
  }
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: "text-start",
  z: "text-end",
  b: "word-boundary",
  B: "no-word-boundary",
};

function literal(character: string, flags: Flags): RegularExpression {
  const test = oneOf(character);
  return { kind: "character", test: flags.ignoreCase ? foldCase(test) : test };
}

function changed(flags: Flags, on: string, off: string): Flags {
  const flag = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  return {
    ignoreCase: flag("i", flags.ignoreCase),
    multiLine: flag("m", flags.multiLine),
    dotMatchesNewline: flag("s", flags.dotMatchesNewline),
  };
}
