// Holds the text against upstream MLIR's own files and upstream's own tool:
//
//   node scripts/check-mlir-corpus.ts generic   parse, verify, print; mlir-opt reads the result as it reads the original
//   node scripts/check-mlir-corpus.ts pretty    the pretty form is parsed to the module that upstream's generic form is
//   node scripts/check-mlir-corpus.ts print     mlir-opt reads our pretty form of those as the same module
//
// Options: --every N (a sample), --match TEXT (files whose name has it), --list (every failure with its reason, not only counts).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { registry } from "../src/ir/dialects/index.ts";
import type { Module } from "../src/ir/module.ts";
import { parseModule } from "../src/ir/text/parse.ts";
import { printModule } from "../src/ir/text/print.ts";
import { verifyModule } from "../src/ir/verifier.ts";
import { CompileError } from "../src/support/diagnostic.ts";
import { upstreamPrints } from "../src/testing/upstream.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: "string", default: "1" },
    match: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const shared = process.env["WEFT_SHARED"] ?? join(import.meta.dirname, "..", "..", "shared");
const corpus = join(shared, "mlir-corpus");
const read = (folder: string, file: string): string => readFileSync(join(corpus, folder, file), "utf8");
const sample = (folder: string): readonly string[] =>
  readdirSync(join(corpus, folder))
    .filter((file) => values.match === undefined || file.includes(values.match))
    .filter((_, index) => index % Number(values.every) === 0);

/** How upstream was asked to print a file of the corpus. */
const printing = (file: string) => {
  const localScope = file.endsWith(".local.mlir");
  return { generic: true, localScope, debugInfo: localScope || file.endsWith(".dbg.mlir") };
};
const upstreamPrinting = (file: string): readonly string[] => [
  "--mlir-print-op-generic",
  ...(printing(file).debugInfo ? ["--mlir-print-debuginfo"] : []),
  ...(printing(file).localScope ? ["--mlir-print-local-scope"] : []),
];

interface Outcome {
  readonly file: string;
  /** Undefined where the file is as it should be. */
  readonly reason: string | undefined;
}

type Read = { readonly module: Module } | { readonly reason: string };
function readAndVerify(folder: string, file: string): Read {
  try {
    const module = parseModule(read(folder, file), { file, registry, allowUnregisteredDialects: true });
    const [finding] = verifyModule(module, registry);
    return finding === undefined ? { module } : { reason: `verifier: ${finding.code}: ${finding.message}` };
  } catch (error) {
    if (!(error instanceof CompileError)) return { reason: `CRASH: ${String(error).split("\n")[0]}` };
    const [first] = error.diagnostics;
    return { reason: first === undefined ? "no diagnostic" : `parser: ${first.code}: ${first.message}` };
  }
}

/** The first line where two texts differ. */
function firstDifference(actual: string, expected: string): string {
  const [ours, theirs] = [actual.split("\n"), expected.split("\n")];
  const line = ours.findIndex((text, index) => text !== theirs[index]);
  return `line ${line + 1}: ${(ours[line] ?? "").trim().slice(0, 160)} <> ${(theirs[line] ?? "").trim().slice(0, 160)}`;
}

interface Question {
  readonly file: string;
  readonly text: string;
  readonly expected: string;
}
/** Asks upstream about texts, in batches of those that are printed alike. */
function askUpstream(questions: readonly Question[]): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const [, alike] of Map.groupBy(questions, ({ file }) => upstreamPrinting(file).join(" ")))
    for (let start = 0; start < alike.length; start += 64) {
      const batch = alike.slice(start, start + 64);
      const answers = upstreamPrints(
        batch.map(({ text }) => text),
        upstreamPrinting(batch[0]!.file),
      );
      batch.forEach(({ file, expected }, index) => {
        const answer = answers[index]!;
        if (answer.kind === "refused") outcomes.push({ file, reason: `mlir-opt: ${answer.message}` });
        else if (answer.text === expected) outcomes.push({ file, reason: undefined });
        else outcomes.push({ file, reason: `differs: ${firstDifference(answer.text, expected)}` });
      });
    }
  return outcomes;
}

function checkGeneric(): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const different: Question[] = [];
  for (const file of sample("generic")) {
    const result = readAndVerify("generic", file);
    const original = read("generic", file);
    if ("reason" in result) outcomes.push({ file, reason: result.reason });
    else {
      const text = printModule(result.module, registry, printing(file));
      if (text === original) outcomes.push({ file, reason: undefined });
      else different.push({ file, text, expected: original });
    }
  }
  // Upstream prints a few of its own files differently the second time: the original is asked about as well.
  const originals = askUpstream(different.map((question) => ({ ...question, text: question.expected })));
  const stable = new Set(originals.filter(({ reason }) => reason === undefined).map(({ file }) => file));
  const answers = askUpstream(different.filter(({ file }) => stable.has(file)));
  const unstable = different.filter(({ file }) => !stable.has(file));
  const settled = unstable.map(({ file, text, expected }) => {
    const [ours, theirs] = upstreamPrints([text, expected], upstreamPrinting(file));
    const isSame = ours?.kind === "printed" && theirs?.kind === "printed" && ours.text === theirs.text;
    return { file, reason: isSame ? undefined : "upstream reprints the original differently, and not as this" };
  });
  console.log(
    `${outcomes.length - outcomes.filter(({ reason }) => reason).length} printed byte for byte; ${different.length} asked about`,
  );
  for (const { file, text, expected } of values.list ? different : [])
    console.log(`  other bytes: ${file}: ${firstDifference(text, expected)}`);
  return [...outcomes, ...answers, ...settled];
}

function checkPretty(): readonly Outcome[] {
  return sample("pretty").map((file) => {
    const result = readAndVerify("pretty", file);
    if ("reason" in result) return { file, reason: result.reason };
    const [text, expected] = [printModule(result.module, registry, { generic: true }), read("generic", file)];
    return { file, reason: text === expected ? undefined : `differs: ${firstDifference(text, expected)}` };
  });
}

function checkPrettyPrint(): readonly Outcome[] {
  const questions: Question[] = [];
  for (const file of sample("pretty")) {
    const result = readAndVerify("pretty", file);
    if ("reason" in result) continue;
    // A module that was read wrongly says nothing about printing.
    const expected = read("generic", file);
    if (printModule(result.module, registry, { generic: true }) !== expected) continue;
    questions.push({ file, text: printModule(result.module, registry, {}), expected });
  }
  return askUpstream(questions);
}

const checks: Readonly<Record<string, () => readonly Outcome[]>> = {
  generic: checkGeneric,
  pretty: checkPretty,
  print: checkPrettyPrint,
};
const check = checks[positionals[0] ?? ""];
if (check === undefined) {
  console.error(`usage: check-mlir-corpus.ts ${Object.keys(checks).join(" | ")} [--every N] [--match TEXT] [--list]`);
  process.exit(2);
}
const outcomes = check();
const failures = outcomes.filter(({ reason }) => reason !== undefined);
if (values.list) for (const { file, reason } of failures) console.log(`  ${file}: ${reason}`);
else
  for (const [reason, group] of [
    ...Map.groupBy(failures, ({ reason }) => reason!.replaceAll(/[%@"'#!][^ ]*|\d+/g, "…").slice(0, 90)),
  ]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 40))
    console.log(`${String(group.length).padStart(6)}  ${reason}   e.g. ${group[0]!.file}`);
const share = (100 * (outcomes.length - failures.length)) / outcomes.length;
console.log(`${positionals[0]}: ${outcomes.length - failures.length} of ${outcomes.length} (${share.toFixed(2)} %)`);
