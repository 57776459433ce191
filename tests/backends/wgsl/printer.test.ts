import { describe, expect, test } from "vitest";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { wgslBackend } from "../../../src/backends/wgsl/backend.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { checkedShaders, compileText, deviceModule, interpret, kernelProgram, runOnDevice } from "./device-programs.ts";

/** The code and text of the error that compiling a text ends with. */
function errorOf(compile: () => unknown): string {
  try {
    compile();
  } catch (error) {
    if (error instanceof CompileError)
      return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n");
    throw error;
  }
  return "no error";
}

const f32s = (...data: readonly number[]) =>
  ({ elementType: "f32", shape: [data.length], data: Float32Array.from(data) }) as const;
const i32s = (...data: readonly number[]) =>
  ({ elementType: "i32", shape: [data.length], data: Int32Array.from(data) }) as const;

describe("the text of a shader", () => {
  test("names what the model names, and says where it comes from", async () => {
    const text = kernelProgram(
      [
        { name: "x", type: "memref<4xf32>" },
        { name: "y", type: "memref<4xf32>", isOutput: true },
      ],
      `      %i = gpu.thread_id x
      %two = arith.constant 2.0 : f32
      %a = memref.load %x[%i] : memref<4xf32>
      %b = arith.mulf %a, %two : f32
      memref.store %b, %y[%i] : memref<4xf32>`,
      { threads: 4 },
    );
    const [shader] = await checkedShaders(compileText(text));
    expect(shader).toBe(`// test.mlir:3:5
// test.mlir:16:5
@group(0) @binding(0) var<storage, read> in_x: array<f32, 4>;
@group(0) @binding(1) var<storage, read_write> out_y: array<f32, 4>;

@compute @workgroup_size(4, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  let v0 = i32(local.x);
  out_y[v0] = in_x[v0] * 2.0;
}
`);
  });

  test("is safe whatever the model's names are", async () => {
    const hostile = "x*/\\n\\22; } fn main() { // \\0A @compute";
    const text = kernelProgram(
      [
        { name: "x", type: "memref<4xf32>" },
        { name: "y", type: "memref<4xf32>", isOutput: true },
      ],
      `      %c0 = arith.constant 0 : index
      %a = memref.load %x[%c0] : memref<4xf32>
      memref.store %a, %y[%c0] : memref<4xf32>`,
    )
      .replaceAll('"x"', `"${hostile}"`)
      .replaceAll('"y"', '"select"');
    const [shader] = await checkedShaders(compileText(text));
    expect(shader).toContain("var<storage, read> in_x_fn_main_compute");
    expect(shader).toContain("out_select");
  });

  test("is one for equal kernels", () => {
    const kernel = (
      name: string,
    ) => `    gpu.func @${name}(%x: memref<4xf32>, %y: memref<4xf32>) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
      %c0 = arith.constant 0 : index
      %a = memref.load %x[%c0] : memref<4xf32>
      memref.store %a, %y[%c0] : memref<4xf32>
      gpu.return
    }`;
    const launch = (name: string, from: string, to: string) =>
      `    gpu.launch_func @kernels::@${name} blocks in (%one, %one, %one) threads in (%one, %one, %one) args(${from} : memref<4xf32>, ${to} : memref<4xf32>)`;
    const artifact = compileText(`module attributes {gpu.container_module} {
  gpu.module @kernels {
${kernel("first")}
${kernel("second")}
  }
  func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {weft.output}, %z: memref<4xf32> {weft.output}) attributes {weft.entry_point} {
    %one = arith.constant 1 : index
${launch("first", "%x", "%y")}
${launch("second", "%x", "%z")}
    return
  }
}`);
    const { shaders, steps } = artifact.manifest as WebGpuManifest;
    expect(shaders.length).toBe(1);
    expect(steps.map((step) => step.kind === "dispatch" && step.shader)).toEqual([0, 0]);
  });
});

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
    const found = await runOnDevice(text, inputs);
    expect(Array.from(found.get("y")!.data as Int32Array)).toEqual([21, 34]);
    expect(found).toEqual(interpret(text, inputs));
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
    const found = await runOnDevice(text, inputs);
    expect(Array.from(found.get("y")!.data as Int32Array)).toEqual([1, 111]);
    expect(found).toEqual(interpret(text, inputs));
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
    const found = await runOnDevice(text, new Map());
    expect(Array.from(found.get("y")!.data as Float32Array)).toEqual([1, 1]);
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
    const found = await runOnDevice(text, new Map());
    expect(Array.from(found.get("y")!.data as Float32Array)).toEqual([3000]);
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
    const found = await runOnDevice(text, inputs);
    expect(Array.from(found.get("y")!.data as Float32Array)).toEqual([7, 9, 11, 13, 15, 17]);
    expect(Array.from(found.get("z")!.data as Float32Array)).toEqual([7, 13, 9, 15, 11, 17]);
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
    const found = await runOnDevice(text, inputs);
    expect(Array.from(found.get("y")!.data as Float32Array)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
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
    const found = await runOnDevice(text, inputs);
    expect(found).toEqual(interpret(text, inputs));
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
    const found = await runOnDevice(text, inputs);
    expect(found).toEqual(interpret(text, inputs));
  });
});

describe("scalars of launches", () => {
  const program = (counts: readonly number[]) => `module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @count(%y: memref<4xi32>, %n: index) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
      %v = arith.index_cast %n : index to i32
      memref.store %v, %y[%n] : memref<4xi32>
      gpu.return
    }
  }
  func.func @main(%y: memref<4xi32> {weft.name = "y", weft.output}) attributes {weft.entry_point} {
    %c0 = arith.constant ${counts[0]} : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant ${counts[1]} : index
    scf.for %t = %c0 to %c4 step %c1 {
      gpu.launch_func @kernels::@count blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%y : memref<4xi32>, %t : index)
    }
    return
  }
}`;
  test("differ from launch to launch: loops of the program are written out", async () => {
    const artifact = compileText(program([0, 4]));
    const { steps } = artifact.manifest as WebGpuManifest;
    expect(steps.map((step) => step.kind === "dispatch" && step.parameters)).toEqual([[0], [1], [2], [3]]);
    expect((await checkedShaders(artifact))[0]).toContain("var<uniform> parameters: Parameters;");
    const found = await runOnDevice(program([0, 4]), new Map());
    expect(Array.from(found.get("y")!.data as Int32Array)).toEqual([0, 1, 2, 3]);
  });
  test("are constants where all launches agree", async () => {
    const [shader] = await checkedShaders(compileText(program([2, 3])));
    expect(shader).not.toContain("parameters");
    expect(shader).toContain("out_y[2] = 2;");
  });
});

describe("errors", () => {
  const store = (launch: Parameters<typeof kernelProgram>[2]) =>
    kernelProgram(
      [{ name: "y", type: "memref<4xf32>", isOutput: true }],
      `      %c0 = arith.constant 0 : index
      %one = arith.constant 1.0 : f32
      memref.store %one, %y[%c0] : memref<4xf32>`,
      launch,
    );
  test("a grid that is too long", () => {
    expect(errorOf(() => compileText(store({ blocks: 65536 })))).toBe(
      "wgsl/limit-exceeded: a side of its grid needs 65536 where the device's maxComputeWorkgroupsPerDimension is 65535",
    );
  });
  test("a workgroup that is too large", () => {
    expect(errorOf(() => compileText(store({ threads: 512 })))).toBe(
      "wgsl/limit-exceeded: a workgroup of @kernel needs 512 where the device's maxComputeInvocationsPerWorkgroup is 256",
    );
  });
  test("a buffer that is too large for a binding", () => {
    const limits = { ...defaultWebGpuTarget.limits, maxStorageBufferBindingSize: 8 };
    const module = withWebGpuTarget(deviceModule(store({})), { ...defaultWebGpuTarget, limits });
    expect(errorOf(() => wgslBackend.compile(module))).toBe(
      "wgsl/limit-exceeded: a buffer needs 16 where the device's maxStorageBufferBindingSize is 8",
    );
  });
  test("doubles in a kernel", () => {
    const text = kernelProgram(
      [{ name: "y", type: "memref<4xf64>", isOutput: true }],
      `      %c0 = arith.constant 0 : index
      %one = arith.constant 1.0 : f64
      memref.store %one, %y[%c0] : memref<4xf64>`,
    );
    expect(errorOf(() => compileText(text))).toContain("wgsl/no-double: arith.constant computes with f64 in a kernel");
  });
  test("an operation without a rule", () => {
    const text = kernelProgram(
      [{ name: "y", type: "memref<4xf32>", isOutput: true }],
      `      memref.prefetch %y[%c0], read, locality<3>, data : memref<4xf32>`,
    ).replace("      memref.prefetch", "      %c0 = arith.constant 0 : index\n      memref.prefetch");
    expect(errorOf(() => compileText(text))).toContain(
      "backend/not-legal: the wgsl backend cannot express memref.prefetch",
    );
  });
  test("subgroups on a device without them", () => {
    const text = kernelProgram(
      [{ name: "y", type: "memref<4xf32>", isOutput: true }],
      `      %c0 = arith.constant 0 : index
      %one = arith.constant 1.0 : f32
      %sum = gpu.subgroup_reduce add %one : (f32) -> f32
      memref.store %sum, %y[%c0] : memref<4xf32>`,
    );
    expect(errorOf(() => compileText(text))).toBe(
      "wgsl/missing-feature: the kernels need subgroups, which the device webgpu does not have",
    );
  });
});
