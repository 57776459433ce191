// Draws what `npm run demo` prints, for the README: `npx node scripts/render-demo-output.ts` runs it and writes demo-output.svg.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import picocolors from "picocolors";
import { createEngineStore } from "../samples/ocr/engine.ts";
import { createWeftEngine } from "../samples/ocr/engines/weft.ts";
import { readAlphabet } from "../samples/ocr/models.ts";
import { readPicture } from "../samples/ocr/pipeline.ts";
import { readPng } from "../samples/ocr/png.ts";
import { reportCompilations, reportLines, reportStages } from "../samples/ocr/report.ts";

/** Fill and weight of the text after each of the terminal's codes that the demo uses. */
const styles: Readonly<Record<string, string>> = {
  "1": 'fill="#f4f1e8" font-weight="bold"',
  "2": 'fill="#8b9499"',
  "31": 'fill="#e5786d"',
  "32": 'fill="#8fc27b"',
  "33": 'fill="#e3b661"',
  "36": 'fill="#74b9c6"',
};
const plainStyle = 'fill="#d5d8d6"';
const [fontSize, characterWidth, lineHeight, margin] = [14, 8.43, 20, 22];

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A line of the terminal as SVG. Each piece has its place, so that no font can shift what follows. */
function svgLine(line: string, y: number): string {
  let column = 0;
  let style = plainStyle;
  return line
    .split(/\u001b\[(\d+)m/)
    .map((piece, index) => {
      if (index % 2 === 1) {
        style = styles[piece] ?? plainStyle;
        return "";
      }
      const x = margin + column * characterWidth;
      column += piece.length;
      if (piece.trim() === "") return "";
      const width = piece.length * characterWidth;
      return `<text x="${x.toFixed(1)}" y="${y}" textLength="${width.toFixed(1)}" ${style}>${escapeXml(piece)}</text>`;
    })
    .join("");
}

function svgTerminal(text: string): string {
  const lines = text.split("\n");
  const columns = Math.max(...lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, "").length));
  const width = Math.ceil(columns * characterWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const body = lines.map((line, index) => svgLine(line, margin + fontSize + index * lineHeight)).filter(Boolean);
  const font = `font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="#16282d"/>`,
    `<g ${font} xml:space="preserve">`,
    ...body,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const folder = join(import.meta.dirname, "../samples/ocr");
const engines = createEngineStore(createWeftEngine);
const picture = readPng(join(folder, "picture.png"));
const result = await readPicture(picture, engines, readAlphabet());
const colours = picocolors.createColors(true);
const reports = [
  colours.bold("$ npm run demo"),
  reportLines(result, colours),
  reportStages(result, colours),
  reportCompilations(engines.compilations, colours),
];
writeFileSync(join(folder, "demo-output.svg"), svgTerminal(reports.join("\n\n")));
