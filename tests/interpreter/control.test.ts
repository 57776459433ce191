import { describe, expect, test } from "vitest";
import { arith, func, memref, registry, scf } from "../../src/ir/dialects/index.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { f32, i32, i64, indexType, memRefType } from "../../src/ir/types.ts";
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import { bufferOf } from "../../src/interpreter/values.ts";
import { block, choose, codeOf, constant, dataOf, index, loop, program, run, runBoth, tensorOf } from "./programs.ts";

describe("loops", () => {
  test("a counted loop carries values, over index and over integers", () => {
    for (const [type, zero, one, ten] of [[indexType, 0, 1, 10], [i32, 0, 1, 10], [i64, 0n, 1n, 10n]] as const) {
      const module = program([type, type, type], (b, bounds) => {
        const [lower, upper, step] = bounds as [never, never, never];
        const start = constant(b, type, zero);
        return loop(b, [lower, upper, step], [start, constant(b, type, one)], (inner, at, [sum, last]) => [
          arith.addi.build(inner, { lhs: sum!, rhs: at }, {}).result,
          arith.addi.build(inner, { lhs: last!, rhs: at }, {}).result,
        ]);
      });
      expect(runBoth(module, () => [zero, ten, one])[0]).toEqual(type === i64 ? 45n : 45);
      expect(runBoth(module, () => [ten, zero, one])).toEqual([zero, one]);
      expect(codeOf(() => run(module, [zero, ten, zero]))).toBe("interpreter/nonpositive-step");
      expect(codeOf(() => run(module, [zero, ten, zero], { path: "walked" }))).toBe("interpreter/nonpositive-step");
    } // prettier-ignore
  });

  test("Fibonacci: carried values change places", () => {
    const module = program([indexType], (b, [n]) =>
      loop(b, [index(b, 0), n!, index(b, 1)], [constant(b, i64, 0n), constant(b, i64, 1n)], (inner, _, [x, y]) => [
        y!,
        arith.addi.build(inner, { lhs: x!, rhs: y! }, {}).result,
      ]),
    );
    expect(runBoth(module, () => [90])[0]).toBe(2880067194370816120n);
  });

  test("a while loop: the steps of the Collatz sequence from 27", () => {
    const types = [i64, i64];
    const module = program([i64], (b, [start]) => {
      const { results } = scf.while.build(
        b,
        { inits: [start!, constant(b, i64, 0n)] },
        {},
        {
          resultTypes: types,
          regions: {
            before: block(types, (inner, [n, steps]) => {
              const one = constant(inner, i64, 1n);
              const condition = arith.cmpi.build(inner, { lhs: n!, rhs: one }, { predicate: "ne" }).result;
              scf.condition.build(inner, { condition, args: [n!, steps!] }, {});
            }),
            after: block(types, (inner, [n, steps]) => {
              const [one, two, three] = [1n, 2n, 3n].map((value) => constant(inner, i64, value));
              const odd = arith.remsi.build(inner, { lhs: n!, rhs: two! }, {}).result;
              const condition = arith.cmpi.build(inner, { lhs: odd, rhs: one! }, { predicate: "eq" }).result;
              const [next] = choose(
                inner,
                condition,
                [i64],
                (yes) => {
                  const triple = arith.muli.build(yes, { lhs: n!, rhs: three! }, {}).result;
                  return [arith.addi.build(yes, { lhs: triple, rhs: one! }, {}).result];
                },
                (no) => [arith.divsi.build(no, { lhs: n!, rhs: two! }, {}).result],
              );
              const count = arith.addi.build(inner, { lhs: steps!, rhs: one! }, {}).result;
              scf.yield.build(inner, { results: [next!, count] }, {});
            }),
          },
        },
      );
      return [results[1]!];
    });
    expect(runBoth(module, () => [27n])).toEqual([111n]);
  });

  test("a parallel loop visits every point", () => {
    const module = program([memRefType([3, 4], i32)], (b, [target]) => {
      const [zero, one, two] = [0, 1, 2].map((value) => index(b, value));
      scf.parallel.build(
        b,
        { lowerBound: [zero!, one!], upperBound: [index(b, 3), index(b, 4)], step: [one!, two!] },
        {},
        {
          regions: {
            region: block([indexType, indexType], (inner, [i, j]) => {
              const value = arith.addi.build(inner, { lhs: i!, rhs: j! }, {}).result;
              const cast = arith.index_cast.build(inner, { in: value }, {}, { resultTypes: [i32] }).out;
              memref.store.build(inner, { value: cast, memref: target!, indices: [i!, j!] }, {});
              scf.reduce.build(inner, {}, {});
            }),
          },
        },
      );
      return [];
    });
    const inputs = () => [bufferOf(tensorOf("i32", [3, 4], Array.from({ length: 12 }, () => -1)))]; // prettier-ignore
    runBoth(module, inputs);
    const [target] = inputs();
    run(module, [target!]);
    expect(dataOf(target)).toEqual([-1, 1, -1, 3, -1, 2, -1, 4, -1, 3, -1, 5]);
  });
});

describe("limits", () => {
  const endless = program([], (b) => {
    scf.while.build(
      b,
      {},
      {},
      {
        resultTypes: [],
        regions: {
          before: block([], (inner) => {
            const condition = arith.cmpi.build(inner, { lhs: index(inner, 0), rhs: index(inner, 0) }, { predicate: "eq" }).result; // prettier-ignore
            scf.condition.build(inner, { condition }, {});
          }),
          after: block([], (inner) => void scf.yield.build(inner, {}, {})),
        },
      },
    );
    return [];
  });
  test("an endless loop stops at the step limit", () => {
    for (const path of ["compiled", "walked"] as const)
      expect(codeOf(() => run(endless, [], { stepLimit: 1000, path }))).toBe("interpreter/step-limit");
  });

  test("a long loop does too, and a short one does not", () => {
    const module = program([indexType], (b, [n]) =>
      loop(b, [index(b, 0), n!, index(b, 1)], [constant(b, f32, 0)], (_, __, [x]) => [x!]),
    );
    for (const path of ["compiled", "walked"] as const) {
      expect(codeOf(() => run(module, [1e9], { stepLimit: 1000, path }))).toBe("interpreter/step-limit");
      expect(run(module, [10], { stepLimit: 1000, path })).toEqual([0]);
    }
  });

  test("endless recursion", () => {
    const module = createModule((r) => {
      createFunction(r, "main", [], (b) => {
        func.call.build(b, {}, { callee: "main" }, { resultTypes: [] });
        return [];
      });
    });
    expect(codeOf(() => interpretFunction(module, "main", []))).toBe("interpreter/call-depth");
  });
});

describe("calls", () => {
  test("functions call functions, each with values of its own", () => {
    const module = createModule((r) => {
      createFunction(r, "double", [i32], (b, [x]) => [arith.addi.build(b, { lhs: x!, rhs: x! }, {}).result]);
      createFunction(r, "main", [i32], (b, [x]) =>
        loop(b, [index(b, 0), index(b, 3), index(b, 1)], [x!], (inner, _, [value]) =>
          func.call.build(inner, { operands: [value!] }, { callee: "double" }, { resultTypes: [i32] }).results,
        ),
      ); // prettier-ignore
    });
    expect(runBoth(module, () => [5])).toEqual([40]);
  });

  test("a function that is not there", () => {
    const module = program([], (b) => {
      func.call.build(b, {}, { callee: "missing" }, { resultTypes: [] });
      return [];
    });
    expect(codeOf(() => run(module, []))).toBe("interpreter/unknown-function");
    expect(codeOf(() => interpretFunction(module, "absent", []))).toBe("interpreter/unknown-function");
  });
});

test("a branch between blocks is an error, also where another block uses a value", () => {
  const text = `func.func @main(%a: f32) -> f32 {
    cf.br ^bb1
  ^bb1:
    return %a : f32
  }`;
  const module = parseModule(text, { file: "branch.mlir", registry });
  expect(codeOf(() => interpretFunction(module, "main", [1]))).toBe("interpreter/no-rule");
});
