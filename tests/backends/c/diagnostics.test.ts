import { describe, expect, test } from "vitest";
import { findBackend } from "../../../src/backends/index.ts";
import { cBackend } from "../../../src/backends/c/backend.ts";
import { denseAttribute, resourceAttribute } from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith, func, memref } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { f32, floatType, i32, memRefType, tensorType } from "../../../src/ir/types.ts";
import { CompileError, type Diagnostic } from "../../../src/support/diagnostic.ts";
import { nameLocation } from "../../../src/support/location.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { index, kernelModule } from "./kernel-module.ts";

function errorsOf(work: () => unknown): readonly Diagnostic[] {
  try {
    work();
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics;
    throw error;
  }
  return [];
}
const codes = (work: () => unknown) => errorsOf(work).map(({ code }) => code);
const compile =
  (module: Module, options = {}) =>
  () =>
    cBackend.compile(module, options);
const type = memRefType([4], f32);

describe("what C cannot express is an error at the operation", () => {
  test("an operation without a rule", () => {
    const module = kernelModule([{ name: "x", type }], (b, _, rewriter) => {
      rewriter.location = nameLocation("graph/Sort_3");
      b.create({ name: "weft.sort", location: nameLocation("graph/Sort_3") });
    });
    const [error] = errorsOf(compile(module));
    expect(error!.code).toBe("backend/not-legal");
    expect(error!.message).toContain("weft.sort");
    expect(error!.location).toEqual(nameLocation("graph/Sort_3"));
    expect(error!.help).toBeTruthy();
  });
  test("heap buffers, dynamic shapes, wide floats, state and recursion", () => {
    const alloc = kernelModule([], (b) => void memref.alloc.build(b, {}, {}, { resultTypes: [type] }));
    expect(codes(compile(alloc))).toEqual(["backend/not-legal"]);
    expect(codes(compile(kernelModule([{ name: "x", type: memRefType(["?"], f32) }], () => {})))).toEqual([
      "backend/not-legal",
    ]);
    expect(codes(compile(kernelModule([{ name: "x", type: memRefType([2], floatType("f128")) }], () => {})))).toEqual([
      "backend/not-legal",
    ]);
    const strided = memRefType([2], f32, { kind: "strided", strides: [2], offset: 0 });
    expect(codes(compile(kernelModule([{ name: "x", type: strided }], () => {})))).toEqual(["backend/not-legal"]);
    const state = (constant: boolean, data?: Parameters<typeof memref.global.build>[2]["initial_value"]) =>
      kernelModule(
        [{ name: "x", type }],
        (b, [x]) => {
          const source = memref.get_global.build(b, {}, { name: "g" }, { resultTypes: [type] }).result;
          memref.copy.build(b, { source, target: x! }, {});
        },
        0,
        (rewriter) => {
          memref.global.build(
            rewriter,
            {},
            {
              sym_name: "g",
              type,
              constant,
              initial_value: data ?? denseAttribute(tensorFromNumbers("f32", [4], [1, 2, 3, 4])),
            },
          );
        },
      );
    expect(codes(compile(state(true)))).toEqual([]);
    expect(codes(compile(state(false)))).toEqual(["backend/not-legal"]);
    expect(codes(compile(state(true, resourceAttribute("gone", tensorType([4], f32)))))).toEqual([
      "backend/missing-resource",
    ]);
    const recursive = kernelModule(
      [],
      (b) => void func.call.build(b, {}, { callee: "f" }, { resultTypes: [] }),
      0,
      (rewriter) => {
        createFunction(rewriter, "f", [], (b) => {
          func.call.build(b, {}, { callee: "f" }, { resultTypes: [] });
          return [];
        });
      },
    );
    expect(codes(compile(recursive))).toEqual(["backend/not-legal"]);
    const missing = kernelModule([], (b) => void func.call.build(b, {}, { callee: "nobody" }, { resultTypes: [] }));
    expect(codes(compile(missing))).toEqual(["backend/not-legal"]);
  });
  test("modules without an entry point, or with two", () => {
    expect(codes(compile(createModule(() => {})))).toEqual(["backend/no-entry-point"]);
    const one = () => kernelModule([], () => {});
    expect(codes(compile(one()))).toEqual([]);
  });
});

test("functions are called, with and without a result", () => {
  const module = kernelModule(
    [{ name: "y", type: memRefType([1], i32), output: true }],
    (b, [y]) => {
      const value = memref.load.build(b, { memref: y!, indices: [index(b, 0)] }, {}).result;
      const [twice] = func.call.build(b, { operands: [value] }, { callee: "twice" }, { resultTypes: [i32] }).results;
      memref.store.build(b, { value: twice!, memref: y!, indices: [index(b, 0)] }, {});
    },
    0,
    (rewriter) => {
      createFunction(rewriter, "twice", [i32], (b, [x]) => [arith.addi.build(b, { lhs: x!, rhs: x! }, {}).result]);
    },
  );
  const source = cBackend.compile(module).files.get("model.c") as string;
  expect(source).toContain("static __attribute__((noinline)) int32_t function_twice(const int32_t in_0) {");
  expect(source).toContain("= function_twice(");
});

describe("options", () => {
  const module = kernelModule([{ name: "x", type }], () => {});
  test("are checked, all at once", () => {
    expect(codes(compile(module, { "c-dialect": "c89", threads: "many", colour: "red" }))).toEqual([
      "backend/invalid-option",
      "backend/invalid-option",
      "backend/unknown-option",
    ]);
    expect(codes(compile(module, { "c-dialect": "c99", threads: "2", "embed-weights": "true", name: "net" }))).toEqual(
      [],
    );
  });
  test("reach the manifest", () => {
    const { manifest } = cBackend.compile(module, { threads: 2, name: "my net" }, { modelName: "My net" });
    expect(manifest).toMatchObject({
      prefix: "my_net",
      model: "My net",
      backend: "c",
      options: { threads: 2, cDialect: "gnu11" },
    });
  });
  test("of unknown backends are no options", () => {
    expect(codes(() => findBackend("cobol"))).toEqual(["backend/unknown-backend"]);
    expect(findBackend("c")).toBe(cBackend);
  });
});
