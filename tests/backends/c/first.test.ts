import { expect, test } from "vitest";
import { arith, memref } from "../../../src/ir/dialects/index.ts";
import { f32, memRefType } from "../../../src/ir/types.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { index, kernelModule, nest } from "./kernel-module.ts";
import { runModule } from "./run-module.ts";

test("loops over buffers of the arena, compiled by gcc, give the values of mathematics", async () => {
  const type = memRefType([4, 3], f32);
  const module = kernelModule(
    [
      { name: "x", type },
      { name: "y", type, output: true },
    ],
    (b, [x, y, arena]) => {
      const view = memref.view.build(
        b,
        { source: arena!, byte_shift: index(b, 0) },
        {},
        { resultTypes: [type] },
      ).result;
      nest(b, [4, 3], (inner, indices) => {
        const a = memref.load.build(inner, { memref: x!, indices }, {}).result;
        const twice = arith.addf.build(inner, { lhs: a, rhs: a }, {}).result;
        const value = arith.mulf.build(inner, { lhs: a, rhs: twice }, {}).result;
        memref.store.build(inner, { value, memref: view, indices }, {});
      });
      memref.copy.build(b, { source: view, target: y! }, {});
    },
    64,
  );
  const x = Array.from({ length: 12 }, (_, i) => i);
  const { y } = await runModule(module, { x: tensorFromNumbers("f32", [4, 3], x) });
  expect([...y!.data]).toEqual(x.map((value) => 2 * value * value));
});
