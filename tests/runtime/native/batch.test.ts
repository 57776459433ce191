import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Artifact } from "../../../src/backends/artifact.ts";
import { cBackend } from "../../../src/backends/c/backend.ts";
import { arith, memref } from "../../../src/ir/dialects/index.ts";
import { f32, memRefType } from "../../../src/ir/types.ts";
import { buildBatch, buildSharedLibrary, loadNative, NativeChild } from "../../../src/runtime/native/index.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { float, kernelModule, nest } from "../../backends/c/kernel-module.ts";

/** y = x · factor */
function scaling(name: string, factor: number, count = 4): Artifact {
  const type = memRefType([count], f32);
  const module = kernelModule(
    [
      { name: "x", type },
      { name: "y", type, output: true },
    ],
    (b, [x, y]) =>
      nest(b, [count], (inner, indices) => {
        const lhs = memref.load.build(inner, { memref: x!, indices }, {}).result;
        const value = arith.mulf.build(inner, { lhs, rhs: float(inner, f32, factor) }, {}).result;
        memref.store.build(inner, { value, memref: y!, indices }, {});
      }),
  );
  return cBackend.compile(module, { name });
}
/** The same artifact with C code put at the start of its entry function. */
function withCode(artifact: Artifact, code: string): Artifact {
  const [source] = artifact.manifest.sources;
  const text = artifact.files.get(source!) as string;
  const start = text.lastIndexOf("void *arena) {") + "void *arena) {".length;
  const changed = `#include <stdlib.h>\n${text.slice(0, start)} ${code} ${text.slice(start)}`;
  return { ...artifact, files: new Map(artifact.files).set(source!, changed) };
}
const temporary = () => mkdtempSync(join(tmpdir(), "weft-test-"));
const input = (values = [1, 2, 3, 4]) => new Map([["x", tensorFromNumbers("f32", [values.length], values)]]);
const codesOf = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => (error instanceof CompileError ? error.diagnostics.map(({ code }) => code) : [String(error)]),
  );

describe("many models in one library", () => {
  const child = new NativeChild(5_000);
  afterAll(() => child.dispose());

  test("each runs its own code; what crashes, hangs or does not compile fails alone", async () => {
    const items = Array.from({ length: 30 }, (_, i) => ({ name: `model ${i}`, artifact: scaling(`m${i}`, i + 1) }));
    items.push({ name: "crashes", artifact: withCode(scaling("crashes", 1), "abort();") });
    items.push({ name: "broken", artifact: withCode(scaling("broken", 1), "this is no C;") });
    const { models, failures } = await buildBatch(items, { folder: temporary(), jobs: 2 });
    expect([...failures.keys()]).toEqual(["broken"]);
    expect(failures.get("broken")![0]!.code).toBe("native/compile-failed");
    expect(failures.get("broken")![0]!.message).toContain("error:");
    const results = [];
    for (const [name, files] of models) {
      if (name === "model 15")
        expect(await codesOf(child.run(models.get("crashes")!, input()))).toEqual(["native/run-failed"]);
      if (name !== "crashes") results.push([...(await child.run(files, input())).get("y")!.data]);
    }
    expect(results).toEqual(Array.from({ length: 30 }, (_, i) => [1, 2, 3, 4].map((x) => x * (i + 1))));
  });

  test("equal prefixes are refused", async () => {
    const items = ["a", "b"].map((name) => ({ name, artifact: scaling("same", 2) }));
    await expect(buildBatch(items, { folder: temporary() })).rejects.toThrow(RangeError);
  });

  test("a run that never ends is stopped", async () => {
    const quick = new NativeChild(300);
    const artifact = withCode(scaling("hangs", 1), "for (volatile int i = 0;; ) (void)i;");
    const library = await buildSharedLibrary(artifact, { flags: ["-O0"] });
    const work = quick.run({ library, manifest: artifact.manifest, weights: "" }, input());
    expect(await codesOf(work)).toEqual(["native/run-failed"]);
    const fine = scaling("fine", 3);
    const other = { library: await buildSharedLibrary(fine), manifest: fine.manifest, weights: "" };
    expect([...(await new NativeChild().run(other, input())).get("y")!.data]).toEqual([3, 6, 9, 12]);
    quick.dispose();
  });
});

describe("one model", () => {
  test("is compiled once into a cache", async () => {
    const cacheDir = join(temporary(), "cache");
    const artifact = scaling("cached", 2);
    const first = await buildSharedLibrary(artifact, { cacheDir });
    expect(await buildSharedLibrary(artifact, { cacheDir })).toBe(first);
    expect(await buildSharedLibrary(scaling("cached", 3), { cacheDir })).not.toBe(first);
    expect(readdirSync(cacheDir)).toHaveLength(2);
  });

  test("runs again and again in prepared memory, aligned to 64 bytes", async () => {
    const artifact = scaling("prepared", 2);
    const model = loadNative(await buildSharedLibrary(artifact), artifact.manifest);
    const prepared = model.prepare(input());
    prepared.run();
    const y = prepared.outputs.get("y")!;
    expect([...y.data]).toEqual([2, 4, 6, 8]);
    (prepared.inputs.get("x")!.data as Float32Array).fill(5);
    prepared.run();
    expect([...y.data]).toEqual([10, 10, 10, 10]);
    model.dispose();
  });

  test("wrong inputs, missing libraries and missing compilers are errors with a cure", async () => {
    const artifact = scaling("errors", 2);
    const model = loadNative(await buildSharedLibrary(artifact), artifact.manifest);
    for (const wrong of [new Map(), input([1, 2, 3]), new Map([["x", tensorFromNumbers("f64", [4], [1, 2, 3, 4])]])])
      expect(() => model.run(wrong)).toThrow(/native\/wrong-input/);
    expect(() => loadNative("/nonexistent.so", artifact.manifest)).toThrow(/native\/load-failed/);
    expect(await codesOf(buildSharedLibrary(artifact, { compiler: "no-such-compiler" }))).toEqual([
      "native/no-compiler",
    ]);
    expect(await codesOf(buildSharedLibrary(withCode(artifact, "oops;")))).toEqual(["native/compile-failed"]);
  });
});
