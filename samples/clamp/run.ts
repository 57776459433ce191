// A dialect and two passes of one's own: `npx node samples/clamp/run.ts` prints the program after each pass, and runs it.
import { readFileSync } from "node:fs";
import { runEntry } from "../../src/interpreter/entry.ts";
import { allDialects } from "../../src/ir/dialects/index.ts";
import { Registry } from "../../src/ir/registry.ts";
import { parseModule } from "../../src/ir/text/parse.ts";
import { printModule } from "../../src/ir/text/print.ts";
import { verifyModule } from "../../src/ir/verifier.ts";
import { runPipeline } from "../../src/passes/pass-manager.ts";
import { pipeline, step } from "../../src/passes/pipeline.ts";
import { tensorFromNumbers, toNumbers } from "../../src/support/numeric/host-tensor.ts";
import { clamp } from "./dialect.ts";
import { lowerClamps, mergeClamps } from "./passes.ts";

const registry = new Registry([...allDialects, clamp.dialect]);
const file = new URL("program.mlir", import.meta.url);
const module = parseModule(readFileSync(file, "utf8"), { file: "program.mlir", registry });
const passes = pipeline("builtin.module", step(mergeClamps), step(lowerClamps));
const { history } = runPipeline(module, passes, { registry, verifyEach: true, verify: verifyModule });
for (const { pass, module: after } of history) console.log(`// after ${pass.name}\n${printModule(after, registry)}`);

const x = tensorFromNumbers("f32", [4], [-2, 0.5, 3, NaN]);
const [result] = runEntry(history.at(-1)!.module, new Map([["arg0", x]])).values();
console.log(`[${toNumbers(x).join(", ")}] becomes [${toNumbers(result!).join(", ")}]`);
