import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { repositoryRoot, sharedFolder } from "../support/shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "weft-cli-webgpu-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = join(repositoryRoot, "src/cli/main.ts");
const model = join(sharedFolder, "models", "mlperf_ad.onnx");

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const weft = (...args: readonly string[]): Finished =>
  spawnSync(process.execPath, [program, ...args], { encoding: "utf8", cwd: folder, timeout: 300_000 });

describe("commands take --target wgsl", () => {
  test("compile writes shaders, a manifest, a loader and a page", () => {
    const { status, stdout, stderr } = weft("compile", model, "--target", "wgsl", "-o", "out");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/\.wgsl +\d/);
    for (const name of ["manifest.json", "weights.bin", "weft-webgpu.js", "weft-webgpu.d.ts", "index.html"])
      expect(existsSync(join(folder, "out", name)), name).toBe(true);
  });

  test("compile --serve serves the page", async () => {
    const args = ["compile", model, "--target", "wgsl", "-o", "served", "--serve", "--port", "0"];
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const url = await new Promise<string>((found, fail) => {
        let text = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          const [, address] = /open (http:\S+)/.exec(text) ?? [];
          if (address !== undefined) found(address);
        });
        child.on("exit", (status) => fail(new Error(`ended with ${status}: ${text}`)));
      });
      expect(await (await fetch(url)).text()).toContain("weft-webgpu.js");
      expect(await (await fetch(new URL("manifest.json", url))).json()).toMatchObject({ backend: "wgsl" });
    } finally {
      child.kill();
    }
  });

  test("compile --device-profile adapter compiles for the adapter that is there", () => {
    const { status, stderr } = weft("compile", model, "--target", "wgsl", "-o", "live", "--device-profile", "adapter");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(weft("explain", model, "--target", "wgsl", "--device-profile", "adapter")).toMatchObject({ status: 0 });
  });

  test("run, verify and bench run on the adapter that is there", () => {
    const ran = weft("run", model, "--target", "wgsl");
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toMatch(/: f32\[1, 640\] = /);
    const verified = weft("verify", model, "--target", "wgsl");
    expect(verified.stderr).toBe("");
    expect(verified.stdout).toMatch(/^wgsl +onnxruntime .* ok$/m);
    const measured = weft("bench", model, "--target", "wgsl", "--against", "onnxruntime", "--budget", "50");
    expect(measured.stderr).toBe("");
    expect(measured.stdout).toMatch(/\d+ dispatches, 0 calls on the host/);
  });

  test("conformance says how many ran on the device alone", () => {
    const suite = join(sharedFolder, "onnx-backend-tests");
    const { status, stdout } = weft(
      "conformance",
      suite,
      "--target",
      "wgsl",
      "--filter",
      "^test_(add|softmax_axis_[01])$",
    );
    expect(status).toBe(0);
    expect(stdout).toContain("; of those that passed, 3 all on the device, 0 with host parts");
  });
});

describe("what is wrong is said", () => {
  test("a profile that is not there, or is none", () => {
    writeFileSync(join(folder, "bad.yaml"), "name: x\nkind: toaster\n");
    const compiled = (profile: string): Finished =>
      weft("compile", model, "--target", "wgsl", "-o", "out2", "--device-profile", profile);
    expect(compiled("missing.yaml")).toMatchObject({ status: 1 });
    expect(compiled("missing.yaml").stderr).toMatch(/missing\.yaml cannot be read/);
    expect(compiled("bad.yaml").stderr).toMatch(/bad\.yaml:2.*kind/s);
    expect(existsSync(join(folder, "out2"))).toBe(false);
  });

  test("options of another backend", () => {
    const { status, stderr } = weft("compile", model, "--target", "wgsl", "-o", "out2", "--c-dialect", "c99");
    expect(status).toBe(1);
    expect(stderr).toMatch(/the wgsl backend has no option cDialect|the wgsl backend has no option c-dialect/);
  });

  test("a page that a target does not make", () => {
    const { status, stderr } = weft("compile", model, "--serve", "-o", "out2");
    expect(status).toBe(1);
    expect(stderr).toContain("serve/no-page");
  });
});
