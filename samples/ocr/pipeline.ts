import { classifierInput, classifierInputShape, isUpsideDown } from "./classify.ts";
import { detectorInput, detectorInputShape, type TextBox, textBoxes } from "./detect.ts";
import {
  type EngineStore,
  inputName,
  type NetworkName,
  networkNames,
  type PictureShape,
  type Tensor,
} from "./engine.ts";
import type { Quadrilateral } from "./geometry.ts";
import { type Picture, rotateHalfTurn } from "./image.ts";
import { cutLine } from "./line.ts";
import { readOutput, recogniserInput, recogniserInputShape } from "./recognise.ts";

/** One line of text found in a picture. */
export interface Line {
  readonly text: string;
  /** The recogniser's mean probability, 0 to 1. */
  readonly score: number;
  /** In the picture's pixels, clockwise from the start of the box as it lies in the picture. */
  readonly box: Quadrilateral;
  /** The detector's mean probability inside the box, 0 to 1. */
  readonly boxScore: number;
  /** Whether the line was upside down, and was turned before it was read. */
  readonly upsideDown: boolean;
}

/** The time of one stage, without the time it took to make its engine. */
export interface StageTime {
  readonly network: NetworkName;
  /** How often the network ran. */
  readonly runs: number;
  /** Milliseconds inside the network, all runs together. */
  readonly networkMilliseconds: number;
  /** Milliseconds around it: resizing, cutting, decoding. */
  readonly aroundMilliseconds: number;
}

export interface OcrResult {
  /** In reading order. Lines in which the recogniser found no character are left out. */
  readonly lines: readonly Line[];
  /** One entry for each of the three stages, in their order. */
  readonly stages: readonly StageTime[];
}

/** Chooses the shapes that the detector and the recogniser run at. */
export interface ShapeChoice {
  detector(picture: Picture): PictureShape;
  recogniser(lines: readonly Picture[]): PictureShape;
}

/** Shapes that fit the picture and its lines best, for networks that can be had at any shape. */
const fittingShapes: ShapeChoice = { detector: detectorInputShape, recogniser: recogniserInputShape };

/**
 * Finds and reads the text in a picture: detect lines, turn the ones that are upside down, recognise each.
 * @param shapes other shapes than those that fit best, for networks that were compiled beforehand
 */
export async function readPicture(
  picture: Picture,
  engines: EngineStore,
  alphabet: readonly string[],
  shapes: ShapeChoice = fittingShapes,
): Promise<OcrResult> {
  const clock = new StageClock(engines);

  const detectorShape = shapes.detector(picture);
  const detector = await clock.stage("detector", detectorShape);
  const boxes = textBoxes(await detector.run(detectorInput(picture, detectorShape)), picture, detectorShape);
  detector.end();
  if (boxes.length === 0) return { lines: [], stages: clock.stages() };

  const classifier = await clock.stage("classifier", classifierInputShape);
  const cut: { readonly box: TextBox; readonly picture: Picture; readonly upsideDown: boolean }[] = [];
  for (const box of boxes) {
    const line = cutLine(picture, box.corners);
    const upsideDown = isUpsideDown(await classifier.run(classifierInput(line)));
    cut.push({ box, upsideDown, picture: upsideDown ? rotateHalfTurn(line) : line });
  }
  classifier.end();

  const shape = shapes.recogniser(cut.map((line) => line.picture));
  const recogniser = await clock.stage("recogniser", shape);
  const lines: Line[] = [];
  for (const { box, picture: line, upsideDown } of cut) {
    const { text, score } = readOutput(await recogniser.run(recogniserInput(line, shape)), alphabet);
    if (text.trim() !== "") lines.push({ text, score, box: box.corners, boxScore: box.score, upsideDown });
  }
  recogniser.end();
  return { lines, stages: clock.stages() };
}

interface Stage {
  /** Runs the network on its one input and returns its first output. */
  readonly run: (input: Tensor) => Promise<Tensor | undefined>;
  readonly end: () => void;
}

/** Keeps the time of each stage, split into the network and what is around it. */
class StageClock {
  readonly #engines: EngineStore;
  readonly #times = new Map<NetworkName, StageTime>();

  constructor(engines: EngineStore) {
    this.#engines = engines;
  }

  /** Makes the stage's engine, then starts its time. */
  async stage(network: NetworkName, inputShape: readonly number[]): Promise<Stage> {
    const engine = await this.#engines.get(network, inputShape);
    const start = performance.now();
    let runs = 0;
    let networkMilliseconds = 0;
    return {
      run: async (input) => {
        const runStart = performance.now();
        const outputs = await engine.run({ [inputName]: input });
        networkMilliseconds += performance.now() - runStart;
        runs++;
        return outputs[0];
      },
      end: () => {
        const aroundMilliseconds = performance.now() - start - networkMilliseconds;
        this.#times.set(network, { network, runs, networkMilliseconds, aroundMilliseconds });
      },
    };
  }

  /** The times so far; a stage that was not reached has no runs. */
  stages(): readonly StageTime[] {
    return networkNames.map(
      (network) => this.#times.get(network) ?? { network, runs: 0, networkMilliseconds: 0, aroundMilliseconds: 0 },
    );
  }
}
