import { describe, expect, test } from "vitest";
import { registry } from "../../src/ir/dialects/index.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { bufferOf, interpretFunction } from "../../src/interpreter/interpret.ts";
import { CompileError } from "../../src/support/diagnostic.ts";

/** A kernel on buffers of f32, launched on blocks of 8 × 2 × 1 invocations in a grid of 3 × 2 × 1. */
const program = (kernel: string, attributions = ""): string => `module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @k(%x: memref<96xf32>, %y: memref<96xf32>, %n: index)${attributions} kernel attributes {known_block_size = array<i32: 8, 2, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c7 = arith.constant 7 : index
      %c8 = arith.constant 8 : index
      %c16 = arith.constant 16 : index
      %c24 = arith.constant 24 : index
      %gx = gpu.global_id x
      %gy = gpu.global_id y
      %tx = gpu.thread_id x
      %ty = gpu.thread_id y
      %row = arith.muli %gy, %c24 : index
      %place = arith.addi %row, %gx : index
      %value = memref.load %x[%place] : memref<96xf32>
      ${kernel}
      gpu.return
    }
  }
  func.func @main(%x: memref<96xf32>, %y: memref<96xf32>) {
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c8 = arith.constant 8 : index
    device.transfer %x to "device" : memref<96xf32>
    gpu.launch_func @kernels::@k blocks in (%c3, %c2, %c1) threads in (%c8, %c2, %c1) args(%x : memref<96xf32>, %y : memref<96xf32>, %c3 : index)
    device.transfer %y to "host" : memref<96xf32>
    return
  }
}`;

const input = Float32Array.from({ length: 96 }, (_, index) => ((index * 37) % 97) - 40);
function run(
  text: string,
  path: "compiled" | "walked",
  subgroupSize = 4,
  invocationOrder: "ascending" | "descending" = "ascending",
): readonly number[] {
  const module = parseModule(text, { file: "launch.mlir", registry });
  expect(verifyModule(module, registry)).toEqual([]);
  const y = new Float32Array(96);
  const buffers = [input.slice(), y].map((data) => bufferOf({ elementType: "f32", shape: [96], data }));
  interpretFunction(module, "main", buffers, { path, subgroupSize, invocationOrder });
  return [...y];
}
/** What each invocation is to write, by its place in the grid. */
const expected = (value: (x: number, y: number) => number): readonly number[] =>
  Array.from({ length: 96 }, (_, index) => value(index % 24, Math.floor(index / 24)));
const at = (x: number, y: number): number => input[y * 24 + x]!;
/** The inputs of the block that an invocation is in, x fastest. */
const blockOf = (x: number, y: number): readonly number[] =>
  Array.from({ length: 16 }, (_, index) => at(x - (x % 8) + (index % 8), y - (y % 2) + Math.floor(index / 8)));

describe.each(["compiled", "walked"] as const)("launches, %s", (path) => {
  test("every invocation of the grid runs, at its place", () => {
    const text = program(`
      %bx = gpu.block_id x
      %dx = gpu.block_dim x
      %grid = gpu.grid_dim y
      %sum0 = arith.muli %bx, %dx : index
      %sum1 = arith.muli %grid, %n : index
      %sum2 = arith.addi %sum0, %sum1 : index
      %sum3 = arith.addi %sum2, %tx : index
      %i = arith.index_cast %sum3 : index to i32
      %f = arith.sitofp %i : i32 to f32
      %r = arith.addf %f, %value : f32
      memref.store %r, %y[%place] : memref<96xf32>`);
    expect(run(text, path)).toEqual(expected((x, y) => x + 6 + at(x, y)));
  });

  test("private buffers belong to one invocation, and begin with zeros", () => {
    const text = program(
      `%own = memref.alloca() : memref<2xf32>
      memref.store %value, %own[%c1] : memref<2xf32>
      %before = memref.load %p[%c0] : memref<1xf32, #gpu.address_space<private>>
      memref.store %value, %p[%c0] : memref<1xf32, #gpu.address_space<private>>
      %after = memref.load %p[%c0] : memref<1xf32, #gpu.address_space<private>>
      %kept = memref.load %own[%c1] : memref<2xf32>
      %s = arith.subf %after, %before : f32
      %r = arith.addf %s, %kept : f32
      memref.store %r, %y[%place] : memref<96xf32>`,
      " private(%p : memref<1xf32, #gpu.address_space<private>>)",
    );
    expect(run(text, path)).toEqual(expected((x, y) => 2 * at(x, y)));
  });

  test("after a barrier, invocations see what others of their block wrote", () => {
    const text = program(
      `memref.store %value, %w[%ty, %tx] : memref<2x8xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %mirrored = arith.subi %c7, %tx : index
      %r = memref.load %w[%ty, %mirrored] : memref<2x8xf32, #gpu.address_space<workgroup>>
      memref.store %r, %y[%place] : memref<96xf32>`,
      " workgroup(%w : memref<2x8xf32, #gpu.address_space<workgroup>>)",
    );
    expect(run(text, path)).toEqual(expected((x, y) => at(x - (x % 8) + 7 - (x % 8), y)));
  });

  test("barriers in loops: a sum over a block, halving", () => {
    const text = program(
      `%half = arith.muli %ty, %c8 : index
      %lane = arith.addi %half, %tx : index
      memref.store %value, %w[%lane] : memref<16xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %last = scf.while (%width = %c8) : (index) -> index {
        %more = arith.cmpi sgt, %width, %c0 : index
        scf.condition(%more) %width : index
      } do {
      ^bb0(%width: index):
        %active = arith.cmpi slt, %lane, %width : index
        scf.if %active {
          %other = arith.addi %lane, %width : index
          %a = memref.load %w[%lane] : memref<16xf32, #gpu.address_space<workgroup>>
          %b = memref.load %w[%other] : memref<16xf32, #gpu.address_space<workgroup>>
          %s = arith.addf %a, %b : f32
          memref.store %s, %w[%lane] : memref<16xf32, #gpu.address_space<workgroup>>
        }
        gpu.barrier
        %next = arith.divui %width, %c2 : index
        scf.yield %next : index
      }
      %r = memref.load %w[%last] : memref<16xf32, #gpu.address_space<workgroup>>
      memref.store %r, %y[%place] : memref<96xf32>`,
      " workgroup(%w : memref<16xf32, #gpu.address_space<workgroup>>)",
    );
    expect(run(text, path)).toEqual(expected((x, y) => blockOf(x, y).reduce((sum, value) => sum + value, 0)));
  });

  test("values carried by a loop with barriers", () => {
    const text = program(
      `%zero = arith.constant 0.0 : f32
      %sum = scf.for %i = %c0 to %c8 step %c1 iter_args(%acc = %zero) -> (f32) {
        %turned = arith.addi %tx, %i : index
        %slot = arith.remui %turned, %c8 : index
        memref.store %value, %w[%ty, %slot] : memref<2x8xf32, #gpu.address_space<workgroup>>
        gpu.barrier
        %seen = memref.load %w[%ty, %tx] : memref<2x8xf32, #gpu.address_space<workgroup>>
        %next = arith.addf %acc, %seen : f32
        gpu.barrier
        scf.yield %next : f32
      }
      memref.store %sum, %y[%place] : memref<96xf32>`,
      " workgroup(%w : memref<2x8xf32, #gpu.address_space<workgroup>>)",
    );
    const rowSum = (x: number, y: number): number =>
      Array.from({ length: 8 }, (_, index) => at(x - (x % 8) + index, y)).reduce((sum, value) => sum + value, 0);
    expect(run(text, path)).toEqual(expected(rowSum));
  });

  test.each([4, 8, 16])("reductions of subgroups of %i", (size) => {
    const text = program(
      `%r = gpu.subgroup_reduce maximumf %value : (f32) -> f32
      memref.store %r, %y[%place] : memref<96xf32>`,
    );
    const lane = (x: number, y: number): number => (y % 2) * 8 + (x % 8);
    const greatest = (x: number, y: number): number => {
      const first = lane(x, y) - (lane(x, y) % size);
      return Math.max(...blockOf(x, y).slice(first, first + size));
    };
    expect(run(text, path, size)).toEqual(expected(greatest));
  });

  test("lanes, subgroups and clusters", () => {
    const text = program(
      `%lane = gpu.lane_id
      %subgroup = gpu.subgroup_id : index
      %subgroups = gpu.num_subgroups : index
      %size = gpu.subgroup_size : index
      %f0 = arith.muli %subgroup, %size : index
      %f1 = arith.addi %f0, %lane : index
      %f2 = arith.muli %f1, %subgroups : index
      %f3 = arith.index_cast %f2 : index to i32
      %pairs = gpu.subgroup_reduce add %f3 cluster(size = 2, stride = 2) : (i32) -> i32
      %f = arith.sitofp %pairs : i32 to f32
      memref.store %f, %y[%place] : memref<96xf32>`,
    );
    // Lanes 0 and 2, 1 and 3, … of four subgroups of four: each number is four times the lane of the block.
    const value = (x: number, y: number): number => {
      const lane = (y % 2) * 8 + (x % 8);
      const other = lane ^ 2;
      return 4 * lane + 4 * other;
    };
    expect(run(text, path, 4)).toEqual(expected(value));
  });

  test.each([
    ["a kind", "%r = gpu.all_reduce add %value {} : (f32) -> f32"],
    [
      "a region",
      `%r = gpu.all_reduce %value {
      ^bb0(%a: f32, %b: f32):
        %s = arith.addf %a, %b : f32
        gpu.yield %s : f32
      } : (f32) -> f32`,
    ],
  ])("a reduction of a block by %s", (_, reduction) => {
    const text = program(`${reduction}
      memref.store %r, %y[%place] : memref<96xf32>`);
    expect(run(text, path)).toEqual(expected((x, y) => blockOf(x, y).reduce((sum, value) => sum + value, 0)));
  });

  test("a race shows in the other order of invocations, a program without one gives the same", () => {
    const inOrder = (text: string, order: "ascending" | "descending") => run(text, path, 4, order);
    const racing = program("memref.store %value, %y[%c0] : memref<96xf32>");
    expect(inOrder(racing, "ascending")[0]).toBe(input[95]);
    expect(inOrder(racing, "descending")[0]).toBe(input[0]);
    const sound = program(
      `memref.store %value, %w[%ty, %tx] : memref<2x8xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %mirrored = arith.subi %c7, %tx : index
      %m = memref.load %w[%ty, %mirrored] : memref<2x8xf32, #gpu.address_space<workgroup>>
      %r = gpu.subgroup_reduce add %m : (f32) -> f32
      memref.store %r, %y[%place] : memref<96xf32>`,
      " workgroup(%w : memref<2x8xf32, #gpu.address_space<workgroup>>)",
    );
    expect(inOrder(sound, "descending")).toEqual(inOrder(sound, "ascending"));
  });

  test("a barrier that only some come to is an error", () => {
    const text = program(`%some = arith.cmpi eq, %tx, %c1 : index
      scf.if %some {
        gpu.barrier
      }`);
    expect(() => run(text, path)).toThrow(CompileError);
    expect(() => run(text, path)).toThrow("divergent-meeting");
  });

  test("a launch in a loop runs once for each iteration", () => {
    const text = program(`%f0 = arith.index_cast %n : index to i32
      %f1 = arith.sitofp %f0 : i32 to f32
      %old = memref.load %y[%place] : memref<96xf32>
      %r = arith.addf %old, %f1 : f32
      memref.store %r, %y[%place] : memref<96xf32>`).replace(
      /( *)(gpu\.launch_func.*)\n/,
      (_, indent: string, launch: string) =>
        `${indent}%c0 = arith.constant 0 : index\n${indent}scf.for %i = %c0 to %c3 step %c1 {\n${launch.replace("%c3 : index)", "%i : index)")}\n}\n`,
    );
    expect(run(text, path)).toEqual(expected(() => 0 + 1 + 2));
  });

  test("a launch with blocks of another size than the kernel is for is an error", () => {
    const text = program("").replace("threads in (%c8, %c2, %c1)", "threads in (%c8, %c1, %c1)");
    expect(() => run(text, path)).toThrow("blocks of another size");
  });
});
