import { encode } from "fast-png";
import fc from "fast-check";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { cropParallelogram, type Picture, resize, rotateHalfTurn, toTensor } from "../../samples/ocr/image.ts";
import { decodePng, readPng } from "../../samples/ocr/png.ts";
import { CompileError } from "../../src/support/diagnostic.ts";
import { fileLocation } from "../../src/support/location.ts";

const sides = fc.integer({ min: 1, max: 12 });
const pictures: fc.Arbitrary<Picture> = fc
  .tuple(sides, sides)
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((data) => ({ width, height, data })),
  );
const grey = (width: number, height: number, values: readonly number[]): Picture => ({
  width,
  height,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const wholeOf = ({ width, height }: Picture) =>
  [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ] as const;

describe("resizing", () => {
  test("a cut of the whole picture at its own size is the picture", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(cropParallelogram(picture, wholeOf(picture), picture.width, picture.height)).toEqual(picture);
        expect(resize(picture, picture.width, picture.height)).toEqual(picture);
      }),
    );
  });

  test("keeps one colour and invents none outside the range of the picture's", () => {
    fc.assert(
      fc.property(pictures, sides, sides, (picture, width, height) => {
        const resized = resize(picture, width, height);
        expect(resized.data.length).toBe(width * height * 3);
        expect(Math.min(...resized.data)).toBeGreaterThanOrEqual(Math.min(...picture.data));
        expect(Math.max(...resized.data)).toBeLessThanOrEqual(Math.max(...picture.data));
      }),
    );
  });

  test("halving gives the means of 2 x 2 pixels", () => {
    expect(resize(grey(4, 2, [0, 40, 100, 100, 20, 60, 200, 0]), 2, 1)).toEqual(grey(2, 1, [30, 100]));
  });

  test("doubling samples a quarter pixel beside each centre, as OpenCV's INTER_LINEAR does", () => {
    expect(resize(grey(2, 1, [0, 200]), 4, 1)).toEqual(grey(4, 1, [0, 50, 150, 200]));
  });
});

describe("cutting", () => {
  const picture = grey(3, 2, [1, 2, 3, 4, 5, 6]);

  test("a rectangle inside the picture", () => {
    const corners = [
      { x: 1, y: 0 },
      { x: 3, y: 0 },
      { x: 3, y: 1 },
      { x: 1, y: 1 },
    ] as const;
    expect(cropParallelogram(picture, corners, 2, 1)).toEqual(grey(2, 1, [2, 3]));
  });

  test("from the top right corner downwards turns the picture by a quarter against the clock", () => {
    const [a, b, c, d] = wholeOf(picture);
    expect(cropParallelogram(picture, [b, c, d, a], 2, 3)).toEqual(grey(2, 3, [3, 6, 2, 5, 1, 4]));
  });

  test("from the bottom right corner is the half turn, and two half turns are none", () => {
    fc.assert(
      fc.property(pictures, (any) => {
        const [a, b, c, d] = wholeOf(any);
        expect(rotateHalfTurn(any)).toEqual(cropParallelogram(any, [c, d, a, b], any.width, any.height));
        expect(rotateHalfTurn(rotateHalfTurn(any))).toEqual(any);
      }),
    );
  });

  test("outside the picture repeats its border", () => {
    const corners = [
      { x: -2, y: -1 },
      { x: 5, y: -1 },
      { x: 5, y: 1 },
      { x: -2, y: 1 },
    ] as const;
    expect(cropParallelogram(picture, corners, 7, 2)).toEqual(grey(7, 2, [1, 1, 1, 2, 3, 3, 3, 1, 1, 1, 2, 3, 3, 3]));
  });
});

describe("a network's input", () => {
  test("has planes of blue, green and red, normalised, and zeros to the right", () => {
    const picture: Picture = { width: 1, height: 2, data: Uint8Array.from([255, 0, 51, 0, 255, 102]) };
    const { shape, data } = toTensor(picture, { mean: [0.5, 0.5, 0.2], deviation: [0.5, 0.25, 0.1] }, 2);
    expect(shape).toEqual([1, 3, 2, 2]);
    // (51/255 - 0.5) / 0.5 = -0.6, (102/255 - 0.5) / 0.5 = -0.2; (0 - 0.5) / 0.25 = -2; (1 - 0.2) / 0.1 = 8.
    const expected = [-0.6, 0, -0.2, 0, -2, 0, 2, 0, 8, 0, -2, 0];
    expected.forEach((value, index) => expect(data[index]).toBeCloseTo(value, 5));
  });
});

describe("PNG", () => {
  const location = fileLocation("picture.png");
  const failure = (file: Uint8Array): string => {
    try {
      decodePng(file, location);
    } catch (error) {
      if (error instanceof CompileError) return error.diagnostics.map(({ code }) => code).join();
      throw error;
    }
    return "none";
  };
  const rgb = (file: Uint8Array): readonly number[] => [...decodePng(file, location).data];

  test("reads RGB as it was written", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(decodePng(encode({ ...picture, channels: 3 }), location)).toEqual(picture);
      }),
    );
  });

  test("reads grey, and blends alpha with white", () => {
    const size = { width: 2, height: 1 };
    expect(rgb(encode({ ...size, channels: 1, data: Uint8Array.from([7, 200]) }))).toEqual([7, 7, 7, 200, 200, 200]);
    expect(rgb(encode({ ...size, channels: 2, data: Uint8Array.from([0, 51, 9, 255]) }))).toEqual([
      204, 204, 204, 9, 9, 9,
    ]);
    const rgba = Uint8Array.from([255, 0, 0, 51, 1, 2, 3, 255]);
    expect(rgb(encode({ ...size, channels: 4, data: rgba }))).toEqual([255, 204, 204, 1, 2, 3]);
  });

  test("reads sixteen bits a sample, and one", () => {
    const deep = Uint16Array.from([65535, 257 * 10, 0]);
    expect(rgb(encode({ width: 1, height: 1, depth: 16, channels: 3, data: deep }))).toEqual([255, 10, 0]);
    // One bit a pixel, written by hand: a row of three pixels 1, 0, 1 in the high bits of one byte.
    expect(rgb(pngFile(3, 1, 1, 0, Uint8Array.from([0, 0b10100000])))).toEqual([255, 255, 255, 0, 0, 0, 255, 255, 255]);
  });

  test("reads a palette", () => {
    const palette = chunk("PLTE", Uint8Array.from([10, 20, 30, 40, 50, 60]));
    expect(rgb(pngFile(2, 1, 8, 3, Uint8Array.from([0, 1, 0]), palette))).toEqual([40, 50, 60, 10, 20, 30]);
  });

  test("says what is wrong with a bad file, whatever is wrong", () => {
    const file = encode({ width: 5, height: 4, channels: 3, data: new Uint8Array(60).fill(9) });
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => {
        expect(failure(file.subarray(0, length))).toBe("ocr/bad-picture");
      }),
    );
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = file.slice();
        changed[index]! ^= change;
        expect(["none", "ocr/bad-picture", "ocr/picture-too-large"]).toContain(failure(changed));
      }),
    );
    expect(failure(new Uint8Array())).toBe("ocr/bad-picture");
  });

  test("refuses a header that asks for too many pixels, and pixels that inflate to more than they may", () => {
    expect(failure(pngFile(60_000, 60_000, 8, 2, new Uint8Array(10)))).toBe("ocr/picture-too-large");
    expect(failure(pngFile(1, 1, 8, 2, new Uint8Array(10_000_000)))).toBe("ocr/bad-picture");
  });

  test("reads no colour profile, which could inflate to anything", () => {
    const profile = chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), Buffer.from("this is not deflate")]));
    expect(rgb(pngFile(1, 1, 8, 2, Uint8Array.from([0, 1, 2, 3]), profile))).toEqual([1, 2, 3]);
  });

  test("names the file that is not there", () => {
    expect(() => readPng("no-such-picture.png")).toThrow(/ocr\/unreadable-picture.*ENOENT/);
  });
});

/** One PNG chunk: length, type, data, and the CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

/** CRC-32 as the PNG specification's annex D gives it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A PNG file of unfiltered rows: each row of `raw` starts with a zero. */
function pngFile(
  width: number,
  height: number,
  depth: number,
  colour: number,
  raw: Uint8Array,
  extra = Buffer.alloc(0) as Uint8Array,
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colour;
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = chunk("IEND", new Uint8Array());
  return Buffer.concat([signature, chunk("IHDR", header), extra, chunk("IDAT", deflateSync(raw)), end]);
}
