import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What can be wrong with a text. */
export const textDiagnostics = defineDiagnostics("text", {
  "unexpected-token": { severity: "error", message: message`expected ${"expected"}, found ${"found"}` },
  "malformed-token": {
    severity: "error",
    message: message`${"problem"}: malformed token ${"token"}`,
    help: 'strings end on their line and escape with \\\\, \\", \\n, \\t or two hexadecimal digits; brackets of dialect attributes and types match',
  },
  syntax: { severity: "error", message: message`${"what"}` },
  "nesting-limit": {
    severity: "error",
    message: message`nested more deeply than ${"limit"} levels`,
    help: "split the program: move inner regions to functions, inner types and attributes to aliases",
  },
  "too-large": {
    severity: "error",
    message: message`an attribute or type grows to more than ${"limit"} characters when its aliases are written out`,
    help: "use the alias fewer times inside other aliases",
  },
  "too-many-errors": {
    severity: "error",
    message: message`more than ${"limit"} errors; the rest of the file was not read`,
  },
  "unknown-value": {
    severity: "error",
    message: message`use of undeclared SSA value ${"name"}`,
    help: "define the value in this region or one around it, up to the nearest isolated operation",
  },
  "redefined-value": { severity: "error", message: message`redefinition of SSA value ${"name"}` },
  "value-type": {
    severity: "error",
    message: message`use of value ${"name"} expects different type than prior uses: '${"expected"}' vs '${"found"}'`,
  },
  "result-number": { severity: "error", message: message`reference to invalid result number ${"name"}` },
  "no-results": { severity: "error", message: message`cannot name an operation with no results` },
  "definition-type": {
    severity: "error",
    message: message`definition of SSA value ${"name"} has type '${"found"}'`,
  },
  "isolated-value": {
    severity: "error",
    message: message`using value defined outside the region: ${"name"}`,
    help: "pass the value in as an argument",
  },
  "result-count": {
    severity: "error",
    message: message`operation defines ${"defined"} results but was provided ${"named"} to bind`,
  },
  "operand-count": {
    severity: "error",
    message: message`expected ${"expected"} operand types but had ${"found"}`,
  },
  "unknown-block": { severity: "error", message: message`reference to an undefined block ${"name"}` },
  "redefined-block": { severity: "error", message: message`redefinition of block ${"name"}` },
  "unknown-alias": { severity: "error", message: message`undefined symbol alias id ${"name"}` },
  "redefined-alias": { severity: "error", message: message`redefinition of ${"kind"} alias id ${"name"}` },
  "cyclic-alias": { severity: "error", message: message`alias ${"name"} is defined by itself` },
  "duplicate-attribute": { severity: "error", message: message`duplicate key ${"name"} in dictionary attribute` },
  "unregistered-operation": {
    severity: "error",
    message: message`${"what"}`,
    help: "correct the name, or allow unregistered dialects",
  },
  "no-custom-form": {
    severity: "error",
    message: message`operation ${"name"} has no custom form`,
    help: "write the operation in the generic form, its name in quotes",
  },
  "invalid-literal": { severity: "error", message: message`${"what"}` },
  "near-split-marker": {
    severity: "warning",
    message: message`near miss with file split marker '${"marker"}'`,
  },
  "unknown-resource": { severity: "error", message: message`resource ${"key"} has no bytes in this file` },
});
