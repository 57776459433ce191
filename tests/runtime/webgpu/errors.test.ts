import { describe, expect, test, vi } from "vitest";
import { Weft, WeftError } from "../../../src/backends/wgsl/loader/index.ts";
import type { LoadOptions, WeftErrorDetails } from "../../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import type { WebGpuManifest } from "../../../src/backends/wgsl/manifest.ts";
import { findAdapter } from "../../../src/runtime/webgpu/index.ts";
import { adapterOf, fakeDevice } from "./fake-device.ts";
import { count, vectorAdd } from "./vector-add.ts";

type Change = (manifest: WebGpuManifest) => WebGpuManifest;
const x = new Float32Array(count);

/** The error that something rejects with, as its fields. */
async function errorOf(
  work: Promise<unknown>,
): Promise<Partial<WeftErrorDetails & Pick<WeftError, "code" | "message">>> {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof WeftError)) throw new TypeError(`not a WeftError: ${String(error)}`);
  return { ...error, code: error.code, message: error.message };
}
const loadError = (options: LoadOptions, change?: Change) => errorOf(Weft.load(vectorAdd(change).files, options));

const requiring =
  (required: WebGpuManifest["required"]): Change =>
  (manifest) => ({ ...manifest, required });

describe("what a device lacks", () => {
  test("no WebGPU, no adapter", async () => {
    expect(await loadError({})).toMatchObject({ code: "no-webgpu" });
    const adapter = { ...adapterOf(fakeDevice()), requestDevice: () => Promise.reject(new Error("refused")) };
    expect(await loadError({ adapter: adapter as unknown as GPUAdapter })).toMatchObject({ code: "no-adapter" });
  });
  test("a feature", async () => {
    const fake = fakeDevice();
    const change = requiring({ features: ["shader-f16"], limits: {} });
    for (const options of [{ device: fake.device }, { adapter: adapterOf(fake) }])
      expect(await loadError(options, change)).toMatchObject({ code: "missing-feature", limit: "shader-f16" });
    expect(fake.made()).toBe(0);
  });
  test("a feature of the language", async () => {
    const limit = "packed_4x8_integer_dot_product";
    const change = requiring({ features: [], languageFeatures: [limit], limits: {} });
    vi.stubGlobal("navigator", { gpu: { wgslLanguageFeatures: new Set(["pointer_composite_access"]) } });
    try {
      expect(await loadError({ device: fakeDevice().device }, change)).toMatchObject({
        code: "missing-feature",
        limit,
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
  test("limits, with what is asked and what is given", async () => {
    const fake = fakeDevice();
    const change = requiring({ features: [], limits: { maxStorageBuffersPerShaderStage: 9 } });
    for (const options of [{ device: fake.device }, { adapter: adapterOf(fake) }]) {
      const found = { code: "limit-exceeded", limit: "maxStorageBuffersPerShaderStage", asked: 9, given: 8 };
      expect(await loadError(options, change)).toMatchObject(found);
    }
  });
  test("an alignment finer than the device's", async () => {
    const change = requiring({ features: [], limits: { minUniformBufferOffsetAlignment: 64 } });
    const found = { code: "limit-exceeded", asked: 64, given: 256 };
    expect(await loadError({ device: fakeDevice().device }, change)).toMatchObject(found);
  });
  test.each([
    ["maxStorageBufferBindingSize", 399, 400],
    ["maxComputeWorkgroupsPerDimension", 1, 2],
  ])("a step beyond %s is named", async (limit, given, asked) => {
    const { device } = fakeDevice({ limits: { [limit]: given } });
    const found = { code: "limit-exceeded", limit, asked, given, op: "add (/Add <x>)" };
    expect(await loadError({ device })).toMatchObject(found);
  });
  test("a buffer beyond the largest", async () => {
    const fake = fakeDevice({ limits: { maxBufferSize: 1000 } });
    const found = { code: "limit-exceeded", limit: "maxBufferSize", asked: 1024, given: 1000 };
    expect(await loadError({ device: fake.device })).toMatchObject(found);
    expect(fake.alive()).toBe(0);
  });
});

describe("nothing stays on the device", () => {
  test("whichever buffer there is no memory for, in loading and in a run", async () => {
    const whole = fakeDevice();
    const model = await Weft.load(vectorAdd().files, { device: whole.device });
    const loading = whole.made();
    await model.run({ x }, { keep: ["y"] }).then(({ y }) => "dispose" in y! && y.dispose());
    const total = whole.made();
    expect(total).toBeGreaterThan(loading);
    model.dispose();
    expect(whole.alive()).toBe(0);
    for (let number = 0; number < total; number++) {
      const fake = fakeDevice({ noMemoryForBuffer: number });
      const loaded = Weft.load(vectorAdd().files, { device: fake.device });
      if (number < loading) {
        expect(await errorOf(loaded)).toMatchObject({ code: "out-of-memory" });
        expect(fake.alive()).toBe(0);
        continue;
      }
      const model = await loaded;
      const before = fake.alive();
      expect(await errorOf(model.run({ x }, { keep: ["y"] }))).toMatchObject({ code: "out-of-memory" });
      // What the run made for itself is gone, or for the model's next one.
      expect(fake.alive() - before).toBeLessThanOrEqual(2);
      const { y } = await model.run({ x }, { keep: ["y"] });
      if ("dispose" in y!) y.dispose();
      model.dispose();
      expect(fake.alive()).toBe(0);
      expect(fake.isDestroyed()).toBe(false);
    }
  });
  test("a device made for the model goes with it", async () => {
    const fake = fakeDevice();
    const model = await Weft.load(vectorAdd().files, { adapter: adapterOf(fake) });
    model.dispose();
    expect([fake.alive(), fake.isDestroyed()]).toEqual([0, true]);
    const failing = fakeDevice({ noMemoryForBuffer: 3 });
    await loadError({ adapter: adapterOf(failing) });
    expect([failing.alive(), failing.isDestroyed()]).toEqual([0, true]);
  });
  test("kept outputs stay their owner's", async () => {
    const fake = fakeDevice();
    const model = await Weft.load(vectorAdd().files, { device: fake.device });
    const { y } = await model.run({ x }, { keep: ["y"] });
    model.dispose();
    expect(fake.alive()).toBe(1);
    if ("dispose" in y!) y.dispose();
    expect(fake.alive()).toBe(0);
  });
});

describe("what goes wrong on the way", () => {
  test("a shader that is refused: file, place, step", async () => {
    const fake = fakeDevice({ shaderError: { lineNum: 3, linePos: 7, message: "unresolved value 'q'" } });
    const error = await loadError({ device: fake.device });
    expect(error).toMatchObject({ code: "shader-error", place: "add.wgsl:3:7", op: "add (/Add <x>)" });
    expect(error.message).toContain("unresolved value 'q'");
    expect(fake.alive()).toBe(0);
  });
  test("the same for real", async () => {
    const { files } = vectorAdd();
    const broken = new Map([...files, ["add.wgsl", "@compute @workgroup_size(64)\nfn main() { q = 1; }\n"] as const]);
    const error = await errorOf(Weft.load(broken, { adapter: await findAdapter() }));
    expect(error).toMatchObject({ code: "shader-error", place: "add.wgsl:2:13", op: "add (/Add <x>)" });
  });
  test("a shader without the entry point", async () => {
    const { files } = vectorAdd();
    const broken = new Map([...files, ["add.wgsl", "fn other() {}\n"] as const]);
    const error = await errorOf(Weft.load(broken, { adapter: await findAdapter() }));
    expect(error).toMatchObject({ code: "shader-error", op: "add (/Add <x>)" });
  });
  test("a lost device: runs under way and later ones", async () => {
    const fake = fakeDevice();
    const model = await Weft.load(vectorAdd().files, { device: fake.device });
    const runs = [model.run({ x }), model.run({ x })].map(errorOf);
    fake.lose("the driver is gone");
    for (const run of runs) expect(await run).toMatchObject({ code: "device-lost" });
    const later = await errorOf(model.run({ x }));
    expect(later.message).toContain("the driver is gone");
    expect(await loadError({ device: fake.device })).toMatchObject({ code: "device-lost" });
    model.dispose();
    expect(fake.alive()).toBe(0);
  });
  test("a lost device, for real", async () => {
    const device = await (await findAdapter()).requestDevice();
    const model = await Weft.load(vectorAdd().files, { device });
    const run = errorOf(model.run({ x }));
    device.destroy();
    expect(await run).toMatchObject({ code: "device-lost" });
    expect(await errorOf(model.run({ x }))).toMatchObject({ code: "device-lost" });
  });
  test("disposed of, also while it runs", async () => {
    const model = await Weft.load(vectorAdd().files, { adapter: await findAdapter() });
    const run = errorOf(model.run({ x }));
    model.dispose();
    expect(await run).toMatchObject({ code: "disposed" });
    expect(await errorOf(model.run({ x }))).toMatchObject({ code: "disposed" });
    model.dispose();
  });
  test("a function on the host that throws; the next run is right", async () => {
    const { files } = vectorAdd();
    const host =
      "let runs = 0; export function twice_plus() { if (runs++ === 0) throw new RangeError('out of reach'); }";
    const model = await Weft.load(new Map([...files, ["host.js", host] as const]), { adapter: await findAdapter() });
    const error = await errorOf(model.run({ x }));
    expect(error).toMatchObject({ code: "host-error", op: "twice" });
    expect(error.message).toContain("out of reach");
    const { y } = await model.run({ x });
    expect(y).toHaveLength(count);
    model.dispose();
  });
});

describe("files that are not what they should be", () => {
  const withFile = (name: string, content: string | undefined) => {
    const files = new Map(vectorAdd().files);
    if (content === undefined) files.delete(name);
    else files.set(name, content);
    return errorOf(Weft.load(files, { device: fakeDevice().device }));
  };
  test.each(["manifest.json", "add.wgsl", "weights.bin", "host.js"])("%s is missing", async (name) => {
    expect(await withFile(name, undefined)).toMatchObject({ code: "bad-artifact", place: name });
  });
  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"format": "weft-artifact", "version": 1, "backend": "c"}',
    '{"format":"weft-artifact","version":2,"backend":"wgsl"}',
  ])("a manifest %j", async (text) => {
    expect(await withFile("manifest.json", text)).toMatchObject({ code: "bad-artifact", place: "manifest.json" });
  });
  test("a manifest without its lists", async () => {
    const text = '{"format":"weft-artifact","version":1,"backend":"wgsl"}';
    expect(await withFile("manifest.json", text)).toMatchObject({ code: "bad-artifact" });
  });
  test("weights of another length, a host file without the function, or no module at all", async () => {
    expect(await withFile("weights.bin", "short")).toMatchObject({ code: "bad-artifact" });
    expect(await withFile("host.js", "export const other = 1;")).toMatchObject({ code: "bad-artifact" });
    expect(await withFile("host.js", "export {")).toMatchObject({ code: "bad-artifact", place: "host.js" });
  });
  test("an address that leads nowhere", async () => {
    for (const address of ["http://127.0.0.1:1/model", "no address"])
      expect(await errorOf(Weft.load(address, { device: fakeDevice().device }))).toMatchObject({
        code: "bad-artifact",
      });
  });
});
