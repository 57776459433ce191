import { describe, expect, test } from "vitest";
import { floatAttribute } from "../../src/ir/attributes.ts";
import { createModule } from "../../src/ir/create-module.ts";
import { allDialects, arith, linalg, tensor, weft } from "../../src/ir/dialects/index.ts";
import { ModuleReader, type Operation, type ValueId, walk } from "../../src/ir/module.ts";
import { Rewriter } from "../../src/ir/rewriter.ts";
import { f32, f64, floatType, i1, i32, i64, indexType, memRefType, tensorType, type Type } from "../../src/ir/types.ts";
import { constantOfValue, evaluateOperation, valueOfConstant } from "../../src/interpreter/interpret.ts"; // prettier-ignore
import { ruleNames } from "../../src/interpreter/rules/index.ts";
import type { RuntimeValue } from "../../src/interpreter/values.ts";
import { block, choose, codeOf, constant, dataOf, emptyTensor, fill, generic, identityMap, index, loop, plain, program, run, runBoth, tensorOf } from "./programs.ts"; // prettier-ignore

test("the operations without a rule are known", async () => {
  // ONNX's operations run through their lowering; tosa is read and written only.
  const left = new Set(["builtin", "onnx", "tosa"]);
  const names = allDialects.filter(({ name }) => !left.has(name)).flatMap(({ operations }) => operations.map(({ name }) => name)); // prettier-ignore
  const ruled = new Set([...ruleNames(), "func.func"]);
  const missing = names.filter((name) => !ruled.has(name) && !name.startsWith("onnx.")).toSorted();
  // For people to read: `npx vitest run tests/interpreter -u` writes it anew.
  await expect(missing.map((name) => `${name}\n`).join("")).toMatchFileSnapshot("operations-without-rule.txt");
});

describe("what cannot run says so", () => {
  test("an operation without a rule", () => {
    const module = program([], (b) => [b.create({ name: "test.unknown", resultTypes: [i32] }).results[0]!]);
    expect(codeOf(() => run(module, []))).toBe("interpreter/no-rule");
    const inLoop = program([], (b) =>
      loop(b, [index(b, 0), index(b, 1), index(b, 1)], [constant(b, i32, 0)], (inner) => [
        inner.create({ name: "test.unknown", resultTypes: [i32] }).results[0]!,
      ]),
    );
    expect(codeOf(() => run(inLoop, []))).toBe("interpreter/no-rule");
  });

  test("only if it is reached", () => {
    const wide = floatType("f128");
    const module = program([i1], (b, [condition]) =>
      loop(b, [index(b, 0), index(b, 1), index(b, 1)], [constant(b, i32, 0)], (inner, _, [carried]) => {
        const impossible = (branch: Parameters<typeof constant>[0]): readonly ValueId[] => {
          arith.constant.build(branch, {}, { value: floatAttribute(1, wide) }, { resultTypes: [wide] });
          return [constant(branch, i32, 1)];
        };
        return choose(inner, condition!, [i32], impossible, () => [carried!]);
      }),
    );
    expect(runBoth(module, () => [0])).toEqual([0]);
    for (const path of ["compiled", "walked"] as const)
      expect(codeOf(() => run(module, [1], { path }))).toBe("interpreter/unsupported-type");
  });

  test("arguments that do not fit", () => {
    const module = program([tensorType([2], f32), i64], () => []);
    const fine = tensorOf("f32", [2], [1, 2]);
    expect(run(module, [fine, 1n])).toEqual([]);
    const wrong: readonly (readonly RuntimeValue[])[] = [[fine], [fine, 1], [tensorOf("f32", [3], [1, 2, 3]), 1n], [tensorOf("f64", [2], [1, 2]), 1n], [1, 1n], [fine, 1n, 1n]]; // prettier-ignore
    for (const inputs of wrong) expect(codeOf(() => run(module, inputs))).toBe("interpreter/wrong-argument");
  });

  test("tensors too large to allocate", () => {
    const module = program([], (b) => [emptyTensor(b, tensorType([2 ** 26, 2 ** 26], f32))]);
    expect(codeOf(() => run(module, []))).toBe("interpreter/out-of-memory");
  });

  test("constants whose bytes are missing", () => {
    const type = tensorType([4], f32);
    const module = program([], (b) => [
      arith.constant.build(b, {}, { value: { kind: "resource", key: "absent", type } }, { resultTypes: [type] }).result,
    ]);
    expect(codeOf(() => run(module, []))).toBe("interpreter/missing-resource");
  });
});

test("every operation that runs is shown, with its results", () => {
  const module = program([f32], (b, [x]) => {
    const start = constant(b, f32, 1);
    return loop(b, [index(b, 0), index(b, 2), index(b, 1)], [start], (inner, _, [carried]) => [
      arith.addf.build(inner, { lhs: carried!, rhs: x! }, {}).result,
    ]);
  });
  const trace = (path: "compiled" | "walked"): readonly string[] => {
    const seen: string[] = [];
    const onOperation = (op: Operation, results: readonly RuntimeValue[]) => void seen.push(`${op.name} ${results}`);
    run(module, [2], { path, onOperation });
    return seen;
  };
  const outer = ["arith.constant 1", "arith.constant 0", "arith.constant 2", "arith.constant 1"];
  expect(trace("compiled")).toEqual([...outer, "scf.for 5"]);
  expect(trace("walked")).toEqual([...outer, "arith.addf 3", "arith.addf 5", "scf.for 5"]);
});

test("what was shown is not overwritten later", () => {
  const type = tensorType([2], f32);
  const module = program([], (b) => {
    const first = fill(b, constant(b, f32, 1), emptyTensor(b, type))!;
    return [tensor.insert.build(b, { scalar: constant(b, f32, 2), dest: first, indices: [index(b, 0)] }, {}).result];
  });
  const shown: RuntimeValue[] = [];
  run(module, [], { onOperation: (op, results) => void (op.name === "linalg.fill" && shown.push(results[0]!)) });
  expect(dataOf(shown[0])).toEqual([1, 1]);
});

test("a fusion group runs its operations on values from above", () => {
  const type = tensorType([3], f32);
  const maps = [identityMap(1), identityMap(1)];
  const module = program([type], (b, [x]) => {
    const out = emptyTensor(b, type);
    return weft.kernel.build(
      b,
      { inputs: [x!], outputs: [out] },
      {},
      {
        resultTypes: [type],
        regions: {
          body: block([], (inner) => {
            const twice = generic(inner, [x!], [out], maps, (i, [v]) => [arith.addf.build(i, { lhs: v!, rhs: v! }, {}).result]); // prettier-ignore
            const squared = generic(inner, twice, [out], maps, (i, [v]) => [arith.mulf.build(i, { lhs: v!, rhs: v! }, {}).result]); // prettier-ignore
            weft.yield.build(inner, { values: squared }, {});
          }),
        },
      },
    ).results;
  });
  expect(dataOf(runBoth(module, () => [tensorOf("f32", [3], [1, 2, 3])])[0])).toEqual([4, 16, 36]);
});

describe("evaluating one operation", () => {
  /** The first operation of a kind in a module, and its value on operands. */
  const evaluate = (module: ReturnType<typeof program>, name: string, operands: readonly RuntimeValue[]) => {
    const reader = new ModuleReader(module);
    const op = [...walk(reader)].find((candidate) => candidate.name === name)!;
    return evaluateOperation(reader, op, operands);
  };

  test("folds arithmetic and tensor operations", () => {
    const sum = program([i32, i32], (b, [x, y]) => [arith.addi.build(b, { lhs: x!, rhs: y! }, {}).result]);
    expect(evaluate(sum, "arith.addi", [2147483647, 1])).toEqual([-2147483648]);
    const type = tensorType([2], i32);
    const insert = program([type, i32, indexType], (b, [dest, scalar, at]) => [
      tensor.insert.build(b, { scalar: scalar!, dest: dest!, indices: [at!] }, {}).result,
    ]);
    const table = tensorOf("i32", [2], [1, 2]);
    expect(evaluate(insert, "tensor.insert", [7, table, 1])?.map(plain)).toEqual([plain(tensorOf("i32", [2], [1, 7]))]);
    expect(dataOf(table)).toEqual([1, 2]);
  });

  test("folds structured operations and loops that read only constants from above", () => {
    const type = tensorType([3], f32);
    const build = (captured: (b: Parameters<Parameters<typeof program>[1]>[0], x: ValueId) => ValueId) =>
      program([f32, type], (b, [x, t]) => {
        const value = captured(b, x!);
        return generic(b, [t!], [t!], [identityMap(1), identityMap(1)], (inner, [v]) => [
          arith.mulf.build(inner, { lhs: v!, rhs: value }, {}).result,
        ]);
      });
    const t = tensorOf("f32", [3], [1, 2, 3]);
    const folded = evaluate(build((b) => constant(b, f32, 10)), "linalg.generic", [t, t]); // prettier-ignore
    expect(dataOf(folded![0])).toEqual([10, 20, 30]);
    expect(dataOf(t)).toEqual([1, 2, 3]);
    expect(evaluate(build((_, x) => x), "linalg.generic", [t, t])).toBeUndefined(); // prettier-ignore
    const counted = program([indexType, f32], (b, [n, start]) =>
      loop(b, [index(b, 0), n!, index(b, 1)], [start!], (inner, _, [x]) => [arith.addf.build(inner, { lhs: x!, rhs: x! }, {}).result]),
    ); // prettier-ignore
    expect(evaluate(counted, "scf.for", [0, 10, 1, 1])).toEqual([1024]);
  });

  test("leaves alone what has effects, is open, fails or is unknown", () => {
    const division = program([i32, i32], (b, [x, y]) => [arith.divsi.build(b, { lhs: x!, rhs: y! }, {}).result]);
    expect(evaluate(division, "arith.divsi", [1, 0])).toBeUndefined();
    expect(evaluate(program([], (b) => [emptyTensor(b, tensorType([2], f32))]), "tensor.empty", [])).toBeUndefined(); // prettier-ignore
    expect(evaluate(program([], (b) => [b.create({ name: "test.unknown", resultTypes: [i32] }).results[0]!]), "test.unknown", [])).toBeUndefined(); // prettier-ignore
    const buffers = program([memRefType([1], f32)], (b, [x]) => {
      generic(b, [x!], [x!], [identityMap(1), identityMap(1)], (_, [v]) => [v!]);
      return [];
    });
    const reader = new ModuleReader(buffers);
    const op = [...walk(reader)].find(({ name }) => name === linalg.generic.name)!;
    expect(evaluateOperation(reader, op, [])).toBeUndefined();
  });
});

describe("constants", () => {
  const there = (value: RuntimeValue, type: Type): readonly RuntimeValue[] => {
    const module = createModule(() => {});
    const rewriter = new Rewriter(module);
    const attribute = constantOfValue(value, type, rewriter);
    return [valueOfConstant(rewriter, attribute, type)];
  };
  test("go to attributes and back", () => {
    const cases: readonly (readonly [RuntimeValue, Type])[] = [[-5, i32], [1, i1], [2n ** 62n, i64], [7, indexType], [Math.fround(0.1), f32], [-0, f64], [NaN, f32]]; // prettier-ignore
    for (const [value, type] of cases) expect(there(value, type)).toEqual([value]);
    for (const count of [1, 3, 255, 256, 5000]) {
      const value = tensorOf("f32", [count], Array.from({ length: count }, (_, i) => i)); // prettier-ignore
      expect(plain(there(value, tensorType([count], f32))[0]!)).toEqual(plain(value));
    }
    const same = tensorOf("i64", [1000], Array.from({ length: 1000 }, () => 3n)); // prettier-ignore
    expect(plain(there(same, tensorType([1000], i64))[0]!)).toEqual(plain(same));
  });
  test("are resources from a kilobyte on", () => {
    const rewriter = new Rewriter(createModule(() => {}));
    const kinds = [255, 256].map((count) => {
      const value = tensorOf("f32", [count], Array.from({ length: count }, (_, i) => i)); // prettier-ignore
      return constantOfValue(value, tensorType([count], f32), rewriter).kind;
    });
    expect(kinds).toEqual(["dense", "resource"]);
  });
});
