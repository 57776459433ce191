import { afterAll, describe, expect, test } from "vitest";
import { compileModule, readModel } from "../../src/backends/compile-model.ts";
import { Weft } from "../../src/backends/wgsl/loader/index.ts";
import type { DeviceTensor, Model } from "../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import { isWithin } from "../../src/runtime/compare-runs.ts";
import { OnnxRuntimeModel } from "../../src/runtime/onnxruntime.ts";
import { randomSource, randomTensor } from "../../src/runtime/random-tensor.ts";
import { verifyModel } from "../../src/runtime/verify-model.ts";
import { sharedDevice } from "../../src/runtime/webgpu/index.ts";
import { compareTensors } from "../../src/support/numeric/compare.ts";
import { type HostTensor, tensorFromNumbers } from "../../src/support/numeric/host-tensor.ts";
import { checkShader, messageLines } from "../../src/testing/webgpu/check-shader.ts";
import { realModels, type RealModel } from "./real-models.ts";

const choicesOf = ({ bind, shapes, constants }: RealModel) => ({
  bind: new Map(Object.entries(bind)),
  shapes: new Map(Object.entries(shapes)),
  constants: new Map(Object.entries(constants)),
});

describe("real networks on WebGPU agree with ONNX Runtime", () => {
  test.each(realModels.map((model) => [model.name, model] as const))(
    "%s",
    async (_, model) => {
      const { outputs } = await verifyModel({
        path: model.path,
        choices: choicesOf(model),
        targets: ["wgsl"],
        againstOnnxRuntime: true,
        steps: model.steps,
        feedback: model.feedback,
        tolerance: model.tolerance,
        inputs: (ports, step) => {
          const random = randomSource(step + 1);
          return new Map(ports.map((port) => [port.name, randomTensor(port, random)]));
        },
      });
      expect(outputs.length).toBeGreaterThanOrEqual(model.steps);
      expect(outputs.filter((output) => !isWithin(output.comparison))).toEqual([]);
    },
    300_000,
  );
});

const compiled = (model: RealModel): ReadonlyMap<string, string | Uint8Array | readonly Uint8Array[]> =>
  compileModule(readModel(model.path, choicesOf(model)), { target: "wgsl" }).artifact.files;

describe("artifacts for every device", () => {
  test.each(realModels.map((model) => [model.name, model] as const))(
    "%s: shaders that two compilers take, and nothing on the host",
    async (_, model) => {
      const files = compiled(model);
      const shaders = [...files].filter(([name]) => name.endsWith(".wgsl"));
      expect(shaders.length).toBeGreaterThan(0);
      for (const [name, text] of shaders) {
        const { messages } = await checkShader(text as string);
        expect(messageLines(messages), name).toBe("");
      }
      const { steps } = JSON.parse(files.get("manifest.json") as string) as {
        readonly steps: readonly { readonly kind: string }[];
      };
      expect(steps.filter(({ kind }) => kind === "host")).toEqual([]);
    },
    300_000,
  );
});

describe("stories260k writes on, its keys and values kept on the device", () => {
  const stories = realModels.find(({ name }) => name.startsWith("stories260k"))!;
  const sessions: Model[] = [];
  afterAll(() => {
    for (const session of sessions) session.dispose();
  });

  /** The network for `T` new tokens after `P` earlier ones. */
  async function sessionFor(T: number, P: number): Promise<Model> {
    const session = await Weft.load(compiled({ ...stories, bind: { T, P } }), { device: await sharedDevice() });
    sessions.push(session);
    return session;
  }

  const likeliest = (logits: ArrayLike<number>): number => {
    const last = Array.from(logits).slice(-512);
    return last.indexOf(Math.max(...last));
  };

  test("as ONNX Runtime does", async () => {
    // Tokens of its vocabulary of 512; 1 begins a text.
    const prompt = [1, 5, 9];
    const reference = await OnnxRuntimeModel.load(stories.path);
    let expectedPast: HostTensor = { elementType: "f32", shape: [5, 2, 1, 4, 0, 8], data: new Float32Array() };
    let past: DeviceTensor | Float32Array = new Float32Array();
    let tokens: readonly number[] = prompt;
    let length = 0;
    const written: number[] = [];
    for (let step = 0; step < 6; step++) {
      const session = await sessionFor(tokens.length, length);
      const ids = tensorFromNumbers("i64", [1, tokens.length], tokens);
      const outputs = await session.run({ input_ids: ids.data, past_kv: past }, { keep: ["present_kv"] });
      const expected = await reference.run(
        new Map<string, HostTensor>([
          ["input_ids", ids],
          ["past_kv", expectedPast],
        ]),
      );
      const data = outputs["logits"] as Float32Array;
      const logits: HostTensor = { elementType: "f32", shape: [1, tokens.length, 512], data };
      const comparison = compareTensors(logits, expected.get("logits")!, { absolute: 1e-3, relative: 1e-3 });
      expect(["equal", "close"]).toContain(comparison.kind);
      const next = likeliest(data);
      expect(next).toBe(likeliest(expected.get("logits")!.data as Float32Array));
      written.push(next);
      const kept = outputs["present_kv"] as DeviceTensor;
      expect(kept.shape).toEqual([5, 2, 1, 4, length + tokens.length, 8]);
      if ("dispose" in past) past.dispose();
      [past, expectedPast] = [kept, expected.get("present_kv")!];
      length += tokens.length;
      tokens = [next];
    }
    expect(new Set(written).size).toBeGreaterThan(1);
    await reference.dispose();
  });
});
