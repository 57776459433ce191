// Compiled models beside ONNX Runtime, in turns, one thread each: `npm run bench`, `npm run bench -- --help`.
import { parseArgs } from "node:util";
import { table } from "../src/cli/table.ts";
import { randomSource, randomTensor } from "../src/runtime/random-tensor.ts";
import { compareOutputs, isWithin } from "../src/runtime/compare-runs.ts";
import { nativeExecutor } from "../src/runtime/executor.ts";
import { type Measurement, measureInTurns, usualMeasure } from "../src/runtime/measure.ts";
import { OnnxRuntimeModel } from "../src/runtime/onnxruntime.ts";
import { importModel, type RealModel, timedModels } from "./real-models.ts";

const usage = `usage: npm run bench -- [name …] [--budget MS] [--threads N]

  name           measure only models whose names contain this
  --budget MS    time for each model on each side (default ${usualMeasure.budget})
  --threads N    threads for both sides (default 1)
`;

interface Comparison {
  readonly weft: Measurement;
  readonly onnxRuntime: Measurement;
  /** Why the outputs are not the same within the tolerance; undefined when they are. */
  readonly difference: string | undefined;
}

/** Measures one model on both sides, with the same random inputs, after comparing what they compute. */
async function compareSpeed(model: RealModel, budget: number, threads: number): Promise<Comparison> {
  const { name, path } = model;
  const executor = await nativeExecutor(importModel(model), { target: "c", options: { threads } });
  const peer = await OnnxRuntimeModel.load(path, threads);
  const random = randomSource(1);
  const inputs = new Map(executor.inputs.map((port) => [port.name, randomTensor(port, random)]));
  const outputs = compareOutputs(executor.run(inputs), await peer.run(inputs), { absolute: 1e-4, relative: 1e-3 });
  const different = outputs.filter((output) => !isWithin(output)).map((output) => output.name);
  const prepared = executor.native.prepare(inputs);
  const feeds = peer.feeds(inputs);
  const [weft, onnxRuntime] = await measureInTurns(
    [
      { name: `weft ${name}`, run: () => prepared.run() },
      { name: `onnxruntime ${name}`, run: async () => void (await peer.runFeeds(feeds)) },
    ],
    { ...usualMeasure, budget },
  );
  await peer.dispose();
  executor.dispose();
  const difference = different.length === 0 ? undefined : `different outputs: ${different.join(", ")}`;
  return { weft: weft!, onnxRuntime: onnxRuntime!, difference };
}

const milliseconds = ({ median, p10, p90 }: Measurement): readonly string[] =>
  [median, p10, p90].map((time) => time.toFixed(3));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      budget: { type: "string", default: String(usualMeasure.budget) },
      threads: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const chosen = timedModels.filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  );
  const rows: (readonly string[])[] = [];
  const ratios: number[] = [];
  for (const model of chosen) {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${model.name} …`);
    const { weft, onnxRuntime, difference } = await compareSpeed(model, Number(values.budget), Number(values.threads));
    const ratio = weft.median / onnxRuntime.median;
    ratios.push(ratio);
    rows.push([model.name, ...milliseconds(weft), ...milliseconds(onnxRuntime), ratio.toFixed(2), difference ?? ""]);
    if (difference !== undefined) process.exitCode = 1;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const heading = ["model", "weft ms", "p10", "p90", "onnxruntime ms", "p10", "p90", "ratio", ""];
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`${table(heading, rows)}\n\ngeometric mean of the ratios: ${mean.toFixed(2)} (below 1: weft is faster)`);
}

await main();
