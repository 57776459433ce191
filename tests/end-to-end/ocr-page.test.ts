import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPage } from "../../samples/ocr-page/build-page.ts";
import { serveFolder, type ServedFolder } from "../../src/cli/serve-folder.ts";
import { keepScreenshot, openPage } from "../support/chromium.ts";

const sample = (name: string): string => fileURLToPath(new URL(`../../samples/ocr/${name}`, import.meta.url));
const expectedLines = readFileSync(sample("picture.txt"), "utf8").trimEnd().split("\n");

let folder = "";
let served: ServedFolder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "weft-ocr-page-"));
  await buildPage(folder, { detectorSize: [800, 608], recogniserWidth: 640 }, () => {});
  served = await serveFolder(folder);
});
afterAll(async () => {
  await served?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the OCR sample as a web page", () => {
  test("reads pictures in Chromium, on WebGPU", async () => {
    const { page, errors, close } = await openPage(served.url);
    try {
      const idle = page.locator('body[data-state="ready"], body[data-state="failed"]');
      await idle.waitFor({ timeout: 300_000 });
      expect(await page.locator("#status").textContent()).toBe("Choose a picture");
      await page.locator("#sample").click();
      await page.locator("#times:not([hidden])").waitFor({ timeout: 300_000 });
      await keepScreenshot(page, "ocr-page");
      expect(await page.locator("#status").textContent()).toMatch(/^6 lines in [\d.]+ s$/);
      expect(await page.locator("#lines .text").allTextContents()).toEqual(expectedLines);
      expect(await page.locator("#lines li").last().locator(".turned").textContent()).toBe("was upside down");
      expect(await page.locator("#boxes polygon").count()).toBe(6);
      expect(await page.locator("#stages tr td:nth-child(2)").allTextContents()).toEqual(["1", "6", "6", ""]);

      // A user's own file goes the same way.
      await page.locator("#file").setInputFiles(sample("picture.png"));
      await page.locator('body[data-state="reading"]').waitFor();
      await page.locator('body[data-state="ready"]').waitFor({ timeout: 300_000 });
      expect(await page.locator("#lines .text").allTextContents()).toEqual(expectedLines);
      expect(errors).toEqual([]);
    } finally {
      await close();
    }
  });
});
