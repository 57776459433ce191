import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { type Module, slotCount, usesIn, usesOf, type ValueId } from "../../src/ir/module.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { UseLists } from "../../src/ir/use-lists.ts";
import { programs, textModules } from "../../src/testing/generators.ts";

/** Collected from the finished tables. */
const collected = ({ operations, values }: Module): UseLists =>
  UseLists.of(operations, slotCount(operations), slotCount(values));

test("the uses that the parser collects are those of the module it makes, in the same order", () => {
  const modules = fc.oneof(
    textModules(),
    programs().map(({ module }) => module),
  );
  fc.assert(
    fc.property(modules, fc.boolean(), (made, generic) => {
      const text = printModule(made, registry, { generic });
      const module = parseModule(text, { file: "generated.mlir", registry, allowUnregisteredDialects: true });
      const [handedOver, expected] = [usesIn(module), collected(module)];
      for (let id = 0; id < slotCount(module.values); id++)
        expect(usesOf(handedOver, id as ValueId)).toEqual(usesOf(expected, id as ValueId));
    }),
    { numRuns: 300 },
  );
});
