import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { arith, func, gpu, memref, registry } from "../../../../src/ir/dialects/index.ts";
import { createKernel, isKernel, kernelValues } from "../../../../src/ir/dialects/gpu/kernel.ts";
import { unitAttribute } from "../../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../../src/ir/create-module.ts";
import { ModuleReader, walk } from "../../../../src/ir/module.ts";
import { Rewriter } from "../../../../src/ir/rewriter.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { printModule } from "../../../../src/ir/text/print.ts";
import { f32, indexType, memRefType } from "../../../../src/ir/types.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { upstreamPrints } from "../../../../src/testing/upstream.ts";

const text = readFileSync(join(import.meta.dirname, "operations.mlir"), "utf8");
const parse = (source: string) => parseModule(source, { file: "operations.mlir", registry });
const module = parse(text);
const upstream = (input: string, ...options: readonly string[]): string => {
  const [answer] = upstreamPrints([input], options);
  if (answer?.kind !== "printed") throw new Error(answer?.message);
  return answer.text;
};

describe("operations of gpu", () => {
  test("all of them are in the text", () => {
    const used = new Set([...walk(new ModuleReader(module))].map(({ name }) => name));
    expect(gpu.dialect.operations.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  test("are valid", () => {
    expect(verifyModule(module, registry)).toEqual([]);
  });

  test("are read as upstream reads them", () => {
    expect(printModule(module, registry, { generic: true })).toBe(upstream(text, "--mlir-print-op-generic"));
  });

  test("are read back from their generic form", () => {
    const generic = printModule(module, registry, { generic: true });
    expect(printModule(parse(generic), registry, { generic: true })).toBe(generic);
  });

  test("are printed as upstream prints them", () => {
    expect(printModule(module, registry, {})).toBe(upstream(text));
  });
});

test("built kernels and launches are what upstream reads from their text", () => {
  const buffer = memRefType([64], f32);
  const shared = memRefType([8], f32, undefined, "#gpu.address_space<workgroup>");
  const built = createModule((builder) => {
    gpu.module.build(
      builder,
      {},
      { sym_name: "kernels" },
      {
        regions: {
          bodyRegion: [
            {
              arguments: [],
              body: (inner) => {
                createKernel(
                  inner,
                  "negate",
                  { inputs: [buffer, indexType], workgroup: [shared], blockSize: [8, 1, 1] },
                  (body, { inputs: [x] }) => {
                    const place = gpu.global_id.build(body, {}, { dimension: "x" }).result;
                    const value = memref.load.build(body, { memref: x!, indices: [place] }, {}).result;
                    const negated = arith.negf.build(body, { operand: value }, {}).result;
                    memref.store.build(body, { value: negated, memref: x!, indices: [place] }, {});
                  },
                );
              },
            },
          ],
        },
      },
    );
    createFunction(builder, "main", [buffer, indexType], (inner, [x, n]) => {
      gpu.launch_func.build(
        inner,
        {
          gridSizeX: n!,
          gridSizeY: n!,
          gridSizeZ: n!,
          blockSizeX: n!,
          blockSizeY: n!,
          blockSizeZ: n!,
          kernelOperands: [x!, n!],
        },
        { kernel: ["kernels", "negate"] },
      );
      return [];
    });
  });
  const rewriter = new Rewriter(built);
  const root = rewriter.operation(built.root);
  rewriter.update(root.id, { attributes: { "gpu.container_module": unitAttribute } });
  const marked = rewriter.commit().module;
  expect(verifyModule(marked, registry)).toEqual([]);
  const printed = printModule(marked, registry, {});
  expect(printed).toBe(upstream(printed));
  const reader = new ModuleReader(marked);
  const kernels = [...walk(reader)].filter((op) => isKernel(op));
  expect(kernels.map((op) => Object.values(kernelValues(reader, op)).map((values) => values.length))).toEqual([
    [2, 1, 0],
  ]);
  expect([...walk(reader)].some((op) => isKernel(op) && op.name === func.func.name)).toBe(false);
});

const withKernel = (launch: string, module = "module attributes {gpu.container_module}"): string => `${module} {
  gpu.module @kernels {
    gpu.func @k(%x: f32) kernel {
      gpu.return
    }
    gpu.func @plain(%x: f32) {
      gpu.return
    }
  }
  func.func @main(%n: index, %f: f32, %i: i32) {
    ${launch}
    return
  }
}`;
const sizes = "blocks in (%n, %n, %n) threads in (%n, %n, %n)";
const withFunction = (func: string): string => `gpu.module @kernels { ${func} }`;

/** What upstream says of these, held against what is said here. */
test.each([
  withKernel(`gpu.launch_func @kernels::@k ${sizes} args(%f : f32)`, "module"),
  withKernel(`gpu.launch_func @nowhere::@k ${sizes} args(%f : f32)`),
  withKernel(`gpu.launch_func @kernels::@nothing ${sizes} args(%f : f32)`),
  withKernel(`gpu.launch_func @kernels::@plain ${sizes} args(%f : f32)`),
  withKernel(`gpu.launch_func @main::@k ${sizes} args(%f : f32)`),
  withKernel(`gpu.launch_func @kernels::@k ${sizes}`),
  withKernel(`gpu.launch_func @kernels::@k ${sizes} args(%i : i32)`),
  withFunction("gpu.func @k() -> f32 kernel { gpu.return }"),
  withFunction("gpu.func @k() -> f32 { gpu.return }"),
  withFunction("gpu.func @k(%x: i32) -> f32 { gpu.return %x : i32 }"),
  withFunction("gpu.func @k() workgroup(%w : f32) { gpu.return }"),
  withFunction("gpu.func @k() workgroup(%w : memref<4xf32, #gpu.address_space<private>>) { gpu.return }"),
  withFunction("gpu.func @k(%x: f32) { %0 = gpu.subgroup_reduce and %x : (f32) -> f32 gpu.return }"),
  withFunction("gpu.func @k(%x: i32) { %0 = gpu.subgroup_reduce minnumf %x : (i32) -> i32 gpu.return }"),
  withFunction("gpu.func @k(%x: i32) { %0 = gpu.subgroup_reduce add %x cluster(size = 3) : (i32) -> i32 gpu.return }"),
  withFunction(
    "gpu.func @k(%x: i32) { %0 = gpu.subgroup_reduce add %x cluster(size = 4, stride = 3) : (i32) -> i32 gpu.return }",
  ),
  withFunction("gpu.func @k(%x: f32) { %0 = gpu.all_reduce and %x {} : (f32) -> f32 gpu.return }"),
  withFunction("gpu.func @k(%x: f32) { %0 = gpu.all_reduce %x {} : (f32) -> f32 gpu.return }"),
  withFunction("gpu.func @k() attributes {known_block_size = array<i32: 1>} { gpu.return }"),
  "func.func @f() { gpu.return }",
  "gpu.func @k() { gpu.return }",
])("a wrong one is refused as upstream refuses it (%#)", (source) => {
  const [answer] = upstreamPrints([source], []);
  if (answer?.kind !== "refused") throw new Error("upstream takes it");
  // Upstream names the operation in some of them only.
  const messages = verifyModule(parse(source), registry).map(({ message }) => message.replace(/^'[\w.]+' op /, ""));
  expect(answer.message).toContain(messages[0]);
});
