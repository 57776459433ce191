import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { repositoryRoot } from "../support/shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-reduce-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const main = join(repositoryRoot, "src/cli/main.ts");
function reduce(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [main, "reduce", ...args], { encoding: "utf8", cwd: folder });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const input = file(
  "input.mlir",
  `module attributes {some.note = "this and that"} {
  func.func @caller(%n: index, %x: f32) -> f32 {
    %y = func.call @callee(%n, %x) : (index, f32) -> f32
    %z = arith.addf %y, %x : f32
    return %z : f32
  }
  func.func @callee(%n: index, %x: f32) -> f32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %sum = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %x) -> f32 {
      %square = "strange.square"(%acc, %i) {color = "red"} : (f32, index) -> f32
      %next = arith.addf %acc, %square : f32
      scf.yield %next : f32
    }
    return %sum : f32
  }
}
`,
);

const expected = `module {
  "strange.square"() : () -> ()
}
`;

test("a script that ends with 0 on what is interesting", () => {
  const script = file("check.sh", '#!/bin/sh\ngrep -q strange.square "$1"\n');
  const output = join(folder, "script.mlir");
  const { status, stdout, stderr } = reduce(input, "--test", script, "-o", output);
  expect(status, stderr).toBe(0);
  expect(readFileSync(output, "utf8")).toBe(expected);
  expect(stdout).toMatch(/script\.mlir: 1 operations after \d+ tests, minimal\n$/);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  const again = join(folder, "again.mlir");
  expect(reduce(input, "--test", script, "-o", again).stderr).toBe(stderr);
  expect(readFileSync(again, "utf8")).toBe(expected);
});

test("a command that fails: weft opt itself, on an operation that it does not know", () => {
  const weft = `"${process.execPath}" "${main}"`;
  const small = file(
    "small.mlir",
    'func.func @f(%x: i32) {\n  %y = "strange.square"(%x) : (i32) -> i32\n  return\n}\n',
  );
  const output = join(folder, "command.mlir");
  const { status, stderr } = reduce(
    ...[small, "--command", `${weft} opt {}`, "--exit-code", "1", "--stderr", "strange.square", "-o", output],
  );
  expect(status, stderr).toBe(0);
  expect(readFileSync(output, "utf8")).toBe(expected);
});

test("a limit ends with the smallest found so far", () => {
  const output = join(folder, "limited.mlir");
  const { status, stdout, stderr } = reduce(
    input,
    "--command",
    "! grep -q strange {}",
    "--max-tests",
    "3",
    "-o",
    output,
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/after 3 tests, stopped at the limit\n$/);
  expect(readFileSync(output, "utf8")).toContain("strange.square");
});

test("Ctrl-C keeps the smallest found so far", async () => {
  const script = file(
    "slow.sh",
    `#!/bin/sh\ngrep -q strange.square "$1" || exit 1\nif [ -e "${folder}/began" ]; then sleep 600; fi\ntouch "${folder}/began"\n`,
  );
  const output = join(folder, "interrupted.mlir");
  const child = spawn(process.execPath, [main, "reduce", input, "--test", script, "-o", output], { stdio: "ignore" });
  const ended = new Promise((settle) => child.on("close", settle));
  while (!existsSync(output) && child.exitCode === null) await setTimeout(20);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(readFileSync(output, "utf8")).toContain("strange.square");
});

test("what cannot be reduced is said, and nothing is written", () => {
  const output = join(folder, "nothing.mlir");
  const wrong = file("wrong.mlir", "func.func @f(\n");
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[input], /reduce\/no-test/],
    [[input, "--test", "a", "--command", "b"], /reduce\/no-test/],
    [
      [input, "--command", "echo some reason >&2; exit 0"],
      /the test ended with 0: some reason \[reduce\/not-interesting\]/,
    ],
    [[input, "--command", "sleep 600 # {}", "--timeout", "0.2"], /no answer in 0\.2 s \[reduce\/not-interesting\]/],
    [[input, "--test", join(folder, "nowhere.sh")], /reduce\/test-not-started/],
    [[wrong, "--command", "false"], /text\/unexpected-token/],
    [[join(folder, "nowhere.mlir"), "--command", "false"], /compile\/unreadable/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = reduce(...args, "-o", output);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  }
  expect(existsSync(output)).toBe(false);
});
