// Weft beside mlir-opt on generated modules: whole processes, in turns, medians. node benchmarks/ir/run.ts [runs]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesText, table, timeText } from "../../src/cli/table.ts";
import { upstreamTool } from "../../src/testing/upstream.ts";
import { generateModule } from "./generate-module.ts";
import { measureProcess, medianOf, type ProcessFigures } from "./measure-process.ts";
import { measureRewrites } from "./measure-rewrite.ts";

const sizes = [10_000, 100_000, 500_000];
const runs = Math.max(3, Number(process.argv[2] ?? 3));
const cli = join(import.meta.dirname, "../../src/cli/main.ts");

interface Job {
  readonly name: string;
  readonly passes: readonly string[];
}
const jobs: readonly Job[] = [
  { name: "parse, verify, print", passes: [] },
  { name: "canonicalize, cse", passes: ["--pass-pipeline=builtin.module(canonicalize,cse)"] },
];

interface Tool {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}
const tools: readonly Tool[] = [
  { name: "weft", program: process.execPath, args: [cli, "opt", "--generic"] },
  { name: "mlir-opt", program: upstreamTool("mlir-opt"), args: ["--mlir-print-op-generic"] },
];

/** One job on one size: the medians of each tool, in the tools' order, and how many operations each left. */
interface Comparison {
  readonly size: number;
  readonly job: Job;
  readonly figures: readonly ProcessFigures[];
  readonly left: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), "weft-ir-bench-"));

function compare(size: number, job: Job, input: string): Comparison {
  const output = join(folder, "output.mlir");
  const samples: ProcessFigures[][] = tools.map(() => []);
  const left: number[] = [];
  for (let run = 0; run < runs; run++)
    tools.forEach(({ program, args }, tool) => {
      const all = [...args, ...job.passes, input, "-o", output];
      samples[tool]!.push(measureProcess(program, all, join(folder, "time")));
      left[tool] = operationsIn(readFileSync(output, "utf8"));
    });
  return { size, job, figures: samples.map(medianOf), left };
}

/** Operations in a generic text: each begins its line. */
function operationsIn(text: string): number {
  return text.match(/^ *(?:%\S+ = )?"/gm)?.length ?? 0;
}

const ratio = (left: number, right: number): string => (left / right).toFixed(2);

function comparisonTable(comparisons: readonly Comparison[]): string {
  const [weft, upstream] = tools.map(({ name }) => name);
  return table(
    [
      "operations",
      "job",
      `${weft}, wall`,
      `${upstream}, wall`,
      "ratio",
      `${weft}, cpu`,
      `${upstream}, cpu`,
      "ratio",
      `${weft}, peak`,
      `${upstream}, peak`,
      `${weft}, left`,
      `${upstream}, left`,
    ],
    comparisons.map(({ size, job, figures, left }) => {
      const [ours, theirs] = figures as readonly [ProcessFigures, ProcessFigures];
      return [
        String(size),
        job.name,
        timeText(ours.wall),
        timeText(theirs.wall),
        ratio(ours.wall, theirs.wall),
        timeText(ours.processor),
        timeText(theirs.processor),
        ratio(ours.processor, theirs.processor),
        bytesText(ours.peak),
        bytesText(theirs.peak),
        ...left.map(String),
      ];
    }),
  );
}

/** How much longer a job takes on the next size. */
function growthTable(comparisons: readonly Comparison[]): string {
  const wall = (size: number, job: Job, tool: number): number =>
    comparisons.find((one) => one.size === size && one.job === job)!.figures[tool]!.wall;
  const steps = sizes.slice(1).map((size, index) => [sizes[index]!, size] as const);
  return table(
    ["job", "tool", ...steps.map(([from, to]) => `${from} to ${to}`)],
    jobs.flatMap((job) =>
      tools.map(({ name }, tool) => [
        job.name,
        name,
        ...steps.map(([from, to]) => ratio(wall(to, job, tool), wall(from, job, tool))),
      ]),
    ),
  );
}

function rewriteLine(): string {
  const { few, all, fewTime, allTime, shared } = measureRewrites(100_000, 10, runs);
  return (
    `one pattern on 100000 operations: ${few} rewrites ${timeText(fewTime)}, ${all} rewrites ${timeText(allTime)}: ` +
    `${((100 * fewTime) / allTime).toFixed(1)} %; ${(100 * shared).toFixed(1)} % of the pages are shared after the few`
  );
}

try {
  const comparisons = sizes.flatMap((size) => {
    const input = join(folder, `${size}.mlir`);
    writeFileSync(input, generateModule(size));
    return jobs.map((job) => compare(size, job, input));
  });
  console.log(comparisonTable(comparisons));
  console.log(`\n${growthTable(comparisons)}\n`);
  console.log(rewriteLine());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
