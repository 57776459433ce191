import { describe, expect, test } from "vitest";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { withWebGpuTarget, defaultWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { wgslBackend } from "../../../src/backends/wgsl/backend.ts";
import { deviceModule, interpret, runOnDevice } from "./device-programs.ts";

/** Where a buffer is. */
type Place = (index: number) => "input" | "arena" | "constant";
type Case = readonly [name: string, count: number, place: Place];

/** Sums `count` buffers of four numbers into one; `place` says where buffer `index` is: an input, the arena, or a constant. */
function sumProgram(count: number, place: Place): string {
  const indices = Array.from({ length: count }, (_, index) => index);
  const of = (kind: string) => indices.filter((index) => place(index) === kind);
  const type = "memref<4xf32>";
  const parameters = indices.map((index) => `%b${index}: ${type}`).join(", ");
  const loads = indices.map(
    (index) => `        %v${index} = memref.load %b${index}[%i] : ${type}
        %s${index + 1} = arith.addf %s${index}, %v${index} : f32`,
  );
  const globals = of("constant").map(
    (index) =>
      `  memref.global "private" constant @w${index} : ${type} = dense<[${[1, 2, 3, 4].map((n) => `${n * (index + 1)}.0`).join(", ")}]>`,
  );
  const inputs = of("input").map((index) => `%b${index}: ${type} {weft.name = "b${index}"}`);
  const fills = of("arena").map(
    (index) => `    %at${index} = arith.constant ${index * 256} : index
    %b${index} = memref.view %arena[%at${index}][] : memref<${count * 256}xi8> to ${type}
    %n${index} = arith.constant ${index} : index
    gpu.launch_func @kernels::@fill blocks in (%one, %one, %one) threads in (%one, %one, %one) args(%b${index} : ${type}, %n${index} : index)`,
  );
  const constants = of("constant").map((index) => `    %b${index} = memref.get_global @w${index} : ${type}`);
  const given = indices.map((index) => `%b${index} : ${type}`).join(", ");
  return `module attributes {gpu.container_module} {
${globals.join("\n")}
  gpu.module @kernels {
    gpu.func @fill(%b: ${type}, %n: index) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %word = arith.index_cast %n : index to i32
      %value = arith.sitofp %word : i32 to f32
      scf.for %i = %c0 to %c4 step %c1 {
        memref.store %value, %b[%i] : ${type}
      }
      gpu.return
    }
    gpu.func @sum(${parameters}, %y: ${type}) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %s0 = arith.constant 0.0 : f32
      scf.for %i = %c0 to %c4 step %c1 {
${loads.join("\n")}
        memref.store %s${count}, %y[%i] : ${type}
      }
      gpu.return
    }
  }
  func.func @main(${[...inputs, `%y: ${type} {weft.name = "y", weft.output}`, `%arena: memref<${count * 256}xi8> {weft.arena}`].join(", ")}) attributes {weft.entry_point} {
    %one = arith.constant 1 : index
${[...constants, ...fills].join("\n")}
    gpu.launch_func @kernels::@sum blocks in (%one, %one, %one) threads in (%one, %one, %one) args(${given}, %y : ${type})
    return
  }
}`;
}

describe("more buffers than a device binds", () => {
  const small = {
    ...defaultWebGpuTarget,
    limits: { ...defaultWebGpuTarget.limits, maxStorageBuffersPerShaderStage: 4 },
  };
  test.each<Case>([
    ["temporaries of the arena", 6, () => "arena"],
    ["weights", 6, () => "constant"],
    ["temporaries and weights", 12, (index) => (index % 2 === 0 ? "arena" : "constant")],
    ["inputs", 7, () => "input"],
    ["all kinds", 12, (index) => (["arena", "constant", "input"] as const)[index % 3]!],
  ])("%s", async (_, count, place) => {
    const module = withWebGpuTarget(deviceModule(sumProgram(count, place)), small);
    const inputs = new Map(
      Array.from({ length: count }, (_, index) => index)
        .filter((index) => place(index) === "input")
        .map((index) => {
          const data = Float32Array.from({ length: 4 }, (_, lane) => index * 10 + lane);
          return [`b${index}`, { elementType: "f32", shape: [4], data }] as const;
        }),
    );
    const artifact = wgslBackend.compile(module);
    const { shaders } = artifact.manifest as WebGpuManifest;
    for (const { bindings } of shaders)
      expect(bindings.filter((access) => access !== "uniform").length).toBeLessThanOrEqual(4);
    const found = await runOnDevice(module, inputs);
    expect(found).toEqual(interpret(module, inputs));
  });
});
