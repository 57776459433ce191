import { CompileError, defineDiagnostics, message } from "../support/diagnostic.ts";

/** What can go wrong while a program runs. */
export const interpreterDiagnostics = defineDiagnostics("interpreter", {
  "no-rule": {
    severity: "error",
    message: message`the interpreter has no rule for operation "${"name"}"`,
    help: "lower the operation to dialects that the interpreter runs, or add a rule for it in src/interpreter/rules",
  },
  "unsupported-type": {
    severity: "error",
    message: message`"${"name"}" on type ${"type"} cannot be interpreted`,
    help: "use a type whose elements have a storage format",
  },
  malformed: {
    severity: "error",
    message: message`"${"name"}" cannot be interpreted: ${"reason"}`,
    help: "run the verifier before the interpreter",
  },
  "division-by-zero": {
    severity: "error",
    message: message`"${"name"}" divides by zero`,
    help: "guard the division, for example with arith.select on the divisor",
  },
  "out-of-bounds": {
    severity: "error",
    message: message`"${"name"}" uses index ${"index"} in dimension ${"dimension"}, whose size is ${"size"}`,
    help: "check the index computation, or guard the access",
  },
  "shape-mismatch": {
    severity: "error",
    message: message`"${"name"}": ${"reason"}`,
    help: "give operands whose shapes agree with the operation",
  },
  "nonpositive-step": {
    severity: "error",
    message: message`"${"name"}" has step ${"step"}`,
    help: "loop steps must be positive",
  },
  "misaligned-view": {
    severity: "error",
    message: message`a view of ${"type"} cannot start at byte ${"byte"} of ${"size"}`,
    help: "offsets into a byte buffer must be multiples of the element's storage size and leave room for the view",
  },
  "out-of-memory": {
    severity: "error",
    message: message`"${"name"}" asks for ${"count"} elements, more than can be allocated`,
    help: "reduce the shapes of the program",
  },
  "step-limit": {
    severity: "error",
    message: message`the program was stopped in "${"name"}" after ${"steps"} steps`,
    help: "raise the step limit if the program is meant to run this long",
  },
  "call-depth": {
    severity: "error",
    message: message`calls are nested more than ${"depth"} deep at the call of @${"callee"}`,
    help: "check the program for endless recursion",
  },
  "divergent-meeting": {
    severity: "error",
    message: message`not all invocations that "${"name"}" brings together come to it`,
    help: "move it out of branches and loops whose conditions differ between invocations",
  },
  "unknown-function": {
    severity: "error",
    message: message`there is no function @${"callee"} with a body`,
    help: "call a function that the module defines",
  },
  "unknown-global": {
    severity: "error",
    message: message`there is no memref.global @${"global"}`,
    help: "refer to a global that the module defines",
  },
  "missing-resource": {
    severity: "error",
    message: message`the module has no resource "${"key"}" of ${"bytes"} bytes`,
    help: "load the module together with its resources",
  },
  "wrong-argument": {
    severity: "error",
    message: message`argument ${"index"} of @${"callee"} does not fit: expected ${"expected"}, found ${"found"}`,
    help: "pass values of the function's argument types",
  },
  "no-entry": {
    severity: "error",
    message: message`the module has ${"count"} functions that could be its entry`,
    help: 'mark one function with the unit attribute "weft.entry_point"',
  },
  "missing-input": {
    severity: "error",
    message: message`there is no input named "${"name"}" (${"type"})`,
    help: "give every input of the entry function",
  },
  "unknown-input": {
    severity: "error",
    message: message`the entry function has no input named "${"name"}"; its inputs are ${"known"}`,
    help: "use the names of the entry function's arguments",
  },
  "wrong-input": {
    severity: "error",
    message: message`input "${"name"}" is ${"found"}, but the entry function expects ${"expected"}`,
    help: "convert the input to the expected element type and shape",
  },
});

type Diagnostics = typeof interpreterDiagnostics;
/** Throws one diagnostic as a {@link CompileError}; arguments as `interpreterDiagnostics.at` takes them. */
export const fail: <K extends keyof Diagnostics["catalog"] & string>(
  ...args: Parameters<typeof interpreterDiagnostics.at<K>>
) => never = (...args) => {
  throw new CompileError([interpreterDiagnostics.at(...args)]);
};

/** Thrown by integer arithmetic, which knows no operation; whoever runs the operation turns it into a diagnostic. */
export class DivisionByZero extends Error {
  override readonly name = "DivisionByZero";
}
