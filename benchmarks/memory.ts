// The arena of each real model beside the least that any plan needs: node benchmarks/memory.ts
import { readModel, runPasses, standardPipeline } from "../src/backends/compile-model.ts";
import { bytesText, table } from "../src/cli/table.ts";
import { memoryPlanOf } from "../src/passes/plan-memory/plan-memory.ts";
import { CompileError } from "../src/support/diagnostic.ts";
import { realModels } from "./real-models.ts";

const heading = ["model", "buffers", "arena", "lower bound", "ratio"];
const rows: (readonly string[])[] = [];
let worst = 0;
for (const { name, path, shapes } of realModels) {
  try {
    const { module } = runPasses(readModel(path, { bind: new Map(), shapes }), standardPipeline("buffer"));
    const plan = memoryPlanOf(module);
    if (!plan) rows.push([name, "0", "0 B", "0 B", "1.000"]);
    else {
      const ratio = plan.lowerBoundBytes === 0 ? 1 : plan.arenaBytes / plan.lowerBoundBytes;
      worst = Math.max(worst, ratio);
      const sizes = [plan.arenaBytes, plan.lowerBoundBytes].map(bytesText);
      rows.push([name, String(plan.buffers.length), ...sizes, ratio.toFixed(3)]);
    }
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    rows.push([name, error.diagnostics[0]!.code, "", "", ""]);
    process.exitCode = 1;
  }
}
console.log(`${table(heading, rows)}\n\nlargest ratio: ${worst.toFixed(3)}`);
