import type { AffineMap } from "../../affine.ts";

/** What reads the body of a dialect's attribute or type, token by token, and gives texts as upstream writes them. */
export interface BodyReader {
  atEnd(): boolean;
  /** Whether white space stands before the next token. */
  isSpaced(): boolean;
  /** Whether the next token is exactly this text. */
  at(text: string): boolean;
  /** Consumes exactly this text if it is the next token. */
  accept(text: string): boolean;
  expect(text: string): void;
  /** Consumes any token; returns its text. */
  token(): string;
  /** Consumes a word; returns it. */
  word(): string;
  /** Consumes a string if one is next; returns it in quotes. */
  string(): string | undefined;
  /** Consumes a number with its sign; returns its text. */
  number(): string;
  /** Consumes a number; returns it as a double's attribute is written. */
  double(): string;
  attribute(): string;
  type(): string;
  /** Consumes a builtin or dialect attribute, type or number with a type, should one begin here. */
  nested(): string | undefined;
  /** Runs `parse`; goes back and returns undefined where it does not fit. */
  optional<T>(parse: () => T): T | undefined;
  /** The map of a text such as `(i, j) -> (i, j mod 2)`. */
  affineMap(text: string): AffineMap;
  fail(what: string): never;
}

/** Reads what stands between the angle brackets of a body; returns it as upstream writes it, undefined for no brackets at all. */
export type Body = (reader: BodyReader) => string | undefined;

/** One or more things, separated by commas. */
export function commaList<T>(reader: BodyReader, item: () => T): readonly T[] {
  const items = [item()];
  while (reader.accept(",")) items.push(item());
  return items;
}
