/**
 * An identifier for any text: characters other than ASCII letters and digits become `_`, and 40 characters are kept. Never empty, and
 * never with an underscore at either end.
 * @param isReserved whether a name means something else in the language; such names, and those that start with a digit, get a prefix
 */
export function identifierFrom(text: string, isReserved: (name: string) => boolean): string {
  const safe = text
    .slice(0, 200)
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  if (safe === "") return "unnamed";
  return /^[0-9]/.test(safe) || isReserved(safe) ? `x_${safe}` : safe;
}

/** What a table of names goes by. */
export interface NameTableOptions {
  /** Names that are not to be handed out. */
  readonly taken?: Iterable<string>;
  /** Whether names that differ in case alone are the same. */
  readonly ignoresCase?: boolean;
}

/** Hands out names that differ from each other. */
export class NameTable {
  readonly #identifier: (text: string) => string;
  readonly #taken: Set<string>;
  readonly #key: (name: string) => string;
  #next = 0;

  /** @param identifier makes an identifier of the language from any text */
  constructor(identifier: (text: string) => string, options: NameTableOptions = {}) {
    this.#identifier = identifier;
    this.#key = options.ignoresCase ? (name) => name.toLowerCase() : (name) => name;
    this.#taken = new Set([...(options.taken ?? [])].map(this.#key));
  }

  /** An identifier like `text` that was not handed out before. */
  unique(text: string): string {
    const wanted = this.#identifier(text);
    let name = wanted;
    for (let number = 2; this.#isTaken(name); number++) name = `${wanted}_${number}`;
    return this.#take(name);
  }
  /** `v0`, `v1`, …: a name with a number, which counts up over all prefixes. */
  numbered(prefix: string): string {
    let name: string;
    do name = `${prefix}${this.#next++}`;
    while (this.#isTaken(name));
    return this.#take(name);
  }

  #isTaken(name: string): boolean {
    return this.#taken.has(this.#key(name));
  }
  #take(name: string): string {
    this.#taken.add(this.#key(name));
    return name;
  }
}
