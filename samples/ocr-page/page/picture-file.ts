import type { Picture } from "../../ocr/image.ts";

/** Larger pictures are made smaller first: no side is longer than this. */
const longestSide = 4096;

/** Draws a picture's file on a canvas, which takes its size, and gives its pixels; transparent parts become white. */
export async function drawPicture(file: Blob, canvas: HTMLCanvasElement): Promise<Picture> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data: pixels } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++) data[3 * pixel + channel] = pixels[4 * pixel + channel]!;
  return { width, height, data };
}
