import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeBlocks } from "../support/markdown.ts";
import { repositoryRoot } from "../support/shared-data.ts";

const readme = readFileSync(join(repositoryRoot, "README.md"), "utf8");
const [block] = codeBlocks(readme, "sh");
const lines = block!.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const isAssignment = (line: string): boolean => /^[A-Z]+=/.test(line);
const commands = lines.filter((line) => !isAssignment(line));

// A place of its own, where what the commands write is in nobody's way.
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weft-readme-"));
  for (const name of ["node_modules", "samples"]) symlinkSync(join(repositoryRoot, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(commands)("%s", (command) => {
  const weft = `"${process.execPath}" "${join(repositoryRoot, "src/cli/main.ts")}"`;
  const script = [...lines.filter(isAssignment), command.replace("npx weft", weft)].join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 28,
  });
  expect(status, stderr).toBe(0);
  expect(stdout.trim()).not.toBe("");
});
