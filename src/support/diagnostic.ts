import { type Location, unknownLocation } from "./location.ts";

/** How bad it is: errors end a run, warnings and notes do not. */
export type Severity = "error" | "warning" | "note";

/** One thing to tell the user: a stable code, a place, what was found, and what to do about it. */
export interface Diagnostic {
  /** `subsystem/kebab-case`, stable across versions. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location;
  readonly notes: readonly { readonly message: string; readonly location: Location }[];
  /** The cure, as an imperative sentence. */
  readonly help: string | undefined;
}

type Hole = string | number | bigint;
/** A message template whose holes are named arguments, checked by the compiler at every use. */
export type MessageTemplate<K extends string> = ((values: Readonly<Record<K, Hole>>) => string) & {
  readonly holes: readonly K[];
};

/** Characters of a name or a type that a message shows; a file may have names of any length. */
const longestShown = 4000;

function shown(value: Hole): string {
  const text = String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** A template literal with named holes: `` message`${"x"} has ${"n"} channels` ``. */
export function message<const K extends readonly string[]>(
  texts: TemplateStringsArray,
  ...holes: K
): MessageTemplate<K[number]> {
  const render = (values: Readonly<Record<string, Hole>>): string =>
    texts.reduce((text, part, index) => text + shown(values[holes[index - 1]!]!) + part);
  return Object.assign(render, { holes });
}

interface CatalogEntry {
  readonly severity: Severity;
  readonly message: unknown;
  readonly help?: string;
}
type ValuesOf<M> = M extends MessageTemplate<infer K> ? { readonly [P in K]: Hole } : never;

/** A catalog of one subsystem's diagnostics; `at` makes one, its code and values checked by the compiler. */
export function defineDiagnostics<const P extends string, const C extends Readonly<Record<string, CatalogEntry>>>(
  prefix: P,
  catalog: C,
) {
  return {
    prefix,
    catalog,
    at<K extends keyof C & string>(
      code: K,
      location: Location,
      values: ValuesOf<C[K]["message"]>,
      notes: Diagnostic["notes"] = [],
    ): Diagnostic {
      const entry = catalog[code]!;
      const render = entry.message as (values: Readonly<Record<string, Hole>>) => string;
      return {
        code: `${prefix}/${code}`,
        severity: entry.severity,
        message: render(values as Readonly<Record<string, Hole>>),
        location,
        notes,
        help: entry.help,
      };
    },
  };
}

/** The one exception the compiler throws on bad input. Anything else that is thrown is an internal error. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`).join("\n"));
    this.diagnostics = diagnostics;
  }
}

/** Throws when any of the diagnostics is an error. */
export function throwOnErrors(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) throw new CompileError(diagnostics);
}

const internalDiagnostics = defineDiagnostics("internal", {
  invariant: {
    severity: "error",
    message: message`internal error: ${"what"}`,
    help: "this is a defect of the compiler; please report it with the input that shows it",
  },
});

/** A broken promise inside the compiler, reported with the place it was working on. */
export const internalError = (what: string, location: Location = unknownLocation): CompileError =>
  new CompileError([internalDiagnostics.at("invariant", location, { what })]);
