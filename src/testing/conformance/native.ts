import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileModule } from "../../backends/compile-model.ts";
import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { importOnnx } from "../../frontends/onnx/import.ts";
import { type BatchItem, buildBatch, NativeChild } from "../../runtime/native/index.ts";
import type { NativeModelFiles } from "../../runtime/native/load.ts";
import { type Outcome, outcomeOfError, outcomeOfValues } from "./outcome.ts";
import { type ConformanceTest, inputTensors, loadCase } from "./suite.ts";

/** A test that compiled, waiting for the C compiler. */
interface CompiledTest {
  readonly test: ConformanceTest;
  readonly item: BatchItem;
}

/**
 * Runs tests as compiled C: every model is compiled by Weft, all of them by the C compiler in one batch, and run in a child
 * process, so that code that crashes fails its own test only.
 */
export async function runOnC(
  tests: readonly ConformanceTest[],
  progress: (text: string) => void,
  options: Readonly<Record<string, unknown>>,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<ConformanceTest, Outcome>();
  const compiled: CompiledTest[] = [];
  for (const [index, test] of tests.entries()) {
    progress(`compiling ${index + 1} of ${tests.length}: ${test.name}`);
    try {
      compiled.push({ test, item: compileTest(test, `test_${index}`, options) });
    } catch (error) {
      outcomes.set(test, outcomeOfError(error));
    }
  }
  const folder = mkdtempSync(join(tmpdir(), "weft-conformance-"));
  const child = new NativeChild();
  try {
    progress(`building ${compiled.length} models`);
    const { models, failures } = await buildBatch(
      compiled.map(({ item }) => item),
      { folder },
    );
    for (const [index, { test, item }] of compiled.entries()) {
      progress(`running ${index + 1} of ${compiled.length}: ${test.name}`);
      const files = models.get(item.name);
      const refused = failures.get(item.name);
      outcomes.set(
        test,
        files
          ? await runTest(child, files, test)
          : { kind: "failed", reason: refused?.map(({ message }) => message).join("; ") ?? "not built" },
      );
    }
  } finally {
    child.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  return tests.map((test) => outcomes.get(test)!);
}

function compileTest(test: ConformanceTest, prefix: string, options: Readonly<Record<string, unknown>>): BatchItem {
  const { model, choices } = loadCase(test);
  const { artifact } = compileModule(importOnnx(model, choices), {
    target: "c",
    modelName: test.name,
    options: { ...options, name: prefix },
  });
  return { name: prefix, artifact };
}

async function runTest(child: NativeChild, files: NativeModelFiles, test: ConformanceTest): Promise<Outcome> {
  try {
    // Loaded again: a thousand models with their data are too much to keep.
    const data = loadCase(test);
    const outputs = await child.run(files, inputTensors(data));
    const actual = data.model.graph.outputs.map(({ name }): OnnxValue => ({
      kind: "tensor",
      tensor: outputs.get(name)!,
    }));
    return outcomeOfValues(actual, data.expected, test.tolerance);
  } catch (error) {
    return outcomeOfError(error);
  }
}
