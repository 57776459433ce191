import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { modelPath } from "../samples/ocr/models.ts";

/** A trained network and the shapes it is compiled for. */
export interface RealModel {
  readonly name: string;
  readonly path: string;
  /** Sizes of the inputs that the model leaves open. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

const shared = process.env["WEFT_SHARED"] ?? join(import.meta.dirname, "../../shared");
const voicePackage = dirname(createRequire(import.meta.url).resolve("@ricky0123/vad-web/package.json"));

const model = (name: string, path: string, shapes: Readonly<Record<string, readonly number[]>> = {}): RealModel => ({
  name,
  path,
  shapes: new Map(Object.entries(shapes)),
});
const sharedModel = (name: string, shapes?: Readonly<Record<string, readonly number[]>>): RealModel =>
  model(name, join(shared, "models", `${name}.onnx`), shapes);

export const textDetector = model("detector 640x640", modelPath("detector"), { x: [1, 3, 640, 640] });
const textClassifier = model("classifier 48x192", modelPath("classifier"), { x: [1, 3, 48, 192] });
const textRecogniser = model("recogniser 48x320", modelPath("recogniser"), { x: [1, 3, 48, 320] });
const imageClassifier = sharedModel("mlperf_ic", { actual_input_1: [1, 3, 32, 32] });
const keywordSpotter = sharedModel("kws_fp32");

/** The networks whose speed is compared with ONNX Runtime's. */
export const timedModels: readonly RealModel[] = [
  textDetector,
  textClassifier,
  textRecogniser,
  imageClassifier,
  keywordSpotter,
];

/** Every trained network at hand. */
export const realModels: readonly RealModel[] = [
  ...timedModels,
  sharedModel("kws_qdq", { "serving_default_input:0": [1, 1960] }),
  sharedModel("kws_qop"),
  sharedModel("mlperf_ad"),
  sharedModel("mlperf_kws"),
  sharedModel("stories260k", { input_ids: [1, 4], past_kv: [5, 2, 1, 4, 12, 8] }),
  model("silero v5", join(voicePackage, "dist/silero_vad_v5.onnx"), { input: [1, 512], state: [2, 1, 128] }),
];
