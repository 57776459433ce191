import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveFolder, type ServedFolder } from "../../src/cli/serve-folder.ts";

let folder = "";
let served: ServedFolder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "weft-serve-"));
  mkdirSync(join(folder, "site", "inner"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "site", "index.html"), "<p>page");
  writeFileSync(join(folder, "site", "inner", "a b.js"), "export {};");
  symlinkSync(join(folder, "secret.txt"), join(folder, "site", "link.txt"));
  served = await serveFolder(join(folder, "site"));
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks for a path as it stands: `fetch` would simplify it first. */
const ask = (path: string, method = "GET"): Promise<{ status: number; type: string | undefined; text: string }> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(served.url);
    request({ hostname, port, path, method }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => done({ status: response.statusCode!, type: response.headers["content-type"], text }));
    })
      .on("error", fail)
      .end();
  });

test("a folder's files are there, with types that browsers take", async () => {
  expect(await ask("/")).toEqual({ status: 200, type: "text/html; charset=utf-8", text: "<p>page" });
  expect(await ask("/inner/a%20b.js?v=1")).toEqual({
    status: 200,
    type: "text/javascript; charset=utf-8",
    text: "export {};",
  });
  expect(await ask("/index.html", "HEAD")).toMatchObject({ status: 200, text: "" });
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/link.txt",
  "/nothing",
  "/inner",
  "/inner/",
  "/%",
])("%s is not", async (path) => expect(await ask(path)).toMatchObject({ status: 404, text: "not found\n" }));

test("nothing is taken", async () => expect(await ask("/", "POST")).toMatchObject({ status: 404 }));
