import { join } from "node:path";
import { modelPath } from "../samples/ocr/models.ts";
import { readModel } from "../src/backends/compile-model.ts";
import type { Module } from "../src/ir/module.ts";
import { packageFile, sharedFolder } from "../tests/support/shared-data.ts";

/** A trained network and the shapes it is compiled for. */
export interface RealModel {
  readonly name: string;
  readonly path: string;
  /** Sizes of the inputs that the model leaves open. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Inputs that are one value for good. */
  readonly constants: ReadonlyMap<string, string>;
}

/** The network at the onnx level. */
export const importModel = ({ path, shapes, constants }: RealModel): Module =>
  readModel(path, { bind: new Map(), shapes, constants });

type Shapes = Readonly<Record<string, readonly number[]>>;

const model = (
  name: string,
  path: string,
  shapes: Shapes = {},
  constants: Readonly<Record<string, string>> = {},
): RealModel => ({
  name,
  path,
  shapes: new Map(Object.entries(shapes)),
  constants: new Map(Object.entries(constants)),
});
const sharedModel = (name: string, shapes?: Shapes): RealModel =>
  model(name, join(sharedFolder, "models", `${name}.onnx`), shapes);

export const textDetector = model("detector 640x640", modelPath("detector"), { x: [1, 3, 640, 640] });
export const textClassifier = model("classifier 48x192", modelPath("classifier"), { x: [1, 3, 48, 192] });
export const textRecogniser = model("recogniser 48x320", modelPath("recogniser"), { x: [1, 3, 48, 320] });
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
  model(
    "silero v5",
    packageFile("@ricky0123", "vad-web", "dist", "silero_vad_v5.onnx"),
    { input: [1, 512], state: [2, 1, 128] },
    { sr: "16000" },
  ),
];
