import { describe, expect, test } from "vitest";
import { arith, tensor } from "../../src/ir/dialects/index.ts";
import { dynamicEntry } from "../../src/ir/index-list.ts";
import type { Builder } from "../../src/ir/builder.ts";
import type { ValueId } from "../../src/ir/module.ts";
import { f16, f32, i32, i64, indexType, stringType, tensorType, type Type } from "../../src/ir/types.ts";
import type { RuntimeValue } from "../../src/interpreter/values.ts";
import { type HostTensor, tensorFromStrings } from "../../src/support/numeric/host-tensor.ts";
import { block, choose, codeOf, constant, dataOf, emptyTensor, index, loop, program, run, runBoth, tensorOf } from "./programs.ts"; // prettier-ignore

const counting = (shape: readonly number[]): HostTensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensorOf("i32", shape, Array.from({ length: count }, (_, i) => i)); // prettier-ignore
};
/** The result of a function of tensors, by both paths. */
const apply = (
  inputs: readonly HostTensor[],
  body: (b: Builder, values: readonly ValueId[]) => ValueId,
  element: Type = i32,
): HostTensor => {
  const types = inputs.map(({ shape }) => tensorType(shape, element));
  return runBoth(program(types, (b, values) => [body(b, values)]), () => inputs)[0] as HostTensor; // prettier-ignore
};
const shapeAndData = ({ shape, data }: HostTensor) => [[...shape], [...(data as Int32Array)]];

describe("tensor operations against plain JavaScript", () => {
  test("extract_slice, with strides and a dropped dimension", () => {
    const x = counting([3, 4, 5]);
    const slice = apply([x], (b, [source]) =>
      tensor.extract_slice.build(
        b,
        { source: source! },
        { static_offsets: [1, 0, 1], static_sizes: [1, 2, 2], static_strides: [1, 3, 2] },
        { resultTypes: [tensorType([2, 2], i32)] },
      ).result,
    ); // prettier-ignore
    const at = (i: number, j: number, k: number): number => i * 20 + j * 5 + k;
    expect(shapeAndData(slice)).toEqual([[2, 2], [at(1, 0, 1), at(1, 0, 3), at(1, 3, 1), at(1, 3, 3)]]); // prettier-ignore
  });

  test("extract_slice and insert_slice at positions from operands", () => {
    const types = [tensorType([6], i32), tensorType([2], i32), indexType];
    const module = program(types, (b, [target, part, offset]) => {
      const attributes = { static_offsets: [dynamicEntry], static_sizes: [2], static_strides: [1] };
      const read = tensor.extract_slice.build(b, { source: target!, offsets: [offset!] }, attributes, { resultTypes: [types[1]!] }).result; // prettier-ignore
      const written = tensor.insert_slice.build(b, { source: part!, dest: target!, offsets: [offset!] }, attributes).result; // prettier-ignore
      return [read, written];
    });
    const inputs = (offset: number) => (): readonly RuntimeValue[] => [counting([6]), tensorOf("i32", [2], [-1, -2]), offset]; // prettier-ignore
    expect(runBoth(module, inputs(3)).map(dataOf)).toEqual([[3, 4], [0, 1, 2, -1, -2, 5]]); // prettier-ignore
    for (const offset of [5, -1]) expect(codeOf(() => run(module, inputs(offset)()))).toBe("interpreter/out-of-bounds");
  });

  test("insert_slice of a smaller rank", () => {
    const inserted = apply([counting([2, 3]), tensorOf("i32", [2], [-1, -2])], (b, [dest, source]) =>
      tensor.insert_slice.build(b, { source: source!, dest: dest! }, { static_offsets: [0, 1], static_sizes: [2, 1], static_strides: [1, 1] }).result,
    ); // prettier-ignore
    expect(shapeAndData(inserted)).toEqual([[2, 3], [0, -1, 2, 3, -2, 5]]); // prettier-ignore
  });

  test("pad with a constant, with computed elements, and by less than nothing", () => {
    const pad = (low: readonly number[], high: readonly number[], shape: readonly number[], value: (b: Builder, at: readonly ValueId[]) => ValueId) =>
      apply([counting([2, 2])], (b, [source]) =>
        tensor.pad.build(b, { source: source! }, { static_low: low, static_high: high }, {
          resultTypes: [tensorType(shape, i32)],
          regions: { region: block([indexType, indexType], (inner, at) => void tensor.yield.build(inner, { value: value(inner, at) }, {})) },
        }).result,
      ); // prettier-ignore
    const seven = (b: Builder): ValueId => constant(b, i32, 7);
    expect(shapeAndData(pad([1, 0], [0, 1], [3, 3], seven))).toEqual([[3, 3], [7, 7, 7, 0, 1, 7, 2, 3, 7]]); // prettier-ignore
    expect(shapeAndData(pad([-1, 1], [1, 0], [2, 3], seven))).toEqual([[2, 3], [7, 2, 3, 7, 7, 7]]); // prettier-ignore
    const sum = (b: Builder, at: readonly ValueId[]): ValueId => {
      const both = arith.addi.build(b, { lhs: at[0]!, rhs: at[1]! }, {}).result;
      return arith.index_cast.build(b, { in: both }, {}, { resultTypes: [i32] }).out;
    };
    expect(shapeAndData(pad([0, 2], [1, 0], [3, 4], sum))).toEqual([[3, 4], [0, 1, 0, 1, 1, 2, 2, 3, 2, 3, 4, 5]]); // prettier-ignore
  });

  test("concat along an inner dimension", () => {
    const joined = apply([counting([2, 2]), counting([2, 3])], (b, inputs) =>
      tensor.concat.build(b, { inputs }, { dim: 1 }, { resultTypes: [tensorType([2, 5], i32)] }).result,
    ); // prettier-ignore
    expect(shapeAndData(joined)).toEqual([[2, 5], [0, 1, 0, 1, 2, 2, 3, 3, 4, 5]]); // prettier-ignore
  });

  test("reshapes keep the elements' order", () => {
    const collapsed = apply([counting([2, 3, 2])], (b, [src]) =>
      tensor.collapse_shape.build(b, { src: src! }, { reassociation: [[0], [1, 2]] }, { resultTypes: [tensorType([2, 6], i32)] }).result,
    ); // prettier-ignore
    expect(shapeAndData(collapsed)).toEqual([[2, 6], Array.from({ length: 12 }, (_, i) => i)]); // prettier-ignore
    const expanded = apply([counting([6])], (b, [src]) =>
      tensor.expand_shape.build(b, { src: src! }, { reassociation: [[0, 1]], static_output_shape: [2, 3] }, { resultTypes: [tensorType([2, 3], i32)] }).result,
    ); // prettier-ignore
    expect(expanded.shape).toEqual([2, 3]);
    const module = program([tensorType([6], i32), tensorType([2], i64)], (b, [source, shape]) => [
      tensor.reshape.build(b, { source: source!, shape: shape! }, {}, { resultTypes: [tensorType(["?", "?"], i32)] }).result,
    ]); // prettier-ignore
    expect((run(module, [counting([6]), tensorOf("i64", [2], [3n, 2n])])[0] as HostTensor).shape).toEqual([3, 2]);
    expect(codeOf(() => run(module, [counting([6]), tensorOf("i64", [2], [4n, 2n])]))).toBe(
      "interpreter/shape-mismatch",
    );
  });

  test("generate, splat, from_elements, dim, extract", () => {
    const generated = apply([], (b) =>
      tensor.generate.build(b, { dynamicExtents: [index(b, 2)] }, {}, {
        resultTypes: [tensorType(["?", 3], i32)],
        regions: {
          body: block([indexType, indexType], (inner, [i, j]) => {
            const product = arith.muli.build(inner, { lhs: i!, rhs: index(inner, 10) }, {}).result;
            const sum = arith.addi.build(inner, { lhs: product, rhs: j! }, {}).result;
            tensor.yield.build(inner, { value: arith.index_cast.build(inner, { in: sum }, {}, { resultTypes: [i32] }).out }, {});
          }),
        },
      }).result,
    ); // prettier-ignore
    expect(shapeAndData(generated)).toEqual([[2, 3], [0, 1, 2, 10, 11, 12]]); // prettier-ignore
    const splat = apply([], (b) => tensor.splat.build(b, { input: constant(b, f16, 1.5) }, {}, { resultTypes: [tensorType([2], f16)] }).aggregate); // prettier-ignore
    expect(dataOf(splat)).toEqual([1.5, 1.5]);
    const listed = apply([], (b) => tensor.from_elements.build(b, { elements: [constant(b, i32, 4), constant(b, i32, 5)] }, {}, { resultTypes: [tensorType([2], i32)] }).result); // prettier-ignore
    expect(dataOf(listed)).toEqual([4, 5]);
    const module = program([tensorType([3, 4], i32)], (b, [x]) => [
      tensor.dim.build(b, { source: x!, index: index(b, 1) }, {}).result,
      tensor.extract.build(b, { tensor: x!, indices: [index(b, 2), index(b, 3)] }, {}).result,
    ]);
    expect(runBoth(module, () => [counting([3, 4])])).toEqual([4, 11]);
  });

  test("strings are carried along", () => {
    const type = tensorType([3], stringType);
    const words = tensorFromStrings([3], ["a", 'b"', "c"]);
    const module = program([type], (b, [x]) => [
      tensor.extract_slice.build(b, { source: x! }, { static_offsets: [1], static_sizes: [2], static_strides: [1] }, { resultTypes: [tensorType([2], stringType)] }).result,
    ]); // prettier-ignore
    expect(dataOf(run(module, [words])[0])).toEqual(['b"', "c"]);
  });
});

describe("tensors are values", () => {
  const insert = (b: Builder, value: ValueId, dest: ValueId, at: ValueId): ValueId =>
    tensor.insert.build(b, { scalar: value, dest, indices: [at] }, {}).result;
  const type = tensorType([4], i32);

  test("an insertion leaves its operand, arguments and constants as they were", () => {
    const module = program([type], (b, [x]) => {
      const inserted = insert(b, constant(b, i32, 9), x!, index(b, 1));
      const table = constant(b, type, [1, 2, 3, 4]);
      return [inserted, x!, insert(b, constant(b, i32, 8), table, index(b, 0)), table];
    });
    const x = counting([4]);
    const expected = [[0, 9, 2, 3], [0, 1, 2, 3], [8, 2, 3, 4], [1, 2, 3, 4]]; // prettier-ignore
    expect(runBoth(module, () => [x]).map(dataOf)).toEqual(expected);
    expect(runBoth(module, () => [x]).map(dataOf)).toEqual(expected);
  });

  test("a value used again after an insertion is not overwritten", () => {
    const module = program([], (b) => {
      const start = tensor.splat.build(b, { input: constant(b, i32, 0) }, {}, { resultTypes: [type] }).aggregate;
      const first = insert(b, constant(b, i32, 1), start, index(b, 0));
      const second = insert(b, constant(b, i32, 2), start, index(b, 1));
      return [start, first, second];
    });
    expect(runBoth(module, () => []).map(dataOf)).toEqual([[0, 0, 0, 0], [1, 0, 0, 0], [0, 2, 0, 0]]); // prettier-ignore
  });

  test("what a loop carries may change places, be dropped and be shared", () => {
    const module = program([type, type], (b, [x, y]) => {
      const bounds = [index(b, 0), index(b, 3), index(b, 1)] as const;
      const swapped = loop(b, bounds, [x!, y!], (inner, at, [p, q]) => [q!, insert(inner, constant(inner, i32, 9), p!, at)]); // prettier-ignore
      // Both carried tensors start as one value, and only one is written.
      const shared = loop(b, bounds, [x!, x!], (inner, at, [p, q]) => [insert(inner, constant(inner, i32, 7), p!, at), q!]); // prettier-ignore
      // The old tensor is read after the new one is made, and goes on as well.
      const kept = loop(b, bounds, [x!, y!], (inner, at, [p]) => [insert(inner, constant(inner, i32, 5), p!, at), p!]);
      return [...swapped, ...shared, ...kept, x!, y!];
    });
    const found = runBoth(module, () => [tensorOf("i32", [4], [0, 0, 0, 0]), tensorOf("i32", [4], [1, 1, 1, 1])]);
    let [p, q] = [[0, 0, 0, 0], [1, 1, 1, 1]]; // prettier-ignore
    for (let at = 0; at < 3; at++) [p, q] = [q!, p!.with(at, 9)];
    expect(found.map(dataOf)).toEqual([p, q, [7, 7, 7, 0], [0, 0, 0, 0], [5, 5, 5, 0], [5, 5, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]); // prettier-ignore
  });

  test("a branch may write what the other branch passes on", () => {
    const module = program([type], (b, [x]) =>
      loop(b, [index(b, 0), index(b, 4), index(b, 1)], [x!], (inner, at, [p]) => {
        const element = tensor.extract.build(inner, { tensor: p!, indices: [at] }, {}).result;
        const condition = arith.cmpi.build(inner, { lhs: element, rhs: constant(inner, i32, 1) }, { predicate: "sgt" }).result; // prettier-ignore
        return choose(inner, condition, [type], (yes) => [insert(yes, constant(yes, i32, -1), p!, at)], () => [p!]);
      }),
    ); // prettier-ignore
    expect(dataOf(runBoth(module, () => [counting([4])])[0])).toEqual([0, 1, -1, -1]);
  });

  test("a scatter into a large tensor takes time in proportion to its length", () => {
    const count = 200_000;
    const large = tensorType([count], i32);
    const module = program([], (b) =>
      loop(b, [index(b, 0), index(b, count), index(b, 1)], [emptyTensor(b, large)], (inner, at, [target]) => {
        const value = arith.index_cast.build(inner, { in: at }, {}, { resultTypes: [i32] }).out;
        return [insert(inner, value, target!, at)];
      }),
    );
    // Copied at each insertion, this would move 160 GB.
    const [result] = run(module, []);
    expect((result as HostTensor).data[count - 1]).toBe(count - 1);
  });
});

describe("whole-tensor arithmetic", () => {
  test("scalar operations apply to each element", () => {
    const type = tensorType([2, 2], f32);
    const module = program([type, type], (b, [x, y]) => [arith.addf.build(b, { lhs: x!, rhs: y! }, {}).result]);
    const [sum] = run(module, [tensorOf("f32", [2, 2], [1, 2, 3, 4]), tensorOf("f32", [2, 2], [10, 20, 30, 40])]);
    expect(dataOf(sum)).toEqual([11, 22, 33, 44]);
  });

  test("a scalar condition selects a whole tensor", () => {
    const type = tensorType([2], f32);
    const module = program([type, type], (b, [x, y]) => {
      const condition = arith.cmpi.build(b, { lhs: index(b, 1), rhs: index(b, 2) }, { predicate: "slt" }).result;
      return [arith.select.build(b, { condition, true_value: x!, false_value: y! }, {}).result];
    });
    expect(dataOf(runBoth(module, () => [tensorOf("f32", [2], [1, 2]), tensorOf("f32", [2], [3, 4])])[0])).toEqual([
      1, 2,
    ]);
  });
});
