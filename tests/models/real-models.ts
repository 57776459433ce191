import { join } from "node:path";
import { packageFile, sharedFolder } from "../support/shared-data.ts";
import type { Feedback } from "../../src/runtime/compare-runs.ts";
import type { Tolerance } from "../../src/support/numeric/compare.ts";

/** A real network at one binding of its dimensions. */
export interface RealModel {
  readonly name: string;
  readonly path: string;
  readonly bind: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly tolerance: Tolerance;
  readonly steps: number;
  readonly feedback: readonly Feedback[];
  /** Inputs that are made constants, as `--constant` does. */
  readonly constants: Readonly<Record<string, string>>;
}

const usual: Tolerance = { absolute: 1e-4, relative: 1e-3 };
/** One step of the outputs' scale, 1/256, of the quantized networks. */
const oneStep: Tolerance = { absolute: 1 / 255, relative: 1e-3 };
const ocr = (file: string): string => packageFile("@gutenye", "ocr-models", "assets", file);
const shared = (file: string): string => join(sharedFolder, "models", file);

function model(name: string, path: string, rest: Partial<RealModel> = {}): RealModel {
  return { name, path, bind: {}, shapes: {}, tolerance: usual, steps: 1, feedback: [], constants: {}, ...rest };
}
const atShapes = (name: string, path: string, ...shapes: readonly (readonly number[])[]): readonly RealModel[] =>
  shapes.map((shape) => model(`${name} ${shape.join("×")}`, path, { shapes: { x: shape } }));

/** Every real network that Weft is held against ONNX Runtime on. */
export const realModels: readonly RealModel[] = [
  ...atShapes("OCR detector", ocr("ch_PP-OCRv4_det_infer.onnx"), [1, 3, 160, 224], [1, 3, 320, 320], [2, 3, 96, 64]),
  ...atShapes("OCR classifier", ocr("ch_ppocr_mobile_v2.0_cls_infer.onnx"), [1, 3, 48, 192], [3, 3, 48, 100]),
  ...atShapes("OCR recogniser", ocr("ch_PP-OCRv4_rec_infer.onnx"), [1, 3, 48, 320], [2, 3, 48, 104]),
  model("silero VAD v5, state fed back", packageFile("@ricky0123", "vad-web", "dist", "silero_vad_v5.onnx"), {
    shapes: { input: [1, 512], state: [2, 1, 128] },
    steps: 30,
    feedback: [{ output: "stateN", input: "state" }],
    // The network takes another branch, of other shapes, for each sampling rate.
    constants: { sr: "16000" },
  }),
  model("kws float", shared("kws_fp32.onnx")),
  model("kws QDQ", shared("kws_qdq.onnx"), { bind: { unk__68: 1 }, tolerance: oneStep }),
  model("kws QOperator", shared("kws_qop.onnx"), { tolerance: oneStep }),
  model("MLPerf image classification", shared("mlperf_ic.onnx"), { bind: { batch: 2 } }),
  model("MLPerf anomaly detection", shared("mlperf_ad.onnx")),
  model("MLPerf keyword spotting", shared("mlperf_kws.onnx")),
  model("stories260k, one token", shared("stories260k.onnx"), { bind: { T: 1, P: 5 } }),
  model("stories260k, prompt", shared("stories260k.onnx"), { bind: { T: 4, P: 0 } }),
];
