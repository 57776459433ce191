// Checks that imports go one way: `npm run check:imports`.
import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { alg, Graph } from "@dagrejs/graphlib";

/** The folders of `src/` from the foundation up: a file may import from its own folder and from those before it. */
export const sourceOrder: readonly string[] = [
  "support",
  "ir",
  "interpreter",
  "targets",
  "frontends",
  "passes",
  "backends",
  "runtime",
  "testing",
  "lsp",
  "cli",
];

/** One file's imports of other files in the repository, as paths from its root. */
type Imports = ReadonlyMap<string, readonly string[]>;

// A statement starts a line; what stands between the keyword and the path has no quotes, and nothing that an expression has.
const staticImport = /^\s*(?:import|export)\b[^;"'`()=]*?["']([^"']+)["']/gm;
const typeImport = /^\s*(?:import|export)\s+type\b/;
const dynamicImport = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** The files that `text`, the file at `path`, imports; packages are left out, types count like values unless `valuesOnly`. */
export function importsOf(path: string, text: string, valuesOnly = false): readonly string[] {
  const specifiers = [staticImport, dynamicImport].flatMap((pattern) =>
    [...text.matchAll(pattern)]
      .filter(([statement]) => !(valuesOnly && typeImport.test(statement)))
      .map(([, to]) => to!),
  );
  const local = specifiers.filter((specifier) => specifier.startsWith("."));
  return [...new Set(local.map((specifier) => posix.normalize(posix.join(posix.dirname(path), specifier))))];
}

/** The imports that go against the order, one sentence each. */
export function wrongDirections(imports: Imports): readonly string[] {
  const problems: string[] = [];
  for (const [file, targets] of imports) {
    if (!file.startsWith("src/")) continue;
    const rank = rankOf(file);
    if (rank < 0) problems.push(`${file} is in no folder that has a place in the order`);
    for (const target of targets)
      if (!target.startsWith("src/")) problems.push(`${file} imports ${target}, which is outside src`);
      else if (rankOf(target) > rank) problems.push(`${file} imports ${target}, which is above it`);
  }
  return problems;
}
const rankOf = (file: string): number => sourceOrder.indexOf(file.split("/")[1]!);

/** The groups of files that import each other in circles. */
export function importCycles(imports: Imports): readonly (readonly string[])[] {
  const graph = new Graph();
  for (const [file, targets] of imports) for (const target of targets) graph.setEdge(file, target);
  return alg.findCycles(graph).map((cycle) => cycle.toSorted());
}

function main(): void {
  const root = posix.normalize(`${import.meta.dirname}/..`);
  const files = globSync("{src,tests,samples,benchmarks,scripts}/**/*.ts", { cwd: root }).toSorted();
  const imports = new Map(files.map((file) => [file, importsOf(file, readFileSync(`${root}/${file}`, "utf8"))]));
  // A circle of types alone is none when the program runs.
  const values = new Map(files.map((file) => [file, importsOf(file, readFileSync(`${root}/${file}`, "utf8"), true)]));
  const problems = [
    ...wrongDirections(imports),
    ...importCycles(values).map((cycle) => `these files import each other in a circle: ${cycle.join(", ")}`),
  ];
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} files, problems with imports: ${problems.length}`);
  if (problems.length > 0) process.exitCode = 1;
}
if (import.meta.main) main();
