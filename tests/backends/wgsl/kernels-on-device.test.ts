import { describe, expect, test } from "vitest";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { checkedShaders, compileText, interpret, kernelProgram, runOnDevice } from "./device-programs.ts";

const f32s = (...data: readonly number[]) =>
  ({ elementType: "f32", shape: [data.length], data: Float32Array.from(data) }) as const;
const i32s = (...data: readonly number[]) =>
  ({ elementType: "i32", shape: [data.length], data: Int32Array.from(data) }) as const;

const numbersOf = (tensors: ReadonlyMap<string, HostTensor>): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries([...tensors].map(([name, { data }]) => [name, Array.from(data as Float32Array)]));

/** The numbers that a program gives on the device, which are those that it gives in the interpreter. */
async function sameOnDevice(
  text: string,
  inputs: ReadonlyMap<string, HostTensor>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const found = await runOnDevice(text, inputs);
  expect(found).toEqual(interpret(text, inputs));
  return numbersOf(found);
}

describe("control flow, as the interpreter has it", () => {
  test("loops that carry values, swapping them", async () => {
    const text = kernelProgram(
      [
        { name: "x", type: "memref<2xi32>" },
        { name: "y", type: "memref<2xi32>", isOutput: true },
      ],
      `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c7 = arith.constant 7 : index
      %a = memref.load %x[%c0] : memref<2xi32>
      %b = memref.load %x[%c1] : memref<2xi32>
      %r:2 = scf.for %i = %c0 to %c7 step %c1 iter_args(%p = %a, %q = %b) -> (i32, i32) {
        %s = arith.addi %p, %q : i32
        scf.yield %q, %s : i32, i32
      }
      memref.store %r#0, %y[%c0] : memref<2xi32>
      memref.store %r#1, %y[%c1] : memref<2xi32>`,
    );
    const inputs = new Map([["x", i32s(1, 1)]]);
    expect(await sameOnDevice(text, inputs)).toEqual({ y: [21, 34] });
  });

  test("a while loop whose condition reads memory that its body writes", async () => {
    // Collatz's sequence of 27 takes 111 steps to 1.
    const text = kernelProgram(
      [
        { name: "x", type: "memref<1xi32>" },
        { name: "y", type: "memref<2xi32>", isOutput: true },
      ],
      `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %zero = arith.constant 0 : i32
      %one = arith.constant 1 : i32
      %two = arith.constant 2 : i32
      %three = arith.constant 3 : i32
      %first = memref.load %x[%c0] : memref<1xi32>
      memref.store %first, %y[%c0] : memref<2xi32>
      %steps = scf.while (%n = %zero) : (i32) -> i32 {
        %v = memref.load %y[%c0] : memref<2xi32>
        %more = arith.cmpi ne, %v, %one : i32
        scf.condition(%more) %n : i32
      } do {
      ^bb0(%n: i32):
        %v = memref.load %y[%c0] : memref<2xi32>
        %bit = arith.remui %v, %two : i32
        %even = arith.cmpi eq, %bit, %zero : i32
        %next = scf.if %even -> (i32) {
          %half = arith.divui %v, %two : i32
          scf.yield %half : i32
        } else {
          %triple = arith.muli %v, %three : i32
          %up = arith.addi %triple, %one : i32
          scf.yield %up : i32
        }
        memref.store %next, %y[%c0] : memref<2xi32>
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      memref.store %steps, %y[%c1] : memref<2xi32>`,
    );
    const inputs = new Map([["x", i32s(27)]]);
    expect(await sameOnDevice(text, inputs)).toEqual({ y: [1, 111] });
  });

  test("a read before a write that would change it stays before", async () => {
    const text = kernelProgram(
      [{ name: "y", type: "memref<2xf32>", isOutput: true }],
      `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %one = arith.constant 1.0 : f32
      %before = memref.load %y[%c0] : memref<2xf32>
      memref.store %one, %y[%c0] : memref<2xf32>
      %more = arith.addf %before, %one : f32
      memref.store %more, %y[%c1] : memref<2xf32>`,
    );
    expect(await sameOnDevice(text, new Map())).toEqual({ y: [1, 1] });
  });

  test("thousands of operations one after another", async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, index) => `      %v${index + 1} = arith.addf %v${index}, %one : f32`,
    );
    const text = kernelProgram(
      [{ name: "y", type: "memref<1xf32>", isOutput: true }],
      `      %c0 = arith.constant 0 : index
      %one = arith.constant 1.0 : f32
      %v0 = memref.load %y[%c0] : memref<1xf32>
${lines.join("\n")}
      memref.store %v3000, %y[%c0] : memref<1xf32>`,
    );
    const [shader] = await checkedShaders(compileText(text));
    expect(Math.max(...shader!.split("\n").map(({ length }) => length))).toBeLessThan(200);
    expect(await sameOnDevice(text, new Map())).toEqual({ y: [3000] });
  });
});

describe("views of buffers", () => {
  test("subviews, transpositions, reshapes and reinterpretations are index arithmetic", async () => {
    const text = kernelProgram(
      [
        { name: "x", type: "memref<4x6xf32>" },
        { name: "y", type: "memref<2x3xf32>", isOutput: true },
        { name: "z", type: "memref<3x2xf32>", isOutput: true },
      ],
      `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c3 = arith.constant 3 : index
      %window = memref.subview %x[%c1, 1] [2, 3] [1, 2] : memref<4x6xf32> to memref<2x3xf32, strided<[6, 2], offset: ?>>
      %turned = memref.transpose %window (i, j) -> (j, i) : memref<2x3xf32, strided<[6, 2], offset: ?>> to memref<3x2xf32, strided<[2, 6], offset: ?>>
      %flat = memref.collapse_shape %y [[0, 1]] : memref<2x3xf32> into memref<6xf32>
      %again = memref.expand_shape %flat [[0, 1]] output_shape [2, 3] : memref<6xf32> into memref<2x3xf32>
      %column = memref.reinterpret_cast %z to offset: [0], sizes: [3, 2], strides: [2, 1] : memref<3x2xf32> to memref<3x2xf32, strided<[2, 1]>>
      memref.copy %window, %again : memref<2x3xf32, strided<[6, 2], offset: ?>> to memref<2x3xf32>
      scf.for %i = %c0 to %c3 step %c1 {
        scf.for %j = %c0 to %c2 step %c1 {
          %v = memref.load %turned[%i, %j] : memref<3x2xf32, strided<[2, 6], offset: ?>>
          memref.store %v, %column[%i, %j] : memref<3x2xf32, strided<[2, 1]>>
        }
      }`,
    );
    const data = Float32Array.from({ length: 24 }, (_, index) => index);
    const inputs = new Map([["x", { elementType: "f32", shape: [4, 6], data } as const]]);
    // The interpreter has no rule for memref.transpose.
    expect(numbersOf(await runOnDevice(text, inputs))).toEqual({
      y: [7, 9, 11, 13, 15, 17],
      z: [7, 13, 9, 15, 11, 17],
    });
  });
});

describe("memory of invocations and workgroups", () => {
  test("private buffers", async () => {
    const text = kernelProgram(
      [
        { name: "x", type: "memref<8xf32>" },
        { name: "y", type: "memref<8xf32>", isOutput: true },
      ],
      `      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c7 = arith.constant 7 : index
      %c8 = arith.constant 8 : index
      %own = memref.alloca() : memref<2x4xf32>
      %flat = memref.collapse_shape %own [[0, 1]] : memref<2x4xf32> into memref<8xf32>
      scf.for %i = %c0 to %c8 step %c1 {
        %v = memref.load %x[%i] : memref<8xf32>
        memref.store %v, %flat[%i] : memref<8xf32>
      }
      scf.for %i = %c0 to %c8 step %c1 {
        %j = arith.subi %c7, %i : index
        %v = memref.load %flat[%j] : memref<8xf32>
        memref.store %v, %y[%i] : memref<8xf32>
      }`,
    );
    const inputs = new Map([["x", f32s(1, 2, 3, 4, 5, 6, 7, 8)]]);
    expect(await sameOnDevice(text, inputs)).toEqual({ y: [8, 7, 6, 5, 4, 3, 2, 1] });
  });

  test("workgroup memory and barriers", async () => {
    const text = `module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @reverse(%x: memref<8xf32>, %y: memref<8xf32>) workgroup(%tile: memref<8xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 8, 1, 1>} {
      %i = gpu.thread_id x
      %c7 = arith.constant 7 : index
      %j = arith.subi %c7, %i : index
      %v = memref.load %x[%i] : memref<8xf32>
      memref.store %v, %tile[%i] : memref<8xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %w = memref.load %tile[%j] : memref<8xf32, #gpu.address_space<workgroup>>
      memref.store %w, %y[%i] : memref<8xf32>
      gpu.return
    }
  }
  func.func @main(%x: memref<8xf32> {weft.name = "x"}, %y: memref<8xf32> {weft.name = "y", weft.output}) attributes {weft.entry_point} {
    %one = arith.constant 1 : index
    %eight = arith.constant 8 : index
    gpu.launch_func @kernels::@reverse blocks in (%one, %one, %one) threads in (%eight, %one, %one) args(%x : memref<8xf32>, %y : memref<8xf32>)
    return
  }
}`;
    const [shader] = await checkedShaders(compileText(text));
    expect(shader).toContain("var<workgroup> tile: array<f32, 8>;");
    const inputs = new Map([["x", f32s(1, 2, 3, 4, 5, 6, 7, 8)]]);
    await sameOnDevice(text, inputs);
  });

  test("bytes that invocations store beside each other, without owning whole words", async () => {
    const text = kernelProgram(
      [
        { name: "x", type: "memref<64xi8>" },
        { name: "y", type: "memref<64xi8>", isOutput: true },
      ],
      `      %i = gpu.thread_id x
      %v = memref.load %x[%i] : memref<64xi8>
      %three = arith.constant 3 : i8
      %w = arith.muli %v, %three : i8
      memref.store %w, %y[%i] : memref<64xi8>`,
      { threads: 64 },
    );
    const [shader] = await checkedShaders(compileText(text));
    expect(shader).toContain("array<atomic<i32>, 16>");
    const data = Int8Array.from({ length: 64 }, (_, index) => index * 4 - 128);
    const inputs = new Map([["x", { elementType: "i8", shape: [64], data } as const]]);
    await sameOnDevice(text, inputs);
  });
});
