import { describe, expect, test } from "vitest";
import { contentBytes } from "../../../src/backends/artifact.ts";
import { loaderFiles } from "../../../src/backends/wgsl/loader/bundle.ts";
import type * as Loader from "../../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import { serveFolder } from "../../../src/cli/serve-folder.ts";
import { findAdapter } from "../../../src/runtime/webgpu/index.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArtifactFiles } from "../../../src/backends/write-artifact.ts";
import { count, expectedOutputs, vectorAdd } from "./vector-add.ts";

const text = (name: string): string => String(loaderFiles().get(name));
const importLoader = async (): Promise<typeof Loader> =>
  (await import(`data:text/javascript,${encodeURIComponent(text("weft-webgpu.js"))}`)) as typeof Loader;

describe("the loader as artifacts have it", () => {
  test("is small, alone, and the same each time", () => {
    expect(contentBytes(loaderFiles().get("weft-webgpu.js")!)).toBeLessThanOrEqual(15_000);
    expect(text("weft-webgpu.js")).not.toMatch(/\bfrom\s*"|\bimport\s*"|require\(/);
    expect(text("weft-webgpu.d.ts")).not.toMatch(/\bimport\b/);
    expect(loaderFiles()).toBe(loaderFiles());
  });
  test("the page names nothing that is elsewhere", () => {
    expect(text("index.html")).not.toMatch(
      /https?:|\/\/[a-z]+\.|innerHTML|outerHTML|insertAdjacentHTML|document\.write/,
    );
  });
  test("runs a model from a server's folder, with errors of its own class", async () => {
    const { Weft, WeftError } = await importLoader();
    const folder = mkdtempSync(join(tmpdir(), "weft-page-"));
    const artifact = vectorAdd((manifest) => ({ ...manifest, steps: manifest.steps.slice(0, -1), hostFile: "" }));
    writeArtifactFiles(artifact, folder);
    const { url, close } = await serveFolder(folder);
    try {
      for (const source of [url, new URL(url), url.slice(0, -1)]) {
        const model = await Weft.load(source, { adapter: await findAdapter() });
        const x = new Float32Array(count).fill(3);
        expect((await model.run({ x }))["y"]).toEqual(expectedOutputs(x).y);
        await expect(model.run({})).rejects.toBeInstanceOf(WeftError);
        model.dispose();
      }
      const missing = Weft.load(`${url}missing/`, { adapter: await findAdapter() });
      await expect(missing).rejects.toMatchObject({ code: "bad-artifact", message: expect.stringContaining("404") });
    } finally {
      await close();
      rmSync(folder, { recursive: true });
    }
  });
});
