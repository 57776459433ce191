import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../../src/backends/compile-model.ts";
import { checkedShaders, deviceModule } from "./device-programs.ts";

const profile = (name: string): string =>
  fileURLToPath(new URL(`../../../samples/targets/webgpu-${name}.yaml`, import.meta.url));

const program = (body: string): string => `module {
  func.func @main(%x: tensor<5x3xf16> {weft.name = "x", weft.element = "f16"}, %y: tensor<3x7xf16> {weft.name = "y", weft.element = "f16"})
      -> (tensor<5x7xf16> {weft.name = "z", weft.element = "f16"}) attributes {weft.entry_point} {
    ${body}
    return %r : tensor<5x7xf16>
  }
}`;
const product = program(`%r = "onnx.MatMul"(%x, %y) : (tensor<5x3xf16>, tensor<3x7xf16>) -> tensor<5x7xf16>`);
const exponential = program(`%p = "onnx.MatMul"(%x, %y) : (tensor<5x3xf16>, tensor<3x7xf16>) -> tensor<5x7xf16>
    %r = "onnx.Exp"(%p) : (tensor<5x7xf16>) -> tensor<5x7xf16>`);

async function shadersFor(text: string, name: string) {
  const { artifact } = compileModule(deviceModule(text), { target: "wgsl", options: { deviceProfile: profile(name) } });
  const manifest = artifact.manifest as unknown as { readonly required: { readonly features: readonly string[] } };
  return { shaders: await checkedShaders(artifact), features: manifest.required.features };
}

describe("f16", () => {
  test("is the device's own where the profile has shader-f16, and the artifact asks for it", async () => {
    const { shaders, features } = await shadersFor(product, "lavapipe");
    expect(features).toEqual(["shader-f16"]);
    expect(shaders.every((text) => text.startsWith("// ") && text.includes("enable f16;"))).toBe(true);
    expect(shaders.join()).toMatch(/array<f16, 35>/);
  });

  test("is computed in f32 and rounded where the device's functions are less exact than f16", async () => {
    const { shaders } = await shadersFor(exponential, "phone");
    expect(shaders.join()).toContain("exp_f32(f32(f16(");
  });

  test("is stored in words and computed in f32 where the profile has no such feature", async () => {
    const { shaders, features } = await shadersFor(exponential, "swiftshader");
    expect(features).toEqual([]);
    expect(shaders.join()).not.toContain("f16");
  });
});
