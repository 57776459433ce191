// Models compiled to WGSL beside ONNX Runtime's WebGPU provider on the same adapter, in turns: `npm run bench:webgpu -- --help`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../src/cli/table.ts";
import { compareOutputs, isWithin } from "../../src/runtime/compare-runs.ts";
import { inputPorts } from "../../src/runtime/executor.ts";
import { randomSource, randomTensor } from "../../src/runtime/random-tensor.ts";
import { useSoftwareWithoutDriver } from "../../src/runtime/webgpu/index.ts";
import { importModel, textRecogniser } from "../real-models.ts";
import { type Case, casesIn, largeMatmul, writeOperator } from "./cases.ts";
import { countDispatches } from "./dispatches.ts";
import { Side } from "./side.ts";

const usage = `usage: npm run bench:webgpu -- [name …] [--rounds N] [--turn MS]

  name         measure only cases whose names contain this
  --rounds N   turns of each side (default 7)
  --turn MS    time of one turn (default 300)
  --peak N     the GPU's peak in GFLOP/s: also measures its share in a product of 4096x4096 matrices

The adapter is the system's; where there is none, SwiftShader of Debian's chromium.
`;

interface Comparison {
  readonly weft: Timing;
  readonly onnxRuntime: Timing;
  /** Why the outputs are not the same within the tolerance; undefined when they are. */
  readonly difference: string | undefined;
}

/** Medians of one run: milliseconds of the clock and of processors' work. */
interface Timing {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Measures one case on both sides, with the same random inputs, after comparing what they compute. */
async function compareSides(
  { model }: Case,
  sides: readonly Side[],
  rounds: number,
  turn: number,
): Promise<Comparison> {
  const random = randomSource(1);
  const inputs = new Map(inputPorts(importModel(model)).map((port) => [port.name, randomTensor(port, random)]));
  const outputs = [];
  for (const side of sides) outputs.push(await side.load(model, inputs));
  const compared = compareOutputs(outputs[0]!, outputs[1]!, { absolute: 1e-4, relative: 1e-3 });
  const different = compared.filter((output) => !isWithin(output)).map((output) => output.name);
  const times: number[] = [];
  for (const side of sides) {
    await side.run(1);
    const { milliseconds } = await side.run(1);
    times.push(Math.max(1, Math.min(200, Math.round(turn / milliseconds))));
  }
  const samples: Timing[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, side] of sides.entries()) samples[index]!.push(await side.run(times[index]!));
  const [weft, onnxRuntime] = samples.map((runs) => ({
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    processorMilliseconds: median(runs.map(({ processorMilliseconds }) => processorMilliseconds)),
  }));
  const difference = different.length === 0 ? undefined : `different outputs: ${different.join(", ")}`;
  return { weft: weft!, onnxRuntime: onnxRuntime!, difference };
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** The share of the device's peak that a large product of matrices reaches, transfers included. */
async function measurePeak(weft: Side, folder: string, peak: number): Promise<void> {
  const { model, operations } = writeOperator(largeMatmul, folder);
  const random = randomSource(1);
  await weft.load(
    model,
    new Map(inputPorts(importModel(model)).map((port) => [port.name, randomTensor(port, random)])),
  );
  const { milliseconds } = await weft.run(10);
  const speed = operations! / milliseconds / 1e6;
  console.log(`${model.name}: ${speed.toFixed(0)} GFLOP/s, ${((100 * speed) / peak).toFixed(1)} % of the peak`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "7" },
      turn: { type: "string", default: "300" },
      peak: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const folder = mkdtempSync(join(tmpdir(), "weft-bench-"));
  // Both sides inherit it, so that they run on the same adapter.
  useSoftwareWithoutDriver();
  const sides = [new Side("weft"), new Side("onnxruntime")];
  try {
    const chosen = casesIn(folder).filter(
      ({ model }) => positionals.length === 0 || positionals.some((part) => model.name.includes(part)),
    );
    const rows: (readonly string[])[] = [];
    const ratios: number[] = [];
    const processorRatios: number[] = [];
    for (const one of chosen) {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${one.model.name} …`);
      const { weft, onnxRuntime, difference } = await compareSides(
        one,
        sides,
        Number(values.rounds),
        Number(values.turn),
      );
      const ratio = weft.milliseconds / onnxRuntime.milliseconds;
      const processorRatio = weft.processorMilliseconds / onnxRuntime.processorMilliseconds;
      ratios.push(ratio);
      processorRatios.push(processorRatio);
      const speed = (ms: number): string =>
        one.operations === undefined ? "" : (one.operations / ms / 1e6).toFixed(2);
      rows.push([
        one.model.name,
        weft.milliseconds.toFixed(2),
        onnxRuntime.milliseconds.toFixed(2),
        speed(weft.milliseconds),
        speed(onnxRuntime.milliseconds),
        processorRatio.toFixed(2),
        ratio.toFixed(2),
        difference ?? "",
      ]);
      if (difference !== undefined) process.exitCode = 1;
    }
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    const heading = ["", "weft ms", "onnxruntime ms", "weft GFLOP/s", "onnxruntime", "processor ratio", "ratio", ""];
    console.log(`adapter: ${sides[0]!.adapter}\n\n${table(heading, rows)}\n`);
    console.log(`geometric mean of the ratios: ${geometricMean(ratios).toFixed(2)} (below 1: weft is faster)`);
    console.log(`the same of processors' work: ${geometricMean(processorRatios).toFixed(2)}`);
    const { fused, unfused } = countDispatches(importModel(textRecogniser));
    console.log(`dispatches of ${textRecogniser.name}: ${fused}, without fusion ${unfused}`);
    if (values.peak !== undefined) await measurePeak(sides[0]!, folder, Number(values.peak));
  } finally {
    for (const side of sides) side.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
