// Makes the OCR sample a web page: `npm run demo:page`, or `npm run demo:page -- --help` for more.
import { parseArgs } from "node:util";
import { serveFolder } from "../../src/cli/serve-folder.ts";
import { CompileError } from "../../src/support/diagnostic.ts";
import { renderDiagnostics } from "../../src/support/render-diagnostics.ts";
import { buildPage } from "./build-page.ts";

const usage = `Makes a folder with a page that reads the text in pictures, on WebGPU.

usage: npx node samples/ocr-page/build.ts [options]

  -o, --output <folder>    where to (default out/ocr-page)
  --detector <WxH>         the detector's input in pixels (default 800x608, the sample picture's size)
  --recogniser <width>     the recogniser's input in pixels (default 640)
  --serve                  serve the folder to browsers on this machine
  --port <number>          on this port (default 8080)
`;

const { values } = parseArgs({
  options: {
    output: { type: "string", short: "o", default: "out/ocr-page" },
    detector: { type: "string", default: "800x608" },
    recogniser: { type: "string", default: "640" },
    serve: { type: "boolean", default: false },
    port: { type: "string", default: "8080" },
    help: { type: "boolean", short: "h", default: false },
  },
});

/** Pixels that the networks take: multiples of 32, not more than a picture's sides can be. */
function pixels(option: string, text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 32 && size <= 4096 && size % 32 === 0) return size;
  throw new Error(`${option} takes multiples of 32 up to 4096, not ${text}`);
}

async function main(): Promise<void> {
  if (values.help) return void console.log(usage);
  const [width = "", height = ""] = values.detector.split("x");
  const choices = {
    detectorSize: [pixels("--detector", width), pixels("--detector", height)] as const,
    recogniserWidth: pixels("--recogniser", values.recogniser),
  };
  await buildPage(values.output, choices, (text) => console.log(text));
  console.log(`wrote ${values.output}`);
  if (values.serve) console.log(`open ${(await serveFolder(values.output, Number(values.port))).url} (Ctrl+C ends it)`);
}

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CompileError) console.error(renderDiagnostics(error.diagnostics, { color: false }));
  else console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
}
