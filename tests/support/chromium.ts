import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { repositoryRoot } from "./shared-data.ts";

/** A page in Debian's Chromium, with SwiftShader as its WebGPU adapter, and nothing of an earlier run. */
export interface OpenPage {
  readonly page: Page;
  /** What the page wrote to its console as errors, and what it threw. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const switches = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser with one page at `url`. */
export async function openPage(url: string): Promise<OpenPage> {
  const profile = mkdtempSync(join(tmpdir(), "weft-chromium-"));
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: "/usr/bin/chromium",
      args: switches,
      viewport: { width: 1280, height: 900 },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(url);
    return { page, errors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps a picture of the page, for people, in a folder that git ignores. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, "test-artifacts");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
