import { defineDiagnostics, message } from "../support/diagnostic.ts";

/** What backends report. Codes are stable. */
export const backendDiagnostics = defineDiagnostics("backend", {
  "not-legal": {
    severity: "error",
    message: message`the ${"backend"} backend cannot express ${"what"}: ${"why"}`,
    help: "run the passes that lower it first, or report a missing legalization with this operation",
  },
  "no-entry-point": {
    severity: "error",
    message: message`the module has ${"count"} functions marked weft.entry_point; the ${"backend"} backend needs exactly one`,
    help: "run bufferize and plan-memory first: they make the entry point out of the function @main",
  },
  "invalid-option": {
    severity: "error",
    message: message`the ${"backend"} backend's option ${"option"} cannot be ${"value"}: it takes ${"expected"}`,
    help: "run `weft help compile` for the options of each backend",
  },
  "unknown-option": {
    severity: "error",
    message: message`the ${"backend"} backend has no option ${"option"}; it has ${"known"}`,
    help: "run `weft help compile` for the options of each backend",
  },
  "unknown-backend": {
    severity: "error",
    message: message`there is no backend ${"name"}; there are ${"known"}`,
    help: "choose one of these with --target",
  },
  "missing-resource": {
    severity: "error",
    message: message`the bytes of the constant ${"key"} are not in the module, or are ${"found"} where its type needs ${"expected"}`,
    help: "keep the module's resources together with its text",
  },
  "foreign-folder": {
    severity: "error",
    message: message`${"folder"} exists and was not written by weft`,
    help: "choose another output folder, or remove that one yourself",
  },
  "write-failed": {
    severity: "error",
    message: message`cannot write ${"folder"}: ${"cause"}`,
    help: "check that the place exists, is writable and has room",
  },
});
