import { describe, expect, test } from "vitest";
import { arith, linalg, memref, tensor } from "../../src/ir/dialects/index.ts";
import type { Builder } from "../../src/ir/builder.ts";
import type { ValueId } from "../../src/ir/module.ts";
import { bf16, f32, i1, i32, i64, indexType, memRefType, tensorType } from "../../src/ir/types.ts";
import { bufferOf, type RuntimeValue } from "../../src/interpreter/values.ts";
import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";
import { affine, affineMap, block, codeOf, constant, dataOf, dimension as d, emptyTensor, fill, generic, identityMap, program, run, runBoth, tensorOf } from "./programs.ts"; // prettier-ignore

/** Numbers with many significant bits, so that the order of additions shows. */
const noise = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + seed) * 10 ** ((i * 7 + seed) % 4));
const tensorOfNoise = (shape: readonly number[], seed: number): HostTensor => ({
  elementType: "f32",
  shape,
  data: noise(
    shape.reduce((product, size) => product * size, 1),
    seed,
  ),
});
const multiplyAdd = (b: Builder, [x, y, sum]: readonly ValueId[]): readonly ValueId[] => {
  const product = arith.mulf.build(b, { lhs: x!, rhs: y! }, {}).result;
  return [arith.addf.build(b, { lhs: sum!, rhs: product }, {}).result];
};
const zeros = (b: Builder, type: ReturnType<typeof tensorType>): ValueId =>
  fill(b, constant(b, f32, 0), emptyTensor(b, type))!;
const fround = Math.fround;

describe("contractions against plain loops", () => {
  test.each([
    [3, 5, 4],
    [1, 7, 9],
    [6, 6, 1],
    [2, 4, 8],
  ])("matrix product %i × %i × %i", (rows, columns, depth) => {
    const [A, B, C] = [
      tensorType([rows, depth], f32),
      tensorType([depth, columns], f32),
      tensorType([rows, columns], f32),
    ];
    const maps = [affineMap(3, [d(0), d(2)]), affineMap(3, [d(2), d(1)]), affineMap(3, [d(0), d(1)])];
    const module = program([A, B], (b, [x, y]) => generic(b, [x!, y!], [zeros(b, C)], maps, multiplyAdd));
    const [x, y] = [tensorOfNoise([rows, depth], 1), tensorOfNoise([depth, columns], 2)];
    const expected: number[] = [];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++)
          sum = fround(sum + fround((x.data[i * depth + k] as number) * (y.data[k * columns + j] as number)));
        expected.push(sum);
      }
    expect(dataOf(runBoth(module, () => [x, y])[0])).toEqual(expected);
  });

  test.each([
    { stride: 1, dilation: 1, width: 9 },
    { stride: 2, dilation: 1, width: 11 },
    { stride: 1, dilation: 2, width: 10 },
  ])("convolution, stride $stride, dilation $dilation", ({ stride, dilation, width }) => {
    const [C, F, H, W, K] = [3, 5, 8, width, 3];
    const out = (size: number): number => Math.floor((size - (K - 1) * dilation - 1) / stride) + 1;
    const [OH, OW] = [out(H), out(W)];
    const window = (o: number, k: number) =>
      affine.add(affine.multiply(d(o), affine.constant(stride)), affine.multiply(d(k), affine.constant(dilation)));
    const maps = [
      affineMap(7, [d(0), d(4), window(2, 5), window(3, 6)]),
      affineMap(7, [d(1), d(4), d(5), d(6)]),
      affineMap(7, [d(0), d(1), d(2), d(3)]),
    ];
    const shapes = [[1, C, H, W], [F, C, K, K]] as const; // prettier-ignore
    const module = program(
      shapes.map((shape) => tensorType(shape, f32)),
      (b, [x, w]) => generic(b, [x!, w!], [zeros(b, tensorType([1, F, OH, OW], f32))], maps, multiplyAdd),
    );
    const [x, w] = shapes.map((shape, i) => tensorOfNoise(shape, i)) as [HostTensor, HostTensor];
    const expected: number[] = [];
    for (let f = 0; f < F; f++)
      for (let i = 0; i < OH; i++)
        for (let j = 0; j < OW; j++) {
          let sum = 0;
          for (let c = 0; c < C; c++)
            for (let p = 0; p < K; p++)
              for (let q = 0; q < K; q++) {
                const at = (c * H + i * stride + p * dilation) * W + j * stride + q * dilation;
                sum = fround(sum + fround((x.data[at] as number) * (w.data[((f * C + c) * K + p) * K + q] as number)));
              }
          expected.push(sum);
        }
    expect(dataOf(runBoth(module, () => [x, w])[0])).toEqual(expected);
  });

  test("the reduction may be the outermost loop", () => {
    const maps = [affineMap(2, [d(0), d(1)]), affineMap(2, [d(1)])];
    const module = program([tensorType([5, 3], f32)], (b, [x]) =>
      generic(b, [x!], [zeros(b, tensorType([3], f32))], maps, (inner, [value, sum]) => [
        arith.addf.build(inner, { lhs: sum!, rhs: value! }, {}).result,
      ]),
    );
    const x = tensorOfNoise([5, 3], 3);
    const expected = [0, 1, 2].map((column) =>
      [0, 1, 2, 3, 4].reduce((sum, row) => fround(sum + (x.data[row * 3 + column] as number)), 0),
    );
    expect(dataOf(runBoth(module, () => [x])[0])).toEqual(expected);
  });

  test("everything reduced to one element, and from what the output held", () => {
    const maps = [identityMap(2), affineMap(2, [])];
    const scalar = tensorType([], f32);
    const module = program([tensorType([4, 6], f32), scalar], (b, [x, start]) =>
      generic(b, [x!], [start!], maps, (inner, [value, sum]) => [
        arith.addf.build(inner, { lhs: sum!, rhs: value! }, {}).result,
      ]),
    );
    const [x, start] = [tensorOfNoise([4, 6], 4), tensorOf("f32", [], [1000])];
    const [result] = runBoth(module, () => [x, start]);
    expect(dataOf(result)).toEqual([(x.data as Float32Array).reduce((sum, value) => fround(sum + value), 1000)]);
    // The initial tensor is a value of its own.
    expect(dataOf(start)).toEqual([1000]);
  });
});

describe("maps and bodies", () => {
  test("broadcast, transposed and constant positions", () => {
    const maps = [affineMap(2, [d(1)]), affineMap(2, [d(1), d(0)]), affineMap(2, [affine.constant(2)]), identityMap(2)];
    const types = [tensorType([3], i32), tensorType([3, 2], i32), tensorType([4], i32)];
    const module = program(types, (b, inputs) =>
      generic(b, inputs, [emptyTensor(b, tensorType([2, 3], i32))], maps, (inner, [x, y, z]) => {
        const sum = arith.addi.build(inner, { lhs: x!, rhs: y! }, {}).result;
        return [arith.addi.build(inner, { lhs: sum, rhs: z! }, {}).result];
      }),
    );
    const inputs = [tensorOf("i32", [3], [1, 2, 3]), tensorOf("i32", [3, 2], [10, 20, 30, 40, 50, 60]), tensorOf("i32", [4], [0, 0, 100, 0])]; // prettier-ignore
    expect(dataOf(runBoth(module, () => inputs)[0])).toEqual([111, 132, 153, 121, 142, 163]);
  });

  test("positions by division and remainder", () => {
    const three = affine.constant(3);
    const maps = [affineMap(1, [affine.modulo(d(0), three), affine.floorDivide(d(0), three)]), identityMap(1)];
    const module = program([tensorType([3, 2], i32)], (b, [x]) =>
      generic(b, [x!], [emptyTensor(b, tensorType([6], i32))], maps, (_, [value]) => [value!]),
    );
    expect(dataOf(runBoth(module, () => [tensorOf("i32", [3, 2], [1, 2, 3, 4, 5, 6])])[0])).toEqual([1, 3, 5, 2, 4, 6]);
  });

  test("windows: a maximum over two by two", () => {
    const window = (o: number, k: number) => affine.add(affine.multiply(d(o), affine.constant(2)), d(k));
    const maps = [affineMap(4, [window(0, 2), window(1, 3)]), affineMap(4, [d(2), d(3)]), affineMap(4, [d(0), d(1)])];
    const module = program([tensorType([4, 4], f32)], (b, [x]) => {
      const start = fill(b, constant(b, f32, -Infinity), emptyTensor(b, tensorType([2, 2], f32)))!;
      return generic(b, [x!, emptyTensor(b, tensorType([2, 2], f32))], [start], maps, (inner, [value, , best]) => [
        arith.maximumf.build(inner, { lhs: best!, rhs: value! }, {}).result,
      ]);
    });
    const x = tensorOf("f32", [4, 4], [1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, NaN]);
    expect(dataOf(runBoth(module, () => [x])[0])).toEqual([6, 8, -1, NaN]);
  });

  test("two outputs: the greatest element and where it is", () => {
    const maps = [identityMap(2), affineMap(2, [d(0)]), affineMap(2, [d(0)])];
    const module = program([tensorType([2, 5], f32)], (b, [x]) => {
      const best = fill(b, constant(b, f32, -Infinity), emptyTensor(b, tensorType([2], f32)))!;
      const where = fill(b, constant(b, i64, 0n), emptyTensor(b, tensorType([2], i64)))!;
      return generic(b, [x!], [best, where], maps, (inner, [value, greatest, position]) => {
        const at = linalg.index.build(inner, {}, { dim: 1 }).result;
        const here = arith.index_cast.build(inner, { in: at }, {}, { resultTypes: [i64] }).out;
        const condition = arith.cmpf.build(inner, { lhs: value!, rhs: greatest! }, { predicate: "ogt" }).result;
        const pick = (yes: ValueId, no: ValueId): ValueId =>
          arith.select.build(inner, { condition, true_value: yes, false_value: no }, {}).result;
        return [pick(value!, greatest!), pick(here, position!)];
      });
    });
    const [best, where] = runBoth(module, () => [tensorOf("f32", [2, 5], [3, 9, 9, 1, 0, -5, -7, -1, -2, -1])]);
    expect(dataOf(best)).toEqual([9, -1]);
    expect(dataOf(where)).toEqual([1n, 2n]);
  });

  test("gathers: an element of a captured tensor", () => {
    const maps = [affineMap(2, [d(0)]), identityMap(2)];
    const types = [tensorType([4, 3], f32), tensorType([2], i64)];
    const gather = program(types, (b, [table, rows]) =>
      generic(b, [rows!], [emptyTensor(b, tensorType([2, 3], f32))], maps, (inner, [row]) => {
        const at = arith.index_cast.build(inner, { in: row! }, {}, { resultTypes: [indexType] }).out;
        const column = linalg.index.build(inner, {}, { dim: 1 }).result;
        return [tensor.extract.build(inner, { tensor: table!, indices: [at, column] }, {}).result];
      }),
    );
    const table = tensorOf("f32", [4, 3], [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
    expect(dataOf(runBoth(gather, () => [table, tensorOf("i64", [2], [3n, 1n])])[0])).toEqual([30, 31, 32, 10, 11, 12]);
    for (const path of ["compiled", "walked"] as const)
      for (const row of [4n, -1n])
        expect(codeOf(() => run(gather, [table, tensorOf("i64", [2], [0n, row])], { path }))).toBe(
          "interpreter/out-of-bounds",
        );
  });

  test("scalar operands, small floats and empty tensors", () => {
    const maps = [affineMap(1, []), identityMap(1), identityMap(1)];
    const module = program([f32, tensorType([3], bf16)], (b, [factor, x]) =>
      generic(b, [factor!, x!], [emptyTensor(b, tensorType([3], bf16))], maps, (inner, [scale, value]) => {
        const wide = arith.extf.build(inner, { in: value! }, {}, { resultTypes: [f32] }).out;
        const product = arith.mulf.build(inner, { lhs: wide, rhs: scale! }, {}).result;
        return [arith.truncf.build(inner, { in: product }, {}, { resultTypes: [bf16] }).out];
      }),
    );
    const [scaled] = runBoth(module, () => [3, tensorOf("bf16", [3], [1, 2, -0.5])]);
    expect((scaled as HostTensor).data).toEqual(tensorOf("bf16", [3], [3, 6, -1.5]).data);
    const empty = program([tensorType([0, 3], f32)], (b, [x]) =>
      generic(b, [x!], [x!], [identityMap(2), identityMap(2)], (_, [value]) => [value!]),
    );
    expect((runBoth(empty, () => [tensorOf("f32", [0, 3], [])])[0] as HostTensor).shape).toEqual([0, 3]);
  });
});

describe("buffers", () => {
  const buffer = (shape: readonly number[], values: readonly number[]) => bufferOf(tensorOf("f32", shape, values));

  test("results are written in place, through strides", () => {
    const strided = memRefType([3], f32, { kind: "strided", strides: [2], offset: 1 });
    const module = program([memRefType([6], f32), memRefType([3], f32)], (b, [whole, x]) => {
      const part = memref.subview.build(
        b,
        { source: whole! },
        { static_offsets: [1], static_sizes: [3], static_strides: [2] },
        { resultTypes: [strided] },
      ).result;
      generic(b, [x!], [part], [identityMap(1), identityMap(1)], (inner, [value, old]) => [
        arith.addf.build(inner, { lhs: value!, rhs: old! }, {}).result,
      ]);
      return [];
    });
    const inputs = (): RuntimeValue[] => [buffer([6], [0, 1, 2, 3, 4, 5]), buffer([3], [10, 20, 30])];
    runBoth(module, inputs);
    const [target, x] = inputs();
    run(module, [target!, x!]);
    expect(dataOf(target)).toEqual([0, 11, 2, 23, 4, 35]);
  });

  test("a reduction whose output shares memory with its input sees its own writes", () => {
    // out[0] += x[i], where out[0] is x[0]: 1, then 1+1=2, then 2+2, then 4+3.
    const module = program([memRefType([3], f32)], (b, [x]) => {
      const first = memref.subview.build(
        b,
        { source: x! },
        { static_offsets: [0], static_sizes: [1], static_strides: [1] },
        { resultTypes: [memRefType([1], f32, { kind: "strided", strides: [1], offset: 0 })] },
      ).result;
      const maps = [identityMap(1), affineMap(1, [affine.constant(0)])];
      generic(b, [x!], [first], maps, (inner, [value, sum]) => [
        arith.addf.build(inner, { lhs: sum!, rhs: value! }, {}).result,
      ]);
      return [];
    });
    runBoth(module, () => [buffer([3], [1, 2, 3])]);
    const x = buffer([3], [1, 2, 3]);
    run(module, [x]);
    expect(dataOf(x)).toEqual([7, 2, 3]);
  });

  test("fill and copy", () => {
    const type = memRefType([2, 2], f32);
    const module = program([type, type], (b, [x, y]) => {
      linalg.fill.build(
        b,
        { inputs: [constant(b, f32, 1.5)], outputs: [x!] },
        {},
        { regions: { region: block([f32, f32], (i, [v]) => void linalg.yield.build(i, { values: [v!] }, {})) } },
      );
      linalg.copy.build(
        b,
        { inputs: [x!], outputs: [y!] },
        {},
        { regions: { region: block([f32, f32], (i, [v]) => void linalg.yield.build(i, { values: [v!] }, {})) } },
      );
      return [];
    });
    const [x, y] = [buffer([2, 2], [0, 0, 0, 0]), buffer([2, 2], [9, 9, 9, 9])];
    run(module, [x, y]);
    expect([dataOf(x), dataOf(y)]).toEqual([
      [1.5, 1.5, 1.5, 1.5],
      [1.5, 1.5, 1.5, 1.5],
    ]);
  });
});

describe("what does not fit is a diagnostic", () => {
  test("accesses outside an operand", () => {
    const maps = [affineMap(1, [affine.add(d(0), affine.constant(1))]), identityMap(1)];
    const module = program([tensorType([3], f32)], (b, [x]) =>
      generic(b, [x!], [emptyTensor(b, tensorType([3], f32))], maps, (_, [value]) => [value!]),
    );
    for (const path of ["compiled", "walked"] as const)
      expect(codeOf(() => run(module, [tensorOf("f32", [3], [1, 2, 3])], { path }))).toBe("interpreter/out-of-bounds");
  });

  test("loops without a size", () => {
    const maps = [affineMap(2, [d(0)]), affineMap(2, [d(0)])];
    const module = program([tensorType([3], i1)], (b, [x]) => generic(b, [x!], [x!], maps, (_, [value]) => [value!]));
    expect(codeOf(() => run(module, [tensorOf("i1", [3], [0, 1, 0])]))).toBe("interpreter/malformed");
  });
});
