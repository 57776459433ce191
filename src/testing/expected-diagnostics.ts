import { defineDiagnostics, type Diagnostic, message, type Severity } from "../support/diagnostic.ts";
import { fileLocation, type Location } from "../support/location.ts";

/** What an annotation may expect. Weft makes no remarks, so an expected one is always missed. */
export type ExpectedKind = Severity | "remark";

/** One annotation: `// expected-error @+1 {{text}}`. */
export interface ExpectedDiagnostic {
  readonly kind: ExpectedKind;
  /** The line of the file that it is about; undefined for what has no place in a text (`@unknown`). */
  readonly line: number | undefined;
  /** As it is written between the braces. */
  readonly text: string;
  /** Where the annotation itself stands. */
  readonly location: Location;
  readonly matches: (found: string) => boolean;
}

/** What a text expects, and the annotations that cannot be read. */
export interface Expectations {
  readonly file: string;
  readonly expected: readonly ExpectedDiagnostic[];
  readonly problems: readonly Diagnostic[];
}

/** Whether every diagnostic must be expected, or every expectation met and no more (upstream's `--verify-diagnostics=…`). */
export type ExpectationLevel = "all" | "only-expected";

const diagnostics = defineDiagnostics("expected", {
  missing: { severity: "error", message: message`expected ${"kind"} "${"text"}" was not produced` },
  unexpected: { severity: "error", message: message`unexpected ${"kind"}: ${"text"}` },
  "other-kind": {
    severity: "error",
    message: message`'${"found"}' diagnostic emitted when expecting a '${"expected"}'`,
  },
  "invalid-pattern": { severity: "error", message: message`invalid regex: ${"cause"}` },
});

/** The last annotation of a line, up to the line's end. */
const annotation = /expected-(error|note|remark|warning)(-re)? *(?:@([+-]\d+|above|below|unknown))? *\{\{(.*)\}\}\s*$/;

/**
 * The annotations of a text, in upstream's notation. One may stand on each line, and is about that line, or `@+N` or `@-N` lines
 * on, the next (`@below`) or the last (`@above`) line without an annotation, or no line at all (`@unknown`). In the text of
 * `expected-error-re`, what is between `{{` and `}}` is a regular expression.
 *
 * @param firstLine line of the file at which the text begins
 */
export function parseExpectations(text: string, file: string, firstLine = 1): Expectations {
  const expected: ExpectedDiagnostic[] = [];
  const problems: Diagnostic[] = [];
  const lines = text.split("\n");
  const below = nextPlainLines(lines);
  let above = 0;
  lines.forEach((content, index) => {
    const match = content.includes("expected-") ? annotation.exec(content) : null;
    if (match === null) {
      above = index;
      return;
    }
    const [, kind, pattern, place, written] = match as unknown as [string, ExpectedKind, string?, string?, string?];
    const location = fileLocation(file, firstLine + index, match.index + 1);
    const matcher = matcherOf(written!, pattern !== undefined);
    if (matcher instanceof SyntaxError) {
      problems.push(diagnostics.at("invalid-pattern", location, { cause: matcher.message }));
      return;
    }
    const line = place === "unknown" ? undefined : firstLine + lineOf(place, index, above, below[index]!);
    expected.push({ kind, line, text: written!, location, matches: matcher });
  });
  return { file, expected, problems };
}

function lineOf(place: string | undefined, index: number, above: number, below: number): number {
  if (place === undefined) return index;
  if (place === "above") return above;
  return place === "below" ? below : index + Number(place);
}

/** For each line, the first one below it without an annotation; the last one where there is none. */
function nextPlainLines(lines: readonly string[]): readonly number[] {
  let next = lines.length - 1;
  const found: number[] = [];
  for (let index = lines.length - 1; index >= 0; index--) {
    found[index] = next;
    if (!annotation.test(lines[index]!)) next = index;
  }
  return found;
}

const posixClasses: Readonly<Record<string, string>> = {
  alnum: "A-Za-z0-9",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  space: "\\s",
  upper: "A-Z",
  xdigit: "A-Fa-f0-9",
};

function matcherOf(written: string, isPattern: boolean): ((found: string) => boolean) | SyntaxError {
  if (!isPattern) return (found) => found.includes(written);
  const source = written
    .split(/\{\{(.*?)\}\}/)
    .map((part, index) =>
      index % 2 === 0
        ? RegExp.escape(part)
        : `(?:${part.replace(/\[:(\w+):\]/g, (all, name: string) => posixClasses[name] ?? all)})`,
    )
    .join("");
  try {
    const expression = new RegExp(source);
    return (found) => expression.test(found);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

/** The place in a file that a location is about, if any. */
function fileOf(location: Location): (Location & { readonly kind: "file" }) | undefined {
  switch (location.kind) {
    case "file":
      return location.line === 0 ? undefined : location;
    case "name":
      return fileOf(location.child);
    case "callsite":
      return fileOf(location.callee);
    case "fused":
      return location.from.map(fileOf).find((found) => found !== undefined);
    case "unknown":
    case "dialect":
      return undefined;
  }
}

/** A diagnostic and its notes, one by one. */
const flattened = (all: readonly Diagnostic[]): readonly Pick<Diagnostic, "severity" | "message" | "location">[] =>
  all.flatMap((diagnostic) => [
    diagnostic,
    ...diagnostic.notes.map((note) => ({ severity: "note" as const, ...note })),
  ]);

/**
 * Holds what was found against what was expected.
 *
 * @param level whether what nobody expects is an error too
 * @returns an error for each difference, in the order of upstream: what is too much, then what is missing
 */
export function checkExpectations(
  { file, expected, problems }: Expectations,
  found: readonly Diagnostic[],
  level: ExpectationLevel = "all",
): readonly Diagnostic[] {
  const met = new Set<ExpectedDiagnostic>();
  const differences: Diagnostic[] = [...problems];
  const byLine = Map.groupBy(expected, ({ line }) => line);
  for (const { severity, message: text, location } of flattened(found)) {
    const place = fileOf(location);
    const candidates = place !== undefined && place.file !== file ? [] : (byLine.get(place?.line) ?? []);
    const fitting = candidates.filter((expectation) => expectation.matches(text));
    const match = fitting.find(({ kind }) => kind === severity);
    if (match !== undefined) met.add(match);
    else if (level === "only-expected") continue;
    else if (fitting[0] !== undefined)
      differences.push(
        diagnostics.at("other-kind", fitting[0].location, { found: severity, expected: fitting[0].kind }),
      );
    else differences.push(diagnostics.at("unexpected", location, { kind: severity, text }));
  }
  for (const expectation of expected)
    if (!met.has(expectation))
      differences.push(
        diagnostics.at("missing", expectation.location, { kind: expectation.kind, text: expectation.text }),
      );
  return differences;
}
