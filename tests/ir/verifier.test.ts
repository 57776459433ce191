import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, registry } from "../../src/ir/dialects/index.ts";
import type { Module, Operation } from "../../src/ir/module.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { f32, tensorType } from "../../src/ir/types.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { sharedFolder } from "../support/shared-data.ts";

const argumentList =
  "%f: f32, %i: i32, %n: index, %b: i1, %t: tensor<4xf32>, %tt: tensor<2x4xf32>, %m: memref<4xf32>, %v: vector<4xf32>, %bytes: memref<64xi8>";
const inFunction = (body: string): string => `func.func @f(${argumentList}) {\n${body}\n  return\n}`;
const findings = (text: string): readonly string[] =>
  verifyModule(parseModule(text, { file: "t.mlir", registry, allowUnregisteredDialects: true }), registry).map(
    ({ code, message }) => `${code}: ${message}`,
  );

/** Function bodies that break one rule, by what is found. */
const brokenBodies: Readonly<Record<string, readonly (readonly [body: string, message: string])[]>> = {
  values: [
    [
      "%0 = arith.addi %1, %i : i32\n%1 = arith.addi %i, %i : i32",
      "verify/dominance: operand #0 of 'arith.addi' does not dominate this use",
    ],
    [
      "%0 = scf.if %b -> (i32) {\n%1 = arith.addi %i, %0 : i32\nscf.yield %1 : i32\n} else {\nscf.yield %i : i32\n}",
      "verify/dominance: operand #1 of 'arith.addi' does not dominate this use",
    ],
    [
      '%0 = "arith.addf"(%i, %i) : (i32, i32) -> i32',
      "verify/operands: 'arith.addf' op operand #0 must be floating-point-like, but got 'i32'",
    ],
    ['%0 = "arith.addf"(%f) : (f32) -> f32', "verify/operands: 'arith.addf' op expected 2 operands, but found 1"],
    [
      '%0 = "arith.addi"(%i, %n) : (i32, index) -> i32',
      "verify/operands: 'arith.addi' op requires the same type for all operands and results",
    ],
    [
      '%0 = "arith.cmpi"(%i, %i) <{predicate = 0 : i64}> : (i32, i32) -> i32',
      "verify/results: 'arith.cmpi' op result #0 must be bool-like, but got 'i32'",
    ],
    [
      '%0 = "arith.cmpi"(%i, %i) : (i32, i32) -> i1',
      "verify/attribute: 'arith.cmpi' op requires attribute 'predicate'",
    ],
    [
      '%0 = "arith.cmpi"(%i, %i) <{predicate = 99 : i64}> : (i32, i32) -> i1',
      "verify/attribute: 'arith.cmpi' op attribute 'predicate' failed to satisfy constraint: allowed 64-bit signless integer cases: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
    ],
  ],
  arith: [
    [
      '%0 = "arith.constant"() <{value = 1 : i32}> : () -> i64',
      "verify/rule: 'arith.constant' op failed to verify that all of {value, result} have same type",
    ],
    [
      '%0 = "arith.constant"() <{value = 1 : ui32}> : () -> ui32',
      "verify/rule: 'arith.constant' op integer return type must be signless",
    ],
    [
      "%0 = arith.extsi %i : i32 to i16",
      "verify/rule: 'arith.extsi' op operand type 'i32' and result type 'i16' are cast incompatible",
    ],
    [
      "%0 = arith.index_cast %i : i32 to i64",
      "verify/rule: 'arith.index_cast' op operand type 'i32' and result type 'i64' are cast incompatible",
    ],
    [
      '%0 = "arith.sitofp"(%i) : (i32) -> tensor<2xf32>',
      "verify/rule: 'arith.sitofp' op failed to verify that input and output have the same tensor dimensions",
    ],
    [
      '%0 = "arith.select"(%b, %f, %i) : (i1, f32, i32) -> f32',
      "verify/rule: 'arith.select' op failed to verify that all of {true_value, false_value, result} have same type",
    ],
  ],
  func: [
    [
      "%0 = func.call @missing(%i) : (i32) -> i32",
      "verify/rule: 'func.call' op 'missing' does not reference a valid function",
    ],
    [
      "func.call @f(%i) : (i32) -> ()",
      "verify/rule: 'func.call' op incorrect number of operands for callee: expected 9, but provided 1",
    ],
  ],
  memref: [
    [
      "%0 = memref.get_global @missing : memref<4xf32>",
      "verify/rule: 'memref.get_global' op 'missing' does not reference a valid global memref",
    ],
    [
      "%0 = memref.load %m[%n, %n] : memref<4xf32>",
      "verify/rule: 'memref.load' op incorrect number of indices for load, expected 1 but got 2",
    ],
    [
      '"memref.store"(%i, %m, %n) : (i32, memref<4xf32>, index) -> ()',
      "verify/rule: 'memref.store' op failed to verify that type of 'value' matches element type of 'memref'",
    ],
    [
      "%0 = memref.alloc() : memref<?xf32>",
      "verify/rule: 'memref.alloc' op incorrect number of dynamic sizes, has 0, expected 1",
    ],
    [
      "%0 = memref.view %m[%n][] : memref<4xf32> to memref<4xf32>",
      "verify/rule: 'memref.view' op operand #0 must be 1D memref of 8-bit signless integer values, but got 'memref<4xf32>'",
    ],
    [
      "%0 = memref.subview %m[2] [3] [1] : memref<4xf32> to memref<3xf32, strided<[1], offset: 2>>",
      "verify/rule: 'memref.subview' op slice along dimension 0 runs out-of-bounds: 4 >= 4",
    ],
  ],
  tensor: [
    [
      "%0 = tensor.extract %t[%n, %n] : tensor<4xf32>",
      "verify/rule: 'tensor.extract' op incorrect number of indices for extract_element",
    ],
    [
      "%0 = tensor.empty() : tensor<?xf32>",
      "verify/rule: 'tensor.empty' op incorrect number of dynamic sizes, has 0, expected 1",
    ],
    [
      "%0 = tensor.extract_slice %t[0] [2] [1] : tensor<4xf32> to tensor<3xf32>",
      "verify/rule: 'tensor.extract_slice' op expected type to be 'tensor<2xf32>' or a rank-reduced version. (size mismatch) ",
    ],
    [
      "%0 = tensor.extract_slice %t[5] [1] [1] : tensor<4xf32> to tensor<1xf32>",
      "verify/rule: 'tensor.extract_slice' op offset 0 is out-of-bounds: 5 >= 4",
    ],
    [
      "%0 = tensor.collapse_shape %tt [[0, 1]] : tensor<2x4xf32> into tensor<7xf32>",
      "verify/rule: 'tensor.collapse_shape' op expected dimension 0 of collapsed type to be static value of 8",
    ],
    [
      "%0 = tensor.collapse_shape %tt [[1, 0]] : tensor<2x4xf32> into tensor<8xf32>",
      "verify/rule: 'tensor.collapse_shape' op expected reassociation map #0 to be valid and contiguous.",
    ],
    [
      "%0 = tensor.concat dim(0) %t, %t : (tensor<4xf32>, tensor<4xf32>) -> tensor<7xf32>",
      "verify/rule: 'tensor.concat' op result type 'tensor<7xf32>'does not match inferred shape 'tensor<8xf32>' static sizes",
    ],
    [
      "%0 = tensor.pad %t low[1] high[1] {\n^bb0(%a: index):\ntensor.yield %f : f32\n} : tensor<4xf32> to tensor<5xf32>",
      "verify/rule: 'tensor.pad' op specified type 'tensor<5xf32>' does not match the inferred type 'tensor<6xf32>'",
    ],
    [
      '%0 = "tensor.from_elements"(%f, %f) : (f32, f32) -> tensor<3xf32>',
      "verify/rule: 'tensor.from_elements' op failed to verify that operand types match result element type",
    ],
    [
      "%0 = tensor.cast %t : tensor<4xf32> to tensor<5xf32>",
      "verify/rule: 'tensor.cast' op operand type 'tensor<4xf32>' and result type 'tensor<5xf32>' are cast incompatible",
    ],
  ],
  scf: [
    [
      'scf.for %k = %n to %n step %n {\n"scf.yield"(%i) : (i32) -> ()\n}',
      "verify/rule: 'scf.for' op different number of region iter_args and yielded values: 0 != 1",
    ],
    [
      "%0 = scf.for %k = %n to %n step %n iter_args(%a = %i) -> (i32) {\nscf.yield %f : f32\n}",
      "verify/rule: 'scf.for' op 0-th region iter_arg and 0-th yielded value have different type: 'i32' != 'f32'",
    ],
    [
      '"scf.for"(%n, %n, %i) ({\n^bb0(%k: index):\nscf.yield\n}) : (index, index, i32) -> ()',
      "verify/rule: 'scf.for' op failed to verify that all of {lowerBound, upperBound, step} have same type",
    ],
    [
      "%0 = scf.if %b -> (i32) {\nscf.yield %i : i32\n}",
      "verify/rule: 'scf.if' op must have an else block if defining values",
    ],
    [
      '"scf.if"(%b) ({\n}, {\n}) : (i1) -> ()',
      "verify/rule: 'scf.if' op region #0 ('thenRegion') failed to verify constraint: region with 1 blocks",
    ],
    [
      '"scf.if"(%b) ({\n"test.op"() : () -> ()\narith.constant 1 : i32\n}, {\n}) : (i1) -> ()',
      "verify/rule: 'scf.if' op expects regions to end with 'scf.yield', found 'arith.constant'",
    ],
    ["scf.yield", "verify/terminator: 'scf.yield' op must be the last operation in the parent block"],
    [
      "%0 = scf.while (%a = %i) : (i32) -> f32 {\nscf.condition(%b) %a : i32\n} do {\n^bb0(%x: f32):\nscf.yield %i : i32\n}",
      "verify/rule: 'scf.while' op along control flow edge from Operation scf.condition to parent: successor operand type #0 'i32' should match successor input type #0 'f32'",
    ],
  ],
  linalg: [
    [
      'linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%m : memref<4xf32>) outs(%m : memref<4xf32>) {\n^bb0(%x: f32, %y: f32):\nlinalg.yield %x : f32\n}',
      "verify/rule: 'linalg.generic' op expected the number of indexing_map (1) to be equal to the number of input/output operands (2)",
    ],
    [
      '%0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, d0)>], iterator_types = ["parallel"]} outs(%t : tensor<4xf32>) {\n^bb0(%y: f32):\nlinalg.yield %y : f32\n} -> tensor<4xf32>',
      "verify/rule: 'linalg.generic' op expected operand #0 rank (1) to match the result rank of indexing_map (2)",
    ],
    [
      '%0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%tt : tensor<2x4xf32>) outs(%t : tensor<4xf32>) {\n^bb0(%x: f32, %y: f32):\nlinalg.yield %y : f32\n} -> tensor<4xf32>',
      "verify/rule: 'linalg.generic' op inferred input/output operand #1 has shape's dimension #0 to be 2, but found 4",
    ],
    [
      '%0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "parallel"]} outs(%t : tensor<4xf32>) {\n^bb0(%y: f32):\nlinalg.yield %y : f32\n} -> tensor<4xf32>',
      "verify/rule: 'linalg.generic' op invalid indexing maps are non-invertible: ((d0, d1) -> (d0))",
    ],
    [
      '%0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%t : tensor<4xf32>) {\n^bb0(%y: i32):\nlinalg.yield %y : i32\n} -> tensor<4xf32>',
      "verify/rule: 'linalg.generic' op expected type of bb argument #0 ('i32') to match element or self type of the corresponding operand ('f32')",
    ],
    ["%0 = linalg.index 0 : index", "verify/rule: 'linalg.index' op expected parent op with LinalgOp interface"],
  ],
  vector: [
    [
      "%0 = vector.load %m[%n] : memref<4xf32>, vector<4xi32>",
      "verify/rule: 'vector.load' op base and result element types should match",
    ],
    [
      "%0 = vector.extract %v[4] : f32 from vector<4xf32>",
      "verify/rule: 'vector.extract' op expected position attribute #1 to be a non-negative integer smaller than the corresponding vector dimension or poison (-1)",
    ],
    [
      "%0 = vector.reduction <and>, %v : vector<4xf32> into f32",
      "verify/rule: 'vector.reduction' op unsupported reduction type ''f32'' for kind 'and'",
    ],
    [
      "%0 = vector.shuffle %v, %v [0, 8] : vector<4xf32>, vector<4xf32>",
      "verify/rule: 'vector.shuffle' op mask index #2 out of range",
    ],
    [
      "%0 = vector.broadcast %i : i32 to vector<4xf32>",
      "verify/rule: 'vector.broadcast' op failed to verify that source operand and result have same element type",
    ],
  ],
  weft: [
    [
      "%0 = weft.kernel ins(%t : tensor<4xf32>) outs(%t : tensor<4xf32>) {\nweft.yield %f : f32\n} -> tensor<4xf32>",
      "verify/rule: 'weft.yield' op yields (f32), but the results are (tensor<4xf32>)",
    ],
  ],
};

describe.each(Object.entries(brokenBodies))("%s", (_, cases) => {
  test.each(cases)("%s", (body, message) => {
    expect(findings(inFunction(body))).toContain(message);
  });
});

describe("whole modules", () => {
  test.each([
    ["func.func @f() {\n}", "verify/terminator: 'func.func' op has an empty block: expect at least a terminator"],
    ["func.func @f()", "verify/rule: 'func.func' op symbol declaration cannot have public visibility"],
    [
      "func.func @f() -> i32 {\n  return\n}",
      "verify/rule: 'func.return' op has 0 operands, but enclosing function (@f) returns 1",
    ],
    [
      "func.func @f(%a: f32) -> i32 {\n  return %a : f32\n}",
      "verify/rule: 'func.return' op type of return operand 0 ('f32') doesn't match function result type ('i32') in function @f",
    ],
    ["func.func private @f()\nfunc.func private @f()", "verify/symbol-redefinition: redefinition of symbol named 'f'"],
    [
      '"func.func"() <{function_type = (i32) -> (), sym_name = "f"}> ({\n^bb0(%a: f32):\n  func.return\n}) : () -> ()',
      "verify/rule: 'func.func' op type of entry block argument #0('f32') must match the type of the corresponding argument in function signature('i32')",
    ],
    [
      '%x = "a"() : () -> i32\n"func.func"() <{function_type = () -> (), sym_name = "f"}> ({\n  "test.branch"()[^bb1] : () -> ()\n^bb1:\n}) : () -> ()',
      "verify/terminator: 'func.func' op has an empty block: expect at least a terminator",
    ],
    [
      "memref.global @g : memref<4xf32> = dense<1> : tensor<4xi32>",
      "verify/rule: 'memref.global' op initial value expected to be of type 'tensor<4xf32>', but was of type 'tensor<4xi32>'",
    ],
    [
      '"memref.global"() <{sym_name = "g", type = memref<?xf32>}> : () -> ()',
      "verify/rule: 'memref.global' op type should be static shaped memref, but got 'memref<?xf32>'",
    ],
    [
      'func.func @f() {\n  "test.first"()[^bb1, ^bb2] : () -> ()\n^bb1:\n  %0 = arith.constant 1 : i32\n  "test.jump"()[^bb2] : () -> ()\n^bb2:\n  "test.use"(%0) : (i32) -> ()\n  return\n}',
      "verify/dominance: operand #0 of 'test.use' does not dominate this use",
    ],
  ])("%s", (text, message) => {
    expect(findings(text)).toContain(message);
  });

  test("a value from outside an isolated operation", () => {
    const module = createModule((rewriter) => {
      const outside = arith.constant.build(
        rewriter,
        {},
        { value: { kind: "bool", value: true } },
        { resultTypes: [tensorType([1], f32)] },
      );
      createFunction(rewriter, "f", [], () => [outside.result]);
    });
    expect(verifyModule(module, registry).map(({ code }) => code)).toContain("verify/isolation");
  });

  test("findings come in program order", () => {
    const text = inFunction(
      '%0 = "arith.addf"(%i, %i) : (i32, i32) -> i32\n%1 = memref.load %m[%n, %n] : memref<4xf32>\nlinalg.index 0 : index',
    );
    const module = parseModule(text, { file: "t.mlir", registry });
    const lines = verifyModule(module, registry).map(({ location }) => (location.kind === "file" ? location.line : 0));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines).toEqual(lines.toSorted((left, right) => left - right));
  });
});

describe("tables that disagree", () => {
  const valid = parseModule("func.func private @g(i32)\nfunc.func @f(%a: i32) {\n  return\n}", {
    file: "t.mlir",
    registry,
  });
  /** The module with one operation replaced. */
  const withOperation = (name: string, change: (op: Operation) => Operation): Module => ({
    ...valid,
    operations: valid.operations.map((page) => page.map((op) => (op?.name === name ? change(op) : op))),
  });
  test.each<readonly [string, Module]>([
    ["an operand without definition", withOperation("func.return", (op) => ({ ...op, operands: [999 as never] }))],
    [
      "a parent that does not hold the operation",
      withOperation("func.return", (op) => ({ ...op, parent: 0 as never })),
    ],
    ["a block that was erased", withOperation("func.func", (op) => ({ ...op, regions: [[999 as never]] }))],
    [
      "an operation that was erased",
      {
        ...valid,
        operations: valid.operations.map((page) => page.map((op) => (op?.name === "func.return" ? undefined : op))),
      },
    ],
    ["a root with a parent", withOperation("builtin.module", (op) => ({ ...op, parent: 0 as never }))],
    ["no root", { ...valid, root: 999 as never }],
  ])("%s", (_, module) => {
    const found = verifyModule(module, registry);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["verify/structure"]));
  });
});

test("nothing is found in what mlir-opt accepts", () => {
  const folder = join(sharedFolder, "mlir-corpus", "generic");
  // Operations of the onnx dialect are those of another version.
  const files = readdirSync(folder).filter((name, index) => index % 45 === 7 && !name.startsWith("onnxmlir"));
  expect(files.length).toBeGreaterThan(200);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    const module = parseModule(text, { file, registry, allowUnregisteredDialects: true });
    expect(verifyModule(module, registry), file).toEqual([]);
  }
});
