import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compileModule, readModel } from "../../../../src/backends/compile-model.ts";
import type { WebGpuManifest } from "../../../../src/backends/wgsl/manifest.ts";
import { interpreterExecutor } from "../../../../src/runtime/executor.ts";
import { OnnxRuntimeModel } from "../../../../src/runtime/onnxruntime.ts";
import { webGpuExecutor } from "../../../../src/runtime/webgpu/index.ts";
import { compareTensors } from "../../../../src/support/numeric/compare.ts";
import { dataTypeOf } from "../../../../src/frontends/onnx/element-types.ts";
import type { ElementType } from "../../../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../../../src/support/numeric/host-tensor.ts";
import { type Graph, initializer, int, node, value, writeModel } from "../../../frontends/onnx/support/model-writer.ts";
import { repositoryRoot } from "../../../support/shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-mixed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function modelFile(name: string, graph: Graph): string {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, writeModel({ opset: 17, graph }));
  return path;
}
const cast = (input: string, output: string, to: ElementType) =>
  node("Cast", input, output, { to: int(dataTypeOf(to)!) });

const choices = { bind: new Map(), shapes: new Map() };
const size = 256;
const fill = (element: "f32" | "f64", shape: readonly number[], scale: number): HostTensor => {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const numbers = Array.from({ length: count }, (_, index) => (((index * 7919) % 101) / 101) * scale);
  return tensorFromNumbers(element, shape, numbers);
};

/** Two products on the device, and between them what only the host can do. */
const mixed = modelFile("mixed", {
  node: [
    node("MatMul", "x first", "product"),
    cast("product", "doubles", "f64"),
    node("Add", "doubles offsets", "shifted"),
    node("Tanh", "shifted", "bounded"),
    cast("bounded", "floats", "f32"),
    node("MatMul", "floats second", "y"),
    node("Mul", "weights weights", "squares"),
  ],
  initializer: [
    initializer("first", fill("f32", [size, size], 0.02)),
    initializer("offsets", fill("f64", [size, size], 0.03)),
    initializer("second", fill("f32", [size, size], 0.04)),
  ],
  input: [value("x", "f32", [size, size]), value("weights", "f64", [3])],
  output: [value("y", "f32", [size, size]), value("squares", "f64", [3])],
});
/** Nothing for the device at all. */
const doubles = modelFile("doubles", {
  node: [node("Add", "a b", "sum"), node("Sqrt", "sum", "root")],
  initializer: [initializer("b", tensorFromNumbers("f64", [3], [0.25, 1e-300, 7]))],
  input: [value("a", "f64", [2, 3])],
  output: [value("root", "f64", [2, 3])],
});

const inputsOf: Readonly<Record<string, ReadonlyMap<string, HostTensor>>> = {
  [mixed]: new Map([["x", fill("f32", [size, size], 0.01)], ["weights", fill("f64", [3], 1e-200)]]), // prettier-ignore
  [doubles]: new Map([["a", fill("f64", [2, 3], 3)]]),
};
const manifestOf = (path: string, options: Readonly<Record<string, unknown>> = {}): WebGpuManifest => {
  const { files } = compileModule(readModel(path, choices), { target: "wgsl", options }).artifact;
  return JSON.parse(files.get("manifest.json") as string) as WebGpuManifest;
};

describe("models with parts on the host", () => {
  test.each([
    ["mixed", mixed],
    ["doubles", doubles],
  ])("%s gives ONNX Runtime's numbers on the adapter", async (_, path) => {
    const inputs = inputsOf[path]!;
    const executor = await webGpuExecutor(readModel(path, choices), { target: "wgsl" });
    const reference = await OnnxRuntimeModel.load(path);
    try {
      const [found, expected] = [await executor.run(inputs), await reference.run(inputs)];
      // Twice: what the first run left on either side must not show.
      const again = await executor.run(inputs);
      for (const [name, tensor] of expected) {
        const tolerance = tensor.elementType === "f64" ? 1e-15 : 1e-5;
        const comparison = compareTensors(found.get(name)!, tensor, { absolute: 0, relative: tolerance });
        expect(comparison.kind, name).not.toBe("different");
        expect(again.get(name)).toEqual(found.get(name));
      }
    } finally {
      executor.dispose();
    }
  });

  test("only what the other side computed is moved", () => {
    const { steps, buffers, inputs, outputs } = manifestOf(mixed);
    const kinds = steps.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "host").length).toBe(2);
    expect(kinds.filter((kind) => kind === "dispatch").length).toBeGreaterThanOrEqual(2);
    const moved = steps.flatMap((step) => (step.kind === "host" ? step.arguments : []));
    expect(moved.filter(({ read }) => read).map((argument) => argument.size)).toEqual([size * size * 4]);
    expect(moved.filter(({ written }) => written).map((argument) => argument.size)).toEqual([size * size * 4]);
    const roleOf = (port: { readonly buffer: number }): string => buffers[port.buffer]!.role;
    expect(inputs.map(roleOf)).toEqual(["input", "host"]);
    expect(outputs.map(roleOf)).toEqual(["output", "host"]);
  });

  test("a model of the host alone has nothing on the device", () => {
    const { steps, buffers, shaders } = manifestOf(doubles);
    expect(steps.map(({ kind }) => kind)).toEqual(["host"]);
    expect(new Set(buffers.map(({ role }) => role))).toEqual(new Set(["host"]));
    expect(shaders).toEqual([]);
  });

  test("doubles become floats on the device where the user says so", async () => {
    const options = { f64: "f32" };
    const manifest = manifestOf(mixed, options);
    expect(manifest.steps.some(({ kind }) => kind === "host")).toBe(false);
    expect(manifest.inputs.map(({ elementType }) => elementType)).toEqual(["f32", "f32"]);
    const x = inputsOf[mixed]!.get("x")!;
    const executor = await webGpuExecutor(readModel(mixed, choices), { target: "wgsl", options });
    const expected = await interpreterExecutor(readModel(mixed, choices)).run(inputsOf[mixed]!);
    const found = await executor.run(new Map([["x", x], ["weights", fill("f32", [3], 2)]])); // prettier-ignore
    executor.dispose();
    const comparison = compareTensors(found.get("y")!, expected.get("y")!, { absolute: 0, relative: 1e-5 });
    expect(comparison.kind).not.toBe("different");
  });
});

describe("models beyond a device's limits", () => {
  const profile = (name: string, limit: string, bytes: number): string => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, `name: ${name}\nkind: gpu\nlimits:\n  ${limit}: ${bytes}\n`);
    return path;
  };
  const compiled = (deviceProfile: string) =>
    compileModule(readModel(mixed, choices), { target: "wgsl", options: { deviceProfile } });

  test("what cannot be bound is refused, with the numbers", () => {
    expect(() => compiled(profile("narrow", "maxStorageBufferBindingSize", 131072))).toThrow(
      /place\/beyond-limit: .* needs a buffer of 262144 bytes.* maxStorageBufferBindingSize is 131072/,
    );
  });
  test("what cannot be allocated is refused, with the numbers", () => {
    expect(() => compiled(profile("small", "maxBufferSize", 131072))).toThrow(
      /wgsl\/limit-exceeded: the buffer .*262144 bytes where the device's maxBufferSize is 131072/,
    );
  });
});

describe("weft explain --target wgsl", () => {
  const explain = (path: string, ...options: readonly string[]): string =>
    execFileSync(process.execPath, ["src/cli/main.ts", "explain", path, "--target", "wgsl", ...options], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });

  test("says of each node where it runs and why, and what is moved", () => {
    const text = explain(mixed);
    expect(text).toMatch(/^graph\/MatMul_0 .* device +matmul_0/m);
    expect(text).toMatch(/^graph\/Tanh_3 .* host +host_0: WGSL has no f64$/m);
    expect(text).toMatch(/^graph\/Mul_6 .* host +host_\d: WGSL has no f64$/m);
    expect(text).toMatch(/to host +host_\d +256\.0 kB$/m);
    expect(text).toMatch(/to device +host_\d +256\.0 kB$/m);
    expect(text).toMatch(/2 transfers of 512\.0 kB in a run$/m);
  });
  test("finds everything on the device with --f64 f32", () => {
    const text = explain(mixed, "--f64", "f32");
    expect(text).toMatch(/0 on the host \(0 functions\)/);
    expect(text).toMatch(/0 transfers of 0 B in a run$/m);
  });
});
