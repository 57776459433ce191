import { defineDiagnostics, type Diagnostic, message } from "../support/diagnostic.ts";
import type { Location } from "../support/location.ts";
import type { Operation } from "./module.ts";

/** What the verifier finds. Messages are worded as upstream's where it has the same rule. */
export const verifyDiagnostics = defineDiagnostics("verify", {
  structure: {
    severity: "error",
    message: message`'${"op"}' op ${"what"}`,
    help: "the module's tables disagree with each other: whatever made this module has a defect",
  },
  "unknown-operation": {
    severity: "error",
    message: message`unregistered operation '${"op"}' found in dialect ('${"dialect"}') that does not allow unknown operations`,
    help: "correct the name, or declare the operation in its dialect",
  },
  operands: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  results: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  attribute: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  region: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  terminator: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  dominance: {
    severity: "error",
    message: message`operand #${"index"} of '${"op"}' does not dominate this use`,
    help: "define the value before it is used, on every way to the use",
  },
  isolation: {
    severity: "error",
    message: message`'${"op"}' op using value defined outside the region of '${"isolated"}'`,
    help: "pass the value in as an argument",
  },
  symbol: { severity: "error", message: message`'${"op"}' op ${"what"}` },
  "no-terminator": { severity: "error", message: message`block with no terminator, has '${"op"}' at its end` },
  "symbol-redefinition": { severity: "error", message: message`redefinition of symbol named '${"name"}'` },
  rule: { severity: "error", message: message`'${"op"}' op ${"what"}` },
});

/** One finding of a rule about an operation. */
export const broken = (op: Operation, what: string): Diagnostic =>
  verifyDiagnostics.at("rule", op.location, { op: op.name, what });

type Category = "structure" | "operands" | "results" | "attribute" | "region" | "terminator" | "symbol";
/** One finding about an operation's form. */
export const malformed = (
  category: Category,
  op: Operation,
  what: string,
  notes: readonly { readonly message: string; readonly location: Location }[] = [],
): Diagnostic => verifyDiagnostics.at(category, op.location, { op: op.name, what }, notes);
