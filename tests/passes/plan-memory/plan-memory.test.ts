import { describe, expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { bufferOf, interpretFunction } from "../../../src/interpreter/interpret.ts";
import { memoryPlanOf, planMemory } from "../../../src/passes/plan-memory/plan-memory.ts";

/** Kernels that copy 100 floats, and that add to them; a host function that negates; a program of them. */
const device = (main: string): string => `module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @copy(%x: memref<100xf32>, %y: memref<100xf32>) kernel {
      %i = gpu.global_id x
      %v = memref.load %x[%i] : memref<100xf32>
      memref.store %v, %y[%i] : memref<100xf32>
      gpu.return
    }
    gpu.func @increment(%x: memref<100xf32>, %y: memref<100xf32>) kernel {
      %i = gpu.global_id x
      %one = arith.constant 1.0 : f32
      %v = memref.load %x[%i] : memref<100xf32>
      %w = arith.addf %v, %one : f32
      memref.store %w, %y[%i] : memref<100xf32>
      gpu.return
    }
  }
  func.func private @negate(%x: memref<100xf32>, %y: memref<100xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c100 = arith.constant 100 : index
    scf.for %i = %c0 to %c100 step %c1 {
      %v = memref.load %x[%i] : memref<100xf32>
      %w = arith.negf %v : f32
      memref.store %w, %y[%i] : memref<100xf32>
    }
    return
  }
  func.func @main(%x: memref<100xf32> {weft.name = "x"}, %y: memref<100xf32> {weft.name = "y", weft.output}) attributes {weft.entry_point} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %c100 = arith.constant 100 : index
    %a = memref.alloc() : memref<100xf32>
    %b = memref.alloc() : memref<100xf32>
    %c = memref.alloc() : memref<100xf32>
    ${main}
    return
  }
}`;
const launch = (kernel: string, from: string, to: string): string =>
  `gpu.launch_func @kernels::@${kernel} blocks in (%c1, %c1, %c1) threads in (%c100, %c1, %c1) args(${from} : memref<100xf32>, ${to} : memref<100xf32>)\n`;

function planned(main: string) {
  const module = planMemory(parseModule(device(main), { file: "plan.mlir", registry }), 256);
  expect(verifyModule(module, registry)).toEqual([]);
  const plan = memoryPlanOf(module, 256)!;
  expect(plan.arenaBytes % 256).toBe(0);
  for (const { offset } of plan.buffers) expect(offset % 256).toBe(0);
  const x = Float32Array.from({ length: 100 }, (_, index) => index);
  const y = new Float32Array(100);
  const arena = new Int8Array(plan.arenaBytes).fill(77);
  interpretFunction(module, "main", [
    ...[x, y].map((data) => bufferOf({ elementType: "f32", shape: [100], data })),
    bufferOf({ elementType: "i8", shape: [arena.length], data: arena }),
  ]);
  return { plan, x: [...x], y: [...y] };
}

describe("at the device level, with offsets at multiples of 256", () => {
  test("a chain of launches needs the room of two buffers of 400 bytes", () => {
    const main = [
      launch("copy", "%x", "%a"),
      launch("increment", "%a", "%b"),
      launch("increment", "%b", "%c"),
      launch("copy", "%c", "%y"),
    ].join("    ");
    const { plan, x, y } = planned(main);
    expect(plan.arenaBytes).toBe(2 * 512);
    expect(y).toEqual(x.map((value) => value + 2));
  });

  test("what a loop reads lives through the loop", () => {
    const main = `${launch("copy", "%x", "%a")}
    ${launch("copy", "%x", "%c")}
    scf.for %i = %c0 to %c3 step %c1 {
      ${launch("increment", "%a", "%b")}
      ${launch("increment", "%c", "%a")}
      ${launch("copy", "%b", "%c")}
    }
    ${launch("copy", "%c", "%y")}`;
    const { plan, x, y } = planned(main);
    // Round by round: b = a + 1, a = c + 1, c = b, from a = c = x.
    expect(y).toEqual(x.map((value) => value + 3));
    expect(plan.arenaBytes).toBe(3 * 512);
  });

  test("transfers and calls are uses", () => {
    const main = `${launch("copy", "%x", "%a")}
    device.transfer %a to "host" : memref<100xf32>
    func.call @negate(%a, %b) : (memref<100xf32>, memref<100xf32>) -> ()
    device.transfer %b to "device" : memref<100xf32>
    ${launch("increment", "%b", "%c")}
    ${launch("copy", "%c", "%y")}`;
    const { plan, x, y } = planned(main);
    expect(plan.arenaBytes).toBe(2 * 512);
    expect(y).toEqual(x.map((value) => 1 - value));
  });
});
