import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { classifierInput, isUpsideDown } from "../../samples/ocr/classify.ts";
import { detectorInput, detectorInputShape, inReadingOrder, textBoxes } from "../../samples/ocr/detect.ts";
import { createEngineStore, type EngineFactory, type Tensor } from "../../samples/ocr/engine.ts";
import type { Picture } from "../../samples/ocr/image.ts";
import { readAlphabet } from "../../samples/ocr/models.ts";
import { readPicture } from "../../samples/ocr/pipeline.ts";
import { decodeGreedily, readOutput, recogniserInput, recogniserInputShape } from "../../samples/ocr/recognise.ts";
import { printable, reportDiagnostic, reportLines, reportStages } from "../../samples/ocr/report.ts";

const blank = (width: number, height: number): Picture => ({ width, height, data: new Uint8Array(width * height * 3) });
const sampleFile = (name: string): string =>
  readFileSync(new URL(`../../samples/ocr/${name}`, import.meta.url), "utf8");

test("picture.txt is the text of picture.svg", () => {
  const texts = [...sampleFile("picture.svg").matchAll(/<text\b[^>]*>(.*?)<\/text>/gs)];
  const lines = texts.map(([, content]) => content!.replace(/<[^>]*>/g, ""));
  expect(`${lines.join("\n")}\n`).toBe(sampleFile("picture.txt"));
});

describe("the detector's input", () => {
  test("has sides that are multiples of 32, at most 960, and about the picture's proportions", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }), (width, height) => {
        const [, , rows, columns] = detectorInputShape({ width, height, data: new Uint8Array() });
        for (const side of [rows, columns]) {
          expect(side % 32).toBe(0);
          expect(side).toBeGreaterThanOrEqual(32);
          expect(side).toBeLessThanOrEqual(960);
        }
        const scale = Math.min(1, 960 / Math.max(width, height));
        if (width * scale >= 32) expect(Math.abs(columns - width * scale)).toBeLessThanOrEqual(16);
        if (height * scale >= 32) expect(Math.abs(rows - height * scale)).toBeLessThanOrEqual(16);
      }),
    );
  });

  test("is normalised with ImageNet's mean and deviation", () => {
    const { shape, data } = detectorInput(blank(40, 70));
    expect(shape).toEqual([1, 3, 64, 32]);
    [0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225].forEach((value, channel) =>
      expect(data[channel * 64 * 32]).toBeCloseTo(-value, 5),
    );
  });

  test("of another shape holds the picture at its top left corner, made smaller where it is too large, and zeros around it", () => {
    const white = { width: 128, height: 64, data: new Uint8Array(128 * 64 * 3).fill(255) };
    const isZero = (shape: readonly [1, 3, number, number], row: number, column: number): boolean =>
      detectorInput(white, shape).data[row * shape[3] + column] === 0;
    expect(isZero([1, 3, 96, 160], 63, 127)).toBe(false);
    expect(isZero([1, 3, 96, 160], 63, 128)).toBe(true);
    expect(isZero([1, 3, 96, 160], 64, 127)).toBe(true);
    expect(isZero([1, 3, 64, 64], 31, 63)).toBe(false);
    expect(isZero([1, 3, 64, 64], 32, 0)).toBe(true);
  });
});

describe("the detector's output", () => {
  /** A probability map with rectangles of one probability each. */
  function mapOf(
    width: number,
    height: number,
    marks: readonly { left: number; top: number; right: number; bottom: number; probability: number }[],
  ): Tensor {
    const data = new Float32Array(width * height);
    for (const { left, top, right, bottom, probability } of marks) {
      for (let row = top; row < bottom; row++) data.fill(probability, row * width + left, row * width + right);
    }
    return { shape: [1, 1, height, width], data };
  }

  test("gives boxes grown by twice area over perimeter, in the picture's pixels", () => {
    // Cell centres span 40 x 10, so the offset is 2 * 400 / 100 = 8; the picture is twice as large as the map both ways.
    const mark = { left: 30, top: 20, right: 71, bottom: 31, probability: 0.75 };
    const picture = blank(1920, 128);
    const [box, ...others] = textBoxes(mapOf(960, 64, [mark]), picture);
    expect(others).toEqual([]);
    expect(box!.score).toBeCloseTo(0.75, 6);
    const [left, top, right, bottom] = [2 * (30.5 - 8), 2 * (20.5 - 8), 2 * (70.5 + 8), 2 * (30.5 + 8)];
    expect(box!.corners.flatMap(({ x, y }) => [x, y])).toEqual([left, top, right, top, right, bottom, left, bottom]);
  });

  test("is the same of a larger map than the picture's own, and of one that holds a smaller picture", () => {
    const mark = { left: 30, top: 20, right: 71, bottom: 31, probability: 0.75 };
    const picture = blank(1920, 128);
    const [box] = textBoxes(mapOf(960, 64, [mark]), picture);
    expect(textBoxes(mapOf(960, 960, [mark]), picture, [1, 3, 960, 960])).toEqual([box]);
    // At half the size: cell centres span 20 x 5, which 2 * 100 / 50 = 4 grows; each cell is four pixels of the picture.
    const half = { left: 15, top: 10, right: 36, bottom: 16, probability: 0.75 };
    const [smaller] = textBoxes(mapOf(480, 480, [half]), picture, [1, 3, 480, 480]);
    const [left, top, right, bottom] = [4 * (15.5 - 4), 4 * (10.5 - 4), 4 * (35.5 + 4), 4 * (15.5 + 4)];
    expect(smaller!.corners.flatMap(({ x, y }) => [x, y])).toEqual([
      left,
      top,
      right,
      top,
      right,
      bottom,
      left,
      bottom,
    ]);
  });

  test("leaves out what is small, and what the detector is unsure of", () => {
    const marks = [
      { left: 10, top: 10, right: 13, bottom: 60, probability: 0.9 },
      { left: 30, top: 10, right: 60, bottom: 20, probability: 0.55 },
      { left: 30, top: 40, right: 60, bottom: 50, probability: 0.25 },
    ];
    expect(textBoxes(mapOf(96, 96, marks), blank(96, 96))).toEqual([]);
  });

  test("comes in reading order", () => {
    const box = (name: string, x: number, y: number) => {
      const [right, bottom] = [x + 40, y + 20];
      return {
        name,
        corners: [
          { x, y },
          { x: right, y },
          { x: right, y: bottom },
          { x, y: bottom },
        ] as const,
      };
    };
    const boxes = [box("d", 0, 100), box("c", 120, 3), box("a", 0, 5), box("b", 60, 0), box("e", 50, 108)];
    expect(inReadingOrder(boxes).map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("must have the shape of the input", () => {
    expect(() => textBoxes(undefined, blank(64, 64))).toThrow(/ocr\/wrong-output/);
    expect(() => textBoxes(mapOf(64, 32, []), blank(64, 64))).toThrow(/ocr\/wrong-output.*expected 1x1x64x64/);
  });
});

describe("the classifier", () => {
  test("gets lines of 48 x 192: long ones squeezed, short ones padded with zeros", () => {
    for (const width of [10, 500]) expect(classifierInput(blank(width, 20)).shape).toEqual([1, 3, 48, 192]);
    const { data } = classifierInput(blank(20, 10));
    expect([data[95], data[96], data[191]]).toEqual([-1, 0, 0]);
  });

  test("turns a line only when it is sure", () => {
    const output = (upright: number, turned: number): Tensor => ({
      shape: [1, 2],
      data: Float32Array.from([upright, turned]),
    });
    expect(isUpsideDown(output(0.05, 0.95))).toBe(true);
    expect(isUpsideDown(output(0.15, 0.85))).toBe(false);
    expect(isUpsideDown(output(0.99, 0.01))).toBe(false);
    expect(() => isUpsideDown(undefined)).toThrow(/ocr\/wrong-output/);
  });
});

describe("the recogniser", () => {
  test("has one width for all lines: a multiple of 32 from 320 to 2560 that holds the longest", () => {
    expect(recogniserInputShape([blank(10, 10)])).toEqual([1, 3, 48, 320]);
    // 70 pixels at a height of 10 are 336 at a height of 48, which 32 does not divide.
    expect(recogniserInputShape([blank(10, 10), blank(70, 10)])).toEqual([1, 3, 48, 352]);
    expect(recogniserInputShape([blank(900, 2)])).toEqual([1, 3, 48, 2560]);
    expect(recogniserInput(blank(70, 10), [1, 3, 48, 352]).shape).toEqual([1, 3, 48, 352]);
  });

  test("has as many classes as its alphabet: blank, 6623 keys, space", () => {
    const alphabet = readAlphabet();
    expect(alphabet.length).toBe(6625);
    expect([alphabet[0], alphabet.at(-1)]).toEqual(["", " "]);
    expect(new Set(alphabet).size).toBe(6625);
  });

  test("refuses an output of another shape", () => {
    const output = { shape: [1, 4, 3], data: new Float32Array(12) };
    expect(() => readOutput(output, ["", "a"])).toThrow(/ocr\/wrong-output.*1x4x3.*1xNx2/);
    expect(() => readOutput(undefined, ["", "a"])).toThrow(/ocr\/wrong-output/);
  });
});

describe("CTC decoding", () => {
  const alphabet = ["", ..."abcd"];
  const stepsOf = (path: readonly number[], probability = 0.8): Float32Array =>
    Float32Array.from(
      path.flatMap((label) => alphabet.map((_, index) => (index === label ? probability : (1 - probability) / 4))),
    );

  test("merges repeats and drops blanks", () => {
    const path = [0, 1, 1, 0, 1, 2, 2, 0, 0];
    expect(decodeGreedily(stepsOf(path), path.length, alphabet).text).toBe("aab");
  });

  test("scores the mean of the characters' probabilities", () => {
    const path = [0, 1, 2, 0];
    expect(decodeGreedily(stepsOf(path, 0.75), path.length, alphabet).score).toBeCloseTo(0.75, 6);
    expect(decodeGreedily(stepsOf([0, 0]), 2, alphabet)).toEqual({ text: "", score: 0 });
  });

  test("gives back any text, however its characters are stretched and spaced", () => {
    const labelled = fc.record({
      label: fc.integer({ min: 1, max: 4 }),
      times: fc.integer({ min: 1, max: 3 }),
      blanks: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(labelled, { maxLength: 20 }), (parts) => {
        const path = parts.flatMap(({ label, times, blanks }, index) => {
          // Between equal characters CTC needs a blank.
          const gap = parts[index + 1]?.label === label ? Math.max(1, blanks) : blanks;
          return [...Array<number>(times).fill(label), ...Array<number>(gap).fill(0)];
        });
        const { text } = decodeGreedily(stepsOf(path), path.length, alphabet);
        expect(text).toBe(parts.map(({ label }) => alphabet[label]).join(""));
      }),
    );
  });
});

describe("the pipeline", () => {
  test("makes each engine once for a shape, also when asked twice at the same time", async () => {
    const made: string[] = [];
    const store = createEngineStore(async (network, shape) => {
      made.push(`${network} ${shape.join("x")}`);
      return { run: async () => [] };
    });
    await Promise.all([store.get("detector", [1, 2]), store.get("detector", [1, 2]), store.get("detector", [1, 3])]);
    expect(made).toEqual(["detector 1x2", "detector 1x3"]);
    expect(store.compilations.map(({ inputShape }) => inputShape)).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  test("runs the detector alone when there is no text", async () => {
    const made: string[] = [];
    const factory: EngineFactory = async (network, [, , height, width]) => {
      made.push(network);
      const data = new Float32Array(height! * width!);
      return { run: async () => [{ shape: [1, 1, height!, width!], data }] };
    };
    const result = await readPicture(blank(64, 64), createEngineStore(factory), readAlphabet());
    expect(made).toEqual(["detector"]);
    expect(result.lines).toEqual([]);
    expect(result.stages.map(({ network, runs }) => `${network} ${runs}`)).toEqual([
      "detector 1",
      "classifier 0",
      "recogniser 0",
    ]);
  });
});

describe("the report", () => {
  const same = (text: string): string => text;
  const colours = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
  const corner = { x: 0, y: 0 };
  const result = {
    lines: [
      { text: "One", score: 0.98, box: [corner, corner, corner, corner], boxScore: 0.9, upsideDown: false },
      { text: "Two", score: 0.5, box: [corner, corner, corner, corner], boxScore: 0.9, upsideDown: true },
    ],
    stages: [{ network: "detector", runs: 1, networkMilliseconds: 1500, aroundMilliseconds: 2.25 }],
  } as const;

  test("lists the lines and the times in columns", () => {
    expect(reportLines(result, colours).split("\n")).toEqual([
      "  line   score   text",
      "     1   0.980   One",
      "     2   0.500   Two    (was upside down)",
    ]);
    expect(reportStages(result, colours)).toContain("detector      1    1.50 s      2.3 ms     1.50 s");
    expect(reportLines({ ...result, lines: [] }, colours)).toContain("no text");
  });

  test("lets no file name steer the terminal", () => {
    expect(printable("a\u001b[31mb\u0007\u202ec")).toBe("ab\\u{7}\\u{202e}c");
    const location = { kind: "file", file: "x\u001b]0;title\u0007\n.png", line: 0, column: 0 } as const;
    const text = reportDiagnostic(
      { code: "ocr/x", severity: "error", message: "m", location, notes: [], help: "h" },
      colours,
    );
    for (const control of ["\u001b", "\u0007"]) expect(text).not.toContain(control);
    expect(text.split("\n")).toHaveLength(3);
  });
});
