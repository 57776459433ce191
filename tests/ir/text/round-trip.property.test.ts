import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule, type PrintOptions } from "../../../src/ir/text/print.ts";
import { programs, textModules } from "../../../src/testing/generators.ts";
import { structureOf } from "./structure.ts";

const forms: readonly PrintOptions[] = [
  { generic: true, debugInfo: true },
  { generic: true, debugInfo: true, localScope: true },
  { debugInfo: true },
  { debugInfo: true, localScope: true },
];

/** Parsing what was printed gives the module back, in every form. */
function expectRoundTrip(module: Module): void {
  for (const options of forms) {
    const text = printModule(module, registry, options);
    const parsed = parseModule(text, { file: "printed.mlir", registry, allowUnregisteredDialects: true });
    const compared = { argumentLocations: options.generic ?? false };
    expect(structureOf(parsed, compared)).toEqual(structureOf(module, compared));
    expect(printModule(parsed, registry, options)).toBe(text);
  }
}

test("programs come back from their text", () => {
  fc.assert(fc.property(programs(), ({ module }) => expectRoundTrip(module)));
});
test("types, attributes, locations, regions and branches of every kind come back from their text", () => {
  fc.assert(fc.property(textModules(), expectRoundTrip));
});

test("without locations the text is a fixed point of printing and parsing", () => {
  fc.assert(
    fc.property(programs(), fc.boolean(), ({ module }, generic) => {
      const text = printModule(module, registry, { generic });
      const parsed = parseModule(text, { file: "printed.mlir", registry });
      expect(printModule(parsed, registry, { generic })).toBe(text);
    }),
  );
});
