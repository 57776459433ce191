// The arena of each real model beside the least that any plan needs: node benchmarks/memory.ts
import { compileModule, runPasses } from "../src/backends/compile-model.ts";
import { bytesText, table } from "../src/cli/table.ts";
import { CompileError } from "../src/support/diagnostic.ts";
import { graphPeak } from "./graph-peak.ts";
import { importModel, realModels } from "./real-models.ts";

// "lower bound": the largest sum of buffers live together after fusion; "graph": of tensors, where no node is fused with another.
const heading = ["model", "buffers", "arena", "lower bound", "ratio", "graph"];
const rows: (readonly string[])[] = [];
let worst = 0;
for (const model of realModels) {
  const { name } = model;
  try {
    const imported = importModel(model);
    const graph = bytesText(graphPeak(runPasses(imported, "builtin.module(infer-shapes)").module));
    const plan = compileModule(imported, { target: "c" }).memory;
    if (!plan) rows.push([name, "0", "0 B", "0 B", "1.000", graph]);
    else {
      const ratio = plan.lowerBoundBytes === 0 ? 1 : plan.arenaBytes / plan.lowerBoundBytes;
      worst = Math.max(worst, ratio);
      const sizes = [plan.arenaBytes, plan.lowerBoundBytes].map(bytesText);
      rows.push([name, String(plan.buffers.length), ...sizes, ratio.toFixed(3), graph]);
    }
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    rows.push([name, error.diagnostics[0]!.code, "", "", "", ""]);
    process.exitCode = 1;
  }
}
console.log(`${table(heading, rows)}\n\nlargest ratio: ${worst.toFixed(3)}`);
