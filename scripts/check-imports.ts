// Checks that imports go one way: `npm run check:imports`.
import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

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
  "cli",
];

/** One file's imports of other files in the repository, as paths from its root. */
type Imports = ReadonlyMap<string, readonly string[]>;

// A statement starts a line; what stands between the keyword and the path has no quotes, and nothing that an expression has.
const staticImport = /^\s*(?:import|export)\b[^;"'`()=]*?["']([^"']+)["']/gm;
const dynamicImport = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** The files that `text`, the file at `path`, imports; packages are left out, types count like values. */
export function importsOf(path: string, text: string): readonly string[] {
  const specifiers = [staticImport, dynamicImport].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, to]) => to!),
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

/** The groups of files that import each other in circles (strongly connected components, by Tarjan's algorithm). */
export function importCycles(imports: Imports): readonly (readonly string[])[] {
  const indices = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const cycles: (readonly string[])[] = [];
  const visit = (file: string): number => {
    const index = indices.size;
    let low = index;
    indices.set(file, index);
    path.push(file);
    onPath.add(file);
    for (const target of imports.get(file) ?? [])
      if (!indices.has(target)) low = Math.min(low, visit(target));
      else if (onPath.has(target)) low = Math.min(low, indices.get(target)!);
    if (low < index) return low;
    const group = path.splice(path.indexOf(file));
    for (const member of group) onPath.delete(member);
    if (group.length > 1 || imports.get(file)?.includes(file)) cycles.push(group.toSorted());
    return low;
  };
  for (const file of imports.keys()) if (!indices.has(file)) visit(file);
  return cycles;
}

function main(): void {
  const root = posix.normalize(`${import.meta.dirname}/..`);
  const files = globSync("{src,tests,samples,benchmarks,scripts}/**/*.ts", { cwd: root }).toSorted();
  const imports = new Map(files.map((file) => [file, importsOf(file, readFileSync(`${root}/${file}`, "utf8"))]));
  const problems = [
    ...wrongDirections(imports),
    ...importCycles(imports).map((cycle) => `these files import each other in a circle: ${cycle.join(", ")}`),
  ];
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} files, problems with imports: ${problems.length}`);
  if (problems.length > 0) process.exitCode = 1;
}
if (import.meta.main) main();
