/**
 * Writes src/ir/text/upstream-operations.ts: for each operation that mlir-opt registers and this project does not, its inherent
 * attributes and their defaults. Which names may be inherent is read from ODS; which are, and what they default to, is asked of
 * mlir-opt itself.
 *
 *     node scripts/generate-upstream-operations.ts FOLDER
 *
 * FOLDER holds what `llvm-tblgen --dump-json -I <include> <dialect>Ops.td` writes for each dialect, one `.json` file each.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { upstreamTool } from "../src/testing/upstream.ts";

/** Dialects that this project declares itself. */
const ownDialects: ReadonlySet<string> = new Set(
  "affine arith builtin cf func linalg math memref scf tensor tosa vector".split(" "),
);
const segments = ["operandSegmentSizes", "resultSegmentSizes"];

// oxlint-disable-next-line typescript/no-explicit-any -- records of a dump have no fixed shape
type Records = Record<string, any>;
const hasClass = (record: Records | undefined, name: string): boolean =>
  ((record?.["!superclasses"] ?? []) as readonly string[]).includes(name);

/** Names of the attributes and properties that an operation's record declares. */
function declaredNames(records: Records, operation: Records): readonly string[] {
  const names = (operation["arguments"].args as readonly [unknown, string][]).flatMap(([argument, name]) => {
    let record = records[(argument as { def?: string } | null)?.def ?? ""] as Records | undefined;
    if (hasClass(record, "OpVariable")) record = records[record!["constraint"].def];
    return hasClass(record, "Attr") || hasClass(record, "Property") ? [name] : [];
  });
  const traits = (operation["traits"] as readonly { def?: string }[]).map(({ def }) => def);
  if (traits.includes("AttrSizedOperandSegments")) names.push(segments[0]!);
  if (traits.includes("AttrSizedResultSegments")) names.push(segments[1]!);
  return names;
}

function readOperations(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const operations = new Map<string, Set<string>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const records = JSON.parse(readFileSync(join(folder, file), "utf8")) as Records;
    for (const record of Object.values(records) as readonly Records[]) {
      if (!hasClass(record, "Op") || !record["opDialect"]) continue;
      const dialect = records[record["opDialect"].def]["name"] as string;
      if (ownDialects.has(dialect)) continue;
      const name = `${dialect}.${record["opName"]}`;
      const names = operations.get(name) ?? new Set();
      declaredNames(records, record).forEach((declared) => names.add(declared));
      operations.set(name, names);
    }
  }
  return operations;
}

/** What mlir-opt prints for each operation, unverified; undefined where it does not take it. */
function ask(texts: readonly string[]): readonly (string | undefined)[] {
  const marked = texts.map((text, index) => `"marker.begin"() {n = ${index}} : () -> ()\n${text}\n`);
  const options = ["--allow-unregistered-dialect", "--mlir-print-op-generic", "--split-input-file", "--verify-each=0"];
  const run = spawnSync(upstreamTool("mlir-opt"), [...options, "--mlir-very-unsafe-disable-verifier-on-parsing", "-"], {
    input: marked.join("// -----\n"),
    maxBuffer: 2 ** 30,
  });
  const answers = new Map(
    [...run.stdout.toString().matchAll(/"marker.begin"\(\) \{n = (\d+) : i64\} : \(\) -> \(\)\n\s*(.*)\n/g)].map(
      ([, index, line]) => [Number(index), line!] as const,
    ),
  );
  return texts.map((_, index) => answers.get(index));
}

/** The entries of `<{…}>` in a line, by name; undefined where there is none. */
function propertiesOf(line: string | undefined): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const body = /<\{(.*)\}>/.exec(line ?? "")?.[1] ?? "";
  let depth = 0;
  let start = 0;
  const add = (text: string): void => {
    const [, name, value] = /^(\w+)(?: = (.*))?$/s.exec(text.trim()) ?? [];
    if (name !== undefined) entries.set(name, value ?? "unit");
  };
  for (let index = 0; index < body.length; index++) {
    const character = body[index]!;
    if ("<([{".includes(character)) depth++;
    else if (">)]}".includes(character) && body.slice(index - 1, index + 1) !== "->") depth--;
    else if (character === "," && depth === 0) {
      add(body.slice(start, index));
      start = index + 1;
    }
  }
  add(body.slice(start));
  return entries;
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("give the folder that holds the dumps of the dialects' operations");
const operations = [...readOperations(folder)].toSorted(([left], [right]) => (left < right ? -1 : 1));
const questions = operations.flatMap(([name, names]) => [...names].map((attribute) => ({ name, attribute })));
// An attribute is inherent when it comes back as a property, or is refused because a unit is not what it should be.
const taken = ask(questions.map(({ name, attribute }) => `"${name}"() {${attribute}} : () -> ()`));
const inherent = new Map<string, string[]>();
questions.forEach(({ name, attribute }, index) => {
  const line = taken[index];
  if (line !== undefined && !propertiesOf(line).has(attribute)) return;
  // A property that is no attribute is not set by an attribute of its name.
  const isApart = new RegExp(`\\{[^<]*\\b${attribute}\\} :`).test(line?.slice(line.indexOf("}>") + 2) ?? "");
  inherent.set(name, [...(inherent.get(name) ?? []), isApart ? `!${attribute}` : attribute]);
});
const defaults = ask(operations.map(([name]) => `"${name}"() : () -> ()`)).map(propertiesOf);

/** Operations with the same attributes and defaults stand in one line. */
const lines = new Map<string, string[]>();
operations.forEach(([name], index) => {
  const names = inherent.get(name);
  if (names === undefined) return;
  const entries = names.toSorted().map((attribute) => {
    const value = segments.includes(attribute) ? undefined : defaults[index]!.get(attribute.replace("!", ""));
    return value === undefined ? attribute : `${attribute} = ${value}`;
  });
  const key = entries.join("; ");
  lines.set(key, [...(lines.get(key) ?? []), name]);
});
const data = [...lines].map(([entries, names]) => `${names.join(" ")}: ${entries}`).toSorted();
const target = join(import.meta.dirname, "../src/ir/text/upstream-operations.ts");
writeFileSync(
  target,
  `// Written by scripts/generate-upstream-operations.ts from upstream's declarations and mlir-opt's answers. Do not edit.

/** Inherent attributes of operations that upstream registers, those with a default with it: \`op op …: name; name = default\`; \`!name\` is set as a property alone. */
export const upstreamOperations = \`
${data.map((line) => line.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")).join("\n")}
\`;
`,
);
execFileSync("npx", ["prettier", "--write", "--log-level", "warn", target], { stdio: "inherit" });
console.log(`${inherent.size} operations in ${data.length} lines`);
