import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileModule, readModel, readText } from "../../src/backends/compile-model.ts";
import type { WebGpuManifest } from "../../src/backends/wgsl/manifest.ts";
import { parseWebGpuProfile } from "../../src/targets/webgpu-profile.ts";
import type { WebGpuLimits } from "../../src/targets/webgpu.ts";
import { checkShader, messageLines } from "../../src/testing/webgpu/check-shader.ts";
import { realModels } from "./real-models.ts";

const profiles = ["swiftshader", "lavapipe", "desktop", "phone"].map((name) =>
  fileURLToPath(new URL(`../../samples/targets/webgpu-${name}.yaml`, import.meta.url)),
);
// One of each kind: convolutions, 8-bit integers, a language model.
const names = [
  "OCR classifier 1×3×48×192",
  "kws QOperator",
  "kws QDQ",
  "MLPerf keyword spotting",
  "stories260k, one token",
];
const models = realModels.filter(({ name }) => names.includes(name));

describe("for each device profile, both shader compilers take every shader of real networks", () => {
  test.each(
    profiles.flatMap((profile) =>
      models.map((model) => [profile.split("/").at(-1)!, model.name, profile, model] as const),
    ),
  )(
    "%s: %s",
    async (_, __, profile, { path, bind, shapes, constants }) => {
      const choices = {
        bind: new Map(Object.entries(bind)),
        shapes: new Map(Object.entries(shapes)),
        constants: new Map(Object.entries(constants)),
      };
      const { artifact } = compileModule(readModel(path, choices), {
        target: "wgsl",
        options: { deviceProfile: profile },
      });
      const { required } = artifact.manifest as WebGpuManifest;
      const target = parseWebGpuProfile(readText(profile), profile);
      for (const feature of required.features) expect(target.features).toContain(feature);
      for (const [limit, asked] of Object.entries(required.limits))
        expect(asked, limit).toBeLessThanOrEqual(target.limits[limit as keyof WebGpuLimits]);
      // Dawn's device without a driver has the limits that every device has.
      const isUsual = Object.keys(required.limits).length === 0;
      for (const [name, content] of artifact.files) {
        if (!name.endsWith(".wgsl")) continue;
        const { isValid, messages } = await checkShader(String(content), isUsual);
        expect(isValid, `${name}: ${messageLines(messages)}`).toBe(true);
      }
    },
    120_000,
  );
});
