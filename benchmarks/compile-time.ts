// How long Weft takes from an .onnx file to C, without the C compiler, and how much memory: each run in a process of its own.
// node benchmarks/compile-time.ts [runs]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileModule } from "../src/backends/compile-model.ts";
import { writeArtifactFiles } from "../src/backends/write-artifact.ts";
import { bytesText, table, timeText } from "../src/cli/table.ts";
import { importModel, textDetector } from "./real-models.ts";

interface Run {
  /** Milliseconds from the model's file to the written C, in a process that has the compiler loaded. */
  readonly compile: number;
  /** Milliseconds since the process started, which includes loading Node and the compiler. */
  readonly process: number;
  /** Peak resident memory before and after, in bytes. */
  readonly idlePeak: number;
  readonly peak: number;
}

const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

function compileOnce(): Run {
  const folder = mkdtempSync(join(tmpdir(), "weft-compile-time-"));
  const idlePeak = peakMemory();
  const started = performance.now();
  try {
    const module = importModel(textDetector);
    writeArtifactFiles(compileModule(module, { target: "c" }).artifact, folder);
    const ended = performance.now();
    return { compile: ended - started, process: ended, idlePeak, peak: peakMemory() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const childArgument = "--one-run";

if (process.argv[2] === childArgument) console.log(JSON.stringify(compileOnce()));
else {
  const count = Number(process.argv[2] ?? 5);
  const runs = Array.from({ length: count }, () => {
    const output = execFileSync(process.execPath, [import.meta.filename, childArgument], { encoding: "utf8" });
    return JSON.parse(output) as Run;
  });
  const summary = (name: string, pick: (run: Run) => number, text: (value: number) => string): readonly string[] => {
    const sorted = runs.map(pick).sort((a, b) => a - b);
    return [name, ...[sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!].map(text)];
  };
  console.log(`${textDetector.name}, import to C without the C compiler, ${count} processes\n`);
  console.log(
    table(
      ["", "median", "least", "most"],
      [
        summary("import to C", (run) => run.compile, timeText),
        summary("whole process", (run) => run.process, timeText),
        summary("peak memory", (run) => run.peak, bytesText),
        summary("of it before compiling", (run) => run.idlePeak, bytesText),
      ],
    ),
  );
}
