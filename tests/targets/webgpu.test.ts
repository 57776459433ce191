import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createModule } from "../../src/ir/create-module.ts";
import { registry } from "../../src/ir/dialects/index.ts";
import type { Module } from "../../src/ir/module.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { CompileError } from "../../src/support/diagnostic.ts";
import { defaultWebGpuTarget, webGpuTargetOf, withWebGpuTarget } from "../../src/targets/webgpu.ts";
import { targetFromLimits } from "../../src/targets/webgpu-adapter.ts";
import { parseWebGpuProfile } from "../../src/targets/webgpu-profile.ts";

const profileFile = (name: string): string =>
  readFileSync(new URL(`../../samples/targets/webgpu-${name}.yaml`, import.meta.url), "utf8");
const parse = (text: string): Module => parseModule(text, { file: "target.mlir", registry });
const profileNames = ["swiftshader", "lavapipe", "desktop", "phone"];

function problemsOf(text: string): readonly string[] {
  try {
    parseWebGpuProfile(text, "p.yaml");
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.map(({ code, message, location }) => {
      const place = location.kind === "file" ? `${location.line}:${location.column}` : "?";
      return `${place} ${code} ${message}`;
    });
  }
  return [];
}

describe("profiles", () => {
  test.each(profileNames)("%s is a profile", (name) => {
    const target = parseWebGpuProfile(profileFile(name), `webgpu-${name}.yaml`);
    expect(target.name).toBe(name);
    // Every WebGPU implementation has at least the limits of the specification.
    for (const [limit, least] of Object.entries(defaultWebGpuTarget.limits))
      expect(target.limits[limit as keyof typeof target.limits], limit).toBeGreaterThanOrEqual(least);
  });

  test("what is left out is what the specification guarantees", () => {
    const target = parseWebGpuProfile("name: x\nkind: cpu\n", "p.yaml");
    expect(target.limits.maxStorageBuffersPerShaderStage).toBe(8);
    expect(target.limits.maxComputeWorkgroupsPerDimension).toBe(65_535);
    expect(target.preferences.workgroupMemory).toBe(false);
  });

  test("everything that is wrong is said at once, with its place", () => {
    const text = [
      "name: x",
      "kind: tpu",
      "limits:",
      "  maxBufferSize: -1",
      "  maxBuffers: 3",
      "preferences:",
      "  workgroupSize: 48",
      "  registerBlock: { rows: 4 }",
      "",
    ].join("\n");
    const problems = problemsOf(text);
    expect(problems).toHaveLength(5);
    expect(problems).toContainEqual(expect.stringMatching(/^2:7 device-profile\/invalid kind: /));
    expect(problems).toContainEqual(expect.stringMatching(/^4:18 device-profile\/invalid limits.maxBufferSize: /));
    expect(problems).toContainEqual(expect.stringMatching(/^5:15 device-profile\/invalid limits.maxBuffers: /));
    expect(problems).toContainEqual(expect.stringMatching(/^7:18 .* preferences.workgroupSize: a power of two/));
    expect(problems).toContainEqual(expect.stringMatching(/^8:18 .* preferences.registerBlock.columns: /));
  });

  test("workgroups larger than the device has them are refused", () => {
    const text = "name: x\nkind: gpu\npreferences: { workgroupSize: 512 }\n";
    expect(problemsOf(text)).toEqual([
      "3:31 device-profile/invalid preferences.workgroupSize: the device has workgroups of at most 256 invocations",
    ]);
  });

  test("a feature that is misspelt, and an alignment that no device has", () => {
    const text =
      "name: x\nkind: gpu\nfeatures: [shader-f61, telepathy]\nlimits: { minStorageBufferOffsetAlignment: 48 }\n";
    expect(problemsOf(text)).toEqual([
      "3:12 device-profile/invalid features.0: WebGPU has no such feature; there is shader-f16",
      "3:24 device-profile/invalid features.1: WebGPU has no such feature",
      "4:44 device-profile/invalid limits.minStorageBufferOffsetAlignment: a power of two is expected",
    ]);
    expect(problemsOf("name: x\nkind: gpu\nlimits: { minStorageBufferOffsetAlignment: 512 }\n")).toHaveLength(1);
  });

  test.each(["a: [1", "a: 1\na: 2", ": : :\n\t-"])("text that is not YAML has its place: %j", (text) => {
    expect(problemsOf(text)[0]).toMatch(/^\d+:\d+ device-profile\/syntax /);
  });

  test.each(["", "[]", "3", "null"])("%j is no profile", (text) => {
    expect(problemsOf(text)[0]).toMatch(/device-profile\/invalid /);
  });

  test("aliases that unfold without end are an error", () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(9).fill(`*${of}`).join(", ")}]`;
    const text = ["a: &a [1]", ...["b", "c", "d", "e", "f", "g"].map((name, at) => level(name, "abcdef"[at]!))].join(
      "\n",
    );
    expect(problemsOf(text)[0]).toMatch(/device-profile\//);
  });
});

describe("the attribute", () => {
  const empty = createModule(() => {});

  test("a module that says nothing is compiled for what every device can do", () => {
    expect(webGpuTargetOf(empty)).toBe(defaultWebGpuTarget);
  });

  test.each(profileNames)("%s survives printing and parsing", (name) => {
    const target = parseWebGpuProfile(profileFile(name), "p.yaml");
    const module = parse(printModule(withWebGpuTarget(empty, target), registry));
    expect(webGpuTargetOf(module)).toEqual(target);
  });

  test.each([
    ["3 : i64", "a dictionary is expected"],
    ['{name = "x", kind = "tpu"}', "kind: tpu is not cpu or gpu"],
    ["{limits = {maxBufferSize = -1}}", "limits.maxBufferSize: a whole number is expected"],
    ["{limits = {constructor = 1}}", "limits.constructor: there is no such property"],
    ["{features = [1]}", "features: a string is expected"],
  ])("%s is refused", (attribute, what) => {
    const module = parse(`module attributes {weft.target = ${attribute}} {}`);
    expect(() => webGpuTargetOf(module)).toThrow(what);
  });
});

describe("adapters", () => {
  test("what WebGPU tells of SwiftShader", () => {
    const target = targetFromLimits(
      { maxStorageBuffersPerShaderStage: 12, maxComputeInvocationsPerWorkgroup: 256 },
      new Set(["timestamp-query", "texture-compression-bc", "subgroups"]),
      { vendor: "google", architecture: "swiftshader", isFallbackAdapter: true },
    );
    expect(target).toMatchObject({
      kind: "cpu",
      name: "google swiftshader",
      features: ["subgroups", "timestamp-query"],
    });
    expect(target.limits.maxStorageBuffersPerShaderStage).toBe(12);
    expect(target.limits.maxBufferSize).toBe(268_435_456);
  });

  test("a GPU", () => {
    const target = targetFromLimits({}, [], { vendor: "nvidia", architecture: "hopper" });
    expect(target).toMatchObject({ kind: "gpu", name: "nvidia hopper" });
    expect(targetFromLimits({}, []).name).toBe("webgpu");
  });
});
