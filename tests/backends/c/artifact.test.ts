import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cBackend } from "../../../src/backends/c/backend.ts";
import { writeArtifact } from "../../../src/backends/write-artifact.ts";
import { denseAttribute } from "../../../src/ir/attributes.ts";
import { arith, memref } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { f32, memRefType } from "../../../src/ir/types.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { nameLocation } from "../../../src/support/location.ts";
import { tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { kernelModule, nest } from "./kernel-module.ts";
import { load } from "./run-module.ts";

/** y = x + small + large, elementwise over [16, 16]; the second constant is big enough for the weights file. */
function modelWithWeights(names: { readonly x: string; readonly y: string; readonly node: string }): Module {
  const type = memRefType([16, 16], f32);
  const values = Array.from({ length: 256 }, (_, i) => i / 8);
  return kernelModule(
    [
      { name: names.x, type },
      { name: names.y, type, output: true },
    ],
    (b, [x, y], rewriter) => {
      rewriter.location = nameLocation(names.node);
      const large = memref.get_global.build(b, {}, { name: "large" }, { resultTypes: [type] }).result;
      const again = memref.get_global.build(b, {}, { name: "again" }, { resultTypes: [type] }).result;
      const rowType = memRefType([16], f32);
      const small = memref.get_global.build(b, {}, { name: "small" }, { resultTypes: [rowType] }).result;
      nest(b, [16, 16], (inner, indices) => {
        const read = (buffer: typeof large, at: typeof indices) =>
          memref.load.build(inner, { memref: buffer, indices: at }, {}).result;
        const add = (lhs: typeof large, rhs: typeof large) => arith.addf.build(inner, { lhs, rhs }, {}).result;
        const sum = add(
          add(read(x!, indices), read(large, indices)),
          add(read(small, [indices[1]!]), read(again, indices)),
        );
        memref.store.build(inner, { value: sum, memref: y!, indices }, {});
      });
    },
    0,
    (rewriter) => {
      const global = (name: string, shape: readonly number[], data: readonly number[]) =>
        memref.global.build(
          rewriter,
          {},
          {
            sym_name: name,
            sym_visibility: "private",
            type: memRefType(shape, f32),
            initial_value: denseAttribute(tensorFromNumbers("f32", shape, data)),
            constant: true,
          },
        );
      global("large", [16, 16], values);
      global("again", [16, 16], values);
      global(
        "small",
        [16],
        Array.from({ length: 16 }, (_, i) => -i),
      );
    },
  );
}
const expected = (x: readonly number[]) => x.map((value, i) => value + i / 4 - (i % 16));
const input = Array.from({ length: 256 }, (_, i) => 3 * i);

const hostile = [
  "*/ int main(void) { return 1; } /*",
  'quote " and \\ and \\" end',
  "line\nbreak\r\nand\u2028more\u0000nul",
  "int",
  "NAN",
  "a??/b ??' %s %n",
  "<script>alert('x')</script>",
  "x".repeat(10_000),
  "",
  "päper/☃",
  "memcpy",
  "../../etc/passwd",
];

describe("weights", () => {
  const module = modelWithWeights({ x: "x", y: "y", node: "graph/Add_1" });
  test.each([
    { options: {}, files: ["model.weights.bin"] },
    { options: { cDialect: "c99" }, files: ["model.weights.bin"] },
    { options: { embedWeights: true }, files: ["model.weights.bin"] },
    { options: { embedWeights: true, cDialect: "c99" }, files: [] },
  ])("$options", async ({ options, files }) => {
    const { model, artifact } = await load(module, options);
    const { y } = Object.fromEntries(model.run(new Map([["x", tensorFromNumbers("f32", [16, 16], input)]])));
    expect([...y!.data]).toEqual(expected(input));
    expect([...artifact.files.keys()].filter((name) => name.endsWith(".bin"))).toEqual(files);
    // Two equal constants are stored once; the small one is an array in the code.
    expect(artifact.manifest.weightsBytes).toBe(1024);
    model.dispose();
  });
});

describe("hostile names", () => {
  test.each(hostile.map((name) => ({ name, shown: JSON.stringify(name).slice(0, 40) })))("$shown", async ({ name }) => {
    const module = modelWithWeights({ x: name, y: name, node: name });
    const { model, artifact } = await load(module, { name });
    const [input0] = model.inputs;
    const results = model.run(new Map([[input0!.name, tensorFromNumbers("f32", [16, 16], input)]]));
    expect([...results.get(name)!.data]).toEqual(expected(input));
    for (const file of artifact.files.keys()) expect(file).toMatch(/^[A-Za-z0-9_.]+$/);
    const report = artifact.files.get("report.html") as string;
    expect(report).not.toMatch(/<script/i);
    for (const [file, content] of artifact.files)
      if (typeof content === "string" && file !== "manifest.json") {
        expect(content).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
        expect(Math.max(...content.split("\n").map((line) => line.length))).toBeLessThan(2500);
      }
    const source = artifact.files.get(artifact.manifest.sources[0]!) as string;
    expect(source.replaceAll(/\/\*.*?\*\//gs, "")).not.toContain("int main");
  });

  test("two inputs with the same name in C keep apart", async () => {
    const type = memRefType([1], f32);
    const module = kernelModule(
      [
        { name: "a.b", type },
        { name: "a/b", type },
        { name: "A_B", type, output: true },
      ],
      (b, [x, y, z]) =>
        nest(b, [1], (inner, indices) => {
          const lhs = memref.load.build(inner, { memref: x!, indices }, {}).result;
          const rhs = memref.load.build(inner, { memref: y!, indices }, {}).result;
          memref.store.build(
            inner,
            { value: arith.subf.build(inner, { lhs, rhs }, {}).result, memref: z!, indices },
            {},
          );
        }),
    );
    const { model } = await load(module);
    const one = (value: number) => tensorFromNumbers("f32", [1], [value]);
    expect(
      model
        .run(
          new Map([
            ["a.b", one(5)],
            ["a/b", one(3)],
          ]),
        )
        .get("A_B")!.data[0],
    ).toBe(2);
  });
});

describe("the folder", () => {
  const module = modelWithWeights({ x: "x", y: "y", node: "graph/Add_1" });
  test.each([{}, { cDialect: "c99" }, { embedWeights: true }])("builds with make and runs, %o", (options) => {
    const folder = join(mkdtempSync(join(tmpdir(), "weft-artifact-")), "out");
    writeArtifact(cBackend.compile(module, { name: "demo", ...options }, { modelName: "a demo" }), folder);
    const flags = "CFLAGS=-O1 -Wall -Wextra -Werror";
    execFileSync("make", [flags, "-s"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    writeFileSync(join(folder, "x.raw"), new Uint8Array(Float32Array.from(input).buffer));
    const output = execFileSync("./demo", ["x.raw"], { cwd: folder, encoding: "utf8" });
    expect(output).toContain("status 0");
    expect(output).toContain(`y (f32): ${expected(input).slice(0, 8).join(" ")}`);
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain("graph/Add_1");
    expect(report).toContain("1.00 KiB");
  });

  test("is written whole, replaces an older one, and never anything else", () => {
    const parent = mkdtempSync(join(tmpdir(), "weft-artifact-"));
    const folder = join(parent, "out");
    const artifact = cBackend.compile(module, { name: "demo" });
    writeArtifact(artifact, folder);
    writeFileSync(join(folder, "stale"), "");
    writeArtifact(artifact, folder);
    expect(readdirSync(folder).toSorted()).toEqual([...artifact.files.keys()].toSorted());
    expect(readdirSync(parent)).toEqual(["out"]);
    const foreign = join(parent, "mine");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "thesis.txt"), "years of work");
    expect(() => writeArtifact(artifact, foreign)).toThrow(CompileError);
    expect(readFileSync(join(foreign, "thesis.txt"), "utf8")).toBe("years of work");
    writeFileSync(join(parent, "file"), "");
    expect(() => writeArtifact(artifact, join(parent, "file"))).toThrow(CompileError);
    expect(() => writeArtifact(artifact, join(parent, "file", "below"))).toThrow(CompileError);
    expect(existsSync(join(parent, "file"))).toBe(true);
  });
});
