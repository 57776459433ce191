import { defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What compiling, loading and running native code reports. */
export const nativeDiagnostics = defineDiagnostics("native", {
  "no-compiler": {
    severity: "error",
    message: message`cannot run the C compiler ${"compiler"}: ${"cause"}`,
    help: "install gcc 12 or newer (Debian: apt-get install gcc libc6-dev), or name another compiler in CC",
  },
  "compile-failed": {
    severity: "error",
    message: message`${"compiler"} failed on ${"what"} (${"status"}):\n${"output"}`,
    help: "generated code should always compile: report this with the model, unless the compiler is out of memory or disk",
  },
  "load-failed": {
    severity: "error",
    message: message`cannot load ${"path"}: ${"cause"}`,
    help: "compile the model again on this machine",
  },
  "init-failed": {
    severity: "error",
    message: message`${"model"} cannot load its weights from ${"path"} (error ${"status"})`,
    help: "keep the weights file that was written together with the code",
  },
  "run-failed": {
    severity: "error",
    message: message`${"model"} failed: ${"cause"}`,
    help: "compile the model again, and report this with the model if it fails again",
  },
  "wrong-input": {
    severity: "error",
    message: message`${"model"} needs input ${"input"} as ${"expected"}; got ${"found"}`,
    help: "give every input in the type and shape that the model was compiled for",
  },
});
