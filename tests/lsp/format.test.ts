import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { registry } from "../../src/ir/dialects/index.ts";
import { formatText } from "../../src/lsp/format.ts";
import { textModules } from "../../src/testing/generators.ts";

describe("formatting", () => {
  test("indents by open brackets and keeps comments and names", () => {
    const text = `func.func @f(%x: f32)
-> f32 {
        // a remark with a { bracket
%sum = arith.addf %x, %x : f32   
      %r = scf.if %c -> (f32) {
 scf.yield %sum : f32
 } else {
 scf.yield %x : f32
}
return %r : f32
^bb1:
return %x : f32
    }


"test.op"() ({
"test.in"() {text = "a } brace"} : () -> ()
}, {
}) : () -> ()`;
    expect(formatText(text)).toBe(`func.func @f(%x: f32)
-> f32 {
  // a remark with a { bracket
  %sum = arith.addf %x, %x : f32
  %r = scf.if %c -> (f32) {
    scf.yield %sum : f32
  } else {
    scf.yield %x : f32
  }
  return %r : f32
^bb1:
  return %x : f32
}

"test.op"() ({
  "test.in"() {text = "a } brace"} : () -> ()
}, {
}) : () -> ()
`);
  });

  test("what the printer wrote stays as it is", () => {
    fc.assert(
      fc.property(textModules(), fc.boolean(), (module, generic) => {
        const text = printModule(module, registry, { generic });
        expect(formatText(text).trimEnd()).toBe(text.trimEnd());
      }),
      { numRuns: 200 },
    );
  });

  test("a text means the same after formatting, whatever white space it had", () => {
    fc.assert(
      fc.property(textModules(), fc.infiniteStream(fc.nat(6)), (module, widths) => {
        const text = printModule(module, registry, {});
        const ragged = text.replaceAll(/\n */g, () => `\n${" ".repeat(widths.next().value ?? 0)}`);
        const read = (source: string): string =>
          printModule(parseModule(source, { file: "f", registry, allowUnregisteredDialects: true }), registry, {});
        const formatted = formatText(ragged);
        expect(read(formatted)).toBe(read(text));
        expect(formatText(formatted)).toBe(formatted);
      }),
      { numRuns: 200 },
    );
  });
});
