import { f32Attribute } from "../../src/ir/attribute-codecs.ts";
import { floatLike } from "../../src/ir/constraints.ts";
import { dialect, one, op } from "../../src/ir/define.ts";
import { defineDiagnostics, message } from "../../src/support/diagnostic.ts";

const diagnostics = defineDiagnostics("clamp", {
  "empty-range": { severity: "error", message: message`no number lies between ${"low"} and ${"high"}` },
});

/** A dialect of one operation. Its builder, matcher, verifier and text all come from this declaration. */
export const clamp = dialect("clamp", "numbers kept within bounds", {
  range: op({
    summary: "the number between two bounds that is nearest to x; NaN stays NaN",
    operands: { x: one(floatLike) },
    attributes: { low: f32Attribute, high: f32Attribute },
    results: { y: one(floatLike) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    assembly: "$x `to` $low `,` $high attr-dict `:` type($x)",
    *verify({ op, attributes: { low, high } }) {
      if (!(low <= high)) yield diagnostics.at("empty-range", op.location, { low, high });
    },
  }),
});
