import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createEngineStore } from "../../samples/ocr/engine.ts";
import { createOnnxRuntimeEngine } from "../../samples/ocr/engines/onnxruntime.ts";
import { createWebGpuEngine, createWeftEngine } from "../../samples/ocr/engines/weft.ts";
import { readAlphabet } from "../../samples/ocr/models.ts";
import { readPicture } from "../../samples/ocr/pipeline.ts";
import { readPng } from "../../samples/ocr/png.ts";

const sample = (name: string): string => fileURLToPath(new URL(`../../samples/ocr/${name}`, import.meta.url));

describe("the OCR sample", () => {
  test.each([
    ["ONNX Runtime", createOnnxRuntimeEngine],
    ["networks compiled to C", createWeftEngine],
    ["networks compiled to WGSL", createWebGpuEngine],
  ] as const)("reads its picture with %s, and turns the one line that is upside down", async (_, engine) => {
    const picture = readPng(sample("picture.png"));
    const { lines, stages } = await readPicture(picture, createEngineStore(engine), readAlphabet());
    expect(lines.map(({ text }) => `${text}\n`).join("")).toBe(readFileSync(sample("picture.txt"), "utf8"));
    expect(lines.map(({ upsideDown }) => upsideDown)).toEqual([false, false, false, false, false, true]);
    expect(stages.map(({ network, runs }) => [network, runs])).toEqual([
      ["detector", 1],
      ["classifier", 6],
      ["recogniser", 6],
    ]);
  });
});
