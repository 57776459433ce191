import { describe, expect, test } from "vitest";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { wgslBackend } from "../../../src/backends/wgsl/backend.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { defaultWebGpuTarget, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { checkedShaders, compileText, deviceModule, kernelProgram, runOnDevice } from "./device-programs.ts";

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
