import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Artifact } from "../../../src/backends/artifact.ts";
import { compileModule } from "../../../src/backends/compile-model.ts";
import { loaderFiles } from "../../../src/backends/wgsl/loader/bundle.ts";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { loadArtifact } from "../../../src/runtime/webgpu/index.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { type HostTensor, tensorFromNumbers, toNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { defaultWebGpuTarget, type WebGpuLimits, withWebGpuTarget } from "../../../src/targets/webgpu.ts";
import { checkedShaders, deviceModule } from "./device-programs.ts";

/** A string of MLIR's text. */
const quoted = (text: string): string =>
  `"${[...new TextEncoder().encode(text)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("")}"`;

/** An f32 part on the device and an f64 part on the host, of a node with a name. */
const named = (input: string, output: string, node: string): string => `module {
  func.func @main(%x: tensor<3xf32> {weft.name = ${quoted(input)}, weft.element = "f32"}, %d: tensor<3xf64> {weft.name = ${quoted(`${input}2`)}, weft.element = "f64"})
      -> (tensor<3xf32> {weft.name = ${quoted(output)}, weft.element = "f32"}, tensor<3xf64> {weft.name = ${quoted(`${output}2`)}, weft.element = "f64"}) attributes {weft.entry_point} {
    %y = "onnx.Exp"(%x) : (tensor<3xf32>) -> tensor<3xf32> loc(${quoted(node)})
    %e = "onnx.Sqrt"(%d) : (tensor<3xf64>) -> tensor<3xf64> loc(${quoted(node)})
    return %y, %e : tensor<3xf32>, tensor<3xf64>
  }
}`;

const hostile: readonly string[] = [
  "</script><script>alert(1)</script>",
  "*/ } fn evil() {} /*",
  "a\n@compute @workgroup_size(1) fn other() {}",
  "a\u2028globalThis.hacked = true",
  "a\r\nglobalThis.hacked = true;//",
  "`${globalThis.hacked = true}`",
  "\"'\\",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "C:\\con",
  "main",
  "in_main",
  "vec4",
  "",
  " ",
  "\0",
  "\u202e\u{1f600}é",
  "x".repeat(5000),
];

const textOf = (artifact: Artifact, name: string): string => String(artifact.files.get(name));

async function checkNames(input: string, output: string, node: string): Promise<void> {
  const { artifact } = compileModule(deviceModule(named(input, output, node)), { target: "wgsl", modelName: node });
  await checkedShaders(artifact);
  for (const name of artifact.files.keys()) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}(\.[a-z]+){1,2}$/);
  const manifest = JSON.parse(textOf(artifact, "manifest.json")) as WebGpuManifest;
  expect(manifest.model).toBe(node);
  expect(manifest.inputs.map(({ name }) => name)).toEqual([input, `${input}2`]);
  expect(manifest.outputs.map(({ name }) => name)).toEqual([output, `${output}2`]);
  // The page and the loader are the same for every model.
  for (const [name, content] of loaderFiles()) expect(artifact.files.get(name)).toEqual(content);
  const code = textOf(artifact, manifest.hostFile!);
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const functions = (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  expect(Object.keys(functions)).toEqual(
    manifest.steps.flatMap((step) => (step.kind === "host" ? [step.function] : [])),
  );
  expect(globalThis).not.toHaveProperty("hacked");
}

describe("names from models do nothing in WGSL, JavaScript, the page, the manifest or file names", () => {
  test.each(hostile.map((name) => [JSON.stringify(name).slice(0, 60), name] as const))("%s", async (_, name) => {
    await checkNames(name, `${name}'`, name);
  });

  test("any text", async () => {
    const text = fc.string({ unit: "binary", maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (input, output, node) => {
        fc.pre([input, output, node].every((each) => each.isWellFormed()));
        const names = [input, `${input}2`, output, `${output}2`];
        fc.pre(new Set(names).size === names.length);
        await checkNames(input, output, node);
      }),
      { numRuns: 15 },
    );
  });
});

interface Program {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly output: readonly number[];
  readonly body: string;
  readonly element?: string;
}
const typeText = (shape: readonly number[], element: string): string => `tensor<${[...shape, element].join("x")}>`;

function moduleOf({ inputs, output, body, element = "f32" }: Program): string {
  const ports = Object.entries(inputs).map(
    ([name, shape]) => `%${name}: ${typeText(shape, element)} {weft.name = "${name}", weft.element = "${element}"}`,
  );
  const result = typeText(output, element);
  return `module {
  func.func @main(${ports.join(", ")}) -> (${result} {weft.name = "y", weft.element = "${element}"}) attributes {weft.entry_point} {
    ${body}
    return %y : ${result}
  }
}`;
}

async function run(program: Program, values: Readonly<Record<string, readonly number[]>>): Promise<readonly number[]> {
  const { artifact } = compileModule(deviceModule(moduleOf(program)), { target: "wgsl" });
  await checkedShaders(artifact);
  const model = await loadArtifact(artifact);
  try {
    const inputs = Object.entries(program.inputs).map(([name, shape]): [string, HostTensor] => [
      name,
      tensorFromNumbers((program.element ?? "f32") as "f32", shape, values[name]!),
    ]);
    const y = (await model.run(new Map(inputs))).get("y")!;
    expect(y.shape).toEqual(program.output);
    return Array.from(toNumbers(y));
  } finally {
    model.dispose();
  }
}

describe("shapes at the edge", () => {
  test("a product without rows", async () => {
    const body = `%y = "onnx.MatMul"(%a, %b) : (tensor<0x3xf32>, tensor<3x2xf32>) -> tensor<0x2xf32>`;
    const inputs = { a: [0, 3], b: [3, 2] };
    expect(await run({ inputs, output: [0, 2], body }, { a: [], b: [1, 2, 3, 4, 5, 6] })).toEqual([]);
  });
  test("sums over nothing are zero", async () => {
    const body = `%y = "onnx.MatMul"(%a, %b) : (tensor<2x0xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>`;
    const found = await run({ inputs: { a: [2, 0], b: [0, 3] }, output: [2, 3], body }, { a: [], b: [] });
    expect(found).toEqual([0, 0, 0, 0, 0, 0]);
  });
  test("a scalar of one byte", async () => {
    const body = `%y = "onnx.Neg"(%a) : (tensor<i8>) -> tensor<i8>`;
    expect(await run({ inputs: { a: [] }, output: [], body, element: "i8" }, { a: [-7] })).toEqual([7]);
  });
  test("a model without inputs", async () => {
    const body = "%y = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>";
    expect(await run({ inputs: {}, output: [3], body }, {})).toEqual([1, 2, 3]);
  });
  test("an output that is an input", async () => {
    const body = `%y = "onnx.Identity"(%a) : (tensor<2xf32>) -> tensor<2xf32>`;
    expect(await run({ inputs: { a: [2] }, output: [2], body }, { a: [4, 5] })).toEqual([4, 5]);
  });
});

const wide = (size: number): Program => ({
  inputs: { a: [size] },
  output: [size],
  body: `%y = "onnx.Exp"(%a) : (tensor<${size}xf32>) -> tensor<${size}xf32> loc("graph/Exp_0")`,
});
const threeBuffers: Program = {
  inputs: { a: [4], b: [4] },
  output: [4],
  body: `%y = "onnx.Add"(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("graph/Add_0")`,
};

describe("models too large for a device are refused with the limit, what it is and what would be needed", () => {
  const cases: readonly (readonly [keyof WebGpuLimits, number, Program, string, string])[] = [
    ["maxStorageBufferBindingSize", 1024, wide(1000), "4000 bytes", "place/beyond-limit"],
    ["maxBufferSize", 1024, wide(1000), "4000 bytes", "wgsl/limit-exceeded"],
    ["maxComputeWorkgroupsPerDimension", 2, wide(100_000), "", "wgsl/limit-exceeded"],
    ["maxStorageBuffersPerShaderStage", 0, threeBuffers, "needs 1 ", "wgsl/limit-exceeded"],
  ];
  test.each(cases)("%s", (limit, given, program, asked, code) => {
    const target = { ...defaultWebGpuTarget, limits: { ...defaultWebGpuTarget.limits, [limit]: given } };
    const module = withWebGpuTarget(deviceModule(moduleOf(program)), target);
    let refusal: unknown;
    try {
      compileModule(module, { target: "wgsl" });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(CompileError);
    const { diagnostics } = refusal as CompileError;
    expect(diagnostics.map(({ code }) => code)).toEqual([code]);
    expect(diagnostics[0]!.message).toContain(`${limit} is ${given}`);
    expect(diagnostics[0]!.message).toContain(asked);
  });
});
