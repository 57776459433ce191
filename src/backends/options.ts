import { type OptionSpecs, optionText, type OptionValues } from "../passes/pass-options.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { backendDiagnostics } from "./diagnostics.ts";

/**
 * Checks a backend's options against their declarations and fills in defaults. Values are typed, or texts as a command
 * line has them; names are TypeScript's (`cDialect`) or a command line's (`c-dialect`).
 * @throws CompileError naming every option that is unknown or cannot have its value
 */
export function resolveOptions<S extends OptionSpecs>(
  backend: string,
  specs: S,
  given: Readonly<Record<string, unknown>>,
): OptionValues<S> {
  const problems: Diagnostic[] = [];
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, spec.fallback]),
  );
  const names = new Map(
    Object.keys(specs).flatMap((name) => [[name, name] as const, [optionText(name), name] as const]),
  );
  for (const [written, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = names.get(written);
    const option = written.slice(0, 100);
    if (name === undefined) {
      const known = Object.keys(specs).map(optionText).join(", ");
      problems.push(backendDiagnostics.at("unknown-option", unknownLocation, { backend, option, known }));
      continue;
    }
    const spec = specs[name]!;
    const parsed: unknown = spec.parse(String(value));
    if (parsed === undefined) {
      const shown = { value: String(value).slice(0, 100), expected: spec.description };
      problems.push(backendDiagnostics.at("invalid-option", unknownLocation, { backend, option, ...shown }));
    } else values[name] = parsed;
  }
  if (problems.length > 0) throw new CompileError(problems);
  return values as OptionValues<S>;
}
