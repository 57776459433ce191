import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";

const chain = (
  first: string,
  next: (before: string) => string,
  length: number,
  use: (last: string) => string,
): string =>
  [
    `${first.replace("NAME", "a0")}`,
    ...Array.from({ length }, (_, index) => next(`a${index}`).replace("NAME", `a${index + 1}`)),
    use(`a${length}`),
  ].join("\n");

const chains: readonly (readonly [string, (length: number) => string])[] = [
  [
    "attributes",
    (length) =>
      chain(
        "#NAME = 1 : i32",
        (a) => `#NAME = [#${a}]`,
        length,
        (a) => `"x"() {a = #${a}} : () -> ()`,
      ),
  ],
  [
    "types",
    (length) =>
      chain(
        "!NAME = i32",
        (a) => `!NAME = tuple<!${a}>`,
        length,
        (a) => `"x"() : () -> !${a}`,
      ),
  ],
  [
    "locations",
    (length) =>
      chain(
        "#NAME = loc(unknown)",
        (a) => `#NAME = loc("n"(#${a}))`,
        length,
        (a) => `"x"() : () -> () loc(#${a})`,
      ),
  ],
];

const read = (text: string) => parseModule(text, { file: "chain.mlir", registry, allowUnregisteredDialects: true });

test.each(chains)("%s that aliases nest are printed, or refused where they nest too deeply", (_, text) => {
  expect(printModule(read(text(900)), registry, { debugInfo: true })).not.toBe("");
  expect(() => read(text(30_000))).toThrow("text/nesting-limit");
});
