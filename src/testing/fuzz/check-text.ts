import { registry } from "../../ir/dialects/index.ts";
import type { Module } from "../../ir/module.ts";
import { parseModule } from "../../ir/text/parse.ts";
import { printModule, type PrintOptions } from "../../ir/text/print.ts";
import { verifyModule } from "../../ir/verifier.ts";
import { CompileError } from "../../support/diagnostic.ts";

/** What became of a text. */
export type TextOutcome =
  | { readonly kind: "refused" | "invalid" | "valid" }
  /** Valid, but its pretty form is not read back as the same module: upstream has such operations too. */
  | { readonly kind: "lossy"; readonly what: string }
  /** Something that must not happen with any text. */
  | { readonly kind: "defect"; readonly what: string };

/**
 * Takes a text as far as it goes: parsed, verified, printed, parsed again, to the same text. It must end in a module or in a list of
 * errors, and what is printed of a valid module in the generic form must be read back as the same module.
 */
export function checkText(text: string): TextOutcome {
  const parsed = attempt("parse", () => parse(text));
  if (parsed.kind === "refused") return { kind: "refused" };
  if (parsed.kind !== "done") return parsed;
  const verified = attempt("verify", () => verifyModule(parsed.value, registry));
  if (verified.kind === "refused") return { kind: "defect", what: `verify: threw ${verified.first}` };
  if (verified.kind !== "done") return verified;
  const isValid = !verified.value.some(({ severity }) => severity === "error");
  const generic = roundTrip(parsed.value, { generic: true, debugInfo: true }, { generic: true, debugInfo: true });
  // Where uses come before definitions, the text of an invalid module need not be one that can be read.
  if (generic?.kind === "defect" || (generic?.kind === "misread" && isValid)) return { ...generic, kind: "defect" };
  // The pretty form leaves out operations and with them their places, so it is not asked for places.
  const pretty = roundTrip(parsed.value, {}, { generic: true });
  if (pretty?.kind === "defect") return { ...pretty, kind: "defect" };
  if (!isValid) return { kind: "invalid" };
  return pretty === undefined ? { kind: "valid" } : { ...pretty, kind: "lossy" };
}

interface Difference {
  /** A defect is what must not happen even where the module breaks rules. */
  readonly kind: "misread" | "defect";
  readonly what: string;
}

/** Prints a module and reads it back; undefined when it is the same one, as far as `compared` tells. */
function roundTrip(module: Module, form: PrintOptions, compared: PrintOptions): Difference | undefined {
  const printed = attempt("print", () => [
    printModule(module, registry, form),
    printModule(module, registry, compared),
  ]);
  if (printed.kind === "refused") return { kind: "defect", what: `print: refused: ${printed.first}` };
  if (printed.kind !== "done") return printed;
  const [text, expected] = printed.value as [string, string];
  const how = form.generic ? "generically" : "prettily";
  const again = attempt("parse what was printed", () => printModule(parse(text), registry, compared));
  if (again.kind === "refused") return { kind: "misread", what: `what was printed ${how} is refused: ${again.first}` };
  if (again.kind !== "done") return again;
  if (again.value === expected) return undefined;
  const where = difference(expected, again.value);
  return { kind: "misread", what: `what was printed ${how} is read as another module: ${where}` };
}

const parse = (text: string): Module =>
  parseModule(text, { file: "fuzz.mlir", registry, allowUnregisteredDialects: true });

type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "refused"; readonly first: string }
  | { readonly kind: "defect"; readonly what: string };

function attempt<T>(step: string, run: () => T): Attempt<T> {
  try {
    return { kind: "done", value: run() };
  } catch (error) {
    if (!(error instanceof CompileError)) return { kind: "defect", what: `${step}: ${placeOf(error)}` };
    const [first] = error.diagnostics;
    if (first === undefined) return { kind: "defect", what: `${step}: refused without an error` };
    if (first.code.startsWith("internal/")) return { kind: "defect", what: `${step}: ${first.message}` };
    return { kind: "refused", first: `${first.code}: ${first.message}` };
  }
}

/** What was thrown, and where: the same for the same defect. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame = (error.stack ?? "").split("\n").find((line) => line.includes("/src/") && !line.includes("check-text"));
  return `${error.name}: ${error.message.slice(0, 200)} ${(frame ?? "").trim().replace(/^at (.*)\(.*\/src\//, "$1(src/")}`;
}

function difference(left: string, right: string): string {
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, start - 30), start + 50));
  return `${around(left)} and ${around(right)}`;
}
