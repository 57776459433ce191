import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { registry } from "../ir/dialects/index.ts";
import type { Module } from "../ir/module.ts";
import { parseModule } from "../ir/text/parse.ts";
import { printModule } from "../ir/text/print.ts";
import { verifyModule } from "../ir/verifier.ts";
import { CompileError } from "../support/diagnostic.ts";
import { upstreamPrints } from "./upstream.ts";

/**
 * How the text is held against upstream's own files:
 * - `generic`: parsed, verified and printed; `mlir-opt` reads the result as it reads the original;
 * - `pretty`: the pretty form is parsed to the module that upstream's generic form of it is;
 * - `print`: `mlir-opt` reads our pretty form of those as the same module.
 */
export type CorpusCheck = "generic" | "pretty" | "print";

/** What became of one file. */
export interface CorpusOutcome {
  readonly file: string;
  /** Undefined where the file is as it should be. */
  readonly reason: string | undefined;
}

/** Which files are looked at: every n-th of those whose name holds a text. */
export interface CorpusSample {
  readonly every?: number;
  readonly match?: string | undefined;
}

/** The corpus in the folder of shared data. */
export class MlirCorpus {
  readonly #folder: string;
  readonly #sample: CorpusSample;

  constructor(shared: string, sample: CorpusSample = {}) {
    this.#folder = join(shared, "mlir-corpus");
    this.#sample = sample;
  }

  check(kind: CorpusCheck): readonly CorpusOutcome[] {
    if (kind === "generic") return this.#checkGeneric();
    return kind === "pretty" ? this.#checkPretty() : this.#checkPrint();
  }

  #files(folder: string): readonly string[] {
    const { every = 1, match = "" } = this.#sample;
    return readdirSync(join(this.#folder, folder))
      .filter((file) => file.includes(match))
      .filter((_, index) => index % every === 0);
  }
  #read(folder: string, file: string): string {
    return readFileSync(join(this.#folder, folder, file), "utf8");
  }

  #checkGeneric(): readonly CorpusOutcome[] {
    const outcomes: CorpusOutcome[] = [];
    const different: Question[] = [];
    for (const file of this.#files("generic")) {
      const original = this.#read("generic", file);
      const result = readAndVerify(original, file);
      if ("reason" in result) {
        outcomes.push({ file, reason: result.reason });
        continue;
      }
      const text = printModule(result.module, registry, printing(file));
      if (text === original) outcomes.push({ file, reason: undefined });
      else different.push({ file, text, expected: original });
    }
    // Upstream prints a few of its own files differently the second time, so it is asked about the originals too.
    const originals = upstreamForms(different.map(({ file, expected }) => ({ file, text: expected })));
    return [
      ...outcomes,
      ...askUpstream(
        different.map((question, index) => ({ ...question, expected: originals[index] ?? question.expected })),
      ),
    ];
  }

  #checkPretty(): readonly CorpusOutcome[] {
    return this.#files("pretty").map((file) => {
      const result = readAndVerify(this.#read("pretty", file), file);
      if ("reason" in result) return { file, reason: result.reason };
      const [text, expected] = [printModule(result.module, registry, { generic: true }), this.#read("generic", file)];
      return { file, reason: text === expected ? undefined : firstDifference(text, expected) };
    });
  }

  #checkPrint(): readonly CorpusOutcome[] {
    const questions = this.#files("pretty").flatMap((file): readonly Question[] => {
      const result = readAndVerify(this.#read("pretty", file), file);
      const expected = this.#read("generic", file);
      // A module that was read wrongly says nothing about printing.
      const isRead = "module" in result && printModule(result.module, registry, { generic: true }) === expected;
      return isRead ? [{ file, text: printModule(result.module, registry), expected }] : [];
    });
    return askUpstream(questions);
  }
}

/** How upstream was asked to print a file of the corpus, by its name. */
const printing = (file: string) => {
  const localScope = file.endsWith(".local.mlir");
  return { generic: true, localScope, debugInfo: localScope || file.endsWith(".dbg.mlir") };
};
const upstreamPrinting = (file: string): readonly string[] => [
  "--mlir-print-op-generic",
  ...(printing(file).debugInfo ? ["--mlir-print-debuginfo"] : []),
  ...(printing(file).localScope ? ["--mlir-print-local-scope"] : []),
];

function readAndVerify(text: string, file: string): { readonly module: Module } | { readonly reason: string } {
  try {
    const module = parseModule(text, { file, registry, allowUnregisteredDialects: true });
    const [finding] = verifyModule(module, registry);
    return finding === undefined ? { module } : { reason: `verifier: ${finding.code}: ${finding.message}` };
  } catch (error) {
    if (!(error instanceof CompileError)) return { reason: `crash: ${String(error).split("\n")[0]}` };
    const [first] = error.diagnostics;
    return { reason: first === undefined ? "no diagnostic" : `parser: ${first.code}: ${first.message}` };
  }
}

/** The first line where two texts differ. */
function firstDifference(actual: string, expected: string): string {
  const [ours, theirs] = [actual.split("\n"), expected.split("\n")];
  const found = ours.findIndex((text, index) => text !== theirs[index]);
  const line = found < 0 ? ours.length : found;
  const shown = (text: string | undefined): string => (text ?? "").trim().slice(0, 160);
  return `differs: line ${line + 1}: ${shown(ours[line])} <> ${shown(theirs[line])}`;
}

interface Question {
  readonly file: string;
  readonly text: string;
  readonly expected: string;
}

/** Upstream's generic form of texts; undefined where it refuses one. */
function upstreamForms(
  texts: readonly { readonly file: string; readonly text: string }[],
): readonly (string | undefined)[] {
  const forms = new Map<unknown, string>();
  for (const answer of answers(texts)) if (answer.kind === "printed") forms.set(answer.question, answer.text);
  return texts.map((question) => forms.get(question));
}

/** Whether upstream reads texts as what is expected. */
function askUpstream(questions: readonly Question[]): readonly CorpusOutcome[] {
  return answers(questions).map((answer) => {
    const { file, expected } = answer.question;
    if (answer.kind === "refused")
      return { file, reason: `mlir-opt: ${answer.message.replace(/^<stdin>:\d+:\d+: /, "")}` };
    return { file, reason: answer.text === expected ? undefined : firstDifference(answer.text, expected) };
  });
}

/** Upstream's answers, asked in batches of texts that are printed alike. */
function answers<Q extends { readonly file: string; readonly text: string }>(questions: readonly Q[]) {
  const batchSize = 64;
  return [...Map.groupBy(questions, ({ file }) => upstreamPrinting(file).join(" ")).values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / batchSize) }, (_, index) => {
      const batch = alike.slice(index * batchSize, (index + 1) * batchSize);
      const texts = batch.map(({ text }) => text);
      return upstreamPrints(texts, upstreamPrinting(batch[0]!.file)).map((answer, place) => ({
        ...answer,
        question: batch[place]!,
      }));
    }).flat(),
  );
}
