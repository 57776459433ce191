import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Artifact, Manifest } from "../../backends/artifact.ts";
import { writeArtifactFiles } from "../../backends/write-artifact.ts";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { compilerCommand, type CompilerOptions, floatFlags, languageFlags, runCompiler } from "./compiler.ts";
import type { NativeModelFiles } from "./load.ts";

/** One of many models to be compiled together; the artifacts' prefixes must differ. */
export interface BatchItem {
  /** The caller's own name for it. */
  readonly name: string;
  readonly artifact: Artifact;
}

export interface BatchOptions extends CompilerOptions {
  /** Folder for sources, objects, weights and the library; it stays. */
  readonly folder: string;
  /** Compilers that run at the same time; all cores when absent. */
  readonly jobs?: number;
}

/** Models compiled into one shared library, and those that the compiler refused. */
export interface Batch {
  readonly models: ReadonlyMap<string, NativeModelFiles>;
  readonly failures: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** Small models are many and run once: compiling them fast is worth more than fast code. */
const batchFlags: readonly string[] = ["-O1", "-march=native", ...floatFlags];
/** Sources of one compiler command: enough to make starting it cheap, few enough to share the work evenly. */
const sourcesPerCommand = 12;

const objectOf = (source: string): string => source.replace(/\.c$/, ".o");

/**
 * Compiles many models into one shared library. A model that does not compile is left out and reported.
 * @throws CompileError when there is no compiler, or linking fails; RangeError when two prefixes are equal
 */
export async function buildBatch(items: readonly BatchItem[], options: BatchOptions): Promise<Batch> {
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const prefixes = new Set(items.map(({ artifact }) => artifact.manifest.prefix));
  if (prefixes.size !== items.length) throw new RangeError("models of a batch need different prefixes");
  for (const { artifact } of items) writeArtifactFiles(artifact, folder);
  const compiler = compilerCommand(options);
  const flags = [...(options.flags ?? batchFlags), "-fPIC", "-pipe", "-c"];
  const failures = new Map<string, readonly Diagnostic[]>();

  const compileOne = async (item: BatchItem): Promise<void> => {
    const { manifest } = item.artifact;
    try {
      await runCompiler(compiler, [...languageFlags(manifest), ...flags, ...manifest.sources], folder, item.name);
    } catch (error) {
      if (!(error instanceof CompileError) || error.diagnostics[0]?.code === "native/no-compiler") throw error;
      failures.set(item.name, error.diagnostics);
    }
  };
  const compileChunk = async (chunk: readonly BatchItem[]): Promise<void> => {
    const sources = chunk.flatMap(({ artifact }) => artifact.manifest.sources);
    const language = languageFlags(chunk[0]!.artifact.manifest);
    try {
      await runCompiler(compiler, [...language, ...flags, ...sources], folder, chunk[0]!.name);
    } catch (error) {
      if (error instanceof CompileError && error.diagnostics[0]?.code === "native/no-compiler") throw error;
      // The others of the command are compiled all the same; those without an object are tried alone, for their messages.
      for (const item of chunk)
        if (!objectsOf(item.artifact.manifest).every((object) => existsSync(join(folder, object))))
          await compileOne(item);
    }
  };
  await inParallel(chunksOf(items), options.jobs ?? availableParallelism(), compileChunk);

  const built = items.filter(({ name }) => !failures.has(name));
  const library = join(folder, "batch.so");
  if (built.length > 0) {
    // Thousands of names are more than a command line holds.
    const list = join(folder, "objects.txt");
    writeFileSync(list, built.flatMap(({ artifact }) => objectsOf(artifact.manifest)).join("\n"));
    const openmp = built.some(({ artifact }) => languageFlags(artifact.manifest).includes("-fopenmp"));
    await runCompiler(
      compiler,
      [...(openmp ? ["-fopenmp"] : []), "-shared", "-o", library, `@${list}`, "-lm"],
      folder,
      "batch",
    );
  }
  const models = built.map(({ name, artifact: { manifest } }) => {
    const weights = manifest.weightsFile === undefined ? "" : join(folder, manifest.weightsFile);
    return [name, { library, manifest, weights }] as const;
  });
  return { models: new Map(models), failures };
}

const objectsOf = (manifest: Manifest): readonly string[] => manifest.sources.map(objectOf);

/** Runs of items with the same language flags, cut into pieces. */
function chunksOf(items: readonly BatchItem[]): readonly (readonly BatchItem[])[] {
  const byLanguage = Map.groupBy(items, ({ artifact }) => languageFlags(artifact.manifest).join(" "));
  return [...byLanguage.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / sourcesPerCommand) }, (_, index) =>
      group.slice(index * sourcesPerCommand, (index + 1) * sourcesPerCommand),
    ),
  );
}

/** Does every piece of work, `width` at a time. */
async function inParallel<T>(work: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < work.length) await run(work[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(width, work.length) }, worker));
}
