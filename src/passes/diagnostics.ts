import { defineDiagnostics, message } from "../support/diagnostic.ts";

/** What can be wrong with a pipeline's text, and what can go wrong while it runs. */
export const passDiagnostics = defineDiagnostics("passes", {
  syntax: {
    severity: "error",
    message: message`pipeline: expected ${"expected"} but found ${"found"}`,
    help: "write passes separated by commas, options in braces, nesting in parentheses: builtin.module(canonicalize,func.func(cse))",
  },
  "unknown-pass": {
    severity: "error",
    message: message`there is no pass "${"name"}"${"suggestion"}`,
    help: "list the passes with `weft opt --list-passes`",
  },
  "unknown-option": {
    severity: "error",
    message: message`pass "${"pass"}" has no option "${"option"}"${"suggestion"}`,
    help: "list a pass's options with `weft opt --list-passes`",
  },
  "bad-option": {
    severity: "error",
    message: message`option "${"option"}" of pass "${"pass"}" must be ${"description"}, but is "${"value"}"`,
    help: "give a value of that kind, or leave the option out for its default",
  },
  "repeated-option": {
    severity: "error",
    message: message`option "${"option"}" of pass "${"pass"}" is given twice`,
    help: "give each option once",
  },
  "wrong-anchor": {
    severity: "error",
    message: message`pass "${"pass"}" cannot run on ${"anchor"}, only on ${"anchors"}`,
    help: "nest the pass in an anchor that it can run on, such as func.func(…), or move it out",
  },
  "wrong-nesting": {
    severity: "error",
    message: message`${"inner"} cannot be nested in ${"outer"}`,
    help: "functions are nested in modules: builtin.module(func.func(…))",
  },
  failed: {
    severity: "error",
    message: message`pass "${"pass"}" failed${"reproducer"}`,
    help: "the module is still what it was before the pass; the errors beside this one say what the pass found",
  },
  crashed: {
    severity: "error",
    message: message`pass "${"pass"}" failed inside: ${"what"}${"reproducer"}`,
    help: "this is a defect of the compiler; please report it with the reproducer",
  },
  "invalid-result": {
    severity: "error",
    message: message`pass "${"pass"}" made a module that does not verify${"reproducer"}`,
    help: "this is a defect of the compiler; the errors beside this one say what does not verify",
  },
  "no-fixed-point": {
    severity: "warning",
    message: message`pass "${"pass"}" gave up before it reached a fixed point`,
    help: "two patterns probably undo each other; raise max-rounds or max-rewrites, or report it with the input that shows it",
  },
});
