import fc from "fast-check";
import { expect, test } from "vitest";
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import { registry } from "../../src/ir/dialects/index.ts";
import { ModuleReader, walk } from "../../src/ir/module.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { programs, textModules } from "../../src/testing/generators.ts";

test("programs are valid and run to their end", () => {
  fc.assert(
    fc.property(programs({ exact: false }), ({ module, inputs }) => {
      expect(verifyModule(module, registry)).toEqual([]);
      const results = interpretFunction(module, "main", inputs);
      expect(results.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test("programs use the operations that they are to exercise", () => {
  const seen = new Set<string>();
  for (const { module } of fc.sample(programs(), { numRuns: 400, seed: 1 }))
    for (const op of walk(new ModuleReader(module))) seen.add(op.name);
  for (const name of [
    "linalg.generic",
    "linalg.fill",
    "linalg.index",
    "scf.for",
    "scf.if",
    "scf.while",
    "func.call",
    "tensor.extract",
    "tensor.insert",
    "tensor.extract_slice",
    "tensor.insert_slice",
    "tensor.expand_shape",
    "tensor.collapse_shape",
    "tensor.pad",
    "tensor.concat",
    "tensor.generate",
    "tensor.splat",
    "arith.divsi",
    "arith.fptosi",
    "arith.select",
    "arith.cmpf",
  ])
    expect(seen, name).toContain(name);
});

test("modules of unknown operations are valid where nothing is used before its definition", () => {
  fc.assert(
    fc.property(textModules(), (module) => {
      expect(verifyModule(module, registry).filter(({ code }) => code === "verify/structure")).toEqual([]);
    }),
  );
});
