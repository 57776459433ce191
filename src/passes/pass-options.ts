/** The kinds of value an option may have, with the text it is written in. */
interface OptionKind<T> {
  /** Completes "must be …". */
  readonly description: string;
  /** The value of a text, or undefined when it is not one. */
  parse(text: string): T | undefined;
  print(value: T): string;
}

/** One declared option of a pass. Its value is `undefined` when it was not given and has no default. */
export interface OptionSpec<T> extends OptionKind<NonNullable<T>> {
  readonly fallback: T;
  readonly help: string;
  default(value: NonNullable<T>): OptionSpec<NonNullable<T>>;
  /** One line for `--help` and the documentation. */
  summary(text: string): OptionSpec<T>;
}

const spec = <T>(kind: OptionKind<NonNullable<T>>, fallback: T, help: string): OptionSpec<T> => ({
  ...kind,
  fallback,
  help,
  default: (value) => spec<NonNullable<T>>(kind as never, value, help),
  summary: (text) => spec(kind, fallback, text),
});
const optionOf = <T>(kind: OptionKind<NonNullable<T>>): OptionSpec<T | undefined> =>
  spec<T | undefined>(kind as never, undefined, "");

/** A decimal integer that a number holds exactly. */
export const int: OptionSpec<number | undefined> = optionOf<number>({
  description: "an integer",
  parse: (text) => (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  print: String,
});
/** `true` or `false`; an option written without a value is `true`. */
export const bool: OptionSpec<boolean | undefined> = optionOf<boolean>({
  description: "true or false",
  parse: (text) => (text === "true" || text === "" ? true : text === "false" ? false : undefined),
  print: String,
});
export const string: OptionSpec<string | undefined> = optionOf<string>({
  description: "a string",
  parse: (text) => text,
  print: quoteOptionValue,
});
/** One of a fixed set of words. */
export const enumeration = <const W extends readonly string[]>(...words: W): OptionSpec<W[number] | undefined> =>
  optionOf<W[number]>({
    description: `one of ${words.join(", ")}`,
    parse: (text) => (words.includes(text) ? text : undefined),
    print: (value) => value,
  });
/** Several values of one kind, separated by commas. */
export const list = <T>(element: OptionSpec<T>): OptionSpec<readonly NonNullable<T>[] | undefined> =>
  optionOf<readonly NonNullable<T>[]>({
    description: `a list, each element ${element.description}`,
    parse(text) {
      if (text === "") return [];
      const values = text.split(",").map((part) => element.parse(part.trim()));
      return values.every((value) => value !== undefined) ? values : undefined;
    },
    print: (values) => values.map((value) => element.print(value)).join(","),
  });

// The declared value's type is invariant in its kind, so only `any` admits every option here.
export type OptionSpecs = Readonly<Record<string, OptionSpec<any>>>; // oxlint-disable-line typescript/no-explicit-any
/** The values of declared options, by their TypeScript names. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** `maxOps` is written `max-ops` in pipelines. */
export const optionText = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The text of a string in `{…}`: quoted when it would not be read back as it is. */
function quoteOptionValue(value: string): string {
  if (value !== "" && !/[\s{}()[\],'"=]/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** The values of options that were all left at their defaults. */
export const defaultOptions = <S extends OptionSpecs>(specs: S): OptionValues<S> =>
  Object.fromEntries(Object.entries(specs).map(([name, option]) => [name, option.fallback])) as OptionValues<S>;
