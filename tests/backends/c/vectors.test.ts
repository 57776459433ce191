import { describe, expect, test } from "vitest";
import type { Builder } from "../../../src/ir/builder.ts";
import { runEntry } from "../../../src/interpreter/entry.ts";
import { arith, math, memref, scf, vector } from "../../../src/ir/dialects/index.ts";
import { combiningKinds } from "../../../src/ir/dialects/vector.ts";
import type { Module, ValueId } from "../../../src/ir/module.ts";
import {
  f32,
  f64,
  i1,
  i16,
  i32,
  i64,
  i8,
  indexType,
  memRefType,
  type Type,
  vectorType,
} from "../../../src/ir/types.ts";
import { splatAttribute } from "../../../src/passes/legalize/lane-arithmetic.ts";
import { type HostTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { float, index, integer, kernelModule, loop } from "./kernel-module.ts";
import { load, runModule } from "./run-module.ts";

const dialects = [{}, { cDialect: "c99" }] as const;
const constant = (b: Builder, type: Type, value: number): ValueId =>
  arith.constant.build(b, {}, { value: splatAttribute(type, value) }, { resultTypes: [type] }).result;
const zeroTo = (count: number, element: "f32" | "i32" | "i8" = "f32") =>
  tensorFromNumbers(
    element,
    [count],
    Array.from({ length: count }, (_, i) => i),
  );
const plainData = (tensor: HostTensor | undefined) => Array.from(tensor!.data as Float32Array);

const elementsOf = (data: HostTensor["data"]): readonly unknown[] => Array.from(data as ArrayLike<unknown>);

/** What the interpreter and gcc make of a module, compared element by element. */
async function agrees(module: Module, inputs: Readonly<Record<string, HostTensor>>, options = {}): Promise<void> {
  const expected = runEntry(module, new Map(Object.entries(inputs)));
  const actual = await runModule(module, inputs, options);
  for (const [name, { data }] of expected)
    expect({ [name]: elementsOf(actual[name]!.data) }).toEqual({ [name]: elementsOf(data) });
}

describe.each(dialects)("vectors, %o", (options) => {
  test("a register tile of accumulators carried by a loop is a matrix product", async () => {
    const [m, n, k] = [5, 16, 7];
    const type = vectorType([n], f32);
    const module = kernelModule(
      [
        { name: "a", type: memRefType([m, k], f32) },
        { name: "b", type: memRefType([k, n], f32) },
        { name: "c", type: memRefType([m, n], f32), output: true },
      ],
      (builder, [a, b, c]) => {
        const zeros = Array.from({ length: m }, () => constant(builder, type, 0));
        const sums = loop(builder, k, zeros, (inner, at, carried) => {
          const row = vector.load.build(
            inner,
            { base: b!, indices: [at, index(inner, 0)] },
            {},
            { resultTypes: [type] },
          ).result;
          return carried.map((acc, i) => {
            const scalar = memref.load.build(inner, { memref: a!, indices: [index(inner, i), at] }, {}).result;
            const lhs = vector.broadcast.build(inner, { source: scalar }, {}, { resultTypes: [type] }).vector;
            return vector.fma.build(inner, { lhs, rhs: row, acc }, {}).result;
          });
        });
        sums.forEach((valueToStore, i) =>
          vector.store.build(builder, { valueToStore, base: c!, indices: [index(builder, i), index(builder, 0)] }, {}),
        );
      },
    );
    const a = Array.from({ length: m * k }, (_, i) => (i % 11) - 5);
    const b = Array.from({ length: k * n }, (_, i) => (i % 7) - 3);
    const product = Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[Math.floor(at / n) * k + l]! * b[l * n + (at % n)]!;
      return sum;
    });
    const { c } = await runModule(
      module,
      { a: tensorFromNumbers("f32", [m, k], a), b: tensorFromNumbers("f32", [k, n], b) },
      options,
    );
    expect(plainData(c)).toEqual(product);
  });

  test.each([f32, f64, i8, i16, i32, i64])("reductions of $text", async (element) => {
    const kinds = combiningKinds.filter((kind) =>
      (element.kind === "float" ? /^(add|mul|.*f)$/ : /^(add|mul|.*[iu]i|.*si|and|or|xor)$/).test(kind),
    );
    const type = vectorType([8], element);
    const module = kernelModule(
      [
        { name: "x", type: memRefType([8], element) },
        { name: "y", type: memRefType([kinds.length * 2], element), output: true },
      ],
      (b, [x, y]) => {
        const value = vector.load.build(b, { base: x!, indices: [index(b, 0)] }, {}, { resultTypes: [type] }).result;
        const acc = memref.load.build(b, { memref: x!, indices: [index(b, 1)] }, {}).result;
        kinds.forEach((kind, at) => {
          const alone = vector.reduction.build(b, { vector: value }, { kind }).dest;
          memref.store.build(b, { value: alone, memref: y!, indices: [index(b, 2 * at)] }, {});
          const continued = vector.reduction.build(b, { vector: value, acc }, { kind }).dest;
          memref.store.build(b, { value: continued, memref: y!, indices: [index(b, 2 * at + 1)] }, {});
        });
      },
    );
    const values = element.kind === "float" ? [3, -2, 4, 1, 0.5, 2, -1, 8] : [3, -2, 4, 1, 5, 2, -1, 127];
    await agrees(module, { x: tensorFromNumbers(element.text as "f32", [8], values) }, options);
  });

  test("NaN in reductions", async () => {
    const kinds = ["minimumf", "maximumf", "minnumf", "maxnumf"] as const;
    const type = vectorType([8], f32);
    const module = kernelModule(
      [
        { name: "x", type: memRefType([8], f32) },
        { name: "y", type: memRefType([4], f32), output: true },
      ],
      (b, [x, y]) => {
        const value = vector.load.build(b, { base: x!, indices: [index(b, 0)] }, {}, { resultTypes: [type] }).result;
        kinds.forEach((kind, at) => {
          const dest = vector.reduction.build(b, { vector: value }, { kind }).dest;
          memref.store.build(b, { value: dest, memref: y!, indices: [index(b, at)] }, {});
        });
      },
    );
    for (let lane = 0; lane < 8; lane++) {
      const values = [3, -2, 4, 1, 0.5, 2, -1, 8].with(lane, NaN);
      const { y } = await runModule(module, { x: tensorFromNumbers("f32", [8], values) }, options);
      const numbers = values.filter((value) => value === value);
      expect(plainData(y)).toEqual([NaN, NaN, Math.min(...numbers), Math.max(...numbers)]);
    }
  });

  test("shuffles, lanes in and out, steps and gathers", async () => {
    const type = vectorType([8], f32);
    const module = kernelModule(
      [
        { name: "x", type: memRefType([4, 8], f32) },
        { name: "at", type: memRefType([1], i32) },
        { name: "y", type: memRefType([6, 8], f32), output: true },
      ],
      (b, [x, at, y]) => {
        const zero = index(b, 0);
        const row = (i: number) =>
          vector.load.build(b, { base: x!, indices: [index(b, i), zero] }, {}, { resultTypes: [type] }).result;
        const store = (i: number, valueToStore: ValueId) =>
          vector.store.build(b, { valueToStore, base: y!, indices: [index(b, i), zero] }, {});
        const [v1, v2] = [row(0), row(1)];
        store(0, vector.shuffle.build(b, { v1, v2 }, { mask: [0, 8, 1, 9, 2, 10, 15, 7] }).vector);
        const lane = vector.extract.build(b, { source: v2 }, { static_position: [3] }, { resultTypes: [f32] }).result;
        const raw = memref.load.build(b, { memref: at!, indices: [zero] }, {}).result;
        const dynamic = arith.index_cast.build(b, { in: raw }, {}, { resultTypes: [indexType] }).out;
        const kDynamic = -(2 ** 63);
        store(
          1,
          vector.insert.build(
            b,
            { valueToStore: lane, dest: v1, dynamic_position: [dynamic] },
            { static_position: [kDynamic] },
          ).result,
        );
        const found = vector.extract.build(
          b,
          { source: v1, dynamic_position: [dynamic] },
          { static_position: [kDynamic] },
          { resultTypes: [f32] },
        ).result;
        store(2, vector.broadcast.build(b, { source: found }, {}, { resultTypes: [type] }).vector);
        const steps = vector.step.build(b, {}, {}, { resultTypes: [vectorType([8], indexType)] }).result;
        const backwards = arith.subi.build(
          b,
          { lhs: constant(b, vectorType([8], indexType), 7), rhs: steps },
          {},
        ).result;
        const mask = vector.constant_mask.build(
          b,
          {},
          { mask_dim_sizes: [6] },
          { resultTypes: [vectorType([8], i1)] },
        ).result;
        const pass_thru = constant(b, type, -1);
        store(
          3,
          vector.gather.build(b, { base: x!, offsets: [index(b, 2), zero], indices: backwards, mask, pass_thru }, {})
            .result,
        );
        const narrow = arith.index_cast.build(b, { in: backwards }, {}, { resultTypes: [vectorType([8], i32)] }).out;
        store(
          4,
          vector.gather.build(b, { base: x!, offsets: [index(b, 1), zero], indices: narrow, mask, pass_thru }, {})
            .result,
        );
        const lanes = arith.index_cast.build(b, { in: steps }, {}, { resultTypes: [vectorType([8], i32)] }).out;
        store(5, arith.sitofp.build(b, { in: lanes }, {}, { resultTypes: [type] }).out);
      },
    );
    const x = tensorFromNumbers(
      "f32",
      [4, 8],
      Array.from({ length: 32 }, (_, i) => i),
    );
    const { y } = await runModule(module, { x, at: tensorFromNumbers("i32", [1], [5]) }, options);
    expect(plainData(y)).toEqual([
      ...[0, 8, 1, 9, 2, 10, 15, 7],
      ...[0, 1, 2, 3, 4, 11, 6, 7],
      ...[5, 5, 5, 5, 5, 5, 5, 5],
      ...[23, 22, 21, 20, 19, 18, -1, -1],
      ...[15, 14, 13, 12, 11, 10, -1, -1],
      ...[0, 1, 2, 3, 4, 5, 6, 7],
    ]);
  });

  test.each([f32, f64, i8, i32])("masked accesses of $text touch nothing where the mask is off", async (element) => {
    const type = vectorType([16], element);
    const module = kernelModule(
      [
        { name: "x", type: memRefType([19], element) },
        { name: "y", type: memRefType([40], element), output: true },
      ],
      (b, [x, y]) => {
        for (const [at, value] of [
          [0, 7],
          [20, 3],
        ] as const) {
          const mask = vector.create_mask.build(
            b,
            { operands: [index(b, value)] },
            {},
            { resultTypes: [vectorType([16], i1)] },
          ).result;
          const loaded = vector.maskedload.build(
            b,
            { base: x!, indices: [index(b, 16 - value + 3)], mask, pass_thru: constant(b, type, 9) },
            {},
          ).result;
          vector.maskedstore.build(b, { base: y!, indices: [index(b, at)], mask, valueToStore: loaded }, {});
          const shown = vector.extract.build(
            b,
            { source: loaded },
            { static_position: [15] },
            { resultTypes: [element] },
          ).result;
          memref.store.build(b, { value: shown, memref: y!, indices: [index(b, at + 19)] }, {});
        }
      },
    );
    const x = tensorFromNumbers(
      element.text as "f32",
      [19],
      Array.from({ length: 19 }, (_, i) => i),
    );
    const { y } = await runModule(module, { x }, options);
    const expected = Array.from({ length: 40 }, () => 0);
    for (let i = 0; i < 7; i++) expected[i] = 12 + i;
    for (let i = 0; i < 3; i++) expected[20 + i] = 16 + i;
    expected[19] = expected[39] = 9;
    expect(plainData(y)).toEqual(expected);
  });

  test("vectors of three lanes and of two dimensions fall back to scalars", async () => {
    const flat = vectorType([3], f32);
    const square = vectorType([2, 4], f32);
    const module = kernelModule(
      [
        { name: "x", type: memRefType([3], f32) },
        { name: "z", type: memRefType([4, 6], f32) },
        { name: "y", type: memRefType([3], f32), output: true },
        { name: "w", type: memRefType([2, 4], f32), output: true },
      ],
      (b, [x, z, y, w]) => {
        const zero = index(b, 0);
        const value = vector.load.build(b, { base: x!, indices: [zero] }, {}, { resultTypes: [flat] }).result;
        vector.store.build(
          b,
          { valueToStore: math.absf.build(b, { operand: value }, {}).result, base: y!, indices: [zero] },
          {},
        );
        const tile = vector.load.build(
          b,
          { base: z!, indices: [index(b, 1), index(b, 2)] },
          {},
          { resultTypes: [square] },
        ).result;
        const doubled = arith.addf.build(b, { lhs: tile, rhs: tile }, {}).result;
        vector.store.build(b, { valueToStore: doubled, base: w!, indices: [zero, zero] }, {});
      },
    );
    const z = tensorFromNumbers(
      "f32",
      [4, 6],
      Array.from({ length: 24 }, (_, i) => i),
    );
    await agrees(module, { x: tensorFromNumbers("f32", [3], [-1, 2, -3]), z }, options);
  });
});

describe.each(dialects)("control flow, %o", (options) => {
  test("carried values that change places", async () => {
    const module = kernelModule([{ name: "y", type: memRefType([3], f32), output: true }], (b, [y]) => {
      const carried = loop(b, 5, [float(b, f32, 1), float(b, f32, 2), float(b, f32, 3)], (_, __, [p, q, r]) => [
        q!,
        r!,
        p!,
      ]);
      carried.forEach((value, i) => memref.store.build(b, { value, memref: y!, indices: [index(b, i)] }, {}));
    });
    expect(plainData((await runModule(module, {}, options))["y"])).toEqual([3, 1, 2]);
  });

  test("branches with results, while loops and nested loops with vectors", async () => {
    const type = vectorType([4], f32);
    const module = kernelModule(
      [
        { name: "n", type: memRefType([1], i32) },
        { name: "y", type: memRefType([2], i32), output: true },
        { name: "v", type: memRefType([4], f32), output: true },
      ],
      (b, [n, y, v]) => {
        const start = memref.load.build(b, { memref: n!, indices: [index(b, 0)] }, {}).result;
        // Collatz: how many steps until 1, and the largest number on the way.
        const loops = scf.while.build(
          b,
          { inits: [start, integer(b, i32, 0), start] },
          {},
          {
            resultTypes: [i32, i32, i32],
            regions: {
              before: [
                {
                  arguments: [i32, i32, i32],
                  body(inner, args) {
                    const condition = arith.cmpi.build(
                      inner,
                      { lhs: args[0]!, rhs: integer(inner, i32, 1) },
                      { predicate: "ne" },
                    ).result;
                    scf.condition.build(inner, { condition, args }, {});
                  },
                },
              ],
              after: [
                {
                  arguments: [i32, i32, i32],
                  body(inner, [value, steps, largest]) {
                    const odd = arith.trunci.build(inner, { in: value! }, {}, { resultTypes: [i1] }).out;
                    const branch = (make: (nested: Builder) => ValueId) => [
                      {
                        arguments: [],
                        body: (nested: Builder) => void scf.yield.build(nested, { results: [make(nested)] }, {}),
                      },
                    ];
                    const next = scf.if.build(
                      inner,
                      { condition: odd },
                      {},
                      {
                        resultTypes: [i32],
                        regions: {
                          thenRegion: branch((nested) => {
                            const lhs = arith.muli.build(
                              nested,
                              { lhs: value!, rhs: integer(nested, i32, 3) },
                              {},
                            ).result;
                            return arith.addi.build(nested, { lhs, rhs: integer(nested, i32, 1) }, {}).result;
                          }),
                          elseRegion: branch(
                            (nested) =>
                              arith.shrsi.build(nested, { lhs: value!, rhs: integer(nested, i32, 1) }, {}).result,
                          ),
                        },
                      },
                    ).results[0]!;
                    const count = arith.addi.build(inner, { lhs: steps!, rhs: integer(inner, i32, 1) }, {}).result;
                    const larger = arith.maxsi.build(inner, { lhs: largest!, rhs: next }, {}).result;
                    scf.yield.build(inner, { results: [next, count, larger] }, {});
                  },
                },
              ],
            },
          },
        ).results;
        memref.store.build(b, { value: loops[1]!, memref: y!, indices: [index(b, 0)] }, {});
        memref.store.build(b, { value: loops[2]!, memref: y!, indices: [index(b, 1)] }, {});
        const [sum] = loop(b, 3, [constant(b, type, 1)], (inner, _, [outer]) =>
          loop(inner, 2, [outer!], (nested, __, [acc]) => {
            const condition = arith.cmpi.build(
              nested,
              { lhs: start, rhs: integer(nested, i32, 5) },
              { predicate: "sgt" },
            ).result;
            const twice = arith.addf.build(nested, { lhs: acc!, rhs: acc! }, {}).result;
            return scf.if.build(
              nested,
              { condition },
              {},
              {
                resultTypes: [type],
                regions: {
                  thenRegion: [{ arguments: [], body: (deep) => void scf.yield.build(deep, { results: [twice] }, {}) }],
                  elseRegion: [{ arguments: [], body: (deep) => void scf.yield.build(deep, { results: [acc!] }, {}) }],
                },
              },
            ).results;
          }),
        );
        vector.store.build(b, { valueToStore: sum!, base: v!, indices: [index(b, 0)] }, {});
      },
    );
    const { y, v } = await runModule(module, { n: tensorFromNumbers("i32", [1], [27]) }, options);
    expect(plainData(y)).toEqual([111, 9232]);
    expect(plainData(v)).toEqual([64, 64, 64, 64]);
  });

  test.each([1, 2])("parallel loops on %i threads", async (threads) => {
    const module = kernelModule(
      [
        { name: "x", type: memRefType([40, 30], f32) },
        { name: "y", type: memRefType([40, 30], f32), output: true },
      ],
      (b, [x, y]) => {
        const [zero, one, rows, columns] = [0, 1, 40, 30].map((value) => index(b, value)) as [
          ValueId,
          ValueId,
          ValueId,
          ValueId,
        ];
        scf.parallel.build(
          b,
          { lowerBound: [zero, zero], upperBound: [rows, columns], step: [one, one] },
          {},
          {
            regions: {
              region: [
                {
                  arguments: [indexType, indexType],
                  body(inner, indices) {
                    const lhs = memref.load.build(inner, { memref: x!, indices }, {}).result;
                    memref.store.build(
                      inner,
                      { value: arith.addf.build(inner, { lhs, rhs: lhs }, {}).result, memref: y!, indices },
                      {},
                    );
                    scf.reduce.build(inner, {}, {});
                  },
                },
              ],
            },
          },
        );
      },
    );
    const x = Array.from({ length: 1200 }, (_, i) => i);
    const { model, source } = await load(module, { ...options, threads });
    expect(source.includes("omp parallel for")).toBe(threads > 1);
    const results = model.run(new Map([["x", tensorFromNumbers("f32", [40, 30], x)]]));
    expect(plainData(results.get("y"))).toEqual(x.map((value) => 2 * value));
  });

  test("slices, strided copies, reshapes and local buffers", async () => {
    const strided = memRefType([2, 3], f32, { kind: "strided", strides: [12, 2], offset: "?" });
    const module = kernelModule(
      [
        { name: "x", type: memRefType([4, 6], f32) },
        { name: "y", type: memRefType([6], f32), output: true },
      ],
      (b, [x, y]) => {
        loop(b, 1, [], (inner, at) => {
          const kDynamic = -(2 ** 63);
          const view = memref.subview.build(
            inner,
            { source: x!, offsets: [at] },
            { static_offsets: [kDynamic, 1], static_sizes: [2, 3], static_strides: [2, 2] },
            { resultTypes: [strided] },
          ).result;
          const local = memref.alloca.build(inner, {}, {}, { resultTypes: [memRefType([2, 3], f32)] }).memref;
          memref.copy.build(inner, { source: view, target: local }, {});
          const flat = memref.collapse_shape.build(
            inner,
            { src: local },
            { reassociation: [[0, 1]] },
            { resultTypes: [memRefType([6], f32)] },
          ).result;
          memref.copy.build(inner, { source: flat, target: y! }, {});
          return [];
        });
      },
    );
    const x = tensorFromNumbers(
      "f32",
      [4, 6],
      Array.from({ length: 24 }, (_, i) => i),
    );
    expect(plainData((await runModule(module, { x }, options))["y"])).toEqual([1, 3, 5, 13, 15, 17]);
  });

  test("buffers that share the arena's bytes one after the other keep their order", async () => {
    const type = memRefType([64], f32);
    const integers = memRefType([64], i32);
    const module = kernelModule(
      [
        { name: "x", type },
        { name: "y", type, output: true },
      ],
      (b, [x, y, arena]) => {
        const view = (result: typeof type) =>
          memref.view.build(b, { source: arena!, byte_shift: index(b, 0) }, {}, { resultTypes: [result] }).result;
        const [first, second, third] = [view(type), view(integers), view(type)];
        const each = (from: ValueId, to: ValueId, convert: (inner: Builder, value: ValueId) => ValueId) =>
          loop(b, 64, [], (inner, at) => {
            const value = memref.load.build(inner, { memref: from, indices: [at] }, {}).result;
            memref.store.build(inner, { value: convert(inner, value), memref: to, indices: [at] }, {});
            return [];
          });
        each(x!, first, (_, value) => value);
        // In place, and as another type.
        each(first, second, (inner, value) => arith.fptosi.build(inner, { in: value }, {}, { resultTypes: [i32] }).out);
        each(
          second,
          third,
          (inner, value) =>
            arith.sitofp.build(
              inner,
              { in: arith.addi.build(inner, { lhs: value, rhs: value }, {}).result },
              {},
              { resultTypes: [f32] },
            ).out,
        );
        each(third, y!, (_, value) => value);
      },
      256,
    );
    const { model, source } = await load(module, options, ["-O3", "-march=native"]);
    // The two views of the same bytes are not promised to be apart.
    expect(source.match(/restrict/g)!.length).toBe(4);
    const results = model.run(new Map([["x", zeroTo(64)]]));
    expect(plainData(results.get("y"))).toEqual(Array.from({ length: 64 }, (_, i) => 2 * i));
  });
});
