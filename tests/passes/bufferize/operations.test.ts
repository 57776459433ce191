import { expect, test } from "vitest";
import { identityMap } from "../../../src/ir/affine.ts";
import { integerAttribute, stringAttribute } from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith, func, scf, tensor } from "../../../src/ir/dialects/index.ts";
import type { Builder } from "../../../src/ir/builder.ts";
import type { Module, ValueId } from "../../../src/ir/module.ts";
import { f32, i32, indexType, tensorType } from "../../../src/ir/types.ts";
import { bufferize } from "../../../src/passes/bufferize/bufferize.ts";
import { lowerToLoops } from "../../../src/passes/loops/lower-to-loops.ts";
import { memoryPlanOf, planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";
import { runOnBuffers, smallIntegers } from "../buffer-programs.ts";
import { constantF32, constantIndex, emptyTensor, generic, parallel } from "../tensor-programs.ts";

const type = tensorType([3, 4], f32);
const x = smallIntegers([3, 4], 9);
const values = [...(x.data as Float32Array)];
const kernels = (module: Module): Module => planMemory(lowerToLoops(bufferize(module)));
const run = (body: (b: Builder, x: ValueId) => readonly ValueId[]): readonly (readonly number[])[] => {
  const module = createModule((rewriter) => {
    createFunction(rewriter, "main", [type], (b, [argument]) => body(b, argument!));
  });
  return runOnBuffers(kernels(module), [x]).map(({ data }) => [...(data as Float32Array)]);
};
const toFloat = (b: Builder, index: ValueId): ValueId => {
  const integer = arith.index_cast.build(b, { in: index }, {}, { resultTypes: [i32] }).out;
  return arith.sitofp.build(b, { in: integer }, {}, { resultTypes: [f32] }).out;
};
const doubled = (b: Builder, value: ValueId): ValueId => {
  const map = identityMap(2);
  return generic(
    b,
    [{ value, map }],
    { value: emptyTensor(b, [3, 4]), map },
    parallel(2),
    (inner, [element]) => arith.addf.build(inner, { lhs: element!, rhs: element! }, {}).result,
  );
};

test("a while loop doubles a tensor until an element is large, and forwards another tensor", () => {
  const [first, second] = run((b, argument) => {
    const start = arith.constant.build(b, {}, { value: integerAttribute(0, i32) }, { resultTypes: [i32] }).result;
    const loop = b.create({
      name: "scf.while",
      operands: [argument, start],
      resultTypes: [type, type],
      regions: [
        [
          {
            arguments: [type, i32],
            body: (inner, [tensorValue, count]) => {
              const limit = arith.constant.build(
                inner,
                {},
                { value: integerAttribute(3, i32) },
                { resultTypes: [i32] },
              );
              const condition = arith.cmpi.build(
                inner,
                { lhs: count!, rhs: limit.result },
                { predicate: "slt" },
              ).result;
              const twice = doubled(inner, tensorValue!);
              scf.condition.build(inner, { condition, args: [tensorValue!, twice] }, {});
            },
          },
        ],
        [
          {
            arguments: [type, type],
            body: (inner, [, twice]) => {
              const zero = constantIndex(inner, 0);
              const marked = tensor.insert.build(
                inner,
                { scalar: constantF32(inner, 1), dest: twice!, indices: [zero, zero] },
                {},
              ).result;
              const one = arith.constant.build(
                inner,
                {},
                { value: integerAttribute(1, i32) },
                { resultTypes: [i32] },
              ).result;
              const corner = tensor.extract.build(inner, { tensor: marked, indices: [zero, zero] }, {}).result;
              const three = arith.constant.build(
                inner,
                {},
                { value: integerAttribute(3, i32) },
                { resultTypes: [i32] },
              ).result;
              const isOne = arith.cmpf.build(
                inner,
                { lhs: corner, rhs: constantF32(inner, 1) },
                { predicate: "oeq" },
              ).result;
              const count = arith.select.build(
                inner,
                { condition: isOne, true_value: three, false_value: one },
                {},
              ).result;
              scf.yield.build(inner, { results: [marked, count] }, {});
            },
          },
        ],
      ],
    });
    return loop.results;
  });
  // One round: doubled, its first element set to 1; then the condition's region doubles it once more.
  const once = values.map((value, at) => (at === 0 ? 1 : 2 * value));
  expect(first).toEqual(once);
  expect(second).toEqual(once.map((value) => 2 * value));
});

test("tensors made from indices, from elements and from one value", () => {
  const results = run((b) => {
    const generated = tensor.generate.build(
      b,
      {},
      {},
      {
        resultTypes: [type],
        regions: {
          body: [
            {
              arguments: [indexType, indexType],
              body: (inner, [row, column]) => {
                const four = constantIndex(inner, 4);
                const rows = arith.muli.build(inner, { lhs: row!, rhs: four }, {}).result;
                const place = arith.addi.build(inner, { lhs: rows, rhs: column! }, {}).result;
                tensor.yield.build(inner, { value: toFloat(inner, place) }, {});
              },
            },
          ],
        },
      },
    ).result;
    const elements = [5, 6, 7, 8].map((value) => constantF32(b, value));
    const made = tensor.from_elements.build(b, { elements }, {}, { resultTypes: [tensorType([2, 2], f32)] }).result;
    const splat = tensor.splat.build(
      b,
      { input: constantF32(b, 3) },
      {},
      { resultTypes: [tensorType([2], f32)] },
    ).aggregate;
    return [generated, made, splat];
  });
  expect(results).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    [5, 6, 7, 8],
    [3, 3],
  ]);
});

test("padding whose value depends on where it is", () => {
  const [result] = run((b, argument) => [
    tensor.pad.build(
      b,
      { source: argument },
      { static_low: [1, 0], static_high: [0, 1] },
      {
        resultTypes: [tensorType([4, 5], f32)],
        regions: {
          region: [
            {
              arguments: [indexType, indexType],
              body: (inner, [row, column]) => {
                const sum = arith.addi.build(inner, { lhs: row!, rhs: column! }, {}).result;
                tensor.yield.build(inner, { value: toFloat(inner, sum) }, {});
              },
            },
          ],
        },
      },
    ).result,
  ]);
  const expected = Array.from({ length: 20 }, (_, at) => {
    const [row, column] = [Math.floor(at / 5), at % 5];
    return row >= 1 && column < 4 ? values[(row - 1) * 4 + column] : row + column;
  });
  expect(result).toEqual(expected);
});

test("a column of a matrix seen as another shape", () => {
  const [result] = run((b, argument) => {
    const column = tensor.extract_slice.build(
      b,
      { source: argument },
      { static_offsets: [0, 1], static_sizes: [3, 2], static_strides: [1, 1] },
      { resultTypes: [tensorType([3, 2], f32)] },
    ).result;
    return [
      tensor.collapse_shape.build(
        b,
        { src: column },
        { reassociation: [[0, 1]] },
        { resultTypes: [tensorType([6], f32)] },
      ).result,
    ];
  });
  expect(result).toEqual([1, 2, 5, 6, 9, 10].map((at) => values[at]));
});

test("a function that is called gets its results' buffers and its working memory from the caller", () => {
  const module = createModule((rewriter) => {
    createFunction(
      rewriter,
      "shifted",
      [type],
      (b, [argument]) => {
        // The middle value is read twice with different indices, so that it needs memory.
        const twice = doubled(b, argument!);
        const map = identityMap(2);
        const sum = generic(
          b,
          [{ value: twice, map }],
          { value: emptyTensor(b, [3, 4]), map },
          parallel(2),
          (inner, [element]) => {
            const zero = constantIndex(inner, 0);
            const corner = tensor.extract.build(inner, { tensor: twice, indices: [zero, zero] }, {}).result;
            return arith.addf.build(inner, { lhs: element!, rhs: corner }, {}).result;
          },
        );
        return [sum];
      },
      { properties: { sym_visibility: stringAttribute("private") } },
    );
    createFunction(rewriter, "main", [type], (b, [argument]) => {
      const call = (value: ValueId): ValueId =>
        func.call.build(b, { operands: [value] }, { callee: "shifted" }, { resultTypes: [type] }).results[0]!;
      return [call(call(argument!))];
    });
  });
  const planned = kernels(module);
  const once = values.map((value) => 2 * value + 2 * values[0]!);
  const again = once.map((value) => 2 * value + 2 * once[0]!);
  expect([...(runOnBuffers(planned, [x])[0]!.data as Float32Array)]).toEqual(again);
  expect(memoryPlanOf(planned)!.arenaBytes).toBe(2 * 64);
});
