// Reads the text in a picture with three networks: `npm run demo`, or `npm run demo -- --help` for more.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import picocolors from "picocolors";
import { CompileError } from "../../src/support/diagnostic.ts";
import { unknownLocation } from "../../src/support/location.ts";
import { ocrDiagnostics } from "./diagnostics.ts";
import { createEngineStore, type EngineFactory } from "./engine.ts";
import { readAlphabet } from "./models.ts";
import { type OcrResult, readPicture } from "./pipeline.ts";
import { readPng } from "./png.ts";
import { type Colours, printable, reportCompilations, reportDiagnostic, reportLines, reportStages } from "./report.ts";

const usage = `Reads the text in a picture.

usage: npm run demo -- [picture.png] [options]

  picture.png            the picture to read (default: the sample's own)
  --engine <name>        weft: compile the networks to C (default)
                         webgpu: compile them to WGSL, for the adapter of this machine
                         onnxruntime: run them with ONNX Runtime, to compare
  --repeat <count>       read the picture that many times and print the fastest (default 1)
  --help                 print this
`;

// Loaded when chosen: what one engine needs is no reason for the other not to run.
const engineFactories: Readonly<Record<string, () => Promise<EngineFactory>>> = {
  weft: async () => (await import("./engines/weft.ts")).createWeftEngine,
  webgpu: async () => (await import("./engines/weft.ts")).createWebGpuEngine,
  onnxruntime: async () => (await import("./engines/onnxruntime.ts")).createOnnxRuntimeEngine,
};

interface Options {
  readonly picture: string;
  readonly engine: string;
  readonly repeat: number;
}

const badArgument = (reason: string): CompileError =>
  new CompileError([ocrDiagnostics.at("bad-argument", unknownLocation, { reason })]);

/** The options on the command line, or "help". */
function readOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  const { engine, repeat } = values;
  if (!Object.hasOwn(engineFactories, engine)) {
    throw badArgument(`there is no engine "${engine}"; expected one of ${Object.keys(engineFactories).join(", ")}`);
  }
  if (!/^[1-9]\d{0,3}$/.test(repeat)) throw badArgument(`--repeat takes a number from 1 to 9999, not "${repeat}"`);
  if (positionals.length > 1) throw badArgument(`expected one picture, found ${positionals.length}`);
  const picture = positionals[0] ?? relative(process.cwd(), fileURLToPath(new URL("picture.png", import.meta.url)));
  return { picture, engine, repeat: Number(repeat) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        engine: { type: "string", default: "weft" },
        repeat: { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw badArgument(error instanceof Error ? error.message : String(error));
  }
}

/** Says on a terminal which network is being compiled while it is, because that can take seconds. */
function announcing(factory: EngineFactory): EngineFactory {
  if (!process.stderr.isTTY) return factory;
  return async (network, inputShape) => {
    process.stderr.write(`  compiling the ${network} for ${inputShape.join("x")} …`);
    try {
      return await factory(network, inputShape);
    } finally {
      process.stderr.write("\r\u001b[K");
    }
  };
}

const totalTime = ({ stages }: OcrResult): number =>
  stages.reduce((sum, stage) => sum + stage.networkMilliseconds + stage.aroundMilliseconds, 0);

async function run({ picture: path, engine, repeat }: Options, colours: Colours): Promise<void> {
  const picture = readPng(path);
  const alphabet = readAlphabet();
  const engines = createEngineStore(announcing(await engineFactories[engine]!()));
  console.log(
    `\n${colours.bold(printable(path))} ${colours.dim(`${picture.width} x ${picture.height} pixels, engine ${engine}`)}\n`,
  );
  let fastest = await readPicture(picture, engines, alphabet);
  for (let round = 1; round < repeat; round++) {
    const result = await readPicture(picture, engines, alphabet);
    if (totalTime(result) < totalTime(fastest)) fastest = result;
  }
  for (const report of [
    reportLines(fastest, colours),
    reportStages(fastest, colours),
    reportCompilations(engines.compilations, colours),
  ]) {
    console.log(`${report}\n`);
  }
}

const coloursFor = (stream: NodeJS.WriteStream): Colours =>
  picocolors.createColors(stream.isTTY === true && !process.env["NO_COLOR"]);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") console.log(usage);
  else await run(options, coloursFor(process.stdout));
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  for (const diagnostic of error.diagnostics) console.error(reportDiagnostic(diagnostic, coloursFor(process.stderr)));
  process.exitCode = 1;
}
