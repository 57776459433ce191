import { expect, test } from "vitest";
import { identityMap } from "../../../src/ir/affine.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith, tensor } from "../../../src/ir/dialects/index.ts";
import type { Builder } from "../../../src/ir/builder.ts";
import { type Module, ModuleReader, type ValueId, walk } from "../../../src/ir/module.ts";
import { f32, tensorType } from "../../../src/ir/types.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { constantF32, emptyTensor, generic, parallel } from "../tensor-programs.ts";

const shape = [4, 6];
const type = tensorType(shape, f32);
const map = identityMap(2);
const negated = (b: Builder, value: ValueId): ValueId =>
  generic(
    b,
    [{ value, map }],
    { value: emptyTensor(b, shape), map },
    parallel(2),
    (inner, [x]) => arith.subf.build(inner, { lhs: constantF32(inner, 0), rhs: x! }, {}).result,
  );

const program = (results: (b: Builder, x: ValueId) => readonly ValueId[]): Module =>
  bufferize(
    createModule((rewriter) => {
      createFunction(rewriter, "main", [type], (b, [x]) => results(b, x!));
    }),
  );
const count = (module: Module, name: string): number =>
  [...walk(new ModuleReader(module))].filter((op) => op.name === name).length;

test("a chain of element-wise operations works in the result's buffer alone", () => {
  const module = program((b, x) => [negated(b, negated(b, negated(b, x)))]);
  expect(count(module, "memref.alloc")).toBe(0);
  expect(count(module, "memref.copy")).toBe(0);
});

test("an argument that is returned is copied", () => {
  const module = program((_, x) => [x]);
  expect(count(module, "memref.copy")).toBe(1);
});

test("a value that is returned twice is computed once and copied once", () => {
  const module = program((b, x) => {
    const y = negated(b, x);
    return [y, y];
  });
  expect(count(module, "linalg.generic")).toBe(1);
  expect(count(module, "memref.copy")).toBe(1);
});

test("what a concatenation joins is computed where it belongs", () => {
  const module = program((b, x) => {
    const inputs = [negated(b, x), negated(b, x)];
    return [tensor.concat.build(b, { inputs }, { dim: 0 }, { resultTypes: [tensorType([8, 6], f32)] }).result];
  });
  expect(count(module, "memref.alloc")).toBe(0);
  expect(count(module, "memref.copy")).toBe(0);
  expect(count(module, "memref.subview")).toBe(2);
});

test("a result that is reshaped is computed in the reshaped buffer", () => {
  const module = program((b, x) => [
    tensor.collapse_shape.build(
      b,
      { src: negated(b, x) },
      { reassociation: [[0, 1]] },
      { resultTypes: [tensorType([24], f32)] },
    ).result,
  ]);
  expect(count(module, "memref.alloc")).toBe(0);
  expect(count(module, "memref.copy")).toBe(0);
});

test("equal constants share one global", () => {
  const module = program((b, x) => {
    const constant = (): ValueId =>
      arith.constant.build(
        b,
        {},
        { value: { kind: "dense", type, data: Float32Array.of(2), splat: true } },
        { resultTypes: [type] },
      ).result;
    const sum = generic(
      b,
      [x, constant(), constant()].map((value) => ({ value, map })),
      { value: emptyTensor(b, shape), map },
      parallel(2),
      (inner, [p, q, r]) => {
        const lhs = arith.addf.build(inner, { lhs: p!, rhs: q! }, {}).result;
        return arith.addf.build(inner, { lhs, rhs: r! }, {}).result;
      },
    );
    return [sum];
  });
  expect(count(module, "memref.global")).toBe(1);
  expect(count(module, "memref.get_global")).toBe(1);
});
