import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { namedOperations } from "../../../../src/ir/dialects/linalg/named-operations.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";
import { upstreamPrints } from "../../../../src/testing/upstream.ts";
import { namedProgram } from "./named-programs.ts";

const [aliases = "", ...functions] = readFileSync(join(import.meta.dirname, "operations.mlir"), "utf8")
  .replaceAll(/^ *\/\/ CHECK-LABEL.*$/gm, "//////")
  .replaceAll(/^ *\/\/ .*$/gm, "")
  .split("//////");
const programs: readonly string[] = [
  ...functions.map((text) => aliases + text),
  ...Object.keys(namedOperations).map((name) =>
    namedProgram(name, { elements: { input: "i32", output: "i32" }, kind: "tensor" }),
  ),
];

/** A program with one thing changed: a size or an element type (in every place of that type), a loop of a map, an iterator. */
const changed = fc
  .record({ program: fc.constantFrom(...programs), spot: fc.nat(), choice: fc.nat() })
  .map(({ program, spot, choice }) => {
    const places = [...program.matchAll(/(?<=[x<[ ])\d+(?=[x\],])|\b[fi]32\b|\bd\d\b|\?|parallel|reduction/g)];
    const place = places[spot % places.length]!;
    const pick = (...choices: readonly string[]): string => choices[choice % choices.length]!;
    const [token] = place;
    const replacement =
      /\d$|\?/.test(token) && !/^[a-z]/.test(token)
        ? pick("0", "1", "2", "3", "4", "5", "?")
        : token.startsWith("d")
          ? pick("d0", "d1", "d2")
          : token.endsWith("32")
            ? pick("f64", "i8", "i1", "f32", "i32")
            : pick("parallel", "reduction");
    const exchange = (text: string, at: number): string =>
      text.slice(0, at) + replacement + text.slice(at + token.length);
    const start = /(?:tensor|memref)<[^>]*$/.exec(program.slice(0, place.index))?.index;
    if (start === undefined) return exchange(program, place.index);
    const type = program.slice(start, program.indexOf(">", place.index) + 1);
    return program.replaceAll(type, exchange(type, place.index - start));
  });

/** What Weft says first about a text; undefined where it accepts it. */
function complaint(text: string): string | undefined {
  try {
    const module = parseModule(text, { file: "program.mlir", registry, allowUnregisteredDialects: true });
    return verifyModule(module, registry)[0]?.message;
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics[0]!.message;
    throw error;
  }
}

test("what upstream accepts is accepted, and nothing else", () => {
  const accepted: string[] = [];
  fc.assert(
    fc.property(changed, (text) => {
      const said = complaint(text);
      if (said === undefined) accepted.push(text);
      else expect(upstreamPrints([text], [])[0]!.kind, `${said}\n${text}`).toBe("refused");
    }),
    { numRuns: 100, endOnFailure: true },
  );
  upstreamPrints(accepted, []).forEach((answer, index) =>
    expect(answer.kind === "refused" ? `${answer.message}\n${accepted[index]!}` : "accepted").toBe("accepted"),
  );
});
