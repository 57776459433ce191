import { readFileSync, statSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { convertIndexedToRgb, type DecodedPng, decode } from "fast-png";
import { CompileError } from "../../src/support/diagnostic.ts";
import { fileLocation, type Location } from "../../src/support/location.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import type { Picture } from "./image.ts";

const maxFileBytes = 64 * 1024 * 1024;
const maxPixels = 32 * 1024 * 1024;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads a PNG file of any colour type as RGB; transparent parts become white. Throws a diagnostic when that is impossible. */
export function readPng(path: string): Picture {
  const location = fileLocation(path);
  let file: Uint8Array;
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new Error("it is not a file");
    const { size } = status;
    if (size > maxFileBytes) {
      throw new CompileError([ocrDiagnostics.at("file-too-large", location, { size, limit: maxFileBytes })]);
    }
    file = readFileSync(path);
  } catch (error) {
    if (error instanceof CompileError) throw error;
    throw new CompileError([ocrDiagnostics.at("unreadable-picture", location, { reason: reasonOf(error) })]);
  }
  return decodePng(file, location);
}

/** Decodes the bytes of a PNG file as RGB; transparent parts become white. `location` is where errors point. */
export function decodePng(file: Uint8Array, location: Location): Picture {
  try {
    const critical = criticalChunks(file, location);
    return toRgb(decode(critical, { checkCrc: true }));
  } catch (error) {
    if (error instanceof CompileError) throw error;
    throw new CompileError([ocrDiagnostics.at("bad-picture", location, { reason: reasonOf(error) })]);
  }
}

/**
 * The file reduced to the chunks that make its pixels, after checking that neither its header nor its compressed data ask for more
 * memory than a picture may take: a few kilobytes of deflate, in the pixels or in a colour profile, can expand to gigabytes.
 */
function criticalChunks(file: Uint8Array, location: Location): Uint8Array {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (signature.some((byte, index) => file[index] !== byte))
    throw new Error("it does not start with the PNG signature");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept: Uint8Array[] = [file.subarray(0, 8)];
  const compressed: Uint8Array[] = [];
  let inflatedLimit: number | undefined;
  for (let offset = 8; ;) {
    if (offset + 12 > file.length) throw new Error("the file ends before its last chunk");
    const length = view.getUint32(offset);
    const end = offset + 12 + length;
    if (end > file.length) throw new Error("the file ends inside a chunk");
    const type = String.fromCharCode(...file.subarray(offset + 4, offset + 8));
    if ((type === "IHDR") !== (inflatedLimit === undefined)) throw new Error("it has no header, or more than one");
    if (type === "IHDR") inflatedLimit = checkHeader(view, offset + 8, length, location);
    if (type === "IDAT") compressed.push(file.subarray(offset + 8, offset + 8 + length));
    if (["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].includes(type)) kept.push(file.subarray(offset, end));
    if (type === "IEND") break;
    offset = end;
  }
  inflateSync(Buffer.concat(compressed), { maxOutputLength: inflatedLimit! });
  return Buffer.concat(kept);
}

/** Checks the picture's size and returns how many bytes its pixels take at most before compression. */
function checkHeader(view: DataView, offset: number, length: number, location: Location): number {
  if (length !== 13) throw new Error("its header has the wrong length");
  const width = view.getUint32(offset);
  const height = view.getUint32(offset + 4);
  if (width === 0 || height === 0) throw new Error("it has no pixels");
  if (width * height > maxPixels) {
    throw new CompileError([ocrDiagnostics.at("picture-too-large", location, { width, height, limit: maxPixels })]);
  }
  // Up to four channels of two bytes; interlacing adds filter bytes and row padding, which the slack covers.
  return 8 * width * height + 32 * (width + height) + 1024;
}

function toRgb(png: DecodedPng): Picture {
  const { width, height } = png;
  const pixels = png.palette ? palettePixels(png) : directPixels(png);
  const { channels, samples, maximum } = pixels;
  if (samples.length !== width * height * channels) throw new Error("its pixel data has the wrong length");
  const data = new Uint8Array(width * height * 3);
  const colourChannels = channels < 3 ? 1 : 3;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const alpha = channels === colourChannels ? 1 : samples[at + channels - 1]! / maximum;
    for (let channel = 0; channel < 3; channel++) {
      const sample = samples[at + (colourChannels === 1 ? 0 : channel)]! / maximum;
      data[pixel * 3 + channel] = Math.round(255 * (sample * alpha + 1 - alpha));
    }
  }
  return { width, height, data };
}

interface Samples {
  readonly channels: number;
  readonly samples: ArrayLike<number>;
  readonly maximum: number;
}

function palettePixels(png: DecodedPng): Samples {
  return { channels: png.palette![0]?.length ?? 3, samples: convertIndexedToRgb(png), maximum: 255 };
}

function directPixels(png: DecodedPng): Samples {
  const maximum = 2 ** png.depth - 1;
  if (png.depth >= 8) return { channels: png.channels, samples: png.data, maximum };
  // Grey of less than a byte: samples are packed from the high bits, and each row starts at a byte.
  const perByte = 8 / png.depth;
  const rowBytes = Math.ceil(png.width / perByte);
  const samples = new Uint8Array(png.width * png.height);
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const byte = png.data[y * rowBytes + Math.floor(x / perByte)]!;
      samples[y * png.width + x] = (byte >> (8 - png.depth * ((x % perByte) + 1))) & maximum;
    }
  }
  return { channels: 1, samples, maximum };
}
