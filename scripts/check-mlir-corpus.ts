// Holds the text against upstream MLIR's own files and upstream's own tool:
//
//   node scripts/check-mlir-corpus.ts generic   parse, verify, print; mlir-opt reads the result as it reads the original
//   node scripts/check-mlir-corpus.ts pretty    the pretty form is parsed to the module that upstream's generic form is
//   node scripts/check-mlir-corpus.ts print     mlir-opt reads our pretty form of those as the same module
//
// Options: --every N (a sample), --match TEXT (files whose name has it), --list (every failure with its reason, not only counts).
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type CorpusCheck, MlirCorpus } from "../src/testing/mlir-corpus.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: "string", default: "1" },
    match: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const kinds: readonly CorpusCheck[] = ["generic", "pretty", "print"];
const kind = kinds.find((name) => name === positionals[0]);
if (kind === undefined) {
  console.error(`usage: check-mlir-corpus.ts ${kinds.join(" | ")} [--every N] [--match TEXT] [--list]`);
  process.exit(2);
}
const shared = process.env["WEFT_SHARED"] ?? join(import.meta.dirname, "..", "..", "shared");
const outcomes = new MlirCorpus(shared, { every: Number(values.every), match: values.match }).check(kind);
const failures = outcomes.flatMap(({ file, reason }) => (reason === undefined ? [] : [{ file, reason }]));

if (values.list) for (const { file, reason } of failures) console.log(`  ${file}: ${reason}`);
else {
  const alike = Map.groupBy(failures, ({ reason }) => reason.replaceAll(/[%@"'#!][^ ]*|\d+/g, "…").slice(0, 90));
  for (const [reason, group] of [...alike].toSorted(([, a], [, b]) => b.length - a.length).slice(0, 40))
    console.log(`${String(group.length).padStart(6)}  ${reason}   e.g. ${group[0]!.file}`);
}
const good = outcomes.length - failures.length;
console.log(`${kind}: ${good} of ${outcomes.length} (${((100 * good) / outcomes.length).toFixed(2)} %)`);
