import { describe, expect, test } from "vitest";
import { arith, memref, vector } from "../../src/ir/dialects/index.ts";
import type { CombiningKind } from "../../src/ir/dialects/vector.ts";
import { dynamicEntry } from "../../src/ir/index-list.ts";
import type { Builder } from "../../src/ir/builder.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { denseAttribute } from "../../src/ir/attributes.ts";
import type { ValueId } from "../../src/ir/module.ts";
import { bf16, f32, f64, i1, i32, i8, indexType, memRefType, tensorType, type Type, vectorType } from "../../src/ir/types.ts"; // prettier-ignore
import { interpretFunction } from "../../src/interpreter/interpret.ts";
import { bufferOf, type BufferView, type RuntimeValue } from "../../src/interpreter/values.ts";
import { codeOf, constant, dataOf, index, loop, program, run, runBoth, tensorOf } from "./programs.ts";

const floats = (shape: readonly number[], values: ArrayLike<number>): BufferView =>
  bufferOf(tensorOf("f32", shape, values));
const counting = (...shape: readonly number[]): BufferView =>
  floats(shape, Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i)); // prettier-ignore
const indices = (b: Builder, ...values: readonly number[]): ValueId[] => values.map((value) => index(b, value));
const load = (b: Builder, from: ValueId, ...at: readonly number[]): ValueId =>
  memref.load.build(b, { memref: from, indices: indices(b, ...at) }, {}).result;
const slice = (offsets: readonly number[], sizes: readonly number[], strides: readonly number[]) => ({
  static_offsets: offsets,
  static_sizes: sizes,
  static_strides: strides,
});
const strided = (
  shape: readonly number[],
  element: Type,
  strides: readonly (number | "?")[],
  offset: number | "?" = 0,
) => memRefType(shape, element, { kind: "strided", strides, offset });
/** Runs operations inside a loop of one iteration, so that they are compiled, and gives what they return. */
const inLoop = (
  b: Builder,
  types: readonly Type[],
  starts: readonly ValueId[],
  body: (b: Builder) => readonly ValueId[],
) => (types.length === 0 ? body(b) : loop(b, [index(b, 0), index(b, 1), index(b, 1)], starts, (inner) => body(inner)));

describe("views", () => {
  test("an arena of bytes holds buffers of several types", () => {
    const module = program([memRefType([32], i8), indexType], (b, [arena, shift]) => {
      const at = (offset: ValueId, type: Type): ValueId =>
        memref.view.build(b, { source: arena!, byte_shift: offset }, {}, { resultTypes: [type] }).result;
      const x = at(index(b, 8), memRefType([2], f32));
      const y = at(shift!, memRefType([1], f64));
      memref.store.build(b, { value: constant(b, f32, 1), memref: x, indices: indices(b, 1) }, {});
      memref.store.build(b, { value: constant(b, f64, 2), memref: y, indices: indices(b, 0) }, {});
      return [load(b, x, 1), load(b, y, 0)];
    });
    const arena = (): RuntimeValue[] => [bufferOf(tensorOf("i8", [32], new Array<number>(32).fill(0))), 16]; // oxlint-disable-line unicorn/no-new-array
    expect(runBoth(module, arena)).toEqual([1, 2]);
    const [bytes] = arena();
    run(module, [bytes!, 16]);
    // 1.0f is 00 00 80 3f, 2.0 is seven zeros and 40, in little-endian order.
    expect(dataOf(bytes).slice(12, 24)).toEqual([0, 0, -128, 63, 0, 0, 0, 0, 0, 0, 0, 64]);
    for (const wrong of [4, 28, 32, -8])
      expect(codeOf(() => run(module, [bytes!, wrong]))).toBe("interpreter/misaligned-view");
  });

  test("subviews of subviews, with dropped dimensions and dynamic places", () => {
    const module = program([memRefType([4, 6], f32), indexType], (b, [x, at]) => {
      const inner = memref.subview.build(
        b,
        { source: x!, offsets: [at!] },
        slice([dynamicEntry, 1], [2, 3], [2, 2]),
        { resultTypes: [strided([2, 3], f32, [12, 2], "?")] },
      ).result; // prettier-ignore
      const zero = constant(b, f32, 0);
      const read = (i: Builder) => {
        const row = memref.subview.build(
          i,
          { source: inner },
          slice([1, 0], [1, 3], [1, 1]),
          { resultTypes: [strided([3], f32, [2], "?")] },
        ).result; // prettier-ignore
        return [load(i, inner, 0, 0), load(i, inner, 1, 2), load(i, row, 1)];
      };
      return inLoop(b, [f32, f32, f32], [zero, zero, zero], read);
    });
    // Rows 1 and 3, columns 1, 3, 5: element (i, j) is 6i + j.
    expect(runBoth(module, () => [counting(4, 6), 1])).toEqual([7, 23, 21]);
    expect(codeOf(() => run(module, [counting(4, 6), 2]))).toBe("interpreter/out-of-bounds");
  });

  test("collapse, expand, reinterpret, cast, dim", () => {
    const module = program([memRefType([2, 6], f32)], (b, [x]) => {
      const flat = memref.collapse_shape.build(b, { src: x! }, { reassociation: [[0, 1]] }, { resultTypes: [memRefType([12], f32)] }).result; // prettier-ignore
      const cube = memref.expand_shape.build(b, { src: x! }, { reassociation: [[0], [1, 2]], static_output_shape: [2, 3, 2] }, { resultTypes: [memRefType([2, 3, 2], f32)] }).result; // prettier-ignore
      const window = memref.reinterpret_cast.build(b, { source: x! }, slice([3], [2, 2], [4, 1]), { resultTypes: [strided([2, 2], f32, [4, 1], 3)] }).result; // prettier-ignore
      const open = memref.cast.build(b, { source: x! }, {}, { resultTypes: [memRefType(["?", "?"], f32)] }).dest;
      const size = memref.dim.build(b, { source: open, index: index(b, 1) }, {}).result;
      return [load(b, flat, 7), load(b, cube, 1, 2, 1), load(b, window, 1, 1), load(b, open, 1, 1), size];
    });
    expect(runBoth(module, () => [counting(2, 6)])).toEqual([7, 11, 8, 7, 6]);
  });

  test("one element has a place along dimensions of size 1", () => {
    const type = memRefType([], f32);
    const result = runBoth(
      program([type], (b, [x]) => {
        const one = memref.expand_shape.build(b, { src: x! }, { reassociation: [], static_output_shape: [1, 1] }, { resultTypes: [memRefType([1, 1], f32)] }).result; // prettier-ignore
        return [load(b, one, 0, 0)];
      }),
      () => [floats([], [7])],
    );
    expect(result).toEqual([7]);
  });

  test("copies between layouts, and within one buffer", () => {
    const module = program([memRefType([3, 2], f32), memRefType([6], f32)], (b, [x, y]) => {
      const transposed = memref.reinterpret_cast.build(b, { source: y! }, slice([0], [3, 2], [1, 3]), { resultTypes: [strided([3, 2], f32, [1, 3])] }).result; // prettier-ignore
      memref.copy.build(b, { source: x!, target: transposed }, {});
      const part = (from: number): ValueId =>
        memref.subview.build(b, { source: y! }, slice([from], [4], [1]), { resultTypes: [strided([4], f32, [1], from)] }).result; // prettier-ignore
      memref.copy.build(b, { source: part(0), target: part(2) }, {});
      return [];
    });
    const inputs = () => [counting(3, 2), counting(6)];
    runBoth(module, inputs);
    const [x, y] = inputs();
    run(module, [x!, y!]);
    // Transposed: 0 2 4 1 3 5; then its first four to places 2 to 5.
    expect(dataOf(y)).toEqual([0, 2, 0, 2, 4, 1]);
  });

  test("local buffers are new each time, globals are not", () => {
    const type = memRefType([2], f32);
    const module = createModule((r) => {
      const initial_value = denseAttribute(tensorOf("f32", [2], [5, 6]), tensorType([2], f32));
      memref.global.build(r, {}, { sym_name: "table", type, initial_value, constant: true });
      memref.global.build(r, {}, { sym_name: "state", type, initial_value });
      createFunction(r, "main", [], (b) => {
        const get = (name: string): ValueId => memref.get_global.build(b, {}, { name }, { resultTypes: [type] }).result;
        const state = get("state");
        const bounds = [index(b, 0), index(b, 3), index(b, 1)] as const;
        const [sum] = loop(b, bounds, [constant(b, f32, 0)], (inner, _, [total]) => {
          const local = memref.alloca.build(inner, {}, {}, { resultTypes: [type] }).memref;
          const next = arith.addf.build(inner, { lhs: load(inner, local, 0), rhs: load(inner, get("table"), 1) }, {}).result;
          memref.store.build(inner, { value: next, memref: local, indices: indices(inner, 0) }, {});
          const more = arith.addf.build(inner, { lhs: load(inner, state, 0), rhs: next }, {}).result;
          memref.store.build(inner, { value: more, memref: state, indices: indices(inner, 0) }, {});
          return [arith.addf.build(inner, { lhs: total!, rhs: load(inner, local, 0) }, {}).result];
        }); // prettier-ignore
        return [sum!, load(b, state, 0)];
      });
    });
    for (let again = 0; again < 2; again++) expect(runBoth(module, () => [])).toEqual([18, 23]);
    expect(codeOf(() => interpretFunction(program([], (b) => [load(b, memref.get_global.build(b, {}, { name: "none" }, { resultTypes: [type] }).result, 0)]), "main", []))).toBe("interpreter/unknown-global"); // prettier-ignore
  });

  test("accesses outside a buffer", () => {
    const module = program([memRefType([2, 3], f32), indexType], (b, [x, at]) => {
      memref.store.build(b, { value: constant(b, f32, 1), memref: x!, indices: [index(b, 0), at!] }, {});
      return loop(b, [index(b, 0), index(b, 1), index(b, 1)], [constant(b, f32, 0)], (inner) => [
        memref.load.build(inner, { memref: x!, indices: [at!, index(inner, 0)] }, {}).result,
      ]);
    });
    for (const path of ["compiled", "walked"] as const) {
      // 3 is outside the second dimension, though inside the buffer; 2 outside the first; -1 outside both.
      for (const at of [3, 2, -1]) expect(codeOf(() => run(module, [counting(2, 3), at], { path }))).toBe("interpreter/out-of-bounds"); // prettier-ignore
      expect(run(module, [counting(2, 3), 1], { path })).toEqual([3]);
    }
  });
});

describe("vectors", () => {
  const four = vectorType([4], f32);
  const mask4 = vectorType([4], i1);
  const six = memRefType([6], f32);
  const out = memRefType([4], f32);
  const read = (b: Builder, base: ValueId, at: ValueId, type: Type = four): ValueId =>
    vector.load.build(b, { base, indices: [at] }, {}, { resultTypes: [type] }).result;
  /** A program that puts a vector into its second argument, in a compiled loop; the vector's lanes. */
  const lanes = (body: (b: Builder, x: ValueId, zero: ValueId) => ValueId): readonly unknown[] => {
    const module = program([six, out], (b, [x, y]) => {
      loop(b, [index(b, 0), index(b, 1), index(b, 1)], [], (inner, zero) => {
        vector.store.build(inner, { valueToStore: body(inner, x!, zero), base: y!, indices: [zero] }, {});
        return [];
      });
      return [];
    });
    const inputs = () => [floats([6], [1, 2, 3, 4, 5, 6]), floats([4], [0, 0, 0, 0])];
    runBoth(module, inputs);
    const [x, y] = inputs();
    run(module, [x!, y!]);
    return dataOf(y);
  };
  const mask = (b: Builder, count: ValueId): ValueId =>
    vector.create_mask.build(b, { operands: [count] }, {}, { resultTypes: [mask4] }).result;

  test("load, broadcast, fma, insert, extract, shuffle, step, constant_mask", () => {
    expect(lanes((b, x) => read(b, x, index(b, 2)))).toEqual([3, 4, 5, 6]);
    expect(lanes((b, x, zero) => {
      const splat = vector.broadcast.build(b, { source: constant(b, f32, 10) }, {}, { resultTypes: [four] }).vector;
      return vector.fma.build(b, { lhs: read(b, x, zero), rhs: splat, acc: read(b, x, index(b, 1)) }, {}).result;
    })).toEqual([12, 23, 34, 45]); // prettier-ignore
    expect(lanes((b, x, zero) => {
      const value = vector.extract.build(b, { source: read(b, x, zero) }, { static_position: [3] }, { resultTypes: [f32] }).result;
      const once = vector.insert.build(b, { valueToStore: value, dest: read(b, x, zero) }, { static_position: [0] }).result;
      return vector.insert.build(b, { valueToStore: value, dest: once, dynamic_position: [index(b, 1)] }, { static_position: [dynamicEntry] }).result;
    })).toEqual([4, 4, 3, 4]); // prettier-ignore
    expect(lanes((b, x, zero) => vector.shuffle.build(b, { v1: read(b, x, zero), v2: read(b, x, index(b, 2)) }, { mask: [7, 0, 4, 3] }).vector)).toEqual([6, 1, 3, 4]); // prettier-ignore
    expect(lanes((b) => {
      const steps = vector.step.build(b, {}, {}, { resultTypes: [vectorType([4], indexType)] }).result;
      const integers = arith.index_cast.build(b, { in: steps }, {}, { resultTypes: [vectorType([4], i32)] }).out;
      return arith.sitofp.build(b, { in: integers }, {}, { resultTypes: [four] }).out;
    })).toEqual([0, 1, 2, 3]); // prettier-ignore
    expect(lanes((b, x, zero) => {
      const some = vector.constant_mask.build(b, {}, { mask_dim_sizes: [2] }, { resultTypes: [mask4] }).result;
      return arith.select.build(b, { condition: some, true_value: read(b, x, zero), false_value: constant(b, four, [9, 8, 7, 6]) }, {}).result;
    })).toEqual([1, 2, 7, 6]); // prettier-ignore
  });

  test("masked loads, stores and gathers touch only what the mask lets them", () => {
    const other = (b: Builder): ValueId => constant(b, four, [-1, -2, -3, -4]);
    expect(lanes((b, x) => vector.maskedload.build(b, { base: x, indices: [index(b, 4)], mask: mask(b, index(b, 2)), pass_thru: other(b) }, {}).result)).toEqual([5, 6, -3, -4]); // prettier-ignore
    const wanted = (b: Builder): ValueId => constant(b, vectorType([4], i32), [5, 0, 3, 99]);
    expect(lanes((b, x, zero) => vector.gather.build(b, { base: x, offsets: [zero], indices: wanted(b), mask: mask(b, index(b, 3)), pass_thru: other(b) }, {}).result)).toEqual([6, 1, 4, -4]); // prettier-ignore
    expect(codeOf(() => lanes((b, x, zero) => vector.gather.build(b, { base: x, offsets: [zero], indices: wanted(b), mask: mask(b, index(b, 4)), pass_thru: other(b) }, {}).result))).toBe("interpreter/out-of-bounds"); // prettier-ignore
    const module = program([six, indexType, indexType], (b, [x, at, count]) => {
      loop(b, [index(b, 0), index(b, 1), index(b, 1)], [], (inner) => {
        vector.maskedstore.build(inner, { base: x!, indices: [at!], mask: mask(inner, count!), valueToStore: other(inner) }, {}); // prettier-ignore
        return [];
      });
      return [];
    });
    const inputs = (at: number, count: number) => (): RuntimeValue[] => [floats([6], [1, 2, 3, 4, 5, 6]), at, count];
    runBoth(module, inputs(4, 2));
    const [x, ...rest] = inputs(4, 2)();
    run(module, [x!, ...rest]);
    expect(dataOf(x)).toEqual([1, 2, 3, 4, -1, -2]);
    for (const path of ["compiled", "walked"] as const) expect(codeOf(() => run(module, inputs(4, 3)(), { path }))).toBe("interpreter/out-of-bounds"); // prettier-ignore
  });

  test("a vector that reaches over the end of a row is outside", () => {
    const module = program([memRefType([2, 6], f32), indexType], (b, [x, at]) =>
      loop(b, [index(b, 0), index(b, 1), index(b, 1)], [constant(b, f32, 0)], (inner) => {
        const row = vector.load.build(inner, { base: x!, indices: [index(inner, 0), at!] }, {}, { resultTypes: [four] }).result; // prettier-ignore
        return [vector.extract.build(inner, { source: row }, { static_position: [3] }, { resultTypes: [f32] }).result];
      }),
    );
    for (const path of ["compiled", "walked"] as const) {
      expect(run(module, [counting(2, 6), 2], { path })).toEqual([5]);
      for (const at of [3, -1]) expect(codeOf(() => run(module, [counting(2, 6), at], { path }))).toBe("interpreter/out-of-bounds"); // prettier-ignore
    }
  });

  test("reductions combine the lanes in order, from the accumulator on", () => {
    const reduce = (kind: CombiningKind, type: Type, values: readonly number[], start?: number): RuntimeValue => {
      const vectors = vectorType([values.length], type);
      const module = program([type], (b, [from]) =>
        loop(b, [index(b, 0), index(b, 1), index(b, 1)], [from!], (inner, _, [carried]) => [
          vector.reduction.build(inner, { vector: constant(inner, vectors, values), acc: start === undefined ? undefined : carried }, { kind }).dest,
        ]),
      ); // prettier-ignore
      return runBoth(module, () => [start ?? 0])[0]!;
    };
    // (1e8 + 1) rounds to 1e8 in f32, so from the left the small numbers are lost, and the accumulator decides.
    expect(reduce("add", f32, [1e8, 1, -1e8])).toBe(0);
    expect(reduce("add", f32, [1, -1e8, 1], 1e8)).toBe(1);
    expect(reduce("mul", f32, [2, 3, 4])).toBe(24);
    expect(reduce("maximumf", f32, [1, NaN, 3])).toBeNaN();
    expect(reduce("maxnumf", f32, [1, NaN, 3])).toBe(3);
    expect(reduce("minimumf", f32, [0, -0], 5)).toBe(-0);
    expect(reduce("minnumf", f32, [NaN, 2])).toBe(2);
    expect(reduce("add", i32, [2147483647, 1])).toBe(-2147483648);
    expect(reduce("minsi", i8, [5, -3])).toBe(-3);
    expect(reduce("minui", i8, [5, -3])).toBe(5);
    expect(reduce("maxui", i8, [5, -3])).toBe(-3);
    expect(reduce("maxsi", i8, [5, -3])).toBe(5);
    expect([reduce("and", i8, [12, 10]), reduce("or", i8, [12, 10]), reduce("xor", i8, [12, 10])]).toEqual([8, 14, 6]);
  });

  test("accumulators that a loop carries, of small floats too", () => {
    for (const type of [f32, bf16]) {
      const vectors = vectorType([2], type);
      const buffers = memRefType([6, 2], type);
      const module = program([buffers, memRefType([2], type)], (b, [x, y]) => {
        const zero = constant(b, vectors, [0, 0]);
        const [sum, other] = loop(b, [index(b, 0), index(b, 6), index(b, 1)], [zero, zero], (inner, at, [p, q]) => {
          const row = vector.load.build(inner, { base: x!, indices: [at, index(inner, 0)] }, {}, { resultTypes: [vectors] }).result; // prettier-ignore
          const next = arith.addf.build(inner, { lhs: p!, rhs: row }, {}).result;
          // The old accumulator is still wanted after the new one is there.
          return [next, arith.addf.build(inner, { lhs: q!, rhs: p! }, {}).result];
        });
        const both = arith.mulf.build(b, { lhs: sum!, rhs: other! }, {}).result;
        vector.store.build(b, { valueToStore: both, base: y!, indices: [index(b, 0)] }, {});
        return [];
      });
      const element = type === f32 ? "f32" : "bf16";
      const inputs = () => [
        bufferOf(tensorOf(element, [6, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])),
        bufferOf(tensorOf(element, [2], [0, 0])),
      ];
      runBoth(module, inputs);
      const [x, y] = inputs();
      run(module, [x!, y!]);
      // Sums 36 and 42; prefix sums 0+1+4+9+16+25 = 55 and 0+2+6+12+20+30 = 70.
      expect(y!.data).toEqual(tensorOf(element, [2], [36 * 55, 42 * 70]).data);
    }
  });
});
