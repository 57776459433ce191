import { expect, test } from "vitest";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import type { ValueId } from "../../src/ir/module.ts";
import { opName } from "../../src/ir/op-name.ts";
import { Rewriter } from "../../src/ir/rewriter.ts";
import { f32 } from "../../src/ir/types.ts";

test("a value's maker is found by its name, however many names there are", () => {
  const wanted = opName("test.wanted");
  for (let index = 0; index < 2 ** 16 - 1; index++) opName(`test.filler${index}`);
  // In sixteen bits this one would have the same number.
  const other = `test.filler${2 ** 16 - 1}`;
  expect(opName(other) - wanted).toBe(2 ** 16);
  let made: ValueId | undefined;
  const module = createModule((r) => {
    createFunction(r, "f", [], (b) => {
      made = b.create({ name: other, resultTypes: [f32] }).results[0]!;
      return [made];
    });
  });
  const rewriter = new Rewriter(module);
  expect(rewriter.definitionNamed(made!, wanted)).toBeUndefined();
  expect(rewriter.definitionNamed(made!, opName(other))?.name).toBe(other);
});
