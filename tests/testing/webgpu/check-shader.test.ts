import { describe, expect, test } from "vitest";
import { checkShader, messageLines } from "../../../src/testing/webgpu/check-shader.ts";

const shader = (body: string, size = "64"): string => `
@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<f32>;
@compute @workgroup_size(${size})
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  ${body}
}
`;

describe("shaders are checked by two compilers", () => {
  test("a correct one has no messages", async () => {
    const checked = await checkShader(shader("y[id.x] = 2.0 * x[id.x];"));
    expect(messageLines(checked.messages)).toBe("");
    expect(checked.isValid).toBe(true);
  });

  test.each([
    ["a name that is not there", shader("y[id.x] = z;"), /^tint error 6:13:.*'z'[^]*\nnaga error 6:13:/],
    ["a store to what is read only", shader("x[id.x] = 1.0;"), /^tint error[^]*\nnaga error/],
    ["types that do not go together", shader("y[id.x] = 1i;"), /^tint error 6:\d+:[^]*\nnaga error/],
    ["a constant that overflows", shader("y[id.x] = 1e30f * 1e30f;"), /^tint error 6:\d+:.*cannot be represented/],
    ["more invocations than any device has", shader("y[0] = x[0];", "4096, 4096"), /^tint error 0:0:/],
    ["no entry point", "fn other() {}", /^tint error 0:0:/],
  ])("%s is an error", async (_, source, expected) => {
    const checked = await checkShader(source);
    expect(checked.isValid).toBe(false);
    expect(messageLines(checked.messages)).toMatch(expected);
  });
});
