import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { serveFolder } from "../../src/cli/serve-folder.ts";
import { keepScreenshot, openPage } from "../support/chromium.ts";
import { repositoryRoot, sharedFolder } from "../support/shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface FinishedRun {
  readonly state: string;
  readonly problem: string;
  readonly outputs: string;
}

test("an artifact's own page runs its model in Chromium", async () => {
  const artifact = join(folder, "kws");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(repositoryRoot, "src/cli/main.ts"),
      ...["compile", join(sharedFolder, "models", "kws_fp32.onnx"), "--target", "wgsl", "-o", artifact],
    ],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  const { outputs } = JSON.parse(readFileSync(join(artifact, "manifest.json"), "utf8")) as {
    readonly outputs: readonly { readonly name: string }[];
  };
  const served = await serveFolder(artifact);
  const { page, errors, close } = await openPage(served.url);
  try {
    await page.locator("html[data-state=done], html[data-state=failed]").waitFor({ timeout: 120_000 });
    await keepScreenshot(page, "artifact-page");
    const finished: FinishedRun = {
      state: (await page.locator("html").getAttribute("data-state"))!,
      problem: (await page.locator("#problem").textContent())!.trim(),
      outputs: (await page.locator("#outputs").textContent())!,
    };
    expect(finished).toMatchObject({ state: "done", problem: "" });
    for (const { name } of outputs) expect(finished.outputs).toContain(name);
    expect(finished.outputs).not.toContain("NaN");
    expect(errors).toEqual([]);
  } finally {
    await close();
    await served.close();
  }
});
